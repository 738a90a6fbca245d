"""Embedders by name, and the cached vectors of questions."""

from __future__ import annotations

import threading
import time
from dataclasses import dataclass, field
from functools import lru_cache
from urllib.parse import urlsplit

import numpy as np
import structlog
from numpy.typing import NDArray

from rag_ask.db import active_embedder
from rag_ask.db.active_embedder import active_name
from rag_ask.db.database import Conn, Database
from rag_ask.errors import DatabaseUnavailable, EmbedderChanged, EmbedderMismatch
from rag_ask.providers import models
from rag_ask.providers.embed import Embedder, questions
from rag_ask.providers.embed.local import LocalEmbedder
from rag_ask.providers.embed.span import embedding_span
from rag_ask.providers.prices import EMBEDDING_LISTED
from rag_ask.settings import Settings

log = structlog.get_logger(__name__)

# Vectors of questions that a process keeps: 3 MB at 512 dimensions.
KEPT_QUESTIONS = 1500
# For so long nobody looks again which embedder is active.
SEEN_S = 5.0


@dataclass(frozen=True)
class _Asked:
    """A question to be embedded. Its vector is the same for whoever asks; the embedder counts for who asks first."""

    name: str
    question: str
    embedder: Embedder = field(compare=False)


class Embedders:
    """Builds embedders from their names and keeps them. Safe to share between threads."""

    def __init__(self, settings: Settings, threads: int | None = None) -> None:
        """threads: processor threads for a text of a local embedder; by default all cores, at most four."""
        self._settings, self._threads = settings, threads
        self.own = models.embedder(settings, threads)
        self._built = {self.own.name: self.own}
        self._building = threading.Lock()
        self._embedded = lru_cache(maxsize=KEPT_QUESTIONS)(_embed)
        self._seen: tuple[Embedder, float] | None = None

    def active(self, connection: Conn) -> Embedder:
        """The active embedder. Raises EmbedderChanged when this process cannot build it."""
        return self.named(active_name(connection) or self.own.name)

    def seen(self, database: Database, within_s: float = SEEN_S) -> Embedder:
        """The active embedder as this process saw it within so many seconds.

        A search by another one finds nothing, so whoever finds nothing looks again. Raises EmbedderChanged,
        DatabaseUnavailable.
        """
        embedder, seen_at = self._seen or (None, 0.0)
        now = time.monotonic()
        if embedder is None or now - seen_at >= within_s:
            with database.system() as connection:
                embedder = self.active(connection)
            self._seen = embedder, now
        return embedder

    def of_texts(self, stored_by: str | None) -> Embedder:
        """The embedder to go on with, by the name of that of the stored texts; None where there are none.

        `local` goes on with an older local embedder until `rag-ask reembed`. Raises EmbedderMismatch.
        """
        if stored_by is None or stored_by == self.own.name:
            return self.own
        if not self._goes_on_with(stored_by):
            raise EmbedderMismatch(stored_by, self.own.name)
        log.warning("start.other_embedder", stored_by=stored_by, finds_more=self.own.name, remedy="rag-ask reembed")
        return self.named(stored_by)

    def check_start(self, database: Database) -> None:
        """Look whether the embedder can be used, and choose it where no texts are stored yet.

        Raises EmbedderMismatch, ModelMissing. A database that is away, or has no tables yet, is the business of the
        first request.
        """
        try:
            with database.system() as connection:
                embedder = self.of_texts(active_embedder.of_texts(connection))
                if isinstance(embedder, LocalEmbedder):
                    embedder.check_files()
                if active_embedder.has_table(connection):
                    active_embedder.choose(connection, embedder.name)
        except DatabaseUnavailable as error:
            log.warning("start", reason=error.message)

    def newer(self, active: str) -> str | None:
        """The local embedder that `rag-ask reembed` would change to, where the active one is an older default."""
        return self.own.name if active != self.own.name and self._goes_on_with(active) else None

    def _goes_on_with(self, active: str) -> bool:
        return self._settings.embedder == "local" and active in models.LOCAL_MODELS

    def named(self, name: str) -> Embedder:
        """Raises EmbedderChanged when the name means nothing here, or its credentials are missing."""
        with self._building:
            if name not in self._built:
                self._built[name] = self._build(name)
            return self._built[name]

    def embed_question(self, embedder: Embedder, question: str) -> NDArray[np.float32]:
        """The vector of a question, kept by its very words. Raises ProviderUnavailable, ProviderRejected."""
        return self._embedded(_Asked(embedder.name, question, embedder))

    def price_usd(self, name: str) -> float | None:
        """What a million tokens cost with this embedder; None when nobody said."""
        if name.startswith(("local/", "onnx/")):
            return 0.0
        if self._settings.embedding_price_usd is not None:
            return self._settings.embedding_price_usd
        return EMBEDDING_LISTED.get(name.split("/")[1])

    def _build(self, name: str) -> Embedder:
        provider, _, rest = name.partition("/")
        model, _, dimensions = rest.rpartition("/")
        is_official = urlsplit(self._settings.openai_base_url).hostname == "api.openai.com"
        if provider == "openai" and dimensions.isdecimal() and (self._settings.openai_api_key or not is_official):
            return models.openai_embedder(self._settings, model, int(dimensions))
        if spec := models.LOCAL_MODELS.get(name):
            return models.local_embedder(self._settings, spec, self._threads)
        raise EmbedderChanged(name)


def _embed(asked: _Asked) -> NDArray[np.float32]:
    with embedding_span(asked.name):
        vector: NDArray[np.float32] = questions.embed_questions(asked.embedder, [asked.question])[0]
    # Everybody gets the same one.
    vector.flags.writeable = False
    return vector
