"""Re-embed: stage vectors of another embedder while the old ones answer, then switch in one transaction."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import Any, ParamSpec, TypeVar

from pgvector import HalfVector

from rag_ask import backoff
from rag_ask.db import active_embedder, locks
from rag_ask.db.database import Conn, Database
from rag_ask.db.generation import raise_generation
from rag_ask.errors import BadRequest, DatabaseUnavailable, ProviderRejected, ProviderUnavailable
from rag_ask.indexing import store
from rag_ask.passage import embedding_text
from rag_ask.providers import metered
from rag_ask.providers.embed import Embedder

BATCH = 128
PAUSES_S = (1, 2, 4, 8, 16, 32, 60, 60)
REFUSED = "The embedding provider refused a text of this post. Change the post, or choose another model."

BATCH_OF_SITE = """
SELECT post_id, position, chunks.hash, title, heading_path, text, header, kind FROM chunks
LEFT JOIN staged_embeddings AS staged ON staged.site_id = chunks.site_id AND staged.hash = chunks.hash
WHERE chunks.site_id = %(site_id)s AND (post_id, position) > (%(post_id)s, %(position)s)
  AND chunks.embedder <> %(embedder)s AND staged.hash IS NULL
ORDER BY post_id, position LIMIT %(limit)s
"""

# What `embedding_text` takes, in its order.
EMBEDDED = ("title", "heading_path", "text", "header", "kind")

COUNT = """
SELECT count(*) AS total, count(*) FILTER (WHERE staged.hash IS NOT NULL) AS done FROM chunks
LEFT JOIN staged_embeddings AS staged ON staged.site_id = chunks.site_id AND staged.hash = chunks.hash
WHERE chunks.embedder <> %s
"""

SWITCH = """
UPDATE chunks SET embedding = staged.embedding, embedder = staged.embedder FROM staged_embeddings AS staged
WHERE chunks.site_id = staged.site_id AND chunks.hash = staged.hash AND chunks.embedder <> staged.embedder
"""

# Texts with a staged vector, and all texts.
Report = Callable[[int, int], None]
P = ParamSpec("P")
T = TypeVar("T")
Refused = set[tuple[str, bytes]]


def reembed(database: Database, embedder: Embedder, report: Report) -> bool:
    """Embed every stored text with this embedder; False when it is the active one already.

    Staged vectors survive a stop, so the next run continues. Raises BadRequest when another run is at work,
    ProviderUnavailable when the provider fails for minutes, DatabaseUnavailable.
    """
    with database.system() as guard:
        if not locks.try_reembed(guard):
            raise BadRequest("reembedding", "Another rag-ask reembed is at work. Wait for it, or stop it first.", 409)
        with database.system() as connection:
            if not _begin(connection, embedder.name):
                return False
        refused: Refused = set()
        while True:
            _stage_missing(database, embedder, refused, report)
            if _with_retries(_switch, database, embedder.name, refused):
                return True


def _begin(connection: Conn, name: str) -> bool:
    is_active = active_embedder.active_name(connection) in (None, name)
    # Left over from an abandoned change of the embedder.
    connection.execute("DELETE FROM staged_embeddings WHERE %s OR embedder <> %s", (is_active, name))
    connection.execute("UPDATE active_embedder SET next_embedder = %s", (None if is_active else name,))
    return not is_active


def _stage_missing(database: Database, embedder: Embedder, refused: Refused, report: Report) -> None:
    """Stage the missing vectors, site by site. The next round finds what is indexed meanwhile."""
    with database.system() as connection:
        count = connection.execute(COUNT, (embedder.name,)).fetchone() or {"total": 0, "done": 0}
        site_ids = [row["site_id"] for row in connection.execute("SELECT site_id FROM sites ORDER BY site_id")]
    done = count["done"]
    report(done, count["total"])
    for site_id in site_ids:
        for rows in _batches(database, embedder.name, site_id):
            texts = {bytes(row["hash"]): embedding_text(*(row[name] for name in EMBEDDED)) for row in rows}
            texts = {digest: text for digest, text in texts.items() if (site_id, digest) not in refused}
            vectors = _embedded(metered.for_site(embedder, database, site_id), texts)
            refused |= {(site_id, digest) for digest in texts.keys() - vectors.keys()}
            _with_retries(_stage, database, embedder.name, site_id, vectors)
            done += len(rows)
            report(done, count["total"])


def _batches(database: Database, name: str, site_id: str) -> Iterator[list[dict[str, Any]]]:
    cursor = {"post_id": 0, "position": -1}
    values = {"site_id": site_id, "embedder": name, "limit": BATCH}
    while rows := _with_retries(_batch, database, values | cursor):
        yield rows
        cursor = {key: rows[-1][key] for key in cursor}


def _batch(database: Database, values: dict[str, Any]) -> list[dict[str, Any]]:
    with database.system() as connection:
        return connection.execute(BATCH_OF_SITE, values).fetchall()


def _embedded(embedder: Embedder, texts: dict[bytes, str]) -> dict[bytes, HalfVector]:
    """Hash -> vector, without the texts that the provider refuses."""
    try:
        vectors = _with_retries(embedder.embed, list(texts.values()))
    except ProviderRejected:
        if len(texts) == 1:
            return {}
        # One refused text fails its whole request: bisect to find it.
        items = list(texts.items())
        middle = len(items) // 2
        return _embedded(embedder, dict(items[:middle])) | _embedded(embedder, dict(items[middle:]))
    return {digest: HalfVector(vector) for digest, vector in zip(texts, vectors, strict=True)}


def _stage(database: Database, name: str, site_id: str, vectors: dict[bytes, HalfVector]) -> None:
    with database.system() as connection, connection.cursor() as cursor:
        cursor.executemany(
            "INSERT INTO staged_embeddings (site_id, hash, embedder, embedding) VALUES (%s, %s, %s, %s) "
            "ON CONFLICT DO NOTHING",
            [(site_id, digest, name, vector) for digest, vector in vectors.items()],
        )


def _switch(database: Database, name: str, refused: Refused) -> bool:
    """Switch to the staged vectors; False when a text was indexed meanwhile that has none yet."""
    with database.system() as connection:
        locks.hold_embedder(connection)
        missing = {
            (row["site_id"], bytes(row["hash"]))
            for row in connection.execute(
                "SELECT chunks.site_id, chunks.hash FROM chunks LEFT JOIN staged_embeddings AS staged "
                "ON staged.site_id = chunks.site_id AND staged.hash = chunks.hash "
                "WHERE chunks.embedder <> %s AND staged.hash IS NULL",
                (name,),
            )
        }
        if missing - refused:
            return False
        _fail_refused(connection, missing)
        connection.execute(SWITCH)
        connection.execute("UPDATE active_embedder SET embedder = %s, next_embedder = NULL", (name,))
        raise_generation(connection)
        connection.execute("DELETE FROM staged_embeddings")
    return True


def _fail_refused(connection: Conn, refused: Refused) -> None:
    """Fail the documents with refused texts and delete their chunks: a document is searchable whole, or not at all."""
    for site_id, digest in refused:
        posts = connection.execute(
            "UPDATE documents SET state = 'failed', code = 'provider_rejected', message = %s WHERE site_id = %s "
            "AND post_id IN (SELECT post_id FROM chunks WHERE site_id = %s AND hash = %s) RETURNING post_id",
            (REFUSED, site_id, site_id, digest),
        ).fetchall()
        for post in posts:
            store.replace(connection, site_id, post["post_id"], "", [])


def _with_retries(call: Callable[P, T], *args: P.args, **kwargs: P.kwargs) -> T:
    """Call, and retry for three minutes at most while the provider or the database is unavailable."""

    def pause_s(error: Exception, attempt: int) -> float | None:
        return PAUSES_S[attempt] if isinstance(error, ProviderUnavailable | DatabaseUnavailable) else None

    return backoff.retry(lambda: call(*args, **kwargs), len(PAUSES_S) + 1, pause_s)
