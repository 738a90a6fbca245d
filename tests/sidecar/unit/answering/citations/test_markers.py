from __future__ import annotations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from linear import assert_linear

from rag_ask.answering.citations.markers import MarkerGate, before_stop, normalize


@pytest.mark.parametrize(
    ("text", "normal"),
    [
        ("Seven [1].", "Seven [1]."),
        ("Seven[1].", "Seven[1]."),
        ("Seven [1, 2].", "Seven [1][2]."),
        ("Seven [ 1;2 ].", "Seven [1][2]."),
        ("Seven [[1]].", "Seven [1]."),
        ("Seven 【1】【2†L3-L5】.", "Seven [1][2]."),
        ("Seven [1] [2] [1].", "Seven [1][2]."),
        ("Seven [1-3], [2–3].", "Seven [1][2][3], [2][3]."),
        ("Seven [2, 1-2].", "Seven [2][1]."),
        ("Seven [3-1] [1-999].", "Seven [1][2][3]."),
        ("Seven [1 and 2].", "Seven [1][2]."),
        ("Seven [Source 1] [sources 2 and 3].", "Seven [1][2][3]."),
        ("Sieben [Quelle 1, 2].", "Sieben [1][2]."),
        ("Seven [^1].", "Seven [1]."),
        ("七時［１］。八時【出典2】。", "七時[1]。八時[2]。"),
        (
            "Seven (1) or [Sources] or [Source code 1] or [and 1].",
            "Seven (1) or [Sources] or [Source code 1] or [and 1].",
        ),
        ("Seven [1][1].", "Seven [1]."),
        ("سبعة [١، ٢].", "سبعة [1][2]."),
        ("Seven [0] [9] [3].", "Seven [3]."),
        ("Seven [9] today.", "Seven today."),
        ("Seven [4, 2].", "Seven [2]."),
        ("In [2024] or [a] or [] or [1", "In [2024] or [a] or [] or [1"),
        ("[[1]", "[[1]"[:1] + "[1]"),
        ("[1]]", "[1]]"),
        ("Use\n```\nx[1] = y[9]\n```\nso [1].", "Use\n```\nx[1] = y[9]\n```\nso [1]."),
        ("```x[9]", "```x[9]"),
    ],
)
def test_markers_are_normalized(text: str, normal: str) -> None:
    assert normalize(text, 3) == normal


def stream(text: str, cuts: list[int]) -> list[str]:
    gate = MarkerGate(3)
    ends = sorted({min(cut, len(text)) for cut in cuts} | {len(text)})
    starts = [0, *ends[:-1]]
    return [*(gate.feed(text[start:end]) for start, end in zip(starts, ends, strict=True)), gate.close()]


PIECES = [
    "[",
    "]",
    "[[",
    "]]",
    "1",
    "2",
    "9",
    "10",
    " ",
    ", ",
    "、",
    "【",
    "】",
    "†",
    "L3",
    "[1]",
    " [2]",
    "-",
    " and ",
    "Source ",
    "So",
    "^",
    "［",
    "］",
]
answers = st.lists(st.sampled_from([*PIECES, "`", "```", "\n", "a", ". "])).map("".join)


@settings(max_examples=400)
@given(answers, st.lists(st.integers(0, 60)))
def test_any_cut_of_a_stream_gives_the_whole(text: str, cuts: list[int]) -> None:
    assert "".join(stream(text, cuts)) == normalize(text, 3)


@settings(max_examples=200)
@given(answers)
def test_one_character_at_a_time_holds_back_little(text: str) -> None:
    gate, shown = MarkerGate(3), ""
    for end, character in enumerate(text, start=1):
        shown += gate.feed(character)
        # Everything but what is held back has been decided: the rest of the text can change nothing before it.
        assert any(normalize(text[:settled], 3) == shown for settled in range(max(0, end - 60), end + 1))
    assert shown + gate.close() == normalize(text, 3)


@pytest.mark.parametrize(
    ("deltas", "shown"),
    [
        (["Seven", " [", "1", "]", "."], ["Seven", "", "", " [1]", "."]),
        (["Seven [", "[1", "]", "]."], ["Seven", "", "", " [1]."]),
        (["Seven [9", "]."], ["Seven", "."]),
        (["a [", "x"], ["a", " [x"]),
        (["a [So", "urce 1", "-2", "] b"], ["a", "", "", " [1][2] b"]),
        (["a [So", "me"], ["a", " [Some"]),
        (["a ［", "1", "］"], ["a", "", " [1]"]),
        (["[1] ", "[2]"], ["[1]", "[2]"]),
        (["``", "`[9]"], ["", "```[9]"]),
    ],
)
def test_a_stream_never_shows_half_a_marker(deltas: list[str], shown: list[str]) -> None:
    gate = MarkerGate(3)
    assert [gate.feed(delta) for delta in deltas] == shown
    assert gate.close() == ""


@pytest.mark.parametrize(
    "unit", ["[", "[1", "[1,", "【1", "`", " ", "[[1]", "【1†", "[1-", "[source", "[1 and ", "［1"]
)
def test_long_runs_take_linear_time(unit: str) -> None:
    assert_linear(lambda text: normalize(text, 3), lambda count: unit * count, 2_500, 20_000)


@pytest.mark.parametrize(
    ("text", "moved"),
    [
        ("We open. [1] We close.[2]", "We open [1]. We close [2]."),
        ("Open! [1][2]\nNext", "Open [1][2]!\nNext"),
        ('He said "open." [1]', 'He said "open" [1].'),
        ("開店します。[1]閉店します。[2]", "開店します[1]。閉店します[2]。"),
        ("At 7 a.m. [1] on Mondays.", "At 7 a.m. [1] on Mondays."),
        ("We open [1].", "We open [1]."),
    ],
)
def test_markers_go_before_the_full_stop(text: str, moved: str) -> None:
    assert before_stop(text) == moved
