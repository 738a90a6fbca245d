"""Query rewriting: a follow-up question -> a standalone one, by the model or by rules."""

from __future__ import annotations

import re
from collections.abc import Callable, Sequence

from rag_ask.answering.conversation import Turn
from rag_ask.messages import MAX_QUESTION_CHARACTERS
from rag_ask.passage import Passage
from rag_ask.providers.prompt import prompt
from rag_ask.text import analyze
from rag_ask.text.invisible import first_line, one_line
from rag_ask.text.language import content_words, detect, words
from rag_ask.text.stop_words import stop_words

# A question of its own has more words that carry content than this, or points at nothing.
MAX_CONTENT_WORDS = 3
MAX_CHARACTERS_WITHOUT_SPACES = 10
MAX_OUTPUT_TOKENS = 120
REWRITE_TIMEOUT_S = 5.0

_OPENERS = (
    r"(?:and|or|but|what about|how about|what if|why not|and if|"
    r"und|oder|aber|auch|dann|was ist mit|wie ist es mit|wie sieht es mit|warum nicht|"
    r"et|ou|mais|aussi|alors|qu'en est-il|pourquoi pas|"
    r"y|o|pero|también|entonces|qué tal|y si|por qué no|"
    r"e|ma|en|maar|mas)(?![\w-])"
)
_OPENER = re.compile(rf"[¿¡\W]*{_OPENERS}", re.IGNORECASE)
# Said to the box, not asked of the site.
_POLITE = re.compile(
    r"\W*(?:(?:thanks?|thank you|thx|very much|so much|a lot|ok(?:ay)?|great|perfect|bye|hello|hi|danke(?:schön)?|"
    r"vielen dank|schön|sehr|merci|beaucoup|gracias|muchas|grazie|mille|bedankt|obrigad[oa])\b\W*)+",
    re.IGNORECASE,
)
_ALSO = re.compile(r"\b(?:too|as well|auch|aussi|también)\W*$", re.IGNORECASE)
_EXISTENCE = re.compile(r"\b(?:is|are|was|were|will) there\b", re.IGNORECASE)
_POINTING = {
    "en": "it its they them their that those this these there one ones he she him her his same then both either",
    "de": "er sie es ihn ihm ihr ihre deren dessen das dies dieser diese dieses dort dahin da dafür davon damit dazu "
    "darin darauf denen jener solche beide dasselbe",
    "fr": "il elle ils elles le la les lui leur ça cela ceci celui celle ceux celles y en là même sa son ses",
    "es": "él ella ellos ellas lo la los las le les eso esto ese esa esos esas aquello allí ahí mismo su sus",
}
POINTING = {code: frozenset(listed.split()) for code, listed in _POINTING.items()}
_PROPERTY_WORDS = (
    "price prices cost costs fee time times date dates day days duration length level age ages size weight colour "
    "color preis preise kosten zeit zeiten datum tage dauer länge alter größe gewicht farbe prix coût tarif durée "
    "tarifs horaire horaires âge taille precio precios coste costo fecha duración edad tamaño"
)
_PROPERTIES = frozenset(_PROPERTY_WORDS.split())
# Articles too: only without much else do they point at something.
_ARTICLES = frozenset(["le", "la", "les", "los", "las", "das", "die", "der"])
_SCRIPTS_WITHOUT_SPACES = frozenset(["ja", "zh", "th"])

Complete = Callable[[Sequence[dict[str, str]], int, float], str | None]
LookUp = Callable[[str], Passage | None]


def nothing(*_: object) -> None:
    """What a model writes, or a site has, that is not there."""


def standalone(question: str, turns: Sequence[Turn], complete: Complete = nothing, look_up: LookUp = nothing) -> str:
    """The question as it can be asked without the turns before it.

    complete: messages, a limit of tokens and of seconds -> the model's text, or None where no model may or can help.
    look_up: a question -> the best that the site has for it, or None where that is not enough for an answer.
    """
    # One that the site had no answer to hardly has a follow-up.
    before = next((turn.question for turn in reversed(turns) if turn.answer), turns[-1].question if turns else "")
    if not turns or not is_follow_up(question, before):
        return question
    written = _question_in(complete(_messages(question, turns), MAX_OUTPUT_TOKENS, REWRITE_TIMEOUT_S))
    if written:
        return written
    extended = with_terms(question, before)
    if _pointing(question, detect(question) or detect(before)) - _ARTICLES:
        return extended
    if _speaks_of(question, look_up(extended)):
        return extended
    # "Parking?" after a question about courses: the words before would drown what is asked now. And for "wifi", which
    # no page has, an answer about courses would be none.
    return question if _names_a_thing(question) or _speaks_of(question, look_up(question)) else extended


def _names_a_thing(question: str) -> bool:
    """Whether a few words stand there as one types them into a search, and no property of what was asked before."""
    said = words(question)
    has_grammar = any(word in stop_words(code) for word in said for code in POINTING)
    return not has_grammar and not _OPENER.match(question) and _PROPERTIES.isdisjoint(said)


def _speaks_of(question: str, passage: Passage | None) -> bool:
    """Whether the passage has every word of the question that carries content, and there is one."""
    code = detect(question)
    wanted = [set(analyze.word_terms(word, code)) for word in content_words(question, code)]
    if passage is None or not wanted:
        return False
    text = "\n".join((passage.title, *passage.heading_path, passage.text))
    told = set(analyze.terms(text, code))
    # Of a run without spaces, most of its pairs.
    return all(2 * len(terms & told) >= len(terms) for terms in wanted)


def is_follow_up(question: str, before: str = "") -> bool:
    """Is this a follow-up? It starts with "and", points at something or is short."""
    question = _POLITE.sub("", question, count=1) if _POLITE.match(question) else question
    if not words(question):
        return False
    code = detect(question) or detect(before)
    if code in _SCRIPTS_WITHOUT_SPACES:
        return len(re.sub(r"\W", "", question)) <= MAX_CHARACTERS_WITHOUT_SPACES
    content = content_words(question, code)
    if _OPENER.match(question) or _ALSO.search(question) or len(content) <= 1 or len(words(question)) <= 2:
        return True
    pointing = _pointing(question, code)
    # Articles are everywhere; they tell something only in the shortest questions.
    limit = MAX_CONTENT_WORDS if pointing - _ARTICLES else 1
    return bool(pointing) and len(content) <= limit


def _pointing(question: str, code: str) -> frozenset[str]:
    """The words that point at something, articles included."""
    return POINTING.get(code, frozenset()) & set(words(_EXISTENCE.sub("", question)))


def with_terms(question: str, before: str) -> str:
    """The question followed by the words of the one before that carry content."""
    said = set(words(question))
    kept = [word for word in content_words(before, detect(before)) if word not in said]
    extended = f"{question} ({' '.join(kept)})" if kept else question
    return extended if len(extended) <= MAX_QUESTION_CHARACTERS else question


def _messages(question: str, turns: Sequence[Turn]) -> tuple[dict[str, str], ...]:
    earlier = "\n".join(
        f"Question: {one_line(turn.question)}\nAnswer: {one_line(turn.answer) or '(none)'}" for turn in turns
    )
    return (
        {"role": "system", "content": prompt("rewrite")},
        {"role": "user", "content": f"{earlier}\n\nLast question: {one_line(question)}"},
    )


def _question_in(written: str | None) -> str:
    """The first line of what the model wrote, if it can be a question."""
    line = first_line(written or "", MAX_QUESTION_CHARACTERS)
    return line.removeprefix("Last question:").strip(" \"'“”„`*")
