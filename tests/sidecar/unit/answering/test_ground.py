from __future__ import annotations

import json
import re
from dataclasses import replace
from pathlib import Path

import pytest

from rag_ask.answering.ground import ground, is_private
from rag_ask.passage import Passage
from rag_ask.providers.chat.base import ABSTAIN
from rag_ask.providers.prompt import prompt, prompt_version
from rag_ask.text.language import english_name

HOURS = Passage(1, "Opening hours", "http://localhost/hours/", ("Shop", "Summer"), "We open at seven.\nMon | 7:00", 0.9)
TRAM = Passage(2, "Find\nus", "http://localhost/find/", (), "Tram 4 stops\u200b at the \u202edoor.", 0.5)


def test_sources_are_numbered_from_one_in_their_order() -> None:
    grounding = ground("When do you open?", [HOURS, TRAM])
    assert [(source.number, source.passage) for source in grounding.sources] == [(1, HOURS), (2, TRAM)]
    assert grounding.question == "When do you open?"


def test_the_instructions_say_how_to_cite_and_to_abstain() -> None:
    system, user = ground("When do you open?", [HOURS]).messages
    assert (system["role"], user["role"]) == ("system", "user")
    assert ABSTAIN in system["content"] and "[1]" in system["content"]
    assert "When do you open?" not in system["content"] and "seven" not in system["content"].split("`")[0]


def test_the_user_message_holds_each_source_and_then_the_question() -> None:
    content = ground("When do\nyou open?", [HOURS, TRAM]).messages[1]["content"]
    code = re.fullmatch(r"--- source \[1\] ([0-9a-f]{16})", content.split("\n")[0])
    assert code
    assert content == (
        f"--- source [1] {code[1]}\nTitle: Opening hours\nSection: Shop > Summer\nWe open at seven.\nMon | 7:00\n"
        f"--- end of source {code[1]}\n\n"
        f"--- source [2] {code[1]}\nTitle: Find us\nTram 4 stops at the door.\n--- end of source {code[1]}\n\n"
        "Question: When do you open?\nAnswer in English."
    )


QUESTIONS = json.loads((Path(__file__).parents[2] / "data" / "questions.json").read_text(encoding="utf-8"))
OPEN = "the language of the question"


def order(question: str, page_language: str = "", language: str = "") -> str:
    """The language that the model is told to answer in."""
    last = (
        ground(question, [replace(HOURS, language=language)], page_language=page_language)
        .messages[1]["content"]
        .split("\n")[-1]
    )
    return last.removeprefix("Answer in ").removesuffix(".")


@pytest.mark.parametrize("language", QUESTIONS)
def test_no_question_orders_another_language(language: str) -> None:
    name = english_name(language)
    for question in QUESTIONS[language]:
        assert order(question) in (name, OPEN), question
        assert order(question, language) == name, question
        assert order(question, "", language) == name, question


@pytest.mark.parametrize(
    ("question", "language"),
    [
        ("Коли ви відкриваєтесь?", "Ukrainian"),
        ("Кога отваряте?", "Bulgarian"),
        ("Када отварате недељом и где је улаз?", "Serbian"),
        ("چه ساعتی باز می‌کنید؟", "Persian"),
        ("آپ کب کھولتے ہیں؟", "Urdu"),
        ("Wann habt ihr geöffnet?", "German"),
        ("いつ開きますか", "Japanese"),
        ("When do\nyou open?", "English"),
    ],
)
def test_a_plain_question_names_its_language(question: str, language: str) -> None:
    assert order(question, "fr-FR") == language


@pytest.mark.parametrize(
    ("question", "page", "passages", "language"),
    [
        ("parking", "de-DE", "en-US", "German"),
        ("parking", "", "nl", "Dutch"),
        ("wifi", "pt-BR", "", "Portuguese"),
        ("X200?", "sv-SE", "", "Swedish"),
        ("X200?", "", "", OPEN),
        ("How much?", "de-DE", "", OPEN),
        ("کاتژمێر چەند دەکەنەوە؟", "ckb", "", OPEN),
    ],
)
def test_few_words_are_in_the_language_of_the_page_where_they_may_be(
    question: str, page: str, passages: str, language: str
) -> None:
    assert order(question, page, passages) == language


def test_what_repeats_the_instructions_or_the_code_is_private() -> None:
    grounding = ground("When do you open?", [HOURS])
    check = is_private(grounding)
    for rule in prompt("answer").split("\n")[2:]:
        assert check(rule) or len(re.sub("`[^`]*`", "", rule).split()) < 8, rule
    assert check(f"The code is {grounding.code}.")
    assert not check("The shop opens at seven in the morning, on Fridays at six.")


def test_the_version_of_the_prompts_changes_with_each_of_them(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    versions = [prompt_version()]
    for name in ("answer", "rewrite"):
        (tmp_path / f"{name}.md").write_text("Answer.")
    monkeypatch.setattr("rag_ask.providers.prompt.PROMPTS", tmp_path)
    for text in ("Rewrite.", "Rewrite it."):
        (tmp_path / "rewrite.md").write_text(text)
        prompt_version.cache_clear()
        versions.append(prompt_version())
    prompt_version.cache_clear()
    assert len(set(versions)) == 3


def test_no_post_can_know_the_code_of_a_request() -> None:
    codes = {ground("q", [HOURS]).messages[1]["content"].split("\n")[0] for _ in range(20)}
    assert len(codes) == 20


def test_without_passages_there_is_nothing_to_ask_a_model() -> None:
    grounding = ground("When?", [])
    assert (grounding.sources, grounding.messages) == ((), ())
