"""Answer as Markdown: for programs that show one text, its sources or what is said in place of an answer."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from rag_ask.answering.answerer import UNSURE

# Programs that want words of their own look at `outcome`.
NO_ANSWER = "There is no answer to this on the site."
NOT_SURE = "This may help. It is not a sure answer:"


def whole(answer: dict[str, Any]) -> str:
    """The words of the answer and what follows them. answer: as in `tests/contract/ask-response.json`."""
    return str(answer["answer"]) + after_words(answer)


def after_words(answer: dict[str, Any]) -> str:
    """What follows the words of the answer: its sources as links, or what is said in place of an answer."""
    if answer["outcome"] == UNSURE:
        lines = [line for found in answer["excerpts"] for piece in found["pieces"] for line in piece["lines"]]
        return "\n".join([NOT_SURE, *lines]) + _links(answer["citations"])
    if not answer["citations"]:
        pages = "".join(f"\n- {_link(page)}" for page in answer["suggestions"])
        return NO_ANSWER + ("\n" + pages if pages else "")
    return _links(answer["citations"])


def _links(citations: Sequence[dict[str, Any]]) -> str:
    return "\n" + "".join(f"\n[{citation['number']}] {_link(citation)}" for citation in citations)


def _link(page: dict[str, Any]) -> str:
    """A link in Markdown that no title breaks out of."""
    title = "".join(f"\\{char}" if char in "\\[]`*_<>" else char for char in page["title"]).replace("\n", " ")
    if not page["url"]:
        # A note of the site that cites no page.
        return title
    url = page["url"].translate({ord("("): "%28", ord(")"): "%29", ord(" "): "%20"})
    return f"[{title}]({url})"
