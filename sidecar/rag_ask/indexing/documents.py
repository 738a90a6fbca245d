"""Documents: upsert posts as pushed, leave tombstones for deleted ones. Pending rows are the queue (`queue.py`)."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Sequence
from typing import Any
from urllib.parse import urlsplit

from psycopg.types.json import Jsonb

from rag_ask.db import incarnation
from rag_ask.db.database import Conn
from rag_ask.db.generation import raise_generation
from rag_ask.errors import QuotaExceeded
from rag_ask.fields import storable
from rag_ask.indexing import store
from rag_ask.indexing.chunk import VERSION
from rag_ask.indexing.quota import Room
from rag_ask.messages import Delete, Document, Upsert

UPSERT = """
INSERT INTO documents AS old (site_id, post_id, version, state, priority, hash, type, title, url, html, excerpt, author,
                              terms, fields, language, groups, page_urls, published_at, modified_at, content_hash,
                              images, file, incarnation)
VALUES (%(site_id)s, %(post_id)s, %(version)s, 'pending', %(priority)s, %(hash)s, %(type)s, %(title)s, %(url)s,
        %(html)s, %(excerpt)s, %(author)s, %(terms)s, %(fields)s, %(language)s, %(groups)s, %(page_urls)s,
        %(published_at)s, %(modified_at)s, %(content_hash)s, %(images)s, %(file)s,
        (SELECT incarnation FROM sites WHERE site_id = %(site_id)s))
ON CONFLICT (site_id, post_id) DO UPDATE SET
  version = excluded.version, hash = excluded.hash, type = excluded.type, title = excluded.title, url = excluded.url,
  html = excluded.html, excerpt = excluded.excerpt, author = excluded.author, terms = excluded.terms,
  fields = excluded.fields, language = excluded.language, groups = excluded.groups, file = excluded.file,
  -- Those of a file were found when it was read, and stand until it is read again.
  page_urls = CASE WHEN excluded.file <> '' AND old.url = excluded.url THEN old.page_urls ELSE excluded.page_urls END,
  images = excluded.images, published_at = excluded.published_at, modified_at = excluded.modified_at,
  content_hash = excluded.content_hash, pushed_at = now(),
  -- The same content hash needs no indexing: its chunks are stored already.
  state = CASE WHEN old.state IN ('indexed', 'skipped') AND old.content_hash = excluded.content_hash
               THEN old.state ELSE 'pending' END,
  code = CASE WHEN old.state IN ('indexed', 'skipped') AND old.content_hash = excluded.content_hash
              THEN old.code ELSE '' END,
  -- A scan must not lower the priority of an edit that still waits.
  priority = CASE WHEN old.state = 'pending' THEN least(old.priority, excluded.priority) ELSE excluded.priority END,
  next_attempt_at = CASE WHEN old.state = 'pending' THEN least(old.next_attempt_at, now()) ELSE now() END,
  attempts = 0, leased_until = NULL, lease = NULL, is_suspect = false, deaths = 0
WHERE old.version < excluded.version
"""

TOMBSTONE = """
  state = 'deleted', hash = '', title = '', url = '', html = '', excerpt = '', author = '', terms = '[]', fields = '[]',
  groups = '{}', page_urls = '{}', images = '[]', file = '', content_hash = '', pushed_at = now(),
  code = '', message = '', lease = NULL, leased_until = NULL
"""

DELETE = f"""
INSERT INTO documents AS old (site_id, post_id, version, state)
VALUES (%(site_id)s, %(post_id)s, %(version)s, 'deleted')
ON CONFLICT (site_id, post_id) DO UPDATE SET version = excluded.version, {TOMBSTONE}
WHERE old.version < excluded.version
"""

# Keeps the version, so that the refused one is accepted once there is room.
WITHDRAW = f"""
UPDATE documents SET {TOMBSTONE}
WHERE site_id = %(site_id)s AND post_id = %(post_id)s AND version < %(version)s AND state <> 'deleted'
"""


def apply(connection: Conn, site_id: str, change: Upsert | Delete, room: Room) -> dict[str, Any]:
    """Upsert a document or leave a tombstone; return the result of the change. A version that is not higher is stale.

    A version that the site has no room for is rejected, and the one before is withdrawn: the page no longer says it.
    The caller holds `locks.hold_site`.
    """
    if isinstance(change, Delete):
        room.count_again()
        return delete(connection, site_id, change.id, change.version)
    post_id, version = change.document.id, change.document.version
    try:
        room.admit(change.document)
    except QuotaExceeded as error:
        _withdraw(connection, site_id, post_id, version)
        refused = {"result": "rejected", "code": error.code, "message": error.message}
        return {"id": post_id, "version": version} | refused
    columns = _columns(site_id, change.document) | {"priority": change.priority}
    is_new = connection.execute(UPSERT, columns).rowcount == 1
    if is_new:
        # Title, URL and groups apply at once, before the document is indexed again.
        raise_generation(connection, site_id)
        confirm(connection, site_id, [post_id])
    return _result(connection, site_id, post_id, version, is_new=is_new)


def delete(connection: Conn, site_id: str, post_id: int, version: int) -> dict[str, Any]:
    """Leave a tombstone; return the result of the change. The caller holds `locks.hold_site`."""
    values = {"site_id": site_id, "post_id": post_id, "version": version}
    is_new = connection.execute(DELETE, values).rowcount == 1
    if is_new:
        store.replace(connection, site_id, post_id, "", [])
    return _result(connection, site_id, post_id, version, is_new=is_new)


def confirm(connection: Conn, site_id: str, post_ids: Sequence[int]) -> None:
    """The site has just said that these documents are current. The caller holds `locks.hold_site`."""
    for post_id in incarnation.prove(connection, site_id, post_ids):
        # Its chunks are of a version of the backup, which may say what was withdrawn since.
        store.replace(connection, site_id, post_id, "", [])


def _withdraw(connection: Conn, site_id: str, post_id: int, version: int) -> None:
    values = {"site_id": site_id, "post_id": post_id, "version": version}
    if connection.execute(WITHDRAW, values).rowcount:
        store.replace(connection, site_id, post_id, "", [])


def _result(connection: Conn, site_id: str, post_id: int, version: int, *, is_new: bool) -> dict[str, Any]:
    result = {"id": post_id, "version": version}
    if is_new:
        return result | {"result": "accepted"}
    current = connection.execute(
        "SELECT version FROM documents WHERE site_id = %s AND post_id = %s", (site_id, post_id)
    ).fetchone()
    return result | {"result": "stale", "current_version": current["version"] if current else 0}


def _columns(site_id: str, document: Document) -> dict[str, Any]:
    columns: dict[str, Any] = _storable(document.model_dump(exclude={"id", "file"}))
    # Everything that chunks are made from, and how.
    content = [columns[name] for name in ("title", "language", "html", "excerpt", "author", "terms", "fields")]
    content.append(VERSION)
    if document.file:
        content += [document.file.kind, document.file.revision, document.url]
    return columns | {
        "site_id": site_id,
        "post_id": document.id,
        "file": document.file.kind if document.file else "",
        "content_hash": hashlib.sha256(json.dumps(content).encode()).digest(),
        "terms": Jsonb(columns["terms"]),
        "fields": Jsonb(columns["fields"]),
        "images": Jsonb([image for image in columns["images"] if _host(image["url"]) == _host(document.url)]),
    }


def _host(url: str) -> str:
    return urlsplit(url).netloc.lower()


def _storable(value: Any) -> Any:
    if isinstance(value, str):
        return storable(value)
    if isinstance(value, list):
        return [_storable(item) for item in value]
    if isinstance(value, dict):
        return {name: _storable(item) for name, item in value.items()}
    return value
