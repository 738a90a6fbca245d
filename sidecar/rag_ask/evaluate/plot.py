"""Plot: a report and its replies -> an SVG file, drawn by matplotlib (the extra `rag-ask[plot]`)."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

from rag_ask.errors import BadRequest
from rag_ask.evaluate.report import CONTEXT_SIZES, Report
from rag_ask.evaluate.run import Reply


def plot(path: Path, found: Report, replies: Sequence[Reply]) -> None:
    """Left: recall by context size. Right, when both kinds were asked: what each threshold would do.

    Raises BadRequest when matplotlib is not installed.
    """
    try:
        from matplotlib.figure import Figure
    except ImportError as error:
        raise BadRequest("plot_missing", "--plot needs matplotlib. Install: pip install 'rag-ask[plot]'") from error
    figure = Figure(figsize=(10, 4.5), layout="constrained")
    recall, *others = figure.subplots(1, 2 if found.abstention else 1, squeeze=False)[0]
    recall.set(title="Share of the gold found", xlabel="characters of context", ylim=(0, 1.02))
    for name, sizes in found.quality.items():
        recall.plot(
            [str(size) for size in CONTEXT_SIZES], [sizes[size].recall for size in CONTEXT_SIZES], "o-", label=name
        )
    recall.legend()
    if found.abstention:
        (abstain,) = others
        thresholds = [step / 50 for step in range(51)]
        own = [reply.confidence for reply in replies if reply.question.answerable]
        foreign = [reply.confidence for reply in replies if not reply.question.answerable]
        abstain.set(title="When to answer", xlabel="threshold", ylim=(0, 1.02))
        answered = [sum(value >= least for value in own) / len(own) for least in thresholds]
        abstained = [sum(value < least for value in foreign) / len(foreign) for least in thresholds]
        abstain.plot(thresholds, answered, label="answerable questions answered")
        abstain.plot(thresholds, abstained, label="others not answered")
        abstain.axvline(found.abstention.threshold, color="black", linestyle=":", label="in use")
        abstain.legend()
    figure.savefig(path, format="svg", metadata={"Date": None})
