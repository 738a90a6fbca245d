"""A site moves to another sidecar while it is asked and pushed to: two servers, two workers, two databases."""

import json
import time
import urllib.request
from uuid import UUID, uuid4

import contract
import httpx2
import jwt
import psycopg
import pytest
from free_port import free_port
from load import Load
from sidecar_processes import Processes, fetch, until

from fakes.wordpress import EMBEDDER, SECRET, WordPress
from rag_ask.api.app import create_app
from rag_ask.api.auth import MOVED, WRITE, body_hash
from rag_ask.api.forward import NOTICE
from rag_ask.cli.move import Sender
from rag_ask.db import access, active_embedder, migrate, sites
from rag_ask.db.database import Database
from rag_ask.errors import RagAskError
from rag_ask.insights import questions
from rag_ask.insights.question_log import QuestionLog
from rag_ask.moves import counted, depart, rows
from rag_ask.providers import usage
from rag_ask.settings import Settings

# Counted anew from the words of the chunks (a sparse vector is written as {dimension:weight,...}/size).
TERM_COUNTS = "SELECT dimension::text, chunk_count FROM term_counts WHERE chunk_count <> 0 ORDER BY 1"
TERMS_OF_CHUNKS = """
SELECT (split_part(term, ':', 1)::int - 1)::text, count(*) FROM chunks,
  unnest(string_to_array(trim(split_part(lexical::text, '/', 1), '{}'), ',')) AS term GROUP BY 1 ORDER BY 1
"""
ASKED = {"question": "When does the shop open?"}


class Cell:
    """One sidecar with its own database."""

    def __init__(self, url):
        self.url, self.port = url, free_port()
        self.processes = Processes(url)
        self.address = f"http://127.0.0.1:{self.port}"
        self.database = Database(Settings(url, SECRET), tenant_size=2, system_size=2, statement_timeout_s=30)
        self.database.open()

    def start(self):
        limits = {"RAG_ASK_VISITOR_LIMITS": "100000 per minute", "RAG_ASK_SITE_LIMITS": "100000 per minute"}
        self.processes.start("serve", RAG_ASK_PORT=str(self.port), RAG_ASK_CACHE_TTL_S="0", **limits)
        self.processes.start("worker")
        until(lambda: fetch(self.port, "/readyz")[0] == 200)

    def rows(self, sql):
        with psycopg.connect(self.url) as owner:
            return owner.execute(sql).fetchall()

    def stop(self):
        self.processes.stop()
        self.database.close()


@pytest.fixture
def cells(own_url, other_url):
    made = [Cell(own_url), Cell(other_url)]
    yield made
    for cell in made:
        cell.stop()


@pytest.fixture
def site(cells):
    """Registered at the first, its requests go there throughout."""
    return WordPress(None, cells[0].database, "shop")


def push(cell, site, *changes):
    body = {"changes": list(changes)}
    return fetch(cell.port, "/v1/push", body, site.token(WRITE, bh=body_hash(json.dumps(body).encode())))[0]


def ask(cell, site, question=ASKED):
    status, text = fetch(cell.port, "/v1/ask", question, site.ask_token())
    return status, json.loads(text)


def indexed(cell):
    return {post_id for (post_id,) in cell.rows("SELECT post_id FROM documents WHERE state = 'indexed'")}


def move(here, there):
    moved = here.processes.run("sites", "move", "shop", "--to", there.address, "--wait", "2")
    assert moved.returncode == 0, moved.stderr


def test_nothing_is_lost_and_everybody_is_answered(cells, site):
    here, there = cells
    here.start()
    there.start()
    push(here, site, *(site.upsert(n, 1, f"<p>Post {n} is about subject {n}.</p>") for n in range(2, 80)))
    push(here, site, site.upsert(1, 1, "<p>The shop opens at seven in the morning.</p>", title="Hours"))
    until(lambda: len(indexed(here)) == 79)

    def edit(number):
        change = site.upsert(1000 + number, 1, f"<p>The newest bread number {number} is made of rye.</p>")
        until(lambda: push(here, site, change) == 202)
        return 1000 + number

    with Load(lambda _: ask(here, site)) as asked, Load(edit) as pushed:
        asked.until_more()
        pushed.until_more()
        move(here, there)
        asked.until_more()
        pushed.until_more()
    assert {(status, "seven" in answer["answer"]) for status, answer in asked.results} == {(200, True)}
    until(lambda: indexed(there) == {*range(1, 80), *pushed.results})
    # Again, for the notes of the answers that were under way at the change-over.
    move(here, there)
    assert here.rows("SELECT (SELECT count(*) FROM documents), (SELECT count(*) FROM questions)") == [(0, 0)]
    until(lambda: there.rows("SELECT count(*) FROM questions")[0][0] == len(asked.results))
    assert len(there.rows("SELECT chunk_count FROM sites UNION SELECT count(*) FROM chunks")) == 1
    assert there.rows(TERM_COUNTS) == there.rows(TERMS_OF_CHUNKS)
    what_comes_to_the_old_address_is_passed_on(here, there, site)
    the_plugin_is_told_the_new_address(here, there, site)
    move(there, here)
    assert indexed(here) == {*range(2, 80), *pushed.results}
    assert "rye" in ask(there, site, {"question": "What is the newest bread made of?"})[1]["answer"]
    here.processes.stop()
    assert ask(there, site)[0] == 503


def what_comes_to_the_old_address_is_passed_on(here, there, site):
    status, stream = fetch(here.port, "/v1/ask", ASKED, site.ask_token(), "text/event-stream")
    assert (status, "event: sources" in stream, "event: done" in stream) == (200, True, True)
    refused, why = fetch(here.port, "/v1/ask", {"question": ""}, site.ask_token())
    assert (refused, json.loads(why)["error"]["code"]) == (400, "question_empty")
    assert push(here, site, {"op": "delete", "id": 1, "version": 2}) == 202
    assert "seven" not in (ask(here, site)[1]["answer"] or "")


def the_plugin_is_told_the_new_address(here, there, site):
    body = b'{"changes": []}'
    request = urllib.request.Request(f"{here.address}/v1/push", body, {"Content-Type": "application/json"})
    request.add_header("Authorization", f"Bearer {site.token(WRITE, bh=body_hash(body))}")
    with urllib.request.urlopen(request, timeout=60) as response:
        notice = response.headers[NOTICE]
    claims = jwt.decode(notice, site.key, ["HS256"], audience=MOVED, issuer="shop")
    wanted = contract.message("moved-token")
    assert jwt.get_unverified_header(notice) == wanted["header"] | {"kid": site.kid}
    assert claims.keys() == wanted["claims"].keys()
    assert claims["url"] == there.address


@pytest.fixture
def sender(cells):
    """Sends steps to the second cell, or to the first, without a network."""
    apps = [create_app(Settings(cell.url, SECRET, embedder="local-en")) for cell in cells]
    clients = [httpx2.Client(transport=httpx2.WSGITransport(app=app)) for app in apps]
    yield lambda secret=SECRET, to=1: Sender(clients[to], secret, "http://there").send
    for app, client in zip(apps, clients, strict=True):
        client.close()
        app.extensions["rag_ask"].database.close()


@pytest.fixture
def published(cells, site):
    """The site, with a post at the first cell."""
    app = create_app(Settings(cells[0].url, SECRET, embedder="local-en"))
    with cells[0].database.system() as connection:
        active_embedder.choose(connection, EMBEDDER.name)
    site.client = app.test_client()
    site.publish(1, 1, "<p>The shop opens at seven in the morning.</p>")
    yield site
    app.extensions["rag_ask"].database.close()


def depart_from(cell, send):
    depart.move(cell.database, send, "shop", "http://there", lambda *_: None, 0)


def test_no_table_of_a_site_is_forgotten(cells):
    tables = {name for name, *_ in cells[0].rows(access.TABLES) if not name.startswith("chunks_")}
    made_anew = {"answers", "postings", "reservations", "staged_embeddings"}
    added_up = {"usage", "moved_usage"}
    assert tables == {"sites", rows.DOCUMENTS, rows.CHUNKS, *rows.OTHERS} | made_anew | added_up


def test_no_number_of_the_usage_is_forgotten(cells):
    names = "SELECT attname FROM pg_attribute WHERE attrelid = %s::regclass AND attnum > 0 AND NOT attisdropped"
    with cells[0].database.system() as connection:
        mine, moved = ({row["attname"] for row in connection.execute(names, (of,))} for of in ("usage", "moved_usage"))
    assert mine - {"reserved_microusd", "exhausted_at"} == moved - {"origin"} == {"site_id", "day", *counted.NUMBERS}


def test_a_move_that_stopped_goes_on(cells, published, sender):
    """Stopped after each of its steps in turn."""
    here, there = cells
    for stops_after in range(1, 30):
        sent = []

        def send(step, message, sent=sent, stops_after=stops_after):
            answer = sender()(step, message)
            sent.append(step)
            if len(sent) == stops_after:
                raise ConnectionError
            return answer

        try:
            depart_from(here, send)
        except ConnectionError:
            # It may have arrived: then nobody may write here any more.
            status = published.push(published.upsert(2, stops_after, "<p>Noon.</p>")).status_code
            assert status == (503 if sent[-1] == "finish" else 202)
        else:
            break
    assert stops_after > 5
    assert there.rows("SELECT post_id FROM documents ORDER BY 1") == [(1,), (2,)]
    assert there.rows("SELECT moving, moved_to FROM sites") == [("", "")]
    assert here.rows("SELECT moving, moved_to FROM sites") == [("", "http://there")]


def count(cell):
    """A question, and the tokens of another."""
    ((incarnation,),) = cell.rows("SELECT incarnation::text FROM sites")
    note = {"id": str(uuid4()), "asked_s": time.monotonic(), "incarnation": incarnation, "purged_at": None}
    note |= {"outcome": "quoted", "confidence": 1.0}
    note |= {"document_ids": [1], "model": "", "is_cached": False, "latency_ms": 1, "question": "When?"}
    log = QuestionLog(cell.database)
    log.add("shop", note)
    log.flush()
    with cell.database.tenant("shop") as connection:
        usage.count_embedding(connection, "shop", 1000, 0.02)
    return note["id"]


def counted_at(cell):
    numbers = "sum(questions), sum(embedding_tokens) / 1000, sum(cost_microusd) / 20, sum(reserved_microusd)"
    return [int(number) for number in cell.rows(f"SELECT {numbers} FROM usage")[0]]


def test_what_is_counted_at_the_change_over_is_counted_once(cells, published, sender):
    """Before each step a question is counted at the old place, and what was counted arrives twice."""
    here, there = cells
    with here.database.tenant("shop") as connection:
        assert usage.reserve(connection, "shop", 5)
    asked = []

    def send(step, message):
        if step != "questions":
            asked.append(count(here))
        if step in ("usage", "questions"):
            sender()(step, message)
        return sender()(step, message)

    depart_from(here, send)
    # The last one was counted when the usage had been read.
    assert counted_at(there) == [len(asked) - 1] * 3 + [0]
    asked.append(count(there))
    depart_from(here, sender())
    assert counted_at(there) == [len(asked)] * 3 + [0]
    assert {str(answer_id) for (answer_id,) in there.rows("SELECT id FROM questions")} == {*asked}
    # Back again, with one that was not handed over.
    asked.append(count(here))
    depart_from(there, sender(to=0))
    assert counted_at(here) == [len(asked)] * 3 + [5]


def test_what_arrives_late_changes_no_vote_and_is_purged_with_the_rest(cells, published, sender):
    here, there = cells
    before, after = count(here), []

    def send(step, message):
        if step == "questions":
            with there.database.tenant("shop") as connection:
                questions.rate(connection, "shop", UUID(before), "up", "")
        answer = sender()(step, message)
        if step == "finish":
            after.append(count(here))
        return answer

    depart_from(here, send)
    votes = {str(answer_id): rating for answer_id, rating in there.rows("SELECT id, rating FROM questions")}
    assert votes == {before: "up", after[0]: None}
    count(here)
    with there.database.tenant("shop") as connection:
        sites.purge(connection, "shop")
    depart_from(here, sender())
    assert there.rows("SELECT count(*) FROM questions") == [(0,)]


def test_sidecars_that_differ_are_refused(cells, published, sender, monkeypatch):
    with pytest.raises(RagAskError) as refused:
        depart_from(cells[0], sender(b"another secret of more than 32 bytes"))
    assert refused.value.code == "secrets_differ"
    with monkeypatch.context() as changed, pytest.raises(RagAskError) as refused:
        versions = iter((["1"], ["2"]))
        changed.setattr(migrate, "applied", lambda connection: next(versions))
        depart_from(cells[0], sender())
    assert refused.value.code == "versions_differ"
    with cells[1].database.system() as connection:
        sites.add(connection, "shop", "Another shop", "https://shop.example")
    with pytest.raises(RagAskError) as refused:
        depart_from(cells[0], sender())
    assert refused.value.code == "site_exists"
    assert published.push(published.upsert(2, 1, "<p>Noon.</p>")).status_code == 202
