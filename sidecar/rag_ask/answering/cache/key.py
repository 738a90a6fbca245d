"""Key: what was asked, by whom, of what content and what model -> the key of its answer."""

from __future__ import annotations

import hashlib
import json
import unicodedata
from collections.abc import Sequence

from rag_ask.answering.cache import Key
from rag_ask.db.database import Database
from rag_ask.providers.prompt import prompt_version
from rag_ask.tenant import Visitor

# After NFKC, which makes "..." of "…" and "?" of its full-width form.
END = ".!?,;:。؟،\u037e \t"


def answer_key(database: Database, visitor: Visitor, question: str, asked: Sequence[str]) -> Key:
    """The key as the content stands now.

    Read it before anything is retrieved: what is retrieved is then at least as new as the key. Read after it, a push
    in between would file the old content under the new generation.

    asked: whatever else the answer depends on, such as a filter, the conversation, the model.
    Raises DatabaseUnavailable.
    """
    site_id = visitor.site.site_id
    with database.tenant(site_id) as connection:
        row = connection.execute(
            "SELECT generation, created_at, (SELECT embedder FROM active_embedder) AS embedder "
            "FROM sites WHERE site_id = %s",
            (site_id,),
        ).fetchone()
    generation = row["generation"] if row else 0
    parts = [
        site_id,
        # A site that was removed and registered again counts its generations anew.
        row["created_at"].isoformat() if row else "",
        generation,
        row["embedder"] if row else "",
        normalised(question),
        sorted(set(visitor.groups)),
        visitor.language,
        prompt_version(),
        *asked,
    ]
    return Key(site_id, generation, hashlib.sha256(json.dumps(parts).encode()).digest())


def normalised(question: str) -> str:
    """NFKC, case-folded, white space collapsed, without punctuation at the end.

    A question of nothing but such punctuation stays as it is.
    """
    text = " ".join(unicodedata.normalize("NFKC", question).casefold().split())
    return text.rstrip(END) or text
