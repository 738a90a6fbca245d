"""A second opinion of the answer model: one short call for all claims of an answer, within the site's budget."""

from __future__ import annotations

import re
from collections.abc import Sequence

from rag_ask.providers.budget import BudgetedModel
from rag_ask.providers.prompt import new_code, numbered, prompt, shown
from rag_ask.providers.second_opinion import MAX_CLAIMS, Claim
from rag_ask.text.invisible import one_line

TIMEOUT_S = 5.0
# `12: yes` has about five; a reasoning model has none left for its thoughts, and decides nothing.
TOKENS_PER_CLAIM = 8
_LINE = re.compile(r"^\W{0,3}(\d{1,2})\W{1,4}(yes|no)\b", re.IGNORECASE | re.MULTILINE)


class ModelOpinion:
    """Asks the answer model."""

    def __init__(self, chat: BudgetedModel) -> None:
        self.name = chat.name
        self._chat = chat

    def judge(self, site_id: str, question: str, claims: Sequence[Claim]) -> list[bool | None]:
        """See SecondOpinion. Nothing is decided when the budget does not allow it or the provider fails."""
        asked = claims[:MAX_CLAIMS]
        limit = TOKENS_PER_CLAIM * (len(asked) + 1)
        text = self._chat.complete(site_id, _messages(question, asked), limit, TIMEOUT_S) or ""
        said = {int(number): word.casefold() == "yes" for number, word in _LINE.findall(text)}
        return [said.get(number) for number in range(1, len(claims) + 1)]


def _messages(question: str, claims: Sequence[Claim]) -> list[dict[str, str]]:
    passages = list(dict.fromkeys(passage for claim in claims for passage in claim.passages))
    sources = numbered(passages)
    number_of = {source.passage: source.number for source in sources}
    lines = [
        f"{number}. {one_line(claim.sentence)} {''.join(f'[{number_of[one]}]' for one in claim.passages)}"
        for number, claim in enumerate(claims, start=1)
    ]
    told = [shown(sources, new_code()), f"Question: {one_line(question)}", "\n".join(["Sentences:", *lines])]
    return [{"role": "system", "content": prompt("check")}, {"role": "user", "content": "\n\n".join(told)}]
