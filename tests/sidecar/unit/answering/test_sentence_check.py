from __future__ import annotations

from collections.abc import Iterator, Sequence

import pytest

from rag_ask.answering.citations.cite import Citer
from rag_ask.answering.faithfulness.verdict import Question
from rag_ask.answering.sentence_check import SentenceCheck, judged_pieces
from rag_ask.passage import Passage, Source
from rag_ask.providers.second_opinion import Claim

TOUR = Source(1, Passage(1, "Tour", "", (), "The tour costs $12. It starts at noon.", 1.0))
SAID = "The tour costs $12 [1]. Lunch awaits you at the harbour [1]. The tour costs $9 [1]. It starts at noon [1]."


def shown(said: str, answers: bool | None, *, shows_undecided: bool = False) -> tuple[list[str], list[str]]:
    """The pieces of an answer that comes word by word, and the sentences that a second opinion was asked for."""
    asked: list[str] = []

    def judge(claims: Sequence[Claim]) -> list[bool | None]:
        asked.extend(claim.sentence for claim in claims)
        return [answers] * len(claims)

    check = SentenceCheck(Question(), shows_undecided)
    citer, scout = Citer([TOUR], check.is_supported), Citer([TOUR], check.may_be_supported)
    words: Iterator[str] = (f"{word} " for word in said.split(" "))
    return list(judged_pieces(citer, scout, check, judge, words)), asked


@pytest.mark.parametrize(
    ("answers", "shows_undecided", "lunch"), [(True, False, True), (False, True, False), (None, False, False)]
)
def test_a_second_opinion_decides_what_is_undecided(answers: bool | None, shows_undecided: bool, lunch: bool) -> None:
    pieces, asked = shown(SAID, answers, shows_undecided=shows_undecided)
    text = "".join(pieces)
    assert asked == ["Lunch awaits you at the harbour."]
    assert ("Lunch" in text) is lunch
    assert text.index("$12") < text.index("noon") and "$9" not in text


def test_undecided_sentences_are_shown_by_setting_without_an_opinion() -> None:
    assert "Lunch" in "".join(shown(SAID, None, shows_undecided=True)[0])


def test_what_comes_before_the_first_undecided_sentence_is_shown_at_once() -> None:
    pieces, _ = shown(SAID, True)
    assert any("$12" in piece and "Lunch" not in piece for piece in pieces)


def test_nobody_is_asked_about_what_is_decided() -> None:
    assert shown("The tour costs $12 [1]. The tour costs $9 [1].", True)[1] == []


@pytest.mark.parametrize(
    ("said", "expected"),
    [
        ("Yes. The tour starts at noon [1].", "Yes. The tour starts at noon [1]."),
        ("Yes [1]. The tour starts at noon [1].", "Yes. The tour starts at noon [1]."),
        ("Yes. The tour starts at nine [1].", ""),
        ("Ja. The tour starts at noon [1].", "Ja. The tour starts at noon [1]."),
    ],
)
def test_a_bare_yes_goes_with_the_next_sentence(said: str, expected: str) -> None:
    check = SentenceCheck(Question("Does the tour start at noon?", "en"))
    citer = Citer([TOUR], check.is_supported)
    assert (citer.feed(said) + citer.close()).strip() == expected


def test_only_what_is_undecided_is_marked() -> None:
    check = SentenceCheck(Question())
    citer = Citer([TOUR], check.is_supported, marks_undecided=True, is_contradicted=check.is_contradicted)
    text = citer.feed(SAID) + citer.close()
    assert "Lunch awaits you at the harbour [?]" in text and "$9" not in text
