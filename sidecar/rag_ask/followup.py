"""Follow-up: a question that leans on those before it -> one that stands alone. Pure but for the model it may ask."""

from __future__ import annotations

import re
from collections.abc import Callable, Sequence

from rag_ask.conversation import Turn
from rag_ask.ground import prompt
from rag_ask.invisible import first_line, one_line
from rag_ask.language import content_words, detect, words
from rag_ask.messages import MAX_QUESTION_CHARACTERS

# A question of its own has more words that carry content than this, or points at nothing.
MAX_CONTENT_WORDS = 3
MAX_CHARACTERS_WITHOUT_SPACES = 10
MAX_OUTPUT_TOKENS = 120
REWRITE_TIMEOUT_S = 5.0

_OPENERS = (
    r"(?:and|or|but|so|also|then|what about|how about|what if|why not|and if|"
    r"und|oder|aber|auch|dann|was ist mit|wie ist es mit|wie sieht es mit|warum nicht|"
    r"et|ou|mais|aussi|alors|qu'en est-il|pourquoi pas|"
    r"y|o|pero|también|entonces|qué tal|y si|por qué no|"
    r"e|ma|en|maar|mas)\b"
)
_OPENER = re.compile(rf"[¿¡\W]*{_OPENERS}", re.IGNORECASE)
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
# Articles too: only without much else do they point at something.
_ARTICLES = frozenset(["le", "la", "les", "los", "las", "das", "die", "der"])
_SCRIPTS_WITHOUT_SPACES = frozenset(["ja", "zh", "th"])

Write = Callable[[Sequence[dict[str, str]], int, float], str | None]


def standalone(question: str, turns: Sequence[Turn], write: Write) -> str:
    """The question as it can be asked without the turns before it.

    write: messages, a limit of tokens and of seconds -> the model's text, or None where no model may or can help.
    """
    if not turns or not is_follow_up(question, turns[-1].question):
        return question
    written = write(_messages(question, turns), MAX_OUTPUT_TOKENS, REWRITE_TIMEOUT_S)
    return _question_in(written) or with_terms(question, turns[-1].question)


def is_follow_up(question: str, before: str = "") -> bool:
    """Whether a question leans on what was said before: it starts with "and", points at something or is short."""
    code = detect(question) or detect(before)
    if code in _SCRIPTS_WITHOUT_SPACES:
        return len(re.sub(r"\W", "", question)) <= MAX_CHARACTERS_WITHOUT_SPACES
    content = content_words(question, code)
    if _OPENER.match(question) or _ALSO.search(question) or len(content) <= 1 or len(words(question)) <= 2:
        return True
    pointing = POINTING.get(code, frozenset()) & set(words(_EXISTENCE.sub("", question)))
    # Articles are everywhere; they tell something only in the shortest questions.
    limit = MAX_CONTENT_WORDS if pointing - _ARTICLES else 1
    return bool(pointing) and len(content) <= limit


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
