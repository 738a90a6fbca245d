"""Cite: a model's streamed text and its sources -> what is shown of it, sentence by sentence, and its citations. Pure.

A model's text is data. A sentence is shown when it is complete, cites a source and, by the check that it is given, says
what its sources say. Addresses that no source holds, links, images, tags and what is private never leave.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Sequence
from functools import cache

from rag_ask.answering.citations.citation import Citation, citation_of
from rag_ask.answering.citations.markers import MarkerGate, before_stop
from rag_ask.answering.citations.sanitize import known_addresses, unlinked, without_addresses, without_domains
from rag_ask.answering.citations.sentence_stream import Statement, Statements
from rag_ask.passage import Passage, Source
from rag_ask.text.bare import says_nothing
from rag_ask.text.invisible import JOINERS, strip_invisible

# In place of the markers of a sentence that its sources neither support nor contradict, where such are marked.
UNDECIDED = "[?]"

_JOINERS = re.compile(f"([{JOINERS}])[{JOINERS}]+")
_MARKER = re.compile(r"\[(\d{1,3})\]")
_ITEM = re.compile(r"[-*•|–]\s|\d{1,2}[.)]\s")
_MARKERS = re.compile(r" ?(?:\[\d{1,3}\])+")

Check = Callable[[str, Sequence[Passage]], bool]


class Citer:
    """Lets through what may be shown. What it has returned, put together, is the answer."""

    def __init__(
        self,
        sources: Sequence[Source],
        is_supported: Check = lambda _sentence, _passages: True,
        is_private: Callable[[str], bool] = lambda _sentence: False,
        marks_undecided: bool = False,
        is_contradicted: Check = lambda _sentence, _passages: False,
    ) -> None:
        self.citations: list[Citation] = []
        self._sources = {source.number: source for source in sources}
        # Quotes need none of them.
        self._known = cache(lambda: known_addresses(sources))
        self._is_supported = is_supported
        self._is_private = is_private
        self._marks_undecided = marks_undecided
        self._is_contradicted = is_contradicted
        self._gate = MarkerGate(len(sources))
        self._statements = Statements()
        self._before, self._held = "", ""
        self._gap = ""
        self._shown = False
        # Sentences without a marker, each with the gap before it: the next marker of their paragraph speaks for them.
        self._waiting: list[tuple[str, str]] = []
        # Marked as undecided, and shown only beside something that is supported.
        self._doubted: list[tuple[str, str]] = []
        # What the sentence before a list cited: its items may leave it at that.
        self._list_of: list[int] = []

    def feed(self, delta: str) -> str:
        """Return what can be shown by now."""
        return self._take(self._statements.feed(self._gate.feed(self._visible(delta))))

    def close(self) -> str:
        """Return the rest."""
        rest = self._take(self._statements.feed(self._gate.feed(strip_invisible(self._held)) + self._gate.close()))
        return rest + self._take(self._statements.close())

    def _visible(self, delta: str) -> str:
        """Without invisible characters. Whether a joiner is one depends on what stands on both sides of it."""
        text = _JOINERS.sub(r"\1", self._held + delta)
        settled = text.rstrip(JOINERS)
        self._held = text[len(settled) :]
        shown = strip_invisible(self._before + settled)[len(strip_invisible(self._before)) :]
        self._before = settled[-1:] or self._before
        return shown

    def _take(self, statements: Iterator[Statement]) -> str:
        return "".join(self._shown_of(statement) for statement in statements)

    def _shown_of(self, statement: Statement) -> str:
        self._gap += statement.gap
        if statement.is_code:
            return self._code(statement.text)
        if self._gap.count("\n") > 1:
            # Only what announces the next paragraph goes with it.
            self._waiting = [one for one in self._waiting[-1:] if one[1].endswith((":", "："))]
        text = before_stop(unlinked(statement.text, self._known())).strip()
        if not text or self._is_private(text):
            return ""
        gap, self._gap = self._gap, ""
        numbers = list(dict.fromkeys(int(number) for number in _MARKER.findall(text)))
        if says_nothing(_bare(text)):
            # "Yes." goes with the next sentence.
            numbers, text = [], _bare(text)
        if not numbers and not self._waiting and _ITEM.match(text) and self._is_said(text, self._list_of):
            numbers, text = self._list_of, _marked(text, self._list_of)
        if not numbers:
            self._waiting.append((gap, text))
            return ""
        if not _ITEM.match(text):
            self._list_of = numbers
        waiting, self._waiting = self._waiting, []
        return self._cited(waiting, gap, text, numbers)

    def _cited(self, waiting: list[tuple[str, str]], gap: str, text: str, numbers: list[int]) -> str:
        passages = self._passages(numbers)
        following = [*(one for _, one in waiting[1:]), _bare(text)]
        kept = [one for one, after in zip(waiting, following, strict=False) if self._may_stay(one[1], after, passages)]
        if not self._is_supported(_bare(text), passages):
            self._gap = gap + self._gap
            if self._marks_undecided and not self._is_contradicted(_bare(text), passages):
                doubted = without_domains(_bare(_MARKERS.sub(f" {UNDECIDED}", text, count=1)), passages)
                self._doubted.append((gap, doubted))
            if not kept:
                return self._doubts() if self.citations else ""
            # What it would have spoken for is so all the same.
            *kept, (gap, last) = kept
            waiting, text = kept, _marked(last, numbers)
        sentences_shown = [*(sentence for _, sentence in kept), _bare(text)]
        numbers = self._needed(numbers, sentences_shown)
        text, said = _with_markers(text, numbers), " ".join(sentences_shown)
        cited = {citation.number for citation in self.citations}
        self.citations += [citation_of(self._sources[number], said) for number in numbers if number not in cited]
        doubts = self._doubts()
        gap = "".join(one[0] for one in waiting if one not in kept) + gap
        return doubts + "".join(self._put(*one) for one in [*kept, (gap, text)])

    def _may_stay(self, sentence: str, following: str, passages: Sequence[Passage]) -> bool:
        """Whether a sentence may be shown before the following one, with which a "Yes." stands or falls."""
        return self._is_supported(following if says_nothing(sentence) else sentence, passages)

    def _is_said(self, text: str, numbers: list[int]) -> bool:
        return bool(numbers) and self._is_supported(text, self._passages(numbers))

    def _passages(self, numbers: list[int]) -> list[Passage]:
        return [self._sources[number].passage for number in numbers]

    def _needed(self, numbers: list[int], said: list[str]) -> list[int]:
        """The sources of which each says one of the sentences itself, or something that the others do not say."""
        for number in numbers if len(numbers) > 1 else ():
            alone, others = self._passages([number]), self._passages([other for other in numbers if other != number])
            if not any(self._is_supported(one, alone) or not self._is_supported(one, others) for one in said):
                numbers = [other for other in numbers if other != number]
        return numbers

    def _doubts(self) -> str:
        doubted, self._doubted = self._doubted, []
        return "".join(self._put(*one) for one in doubted)

    def _code(self, text: str) -> str:
        """Code holds no markers: what is said before it vouches for it."""
        text = without_addresses(text, self._known())
        passages = self._passages([citation.number for citation in self.citations])
        if not passages or self._is_private(text) or not self._is_supported(text.strip("`"), passages):
            return ""
        self._gap = ""
        return self._put("\n", f"{text}\n")

    def _put(self, gap: str, text: str) -> str:
        """Return the text behind the widest gap since the last one that was put."""
        lines = gap.count("\n")
        between = "\n\n" if lines > 1 else "\n" if lines else " " if gap else ""
        between, self._shown = between if self._shown else "", True
        return between + text


def resolve(text: str, sources: Sequence[Source], is_supported: Check | None = None) -> tuple[str, list[Citation]]:
    """A whole text as it may be shown, its markers as `[1][2]`, and the citations in order of first use."""
    citer = Citer(sources, is_supported) if is_supported else Citer(sources)
    return (citer.feed(text) + citer.close()).strip(), citer.citations


def _with_markers(text: str, numbers: list[int]) -> str:
    """The text with only these markers."""

    def left(match: re.Match[str]) -> str:
        kept = "".join(f"[{number}]" for number in map(int, _MARKER.findall(match[0])) if number in numbers)
        return " " * match[0].startswith(" ") + kept if kept else ""

    return _MARKERS.sub(left, text)


def _marked(text: str, numbers: list[int]) -> str:
    return before_stop(f"{text} {''.join(f'[{number}]' for number in numbers)}")


def _bare(text: str) -> str:
    return _MARKERS.sub("", text)
