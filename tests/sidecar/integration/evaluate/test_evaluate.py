"""rag-ask eval from a folder to figures, a plot and a threshold, in a real Postgres."""

from __future__ import annotations

import json
import sys

import pytest
from click.testing import CliRunner

from fakes import openai_server as play
from fakes.rerank_server import RerankServer
from fakes.wordpress import SECRET
from rag_ask.cli.main import main

PAGES = {
    "hours": "The shop opens at seven in the morning. On Mondays it is closed.",
    "vouchers": "Gift vouchers can be bought at the counter, from ten pounds on.",
    "dogs": "Dogs are welcome in the yard; in the tea room they are not.",
}
HEADINGS = {"hours": "When the shop opens", "vouchers": "Where to buy vouchers", "dogs": "Dogs in the yard"}
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
    common = {"RAG_ASK_DATABASE_URL": database_url, "RAG_ASK_SECRET": SECRET.decode(), "RAG_ASK_EMBEDDER": "local-en"}
    return lambda *arguments, **settings: CliRunner(env=common | settings).invoke(main, ["eval", *map(str, arguments)])


@pytest.fixture
def model(model_server):
    """The settings of a model behind a server that plays OpenAI's protocol."""
    return {
        "RAG_ASK_ANSWER_MODEL": "openai",
        "OPENAI_BASE_URL": model_server.base_url,
        "OPENAI_API_KEY": "sk-key",
        "RAG_ASK_CHAT_PRICE_USD": "1,2",
    }


def table(output):
    """The rows of the Markdown tables: name -> heading -> figure."""
    lines = [line.strip("| ").split(" | ") for line in output.splitlines() if line.startswith("|")]
    headings = lines[0]
    return {name: dict(zip(headings, figures, strict=True)) for name, *figures in lines[2:]}


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
    # matplotlib draws letters as paths, and names each text in a comment.
    drawn = (tmp_path / "figures.svg").read_text()
    assert all(f"<!-- {text} -->" in drawn for text in ("bakery", "1500", "When to answer"))
    assert "bakery" in result.output
    assert sites_left(database) == []


def test_a_plot_without_matplotlib_names_the_extra(run, dataset, tmp_path, monkeypatch):
    monkeypatch.setitem(sys.modules, "matplotlib.figure", None)
    result = run(dataset, "--plot", tmp_path / "figures.svg")
    assert result.exit_code == 1
    assert "pip install 'rag-ask[plot]'" in result.output


def test_ablation_prints_a_row_for_each_part(run, dataset):
    result = run(dataset, "--ablation")
    assert result.exit_code == 0, result.output
    for variant in ("all of it", "by meaning only", "no neighbours", "adjacent not merged"):
        assert f"| {variant} |" in result.output
    assert "model tokens" not in result.output


def test_without_an_optional_stage_there_is_none_to_measure(run, dataset):
    assert "No optional stage is set" in run(dataset, "--stages").output


def test_a_reranker_is_measured(run, dataset):
    with RerankServer() as server:
        result = run(dataset, "--stages", RAG_ASK_RERANK_URL=server.url, RAG_ASK_RERANK_MODEL="rerank")
    assert result.exit_code == 0, result.output
    rows = table(result.output)
    assert list(rows) == ["without optional stages", "reranker"]
    assert rows["reranker"]["model tokens"] == "0"
    assert float(rows["reranker"]["p50 ms"]) > 0
    assert len(server.requests) == len(QUESTIONS)


def test_further_searches_are_measured_and_their_cost(run, dataset, model, model_server):
    model_server.text = "ENOUGH"
    model_server.chat.append(play.chat("gift vouchers counter"))
    result = run(dataset, "--stages", RAG_ASK_FURTHER_SEARCHES="1", **model)
    assert result.exit_code == 0, result.output
    rows = table(result.output)
    assert list(rows) == ["without optional stages", "further searches"]
    # Of the five, the three that the site answers; 120 tokens read and 9 written each, at 1 and 2 USD a million.
    assert rows["further searches"]["model tokens"] == str(3 * 129)
    assert float(rows["further searches"]["USD"]) == pytest.approx(3 * 138e-6, abs=1e-4)


def test_chunk_headers_are_measured_and_their_cost(run, database, dataset, model, model_server):
    model_server.text = "[1] A header"
    result = run(dataset, "--stages", RAG_ASK_CHUNK_HEADERS="on", **model)
    assert result.exit_code == 0, result.output
    assert "writing headers" in result.output
    assert table(result.output)["chunk headers"]["model tokens"] == str(3 * 129)
    assert sites_left(database) == []


def test_a_model_that_writes_no_headers_is_told(run, database, dataset, model, model_server):
    model_server.text = "I cannot."
    result = run(dataset, "--stages", RAG_ASK_CHUNK_HEADERS="on", **model)
    assert result.exit_code == 1
    assert "The model wrote no headers for 3 documents" in result.output
    assert sites_left(database) == []


def test_follow_ups_written_by_the_model_are_measured_against_the_terms_before(run, dataset, model, model_server):
    asked = {"question": "And are they allowed in the yard?", "before": ["Are dogs welcome?"], "documents": ["dogs"]}
    (dataset / "questions.jsonl").write_text(json.dumps(asked), encoding="utf-8")
    model_server.text = "When does the shop open?"
    result = run(dataset, "--stages", **model)
    assert result.exit_code == 0, result.output
    rows = table(result.output)
    assert rows["without optional stages"]["bakery nDCG@4000"] == "1.000"
    # This model is a bad one.
    assert float(rows["follow-ups written by the model"]["bakery nDCG@4000"]) < 1
    assert "Are dogs welcome?" in model_server.requests[0].body["messages"][1]["content"]


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


def test_calibrate_needs_an_answerable_question(run, dataset):
    (dataset / "questions.jsonl").write_text(json.dumps(QUESTIONS[-1]), encoding="utf-8")
    result = run(dataset, "--calibrate")
    assert result.exit_code == 1
    assert "some questions must be answerable" in result.output


def test_a_site_without_questions_calibrates_by_its_headings(run, database, wordpress):
    for number, (title, text) in enumerate(PAGES.items(), 1):
        wordpress.publish(number, 1, f"<h2>{HEADINGS[title]}</h2><p>{text}</p>", title=title)
    try:
        result = run("--site", wordpress.site_id, "--calibrate")
        assert result.exit_code == 0, result.output
        with database.system() as connection:
            (row,) = connection.execute("SELECT * FROM thresholds").fetchall()
    finally:
        with database.system() as connection:
            connection.execute("DELETE FROM thresholds")
    assert row["min_score"] == pytest.approx(0.32)
    # Three headings are too few to change it for all sites.
    assert row["sure_score"] == pytest.approx(0.448)
    said = " ".join(result.output.split())
    assert "3 near misses whose pages were left out" in said
    assert "3 with a name exchanged" in said


def test_a_site_of_no_public_page_is_told(run, wordpress):
    result = run("--site", wordpress.site_id)
    assert result.exit_code == 1
    assert "no public page of this site is indexed" in result.output


def test_a_question_for_no_site_is_refused_before_anything_is_indexed(run, database, dataset):
    (dataset / "questions.jsonl").write_text(json.dumps(QUESTIONS[0] | {"site": "moon"}), encoding="utf-8")
    result = run(dataset)
    assert result.exit_code == 1
    assert "is for no site: 'moon'" in result.output
    assert sites_left(database) == []
