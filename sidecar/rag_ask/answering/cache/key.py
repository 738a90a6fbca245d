"""Cache key: question, visitor's groups, content generation, model and settings -> the key of an answer."""

from __future__ import annotations

import hashlib
import json

from rag_ask.answering.cache import CacheKey
from rag_ask.answering.read_line import Asked, ReadLine
from rag_ask.providers.prompt import prompt_version
from rag_ask.text.normalize import normalised


def answer_key(line: ReadLine, asked: Asked) -> CacheKey:
    """The key as the content stands now.

    Read it before anything is retrieved: what is retrieved is then at least as new as the key. Read after it, a push
    in between would file the old content under the new generation.

    Raises DatabaseUnavailable.
    """
    site_id, visitor = asked.site_id, asked.visitor
    with line.database.tenant(site_id) as connection:
        row = connection.execute(
            "SELECT generation, incarnation, (SELECT embedder FROM active_embedder) AS embedder "
            "FROM sites WHERE site_id = %s",
            (site_id,),
            prepare=True,
        ).fetchone()
    generation = row["generation"] if row else 0
    parts = [
        site_id,
        # A site whose rows went back, or that was registered again, counts its generations anew.
        str(row["incarnation"]) if row else "",
        generation,
        row["embedder"] if row else "",
        normalised(asked.question),
        sorted(set(visitor.groups)),
        visitor.language,
        prompt_version(),
        line.answerer.model,
        line.settings_key,
        asked.filter.model_dump_json(),
        [(turn.question, turn.answer) for turn in asked.turns],
    ]
    return CacheKey(site_id, generation, hashlib.sha256(json.dumps(parts).encode()).digest())
