"""The collaborators of the READ line, and the question that goes through it."""

from __future__ import annotations

from dataclasses import dataclass, field, replace

from rag_ask.answering.answerer import Answerer
from rag_ask.answering.conversation import Turn
from rag_ask.db.database import Database
from rag_ask.messages import Filter
from rag_ask.providers.embedders import Embedders
from rag_ask.providers.second_opinion import SecondOpinion
from rag_ask.retrieval.config import RECIPE, Recipe
from rag_ask.retrieval.rerank import Reranker
from rag_ask.retrieval.retrieve import MAX_PASSAGES
from rag_ask.tenant import Visitor


@dataclass(frozen=True)
class ReadLine:
    """The collaborators and settings of the READ line; one a process.

    min_score, sure_score: thresholds of the confidence, in [0, 1]; None for those measured for the embedder.
    further_searches: how often the model may search again. rewrites: may the model rewrite a follow-up? undecided:
    `drop`, `mark` or `show` sentences that are neither supported nor contradicted, after a second opinion.
    settings_key: names the settings that an answer depends on.
    """

    database: Database
    embedders: Embedders
    answerer: Answerer
    reranker: Reranker | None = None
    recipe: Recipe = RECIPE
    max_passages: int = MAX_PASSAGES
    min_score: float | None = None
    sure_score: float | None = None
    further_searches: int = 0
    rewrites: bool = True
    undecided: str = "drop"
    second_opinion: SecondOpinion | None = None
    settings_key: str = ""

    def without_model(self) -> ReadLine:
        """The same line with extractive answers alone."""
        return replace(self, answerer=self.answerer.without_model())


@dataclass(frozen=True)
class Asked:
    """A question, who asks it, and what was said before (oldest first)."""

    visitor: Visitor
    question: str
    turns: tuple[Turn, ...] = ()
    filter: Filter = field(default_factory=Filter)

    @property
    def site_id(self) -> str:
        """The tenant."""
        return self.visitor.site.site_id
