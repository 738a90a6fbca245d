"""rag-ask eval from a folder to figures, a plot and a threshold, in a real Postgres."""

from __future__ import annotations

import json

import pytest
from click.testing import CliRunner
from selectolax.lexbor import LexborHTMLParser
from wordpress import SECRET

from rag_ask.cli import main

PAGES = {
    "hours": "The shop opens at seven in the morning. On Mondays it is closed.",
    "vouchers": "Gift vouchers can be bought at the counter, from ten pounds on.",
    "dogs": "Dogs are welcome in the yard; in the tea room they are not.",
}
QUESTIONS = [
    {"question": "When does the shop open?", "documents": ["hours"]},
    {"question": "Where can I buy gift vouchers?", "answers": ["at the counter"]},
    {"question": "Are dogs welcome?", "spans": [{"document": "dogs", "start": 0, "end": 33}]},
    {"question": "How many moons does Jupiter have?", "answerable": False},
    {"question": "Who wrote the second symphony?", "answerable": False},
]


@pytest.fixture
def dataset(tmp_path):
    folder = tmp_path / "bakery"
    folder.mkdir()
    documents = [{"id": name, "title": name.title(), "text": text} for name, text in PAGES.items()]
    for name, rows in (("documents", documents), ("questions", QUESTIONS)):
        (folder / f"{name}.jsonl").write_text("\n".join(map(json.dumps, rows)), encoding="utf-8")
    return folder


@pytest.fixture
def run(database_url):
    environment = {"RAG_ASK_DATABASE_URL": database_url, "RAG_ASK_SECRET": SECRET.decode()}
    return lambda *arguments: CliRunner(env=environment).invoke(main, ["eval", *map(str, arguments)])


def sites_left(database):
    with database.system() as connection:
        return connection.execute("SELECT site_id FROM sites WHERE site_id LIKE 'eval-%'").fetchall()


def test_figures_and_plot(run, database, dataset, tmp_path):
    result = run(dataset, "--json", tmp_path / "figures.json", "--plot", tmp_path / "figures.svg")
    assert result.exit_code == 0, result.output
    found = json.loads((tmp_path / "figures.json").read_text())
    assert found["questions"] == {"bakery": 3}
    assert found["quality"]["bakery"]["500"] == {"recall": 1.0, "hit": 1.0, "ndcg": 1.0, "mrr": 1.0}
    assert found["abstention"]["auc"] == 1.0
    assert 0 < found["p50_ms"] <= found["p95_ms"]
    drawn = LexborHTMLParser((tmp_path / "figures.svg").read_text())
    assert {"bakery", "1500", "When to answer"} <= {node.text() for node in drawn.css("svg text")}
    assert "bakery" in result.output
    assert sites_left(database) == []


def test_ablation_prints_a_row_for_each_part(run, dataset):
    result = run(dataset, "--ablation")
    assert result.exit_code == 0, result.output
    for variant in ("all of it", "by meaning only", "no neighbours", "not joined"):
        assert f"| {variant} |" in result.output
    assert "with the reranker" not in result.output


def test_calibrate_keeps_a_threshold_between_both_kinds(run, database, dataset):
    try:
        result = run(dataset, "--calibrate")
        assert result.exit_code == 0, result.output
        with database.system() as connection:
            (row,) = connection.execute("SELECT * FROM thresholds").fetchall()
        assert row["embedder"] == "local/all-MiniLM-L6-v2-int8/384"
        assert 0.15 < row["min_score"] < 0.7
        assert (row["answered"], row["abstained"]) == (1, 1)
        assert f"threshold {row['min_score']:.2f}" in run(dataset).output
    finally:
        with database.system() as connection:
            connection.execute("DELETE FROM thresholds")


def test_calibrate_needs_both_kinds_of_question(run, dataset):
    (dataset / "questions.jsonl").write_text(json.dumps(QUESTIONS[0]), encoding="utf-8")
    result = run(dataset, "--calibrate")
    assert result.exit_code == 1
    assert "some questions must be answerable and some must not" in result.output


def test_a_question_for_no_site_is_refused_before_anything_is_indexed(run, database, dataset):
    (dataset / "questions.jsonl").write_text(json.dumps(QUESTIONS[0] | {"site": "moon"}), encoding="utf-8")
    result = run(dataset)
    assert result.exit_code == 1
    assert "is for no site: 'moon'" in result.output
    assert sites_left(database) == []
