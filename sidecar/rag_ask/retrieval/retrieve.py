"""Retrieve: a question -> ranked passages of one site, by meaning (dense) and by words (BM25).

embed -> search -> fuse -> (rerank) -> (merge) -> (in context) -> deduplicate -> merge adjacent
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

from rag_ask.db.database import Conn, Database
from rag_ask.db.thresholds import Thresholds
from rag_ask.messages import Filter
from rag_ask.passage import Passage
from rag_ask.providers import metered
from rag_ask.providers.embed import Embedder
from rag_ask.providers.embed.questions import cosine_floor
from rag_ask.providers.embed.script import across, reads
from rag_ask.providers.embedders import Embedders
from rag_ask.retrieval import notes, passages, site_facts
from rag_ask.retrieval.config import RECIPE, Recipe
from rag_ask.retrieval.fuse import BEFORE, Candidate, confidence, confidence_across, fuse, in_context, merge
from rag_ask.retrieval.rerank import Reranker
from rag_ask.retrieval.search import Found, search
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
    queries = (asked, *further, *filter(None, [before]))

    def look_up(by: Embedder) -> tuple[list[Found], Thresholds, Passage | None]:
        counted = metered.for_site(by, database, visitor.site.site_id)
        embeddings = [embedders.embed_question(counted, query) for query in queries]

        def read(connection: Conn) -> tuple[list[Found], Thresholds, Passage | None]:
            facts = site_facts.read(connection, visitor.site.site_id, by.name)
            note = None
            if facts.has_notes:
                note = notes.find(connection, visitor, asked, by.name, embeddings[0], wanted or Filter())
            found = [
                search(connection, visitor, query, by.name, embedding, wanted or Filter(), recipe, facts)
                for query, embedding in zip(queries, embeddings, strict=True)
            ]
            return found, facts.thresholds, note

        return database.read(visitor.site.site_id, read)

    active = embedders.seen(database)
    found, measured, note = look_up(active)
    if not note and not any(one.chunks for one in found) and embedders.seen(database, 0).name != active.name:
        # The embedder was changed while this question was on its way.
        active = embedders.seen(database)
        found, measured, note = look_up(active)
    are_read = [reads(active.name, query, visitor.language) for query in queries]
    rankings = [
        fuse(
            one.chunks,
            recipe.dense_weight if is_read else 0.0,
            recipe.neighbour_weight,
            recipe.page_weight,
            one.total,
        )
        for one, is_read in zip(found, are_read, strict=True)
    ]
    asking = len(queries) - bool(before)
    if reranker:
        rankings[:asking] = [reranker.rerank(*pair) for pair in zip(queries[:asking], rankings[:asking], strict=True)]
    ranked = merge(rankings[:asking]) if further else rankings[0]
    sureness = _confidence(asked, visitor.language, found[0], active, are_read[0])
    leans = False
    if before:
        alone, ranked = ranked, in_context(ranked, rankings[-1])
        leans = found[0].leaning > 0 and not _is_new(ranked, alone, rankings[-1])
        context = _confidence(before, visitor.language, found[-1], active, are_read[-1])
        sureness += found[0].leaning * max(0.0, context - sureness)
    shown = passages.fitting(ranked, deduplicates=recipe.deduplicates)
    best = passages.joined(shown) if recipe.joins else [chunk.passage for chunk in shown]
    # Both thresholds were measured where the embedder reads the question; by words alone there is one.
    known = measured if are_read[0] else Thresholds(measured.min_score, measured.min_score)
    terms = {**_lighter(found[-1].weights), **found[0].weights} if leans else found[0].weights
    return Retrieved(passages.of_pages(best, limit), sureness, known, terms, leans, note)


def _lighter(weights: Mapping[int, float]) -> dict[int, float]:
    """Of the question before, which says what is meant, but not what is asked."""
    return {term: BEFORE * weight for term, weight in weights.items()}


def _is_new(ranked: Sequence[Candidate], alone: Sequence[Candidate], before: Sequence[Candidate]) -> bool:
    """Whether the best passage is the question's own find, on another page than the one before was about."""
    if not ranked or not alone or not before:
        return True
    best, own, old = (ranking[0].passage.post_id for ranking in (ranked, alone, before))
    return best == own != old


def _confidence(asked: str, page_language: str, found: Found, embedder: Embedder, is_read: bool) -> float:
    if found.lacks_code:
        return 0.0
    if not is_read:
        return confidence(found.chunks, found.total, dense_weight=0.0)
    floor = cosine_floor(embedder)
    in_one = confidence(found.chunks, found.total, cosine_floor=floor)
    line = across(embedder.name)
    # The model that tells languages apart takes 70 MB: a question that is answered in its own does not load it.
    if not line or in_one >= ENOUGH:
        return in_one
    spoken = dict.fromkeys((page_language, *(chunk.passage.language for chunk in found.chunks)))
    asked_in = detect(asked, tuple(filter(None, spoken)))
    return max(in_one, confidence_across(found.chunks, asked_in, *line, floor)) if asked_in else in_one
