"""Settings check: what is right alone and wrong together, one line a problem with its remedy."""

from __future__ import annotations

from collections.abc import Iterator
from importlib.util import find_spec
from pathlib import Path
from typing import TYPE_CHECKING
from urllib.parse import parse_qs, unquote, urlsplit

if TYPE_CHECKING:
    from rag_ask.settings import Settings

# Roles are named by their database, and Postgres cuts names off after 63 bytes.
MAX_DATABASE_NAME_BYTES = 48


def problems(settings: Settings) -> Iterator[str]:
    """Every problem, whatever the order in which they are read."""
    yield from _database(settings)
    yield from _processes(settings)
    yield from _models(settings)
    yield from _second_opinion(settings)
    yield from _without_a_model(settings)


def _database(settings: Settings) -> Iterator[str]:
    """What keeps the roles of the database from being named, and apart."""
    name = unquote(urlsplit(settings.database_url).path.removeprefix("/"))
    if settings.database_url and not 0 < len(name.encode()) <= MAX_DATABASE_NAME_BYTES:
        yield (
            "RAG_ASK_DATABASE_URL: must name a database in at most "
            f"{MAX_DATABASE_NAME_BYTES} bytes, as in postgresql://user@host/rag_ask"
        )
    for setting in ("database_url", "database_tenant_url", "database_system_url"):
        address = urlsplit(getattr(settings, setting))
        hosts = address.netloc + "".join(parse_qs(address.query).get("host", []))
        if "," in hosts and parse_qs(address.query).get("target_session_attrs") != ["read-write"]:
            yield f"RAG_ASK_{setting.upper()}: with several hosts it must have target_session_attrs=read-write"
    tenant, system = (urlsplit(url).username for url in (settings.database_tenant_url, settings.database_system_url))
    if settings.database_tenant_url and tenant in (None, system):
        yield "RAG_ASK_DATABASE_TENANT_URL: must name a user, another one than RAG_ASK_DATABASE_SYSTEM_URL"
    if settings.database_system_url and not system:
        yield "RAG_ASK_DATABASE_SYSTEM_URL: must name a user"


def _processes(settings: Settings) -> Iterator[str]:
    """What several processes need, and what is kept in Redis."""
    if settings.web_processes > 1 and not settings.redis_url:
        yield (
            "RAG_ASK_WEB_PROCESSES: more than one process counts limits wrongly without Redis; "
            "set REDIS_URL, or use 1 process with more RAG_ASK_WEB_THREADS"
        )
    if settings.metrics_key and settings.web_processes > 1 and not settings.prometheus_multiproc_dir:
        yield (
            "PROMETHEUS_MULTIPROC_DIR: more than one process counts together in a folder; name an empty one, use "
            "1 process, or unset RAG_ASK_METRICS_KEY"
        )
    if settings.cache == "redis" and not settings.redis_url:
        yield "RAG_ASK_CACHE: redis needs REDIS_URL; set it, or use postgres"
    if settings.traces != "off" and not (find_spec("opentelemetry") and find_spec("opentelemetry.sdk")):
        yield "RAG_ASK_TRACES: needs more packages: pip install 'rag-ask[otel]'; or use off"


def _models(settings: Settings) -> Iterator[str]:
    """Keys, names and packages that a chosen model needs."""
    uses_openai = "openai" in (settings.embedder, settings.answer_model)
    official = urlsplit(settings.openai_base_url).hostname == "api.openai.com"
    if uses_openai and official and not settings.openai_api_key:
        yield (
            "OPENAI_API_KEY: missing; set it (or OPENAI_API_KEY_FILE), point OPENAI_BASE_URL to another "
            "server, or use RAG_ASK_EMBEDDER=local and RAG_ASK_ANSWER_MODEL=quote"
        )
    if settings.rerank_url and not settings.rerank_model:
        yield "RAG_ASK_RERANK_MODEL: missing; RAG_ASK_RERANK_URL needs the name of a model"
    if settings.answer_model == "anthropic" and not settings.anthropic_api_key:
        yield "ANTHROPIC_API_KEY: missing; set it (or ANTHROPIC_API_KEY_FILE), or use RAG_ASK_ANSWER_MODEL=quote"
    if settings.answer_model == "anthropic" and find_spec("anthropic") is None:
        yield "RAG_ASK_ANSWER_MODEL: anthropic needs one more package: pip install 'rag-ask[anthropic]'"
    if settings.answer_model == "site" and settings.chunk_headers == "on":
        yield "RAG_ASK_CHUNK_HEADERS: a whole index is too much for the connector of a site; use off"


def _without_a_model(settings: Settings) -> Iterator[str]:
    """What only a model does."""
    if settings.answer_model != "quote":
        return
    needs = "needs a model; set RAG_ASK_ANSWER_MODEL to openai or anthropic, or"
    if settings.further_searches:
        yield f"RAG_ASK_FURTHER_SEARCHES: {needs} use 0"
    if settings.second_opinion != "off":
        yield f"RAG_ASK_SECOND_OPINION: {needs} use off"
    if settings.chunk_headers == "on":
        yield f"RAG_ASK_CHUNK_HEADERS: {needs} use off"


def _second_opinion(settings: Settings) -> Iterator[str]:
    kind, _, folder = settings.second_opinion.partition(":")
    if settings.second_opinion not in ("off", "model") and (kind != "onnx" or not folder):
        yield "RAG_ASK_SECOND_OPINION: use off, model, or onnx:FOLDER"
    elif kind == "onnx" and not all(map(Path.is_file, _groundedness_files(Path(folder)))):
        yield f"RAG_ASK_SECOND_OPINION: {folder} needs the files model.onnx and tokenizer.json of a groundedness model"


def _groundedness_files(folder: Path) -> tuple[Path, Path]:
    return folder / "model.onnx", folder / "tokenizer.json"
