"""Chart: all figures with a target -> one SVG file that shows how far each is from it."""

from __future__ import annotations

from pathlib import Path

from figures import Figure, number, with_unit

HOLDS, SHORT = "tab:green", "tab:red"


def share(found: Figure) -> float:
    """How much of its target a figure needs: up to 1 it holds, whichever way the target points."""
    assert found.target is not None
    # A count that must be 0, and a figure that is.
    need = (found.target, found.figure) if found.is_least else (found.figure, found.target)
    return (need[0] or 0.01) / (need[1] or 0.01)


def draw(found: list[Figure], path: Path) -> None:
    """A bar a figure; the line is the target."""
    from matplotlib.figure import Figure as Drawing

    shown = [one for one in reversed(found) if one.target is not None]
    drawing = Drawing(figsize=(10, 1 + 0.28 * len(shown)), layout="constrained")
    axes = drawing.subplots()
    names = [f"{one.name}, {one.case}" if one.case else one.name for one in shown]
    bars = axes.barh(
        range(len(shown)), [share(one) for one in shown], color=[HOLDS if one.holds else SHORT for one in shown]
    )
    axes.set_yticks(range(len(shown)), names, fontsize=7)
    axes.bar_label(bars, [with_unit(number(one.figure), one.unit) for one in shown], fontsize=7, padding=2)
    axes.axvline(1, color="black", linewidth=1)
    axes.set(xscale="log", xlabel="share of what the target allows; right of the line a figure falls short")
    drawing.savefig(path, format="svg", metadata={"Date": None})
