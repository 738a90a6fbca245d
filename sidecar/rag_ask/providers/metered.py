"""Metered embedding: count the cost on the usage of the site that embeds."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

import numpy as np
import structlog
from numpy.typing import NDArray

from rag_ask import traces
from rag_ask.db.database import Database
from rag_ask.providers import usage
from rag_ask.providers.embed import Embedder, PaidEmbedder

log = structlog.get_logger(__name__)


class Metered:
    """A paid embedder that embeds for one site."""

    def __init__(self, embedder: PaidEmbedder, database: Database, site_id: str) -> None:
        self.name, self.dimensions = embedder.name, embedder.dimensions
        self._embedder = embedder
        self._database = database
        self._site_id = site_id

    def embed(self, texts: Sequence[str]) -> NDArray[np.float32]:
        """As every embedder, and counted."""
        return embed(self._database, self._embedder, texts, [self._site_id] * len(texts))


def for_site(embedder: Embedder, database: Database, site_id: str) -> Embedder:
    """The embedder, counted for this site; itself when nothing is paid for it."""
    return Metered(embedder, database, site_id) if isinstance(embedder, PaidEmbedder) else embedder


def embed(database: Database, embedder: Embedder, texts: Sequence[str], site_ids: Sequence[str]) -> NDArray[np.float32]:
    """Embed texts, each for the site beside it; a site pays for its share of the characters.

    Raises ProviderUnavailable, ProviderRejected.
    """
    if not isinstance(embedder, PaidEmbedder):
        return embedder.embed(texts)
    vectors, tokens = embedder.embed_counted(texts)
    traces.note({"gen_ai.usage.input_tokens": tokens})
    for site_id, share in _shares(tokens, texts, site_ids):
        _count(database, site_id, share, embedder.price_usd)
    return vectors


def _shares(tokens: int, texts: Sequence[str], site_ids: Sequence[str]) -> Iterator[tuple[str, int]]:
    """The tokens by site; together they are all of them."""
    characters = dict.fromkeys(site_ids, 0)
    for site_id, text in zip(site_ids, texts, strict=True):
        # An empty text costs a token too.
        characters[site_id] += len(text) or 1
    left = sum(characters.values())
    for site_id, count in characters.items():
        share = round(tokens * count / left)
        yield site_id, share
        tokens, left = tokens - share, left - count


def _count(database: Database, site_id: str, tokens: int, price_usd: float) -> None:
    try:
        with database.tenant(site_id) as connection:
            usage.count_embedding(connection, site_id, tokens, price_usd)
    except Exception:
        # The vectors are there and paid for; what they cost is in the log.
        log.exception("metered.count", site=site_id, tokens=tokens)
