"""`rag-ask insights`: a readable report with a small chart."""

from __future__ import annotations

from datetime import date
from typing import Any

from rich.bar import Bar
from rich.console import Console
from rich.table import Table
from rich.text import Text

CHART_WIDTH = 30
# More lines than that are drawn by week.
MAX_LINES = 30


def print_report(found: dict[str, Any], console: Console) -> None:
    """Print the message of GET /v1/insights."""
    if not found["questions"]:
        console.print(f"No questions in the last {found['days']} days.")
        return
    console.print(_summary(found))
    console.print(_chart(found["by_day"]))
    _list(console, "Content gaps: not found, or unsure", found["gaps"])
    _list(console, "Answers rated down", found["rated_down"])
    _list(console, "Asked most", found["top"])
    if found["question_days"] < found["days"]:
        console.print(f"\nThe words of questions are kept for {found['question_days']} days only.")


def _summary(found: dict[str, Any]) -> Text:
    latency, ratings = found["latency_ms"], found["ratings"]
    return Text(
        f"{found['questions']} questions in {found['days']} days: {found['answer_rate']:.0%} answered, "
        f"{found['unsure']} unsure, {found['abstained']} not found, "
        f"{found['cached']} from the cache\n"
        f"rated up {ratings['up']}, down {ratings['down']}; "
        f"half within {latency['p50']} ms, 95% within {latency['p95']} ms; "
        f"cost {found['cost_usd']:.2f} USD\n"
    )


def _chart(by_day: list[dict[str, Any]]) -> Table:
    step = 1 if len(by_day) <= MAX_LINES else 7
    # Whole weeks that end today.
    first = len(by_day) % step
    parts = [by_day[at : at + step] for at in range(first, len(by_day), step)]
    counts = [sum(day["questions"] for day in part) for part in parts]
    table = Table.grid(padding=(0, 1))
    for part, count in zip(parts, counts, strict=True):
        label = date.fromisoformat(part[0]["day"]).strftime("%d %b")
        table.add_row(label, Bar(max(counts) or 1, 0, count, width=CHART_WIDTH), str(count or ""))
    return table


def _list(console: Console, title: str, groups: list[dict[str, Any]]) -> None:
    if not groups:
        return
    console.print(f"\n{title}")
    for group in groups:
        console.print(f"{group['count']:5}  {group['question']}", markup=False, soft_wrap=True)
        if group["examples"]:
            console.print(f"       also: {' | '.join(group['examples'])}", markup=False, soft_wrap=True, style="dim")
        if group["comments"]:
            console.print(f"       visitors said: {' | '.join(group['comments'])}", markup=False, soft_wrap=True)
