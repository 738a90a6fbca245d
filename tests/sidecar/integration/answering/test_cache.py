"""The cache: the same answer again while the content is the same, and never after it changed."""

import dataclasses
import json
import threading
import time
import uuid
from concurrent.futures import ThreadPoolExecutor

import jwt
import pytest
import redis
from free_port import free_port
from redis_process import running_redis
from sidecar_processes import until

from fakes import openai_server
from rag_ask import housekeeping
from rag_ask.answering import cached_answer
from rag_ask.answering.cache import LEASE_S, CacheKey
from rag_ask.answering.cache.postgres import PostgresAnswers
from rag_ask.answering.cache.redis import RedisAnswers
from rag_ask.api.app import create_app
from rag_ask.db import incarnation, sites
from rag_ask.db.generation import raise_generation
from rag_ask.retrieval import retrieve

QUESTION = "When does the shop open?"
HOURS = "<p>The shop opens at seven in the morning.</p>"


@pytest.fixture(scope="session")
def redis_url(tmp_path_factory):
    with running_redis(tmp_path_factory.mktemp("redis")) as (url, _):
        yield url


@pytest.fixture(params=["postgres", "redis"])
def store_settings(request, settings, provider, monkeypatch):
    """A paid model, so that every call is seen, and one of the two stores, however slow the machine is."""
    monkeypatch.setattr("rag_ask.answering.cache.redis.TIMEOUT_S", 30.0)
    redis_url = request.getfixturevalue("redis_url") if request.param == "redis" else ""
    return dataclasses.replace(
        settings,
        answer_model="openai",
        openai_base_url=provider.base_url,
        cache=request.param,
        redis_url=redis_url,
    )


@pytest.fixture
def bakery(store_settings, wordpress):
    app = create_app(store_settings)
    wordpress.client = app.test_client()
    wordpress.publish(1, 1, HOURS, title="Opening hours")
    yield wordpress
    app.extensions["rag_ask"].database.close()


def good_after(event, provider):
    """A good answer of the model, when the test lets it be given."""

    def play(handler, body):
        assert event.wait(60)
        openai_server.chat(provider.text)(handler, body)

    return play


def slow(delay_s, provider):
    """A good answer of the model, after a while."""

    def play(handler, body):
        time.sleep(delay_s)
        openai_server.chat(provider.text)(handler, body)

    return play


def chats(provider):
    return [request for request in provider.requests if request.path.endswith("/chat/completions")]


def remembered(bakery):
    """Ask until the process gives the answer from its memory."""
    assert [bakery.ask(QUESTION)["cached"] for _ in range(3)] == [False, True, True]
    assert len(bakery.client.application.extensions["rag_ask"].cache._memory._answers) == 1


def events(response):
    frames = [frame for frame in response.text.split("\n\n") if frame]
    return [(f.split("\n")[0].removeprefix("event: "), json.loads(f.split("\n")[1][6:])) for f in frames]


def test_the_same_question_is_answered_from_the_cache(bakery, provider):
    first, second = bakery.ask(QUESTION), bakery.ask("  when does the shop OPEN ")
    assert (first["cached"], second["cached"], len(chats(provider))) == (False, True, 1)
    assert first["usage"]["output_tokens"] > 0
    assert set(second["usage"].values()) == {0}
    assert first["answer_id"] != second["answer_id"]
    for name in first.keys() - {"answer_id", "cached", "usage", "conversation"}:
        assert first[name] == second[name]


def test_a_cached_answer_streams_the_same_events(bakery):
    written = events(bakery.post("/v1/ask", {"question": QUESTION}, Accept="text/event-stream"))
    kept = events(bakery.post("/v1/ask", {"question": QUESTION}, Accept="text/event-stream"))
    assert [name for name, _ in kept] == ["sources", "delta", "answer", "done"]
    written_by_name, kept_by_name = dict(written), dict(kept)
    assert kept_by_name["sources"] == written_by_name["sources"]
    assert kept_by_name["delta"]["text"] == written_by_name["answer"]["answer"]
    assert (written_by_name["answer"]["cached"], kept_by_name["answer"]["cached"]) == (False, True)


@pytest.mark.parametrize(
    "change",
    [
        {"url": "https://bakery.example/new-address/"},
        {"title": "Another title"},
        {"groups": ["public", "members"]},
        {"html": HOURS + "<p>On Sundays it is closed.</p>"},
    ],
)
def test_no_answer_outlives_a_change(bakery, change):
    remembered(bakery)
    pushed = bakery.push(bakery.upsert(1, 2, **({"html": HOURS, "title": "Opening hours"} | change)))
    assert pushed.json["results"][0]["result"] == "accepted"
    bakery.index()
    answer = bakery.ask(QUESTION)
    assert not answer["cached"]
    assert answer["citations"][0]["url"] == change.get("url", f"https://{bakery.site_id}.example/?p=1")
    assert answer["citations"][0]["title"] == change.get("title", "Opening hours")


def test_a_withdrawn_post_is_in_no_cached_answer(bakery):
    remembered(bakery)
    bakery.push({"op": "delete", "id": 1, "version": 2})
    answer = bakery.ask(QUESTION)
    assert (answer["outcome"], answer["cached"]) == ("abstained", False)


def test_a_post_that_only_some_may_read_now_is_in_no_cached_answer(bakery):
    remembered(bakery)
    bakery.push(bakery.upsert(1, 2, HOURS, title="Opening hours", groups=["members"]))
    assert bakery.ask(QUESTION)["outcome"] == "abstained"
    assert bakery.ask(QUESTION, ["public", "members"])["outcome"] == "answered"


def test_with_a_key_that_is_revoked_no_kept_answer_is_given(bakery, database):
    remembered(bakery)
    token = bakery.ask_token()
    with database.system() as connection:
        sites.new_key(connection, bakery.site_id, revokes=True)
    response = bakery.post("/v1/ask", {"question": QUESTION}, token)
    assert (response.status_code, response.json["error"]["code"]) == (401, "key_unknown")


def test_an_index_that_went_back_to_a_backup_has_no_kept_answer(bakery, database):
    remembered(bakery)
    with database.system() as connection:
        incarnation.renew(connection, bakery.site_id)
    response = bakery.post("/v1/ask", {"question": QUESTION})
    assert (response.status_code, response.json["error"]["code"]) == (503, "index_unproven")


def test_groups_and_language_have_answers_of_their_own(bakery, provider):
    bakery.ask(QUESTION)
    assert not bakery.ask(QUESTION, ["public", "members"])["cached"]
    assert bakery.ask(QUESTION, ["members", "public", "public"])["cached"]
    german = bakery.post("/v1/ask", {"question": QUESTION}, bakery.ask_token(lang="de"))
    assert not german.json["cached"]


def test_another_site_has_answers_of_its_own(bakery, new_site):
    other = new_site()
    other.client = bakery.client
    other.publish(1, 1, "<p>The shop opens at noon.</p>", title="Opening hours")
    bakery.ask(QUESTION)
    assert not other.ask(QUESTION)["cached"]


def test_a_push_between_retrieval_and_storing_leaves_nothing_to_serve(bakery, monkeypatch):
    """What was retrieved before the push is stored after it, and must not be found by the next question."""
    original = retrieve.retrieve

    def retrieve_then_withdraw(*arguments, **options):
        found = original(*arguments, **options)
        assert bakery.push({"op": "delete", "id": 1, "version": 2}).status_code == 202
        return found

    monkeypatch.setattr("rag_ask.answering.find.retrieve", retrieve_then_withdraw)
    assert bakery.ask(QUESTION)["outcome"] == "answered"
    monkeypatch.undo()
    answer = bakery.ask(QUESTION)
    assert (answer["outcome"], answer["cached"]) == ("abstained", False)


def test_identical_questions_at_once_make_one_call(bakery, provider):
    provider.chat.append(slow(1.0, provider))
    with ThreadPoolExecutor(8) as pool:
        answers = list(pool.map(lambda _: bakery.ask(QUESTION), range(8)))
    assert len(chats(provider)) == 1
    assert sorted(answer["cached"] for answer in answers) == [False] + [True] * 7
    assert {answer["answer"] for answer in answers} == {answers[0]["answer"]}


def test_who_waits_gets_the_content_of_after_a_push(bakery, provider):
    is_told = threading.Event()
    provider.chat.append(good_after(is_told, provider))
    with ThreadPoolExecutor(2) as pool:
        first = pool.submit(bakery.ask, QUESTION)
        until(lambda: chats(provider))
        second = pool.submit(bakery.ask, QUESTION)
        time.sleep(0.3)
        bakery.push({"op": "delete", "id": 1, "version": 2})
        assert second.result(60)["outcome"] == "abstained"
        is_told.set()
        assert first.result(60)["outcome"] == "answered"


def at_once(count, ask, provider):
    """The answers of as many questions; the others come when the first one's call is on its way."""
    before = len(chats(provider))
    with ThreadPoolExecutor(count) as pool:
        first = pool.submit(ask)
        until(lambda: len(chats(provider)) > before)
        return [future.result(60) for future in [first] + [pool.submit(ask) for _ in range(count - 1)]]


def test_a_provider_that_hangs_is_waited_for_once(bakery, provider, monkeypatch):
    bakery.client.application.extensions["rag_ask"].line.answerer.chat._model._first_token_timeout_s = 1.5
    provider.chat.append(openai_server.hang())
    # Whoever waits to the end of his patience is too late for `at_once`.
    monkeypatch.setattr(cached_answer, "WAIT_S", 120.0)
    answers = at_once(6, lambda: bakery.ask(QUESTION), provider)
    assert {answer["outcome"] for answer in answers} == {"quoted"}
    assert len(chats(provider)) == 1


def test_an_answer_that_breaks_off_is_waited_for_once(bakery, provider):
    def breaks_off(handler, body):
        time.sleep(1.0)
        openai_server.broken("The shop opens at seven [1]. It")(handler, body)

    provider.chat.append(breaks_off)
    responses = at_once(4, lambda: bakery.post("/v1/ask", {"question": QUESTION}), provider)
    assert [response.status_code for response in responses] == [503, 200, 200, 200]
    assert {response.json["outcome"] for response in responses[1:]} == {"quoted"}
    assert len(chats(provider)) == 1
    # Not for long.
    until(lambda: bakery.ask(QUESTION)["outcome"] == "answered")


def test_a_slow_answer_is_written_once(bakery, provider):
    """Also when it takes longer than a lease."""
    provider.chat.append(slow(LEASE_S + 2, provider))
    answers = at_once(4, lambda: bakery.ask(QUESTION), provider)
    assert [answer["cached"] for answer in answers] == [False, True, True, True]
    assert len(chats(provider)) == 1


def test_who_holds_a_lease_and_dies_is_noticed_soon(bakery, store, monkeypatch):
    """A claim without its thread is what a process leaves behind that was killed."""
    claimed = []
    cache = bakery.client.application.extensions["rag_ask"].cache
    claim = cache._store.claim

    def claim_after_another(key, lease):
        if not claimed:
            claimed.append(claim(key, str(uuid.uuid4())))
        return claim(key, lease)

    monkeypatch.setattr(cache._store, "claim", claim_after_another)
    # Who waits for the dead to the end of his patience is given a quote.
    answer = bakery.ask(QUESTION)
    assert (claimed, answer["outcome"], answer["cached"]) == ([True], "answered", False)


def test_few_threads_wait_and_the_others_get_quotes(store_settings, wordpress, provider):
    # Eleven threads: nine questions at a time, two of which may wait for another's answer.
    app = create_app(dataclasses.replace(store_settings, web_threads=11))
    wordpress.client = app.test_client()
    wordpress.publish(1, 1, HOURS)
    have_ended = threading.Event()
    provider.chat.append(good_after(have_ended, provider))
    ended = []

    def ask():
        answer = wordpress.ask(QUESTION)
        ended.append((answer["outcome"], answer["cached"]))
        if len(ended) == 5:
            have_ended.set()

    at_once(8, ask, provider)
    app.extensions["rag_ask"].database.close()
    # In the order in which they end: who does not wait is not held up.
    assert ended[:5] == [("quoted", False)] * 5
    assert sorted(ended[5:]) == [("answered", False), ("answered", True), ("answered", True)]
    assert len(chats(provider)) == 1


def test_a_visitor_who_leaves_blocks_nobody(bakery, provider):
    response = bakery.client.post(
        "/v1/ask",
        json={"question": QUESTION},
        headers={"Authorization": f"Bearer {bakery.ask_token()}", "Accept": "text/event-stream"},
        buffered=False,
    )
    next(response.response)
    response.close()
    assert not bakery.ask(QUESTION)["cached"]


def test_a_wait_is_bounded(bakery, provider, monkeypatch):
    monkeypatch.setattr(cached_answer, "WAIT_S", 0.3)
    is_quoted = threading.Event()
    provider.chat.append(good_after(is_quoted, provider))
    with ThreadPoolExecutor(1) as pool:
        first = pool.submit(bakery.ask, QUESTION)
        until(lambda: chats(provider))
        assert bakery.ask(QUESTION)["outcome"] == "quoted"
        is_quoted.set()
        assert first.result(60)["outcome"] == "answered"
    assert len(chats(provider)) == 1


def test_a_kept_answer_holds_no_word_of_the_visitor(bakery, provider, store_settings, caplog):
    """Not even masked, so that a site that keeps no words of questions has nothing here to delete."""
    bakery.signed("POST", "/v1/settings", {"question_days": 0})
    asked = "When does the shop open? I am Xanthippe, xanthippe@example.com."
    follow_up = "And on Sundays for Xanthippe?"
    for _ in range(2):
        answer = bakery.ask(asked)
        answer = bakery.ask(follow_up, conversation=answer["conversation"])
    assert answer["cached"]
    assert jwt.decode(answer["conversation"], options={"verify_signature": False})["turns"][-1]["question"]
    assert "xanthippe" not in everything(bakery, store_settings).casefold()
    assert "xanthippe" not in caplog.text.casefold()


def everything(site, settings):
    """All rows of all tables, and all answers in Redis."""
    with site.database.system() as connection:
        tables = connection.execute("SELECT tablename FROM pg_tables WHERE schemaname = 'public'").fetchall()
        rows = [connection.execute(f"SELECT t::text FROM {t['tablename']} AS t").fetchall() for t in tables]
    if settings.redis_url:
        with redis.Redis.from_url(settings.redis_url) as client:
            kept = [client.get(name) for name in client.scan_iter("rag-ask:answer:*")]
            assert any(b"seven" in value for value in kept)
            rows += kept
    return str(rows)


def test_a_kept_follow_up_goes_on_with_the_conversation(bakery, provider):
    first = bakery.ask(QUESTION)
    provider.chat.append(openai_server.chat("Does the shop open on Sundays?"))
    turns = []
    for _ in range(2):
        answer = bakery.ask("And on Sundays?", conversation=first["conversation"])
        turns.append(jwt.decode(answer["conversation"], options={"verify_signature": False})["turns"])
    assert [turn["question"] for turn in turns[0]] == [QUESTION, "Does the shop open on Sundays?"]
    # What the model made of it is not kept; the words of the question before are put beside it, without a call.
    assert [turn["question"] for turn in turns[1]] == [QUESTION, "And on Sundays? (shop open)"]
    assert turns[0][1]["answer"] == turns[1][1]["answer"]
    assert len(chats(provider)) == 3


def test_a_kept_question_that_stood_alone_still_does(bakery, provider):
    """The rules alone, without a look at the pages or a model, take a keyword for a follow-up."""
    first = bakery.ask(QUESTION)
    provider.chat.append(openai_server.chat("parking"))
    for cached in (False, True):
        answer = bakery.ask("parking", conversation=first["conversation"])
        turns = jwt.decode(answer["conversation"], options={"verify_signature": False})["turns"]
        assert (answer["cached"], turns[-1]["question"]) == (cached, "parking")


def test_cached_answers_count_for_the_limits(store_settings, wordpress):
    app = create_app(dataclasses.replace(store_settings, visitor_limits="2 per minute"))
    wordpress.client = app.test_client()
    codes = [wordpress.post("/v1/ask", {"question": QUESTION}).status_code for _ in range(3)]
    app.extensions["rag_ask"].database.close()
    assert codes == [200, 200, 429]


def test_nothing_is_kept_when_it_is_off(store_settings, wordpress, provider):
    app = create_app(dataclasses.replace(store_settings, cache_ttl_s=0))
    wordpress.client = app.test_client()
    wordpress.publish(1, 1, HOURS)
    assert [wordpress.ask(QUESTION)["cached"] for _ in range(2)] == [False, False]
    app.extensions["rag_ask"].database.close()
    assert len(chats(provider)) == 2


def test_answers_of_another_model_are_not_given(bakery, store_settings):
    bakery.ask(QUESTION)
    app = create_app(dataclasses.replace(store_settings, chat_model="another"))
    bakery.client = app.test_client()
    answer = bakery.ask(QUESTION)
    app.extensions["rag_ask"].database.close()
    assert (answer["model"], answer["cached"]) == ("openai/another", False)


def test_what_a_stand_in_wrote_is_only_handed_on(bakery, monkeypatch):
    """To those who waited for it."""
    monkeypatch.setattr(cached_answer, "FAILURE_TTL_S", 1)
    cache = bakery.client.application.extensions["rag_ask"].cache
    monkeypatch.setattr(cache, "_model", "openai/the-one-that-is-away")
    assert [bakery.ask(QUESTION)["cached"] for _ in range(2)] == [False, True]
    until(lambda: not bakery.ask(QUESTION)["cached"], 3)


@pytest.fixture
def store(store_settings, database):
    return RedisAnswers(store_settings.redis_url) if store_settings.redis_url else PostgresAnswers(database)


@pytest.fixture
def key(wordpress):
    return CacheKey(wordpress.site_id, 0, b"d" * 32)


def test_one_lease_at_a_time_and_only_its_holder_gives_it_back(store, key):
    one, other = str(uuid.uuid4()), str(uuid.uuid4())
    assert store.claim(key, one)
    assert not store.claim(key, other)
    store.release(key, other)
    assert not store.claim(key, other)
    store.release(key, one)
    assert store.claim(key, other)


def test_a_lease_holds_while_its_holder_extends_it(store, key):
    one, other = str(uuid.uuid4()), str(uuid.uuid4())
    store.claim(key, one)
    for _ in range(2):
        time.sleep(LEASE_S * 0.6)
        assert not store.claim(key, other)
        store.extend(key, one)
    store.release(key, one)
    store.claim(key, other)
    # Another's by now.
    store.extend(key, one)
    store.release(key, one)
    assert not store.claim(key, one)


def test_what_is_kept_is_found_until_it_expires_and_cannot_be_claimed(store, key):
    store.keep(key, {"answer": "yes"}, 1)
    assert store.find(key).content == {"answer": "yes"}
    assert not store.claim(key, str(uuid.uuid4()))
    until(lambda: store.find(key) is None)
    assert store.claim(key, str(uuid.uuid4()))
    assert store.find(key) is None


def test_nothing_is_found_once_the_content_changed_since_the_key_was_made(wordpress, database, key):
    store = PostgresAnswers(database)
    store.keep(key, {"answer": "yes"}, 60)
    assert store.find(key)
    with database.tenant(wordpress.site_id) as connection:
        raise_generation(connection, wordpress.site_id)
    assert store.find(key) is None


def test_a_dropped_site_has_nothing_kept(store, key, wordpress, new_site):
    other = CacheKey(new_site().site_id, 0, b"d" * 32)
    for each in (key, other):
        store.keep(each, {"answer": "yes"}, 60)
    store.drop(wordpress.site_id)
    assert store.find(key) is None
    assert store.find(other).content == {"answer": "yes"}


def test_a_purge_forgets_the_answers(bakery, store):
    keys = []
    cache = bakery.client.application.extensions["rag_ask"].cache
    keep = cache._store.keep
    cache._store.keep = lambda key, *rest: (keys.append(key), keep(key, *rest))
    remembered(bakery)
    assert store.find(keys[0])
    assert bakery.signed("DELETE", "/v1/site", {"site_id": bakery.site_id}).status_code == 200
    assert store.find(keys[0]) is None
    assert cache._memory.find(keys[0]) is None


def test_answers_go_on_without_redis(settings, wordpress, monkeypatch, caplog):
    app = create_app(dataclasses.replace(settings, cache="redis", redis_url=f"redis://127.0.0.1:{free_port()}/0"))
    wordpress.client = app.test_client()
    wordpress.publish(1, 1, HOURS)
    monkeypatch.setattr("rag_ask.answering.cache.redis.AWAY_S", 3600.0)
    assert [wordpress.ask(QUESTION)["cached"] for _ in range(3)] == [False] * 3
    app.extensions["rag_ask"].database.close()
    # Tried once, and not by every question.
    assert caplog.text.count("cache.away") == 1


def test_housekeeping_deletes_what_has_had_its_time(database, wordpress, monkeypatch):
    monkeypatch.setattr(housekeeping, "MAX_ANSWERS", 2)
    store = PostgresAnswers(database)
    with database.system() as connection:
        connection.execute("UPDATE sites SET generation = 7 WHERE site_id = %s", (wordpress.site_id,))

    def keep(name, generation=7, ttl_s=60):
        key = CacheKey(wordpress.site_id, generation, name.encode())
        store.keep(key, {"answer": name}, ttl_s)
        return key

    kept = {
        name: keep(name, **more)
        for name, more in [
            ("withdrawn", {"generation": 6}),
            ("expired", {"ttl_s": -1}),
            ("oldest", {}),
            ("older", {}),
            ("newest", {}),
        ]
    }
    housekeeping.delete_expired_of_site(database, wordpress.site_id)
    assert [name for name, key in kept.items() if store.find(key)] == ["older", "newest"]


def test_housekeeping_takes_no_lease_away(database, wordpress):
    """Not even when the content changed: who holds it is writing still."""
    claimed = CacheKey(wordpress.site_id, 0, b"claimed")
    store = PostgresAnswers(database)
    assert store.claim(claimed, str(uuid.uuid4()))
    with database.system() as connection:
        connection.execute("UPDATE sites SET generation = 7 WHERE site_id = %s", (wordpress.site_id,))
    housekeeping.delete_expired_of_site(database, wordpress.site_id)
    assert not store.claim(claimed, str(uuid.uuid4()))
