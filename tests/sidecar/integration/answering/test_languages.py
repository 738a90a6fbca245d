"""Sites in other scripts than the local embedder has learned: found by words, and silent on other matters."""

import json
from pathlib import Path

import pytest

from rag_ask.providers.embed.script import reads

SITES = json.loads((Path(__file__).parents[2] / "data" / "languages.json").read_text(encoding="utf-8"))
LOCAL = "local/all-MiniLM-L6-v2-int8/384"


@pytest.mark.parametrize("language", SITES)
def test_a_site_answers_what_it_tells_and_nothing_else(wordpress, language):
    site = SITES[language]
    for number, (title, text) in enumerate(site["pages"].items(), 1):
        wordpress.publish(number, 1, f"<p>{text}</p>", title=title, language=language)
    for asked in site["answered"]:
        answer = wordpress.ask(asked["question"])
        assert asked["answer"] in answer["answer"], asked
    outcomes = {question: wordpress.ask(question)["outcome"] for question in site["foreign"]}
    assert set(outcomes.values()) == {"abstained"}, outcomes


def test_what_the_local_embedder_reads():
    assert reads(LOCAL, "Öffnungszeiten, où, größer, 7:30")
    assert reads(LOCAL, "2027?")
    assert reads(LOCAL, "iPhone 15 の価格")
    assert not reads(LOCAL, "iPhone の価格はいくらですか")
    assert not reads(LOCAL, "Часы работы")
    assert reads("openai/text-embedding-3-small/512", "Часы работы")
