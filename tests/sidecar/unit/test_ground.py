from __future__ import annotations

import re

from rag_ask.answer.openai import ABSTAIN
from rag_ask.ground import Passage, ground

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
        "Question: When do you open?"
    )


def test_no_post_can_know_the_code_of_a_request() -> None:
    codes = {ground("q", [HOURS]).messages[1]["content"].split("\n")[0] for _ in range(20)}
    assert len(codes) == 20


def test_without_passages_there_is_nothing_to_ask_a_model() -> None:
    grounding = ground("When?", [])
    assert (grounding.sources, grounding.messages) == ((), ())
