"""A question in another language than the pages is moved to theirs; any other stays as it is."""

from __future__ import annotations

import json
import os
from pathlib import Path

import numpy as np
import pytest

from rag_ask.providers.embed import files, question_language
from rag_ask.providers.embed.local import LocalEmbedder
from rag_ask.providers.embed.question_language import moved
from rag_ask.providers.embed.spec import E5_SMALL, MINILM

GERMAN = "Wie lange hat die Bibliothek am Samstag geöffnet?"
CHINESE = "图书馆星期六开放到几点？"
ENGLISH = "How long is the library open on Saturdays?"


@pytest.fixture(scope="module")
def e5() -> LocalEmbedder:
    return LocalEmbedder(E5_SMALL, Path(os.environ["RAG_ASK_MODELS_DIR"]) / files.E5_SMALL, threads=1)


@pytest.mark.parametrize("asked", [GERMAN, CHINESE])
def test_a_question_in_another_language_comes_nearer_to_its_translation(e5: LocalEmbedder, asked: str) -> None:
    question, translated = e5.embed_questions([asked, ENGLISH])
    found = moved(E5_SMALL.name, question, ["en"])
    assert found is not None
    assert np.linalg.norm(found) == pytest.approx(1, abs=1e-6)
    assert found @ translated > question @ translated + 0.02


@pytest.mark.parametrize(
    ("asked", "pages"),
    [
        (ENGLISH, ["en"]),
        (GERMAN, ["de"]),
        (GERMAN, ["en", "de"]),
        ("wifi", ["de"]),
        ("refund policy", ["en"]),
        (CHINESE, []),
        (CHINESE, ["tlh"]),
    ],
)
def test_what_is_asked_in_a_language_of_the_pages_stays(e5: LocalEmbedder, asked: str, pages: list[str]) -> None:
    assert moved(E5_SMALL.name, e5.embed_questions([asked])[0], pages) is None


def test_of_an_embedder_without_centres_nothing_is_known(e5: LocalEmbedder) -> None:
    assert moved(MINILM.name, e5.embed_questions([CHINESE])[0], ["en"]) is None


def test_the_centres_are_the_means_of_the_generic_questions(e5: LocalEmbedder) -> None:
    questions = json.loads((question_language.FOLDER / "questions.json").read_text(encoding="utf-8"))
    with np.load(question_language.FOLDER / question_language.FILES[E5_SMALL.name]) as stored:
        assert set(stored.files) == set(questions)
        for code in ("en", "zh"):
            assert stored[code] == pytest.approx(e5.embed_questions(questions[code]).mean(axis=0), abs=0.01)
