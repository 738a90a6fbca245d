"""Every pure function of the two lines takes linear time, whatever shape a text has."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest
from linear import assert_linear

from rag_ask.answering.citations import sanitize, text_fragment
from rag_ask.answering.citations.cite import Citer
from rag_ask.answering.citations.sentence_stream import MAX_SENTENCE_CHARACTERS, Statement, Statements
from rag_ask.answering.extractive.excerpt import excerpt
from rag_ask.answering.faithfulness import check, evidence
from rag_ask.feeds import site_generators
from rag_ask.indexing.chunk import chunk
from rag_ask.indexing.clean import Block, clean
from rag_ask.passage import Passage, Source
from rag_ask.retrieval import query
from rag_ask.retrieval.sections import alone
from rag_ask.text import analyze, costs, figures, fractions, invisible, language, negation, numerals, redact, sentences

URL = "https://bakery.example/"
SHAPES = {
    "newlines": "\n", "nbsp": "\u00a0", "spaces": " ", "tabs": "\t", "marks": "\u0301",
    "zero width": "\u200b", "joiners": "\u200d", "bidi": "\u202e", "digits": "1", "dots": ".", "quotes": '"',
    "curled": "“", "brackets": "[", "closing": "]", "amounts": "1,", "numbers": "1 ", "codes": "1a-",
    "short domains": "a.", "domains": "a.b.c.", "and": "and ", "letters": "x", "words": "word ", "at": "a@",
    "dashes": "-", "addresses": "http://", "markers": "[1]", "spelled": "one ", "negations": "not ",
    "ticks": "`", "chinese": "犬", "chinese stops": "犬。", "thai": "ก", "arabic": "ع", "emoji": "👩‍👩‍👧",
    "labels": "a:", "times": "12:", "prices": "€1 ", "titles": "Mr. ", "initials": "A. ", "stars": "**",
    "bars": " | ", "angles": "<", "braces": "(", "tags": "<b>", "items": "<li>", "entities": "&#x41;",
    "cells": "<td>x", "breaks": "<br>", "lists": "<ul><li>x</ul>", "headings": "<h2>a</h2>",
    "unclosed": "<p ", "templates": "{{ ", "tags of templates": "{% ", "attributes": "{: ", "questions": "?! ",
}  # fmt: skip


def passage(text: str) -> Passage:
    return Passage(1, "Bread", URL, ("Shop",), text, 0.9)


def cite(text: str) -> None:
    citer = Citer([Source(1, passage("We bake."))])
    citer.feed(f"{text} [1].")
    citer.close()


def stream(text: str) -> None:
    statements = Statements()
    list(statements.feed(text))
    list(statements.close())


WRITE_LINE: dict[str, Callable[[str], Any]] = {
    "clean": lambda text: clean(f"<p>We bake{text}bread</p>"),
    "chunk": lambda text: chunk("Bread", [Block((), text)], lambda texts: [len(one) // 4 + 1 for one in texts]),
    "sentences": lambda text: list(sentences.sentences(text)),
    "terms": lambda text: analyze.terms(text, "en"),
    "one_line": invisible.one_line,
}
READ_LINE: dict[str, Callable[[str], Any]] = {
    "words": lambda text: query.words(text, ["en"]),
    "phrases": query.phrases,
    "figures": lambda text: figures.figures(text, "en"),
    "numerals": numerals.in_figures,
    "negation": lambda text: negation.is_negated(text, "en"),
    "costs": lambda text: costs.without_costs(text, "en"),
    "fractions": lambda text: fractions.without_fractions(text, "en"),
    "detect": language.detect,
    "redact": redact.mask,
    "fragment": lambda text: text_fragment.fragment_url(URL, text[:300], text),
    "evidence": lambda text: evidence.places_of.__wrapped__(passage(text)),
    "faithfulness": lambda text: check.is_supported(text[:1000], [passage(text)], "en"),
    "markdown": site_generators.plain_markdown,
    "excerpt": lambda text: excerpt(Source(1, passage(text)), alone(passage(text)), lambda lines, _: len(lines)),
    "sanitize": lambda text: sanitize.unlinked(text, frozenset()),
    "cite": cite,
    "sentence stream": stream,
}


@pytest.mark.parametrize("shape", SHAPES.values(), ids=SHAPES)
@pytest.mark.parametrize("function", [*WRITE_LINE.values(), *READ_LINE.values()], ids=[*WRITE_LINE, *READ_LINE])
def test_a_long_run_takes_linear_time(function: Callable[[str], Any], shape: str) -> None:
    # Sizes at which quadratic work outweighs what each call costs.
    assert_linear(function, lambda count: "We bake " + shape * (count // len(shape)), 4_000, 32_000)


LONG_TEXTS = ("word ", "a. ", "- ", "漢字。", "1 a.m. ", ".\n", "It is [1]. ", "```x\n")


def stream_in_pieces(text: str) -> None:
    statements = Statements()
    for start in range(0, len(text), 8):
        list(statements.feed(text[start : start + 8]))
    list(statements.close())


def fragment_of_all(text: str) -> None:
    text_fragment.fragment_url(URL, text, text)


@pytest.mark.parametrize("shape", LONG_TEXTS)
@pytest.mark.parametrize("function", [stream, stream_in_pieces, fragment_of_all])
def test_a_long_answer_takes_linear_time(function: Callable[[str], Any], shape: str) -> None:
    assert_linear(function, lambda count: shape * (count // len(shape)), 16_000, 128_000)


def test_lines_without_a_token_take_linear_time() -> None:
    def indexed_again(text: str) -> None:
        chunk("Bread", [Block((), text)], lambda texts: [0] * len(texts), ["We bake."])

    assert_linear(indexed_again, lambda count: "\u0301\n" * count, 2_000, 16_000)


@pytest.mark.parametrize("size", [1, 8, 1000])
@pytest.mark.parametrize("end", ["", ". Then [1]. ", "```code```", "\n\nThen. "])
@pytest.mark.parametrize("length", range(MAX_SENTENCE_CHARACTERS - 4, MAX_SENTENCE_CHARACTERS + 4))
def test_a_sentence_too_long_is_cut_alike_in_any_pieces(length: int, end: str, size: int) -> None:
    def cut(text: str, size: int) -> list[Statement]:
        statements = Statements()
        pieces = [text[start : start + size] for start in range(0, len(text), size)]
        return [one for piece in pieces for one in statements.feed(piece)] + list(statements.close())

    text = "x" * length + end
    found = cut(text, len(text))
    assert cut(text, size) == found
    assert "".join(one.gap + one.text for one in found).strip() == text.strip()
