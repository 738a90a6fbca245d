"""Cache: answers by their keys. One file a store: Postgres, or Redis by setting."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any, NamedTuple, Protocol

# A process that died is noticed after so long; one that is writing says so in between.
LEASE_S = 6


@dataclass(frozen=True)
class CacheKey:
    """Everything that an answer depends on. A generation that is gone is never asked for again."""

    site_id: str
    generation: int
    digest: bytes


class Kept(NamedTuple):
    """What is JSON and was kept, and for how many seconds more it is."""

    content: dict[str, Any]
    left_s: float


class AnswerStore(Protocol):
    """Keeps what is JSON under a key, and lets one process at a time claim a key that nothing is kept under.

    No connection is held between the calls: an answer may stream for a minute.
    """

    def find(self, key: CacheKey) -> Kept | None:
        """What is kept and has not expired."""
        ...

    def claim(self, key: CacheKey, lease: str) -> bool:
        """True when the caller is the one to write the answer, for LEASE_S seconds or until it is extended."""
        ...

    def extend(self, key: CacheKey, lease: str) -> None:
        """Let a claim hold for LEASE_S seconds from now."""
        ...

    def keep(self, key: CacheKey, content: dict[str, Any], ttl_s: int) -> None:
        """Keep it in place of any claim."""
        ...

    def release(self, key: CacheKey, lease: str) -> None:
        """Give a claim back with nothing kept."""
        ...

    def drop(self, site_id: str) -> None:
        """Forget all that is kept of a site."""
        ...
