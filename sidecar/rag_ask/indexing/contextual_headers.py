"""Contextual chunk headers: one model-written sentence per chunk. Optional.

Runs after indexing, so no post waits for a model. A header is embedded and searched with its chunk; it is never shown
or quoted. Anthropic, "Introducing Contextual Retrieval" (2024), https://www.anthropic.com/news/contextual-retrieval
"""

from __future__ import annotations

import re
import threading
from collections.abc import Sequence
from textwrap import shorten

import structlog

from rag_ask.db import active_embedder, locks
from rag_ask.db.database import Conn, Database
from rag_ask.errors import RagAskError
from rag_ask.indexing import store
from rag_ask.indexing.chunk import Chunk, with_header
from rag_ask.indexing.lexical import analyze
from rag_ask.passage import Passage
from rag_ask.providers import metered
from rag_ask.providers.budget import BudgetedModel
from rag_ask.providers.embed import Embedder
from rag_ask.providers.embedders import Embedders
from rag_ask.providers.prompt import new_code, numbered, prompt, shown
from rag_ask.text.invisible import one_line

log = structlog.get_logger(__name__)

WINDOW_CHUNKS = 12
MAX_TOKENS_PER_HEADER = 60
TIMEOUT_S = 30.0
MAX_HEADER_CHARACTERS = 200
MAX_OUTLINE_CHARACTERS = 1500
MAX_OPENING_CHARACTERS = 600
# The rest of the daily budget is left to visitors' answers.
BUDGET_SHARE = 0.5
IDLE_S = 5.0
_LINE = re.compile(r"\W*(\d+)\b[\]).:*\s]*+(\S.*)")
_NONE = re.compile(r"\W*(?:n/?a|none|no header)?\W*", re.IGNORECASE)

DUE_SITES = """
SELECT site_id FROM sites WHERE EXISTS (
  SELECT FROM documents WHERE documents.site_id = sites.site_id AND headers_due_at <= now() AND state = 'indexed'
) ORDER BY random()
"""

# A later due time is the lease, and the back-off when the work fails.
CLAIM = """
UPDATE documents SET header_attempts = header_attempts + 1,
  headers_due_at = now() + least(power(2, least(header_attempts, 10)) * interval '5 minutes', interval '1 day')
WHERE site_id = %(site_id)s AND post_id = (
  SELECT post_id FROM documents WHERE site_id = %(site_id)s AND headers_due_at <= now() AND state = 'indexed'
  ORDER BY headers_due_at LIMIT 1 FOR UPDATE SKIP LOCKED
)
RETURNING post_id, title, language, chunk_version
"""


def run(database: Database, models: Embedders, chat: BudgetedModel, stop: threading.Event) -> None:
    """Write headers, one document of each site in turn, until told to stop."""
    while not stop.is_set():
        has_written = False
        try:
            with database.system() as connection:
                site_ids = [row["site_id"] for row in connection.execute(DUE_SITES)]
                embedder = models.active(connection)
            for site_id in site_ids:
                has_written |= not stop.is_set() and write_some(database, embedder, chat, site_id)
        except RagAskError as error:
            log.warning("headers", reason=error.message)
        except Exception:
            log.exception("headers")
        if not has_written:
            stop.wait(IDLE_S)


def write_some(database: Database, embedder: Embedder, chat: BudgetedModel, site_id: str) -> bool:
    """Write the headers of up to WINDOW_CHUNKS chunks of one document; False when none is due or the model wrote none.

    Raises DatabaseUnavailable, ProviderUnavailable, ProviderRejected; the document backs off then.
    """
    with database.tenant(site_id) as connection:
        document = connection.execute(CLAIM, {"site_id": site_id}).fetchone()
        if document is None:
            return False
        post_id, title, language = document["post_id"], document["title"], document["language"]
        chunks = store.of_document(connection, site_id, post_id)
        embeddings = store.known_embeddings(connection, site_id, [post_id], embedder.name)
    asked = [part for part in chunks if part.header is None][:WINDOW_CHUNKS]
    limit = MAX_TOKENS_PER_HEADER * len(asked)
    messages = _messages(title, chunks, asked)
    written = chat.complete(site_id, messages, limit, TIMEOUT_S, budget_share=BUDGET_SHARE) if asked else None
    headers = parse_headers(written or "", len(asked))
    if asked and not headers:
        return False
    # A chunk that the model skipped stays without a header and is asked for again.
    by_position = {asked[number - 1].position: header for number, header in headers.items()}
    parts = [with_header(part, title, by_position.get(part.position, part.header)) for part in chunks]
    missing = {part.hash: part.embedding_text(title) for part in parts if part.hash not in embeddings}
    vectors = metered.for_site(embedder, database, site_id).embed(list(missing.values())) if missing else ()
    embeddings |= zip(missing, vectors, strict=True)
    with database.tenant(site_id) as connection:
        locks.hold_site(connection, site_id)
        # The document was indexed again meanwhile, and is due again itself.
        if (
            active_embedder.active_name(connection) != embedder.name
            or store.of_document(connection, site_id, post_id) != chunks
        ):
            return False
        stored = [
            store.StoredChunk(part, analyze(part, title, language), embedder.name, embeddings[part.hash])
            for part in parts
        ]
        store.replace(connection, site_id, post_id, title, stored, document["chunk_version"])
    log.info("headers", site=site_id, post=post_id, chunks=len(asked))
    return True


def count_due(connection: Conn, site_id: str) -> int:
    """How many documents still wait for headers."""
    row = connection.execute(
        "SELECT count(*) AS count FROM documents "
        "WHERE site_id = %s AND headers_due_at IS NOT NULL AND state = 'indexed'",
        (site_id,),
    ).fetchone()
    return int(row["count"]) if row else 0


def parse_headers(written: str, count: int) -> dict[int, str]:
    """Parse the model's reply: number of a piece (1 to `count`) -> its header, '' when none is needed."""
    headers: dict[int, str] = {}
    for line in written.splitlines():
        match = _LINE.match(one_line(line))
        if match and 1 <= int(match[1]) <= count:
            header = shorten(match[2].strip('`"“” '), MAX_HEADER_CHARACTERS, placeholder="")
            headers.setdefault(int(match[1]), "" if _NONE.fullmatch(header) else header)
    return headers


def _messages(title: str, chunks: Sequence[Chunk], asked: Sequence[Chunk]) -> tuple[dict[str, str], ...]:
    outline = "\n".join(dict.fromkeys(" > ".join(part.heading_path) for part in chunks if part.heading_path))
    opening = "\n".join(part.text for part in chunks[:WINDOW_CHUNKS])
    pieces = [Passage(0, title, "", part.heading_path, part.text, 0.0) for part in asked]
    code = new_code()
    page = [
        f"--- page {code}\nTitle: {one_line(title)}",
        f"Headings:\n{outline[:MAX_OUTLINE_CHARACTERS]}",
        f"Opening:\n{opening[:MAX_OPENING_CHARACTERS]}",
        f"--- end of page {code}",
    ]
    return (
        {"role": "system", "content": prompt("headers")},
        {"role": "user", "content": "\n".join(page) + f"\n\n{shown(numbered(pieces), code)}"},
    )
