"""POST /v1/ask and /v1/search: grounded, cited, streamed, or refused with a reason."""

import json

import contract
import pytest

CHANGED = "2026-11-20T10:00:00+01:00"
HOURS = "<h2>Shop</h2><p>The shop opens at seven in the morning.</p><h2>Kitchen</h2><p>Soup is served from noon.</p>"


@pytest.fixture
def bakery(wordpress):
    wordpress.publish(1, 1, HOURS, title="Opening hours", url="https://bakery.example/hours/", modified_at=CHANGED)
    wordpress.publish(2, 1, "<p>Sourdough loaves cost four pounds.</p>", title="Prices")
    return wordpress


def events(response):
    frames = [frame for frame in response.text.split("\n\n") if frame and not frame.startswith(":")]
    return [(f.split("\n")[0].removeprefix("event: "), json.loads(f.split("\n")[1][6:])) for f in frames]


def test_answer_has_the_shape_of_the_contract(bakery):
    answer = bakery.ask("When does the shop open?")
    expected = contract.message("ask-response")
    assert answer.keys() == expected.keys()
    assert answer["citations"][0].keys() == expected["citations"][0].keys()
    assert answer["sources"][0].keys() == expected["sources"][0].keys()
    assert answer["outcome"] == "quoted"
    assert "opens at seven in the morning" in answer["answer"]
    assert answer["citations"][0] == {
        "number": answer["citations"][0]["number"],
        "title": "Opening hours",
        "url": "https://bakery.example/hours/",
        "heading": "Shop",
        "quote": "The shop opens at seven in the morning.",
        "document_id": 1,
        "date": "2026-11-20T09:00:00Z",
        "fragment_url": "https://bakery.example/hours/#:~:text=The%20shop%20opens%20at%20seven%20in%20the%20morning.",
        "kind": "page",
    }


def test_contract_request_is_accepted(bakery):
    assert bakery.post("/v1/ask", contract.message("ask-request")).status_code == 200
    assert bakery.post("/v1/search", contract.message("search-request")).status_code == 200


def test_stream_has_the_events_of_the_contract(bakery):
    response = bakery.post("/v1/ask", {"question": "When does the shop open?"}, Accept="text/event-stream")
    assert response.mimetype == "text/event-stream"
    assert response.headers["Cache-Control"] == "no-cache, no-transform"
    assert response.headers["X-Accel-Buffering"] == "no"
    received = events(response)
    assert list(dict.fromkeys(name for name, _ in received)) == ["sources", "delta", "answer", "done"]
    assert set(contract.message("ask-stream")["events"]) == {name for name, _ in received}
    by_name = dict(received)
    streamed = "".join(data["text"] for name, data in received if name == "delta")
    assert streamed.split() == by_name["answer"]["answer"].split()
    assert by_name["sources"]["sources"] == by_name["answer"]["sources"]


def test_not_on_this_site(bakery):
    answer = bakery.ask("How many moons does Jupiter have?")
    assert (answer["outcome"], answer["answer"], answer["citations"]) == ("abstained", "", [])


def test_empty_site_abstains(wordpress):
    assert wordpress.ask("When does the shop open?")["outcome"] == "abstained"


def test_only_groups_of_the_token_are_answered_from(bakery):
    bakery.publish(3, 1, "<p>The staff password for the till is Marzipan.</p>", title="Staff", groups=["staff"])
    question = "What is the staff password for the till?"
    assert "Marzipan" not in json.dumps(bakery.ask(question))
    assert "Marzipan" in bakery.ask(question, ["public", "staff"])["answer"]


def test_search_returns_passages_best_first(bakery):
    response = bakery.post("/v1/search", {"question": "price of sourdough", "limit": 1})
    assert [set(p) for p in response.json["passages"]] == [set(contract.message("search-response")["passages"][0])]
    assert response.json["passages"][0]["title"] == "Prices"


@pytest.mark.parametrize(
    ("body", "status", "code"),
    [
        ({"question": "  "}, 400, "question_empty"),
        ({"question": "\u200b\u2060 \ufeff\u200d\u200d\u200d"}, 400, "question_empty"),
        ({"question": "x" * 501}, 400, "question_too_long"),
        ({"question": 7}, 400, "invalid_request"),
        ({}, 400, "invalid_request"),
        ({"question": "Hi", "model": "gpt-5"}, 400, "unknown_field"),
        ({"question": "Hi", "site_id": "another"}, 400, "unknown_field"),
        ([], 400, "invalid_request"),
    ],
)
def test_bad_questions(bakery, body, status, code):
    response = bakery.post("/v1/ask", body)
    assert (response.status_code, response.json["error"]["code"]) == (status, code)
    assert contract.message("errors")["status_by_code"][code] == status


@pytest.mark.parametrize(
    "question", ["x" * 500, "' OR 1=1 --", "🥐", "؟", "\x00seven\ud800", "%s %(site_id)s", "[1] {1:1}/5"]
)
def test_odd_questions_are_answered_or_abstained(bakery, question):
    assert bakery.ask(question)["outcome"] in ("quoted", "abstained")


def test_other_media_types_methods_and_paths(bakery):
    headers = {"Authorization": f"Bearer {bakery.ask_token()}", "Content-Type": "text/plain"}
    for response, status, code in [
        (bakery.client.post("/v1/ask", data="{}", headers=headers), 415, "unsupported_media_type"),
        (bakery.client.get("/v1/ask"), 405, "method_not_allowed"),
        (bakery.client.get("/wp-login.php"), 404, "not_found"),
    ]:
        assert (response.status_code, response.json["error"]["code"]) == (status, code)


def test_what_stands_beside_a_page_is_not_linked_on_it(wordpress):
    beside = {
        "author": "admin",
        "terms": [{"taxonomy": "category", "name": "Rye"}],
        "fields": [{"name": "Phone", "value": "01632 960 001"}, {"name": "Fax", "value": "01632 960 002"}],
    }
    wordpress.publish(1, 1, "<p>We bake bread every day.</p>", title="Visit us", url="https://b.example/", **beside)
    answer = wordpress.ask("What is the phone number?")
    assert answer["answer"].startswith("Phone: 01632 960 001 [")
    assert answer["citations"][0]["fragment_url"] == "https://b.example/"
    for question in ("Who is the author?", "Rye", "admin"):
        answer = wordpress.ask(question)
        assert not {"admin", "Rye"} & set(answer["answer"].replace("[", " ").split())
        assert all("author" not in citation["fragment_url"] for citation in answer["citations"])


def test_metadata_is_a_passage_of_its_own(wordpress):
    wordpress.publish(
        1, 1, "<p>We bake bread.</p>", title="Bread", fields=[{"name": "Phone", "value": "01632 960 001"}]
    )
    found = wordpress.post("/v1/search", {"question": "Phone"}).json["passages"]
    assert [passage["text"] for passage in found] == ["Phone: 01632 960 001", "We bake bread."]
    assert wordpress.signed("GET", "/v1/documents/1").json["text"] == "We bake bread.\nPhone: 01632 960 001"
