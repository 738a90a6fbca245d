"""The default embedder: multilingual, told when its files are missing, and no change for a site that runs."""

from __future__ import annotations

import os
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import pytest
from free_port import free_port
from reembedding import stored
from sidecar_processes import Processes, fetch, until

from fakes.wordpress import EMBEDDER, WordPress
from rag_ask.api.app import create_app
from rag_ask.db.database import Database
from rag_ask.indexing import indexer
from rag_ask.providers import models
from rag_ask.providers.embed.spec import E5_SMALL
from rag_ask.settings import Settings

MODELS = os.environ["RAG_ASK_MODELS_DIR"]
HOURS = "<p>The shop opens at seven in the morning.</p>"
PARCELS = "<p>Parcels are sent to every country by tram and ship.</p>"
GERMAN = {"question": "Wann öffnet der Laden?"}
HALL = {
    "Opening times": "The climbing hall is open from 10:00 to 22:00 on weekdays and from 9:00 to 20:00 at weekends.",
    "Kids club": "The kids club is for children from six to eleven. There is a waiting list of about two months.",
    "Taster session": "The taster session is for people who have never climbed. It costs £19 with shoes and harness.",
    "Birthday parties": "A party lasts two hours. Bring your own cake if you like; candles are not allowed.",
}
IN_OTHER_LANGUAGES = {
    "Bis wann ist die Kletterhalle am Wochenende offen?": ("quoted", "20:00"),
    "Darf ich zum Geburtstag meinen eigenen Kuchen mitbringen?": ("unsure", "candles"),
    "¿Cuánto cuesta la sesión de prueba para principiantes?": ("unsure", "£19"),
    "Wie viele Monde hat der Jupiter?": ("abstained", ""),
    "¿Quién escribió la segunda sinfonía de Mahler?": ("abstained", ""),
}


@pytest.fixture
def default(own_settings: Settings) -> Settings:
    return replace(own_settings, embedder="local", models_dir=MODELS)


@pytest.fixture
def own_site(default: Settings) -> Iterator[WordPress]:
    """The only site of a database of its own, served with the default embedder."""
    database = Database(default, tenant_size=2, system_size=2, statement_timeout_s=30)
    database.open()
    app = create_app(default)
    yield WordPress(app.test_client(), database, "own-site")
    app.extensions["rag_ask"].database.close()
    database.close()


@pytest.fixture
def processes(own_url: str) -> Iterator[Processes]:
    started = Processes(own_url)
    yield started
    started.stop()


def first(site: WordPress, question: str) -> str:
    """The title of the best passage."""
    response = site.post("/v1/search", {"question": question})
    assert response.status_code == 200, response.text
    title: str = response.json["passages"][0]["title"]
    return title


def test_a_question_in_another_language_finds_the_page(own_site: WordPress, default: Settings) -> None:
    own_site.push(own_site.upsert(1, 1, HOURS, title="Hours"), own_site.upsert(2, 1, PARCELS, title="Parcels"))
    while indexer.index_some(indexer.Shift(own_site.database, models.embedder(default))):
        pass
    assert stored(own_site)[0] == {E5_SMALL.name: 2}
    assert own_site.status()["newer_embedder"] is None
    # No word of it stands on the page.
    assert first(own_site, "Wann öffnet der Laden?") == "Hours"
    assert first(own_site, "Когда открывается магазин?") == "Hours"
    assert first(own_site, "Versenden Sie ins Ausland?") == "Parcels"
    assert own_site.ask("When does the shop open?")["citations"][0]["title"] == "Hours"
    assert own_site.ask("Who was Napoleon?")["outcome"] == "abstained"


def test_a_question_in_another_language_is_answered(own_site: WordPress, default: Settings) -> None:
    pages = enumerate(HALL.items(), 1)
    own_site.push(*(own_site.upsert(number, 1, f"<p>{text}</p>", title=title) for number, (title, text) in pages))
    while indexer.index_some(indexer.Shift(own_site.database, models.embedder(default))):
        pass
    for question, (outcome, said) in IN_OTHER_LANGUAGES.items():
        answer = own_site.ask(question)
        assert answer["outcome"] == outcome, question
        assert said in str(answer["excerpts"])


def test_a_running_site_goes_on_until_it_is_reembedded(
    own_site: WordPress, processes: Processes, tmp_path: Path
) -> None:
    own_site.publish(1, 1, HOURS, title="Hours")
    own_site.publish(2, 1, PARCELS, title="Parcels")
    assert stored(own_site)[0] == {EMBEDDER.name: 2}
    assert own_site.status()["newer_embedder"] == E5_SMALL.name

    # Updated, and nobody got the new model's files.
    port, none = free_port(), str(tmp_path / "models")
    processes.start("serve", RAG_ASK_PORT=str(port), RAG_ASK_EMBEDDER="local", RAG_ASK_MODELS_DIR=none)
    processes.start("worker", RAG_ASK_EMBEDDER="local", RAG_ASK_MODELS_DIR=none)
    until(lambda: fetch(port, "/readyz")[0] == 200)
    status, text = fetch(port, "/v1/ask", {"question": "When does the shop open?"}, own_site.ask_token())
    assert (status, "seven in the morning" in text) == (200, True), text
    own_site.push(own_site.upsert(3, 1, "<p>The kitchen opens at noon.</p>"))
    until(lambda: stored(own_site)[0] == {EMBEDDER.name: 3})
    checked = processes.run("check", RAG_ASK_EMBEDDER="local", RAG_ASK_MODELS_DIR=none)
    assert checked.stdout.startswith("All is well"), checked.stdout
    shown = processes.run("status", own_site.site_id, RAG_ASK_EMBEDDER="local", RAG_ASK_MODELS_DIR=none)
    assert f"{E5_SMALL.name}. To change to it, run rag-ask reembed" in shown.stdout

    refused = processes.run("reembed", RAG_ASK_EMBEDDER="local", RAG_ASK_MODELS_DIR=none)
    assert refused.returncode == 1
    assert "rag-ask models get" in refused.stderr
    changed = processes.run("reembed", RAG_ASK_EMBEDDER="local", RAG_ASK_MODELS_DIR=MODELS)
    assert changed.returncode == 0, changed.stderr
    assert stored(own_site) == ({E5_SMALL.name: 3}, 0)
    assert own_site.status()["newer_embedder"] is None
    assert first(own_site, GERMAN["question"]) == "Hours"
    # The processes of before have no files, and say so.
    status, text = fetch(port, "/v1/ask", GERMAN, own_site.ask_token())
    assert (status, "model_missing" in text, "models get" in text) == (503, True, False), text


def test_who_chose_the_english_one_is_offered_nothing(own_site: WordPress, own_settings: Settings) -> None:
    own_site.publish(1, 1, HOURS)
    app = create_app(own_settings)
    english = WordPress.__new__(WordPress)
    english.__dict__ |= own_site.__dict__ | {"client": app.test_client()}
    assert english.status()["newer_embedder"] is None
    app.extensions["rag_ask"].database.close()


@pytest.mark.parametrize("command", ["serve", "worker", "check"])
def test_without_the_files_a_new_site_says_what_to_do(processes: Processes, tmp_path: Path, command: str) -> None:
    refused = processes.run(
        command, RAG_ASK_PORT=str(free_port()), RAG_ASK_EMBEDDER="local", RAG_ASK_MODELS_DIR=str(tmp_path)
    )
    assert refused.returncode == 1
    said = refused.stdout + refused.stderr
    assert "rag-ask models get" in said
    assert "RAG_ASK_EMBEDDER=local-en" in said
    assert "Traceback" not in said


def test_an_explicit_change_is_refused_as_before(own_site: WordPress, processes: Processes, default: Settings) -> None:
    own_site.push(own_site.upsert(1, 1, HOURS))
    while indexer.index_some(indexer.Shift(own_site.database, models.embedder(default))):
        pass
    refused = processes.run("worker", RAG_ASK_EMBEDDER="local-en")
    assert refused.returncode == 1
    assert "rag-ask reembed" in refused.stderr
