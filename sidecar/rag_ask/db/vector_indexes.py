"""Vector indexes: an HNSW index of its own for each large site, made by the owner of the database. Nobody waits."""

from __future__ import annotations

import hashlib
from collections.abc import Iterator, Mapping
from typing import Any

import psycopg
from psycopg import Connection
from psycopg.rows import DictRow
from psycopg.sql import SQL, Identifier, Literal

from rag_ask.db.database import Conn
from rag_ask.settings import Settings

PREFIX = "chunks_near_"
# What pgvector can index of half-precision vectors.
MAX_DIMENSIONS = 4000
# The graph of 100,000 vectors of 384 dimensions needs half of it; a larger one is built more slowly.
MEMORY = "256MB"

LARGE = f"""
SELECT site_id, part, embedder, dimensions FROM sites CROSS JOIN LATERAL (
  SELECT tableoid::regclass::text AS part, embedder, vector_dims(embedding) AS dimensions
  FROM chunks WHERE chunks.site_id = sites.site_id LIMIT 1
) AS a_chunk
WHERE chunk_count >= %s AND dimensions <= {MAX_DIMENSIONS} ORDER BY site_id
"""
THERE = f"""
SELECT relname, indisvalid FROM pg_index JOIN pg_class ON pg_class.oid = indexrelid
WHERE relname LIKE '{PREFIX.replace("_", "#_")}%' ESCAPE '#'
"""
# A partition's rows of one site and one embedder: of other embedders the vectors have other dimensions.
CREATE = """
CREATE INDEX CONCURRENTLY {name} ON {part}
USING hnsw ((embedding::halfvec({dimensions})) halfvec_cosine_ops)
WHERE site_id = {site_id} AND embedder = {embedder}
"""


def wanted(connection: Conn, large_site: int) -> dict[str, DictRow]:
    """The indexes that there should be: name -> whose. large_site: from so many chunks on a site has one.

    Needs a system transaction.
    """
    return {_name(row): row for row in connection.execute(LARGE, (large_site,)).fetchall()}


def refresh(settings: Settings, wanted: Mapping[str, DictRow]) -> Iterator[str]:
    """Make the indexes that are missing, and drop those that are broken or serve nobody. Yields a line for each.

    No transaction of the caller's may be open: it would be waited for. Raises psycopg.OperationalError when the owner
    cannot log in.
    """
    with psycopg.connect(settings.database_url, autocommit=True) as owner:
        owner.execute(SQL("SET maintenance_work_mem = {}").format(Literal(MEMORY)))
        there: dict[str, bool] = dict(owner.execute(THERE).fetchall())
        for name in there.keys() - {name for name in wanted if there.get(name)}:
            owner.execute(SQL("DROP INDEX CONCURRENTLY IF EXISTS {}").format(Identifier(name)))
            yield f"dropped {name}"
        for name, row in wanted.items():
            if not there.get(name):
                _create(owner, name, row)
                yield f"made {name} for {row['site_id']}"


def _name(row: DictRow) -> str:
    digest = hashlib.sha256(f"{row['site_id']} {row['embedder']}".encode()).hexdigest()
    return PREFIX + digest[:16]


def _create(owner: Connection[Any], name: str, row: DictRow) -> None:
    owner.execute(
        SQL(CREATE).format(
            name=Identifier(name),
            part=Identifier(row["part"]),
            dimensions=Literal(row["dimensions"]),
            site_id=Literal(row["site_id"]),
            embedder=Literal(row["embedder"]),
        )
    )
