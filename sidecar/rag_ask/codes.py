"""Codes: names like XK-1500 in a question, and whether the site has them. One that it lacks has no near miss."""

from __future__ import annotations

import re
from collections.abc import Collection, Iterable

from rag_ask.database import Conn
from rag_ask.question import Word

# Letters before three digits or more: 500ml, 7:30, covid-19 and A4 are none.
_CODE = re.compile(r"([^\W\d_]+)[-‐‑–_/.]?(\d{3,})(\w*)")

WRITTEN_APART = (
    "SELECT EXISTS (SELECT FROM chunks WHERE site_id = %s AND text || array_to_string(heading_path, ' ') ~* %s)"
)


def lacks_one(connection: Conn, site_id: str, words: Iterable[Word], known: Collection[str]) -> bool:
    """Is there a code among the words that the site does not have, in one piece or apart? known: terms of the site."""
    return any(
        not _has(connection, site_id, match, word, known) for word in words if (match := _CODE.fullmatch(word.text))
    )


def _has(connection: Conn, site_id: str, match: re.Match[str], word: Word, known: Collection[str]) -> bool:
    if any(reading[-1] in known for reading in word.readings):
        return True
    if match[2] not in known:
        return False
    # RFC 7231 where RFC7231 is asked for. Letters and digits only, so nothing to escape.
    row = connection.execute(
        WRITTEN_APART, (site_id, rf"\m{match[1]}[^[:alnum:]]{{0,2}}{match[2]}{match[3]}\M")
    ).fetchone()
    return bool(row and row["exists"])
