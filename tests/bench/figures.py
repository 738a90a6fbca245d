"""Figures: what a bench has measured, beside what it must reach. All benches print and write them in this form."""

from __future__ import annotations

import json
import os
import sys
from argparse import ArgumentParser, Namespace, RawDescriptionHelpFormatter
from collections.abc import Callable, Iterable
from dataclasses import asdict, dataclass
from pathlib import Path

HOLDS, SHORT, NO_TARGET = "holds", "FALLS SHORT", ""


@dataclass(frozen=True)
class Figure:
    """One measured figure.

    name: what was measured; figures of one name differ by their case ("2,000 chunks"). target: None for a figure that
    is only printed. is_least: the target is the least that must be reached, not the most that may be. bench: the name
    under which `scripts/bench` measures it again.
    """

    bench: str
    name: str
    figure: float
    unit: str = ""
    target: float | None = None
    is_least: bool = False
    case: str = ""

    @property
    def holds(self) -> bool:
        """Whether it reaches its target, as the table shows both."""
        if self.target is None:
            return True
        return self.figure >= self.target if self.is_least else self.figure <= self.target

    @property
    def verdict(self) -> str:
        if self.target is None:
            return NO_TARGET
        return HOLDS if self.holds else SHORT

    @property
    def target_text(self) -> str:
        if self.target is None:
            return ""
        return with_unit(f"{'>=' if self.is_least else '<='} {number(self.target)}", self.unit)


def number(value: float) -> str:
    """Three digits are enough: 0.973, 12.4, 1,234."""
    if value == int(value) or abs(value) >= 100:
        return f"{value:,.0f}"
    return f"{value:.3g}"


def with_unit(text: str, unit: str) -> str:
    return f"{text}{'' if unit in ('', '%', 'x') else ' '}{unit}"


def line(found: Figure) -> str:
    """One line of the printed table."""
    name = f"{found.name}, {found.case}" if found.case else found.name
    return (
        f"{name:66} {with_unit(number(found.figure), found.unit):>12}  {found.target_text:12} {found.verdict}".rstrip()
    )


def write(path: Path, found: Iterable[Figure]) -> None:
    path.write_text(json.dumps([asdict(one) for one in found], indent=1) + "\n", encoding="utf-8")


def read(path: Path) -> list[Figure]:
    return [Figure(**one) for one in json.loads(path.read_text(encoding="utf-8"))]


def described(doc: str | None) -> ArgumentParser:
    """For a bench that takes no arguments but its own."""
    made = ArgumentParser(description=doc, formatter_class=RawDescriptionHelpFormatter)
    made.prog = f"scripts/bench {Path(sys.argv[0]).stem.replace('_', '-')}"
    return made


def parser(doc: str | None) -> ArgumentParser:
    """The arguments that every bench with figures takes."""
    made = described(doc)
    made.add_argument("--quick", action="store_true", help="small sizes; falling short is no failure")
    made.add_argument("--json", type=Path, metavar="FILE", help="write the figures too")
    return made


def show(found: list[Figure], chosen: Namespace) -> int:
    """Print and write the figures of one bench; the exit code is 1 when one falls short, unless it was quick."""
    print()
    for one in found:
        print(line(one))
    if chosen.json:
        write(chosen.json, found)
    return int(not chosen.quick and not all(one.holds for one in found))


def run(doc: str | None, measure: Callable[[bool], list[Figure]]) -> None:
    """A bench without arguments of its own. measure: takes whether it shall be quick."""
    chosen = parser(doc).parse_args()
    sys.exit(show(measure(chosen.quick), chosen))


def progress(text: str) -> None:
    """What a bench is at; figures go to stdout, so that they can be kept alone."""
    print(text, file=sys.stderr, flush=True)


def two_cores() -> None:
    """Keep this process and those that it starts on two cores, so that machines can be compared."""
    if hasattr(os, "sched_setaffinity"):
        os.sched_setaffinity(0, sorted(os.sched_getaffinity(0))[:2])
