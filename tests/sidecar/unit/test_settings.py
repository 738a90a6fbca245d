"""Settings: every problem at once, and refusal to start when wrong."""

import pytest

from rag_ask.settings import Settings, SettingsError

GOOD = {"RAG_ASK_DATABASE_URL": "postgresql://localhost/rag_ask", "RAG_ASK_SECRET": "s" * 32}


def problems(**changes):
    with pytest.raises(SettingsError) as refused:
        Settings.from_environment(GOOD | changes)
    return refused.value.problems


def test_defaults_need_a_database_and_a_secret_only():
    settings = Settings.from_environment(GOOD)
    assert (settings.embedder, settings.answer_model, settings.public_url) == (
        "local",
        "quote",
        "http://127.0.0.1:8787",
    )


def test_every_problem_is_reported_at_once():
    with pytest.raises(SettingsError) as refused:
        Settings.from_environment({"RAG_ASK_PORT": "http", "RAG_ASK_EMBEDDER": "magic"})
    names = [problem.split(":")[0] for problem in refused.value.problems]
    assert names == ["RAG_ASK_PORT", "RAG_ASK_DATABASE_URL", "RAG_ASK_SECRET", "RAG_ASK_EMBEDDER"]


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("RAG_ASK_SECRET", "short"),
        ("RAG_ASK_DATABASE_URL", "mysql://localhost/x"),
        ("RAG_ASK_DATABASE_URL", "postgresql://localhost"),
        ("RAG_ASK_DATABASE_URL", "postgresql://localhost/" + "x" * 49),
        ("RAG_ASK_DATABASE_URL", "postgresql://one,two/rag_ask"),
        ("RAG_ASK_DATABASE_URL", "postgresql:///rag_ask?host=one,two&target_session_attrs=any"),
        ("RAG_ASK_DATABASE_TENANT_URL", "mysql://one@localhost/x"),
        ("RAG_ASK_DATABASE_TENANT_URL", "postgresql://localhost/x"),
        ("RAG_ASK_DATABASE_SYSTEM_URL", "postgresql://localhost/x"),
        ("RAG_ASK_PORT", "70000"),
        ("RAG_ASK_PORT", "nan"),
        ("RAG_ASK_MIN_SCORE", "1.5"),
        ("RAG_ASK_EMBEDDING_PRICE_USD", "-1"),
        ("RAG_ASK_EMBEDDING_PRICE_USD", "cheap"),
        ("RAG_ASK_MIN_SCORE", "nan"),
        ("RAG_ASK_VISITOR_LIMITS", "many"),
        ("RAG_ASK_WEB_PROCESSES", "2"),
        ("OPENAI_BASE_URL", "ftp://models"),
        ("RAG_ASK_RERANK_URL", "rerank.example"),
        ("RAG_ASK_SECRET_FILE", "/nowhere/at/all"),
    ],
)
def test_a_wrong_value_is_named(name, value):
    assert any(problem.startswith(name) for problem in problems(**{name: value}))


def test_several_hosts_are_written_to_at_the_primary():
    url = "postgresql://one:5432,two:5433/rag_ask?target_session_attrs=read-write"
    assert Settings.from_environment(GOOD | {"RAG_ASK_DATABASE_URL": url}).database_url == url


def test_the_roles_of_the_database_are_two():
    url = "postgresql://one@localhost/rag_ask"
    (problem,) = problems(RAG_ASK_DATABASE_TENANT_URL=url, RAG_ASK_DATABASE_SYSTEM_URL=url)
    assert problem.startswith("RAG_ASK_DATABASE_TENANT_URL")


def test_more_processes_with_redis():
    settings = Settings.from_environment(GOOD | {"RAG_ASK_WEB_PROCESSES": "2", "REDIS_URL": "redis://localhost"})
    assert settings.web_processes == 2


def test_openai_needs_a_key_only_where_openai_itself_answers():
    assert any(problem.startswith("OPENAI_API_KEY") for problem in problems(RAG_ASK_ANSWER_MODEL="openai"))
    local = GOOD | {"RAG_ASK_ANSWER_MODEL": "openai", "OPENAI_BASE_URL": "http://localhost:11434/v1"}
    assert Settings.from_environment(local).openai_base_url == "http://localhost:11434/v1"


def test_a_reranker_needs_the_name_of_its_model():
    (problem,) = problems(RAG_ASK_RERANK_URL="https://rerank.example/v2")
    assert problem.startswith("RAG_ASK_RERANK_MODEL")
    named = GOOD | {"RAG_ASK_RERANK_URL": "https://rerank.example/v2", "RAG_ASK_RERANK_MODEL": "rerank-1"}
    assert Settings.from_environment(named).rerank_model == "rerank-1"


def test_secret_from_a_file(tmp_path):
    file = tmp_path / "secret"
    file.write_text("f" * 40 + "\n")
    environment = {"RAG_ASK_DATABASE_URL": GOOD["RAG_ASK_DATABASE_URL"], "RAG_ASK_SECRET_FILE": str(file)}
    assert Settings.from_environment(environment).secret == b"f" * 40


def test_anthropic_needs_a_key_and_takes_the_model_that_is_named():
    assert any(problem.startswith("ANTHROPIC_API_KEY") for problem in problems(RAG_ASK_ANSWER_MODEL="anthropic"))
    good = GOOD | {"RAG_ASK_ANSWER_MODEL": "anthropic", "ANTHROPIC_API_KEY": "sk"}
    assert Settings.from_environment(good).chat_model == "claude-haiku-4-5"
    assert Settings.from_environment(good | {"RAG_ASK_CHAT_MODEL": "a"}).chat_model == "a"


@pytest.mark.parametrize("price", ["1", "1,2,3", "a,b", "-1,2", "1,nan", "1,99999"])
def test_a_price_is_two_amounts(price):
    assert [problem.split(":")[0] for problem in problems(RAG_ASK_CHAT_PRICE_USD=price)] == ["RAG_ASK_CHAT_PRICE_USD"]
    good = GOOD | {"RAG_ASK_CHAT_PRICE_USD": "0.15, 0.60"}
    assert Settings.from_environment(good).chat_price_usd == (0.15, 0.60)


@pytest.mark.parametrize("stage", [{"RAG_ASK_FURTHER_SEARCHES": "1"}, {"RAG_ASK_CHUNK_HEADERS": "on"}])
def test_what_a_model_does_needs_a_model(stage):
    (problem,) = problems(**stage)
    assert problem.startswith(next(iter(stage)))
    assert "RAG_ASK_ANSWER_MODEL" in problem
    paid = {"RAG_ASK_ANSWER_MODEL": "openai", "OPENAI_API_KEY": "key"}
    settings = Settings.from_environment(GOOD | paid | stage)
    assert settings.further_searches == 1 or settings.chunk_headers == "on"
