from __future__ import annotations

import pytest

from rag_ask.answering.faithfulness.evidence import places_of
from rag_ask.answering.faithfulness.novelty import novel_words
from rag_ask.answering.faithfulness.page import Page
from rag_ask.answering.faithfulness.verdict import Question
from rag_ask.passage import Passage


@pytest.mark.parametrize(
    ("text", "language", "sentence", "novel"),
    [
        ("Prams can be left at the valley station.", "en", "You may leave prams at the valley station.", []),
        ("Prams can be left at the valley station.", "en", "Prams can be left at the summit station.", ["summit"]),
        ("Broken toys are repaired.", "en", "We mend broken toys.", []),
        ("El agua se corta a las 22:00.", "es", "La luz se corta a las 22:00.", ["luz"]),
        ("Der Leseausweis kostet 18 €.", "de", "Der Ausweis kostet 18 €.", []),
        ("Der Ausweis kostet 18 €.", "de", "Der Kuchen kostet 18 €.", ["kuchen"]),
        ("Books can be lent.", "en", "Lending of books", []),
        ("Hörbücher leihen wir aus.", "de", "Die Leihfrist bei Hörbehinderung", ["hörbehinderung"]),
        ("Items come back unworn.", "en", "Items that were not worn come back.", []),
        ("Adultos 39 €, mayores de 65 25 €.", "es", "Los mayores de 65 años pagan 25 €.", []),
        ("Apportez votre carte.", "fr", "N'oubliez pas votre carte.", []),
        ("材料費は料金に含まれます。", "ja", "料金に材料費が含まれています。", []),
        ("材料費は料金に含まれます。", "ja", "交通費は料金に含まれます。", ["交通", "通費"]),
        ("수영모를 꼭 써야 합니다.", "ko", "수경을 꼭 써야 합니다.", ["수경"]),
    ],
)
def test_words_that_the_page_does_not_have(text: str, language: str, sentence: str, novel: list[str]) -> None:
    passage = Passage(1, "", "", (), text, 1.0, language=language)
    page = Page(places_of(passage), [passage], Question("", language), language, sentence)
    assert novel_words(sentence, page) == novel


def test_what_the_question_says_is_known() -> None:
    passage = Passage(1, "", "", (), "We bake bread.", 1.0, language="en")
    page = Page(places_of(passage), [passage], Question("Who bakes for weddings?", "en"), "en")
    assert novel_words("We bake bread for weddings.", page) == []
