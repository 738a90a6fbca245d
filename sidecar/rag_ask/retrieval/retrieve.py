"""Retrieve: a question -> ranked passages of one site, by meaning (dense) and by words (BM25).

embed -> search -> fuse -> read texts -> (rerank) -> (merge) -> (in context) -> deduplicate -> merge adjacent
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import NamedTuple

from rag_ask.db.database import Conn, Database
from rag_ask.db.thresholds import Thresholds
from rag_ask.messages import Filter
from rag_ask.passage import Passage
from rag_ask.providers import metered
from rag_ask.providers.embed import Embedder
from rag_ask.providers.embed.questions import cosine_floor
from rag_ask.providers.embed.script import across, reads
from rag_ask.providers.embedders import Embedders
from rag_ask.retrieval import candidates, notes, passages, site_facts
from rag_ask.retrieval.config import RECIPE, Recipe
from rag_ask.retrieval.fuse import BEFORE, Candidate, confidence, confidence_across, fuse, in_context, merge
from rag_ask.retrieval.rerank import MAX_CANDIDATES, Reranker
from rag_ask.retrieval.search import Found, leaning, search
from rag_ask.retrieval.site_facts import SiteFacts
from rag_ask.retrieval.texts import Texts
from rag_ask.tenant import Visitor
from rag_ask.text.language import detect

MAX_PASSAGES = 8
# A question of this confidence is understood as it stands.
ENOUGH = 0.5


@dataclass(frozen=True)
class Retrieved:
    """Passages, best first, and the confidence in [0, 1] that the site answers the question at all.

    thresholds: those that were measured for the embedder. weights: what each term of the question weighs (its
    idf on the site), by its dimension; what was misspelled stands for what was meant. leans:
    the question needs the one before. note: the owner's own answer to this question.
    """

    passages: tuple[Passage, ...]
    confidence: float
    thresholds: Thresholds
    weights: Mapping[int, float] = field(default_factory=dict)
    leans: bool = False
    note: Passage | None = None

    def is_enough(self, min_score: float | None = None) -> bool:
        """Is this worth showing? A `min_score` of the settings wins over the measured one."""
        return self.confidence >= (self.thresholds.min_score if min_score is None else min_score)

    def is_sure(self, sure_score: float | None = None) -> bool:
        """Is this an answer? A `sure_score` of the settings wins over the measured one."""
        return self.confidence >= (self.thresholds.sure_score if sure_score is None else sure_score)


class _LookedUp(NamedTuple):
    """What the queries found: an item for each of them, in their order. by: who embedded them.

    are_read: whether `by` has learned the language of each, so that its vectors count.
    """

    by: Embedder
    are_read: list[bool]
    facts: SiteFacts
    found: list[Found]
    rankings: list[list[Candidate]]
    texts: Texts
    note: Passage | None


def retrieve(
    database: Database,
    embedders: Embedders,
    visitor: Visitor,
    asked: str,
    limit: int = MAX_PASSAGES,
    wanted: Filter | None = None,
    recipe: Recipe = RECIPE,
    reranker: Reranker | None = None,
    further: Sequence[str] = (),
    before: str = "",
) -> Retrieved:
    """Find the passages that this visitor may read and that speak of the question.

    further: queries to search for beside it; they add nothing to the confidence. before: the question that this one may
    lean on; its vector is kept from when it was asked, so it costs a search alone.

    Raises DatabaseUnavailable, ProviderUnavailable, EmbedderChanged.
    """
    wanted = wanted or Filter()
    queries = (asked, *further, *filter(None, [before]))

    def look_up(by: Embedder) -> _LookedUp:
        counted = metered.for_site(by, database, visitor.site.site_id)
        embeddings = [embedders.embed_question(counted, query) for query in queries]
        are_read = [reads(by.name, query, visitor.language) for query in queries]

        def read(connection: Conn) -> _LookedUp:
            facts = site_facts.of_site(connection, visitor.site, by.name)
            if facts.postings_at:
                connection.execute(candidates.PLAN_FOR_SITE)
            note = None
            if facts.has_notes:
                note = notes.find(connection, visitor, asked, by.name, embeddings[0], wanted)
            found = [
                search(connection, visitor, query, by.name, embedding, wanted, recipe, facts)
                for query, embedding in zip(queries, embeddings, strict=True)
            ]
            rankings = [_fused(one, is_read, recipe) for one, is_read in zip(found, are_read, strict=True)]
            texts = Texts(database, visitor, wanted)
            if reranker:
                texts.read(connection, [chunk for ranking in rankings for chunk in ranking[:MAX_CANDIDATES]])
            # What a context takes; only more of the same, or a page gone meanwhile, has more read afterwards.
            texts.read_best(connection, rankings, passages.CONTEXT_CHARACTERS)
            return _LookedUp(by, are_read, facts, found, rankings, texts, note)

        return database.read(visitor.site.site_id, read)

    looked_up = look_up(embedders.seen(database))
    if not looked_up.note and not any(looked_up.rankings) and embedders.seen(database, 0).name != looked_up.by.name:
        # The embedder was changed while this question was on its way.
        looked_up = look_up(embedders.seen(database))
    by, found, rankings, texts = looked_up.by, looked_up.found, looked_up.rankings, looked_up.texts
    are_read, asking = looked_up.are_read, len(queries) - bool(before)
    if reranker:
        pairs = zip(queries[:asking], rankings[:asking], strict=True)
        rankings[:asking] = [reranker.rerank(query, ranking, texts.found) for query, ranking in pairs]
    ranked = merge(rankings[:asking]) if further else rankings[0]
    sureness = _confidence(asked, visitor.language, found[0], by, are_read[0])
    leans = False
    if before:
        alone, ranked = ranked, in_context(ranked, rankings[-1])
        need = leaning(visitor, asked, looked_up.facts, found[0])
        leans = need > 0 and not _is_new(ranked, alone, rankings[-1])
        context = _confidence(before, visitor.language, found[-1], by, are_read[-1])
        sureness += need * max(0.0, context - sureness)
    shown = passages.fitting(
        passages.newer_first(texts.passages(ranked), found[0].weights), deduplicates=recipe.deduplicates
    )
    best = passages.joined(shown) if recipe.joins else shown
    measured = looked_up.facts.thresholds
    # Both thresholds were measured where the embedder reads the question; by words alone there is one.
    known = measured if are_read[0] else Thresholds(measured.min_score, measured.min_score)
    terms = {**_lighter(found[-1].weights), **found[0].weights} if leans else found[0].weights
    return Retrieved(passages.of_pages(best, limit), sureness, known, terms, leans, looked_up.note)


def _fused(found: Found, is_read: bool, recipe: Recipe) -> list[Candidate]:
    if found.is_across:
        return fuse(found.chunks, recipe.dense_weight_across, recipe.neighbour_weight, 0.0, found.total)
    dense_weight = recipe.dense_weight if is_read else 0.0
    return fuse(found.chunks, dense_weight, recipe.neighbour_weight, recipe.page_weight, found.total)


def _lighter(weights: Mapping[int, float]) -> dict[int, float]:
    """Of the question before, which says what is meant, but not what is asked."""
    return {term: BEFORE * weight for term, weight in weights.items()}


def _is_new(ranked: Sequence[Candidate], alone: Sequence[Candidate], before: Sequence[Candidate]) -> bool:
    """Whether the best passage is the question's own find, on another page than the one before was about."""
    if not ranked or not alone or not before:
        return True
    best, own, old = (ranking[0].post_id for ranking in (ranked, alone, before))
    return best == own != old


def _confidence(asked: str, page_language: str, found: Found, embedder: Embedder, is_read: bool) -> float:
    if found.lacks_code:
        return 0.0
    if not is_read:
        return confidence(found.chunks, found.total, dense_weight=0.0)
    floor = cosine_floor(embedder)
    in_one = confidence(found.chunks, found.total, cosine_floor=floor)
    line = across(embedder.name, is_moved=found.is_across)
    if not line or in_one >= ENOUGH:
        return in_one
    in_any = confidence_across(found.chunks, "", *line, floor)
    # The model that tells languages apart takes 70 MB and half a millisecond: only a question that it can make surer
    # waits for it.
    if found.is_across or in_any <= in_one:
        return max(in_one, in_any)
    spoken = dict.fromkeys((page_language, *(chunk.language for chunk in found.chunks)))
    asked_in = detect(asked, tuple(filter(None, spoken)))
    return max(in_one, confidence_across(found.chunks, asked_in, *line, floor)) if asked_in else in_one
