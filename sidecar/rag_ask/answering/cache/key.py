"""Cache key: question, visitor's groups, content generation, model and settings -> the key of an answer."""

from __future__ import annotations

import hashlib
import json
from dataclasses import replace

from rag_ask.answering.cache import CacheKey
from rag_ask.answering.read_line import Asked, ReadLine
from rag_ask.providers.prompt import prompt_version
from rag_ask.text.normalize import normalised

STATE = """
SELECT generation, incarnation::text, coalesce((SELECT embedder FROM active_embedder), '') AS embedder
FROM sites WHERE site_id = %(site_id)s
"""


def key_now(line: ReadLine, asked: Asked) -> CacheKey:
    """The key as the content stands now. Raises DatabaseUnavailable."""
    rows = line.database.tenant_at_once(asked.site_id, STATE, {"site_id": asked.site_id})
    site = replace(asked.visitor.site, **rows[0]) if rows else asked.visitor.site
    return answer_key(line, replace(asked, visitor=replace(asked.visitor, site=site)))


def answer_key(line: ReadLine, asked: Asked) -> CacheKey:
    """The key as the content stood when the site was read, which is before anything is retrieved.

    What is retrieved is then at least as new as the key. Read after it, a push in between would file the old content
    under the new generation.
    """
    site_id, visitor, site = asked.site_id, asked.visitor, asked.visitor.site
    parts = [
        site_id,
        # A site whose rows went back, or that was registered again, counts its generations anew.
        site.incarnation,
        site.generation,
        site.embedder,
        normalised(asked.question),
        sorted(set(visitor.groups)),
        visitor.language,
        prompt_version(),
        line.answerer.model,
        line.settings_key,
        asked.filter.model_dump_json(),
        [(turn.question, turn.answer) for turn in asked.turns],
    ]
    return CacheKey(site_id, site.generation, hashlib.sha256(json.dumps(parts).encode()).digest())
