"""README's performance section: the figures with a target, a line for each thing measured, between two markers."""

from __future__ import annotations

from pathlib import Path

from figures import NO_TARGET, SHORT, Figure, number, with_unit

README = Path(__file__).parents[2] / "README.md"
START, END = "<!-- scripts/bench --readme -->", "<!-- /scripts/bench -->"


def write(found: list[Figure], machine: dict[str, str], path: Path = README) -> None:
    """Replace what stands between the markers."""
    before, _, rest = path.read_text(encoding="utf-8").partition(START)
    _, marker, after = rest.partition(END)
    assert marker, f"{path} lacks the line {END} after {START}"
    path.write_text(f"{before}{START}\n{table(found, machine)}\n{END}{after}", encoding="utf-8")


def table(found: list[Figure], machine: dict[str, str]) -> str:
    """Figures of one name share a line: 1.21 / 1.28 x at 100 / 2,000 chunks."""
    lines = ["| what | measured | target | |", "|---|---|---|---|"]
    named: dict[tuple[str, str], list[Figure]] = {}
    for one in found:
        if one.verdict != NO_TARGET:
            named.setdefault((one.bench, one.name), []).append(one)
    for (_, name), group in named.items():
        cases = " / ".join(one.case for one in group if one.case)
        measured = with_unit(" / ".join(number(one.figure) for one in group), group[0].unit)
        targets = " / ".join(dict.fromkeys(one.target_text for one in group))
        verdict = SHORT.lower() if any(not one.holds for one in group) else "holds"
        lines.append(f"| {name}{f', {cases}' if cases else ''} | {measured} | {targets} | {verdict} |")
    run = f"One run of `{machine['command']}` on two cores ({machine['cpu']})"
    where = f"{run}, {machine['date']}, commit {machine['commit']}."
    return "\n".join([f"{where} [What each line means](docs/operators/performance.md).", "", *lines])
