"""Measure retrieval from one database of many sites, whose sizes follow Zipf's law, with filters and without.

100,000 chunks over 200 sites (`--million`: 1,000,000; `--chunks`: any number). Each question goes to one of the sites,
the large ones as often as the small ones, and to the bare limit, in turns: one exact statement by vectors and one by
words. The embedding is no part of either. A site that is large enough has an index of its own, as a worker makes it.
Recall is the share of the exact 60 best of the site that are among the candidates, by vectors or by words, whichever
is less; for sites of their own index, and for the others.
"""

from __future__ import annotations

import random
import sys
import time
from collections.abc import Sequence
from functools import partial
from statistics import median, quantiles

import figures
import resident
from figures import Figure
from large_site import Cost, build
from searched_site import FILTERS, SearchedSite, World, bare_search, opened
from zipf_site import Asked

from rag_ask.indexing.postings import LARGE_SITE

CHUNKS, MILLION, SITES = 100_000, 1_000_000, 200
QUICK_CHUNKS, QUICK_SITES = 600, 6
QUESTIONS, QUICK_QUESTIONS, WARM = 300, 40, 20
# Of each site.
MADE = 20
ALONE, RECALLED = 100, 30
MOST_MS = {CHUNKS: 25.0, MILLION: 40.0}
SIZE = """
SELECT sum(pg_total_relation_size(oid)) / 1e6 FROM pg_class
WHERE relkind = 'r' AND (relname ~ '^chunks_[0-9]+$' OR relname IN ('documents', 'term_counts'))
"""

Question = tuple[SearchedSite, Asked]


def sizes(chunks: int, sites: int) -> list[int]:
    """The largest first; together about so many chunks."""
    whole = sum(1 / rank for rank in range(1, sites + 1))
    return [max(10, round(chunks / rank / whole)) for rank in range(1, sites + 1)]


def measure(chunks: int, sites: int, count: int) -> list[Figure]:
    figure = partial(Figure, "sites", case=f"{chunks:,} chunks, {sites} sites")
    with opened() as world:
        made, stored = filled(world, sizes(chunks, sites))
        large = [site.site_id for site in made if site.size >= LARGE_SITE]
        built = build(world, large) if large else {}
        figures.progress(f"{len(large)} sites have an index of their own")
        asked = questions(made, WARM + count)
        ours, bare = (times[WARM:] for times in in_turns(world, asked))
        groups = grouped(made)
        spent = {name: processor_ms(world, questions(sites, ALONE)) for name, sites in groups.items()}
        recalls = recall_by_group(groups)
        costs = stored | built | {"resident memory of Postgres": (resident.mb(world.server), "MB")}
    p95 = quantiles(ours, n=20)[-1]
    return [
        figure("retrieve from one of many sites, p95", p95, "ms", MOST_MS.get(chunks)),
        figure("retrieve from one of many sites, p50", median(ours), "ms"),
        figure("the same against the bare limit, p95", p95 / quantiles(bare, n=20)[-1], "x"),
        figure("the same against the bare limit, p50", median(ours) / median(bare), "x"),
        *(figure(f"processor time of a question, {name}", one, "ms") for name, one in spent.items()),
        *(figure(f"recall@60 in one of many sites, {name}", one, "", 0.97, True) for name, one in recalls.items()),
        *(figure(name, value, unit) for name, (value, unit) in costs.items()),
    ]


def filled(world: World, wanted: Sequence[int]) -> tuple[list[SearchedSite], Cost]:
    """The sites, and what storing them cost."""
    started, made = time.perf_counter(), []
    for rank, size in enumerate(wanted, 1):
        made.append(SearchedSite(world, f"site-{rank}", size, MADE))
        if rank in (1, 2) or rank % 20 == 0:
            figures.progress(f"{rank} of {len(wanted)} sites after {time.perf_counter() - started:.0f} s")
    world.owner.execute("ANALYZE")
    (found,) = world.owner.execute(SIZE).fetchall()
    return made, {"filling the tables": (time.perf_counter() - started, "s"), "the tables": (float(found[0]), "MB")}


def questions(made: Sequence[SearchedSite], count: int) -> list[Question]:
    chance = random.Random(3)  # noqa: S311  no secret
    return [(site, chance.choice(site.questions)) for site in chance.choices(made, k=count)]


def in_turns(world: World, asked: Sequence[Question]) -> tuple[list[float], list[float]]:
    """Milliseconds of each question: ours, and the bare limit's."""
    ours, bare = [], []
    for site, question in asked:
        # Its vector is kept, as of a question that is asked again.
        vector = world.embedders.embed_question(world.embedders.own, question.text)
        ours.append(ms(partial(site.retrieve, question)))
        bare.append(ms(partial(bare_search, world.owner, site.site_id, question.text, vector)))
    return ours, bare


def processor_ms(world: World, asked: Sequence[Question]) -> float:
    """Of a question, here and in Postgres."""
    for _, question in asked:
        world.embedders.embed_question(world.embedders.own, question.text)
    before = time.process_time() + resident.processor_s(world.server)
    for site, question in asked:
        site.retrieve(question)
    return 1000 * (time.process_time() + resident.processor_s(world.server) - before) / len(asked)


def grouped(made: Sequence[SearchedSite]) -> dict[str, list[SearchedSite]]:
    groups = {
        "of its own index": [site for site in made if site.size >= LARGE_SITE],
        "searched exactly": [site for site in made if site.size < LARGE_SITE],
    }
    return {name: sites for name, sites in groups.items() if sites}


def recall_by_group(groups: dict[str, list[SearchedSite]]) -> dict[str, float]:
    return {
        f"{group}, {name}": recall(questions(sites, RECALLED), name)
        for group, sites in groups.items()
        for name in FILTERS
    }


def recall(asked: Sequence[Question], name: str) -> float:
    found = [site.recall(question, FILTERS[name]) for site, question in asked]
    return min(sum(kind) / len(kind) for kind in zip(*found, strict=True))


def ms(call: partial[None]) -> float:
    started = time.perf_counter()
    call()
    return 1000 * (time.perf_counter() - started)


def main() -> int:
    parser = figures.parser(__doc__)
    parser.add_argument("--million", action="store_true", help="1,000,000 chunks")
    parser.add_argument("--chunks", type=int, default=CHUNKS, metavar="NUMBER", help="so many chunks instead")
    chosen = parser.parse_args()
    size = (QUICK_CHUNKS, QUICK_SITES, QUICK_QUESTIONS) if chosen.quick else (chosen.chunks, SITES, QUESTIONS)
    return figures.show(measure(MILLION if chosen.million else size[0], *size[1:]), chosen)


if __name__ == "__main__":
    sys.exit(main())
