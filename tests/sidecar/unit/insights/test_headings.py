"""Which headings can be asked as they stand."""

import pytest

from rag_ask.insights.headings import question_of


@pytest.mark.parametrize(
    ("heading", "language", "question"),
    [
        ("Do you deliver?", "en", "Do you deliver?"),
        ("  Opening\u00a0hours ", "en-GB", "Opening hours"),
        ("3. Prices and payment", "en", "Prices and payment"),
        ("2.1) How do I cancel?", "en", "How do I cancel?"),
        ("Öffnungszeiten", "de-DE", "Öffnungszeiten"),
        ("هل توصلون الطلبات؟", "ar", "هل توصلون الطلبات؟"),
        ("営業時間", "ja", "営業時間"),
        ("¿Hay pan sin gluten?", "es", "¿Hay pan sin gluten?"),
    ],
)
def test_questions_and_phrases_are_asked(heading, language, question):
    assert question_of(heading, language) == question


@pytest.mark.parametrize(
    "heading",
    [
        "Introduction",
        "FAQ",
        "",
        "21.11.2026",
        "Read more:",
        "And then we were surprised to find that it worked",
        "Write to shop@example.org",
        "See https://example.org/prices",
        "It rained.",
        "x" * 200 + "?",
    ],
)
def test_what_is_neither_is_left_out(heading):
    assert question_of(heading, "en") == ""


def test_one_word_is_a_question_only_where_words_are_compounds():
    assert question_of("Barrierefreiheit", "de")
    assert question_of("Accessibility", "en") == ""
    assert question_of("Kontakt", "de") == ""
