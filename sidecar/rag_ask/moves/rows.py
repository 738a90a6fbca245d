"""Rows of one site as JSON, table by table in the order of their keys: read here, put in place there.

The tables are those of the database, so a new column moves along by itself.
"""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from psycopg.sql import SQL, Composed, Identifier
from psycopg.types.json import Jsonb

from rag_ask.db.database import Conn

DOCUMENTS, CHUNKS = "documents", "chunks"
# Kept answers, postings and reservations are made anew; `usage` is added up (counted.py).
OTHERS = (
    "term_counts",
    "questions",
    "tried_questions",
    "pull_pages",
    "refused_origins",
    "site_keys",
    "api_keys",
)

COLUMNS = """
SELECT attname FROM pg_attribute
WHERE attrelid = %s::regclass AND attnum > 0 AND NOT attisdropped AND attgenerated = '' ORDER BY attnum
"""
KEY = """
SELECT attname FROM pg_index JOIN pg_attribute ON attrelid = indrelid AND attnum = ANY(indkey)
WHERE indrelid = %s::regclass AND indisprimary ORDER BY array_position(indkey::int2[], attnum)
"""
PAGE = """
SELECT to_jsonb(mine) AS row FROM {table} AS mine
WHERE site_id = %(site_id)s
  AND (%(after)s::jsonb IS NULL OR ({key}) > (SELECT {key} FROM jsonb_populate_record(NULL::{table}, %(after)s)))
ORDER BY {key} LIMIT %(limit)s
"""
DELETE = "DELETE FROM {table} WHERE ({key}) IN (SELECT {key} FROM jsonb_populate_recordset(NULL::{table}, %s))"
INSERT = """
INSERT INTO {table} ({columns}) SELECT {columns} FROM jsonb_populate_recordset(NULL::{table}, %s)
"""
# What came here since stays: a vote, and that the site was purged.
ADD_QUESTIONS = """
INSERT INTO questions ({columns})
SELECT {columns} FROM jsonb_populate_recordset(NULL::questions, %(rows)s)
WHERE site_id = (
  SELECT site_id FROM sites WHERE site_id = %(site_id)s AND purged_at IS NOT DISTINCT FROM %(purged_at)s::timestamptz
)
ON CONFLICT (site_id, id) DO UPDATE SET
  rating = coalesce(questions.rating, excluded.rating), comment = coalesce(questions.comment, excluded.comment)
"""
UPDATE = """
UPDATE {table} SET ({columns}) = (SELECT {columns} FROM jsonb_populate_record(NULL::{table}, %s)) WHERE site_id = %s
"""
# Nobody works on a document before all of the site has arrived.
WAITING = """
jsonb_build_object('lease', NULL, 'leased_until', NULL,
  'next_attempt_at', CASE WHEN state IN ('pending', 'failed') THEN 'infinity' ELSE next_attempt_at END,
  'headers_due_at', CASE WHEN headers_due_at IS NOT NULL THEN 'infinity'::timestamptz END)
"""
# Questions from headings are tried at either side, at any time.
FINGERPRINTS = f"""
SELECT post_id, md5(concat((to_jsonb(documents) || {WAITING}) - 'tried_at', (
    SELECT string_agg(md5(concat_ws(' ', position, hash, kind, page, embedder, header)), '' ORDER BY position)
    FROM chunks WHERE chunks.site_id = documents.site_id AND chunks.post_id = documents.post_id
  ))) AS fingerprint
FROM documents WHERE site_id = %(site_id)s AND post_id > %(after)s AND post_id <= %(until)s ORDER BY post_id
"""
OF_DOCUMENTS = {
    DOCUMENTS: f"SELECT to_jsonb(mine) || {WAITING} AS row FROM documents AS mine",
    CHUNKS: "SELECT to_jsonb(mine) AS row FROM chunks AS mine",
}


def page(connection: Conn, table: str, site_id: str, after: dict[str, Any] | None, limit: int) -> list[dict[str, Any]]:
    """Up to `limit` rows after the one given."""
    sql = SQL(PAGE).format(table=Identifier(table), key=_names(connection, KEY, table))
    values = {"site_id": site_id, "after": None if after is None else Jsonb(after), "limit": limit}
    return [found["row"] for found in connection.execute(sql, values)]


def fingerprints(connection: Conn, site_id: str, after: int, until: int) -> dict[int, str]:
    """What documents with their chunks are compared by, for the ids in (after, until]."""
    # Moments are written in the zone of the session.
    connection.execute("SET LOCAL TIME ZONE 'UTC'")
    values = {"site_id": site_id, "after": after, "until": until}
    return {row["post_id"]: row["fingerprint"] for row in connection.execute(FINGERPRINTS, values)}


def of_documents(connection: Conn, table: str, site_id: str, post_ids: list[int]) -> list[dict[str, Any]]:
    """The rows of these documents, in a state in which nobody works on them, or those of their chunks."""
    sql = f"{OF_DOCUMENTS[table]} WHERE site_id = %s AND post_id = ANY(%s)"
    return [found["row"] for found in connection.execute(sql, (site_id, post_ids))]


def replace(connection: Conn, table: str, rows: Iterable[dict[str, Any]]) -> None:
    """Put rows in the place of those with the same keys. A document takes its old chunks along."""
    given, name = Jsonb(list(rows)), Identifier(table)
    connection.execute(SQL(DELETE).format(table=name, key=_names(connection, KEY, table)), (given,))
    connection.execute(SQL(INSERT).format(table=name, columns=_names(connection, COLUMNS, table)), (given,))


def insert(connection: Conn, table: str, row: dict[str, Any]) -> None:
    """Add a row."""
    sql = SQL(INSERT).format(table=Identifier(table), columns=_names(connection, COLUMNS, table))
    connection.execute(sql, (Jsonb([row]),))


def add_questions(connection: Conn, site_id: str, purged_at: str | None, rows: list[dict[str, Any]]) -> None:
    """Add what was asked elsewhere while the site moved here, unless it was purged since. purged_at: there."""
    sql = SQL(ADD_QUESTIONS).format(columns=_names(connection, COLUMNS, "questions"))
    connection.execute(sql, {"site_id": site_id, "purged_at": purged_at, "rows": Jsonb(rows)})


def update_site(connection: Conn, site_id: str, row: dict[str, Any]) -> None:
    """Make the row of the site this one."""
    sql = SQL(UPDATE).format(table=Identifier("sites"), columns=_names(connection, COLUMNS, "sites"))
    connection.execute(sql, (Jsonb(row), site_id))


def _names(connection: Conn, sql: str, table: str) -> Composed:
    found = connection.execute(sql, (table,)).fetchall()
    return SQL(", ").join(Identifier(row["attname"]) for row in found)
