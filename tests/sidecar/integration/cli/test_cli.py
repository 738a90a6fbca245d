"""The command line, run as a person runs it."""

import json
import re

from rag_ask.indexing import queue


def test_help_teaches_a_first_run(run):
    printed = run("--help").stdout
    for command in ("migrate", "sites add", "serve", "worker", "check"):
        assert f"rag-ask {command}" in printed


def test_settings_problems_are_listed_without_a_trace(run):
    result = run("migrate", RAG_ASK_DATABASE_URL="", RAG_ASK_SECRET="short")
    assert result.returncode == 1
    assert "RAG_ASK_DATABASE_URL" in result.stderr
    assert "RAG_ASK_SECRET" in result.stderr
    assert "Traceback" not in result.stderr


def test_migrate_twice_changes_nothing(run):
    assert run("migrate").stdout == "The tables are current.\n"


def test_migrate_without_a_database_says_so(run):
    result = run("migrate", RAG_ASK_DATABASE_URL="postgresql://127.0.0.1:1/x")
    assert (result.returncode, "RAG_ASK_DATABASE_URL" in result.stderr) == (1, True)
    assert "Traceback" not in result.stderr


def test_check_passes_and_names_what_is_wrong(run):
    assert run("check").stdout.startswith("All is well")
    broken = run("check", REDIS_URL="redis://127.0.0.1:1", RAG_ASK_DATABASE_URL="postgresql://127.0.0.1:1/x")
    assert broken.returncode == 1
    assert [line.split(":")[0] for line in broken.stdout.splitlines()] == ["- RAG_ASK_DATABASE_URL", "- REDIS_URL"]


def test_a_site_from_add_to_remove(run, wordpress, database):
    added = run("sites", "add", "cli-site", "--url", "https://cli.example/", "--name", "A shop")
    assert re.fullmatch(r"http://cli-site:[0-9a-f]{8}\.[\w-]{43}@127\.0\.0\.1:8787\n", added.stdout), added.stderr
    again = run("sites", "add", "cli-site", "--url", "https://cli.example/")
    assert "site_exists" in again.stderr
    assert "cli-site\tA shop\thttps://cli.example\t0 chunks" in run("sites", "list").stdout
    assert run("sites", "rotate-key", "cli-site").stdout != added.stdout
    assert run("sites", "remove", "cli-site", "--yes").stdout == "Removed cli-site.\n"
    assert "site_unknown" in run("sites", "remove", "cli-site", "--yes").stderr


def test_a_key_that_leaked_is_refused_at_once(run, wordpress):
    wordpress.publish(1, 1, "<p>The shop opens at seven in the morning.</p>")
    assert run("sites", "rotate-key", wordpress.site_id).returncode == 0
    assert wordpress.signed("GET", "/v1/status").status_code == 200
    assert run("sites", "rotate-key", wordpress.site_id, "--now").returncode == 0
    refused = wordpress.signed("GET", "/v1/status")
    assert (refused.status_code, refused.json["error"]["code"]) == (401, "key_unknown")


def test_ask_search_and_status(run, wordpress):
    wordpress.publish(1, 1, "<p>The shop opens at seven in the morning.</p>", title="Hours")
    answer = run("ask", wordpress.site_id, "When does the shop open?")
    assert "The shop opens at seven in the morning [1]." in answer.stdout, answer.stderr
    assert "[1] Hours - https://" in answer.stdout
    assert "Not on this site." in run("ask", wordpress.site_id, "Who was Napoleon?").stdout
    assert "seven in the morning" in run("search", wordpress.site_id, "shop").stdout
    assert json.loads(run("status", wordpress.site_id, "--json").stdout)["documents"]["indexed"] == 1
    assert "1 indexed" in run("status", wordpress.site_id, "--wait", "--expect", "1").stdout
    late = run("status", wordpress.site_id, "--wait", "--expect", "2", "--timeout", "1")
    assert (late.returncode, "timeout" in late.stderr) == (1, True)


def test_waiting_ends_with_a_document_that_will_be_tried_again(run, wordpress, database):
    wordpress.push(wordpress.upsert(1, 1, "<p>Text.</p>"))
    with database.system() as connection:
        claimed = queue.claim(connection, 1)[0]
        queue.back_off(connection, claimed, "unreadable", "It broke.", transient=False, final=False)
    waited = run("status", wordpress.site_id, "--wait", "--expect", "1", "--timeout", "60")
    assert (waited.returncode, "It broke. (unreadable)" in waited.stdout) == (0, True), waited.stderr


def test_a_daily_budget_is_set_shown_and_taken_away(run, wordpress):
    site_id = wordpress.site_id
    assert run("sites", "budget", site_id, "2.50").stdout == f"{site_id}: 2.50 USD a day.\n"
    assert "spent today: 0.0000 of 2.50 USD" in run("status", site_id).stdout
    for amount in ("-1", "nan", "much", "1e9"):
        assert run("sites", "budget", "--", site_id, amount).returncode == 2
    assert run("sites", "budget", site_id, "none").stdout == f"{site_id}: no limit.\n"
    assert json.loads(run("status", site_id, "--json").stdout)["budget"] is None
    assert "site_unknown" in run("sites", "budget", "no-such-site", "1").stderr


def test_keys_are_made_listed_and_revoked(run, wordpress):
    key = run("keys", "add", wordpress.site_id, "--name", "shop search", "--scope", "search", "--days", "30").stdout
    assert re.fullmatch(r"rk_[0-9a-f]{16}\.[\w-]{43}\n", key)
    key_id = key[3:19]
    listed = run("keys", "list", wordpress.site_id).stdout
    assert re.fullmatch(rf"{key_id}\tsearch\tgood until 20\d\d-\d\d-\d\d\tnever used\tshop search\n", listed)
    assert run("keys", "rotate", wordpress.site_id, key_id).stdout.startswith("rk_")
    assert run("keys", "revoke", wordpress.site_id, key_id).returncode == 0
    states = [line.split("\t")[2].split()[0] for line in run("keys", "list", wordpress.site_id).stdout.splitlines()]
    assert states == ["revoked", "good"]
    unknown = run("keys", "revoke", wordpress.site_id, "0011")
    assert (unknown.returncode, "api_key_unknown" in unknown.stderr) == (1, True)


def test_days_of_questions_are_set(run, wordpress, database):
    assert run("sites", "questions", wordpress.site_id, "--days", "7").returncode == 0
    with database.system() as connection:
        row = connection.execute("SELECT question_days FROM sites WHERE site_id = %s", (wordpress.site_id,)).fetchone()
    assert row == {"question_days": 7}
    assert run("sites", "questions", wordpress.site_id, "--days", "400").returncode == 2
