"""The question log: what waits, until when, and that nothing of it is lost when a process ends as it should."""

import pytest
from sidecar_processes import until
from structlog.testing import capture_logs

from rag_ask.db import sites
from rag_ask.db.database import Database
from rag_ask.errors import DatabaseUnavailable
from rag_ask.insights import question_log
from rag_ask.insights.question_log import QuestionLog

QUESTION = "When does the shop open?"


@pytest.fixture
def asked_questions_are_written_at_once(monkeypatch):
    """They are not: they wait longer than a test takes."""
    monkeypatch.setattr(question_log, "WRITE_EVERY_S", 600)


@pytest.fixture
def bakery(wordpress):
    wordpress.publish(1, 1, "<p>The shop opens at seven in the morning.</p>", title="Opening hours")
    return wordpress


@pytest.fixture
def log(bakery):
    return bakery.client.application.extensions["rag_ask"].question_log


def written(bakery, columns="question"):
    with bakery.database.system() as connection:
        found = connection.execute(
            f"SELECT {columns} FROM questions WHERE site_id = %s ORDER BY asked_at", (bakery.site_id,)
        )
        return [tuple(row.values()) for row in found]


def counted(bakery):
    with bakery.database.system() as connection:
        row = connection.execute("SELECT questions FROM usage WHERE site_id = %s", (bakery.site_id,)).fetchone()
        return row["questions"] if row else 0


def test_what_was_asked_waits_and_is_written_together(bakery, log, new_site):
    other = new_site()
    for site, question in ((bakery, QUESTION), (other, "Is anybody there?"), (bakery, "Who bakes?")):
        site.ask(question)
    assert (written(bakery), counted(bakery)) == ([], 0)
    log.flush()
    assert written(bakery) == [(QUESTION,), ("Who bakes?",)]
    assert written(other) == [("Is anybody there?",)]
    assert (counted(bakery), counted(other)) == (2, 1)


def test_it_is_written_by_itself(bakery, monkeypatch):
    monkeypatch.setattr(question_log, "WRITE_EVERY_S", 0.01)
    for number in (1, 2):
        bakery.ask(QUESTION)
        until(lambda number=number: len(written(bakery)) == number)


def test_more_than_may_wait_are_written_by_who_comes(bakery, monkeypatch):
    monkeypatch.setattr(question_log, "MAX_WAITING", 1)
    bakery.ask(QUESTION)
    assert written(bakery) == []
    bakery.ask(QUESTION)
    assert len(written(bakery)) == 2


def test_an_answer_can_be_rated_while_its_row_waits(bakery):
    answer_id = bakery.ask(QUESTION)["answer_id"]
    assert bakery.post("/v1/feedback", {"answer_id": answer_id, "rating": "up"}).status_code == 204
    assert written(bakery, "rating") == [("up",)]


def test_insights_hold_what_waits(bakery):
    bakery.ask(QUESTION)
    assert bakery.signed("GET", "/v1/insights?days=7").json["questions"] == 1


def test_what_was_asked_before_a_purge_is_not_written_after_it(bakery, log):
    bakery.ask(QUESTION)
    assert bakery.signed("DELETE", "/v1/site", {"site_id": bakery.site_id}).status_code == 200
    log.flush()
    assert written(bakery) == []


def test_no_clock_decides_what_was_asked_before_a_purge(bakery, log):
    """An hour earlier by the database's clock: that of the web process is ahead."""
    bakery.ask(QUESTION)
    with bakery.database.system() as connection:
        sites.purge(connection, bakery.site_id)
        connection.execute(
            "UPDATE sites SET purged_at = purged_at - interval '1 hour' WHERE site_id = %s", (bakery.site_id,)
        )
    bakery.ask("Who bakes?")
    log.flush()
    assert written(bakery, "question, asked_at <= now()") == [("Who bakes?", True)]


def test_what_a_removed_site_was_asked_is_not_written_to_the_next_of_its_id(bakery, log):
    bakery.ask(QUESTION)
    with bakery.database.system() as connection:
        sites.remove(connection, bakery.site_id)
        sites.add(connection, bakery.site_id, "", "https://another.example")
    log.flush()
    assert written(bakery) == []


def test_a_site_without_words_has_none_written(bakery, log):
    bakery.ask(QUESTION)
    with bakery.database.system() as connection:
        connection.execute("UPDATE sites SET question_days = 0 WHERE site_id = %s", (bakery.site_id,))
    log.flush()
    assert written(bakery, "question, answer, outcome") == [(None, None, "quoted")]


def test_what_cannot_be_written_stops_neither_another_site_nor_the_next(bakery, log, new_site, monkeypatch):
    other = new_site()
    bakery.ask(QUESTION)
    other.ask(QUESTION)
    write = log._database.tenant_at_once

    def failing(site_id, *statement):
        if site_id == bakery.site_id:
            raise OSError("broken")
        return write(site_id, *statement)

    with monkeypatch.context() as broken:
        broken.setattr(log._database, "tenant_at_once", failing)
        log.flush()
    assert (written(bakery), written(other)) == ([], [(QUESTION,)])
    bakery.ask("Who bakes?")
    log.flush()
    assert written(bakery) == [("Who bakes?",)]


def test_one_failed_connection_ends_the_round(bakery, log, new_site, monkeypatch):
    """What waits is written when the database is back, and dropped with one line when the process ends."""
    sites_asked = [bakery, new_site(), new_site()]
    tried = []

    def away(site_id, *_):
        tried.append(site_id)
        raise DatabaseUnavailable

    for site in sites_asked:
        site.ask(QUESTION)
    with monkeypatch.context() as broken:
        broken.setattr(log._database, "tenant_at_once", away)
        log.flush()
        assert tried == [bakery.site_id]
        log.flush()
        assert tried == [bakery.site_id, sites_asked[1].site_id]
    log.flush()
    assert [written(site) for site in sites_asked] == [[(QUESTION,)]] * 3
    for site in sites_asked:
        site.ask("Who bakes?")
    with monkeypatch.context() as broken, capture_logs() as said:
        broken.setattr(log._database, "tenant_at_once", away)
        log.flush(max_kept=0)
    assert [(line["event"], line["waiting"], line["dropped"]) for line in said] == [("questions.wait", 0, 3)]
    log.flush()
    assert [len(written(site)) for site in sites_asked] == [1, 1, 1]


def test_nothing_waits_for_a_database_that_was_closed(settings):
    database = Database(settings, tenant_size=1, system_size=1, statement_timeout_s=10)
    database.open()
    database.close()
    log = QuestionLog(database)
    log.add("shop", None)
    with capture_logs() as said:
        log.flush()
    assert [(line["waiting"], line["dropped"]) for line in said] == [(0, 1)]


def test_the_database_that_is_back_gets_what_waits_by_itself(bakery, log, monkeypatch):
    monkeypatch.setattr(question_log, "TRY_AGAIN_S", 0.01)
    bakery.ask(QUESTION)
    write, tried = log._database.tenant_at_once, []

    def back_at_third(*statement):
        tried.append(statement)
        if len(tried) < 3:
            raise DatabaseUnavailable
        return write(*statement)

    monkeypatch.setattr(log._database, "tenant_at_once", back_at_third)
    log.flush()
    until(lambda: written(bakery) == [(QUESTION,)])
