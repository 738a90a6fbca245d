"""Measure retrieval against the bare limit, on made-up sites of several sizes, in one run.

The bare limit is one open connection: the question's embedding, one exact statement by vectors and one by words, no
row-level security, no fuzzy match, no texts. Both answer each question in turns, so that what else the machine does
meets both. Recall is the share of the exact 60 best that are among the candidates. `--quick` measures small sites, in
less than three minutes, and never fails; `--large` adds 100,000 chunks.
"""

from __future__ import annotations

import sys
import time
from collections.abc import Callable
from pathlib import Path
from statistics import median, quantiles
from typing import Any

import figures
from figures import Figure
from large_site import build
from searched_site import FILTERS, SearchedSite, World, bare, opened
from throughput import throughput
from zipf_site import Asked

from rag_ask.indexing.postings import LARGE_SITE

SIZES, QUICK, LARGE = (100, 2_000, 20_000), (100, 2_000), 100_000
QUESTIONS, WARM = 120, 20
# Figure of a row -> what it is, its target, and whether it must be at least that.
TARGETS = {
    "ratio": ("retrieve against the bare limit", 1.3, False),
    "recall": ("recall@60 against exact search", 0.97, True),
    "throughput": ("`/v1/search` at 16 clients against the bare limit", 0.8, True),
    "answer": ("an answer without a model against retrieve", 1.5, False),
}
LARGE_P95_MS = 25.0

Row = dict[str, Any]


def interleaved(calls: dict[str, Callable[[Asked], None]], questions: list[Asked]) -> dict[str, list[float]]:
    """Milliseconds of each call for each question, in turns."""
    took: dict[str, list[float]] = {name: [] for name in calls}
    for number, asked in enumerate(questions):
        for name, call in list(calls.items())[:: 1 if number % 2 else -1]:
            # Nobody is to find the question's vector kept by the one before.
            suffix = Asked(f"{asked.text} {'?' * (1 + list(calls).index(name))}", asked.vector)
            started = time.perf_counter()
            call(suffix)
            took[name].append(1000 * (time.perf_counter() - started))
    return {name: times[WARM:] for name, times in took.items()}


def measure(world: World, size: int, rounds: int) -> Row:
    site = SearchedSite(world, f"site-{size}", size, QUESTIONS + WARM)
    world.owner.execute("ANALYZE")
    calls = {"retrieve": site.retrieve, "bare": site.bare, "answer": site.answer}
    row: Row = {"chunks": size, "built": build(world, [site.site_id]) if size >= LARGE_SITE else {}}
    took = interleaved(calls, site.questions)
    for name, times in took.items():
        row |= {f"{name} p50": median(times), f"{name} p95": quantiles(times, n=20)[-1]}
    row["ratio"] = row["retrieve p50"] / row["bare p50"]
    row["answer"] = row["answer p50"] / row["retrieve p50"]
    for name, wanted in FILTERS.items():
        recalls = [site.recall(asked, wanted) for asked in site.questions[:: QUESTIONS // 30]]
        row[f"recall, {name}"] = tuple(sum(kind) / len(recalls) for kind in zip(*recalls, strict=True))
    row["recall"] = min(min(row[f"recall, {name}"]) for name in FILTERS)
    texts = [asked.text for asked in site.questions]
    row["throughput"] = throughput(world.settings, world.database, site.site_id, texts, bare, rounds)
    return row


def figures_of(row: Row) -> list[Figure]:
    """A site's figures."""
    case = f"{row['chunks']:,} chunks"
    found = []
    for name, (what, target, is_least) in TARGETS.items():
        unit = "" if name == "recall" else "x"
        found.append(Figure("speed", what, row[name], unit, target, is_least, case))
    for name in ("retrieve", "bare"):
        for share in ("p50", "p95"):
            is_bound = row["chunks"] >= LARGE and (name, share) == ("retrieve", "p95")
            target = LARGE_P95_MS if is_bound else None
            found.append(Figure("speed", f"{name} {share}", row[f"{name} {share}"], "ms", target, False, case))
    for name, (value, unit) in row["built"].items():
        found.append(Figure("speed", name, value, unit, case=case))
    return found


def details(row: Row) -> str:
    recalls = (f"{name} {row[f'recall, {name}'][0]:.3f} / {row[f'recall, {name}'][1]:.3f}" for name in FILTERS)
    return f"{row['chunks']:,} chunks, recall@60 by vectors / by words: {'   '.join(recalls)}"


def plot(rows: list[Row], path: Path) -> None:
    from matplotlib.figure import Figure

    figure = Figure(figsize=(6, 4), layout="constrained")
    axes = figure.subplots()
    axes.set(xscale="log", yscale="log", xlabel="chunks of the site", ylabel="ms")
    for name in ("retrieve", "bare"):
        for figure_name, style in (("p50", "o-"), ("p95", "o:")):
            times = [row[f"{name} {figure_name}"] for row in rows]
            axes.plot([row["chunks"] for row in rows], times, style, label=f"{name} {figure_name}")
    axes.legend()
    figure.savefig(path, format="svg", metadata={"Date": None})


def main() -> int:
    parser = figures.parser(__doc__)
    parser.add_argument("--large", action="store_true", help="100,000 chunks too")
    parser.add_argument("--sizes", default="", help="other sizes, with commas")
    parser.add_argument("--plot", type=Path, metavar="FILE", help="draw times against sizes into this SVG file")
    chosen = parser.parse_args()
    sizes = [*map(int, chosen.sizes.split(","))] if chosen.sizes else list(QUICK if chosen.quick else SIZES)
    sizes += [LARGE] if chosen.large else []
    rows = []
    with opened() as world:
        for size in sizes:
            rows.append(measure(world, size, 1 if chosen.quick else 5))
            figures.progress(details(rows[-1]))
    if chosen.plot:
        plot(rows, chosen.plot)
    return figures.show([figure for row in rows for figure in figures_of(row)], chosen)


if __name__ == "__main__":
    sys.exit(main())
