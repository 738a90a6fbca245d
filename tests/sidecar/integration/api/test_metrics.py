"""Metrics: what Prometheus reads, who may, and that the dashboard and the alerts ask for nothing else."""

import dataclasses
import json
import os
import re
import subprocess
import sys
from pathlib import Path

import pytest
import yaml
from prometheus_client.parser import text_string_to_metric_families

from rag_ask.api.app import create_app

KEY = {"Authorization": "Bearer of-metrics"}
ROOT = Path(__file__).parents[4]
FOLDER = ROOT / "docs" / "operators" / "monitoring"
QUESTION = {"question": "When does the shop open?"}


@pytest.fixture
def bakery(settings, wordpress):
    app = create_app(dataclasses.replace(settings, metrics_key="of-metrics", visitor_limits="1 per minute"))
    wordpress.client = app.test_client()
    wordpress.publish(1, 1, "<p>The shop opens at seven in the morning.</p>", title="Hours")
    yield wordpress
    app.extensions["rag_ask"].database.close()


def samples(site):
    response = site.client.get("/metrics", headers=KEY)
    assert response.status_code == 200
    families = text_string_to_metric_families(response.text)
    return {(s.name, *s.labels.values()): s.value for family in families for s in family.samples}


def test_a_question_is_counted_with_its_outcome_and_times(bakery):
    before = samples(bakery)
    outcome = bakery.post("/v1/ask", QUESTION).json["outcome"]
    assert bakery.post("/v1/ask", QUESTION).status_code == 429
    after = samples(bakery)

    def more(*name):
        return after[name] - before.get(name, 0)

    assert more("rag_ask_questions_total", outcome) == 1
    assert more("rag_ask_answer_seconds_count") == more("rag_ask_first_word_seconds_count") == 1
    assert more("rag_ask_retrieval_seconds_count") == 1
    assert more("rag_ask_rate_limited_total") == 1
    assert more("rag_ask_cache_total", "miss") == 1
    assert after["rag_ask_streams",] == 0
    assert after["rag_ask_documents", "indexed"] == 1
    assert after["rag_ask_oldest_pending_seconds",] == 0


def test_without_the_key_there_is_nothing_to_read(bakery, settings):
    assert bakery.client.get("/metrics").json["error"]["code"] == "metrics_key"
    assert bakery.client.get("/metrics", headers={"Authorization": "Bearer other"}).status_code == 401
    app = create_app(settings)
    assert app.test_client().get("/metrics", headers=KEY).status_code == 404
    app.extensions["rag_ask"].database.close()


def test_an_answer_that_breaks_off_is_counted_as_failed(bakery, monkeypatch):
    def broken(*_, **__):
        yield "sources", {"sources": []}
        raise RuntimeError

    monkeypatch.setattr("rag_ask.insights.questions.Note.followed", broken)
    before = samples(bakery)
    bakery.post("/v1/ask", QUESTION, headers={"Accept": "text/event-stream"}).get_data()
    failed = ("rag_ask_questions_total", "failed")
    assert samples(bakery)[failed] == before.get(failed, 0) + 1


def expressions():
    rules = yaml.safe_load((FOLDER / "alerts.yml").read_text())["groups"][0]["rules"]
    yield from (rule["expr"] for rule in rules)
    panels = json.loads((FOLDER / "dashboard.json").read_text())["panels"]
    yield from (target["expr"] for panel in panels for target in panel["targets"])


def test_dashboard_alerts_and_docs_name_metrics_that_exist(bakery):
    text = bakery.client.get("/metrics", headers=KEY).text
    families = {name for name in re.findall(r"^# HELP (rag_ask_\w+)", text, re.MULTILINE) if "_created" not in name}
    named = {name for expression in expressions() for name in re.findall(r"rag_ask_\w+", expression)}
    assert len(named) > 10
    assert {name.removesuffix("_bucket") for name in named} <= families
    assert set(re.findall(r"rag_ask_\w+", FOLDER.with_suffix(".md").read_text())) == families


@pytest.fixture(scope="module")
def promtool():
    """Runs Prometheus's own tool."""
    found = subprocess.run([ROOT / "scripts" / "get-promtool"], check=True, capture_output=True, text=True, timeout=300)

    def run(*arguments, given=""):
        command = [found.stdout.strip(), *arguments]
        ran = subprocess.run(command, input=given, capture_output=True, text=True, timeout=60)
        return ran.returncode, ran.stdout + ran.stderr

    return run


def test_each_alert_fires_and_none_where_all_is_well(promtool, tmp_path):
    cases = (ROOT / "tests" / "sidecar" / "data" / "alerts-test.yml").read_text()
    rules = FOLDER / "alerts.yml"
    (tmp_path / "cases.yml").write_text(cases.replace("ALERTS", str(rules)))
    status, said = promtool("check", "rules", str(rules))
    assert (status, "6 rules found" in said) == (0, True)
    assert promtool("test", "rules", str(tmp_path / "cases.yml"))[0] == 0
    (tmp_path / "cases.yml").write_text(cases.replace("ALERTS", str(rules)).replace("901x60", "899x60"))
    assert promtool("test", "rules", str(tmp_path / "cases.yml"))[0] == 1


def test_prometheus_finds_no_fault_with_what_it_reads(promtool, bakery):
    bakery.post("/v1/ask", QUESTION)
    assert promtool("check", "metrics", given=bakery.client.get("/metrics", headers=KEY).text) == (0, "")


def test_processes_count_together(tmp_path):
    environment = os.environ | {"PROMETHEUS_MULTIPROC_DIR": str(tmp_path)}

    def python(code):
        ran = subprocess.run([sys.executable, "-c", code], env=environment, check=True, capture_output=True, text=True)
        return ran.stdout

    for _ in range(2):
        python("from rag_ask import metrics; metrics.QUESTIONS.labels('quoted').inc()")
    shown = python(
        "from prometheus_client import generate_latest; from rag_ask.api.routes.metrics import counted; "
        "print(generate_latest(counted()).decode())"
    )
    assert 'rag_ask_questions_total{outcome="quoted"} 2.0' in shown
