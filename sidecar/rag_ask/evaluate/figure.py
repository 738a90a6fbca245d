"""Figure: a report and its replies -> one SVG, written by hand so that no drawing library is needed. Pure."""

from __future__ import annotations

from collections.abc import Sequence
from html import escape

from rag_ask.evaluate.report import CONTEXT_SIZES, Report
from rag_ask.evaluate.run import Reply

WIDTH, HEIGHT = 940, 450
LEFT, TOP, PANEL, LOW = 60, 60, 360, 320
COLOURS = ("#0b6e99", "#c2410c", "#4d7c0f", "#7e22ce", "#a16207")
STYLE = "text{font:13px system-ui,sans-serif;fill:#222}.title{font-weight:600;font-size:15px}.small{font-size:11px}"


def figure(found: Report, replies: Sequence[Reply]) -> str:
    """Left: recall by context size. Right, when both kinds were asked: what each threshold would do."""
    parts = [*_axes(LEFT, "Share of the gold found", "characters of context"), *_recall(found)]
    if found.abstention:
        second = LEFT + PANEL + 110
        threshold = found.abstention.threshold
        parts += [*_axes(second, "When to answer", "threshold"), *_thresholds(threshold, replies, second)]
    body = "\n".join(parts)
    return (
        f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {WIDTH} {HEIGHT}" width="{WIDTH}" height="{HEIGHT}">\n'
        f'<style>{STYLE}</style>\n<rect width="100%" height="100%" fill="#fff"/>\n{body}\n</svg>\n'
    )


def _axes(left: int, title: str, below: str) -> list[str]:
    parts = [_text(left, TOP - 24, title, "title"), _text(left + PANEL / 2, LOW + 40, below, "small", "middle")]
    for step in range(6):
        y = _y(step / 5)
        parts.append(f'<path d="M{left} {y:.1f}h{PANEL}" stroke="#ddd"/>')
        parts.append(_text(left - 8, y + 4, f"{step / 5:.1f}", "small", "end"))
    return parts


def _recall(found: Report) -> list[str]:
    parts = []
    places = [LEFT + PANEL * (index + 0.5) / len(CONTEXT_SIZES) for index in range(len(CONTEXT_SIZES))]
    parts += [_text(x, LOW + 20, str(size), "small", "middle") for x, size in zip(places, CONTEXT_SIZES, strict=True)]
    for index, (name, sizes) in enumerate(found.quality.items()):
        colour = COLOURS[index % len(COLOURS)]
        points = [(x, _y(sizes[size].recall)) for x, size in zip(places, CONTEXT_SIZES, strict=True)]
        parts.append(_line(points, colour))
        parts += [f'<circle cx="{x:.1f}" cy="{y:.1f}" r="4" fill="{colour}"/>' for x, y in points]
        parts.append(_legend(LEFT, index, name, colour))
    return parts


def _thresholds(threshold: float, replies: Sequence[Reply], left: int) -> list[str]:
    own = [reply.confidence for reply in replies if reply.question.answerable]
    others = [reply.confidence for reply in replies if not reply.question.answerable]
    steps = [step / 50 for step in range(51)]
    answered = [(left + PANEL * t, _y(sum(value >= t for value in own) / len(own))) for t in steps]
    silent = [(left + PANEL * t, _y(sum(value < t for value in others) / len(others))) for t in steps]
    x = left + PANEL * threshold
    return [
        *(_text(left + PANEL * t, LOW + 20, f"{t:.1f}", "small", "middle") for t in (0, 0.2, 0.4, 0.6, 0.8, 1)),
        f'<path d="M{x:.1f} {TOP}V{LOW}" stroke="#222" stroke-dasharray="4 4"/>',
        _text(x + 6, LOW - 12, f"in use: {threshold:.2f}", "small"),
        _line(answered, COLOURS[0]),
        _line(silent, COLOURS[1]),
        _legend(left, 0, "answerable questions answered", COLOURS[0]),
        _legend(left, 1, "others not answered", COLOURS[1]),
    ]


def _y(share: float) -> float:
    return LOW - (LOW - TOP) * share


def _line(points: Sequence[tuple[float, float]], colour: str) -> str:
    path = "L".join(f"{x:.1f} {y:.1f}" for x, y in points)
    return f'<path d="M{path}" fill="none" stroke="{colour}" stroke-width="2"/>'


def _legend(left: int, index: int, name: str, colour: str) -> str:
    x, y = left, LOW + 66 + 18 * index
    return f'<path d="M{x} {y}h18" stroke="{colour}" stroke-width="3"/>{_text(x + 26, y + 4, name, "small")}'


def _text(x: float, y: float, text: str, kind: str, anchor: str = "start") -> str:
    return f'<text x="{x:.1f}" y="{y:.1f}" class="{kind}" text-anchor="{anchor}">{escape(text)}</text>'
