"""Measure retrieval from one database of many sites, whose sizes follow Zipf's law, with filters and without.

100,000 chunks over 200 sites (`--million`: 1,000,000, which takes hours to make). Each question goes to one of the
sites, the large ones as often as the small ones. A site that is large enough has an index of its own, as a worker makes
it. Recall is the share of the exact 60 best of the site that are among the candidates.
"""

from __future__ import annotations

import os
import random
import sys
import time
from functools import partial
from statistics import median, quantiles

import figures
from figures import Figure
from fresh_postgres import SECRET, fresh_postgres
from speed import FILTERS, Bench, opened

from rag_ask.providers.embedders import Embedders
from rag_ask.settings import Settings

CHUNKS, MILLION, SITES = 100_000, 1_000_000, 200
QUICK_CHUNKS, QUICK_SITES = 600, 6
QUESTIONS, QUICK_QUESTIONS, WARM = 300, 40, 20
RECALLED = 60
MOST_MS = {CHUNKS: 25.0, MILLION: 40.0}


def sizes(chunks: int, sites: int) -> list[int]:
    """The largest first; together about so many chunks."""
    whole = sum(1 / rank for rank in range(1, sites + 1))
    return [max(10, round(chunks / rank / whole)) for rank in range(1, sites + 1)]


def measure(chunks: int, sites: int, count: int) -> list[Figure]:
    chance = random.Random(3)  # noqa: S311  no secret
    with fresh_postgres() as url:
        settings = Settings(url, SECRET, models_dir=os.environ.get("RAG_ASK_MODELS_DIR", ""), min_score=0, sure_score=0)
        with opened(settings) as (database, owner):
            owner.execute("INSERT INTO active_embedder (embedder) VALUES (%s)", (Embedders(settings).own.name,))
            made = []
            for rank, size in enumerate(sizes(chunks, sites), 1):
                made.append(Bench(settings, database, owner, size, f"site-{rank}"))
                if rank in (1, 2) or rank % 20 == 0:
                    figures.progress(f"{rank} of {sites} sites")
            asked = [chance.choice(made) for _ in range(WARM + count)]
            took = [retrieve_ms(bench, chance) for bench in asked][WARM:]
            recalled = {name: recall(asked[:RECALLED], name, chance) for name in FILTERS}
    figure = partial(Figure, "sites", case=f"{chunks:,} chunks, {sites} sites")
    return [
        figure("retrieve from one of many sites, p95", quantiles(took, n=20)[-1], "ms", MOST_MS.get(chunks)),
        figure("retrieve from one of many sites, p50", median(took), "ms"),
        *(figure(f"recall@60 in one of many sites, {name}", found, "", 0.97, True) for name, found in recalled.items()),
    ]


def retrieve_ms(bench: Bench, chance: random.Random) -> float:
    asked = chance.choice(bench.questions)
    # Its vector is kept, as of a question that is asked again: the embedding is no part of this.
    bench.embedders.embed_question(bench.embedders.own, asked.text)
    started = time.perf_counter()
    bench.retrieve(asked)
    return 1000 * (time.perf_counter() - started)


def recall(asked: list[Bench], name: str, chance: random.Random) -> float:
    """By vectors or by words, whichever is less."""
    found = [bench.recall(chance.choice(bench.questions), FILTERS[name]) for bench in asked]
    return min(sum(kind) / len(kind) for kind in zip(*found, strict=True))


def main() -> int:
    parser = figures.parser(__doc__)
    parser.add_argument("--million", action="store_true", help="1,000,000 chunks")
    chosen = parser.parse_args()
    size = (QUICK_CHUNKS, QUICK_SITES, QUICK_QUESTIONS) if chosen.quick else (CHUNKS, SITES, QUESTIONS)
    return figures.show(measure(MILLION if chosen.million else size[0], *size[1:]), chosen)


if __name__ == "__main__":
    sys.exit(main())
