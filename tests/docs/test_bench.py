"""The benches: each is explained, and their table says what holds."""

from __future__ import annotations

import re
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[2]
sys.path.append(str(ROOT / "tests/bench"))

import readme  # noqa: E402
from benches import OTHERS, TABLE, program  # noqa: E402
from figures import Figure, number  # noqa: E402
from run import explained  # noqa: E402


def test_each_bench_of_the_table_is_there_and_explained() -> None:
    page = (ROOT / "docs/operators/performance.md").read_text(encoding="utf-8")
    assert re.findall(r"^\| `([a-z-]+)` \|", page, flags=re.M) == list(TABLE)
    assert [name for name in {**TABLE, **OTHERS} if name != "page" and not program(name).exists()] == []


@pytest.mark.parametrize("name", [*TABLE, *OTHERS])
def test_each_bench_says_what_it_measures(name: str) -> None:
    if name == "page":
        assert explained(program(name).with_suffix(".mjs")).startswith("Measure what the box costs")
    else:
        assert re.search(r"\b(described|parser|figures\.run|run)\(__doc__", program(name).read_text(encoding="utf-8"))


@pytest.mark.parametrize(
    ("figure", "target", "is_least", "holds"),
    [(1.2, 1.3, False, True), (1.4, 1.3, False, False), (0.97, 0.97, True, True), (0.96, 0.97, True, False)],
)
def test_a_target_is_a_least_or_a_most(figure: float, target: float, is_least: bool, holds: bool) -> None:
    assert Figure("speed", "ratio", figure, "x", target, is_least).holds == holds


def test_numbers_have_three_digits() -> None:
    assert [number(value) for value in (0.9731, 12.44, 1234.4, 3.0, 0)] == ["0.973", "12.4", "1,234", "3", "0"]


def test_the_readme_has_a_line_for_each_thing(tmp_path: Path) -> None:
    page = tmp_path / "README.md"
    page.write_text(f"Before.\n{readme.START}\nold\n{readme.END}\nAfter.\n")
    found = [
        Figure("speed", "ratio", 1.21, "x", 1.3, case="100 chunks"),
        Figure("speed", "ratio", 1.48, "x", 1.3, case="2,000 chunks"),
        Figure("speed", "time", 8.0, "ms"),
        Figure("edit", "texts", 1, "", 3),
    ]
    readme.write(found, {"cpu": "a processor", "date": "2026-11-30", "commit": "abc", "command": "scripts/bench"}, page)
    text = page.read_text()
    assert "\nold\n" not in text
    assert text.startswith("Before.\n")
    assert text.endswith("\nAfter.\n")
    assert "| ratio, 100 chunks / 2,000 chunks | 1.21 / 1.48x | <= 1.3x | falls short |" in text
    assert "| texts | 1 | <= 3 | holds |" in text
    assert "time" not in text
