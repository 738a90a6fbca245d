"""Back up and restore by the commands: what is put back answers once it is confirmed, and what was withdrawn never."""

import subprocess
import time
from dataclasses import replace

import psycopg
import pytest
from click.testing import CliRunner

from rag_ask.api.app import create_app
from rag_ask.cli.main import main
from rag_ask.db import dump, roles
from rag_ask.errors import RagAskError

QUESTION = {"question": "When does the shop open?"}
HOURS = "<p>The shop opens at seven in the morning.</p>"


@pytest.fixture
def run(own_settings, monkeypatch):
    monkeypatch.setenv("RAG_ASK_DATABASE_URL", own_settings.database_url)
    monkeypatch.setenv("RAG_ASK_SECRET", own_settings.secret.decode())
    monkeypatch.setenv("RAG_ASK_EMBEDDER", "local-en")
    return lambda *arguments: CliRunner().invoke(main, arguments)


def hang_up(site, settings):
    """As stopping `serve` and `worker` does."""
    site.database.close()
    site.client.application.extensions["rag_ask"].database.close()
    roles_ = [roles.tenant(settings).role, roles.system(settings).role]
    with psycopg.connect(settings.database_url, autocommit=True) as owner:
        # Postgres notices a moment later.
        while owner.execute(dump.OTHERS, (roles_,)).fetchone() != (0,):
            time.sleep(0.05)


def test_what_is_put_back_answers_once_it_is_confirmed(own_site, own_settings, run, tmp_path):
    own_site.publish(1, 1, HOURS, title="Hours")
    file = tmp_path / "rag-ask.dump"
    assert run("backup", str(file)).exit_code == 0
    assert file.stat().st_mode & 0o777 == 0o600
    own_site.push({"op": "delete", "id": 1, "version": 2})
    assert own_site.ask(QUESTION["question"])["outcome"] == "abstained"
    hang_up(own_site, own_settings)
    restored = run("restore", "--yes", str(file))
    assert restored.exit_code == 0, restored.output
    assert "own-site: 1 documents are in no answer until they are confirmed" in restored.output
    app = create_app(own_settings)
    own_site.client = app.test_client()
    assert own_site.post("/v1/ask", QUESTION).json["error"]["code"] == "index_unproven"
    app.extensions["rag_ask"].database.close()


def test_nothing_is_replaced_under_a_sidecar_that_runs(own_site, own_settings, run, tmp_path):
    file = tmp_path / "rag-ask.dump"
    run("backup", str(file))
    refused = run("restore", "--yes", str(file))
    assert refused.exit_code == 1
    assert "Stop `rag-ask serve`" in refused.output


def test_a_broken_file_changes_nothing_and_says_so(own_site, own_settings, tmp_path):
    own_site.publish(1, 1, HOURS, title="Hours")
    file = tmp_path / "rag-ask.dump"
    dump.write(own_settings, file)
    file.write_bytes(file.read_bytes()[:-4000])
    hang_up(own_site, own_settings)
    with pytest.raises(RagAskError, match="nothing was changed"):
        dump.read(own_settings, file)
    with psycopg.connect(own_settings.database_url) as owner:
        assert owner.execute("SELECT count(*) FROM documents").fetchone() == (1,)


def test_no_half_file_is_left_and_no_password_is_shown(own_settings, tmp_path, monkeypatch):
    ran = []

    def failing(command, **options):
        ran.append((command, options["env"]))
        return subprocess.CompletedProcess(command, 1, "", "pg_dump: error: gone")

    monkeypatch.setattr(subprocess, "run", failing)
    secret = "between-us"
    url = f"postgresql://system:{secret}@nowhere.invalid/db"
    with pytest.raises(RagAskError, match="pg_dump: error: gone"):
        dump.write(replace(own_settings, database_system_url=url), tmp_path / "rag-ask.dump")
    assert list(tmp_path.iterdir()) == []
    [(command, environment)] = ran
    assert secret not in " ".join(command)
    assert environment["PGPASSWORD"] == secret
