"""Report: replies -> figures, as a table for people and as JSON."""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass
from statistics import fmean, quantiles
from typing import Any

from rich.console import Console
from rich.table import Table

from rag_ask.evaluate.dataset import Dataset
from rag_ask.evaluate.measure import Found, area, best_threshold, measure
from rag_ask.evaluate.run import Reply, Spent

CONTEXT_SIZES = (500, 1500, 4000)


@dataclass(frozen=True)
class Abstention:
    """How well silence is chosen. Of what was not answered, `precision` had no answer; of what has none, `recall`
    was not answered. `answered`: share of the answerable questions. auc: whatever the threshold. best_*: the threshold
    that treats the worse treated kind best, and what it does."""

    threshold: float
    answered: float
    precision: float
    recall: float
    auc: float
    best_threshold: float
    best_answered: float
    best_abstained: float


@dataclass(frozen=True)
class Report:
    """quality: dataset -> context size -> means over its answerable questions. latency in milliseconds."""

    questions: dict[str, int]
    quality: dict[str, dict[int, Found]]
    abstention: Abstention | None
    p50_ms: float
    p95_ms: float

    def as_json(self) -> dict[str, Any]:
        """The report as JSON can hold it."""
        return asdict(self)


def report(datasets: Sequence[Dataset], replies: Sequence[Reply], min_score: float | None) -> Report:
    """Measure the replies. min_score: of the settings; it wins over the embedder's threshold."""
    texts = {dataset.name: {page.id: page.text for page in dataset.documents} for dataset in datasets}
    quality, questions = {}, {}
    for name in texts:
        answerable = [reply for reply in replies if reply.dataset == name and reply.question.answerable]
        if answerable:
            quality[name] = {size: _mean(answerable, texts[name], size) for size in CONTEXT_SIZES}
            questions[name] = len(answerable)
    milliseconds = [1000 * reply.seconds for reply in replies]
    cuts = quantiles(milliseconds, n=20) if len(milliseconds) > 1 else milliseconds * 19
    return Report(questions, quality, _abstention(replies, min_score), cuts[9], cuts[18])


def _mean(replies: Sequence[Reply], texts: Mapping[str, str], size: int) -> Found:
    found = [measure(reply.question, reply.shown, texts, size) for reply in replies]
    return Found(*(fmean(getattr(one, name) for one in found) for name in Found.__dataclass_fields__))


def _abstention(replies: Sequence[Reply], min_score: float | None) -> Abstention | None:
    own = [reply.confidence for reply in replies if reply.question.answerable]
    others = [reply.confidence for reply in replies if not reply.question.answerable]
    if not own or not others:
        return None
    threshold = replies[0].thresholds.min_score if min_score is None else min_score
    silent = sum(value < threshold for value in others)
    all_silent = silent + sum(value < threshold for value in own)
    best = best_threshold(own, others)
    return Abstention(
        threshold=threshold,
        answered=sum(value >= threshold for value in own) / len(own),
        precision=silent / all_silent if all_silent else math.nan,
        recall=silent / len(others),
        auc=area(own, others),
        best_threshold=best,
        best_answered=sum(value >= best for value in own) / len(own),
        best_abstained=sum(value < best for value in others) / len(others),
    )


def print_report(console: Console, found: Report) -> None:
    """Print the figures."""
    table = Table("dataset", "questions", "context", "recall", "hit", "nDCG", "MRR")
    for name, sizes in found.quality.items():
        for size, mean in sizes.items():
            first = size == CONTEXT_SIZES[0]
            figures = (f"{value:.3f}" for value in (mean.recall, mean.hit, mean.ndcg, mean.mrr))
            table.add_row(name if first else "", str(found.questions[name]) if first else "", str(size), *figures)
    console.print(table)
    if silence := found.abstention:
        console.print(
            f"threshold {silence.threshold:.2f}: answerable questions answered {silence.answered:.3f}; "
            f"abstention precision {silence.precision:.3f}, recall {silence.recall:.3f}; AUC {silence.auc:.4f}; "
            f"best threshold here {silence.best_threshold:.2f}"
        )
    console.print(f"latency p50 {found.p50_ms:.1f} ms, p95 {found.p95_ms:.1f} ms, embedding the question included")


def print_variants(console: Console, variants: Mapping[str, Report], spent: Mapping[str, Spent] | None = None) -> None:
    """Print a Markdown table: what each variant finds, its time, and on demand what its models took."""
    names = list(next(iter(variants.values())).quality)
    headings = [f"{name} {figure}" for name in names for figure in ("recall@4000", "hit@1500", "nDCG@4000")]
    headings += ["AUC", "p50 ms", *(["model tokens", "USD"] if spent else [])]
    rows = [["", *headings], ["---"] * (len(headings) + 1)]
    for variant, found in variants.items():
        figures = []
        for name in names:
            small, large = found.quality[name][1500], found.quality[name][4000]
            figures += [f"{value:.3f}" for value in (large.recall, small.hit, large.ndcg)]
        auc = f"{found.abstention.auc:.4f}" if found.abstention else ""
        cost = [str(spent[variant].tokens), f"{spent[variant].usd:.4f}"] if spent else []
        rows.append([variant, *figures, auc, f"{found.p50_ms:.1f}", *cost])
    for row in rows:
        console.print(f"| {' | '.join(row)} |", markup=False, soft_wrap=True)
