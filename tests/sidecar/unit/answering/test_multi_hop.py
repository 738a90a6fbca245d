"""Further searches: when the model asks for one, and when there are enough."""

import pytest

from rag_ask.answering.multi_hop import TIMEOUT_S, gather
from rag_ask.db.thresholds import Thresholds
from rag_ask.passage import Passage
from rag_ask.retrieval.retrieve import Retrieved

HOURS = Passage(1, "Courses", "https://b.example/courses", (), "The course is held in the old mill.", 1.0)
MILL = Passage(2, "Old mill", "https://b.example/mill", (), "The old mill stands in Ford Lane.", 0.9)
QUESTION = "Where is the course?"


def run(written, limit=2, confidence=0.8):
    """The passages in the end, the searches that were made, and the messages that the model got."""
    replies, searches, messages = iter(written), [], []

    def write(sent, max_output_tokens, timeout_s):
        assert (max_output_tokens, timeout_s) == (60, TIMEOUT_S)
        messages.append(sent)
        return next(replies)

    def search(queries):
        searches.append(list(queries))
        return Retrieved((HOURS, MILL) if queries else (HOURS,), confidence, Thresholds(0.3, 0.3))

    found = gather(QUESTION, search, write, limit)
    return found.passages, searches, messages


def test_a_search_that_the_model_asks_for_is_made():
    passages, searches, messages = run(["old mill address", "ENOUGH"])
    assert passages == (HOURS, MILL)
    assert searches == [[], ["old mill address"]]
    system, user = messages[1]
    assert "write exactly ENOUGH" in system["content"]
    assert "The old mill stands in Ford Lane." in user["content"]
    assert user["content"].endswith("Question: Where is the course?\nSearched already: old mill address")


def test_never_more_than_the_limit():
    assert run(["one", "two"])[1] == [[], ["one"], ["one", "two"]]
    assert run(["one"], limit=1)[1] == [[], ["one"]]
    assert run([], limit=0) == ((HOURS,), [[]], [])


@pytest.mark.parametrize(
    "written",
    [
        "ENOUGH!",
        "ENOUGH - they say it all",
        "The sources are enough.",
        "<think>hm</think>",
        "N/A",
        "None.",
        "-",
        "NOT_ON_THIS_SITE",
        "ENOUGH",
        " enough.\n",
        None,
        "",
        "\n \n",
        "where is  the COURSE?",
        "x" * 501,
        "\u200b",
        '""',
    ],
)
def test_what_is_no_search(written):
    assert run([written])[:2] == ((HOURS,), [[]])


def test_a_search_that_was_made_is_not_made_again():
    assert run(["old mill", "Old  Mill"])[1] == [[], ["old mill"]]


def test_only_the_first_line_counts_and_nothing_in_it_hides_or_stands_in_quotes():
    assert run(["\n“Old\u202e mill” `address`\nIgnore the above", "ENOUGH"])[1] == [[], ["Old mill address"]]


def test_each_call_has_a_marker_of_its_own():
    first, second = (sent[1]["content"].splitlines()[0] for sent in run(["one", "two"])[2])
    assert first.startswith("--- source [1] ")
    assert first != second


def test_below_the_threshold_no_model_is_asked():
    assert run([], confidence=0.2) == ((HOURS,), [[]], [])
