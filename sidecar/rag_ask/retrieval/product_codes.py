"""Product codes such as XK-1500 in a question. A code that the site does not have is not answered."""

from __future__ import annotations

import re
from collections.abc import Collection, Iterable
from itertools import islice

from rag_ask.db.database import Conn
from rag_ask.retrieval.query import Word

# Letters before three digits or more: 500ml, 7:30, covid-19 and A4 are none.
_CODE = re.compile(r"([^\W\d_]+)[-‐‑–_/.]?(\d{3,})(\w*)")

# In one piece or apart, and whether there are others of its kind.
FIND = (
    "SELECT EXISTS (SELECT FROM chunks WHERE site_id = %s AND text || ' ' || array_to_string(heading_path, ' ') ~* %s)"
)
# Each one reads the texts of the site, so the bound is on what a question may cost.
MAX_CODES = 3
_GAP = "[^[:alnum:]]{0,2}"


def lacks_one(connection: Conn, site_id: str, words: Iterable[Word], known: Collection[str]) -> bool:
    """Is there a code among the words that the site does not have, while it has others of its kind? An order number or
    a date is of no kind that the site has. known: terms of the site. Only the first MAX_CODES codes are looked up."""
    codes = {word.text: (match, word) for word in words if (match := _CODE.fullmatch(word.text))}
    return any(
        _is_lacking(connection, site_id, match, word, known) for match, word in islice(codes.values(), MAX_CODES)
    )


def _is_lacking(connection: Conn, site_id: str, match: re.Match[str], word: Word, known: Collection[str]) -> bool:
    if any(reading[-1] in known for reading in word.readings):
        return False
    # Letters and digits only, so nothing to escape.
    letters, digits, tail = match.groups()
    end = rf"{_GAP}{tail}\M" if tail else r"(\D|$)"
    kind = rf"\m{letters}[-‐‑–_/.]?[0-9]{{3,}}"
    return _occurs(connection, site_id, kind) and not _occurs(connection, site_id, rf"\m{letters}{_GAP}{digits}{end}")


def _occurs(connection: Conn, site_id: str, pattern: str) -> bool:
    row = connection.execute(FIND, (site_id, pattern)).fetchone()
    return bool(row and row["exists"])
