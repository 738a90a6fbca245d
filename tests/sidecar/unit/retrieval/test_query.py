"""What a visitor typed: words in the site's languages, stop words, phrases."""

import pytest

from rag_ask.retrieval.query import MAX_LANGUAGES, own_words, phrases, words
from rag_ask.text.stop_words import stop_words


def texts(question, *languages):
    return [word.text for word in words(question, languages)]


def test_what_says_nothing_is_left_out():
    assert texts("When does the shop open?", "en-GB") == ["shop", "open"]
    assert texts("Wann öffnet der Laden?", "de") == ["wann", "öffnet", "laden"]


def test_a_question_of_stop_words_alone_keeps_them():
    assert texts("The Who", "en") == ["the", "who"]


def test_stop_words_in_quotes_are_kept():
    assert texts('Who sang "let it be"?', "en") == ["sang", "let", "it", "be"]


def test_stop_words_can_be_kept():
    kept = words("the shop", ["en"], drops_stop_words=False)
    assert [word.text for word in kept] == ["the", "shop"]


def test_a_word_is_read_in_each_language_of_the_site():
    (word,) = words("Öffnungszeiten", ["en", "de-DE", "de-AT"])
    assert word.readings == (("offnungszeiten",), ("offnungszeit",))
    assert word.terms == {"offnungszeiten", "offnungszeit"}


def test_one_reading_where_the_languages_agree():
    (word,) = words("xyz", ["en", "de", "fr"])
    assert word.readings == (("xyz",),)


def test_two_syllables_of_a_vietnamese_word_are_one_word_too():
    assert texts("bánh mì là gì", "vi") == ["bánh", "mì", "bánh mì", "mì là"]
    assert words("bánh mì", ["en", "vi"])[-1].readings == (("banh mi",),)
    assert texts("bánh mì", "de") == ["bánh", "mì"]


def test_no_language_is_read_as_english():
    assert words("opening", [])[0].readings == (("open",),)


def test_languages_are_bounded():
    assert len(words("fermées", ["fr", "de", "es", "it", "sv", "hu"])[0].readings) <= MAX_LANGUAGES


def test_words_count_once():
    assert texts("tea, Tea and TEA", "en") == ["tea"]


@pytest.mark.parametrize(
    ("question", "expected"),
    [
        ('Where is "first flush" from?', ["first flush"]),
        ("„erste Ernte“ und «zweite  Ernte»", ["erste Ernte", "zweite Ernte"]),
        ("「お茶」はありますか", ["お茶"]),
        ('Do you sell 5" pans?', []),
        ('""  " "', []),
    ],
)
def test_phrases(question, expected):
    assert phrases(question) == expected


@pytest.mark.parametrize(
    "tag",
    "da de en es fi fr hu it ne nl no pt ru sv tr".split(),  # noqa: SIM905
)
def test_there_is_a_list_of_stop_words(tag):
    assert len(stop_words(tag)) > 30


def test_norwegian_has_one_list_under_all_its_names_and_a_strange_tag_none():
    assert stop_words("nb") == stop_words("nn") == stop_words("no")
    assert stop_words("../en") == stop_words("xx") == frozenset()


@pytest.mark.parametrize(
    ("question", "language", "count"),
    [
        ("And how much is it?", "en", 0),
        ("parking", "en", 1),
        ("thanks!", "en", 1),
        ("When does the tea house open on Sundays?", "en-GB", 3),
        ("Und wie lange dauert er?", "de", 1),
        ("いくらですか", "ja", 0),
        ("駐車場", "ja", 1),
        ("", "", 0),
    ],
)
def test_words_that_can_be_a_subject(question, language, count):
    assert own_words(question, [language]) == count
