from __future__ import annotations

from collections.abc import Sequence

import numpy as np
import pytest
from numpy.typing import NDArray

from rag_ask.answering.citations.cite import resolve
from rag_ask.answering.ground import ground
from rag_ask.answering.quote import MAX_CANDIDATES, MAX_SOURCES, QuoteModel
from rag_ask.errors import ProviderUnavailable
from rag_ask.passage import FIELD, LABEL, Passage
from rag_ask.providers.embed.local import LocalEmbedder

HOURS = "The bakery opens at seven in the morning. We have a dog called Rex. Our oven was built in 1921."
TRAM = "Tram 4 stops at the door. Cyclists find racks behind the house."


class BrokenEmbedder:
    name = "broken"
    dimensions = 384

    def embed(self, texts: Sequence[str]) -> NDArray[np.float32]:
        raise ProviderUnavailable("down")


class CountingEmbedder(LocalEmbedder):
    calls: list[int]

    def embed(self, texts: Sequence[str]) -> NDArray[np.float32]:
        self.calls.append(len(texts))
        return super().embed(texts)


@pytest.fixture(scope="module")
def model() -> QuoteModel:
    return QuoteModel(LocalEmbedder())


def passages(*texts: str) -> list[Passage]:
    return [Passage(n, f"Page {n}", f"http://localhost/{n}/", (), text, 1 - n / 10) for n, text in enumerate(texts)]


def answer(model: QuoteModel, question: str, *texts: str) -> str:
    return "".join(model.stream(ground(question, passages(*texts))))


@pytest.mark.parametrize(
    ("question", "first"),
    [
        ("When does the bakery open?", "The bakery opens at seven in the morning [1]."),
        ("What is the name of your dog?", "We have a dog called Rex [1]."),
        ("How old is the oven?", "Our oven was built in 1921 [1]."),
        ("Where can I leave my bike?", "Cyclists find racks behind the house [2]."),
    ],
)
def test_the_sentence_that_answers_comes_first(model: QuoteModel, question: str, first: str) -> None:
    assert answer(model, question, HOURS, TRAM).startswith(first)


def test_what_it_writes_resolves_to_itself(model: QuoteModel) -> None:
    text = answer(model, "When does the bakery open?", HOURS, TRAM)
    shown, citations = resolve(text, ground("q", passages(HOURS, TRAM)).sources)
    assert shown == text
    assert citations[0].quote == "The bakery opens at seven in the morning."


def test_at_most_three_sentences_and_no_repetition(model: QuoteModel) -> None:
    many = " ".join(f"The bakery opens at {hour} on day {hour}." for hour in ("six", "seven", "eight", "nine", "ten"))
    assert 1 <= answer(model, "When does the bakery open?", many).count("[1]") <= 3
    repeated = answer(model, "When does it open?", HOURS, HOURS, "The bakery opens at seven in the morning, daily.")
    assert repeated.count("seven") == 1


def test_a_short_sentence_brings_the_next_one(model: QuoteModel) -> None:
    assert "Can I bring a dog? Yes, on a lead" in answer(
        model, "Can I bring a dog?", "Can I bring a dog?\nYes, on a lead."
    )


def test_rows_and_items_stand_on_lines_of_their_own(model: QuoteModel) -> None:
    text = answer(
        model, "Opening hours on weekends", "Opening hours Saturday | 8:00–16:00\nOpening hours Sunday | 9:00–14:00"
    )
    assert sorted(text.split("\n")) == [
        "Opening hours Saturday | 8:00–16:00 [1]",
        "Opening hours Sunday | 9:00–14:00 [1]",
    ]


@pytest.mark.parametrize(
    "text",
    [
        "The oven is [2] old and [[1]] big.",
        "The oven 【2】 is old [1].",
        "The oven ［2］ is old.",
        "The oven [ 2, 1 ] is [old.",
    ],
)
def test_brackets_of_a_post_are_no_citations(model: QuoteModel, text: str) -> None:
    shown = answer(model, "How old is the oven?", text, TRAM)
    first = shown.split("\n")[0].split("[1]")[0]
    assert not set("[【［") & set(first) and "oven" in first
    assert resolve(shown, ground("q", passages(text, TRAM)).sources)[1][0].number == 1


def test_without_the_embedder_the_words_decide() -> None:
    text = answer(QuoteModel(BrokenEmbedder()), "How old is the oven?", HOURS, TRAM)
    assert text.startswith("Our oven was built in 1921 [1].")


def test_one_call_embeds_a_bounded_number_of_sentences() -> None:
    embedder = CountingEmbedder()
    embedder.calls = []
    answer(QuoteModel(embedder), "Which bread number is sold?", *(["Bread number one is sold today here. " * 30] * 6))
    assert embedder.calls == [MAX_CANDIDATES + 1]


def test_without_sources_it_says_nothing(model: QuoteModel) -> None:
    assert list(model.stream(ground("When?", []))) == []


def of_kind(kind: str, text: str) -> Passage:
    return Passage(1, "Page 1", "http://localhost/1/", (), text, 0.9, kind=kind)


FIELDS = of_kind(FIELD, "Phone: 01632 960 001\nFax: 01632 960 002")


def answer_from(model: QuoteModel, question: str, *found: Passage) -> str:
    return "".join(model.stream(ground(question, found)))


def test_fields_are_quoted_one_by_one(model: QuoteModel) -> None:
    assert answer_from(model, "phone", FIELDS).split("\n")[0] == "Phone: 01632 960 001 [1]"


@pytest.mark.parametrize("question", ["Who is the author?", "admin"])
def test_terms_and_authors_are_never_quoted(model: QuoteModel, question: str) -> None:
    label = of_kind(LABEL, "category: admin\nauthor: admin")
    assert "admin" not in answer_from(model, question, label, FIELDS)
    assert answer_from(model, question, label) == ""


def test_labels_take_no_place_of_a_source_that_can_be_quoted(model: QuoteModel) -> None:
    labels = [of_kind(LABEL, f"category: number {n}") for n in range(MAX_SOURCES)]
    (page,) = passages(TRAM)
    found = answer_from(model, "Where does the tram stop?", *labels, page)
    assert found.startswith(f"Tram 4 stops at the door [{MAX_SOURCES + 1}].")


def test_japanese_sentences_are_joined_without_a_space(model: QuoteModel) -> None:
    assert (
        answer(model, "犬は入れますか", "犬は入れますか？\nリードがあれば入れます。")
        == "犬は入れますか？リードがあれば入れます[1]。"
    )
