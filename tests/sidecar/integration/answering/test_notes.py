"""Notes: answers that the owner wrote, asked first and cited as such. Over HTTP, in a real Postgres."""

from __future__ import annotations

import contract
import pytest

NOTE_TYPE = "rag_ask_note"
QUESTION = "Do you deliver on Saturdays?"
ANSWER = "<p>Yes, on Saturdays before noon.</p><p>Call us a day ahead.</p>"


@pytest.fixture
def shop(wordpress):
    wordpress.publish(1, 1, "<p>We deliver from Monday to Friday. Delivery costs four pounds.</p>", title="Delivery")
    wordpress.publish(2, 1, "<p>The shop opens at seven in the morning.</p>", title="Opening hours")
    return wordpress


@pytest.fixture
def pinned(shop):
    note(shop)
    return shop


def note(site, post_id=9, version=1, html=ANSWER, **fields):
    site.publish(post_id, version, html, **({"type": NOTE_TYPE, "title": QUESTION, "url": ""} | fields))


def test_the_note_is_the_answer_and_cited_as_such(pinned):
    answer, expected = pinned.ask("do you deliver on saturdays"), contract.message("ask-note")
    assert answer.keys() == expected.keys()
    assert answer["outcome"] == "quoted"
    assert answer["answer"] == "Yes, on Saturdays before noon.\nCall us a day ahead [1]."
    (citation,) = answer["citations"]
    assert citation.keys() == expected["citations"][0].keys()
    assert (citation["kind"], citation["title"], citation["url"], citation["fragment_url"]) == (
        "note", QUESTION, "", "",
    )  # fmt: skip
    assert answer["sources"] == [{"number": 1, "title": QUESTION, "url": "", "heading": "", "kind": "note"}]


def test_a_page_is_cited_where_one_was_chosen(shop):
    note(shop, url="https://shop.example/delivery/")
    (citation,) = shop.ask(QUESTION)["citations"]
    assert citation["url"] == citation["fragment_url"] == "https://shop.example/delivery/"


@pytest.mark.parametrize(
    "question", ["Is there delivery on Saturdays?", "Can you deliver on Saturdays?", "deliver on Saturdays?"]
)
def test_other_wordings_find_it(pinned, question):
    assert [citation["kind"] for citation in pinned.ask(question)["citations"]] == ["note"]


def test_a_wording_that_the_owner_added_finds_it(shop):
    note(shop, fields=[{"name": "wording", "value": "Kommt ihr auch am Wochenende?"}])
    assert [citation["kind"] for citation in shop.ask("kommt ihr auch am Wochenende")["citations"]] == ["note"]


@pytest.mark.parametrize(
    "question",
    [
        "Do you deliver on Mondays?", "What does delivery cost?", "When does the shop open?",
        "Do you not deliver on Saturdays?", "Saturdays", "How many moons does Jupiter have?",
    ],
)  # fmt: skip
def test_other_questions_do_not(pinned, question):
    answer = pinned.ask(question)
    assert "note" not in [citation["kind"] for citation in answer["citations"] + answer["sources"]]


def test_a_search_for_passages_and_suggestions_leave_it_out(pinned):
    found = pinned.post("/v1/search", {"question": QUESTION}).json["passages"]
    assert [passage["title"] for passage in found] == ["Delivery", "Opening hours"]


def test_it_changes_and_goes_like_other_documents(pinned):
    note(pinned, version=2, html="<p>No longer.</p>")
    assert pinned.ask(QUESTION)["answer"] == "No longer [1]."
    pinned.push({"op": "delete", "id": 9, "version": 3})
    assert "note" not in [citation["kind"] for citation in pinned.ask(QUESTION)["citations"]]


def test_the_newest_note_of_a_question_counts(pinned):
    note(pinned, post_id=10, html="<p>Only before Christmas.</p>")
    assert pinned.ask(QUESTION)["answer"] == "Only before Christmas [1]."


def test_who_may_not_read_it_does_not_get_it(shop):
    note(shop, groups=["role:editor"])
    assert "note" not in [citation["kind"] for citation in shop.ask(QUESTION)["citations"]]
    assert shop.ask(QUESTION, ["public", "role:editor"])["citations"][0]["kind"] == "note"


def test_no_model_writes_it_anew(paid_site, model_server):
    site = paid_site()
    note(site)
    before = len(model_server.requests)
    answer = site.ask(QUESTION)
    assert (answer["model"], answer["citations"][0]["kind"]) == ("quote", "note")
    assert len(model_server.requests) == before


def test_only_a_note_has_no_address(wordpress):
    response = wordpress.push(wordpress.upsert(3, 1, "<p>Text.</p>", url=""))
    assert response.json["results"][0]["result"] == "rejected"
