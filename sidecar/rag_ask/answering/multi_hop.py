"""Multi-hop retrieval: the model may request up to two more queries. Optional."""

from __future__ import annotations

import re
from collections.abc import Callable, Sequence

from rag_ask.answering.followup import Complete
from rag_ask.messages import MAX_QUESTION_CHARACTERS
from rag_ask.passage import Passage
from rag_ask.providers.prompt import new_code, numbered, prompt, shown
from rag_ask.retrieval.retrieve import Retrieved
from rag_ask.text.invisible import first_line, one_line

_NO_SEARCH = re.compile(r"\W*(?:enough\b|none\W*$|n/?a\W*$|not_on_this_site|the sources\b|<).*|\W*", re.IGNORECASE)
MAX_OUTPUT_TOKENS = 60
TIMEOUT_S = 5.0
# In quotes, words would have to occur just so.
_QUOTES = str.maketrans(dict.fromkeys('"“”„«»「」`*', " "))

Search = Callable[[Sequence[str]], Retrieved]


def gather(question: str, search: Search, complete: Complete, limit: int, min_score: float | None = None) -> Retrieved:
    """Retrieve, with up to `limit` more queries that the model requests.

    search: further queries -> what they and the question retrieve. complete: as in `followup.rewritten`. The model is
    not asked when the question alone retrieves too little for an answer.
    """
    queries: list[str] = []
    found = search(queries)
    while (
        not found.note
        and found.is_enough(min_score)
        and len(queries) < limit
        and (query := _query(question, found.passages, queries, complete))
    ):
        queries.append(query)
        found = search(queries)
    return found


def _query(question: str, passages: Sequence[Passage], queries: Sequence[str], complete: Complete) -> str:
    """The next search; nothing when the passages are enough, or no model may or can help."""
    written = complete(_messages(question, passages, queries), MAX_OUTPUT_TOKENS, TIMEOUT_S)
    query = one_line(first_line(written or "", MAX_QUESTION_CHARACTERS).translate(_QUOTES))
    is_known = query.casefold() in {one_line(known).casefold() for known in (question, *queries)}
    return "" if is_known or _NO_SEARCH.fullmatch(query) else query


def _messages(question: str, passages: Sequence[Passage], queries: Sequence[str]) -> tuple[dict[str, str], ...]:
    made = "".join(f"\nSearched already: {query}" for query in queries)
    asked = f"Question: {one_line(question)}{made}"
    return (
        {"role": "system", "content": prompt("search")},
        {"role": "user", "content": f"{shown(numbered(passages), new_code())}\n\n{asked}"},
    )
