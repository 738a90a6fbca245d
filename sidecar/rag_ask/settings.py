"""Settings: the environment -> one frozen object, or every problem at once."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from importlib.util import find_spec
from pathlib import Path
from typing import TypeVar
from urllib.parse import urlsplit

MIN_SECRET_BYTES = 32
DEFAULT_ANTHROPIC_MODEL = "claude-haiku-4-5"
T = TypeVar("T")


class SettingsError(Exception):
    """The environment cannot be used. `problems` holds one line for each thing to mend."""

    def __init__(self, problems: list[str]) -> None:
        super().__init__("\n".join(problems))
        self.problems = problems


@dataclass(frozen=True)
class Settings:
    """Everything that can be set. Names on the outside: the field in capitals with `RAG_ASK_` in front."""

    database_url: str
    secret: bytes
    host: str = "127.0.0.1"
    port: int = 8787
    public_url: str = "http://127.0.0.1:8787"
    web_processes: int = 1
    web_threads: int = 32
    redis_url: str = ""
    embedder: str = "local"
    embedding_model: str = "text-embedding-3-small"
    embedding_dimensions: int = 512
    embedding_price_usd: float | None = None
    answer_model: str = "quote"
    chat_model: str = "gpt-4o-mini"
    chat_price_usd: tuple[float, float] | None = None
    max_answer_tokens: int = 800
    unsupported: str = "drop"
    openai_api_key: str = ""
    openai_base_url: str = "https://api.openai.com/v1"
    anthropic_api_key: str = ""
    anthropic_base_url: str = "https://api.anthropic.com"
    visitor_limits: str = "10 per minute; 200 per day"
    site_limits: str = "300 per minute"
    key_limits: str = "120 per minute"
    cache: str = "postgres"
    cache_ttl_s: int = 86_400
    max_body_bytes: int = 8 * 1024 * 1024
    min_score: float | None = None
    rerank_url: str = ""
    rerank_model: str = ""
    rerank_api_key: str = ""
    log_level: str = "INFO"

    @classmethod
    def from_environment(cls, environment: Mapping[str, str]) -> Settings:
        """Read and check the environment.

        Raises SettingsError with every problem that was found.
        """
        reader = _Reader(environment)
        port = reader.number("RAG_ASK_PORT", cls.port, 1, 65535)
        host = reader.text("RAG_ASK_HOST", cls.host)
        answer_model = reader.choice("RAG_ASK_ANSWER_MODEL", cls.answer_model, ("quote", "openai", "anthropic"))
        settings = cls(
            database_url=reader.url("RAG_ASK_DATABASE_URL", "", ("postgresql", "postgres")),
            secret=reader.secret("RAG_ASK_SECRET").encode(),
            host=host,
            port=port,
            public_url=reader.url("RAG_ASK_PUBLIC_URL", f"http://{host}:{port}", ("http", "https")).rstrip("/"),
            web_processes=reader.number("RAG_ASK_WEB_PROCESSES", cls.web_processes, 1, 64),
            web_threads=reader.number("RAG_ASK_WEB_THREADS", cls.web_threads, 1, 256),
            redis_url=reader.text("REDIS_URL", ""),
            embedder=reader.choice("RAG_ASK_EMBEDDER", cls.embedder, ("local", "openai")),
            embedding_model=reader.text("RAG_ASK_EMBEDDING_MODEL", cls.embedding_model),
            embedding_dimensions=reader.number("RAG_ASK_EMBEDDING_DIMENSIONS", cls.embedding_dimensions, 1, 4000),
            embedding_price_usd=reader.decimal("RAG_ASK_EMBEDDING_PRICE_USD", 0, 1000),
            answer_model=answer_model,
            chat_model=reader.chat_model(answer_model, cls.chat_model),
            chat_price_usd=reader.prices("RAG_ASK_CHAT_PRICE_USD"),
            max_answer_tokens=reader.number("RAG_ASK_MAX_ANSWER_TOKENS", cls.max_answer_tokens, 50, 8000),
            unsupported=reader.choice("RAG_ASK_UNSUPPORTED", cls.unsupported, ("drop", "mark")),
            openai_api_key=reader.file_or_text("OPENAI_API_KEY"),
            openai_base_url=reader.url("OPENAI_BASE_URL", cls.openai_base_url, ("http", "https")),
            anthropic_api_key=reader.file_or_text("ANTHROPIC_API_KEY"),
            anthropic_base_url=reader.url("ANTHROPIC_BASE_URL", cls.anthropic_base_url, ("http", "https")),
            visitor_limits=reader.limits("RAG_ASK_VISITOR_LIMITS", cls.visitor_limits),
            site_limits=reader.limits("RAG_ASK_SITE_LIMITS", cls.site_limits),
            key_limits=reader.limits("RAG_ASK_KEY_LIMITS", cls.key_limits),
            cache=reader.choice("RAG_ASK_CACHE", cls.cache, ("postgres", "redis")),
            cache_ttl_s=reader.number("RAG_ASK_CACHE_TTL_S", cls.cache_ttl_s, 0, 30 * 86_400),
            max_body_bytes=reader.number("RAG_ASK_MAX_BODY_BYTES", cls.max_body_bytes, 65536, 1 << 28),
            min_score=reader.decimal("RAG_ASK_MIN_SCORE", 0, 1),
            rerank_url=reader.optional_url("RAG_ASK_RERANK_URL"),
            rerank_model=reader.text("RAG_ASK_RERANK_MODEL", ""),
            rerank_api_key=reader.file_or_text("RAG_ASK_RERANK_API_KEY"),
            log_level=reader.choice("RAG_ASK_LOG_LEVEL", cls.log_level, ("DEBUG", "INFO", "WARNING", "ERROR")),
        )
        reader.refuse(settings)
        return settings


class _Reader:
    """Reads one variable at a time and collects what is wrong with it."""

    def __init__(self, environment: Mapping[str, str]) -> None:
        self.environment = environment
        self.problems: list[str] = []

    def refuse(self, settings: Settings) -> None:
        if settings.web_processes > 1 and not settings.redis_url:
            self.problems.append(
                "RAG_ASK_WEB_PROCESSES: more than one process counts limits wrongly without Redis; "
                "set REDIS_URL, or use 1 process with more RAG_ASK_WEB_THREADS"
            )
        if settings.cache == "redis" and not settings.redis_url:
            self.problems.append("RAG_ASK_CACHE: redis needs REDIS_URL; set it, or use postgres")
        uses_openai = "openai" in (settings.embedder, settings.answer_model)
        official = urlsplit(settings.openai_base_url).hostname == "api.openai.com"
        if uses_openai and official and not settings.openai_api_key:
            self.problems.append(
                "OPENAI_API_KEY: missing; set it (or OPENAI_API_KEY_FILE), point OPENAI_BASE_URL to another "
                "server, or use RAG_ASK_EMBEDDER=local and RAG_ASK_ANSWER_MODEL=quote"
            )
        if settings.rerank_url and not settings.rerank_model:
            self.problems.append("RAG_ASK_RERANK_MODEL: missing; RAG_ASK_RERANK_URL needs the name of a model")
        if settings.answer_model == "anthropic":
            self._refuse_anthropic(settings)
        if self.problems:
            raise SettingsError(self.problems)

    def _refuse_anthropic(self, settings: Settings) -> None:
        if not settings.anthropic_api_key:
            self.problems.append(
                "ANTHROPIC_API_KEY: missing; set it (or ANTHROPIC_API_KEY_FILE), or use RAG_ASK_ANSWER_MODEL=quote"
            )
        if find_spec("anthropic") is None:
            self.problems.append(
                "RAG_ASK_ANSWER_MODEL: anthropic needs one more package: pip install 'rag-ask[anthropic]'"
            )

    def text(self, name: str, default: str) -> str:
        return self.environment.get(name, "").strip() or default

    def file_or_text(self, name: str) -> str:
        path = self.text(f"{name}_FILE", "")
        if not path:
            return self.text(name, "")
        try:
            return Path(path).read_text(encoding="utf-8").strip()
        except (OSError, UnicodeDecodeError) as error:
            self.problems.append(f"{name}_FILE: {path} cannot be read ({error.__class__.__name__})")
            return ""

    def secret(self, name: str) -> str:
        value = self.file_or_text(name)
        if len(value.encode()) < MIN_SECRET_BYTES:
            self.problems.append(
                f"{name}: must be at least {MIN_SECRET_BYTES} random bytes; "
                f"make one with: python3 -c 'import secrets; print(secrets.token_urlsafe(32))'"
            )
        return value

    def chat_model(self, answer_model: str, default: str) -> str:
        if answer_model != "anthropic":
            return self.text("RAG_ASK_CHAT_MODEL", default)
        return self.text("RAG_ASK_ANTHROPIC_MODEL", self.text("RAG_ASK_CHAT_MODEL", DEFAULT_ANTHROPIC_MODEL))

    def prices(self, name: str) -> tuple[float, float] | None:
        text = self.text(name, "")
        if not text:
            return None
        try:
            read, written = (float(part) for part in text.split(","))
        except ValueError:
            read = written = float("nan")
        if not (0 <= read <= 10_000 and 0 <= written <= 10_000):
            self.problems.append(f"{name}: must read like '0.15,0.60' (USD for a million tokens read, and written)")
        return read, written

    def url(self, name: str, default: str, schemes: tuple[str, ...]) -> str:
        value = self.text(name, default)
        if urlsplit(value).scheme not in schemes:
            self.problems.append(f"{name}: must be a URL that starts with {schemes[0]}://")
        return value

    def optional_url(self, name: str) -> str:
        return self.url(name, "", ("https", "http")) if self.text(name, "") else ""

    def choice(self, name: str, default: str, choices: tuple[str, ...]) -> str:
        value = self.text(name, default)
        if value not in choices:
            self.problems.append(f"{name}: must be one of {', '.join(choices)}")
        return value

    def number(self, name: str, default: int, low: int, high: int) -> int:
        return self._parsed(name, int, default, low, high)

    def decimal(self, name: str, low: int, high: int) -> float | None:
        return self._parsed(name, float, None, low, high)

    def limits(self, name: str, default: str) -> str:
        from limits import parse_many

        value = self.text(name, default)
        try:
            parse_many(value)
        except ValueError:
            self.problems.append(f"{name}: must read like '10 per minute; 200 per day'")
        return value

    def _parsed(self, name: str, parse: Callable[[str], float], default: T, low: int, high: int) -> T:
        text = self.text(name, "")
        if not text:
            return default
        try:
            value = parse(text)
        except ValueError:
            value = float("nan")
        if not low <= value <= high:
            self.problems.append(f"{name}: must be a number from {low} to {high}")
        return value  # type: ignore[return-value]
