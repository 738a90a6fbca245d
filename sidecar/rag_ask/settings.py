"""Settings: the environment -> one frozen object, or every problem at once."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from decimal import Decimal
from typing import Annotated

from rag_ask import settings_check
from rag_ask.environment import Reader

DEFAULT_ANTHROPIC_MODEL = "claude-haiku-4-5"
MAX_FURTHER_SEARCHES = 2
POSTGRES = ("postgresql", "postgres")
# What an embedder begins with that is a folder.
ONNX = "onnx:"


class SettingsError(Exception):
    """The environment cannot be used. `problems` holds one line per problem."""

    def __init__(self, problems: list[str]) -> None:
        super().__init__("\n".join(problems))
        self.problems = problems


@dataclass(frozen=True)
class Settings:
    """Everything that can be set. Names on the outside: the field in capitals with `RAG_ASK_` in front.

    `scripts/settings-docs` writes the descriptions to docs/operators/settings.md.
    """

    database_url: Annotated[
        str, "The Postgres of the sidecar: `postgresql://...`. Only `rag-ask migrate` and `indexes` log in as its user"
    ]
    secret: Annotated[bytes, "32 random bytes or more. The keys of all sites derive from it"]
    database_tenant_url: Annotated[
        str, "With the role that sees one site at a time. When not set, `rag-ask migrate` makes the role"
    ] = ""
    database_system_url: Annotated[
        str, "With the role that sees every site. When not set, `rag-ask migrate` makes the role"
    ] = ""
    host: Annotated[str, "The address that the server listens on"] = "127.0.0.1"
    port: Annotated[int, "The port that the server listens on"] = 8787
    public_url: Annotated[
        str, "Where browsers reach the server. Part of connection strings; `http://HOST:PORT` when not set"
    ] = "http://127.0.0.1:8787"
    proxies: Annotated[
        int,
        "How many proxies stand before the server. So many addresses of `X-Forwarded-For` are believed, for pages "
        "outside WordPress alone",
    ] = 0
    web_processes: Annotated[int, "Processes of the server. More than one needs `REDIS_URL`"] = 1
    web_threads: Annotated[int, "Streams at the same time, per process"] = 32
    redis_url: Annotated[str, "Counts limits across processes. Keeps answers too with `RAG_ASK_CACHE=redis`"] = ""
    embedder: Annotated[
        str,
        "Who embeds texts and questions. `local` is multilingual, `local-en` smaller and English, `onnx:FOLDER` a "
        "model of sentence-transformers",
    ] = "local"
    models_dir: Annotated[
        str, "Where `rag-ask models get` keeps models. When not set, `rag-ask/models` in the user's cache folder"
    ] = ""
    embedding_model: Annotated[str, "The model of the embedder `openai`"] = "text-embedding-3-small"
    embedding_dimensions: Annotated[int, "The dimensions of the embedder `openai`"] = 512
    embedding_price_usd: Annotated[
        float | None, "Dollars for a million tokens, for estimates and cost. Known for OpenAI's models"
    ] = None
    answer_model: Annotated[
        str,
        "Who writes answers. `quote` needs no key: its answers are extractive. `site` is the AI connector of each "
        "WordPress",
    ] = "quote"
    chat_model: Annotated[
        str,
        "The model of `openai` or `anthropic`. With `anthropic` the default is `claude-haiku-4-5`, with `site` none: "
        "WordPress chooses, and the budget counts the dearest price",
    ] = "gpt-4o-mini"
    chat_price_usd: Annotated[
        tuple[float, float] | None,
        "Dollars for a million tokens read, and written: `0.15,0.60`. Listed for the usual models",
    ] = None
    max_answer_tokens: Annotated[int, "What a model may write, its reasoning included"] = 800
    second_opinion: Annotated[
        str,
        "Who judges sentences that the check cannot decide: `off`, `model` (one more short call of the answer model "
        "for an answer that has such sentences) or `onnx:FOLDER` (a local groundedness model such as TinyLettuce)",
    ] = "off"
    undecided: Annotated[
        str,
        "Sentences that their sources neither support nor contradict: `drop` them, `mark` them with `[?]`, or `show` "
        "them. Contradicted ones are never shown",
    ] = "drop"
    openai_api_key: Annotated[str, "Needed for api.openai.com only"] = ""
    openai_base_url: Annotated[str, "Any server that is compatible with OpenAI's"] = "https://api.openai.com/v1"
    anthropic_api_key: Annotated[str, "Needed for the answer model `anthropic`"] = ""
    anthropic_base_url: Annotated[str, "Where Anthropic's Messages API is"] = "https://api.anthropic.com"
    visitor_limits: Annotated[str, "Questions of one visitor"] = "10 per minute; 200 per day"
    network_limits: Annotated[
        str, "Questions of one network: the visitors of an IPv4 /24 or an IPv6 /48. The plugin tells it as a keyed hash"
    ] = "60 per minute; 1000 per day"
    site_limits: Annotated[
        str,
        "Questions of all visitors of a site. From 80 % of it on, answers are extractive and call no model. "
        "A question that the limit of its visitor or network refuses is not counted",
    ] = "300 per minute"
    key_limits: Annotated[str, "Questions of one API key"] = "120 per minute"
    default_daily_budget_usd: Annotated[
        Decimal,
        "Dollars that the answers of a newly added site may cost on a day. `rag-ask sites budget` changes a site",
    ] = Decimal(1)
    cache: Annotated[str, "Where answers are kept"] = "postgres"
    cache_ttl_s: Annotated[int, "Seconds for which an answer is kept at most. 0 keeps none"] = 86_400
    max_body_bytes: Annotated[int, "The largest push"] = 8 * 1024 * 1024
    max_site_documents: Annotated[int, "Documents that one site may store (`quota_documents`)"] = 100_000
    max_site_megabytes: Annotated[int, "Megabytes of HTML that one site may store (`quota_bytes`)"] = 1000
    max_site_chunks: Annotated[int, "Chunks that one site may store (`quota_chunks`)"] = 500_000
    max_file_megabytes: Annotated[
        int, "Megabytes of one PDF or office file that a page links to (`file_too_large`)"
    ] = 20
    max_file_pages: Annotated[int, "Pages of one PDF (`file_too_long`)"] = 500
    max_file_seconds: Annotated[
        int, "Seconds to fetch one file (`file_unavailable`), and again of processor time to read it (`too_complex`)"
    ] = 30
    file_hosts: Annotated[
        str,
        "Hosts that files are fetched from, and answers with `RAG_ASK_ANSWER_MODEL=site`, although their addresses are "
        "not public, separated by commas: for sites in a network of one's own",
    ] = ""
    min_score: Annotated[
        float | None, "Below this confidence the sidecar abstains. Measured per embedder when not set"
    ] = None
    sure_score: Annotated[
        float | None,
        "Below this confidence, and without a model that reads them, pages are shown as ones that may help. Measured "
        "per embedder when not set",
    ] = None
    rerank_url: Annotated[str, "A reranker that has `/rerank` behind this URL. None when not set"] = ""
    rerank_model: Annotated[str, "The model of the reranker"] = ""
    rerank_api_key: Annotated[str, "The key of the reranker, if it needs one"] = ""
    further_searches: Annotated[
        int, "How often the answer model may search again before it answers (multi-hop retrieval)"
    ] = 0
    chunk_headers: Annotated[str, "`on`: the answer model writes a line of context for each chunk"] = "off"
    metrics_key: Annotated[
        str, "Who sends it as `Authorization: Bearer` reads `/metrics`. Nobody does while it is not set"
    ] = ""
    prometheus_multiproc_dir: Annotated[
        str, "A folder of `rag-ask serve` alone, where its processes count together. Needed by `/metrics` of several"
    ] = ""
    traces: Annotated[
        str,
        "`on` sends spans to `OTEL_EXPORTER_OTLP_ENDPOINT`, `texts` also the words of questions and answers. Needs the "
        "extra `otel`",
    ] = "off"
    log_level: Annotated[str, "The least severe message that is logged"] = "INFO"

    @classmethod
    def from_environment(cls, environment: Mapping[str, str]) -> Settings:
        """Read and check the environment.

        Raises SettingsError with every problem that was found.
        """
        reader = Reader(environment)
        port = reader.number("RAG_ASK_PORT", cls.port, 1, 65535)
        host = reader.text("RAG_ASK_HOST", cls.host)
        answer_model = reader.choice("RAG_ASK_ANSWER_MODEL", cls.answer_model, ("quote", "openai", "anthropic", "site"))
        settings = cls(
            database_url=reader.url("RAG_ASK_DATABASE_URL", "", POSTGRES),
            secret=reader.secret("RAG_ASK_SECRET").encode(),
            database_tenant_url=reader.optional_url("RAG_ASK_DATABASE_TENANT_URL", POSTGRES),
            database_system_url=reader.optional_url("RAG_ASK_DATABASE_SYSTEM_URL", POSTGRES),
            host=host,
            port=port,
            public_url=reader.url("RAG_ASK_PUBLIC_URL", f"http://{host}:{port}", ("http", "https")).rstrip("/"),
            proxies=reader.number("RAG_ASK_PROXIES", cls.proxies, 0, 5),
            web_processes=reader.number("RAG_ASK_WEB_PROCESSES", cls.web_processes, 1, 64),
            web_threads=reader.number("RAG_ASK_WEB_THREADS", cls.web_threads, 1, 256),
            redis_url=reader.text("REDIS_URL", ""),
            embedder=reader.choice("RAG_ASK_EMBEDDER", cls.embedder, ("local", "local-en", "onnx:FOLDER", "openai")),
            models_dir=reader.text("RAG_ASK_MODELS_DIR", ""),
            embedding_model=reader.text("RAG_ASK_EMBEDDING_MODEL", cls.embedding_model),
            embedding_dimensions=reader.number("RAG_ASK_EMBEDDING_DIMENSIONS", cls.embedding_dimensions, 1, 4000),
            embedding_price_usd=reader.decimal("RAG_ASK_EMBEDDING_PRICE_USD", 0, 1000),
            answer_model=answer_model,
            chat_model=_chat_model(reader, answer_model),
            chat_price_usd=reader.prices("RAG_ASK_CHAT_PRICE_USD"),
            max_answer_tokens=reader.number("RAG_ASK_MAX_ANSWER_TOKENS", cls.max_answer_tokens, 50, 8000),
            second_opinion=reader.text("RAG_ASK_SECOND_OPINION", cls.second_opinion),
            undecided=reader.choice("RAG_ASK_UNDECIDED", cls.undecided, ("drop", "mark", "show")),
            openai_api_key=reader.file_or_text("OPENAI_API_KEY"),
            openai_base_url=reader.url("OPENAI_BASE_URL", cls.openai_base_url, ("http", "https")),
            anthropic_api_key=reader.file_or_text("ANTHROPIC_API_KEY"),
            anthropic_base_url=reader.url("ANTHROPIC_BASE_URL", cls.anthropic_base_url, ("http", "https")),
            visitor_limits=reader.limits("RAG_ASK_VISITOR_LIMITS", cls.visitor_limits),
            site_limits=reader.limits("RAG_ASK_SITE_LIMITS", cls.site_limits),
            network_limits=reader.limits("RAG_ASK_NETWORK_LIMITS", cls.network_limits),
            default_daily_budget_usd=_usd(reader),
            key_limits=reader.limits("RAG_ASK_KEY_LIMITS", cls.key_limits),
            cache=reader.choice("RAG_ASK_CACHE", cls.cache, ("postgres", "redis")),
            cache_ttl_s=reader.number("RAG_ASK_CACHE_TTL_S", cls.cache_ttl_s, 0, 30 * 86_400),
            max_body_bytes=reader.number("RAG_ASK_MAX_BODY_BYTES", cls.max_body_bytes, 65536, 1 << 28),
            max_site_documents=reader.number("RAG_ASK_MAX_SITE_DOCUMENTS", cls.max_site_documents, 1, 10**9),
            max_site_megabytes=reader.number("RAG_ASK_MAX_SITE_MEGABYTES", cls.max_site_megabytes, 1, 10**9),
            max_site_chunks=reader.number("RAG_ASK_MAX_SITE_CHUNKS", cls.max_site_chunks, 1, 10**9),
            max_file_megabytes=reader.number("RAG_ASK_MAX_FILE_MEGABYTES", cls.max_file_megabytes, 1, 200),
            max_file_pages=reader.number("RAG_ASK_MAX_FILE_PAGES", cls.max_file_pages, 1, 10_000),
            max_file_seconds=reader.number("RAG_ASK_MAX_FILE_SECONDS", cls.max_file_seconds, 1, 600),
            file_hosts=reader.text("RAG_ASK_FILE_HOSTS", ""),
            min_score=reader.decimal("RAG_ASK_MIN_SCORE", 0, 1),
            sure_score=reader.decimal("RAG_ASK_SURE_SCORE", 0, 1),
            rerank_url=reader.optional_url("RAG_ASK_RERANK_URL", ("https", "http")),
            rerank_model=reader.text("RAG_ASK_RERANK_MODEL", ""),
            rerank_api_key=reader.file_or_text("RAG_ASK_RERANK_API_KEY"),
            further_searches=reader.number("RAG_ASK_FURTHER_SEARCHES", cls.further_searches, 0, MAX_FURTHER_SEARCHES),
            chunk_headers=reader.choice("RAG_ASK_CHUNK_HEADERS", cls.chunk_headers, ("off", "on")),
            metrics_key=reader.file_or_text("RAG_ASK_METRICS_KEY"),
            prometheus_multiproc_dir=reader.text("PROMETHEUS_MULTIPROC_DIR", ""),
            traces=reader.choice("RAG_ASK_TRACES", cls.traces, ("off", "on", "texts")),
            log_level=reader.choice("RAG_ASK_LOG_LEVEL", cls.log_level, ("DEBUG", "INFO", "WARNING", "ERROR")),
        )
        if problems := [*reader.problems, *settings_check.problems(settings)]:
            raise SettingsError(problems)
        return settings


def _chat_model(reader: Reader, answer_model: str) -> str:
    default = {"anthropic": DEFAULT_ANTHROPIC_MODEL, "site": ""}.get(answer_model, Settings.chat_model)
    return reader.text("RAG_ASK_CHAT_MODEL", default)


def _usd(reader: Reader) -> Decimal:
    usd = reader.decimal("RAG_ASK_DEFAULT_DAILY_BUDGET_USD", 0, 100_000)
    return Settings.default_daily_budget_usd if usd is None else Decimal(str(usd))
