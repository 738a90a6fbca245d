"""Same question: a note is found by other wordings of its question, and by no question that is only alike."""

import json
import os
from pathlib import Path

import numpy as np
import pytest

from rag_ask.providers import models
from rag_ask.providers.embed.questions import embed_questions
from rag_ask.providers.embed.spec import E5_SMALL, MINILM
from rag_ask.retrieval.same_question import is_same, min_cosine
from rag_ask.settings import Settings
from rag_ask.text.normalize import normalised

DATA = Path(__file__).parents[2] / "data"
PAIRS = json.loads((DATA / "note_questions.json").read_text(encoding="utf-8"))
PARAPHRASES = json.loads((DATA / "paraphrases.json").read_text(encoding="utf-8"))


@pytest.fixture(params=[E5_SMALL, MINILM], ids=["multilingual", "english"])
def embedder(request):
    settings = Settings(database_url="", secret=b"", models_dir=os.environ["RAG_ASK_MODELS_DIR"])
    return models.local_embedder(settings, request.param)


def matches(embedder, pairs):
    """The pairs in which the question (last) finds the note of the wording before it."""
    notes = embedder.embed([wording for _, wording, _ in pairs])
    asked = embed_questions(embedder, [question for _, _, question in pairs])
    near = np.einsum("ij,ij->i", notes, asked) >= min_cosine(embedder.name)
    return [
        (wording, question)
        for (language, wording, question), is_near in zip(pairs, near, strict=True)
        if normalised(question) == normalised(wording) or (is_near and is_same(question, wording, language))
    ]


def test_no_question_that_is_only_alike_finds_the_note(embedder):
    both_ways = [*PAIRS["other"], *((language, asked, wording) for language, wording, asked in PAIRS["other"])]
    # Who asks less may be told more.
    both_ways.remove(("en", "How long does shipping to the United States take?", "Do you ship to the United States?"))
    assert matches(embedder, both_ways) == []


def test_other_wordings_find_it(embedder):
    pairs = [pair for pair in PAIRS["same"] if embedder.name == E5_SMALL.name or pair[0] == "en"]
    assert matches(embedder, pairs) == [tuple(pair[1:]) for pair in pairs]


def test_no_other_question_of_the_same_shop_finds_it(embedder):
    others = [
        ("en", wording, asked)
        for group in PARAPHRASES
        for other in PARAPHRASES
        if other is not group
        for wording in group[:1]
        for asked in other
    ]
    assert matches(embedder, others) == []


@pytest.mark.parametrize(
    ("wording", "asked", "language"),
    [
        ("Quel est le prix du billet pour enfants ?", "Quel est le prix du billet pour adultes ?", "fr"),
        ("Bilet dla dzieci ile kosztuje?", "Bilet dla seniorów ile kosztuje?", "pl-PL"),
        ("駐車場はありますか", "Wi-Fiはありますか", "ja"),
    ],
)
def test_in_other_languages_a_word_exchanged_is_another_question(wording, asked, language):
    assert not is_same(asked, wording, language)
    assert is_same(wording, wording, language)
