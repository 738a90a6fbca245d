"""The READ line: find -> decide -> ground -> stream -> cite.

The route wraps it by the answer cache and the question log; the command line and `eval` call it as it is.
"""

from __future__ import annotations

from functools import partial

from rag_ask.answering.answer import Answer
from rag_ask.answering.beside import beside
from rag_ask.answering.cache.key import answer_key, key_now
from rag_ask.answering.cached_answer import Cache
from rag_ask.answering.decide import decide
from rag_ask.answering.events import answer_events
from rag_ask.answering.find import find
from rag_ask.answering.ground import ground
from rag_ask.answering.read_line import Asked, ReadLine
from rag_ask.answering.sentence_check import judge_for
from rag_ask.db import incarnation


def answer(line: ReadLine, asked: Asked) -> Answer:
    """Find and decide now; ground, stream and cite while the events are read.

    Raises DatabaseUnavailable, ProviderUnavailable, EmbedderChanged, IndexUnproven; the events raise what
    `answer_events` says.
    """
    found = find(line, asked)
    decision = decide(found, line.min_score, line.sure_score)
    if not decision.passages:
        incarnation.refuse_unproven(line.database, asked.site_id)
    grounding = ground(decision.question, decision.passages, decision.weights, asked.visitor.language)
    # What the owner wrote is not written anew.
    answerer = line.answerer.without_model() if decision.is_note else line.answerer
    answering = answerer.begin(asked.site_id, grounding, is_sure=decision.is_sure)
    judge = judge_for(line.second_opinion, asked.site_id, decision.question)
    shown_beside = partial(beside, line.database, asked.site_id, asked.question)
    events = answer_events(
        answering, grounding, decision.suggestions, undecided=line.undecided, judge=judge, beside=shown_beside
    )
    stands_alone = decision.question == asked.question
    return Answer(events, decision.confidence, decision.document_ids, stands_alone, decision.question)


def cached(cache: Cache, line: ReadLine, asked: Asked, *, with_model: bool = True) -> Answer:
    """The answer that is kept for this question, or a new one. Raises what `answer` raises."""
    key = answer_key(line, asked)
    if not with_model:
        return cache.kept(key) or answer(line.without_model(), asked)
    return cache.answer(
        key, partial(key_now, line, asked), partial(answer, line, asked), partial(answer, line.without_model(), asked)
    )
