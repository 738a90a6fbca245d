"""Sentence check: what is shown of an answer, by the verdicts on its sentences and a second opinion on some."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence

from rag_ask import traces
from rag_ask.answering.citations.cite import Citer
from rag_ask.answering.faithfulness.check import verdict
from rag_ask.answering.faithfulness.verdict import Question, Verdict
from rag_ask.passage import Passage
from rag_ask.providers.second_opinion import Claim, SecondOpinion

Judge = Callable[[Sequence[Claim]], list[bool | None]]


def judge_for(opinion: SecondOpinion | None, site_id: str, question: str) -> Judge | None:
    """The second opinion on the claims of one answer."""
    return (lambda claims: opinion.judge(site_id, question, claims)) if opinion else None


class SentenceCheck:
    """The verdicts on the sentences of one answer. Contradicted ones are never shown."""

    def __init__(self, question: Question, shows_undecided: bool = False) -> None:
        self.undecided: dict[Claim, None] = {}
        self._question = question
        self._shows_undecided = shows_undecided
        self._verdicts: dict[Claim, Verdict] = {}

    def is_supported(self, sentence: str, passages: Sequence[Passage]) -> bool:
        """Whether it may be shown."""
        found = self._verdict(Claim(sentence, tuple(passages)))
        return found == Verdict.SUPPORTED or (self._shows_undecided and found == Verdict.UNDECIDED)

    def is_contradicted(self, sentence: str, passages: Sequence[Passage]) -> bool:
        """Whether its sources say something else."""
        return self._verdict(Claim(sentence, tuple(passages))) == Verdict.CONTRADICTED

    def may_be_supported(self, sentence: str, passages: Sequence[Passage]) -> bool:
        """Whether it is not contradicted; keeps the undecided ones."""
        claim = Claim(sentence, tuple(passages))
        found = self._verdict(claim)
        if found == Verdict.UNDECIDED:
            self.undecided[claim] = None
        return found != Verdict.CONTRADICTED

    def ask(self, judge: Judge) -> None:
        """Let a second opinion decide what is undecided."""
        claims = list(self.undecided)
        for claim, is_supported in zip(claims, judge(claims), strict=True):
            if is_supported is not None:
                self._verdicts[claim] = Verdict.SUPPORTED if is_supported else Verdict.CONTRADICTED

    def _verdict(self, claim: Claim) -> Verdict:
        if claim not in self._verdicts:
            with traces.span("check", {"gen_ai.evaluation.name": "faithfulness"}) as note:
                found = self._verdicts[claim] = verdict(claim.sentence, claim.passages, self._question)
                note({"gen_ai.evaluation.score.label": found.name.lower()})
                note(traces.texts(**{"rag_ask.sentence": claim.sentence}))
        return self._verdicts[claim]


def shown_pieces(citer: Citer, texts: Iterator[str]) -> Iterator[str]:
    """What can be shown as the texts come; an empty piece is a heartbeat."""
    for text in texts:
        shown = citer.feed(text) if text else ""
        if shown or not text:
            yield shown
    if shown := citer.close():
        yield shown


def judged_pieces(
    citer: Citer, scout: Citer, check: SentenceCheck, judge: Judge, texts: Iterator[str]
) -> Iterator[str]:
    """As `shown_pieces`, up to the first undecided sentence. The rest follows when a second opinion has judged it all.

    scout: cites the same sources, and reads ahead; its check is `check.may_be_supported`.
    """
    held: list[str] = []
    for text in texts:
        scout.feed(text)
        if check.undecided:
            held.append(text)
            yield ""
            continue
        if (shown := citer.feed(text)) or not text:
            yield shown
    scout.close()
    if check.undecided:
        yield ""
        check.ask(judge)
    yield from shown_pieces(citer, iter(filter(None, held)))
