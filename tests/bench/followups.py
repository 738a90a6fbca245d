"""Measure follow-up questions, and keywords that are none.

There are two sets. The rules were made on the sample site's (data/followups.jsonl, data/keywords.jsonl); the one in
data/conversations (six small sites in five languages) was written before them and is only measured.

A row of `pairs` is a question, one that leans on it, and words that its answer must hold. Printed is the share of rows
whose answer stands in the first 1,000 characters of the passages, and in the first passage, asked as typed and in its
conversation. A row of `keywords` is a question, a keyword about something else, and words of the passage that must come
first; printed is the share of keywords that find it alone, after the question, and after the question of those that do
alone.
"""

from __future__ import annotations

import json
import os
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

import figures
from fresh_postgres import fresh_database

from rag_ask.answering.answerer import Answerer
from rag_ask.answering.conversation import Turn
from rag_ask.answering.find import find
from rag_ask.answering.read_line import Asked, ReadLine
from rag_ask.evaluate.dataset import Dataset, Document
from rag_ask.evaluate.index import indexed
from rag_ask.passage import Passage
from rag_ask.providers.embedders import Embedders
from rag_ask.settings import Settings
from rag_ask.tenant import Visitor

ROOT = Path(__file__).parents[2]
DATA = Path(__file__).parent / "data"
CONVERSATIONS = DATA / "conversations"
LANGUAGES = {
    "climbing": "en",
    "vet": "en",
    "weingut": "de",
    "musee": "fr",
    "musica": "es",
    "schronisko": "pl",
}
BEFORE_KEYWORDS = (
    "How much is the sourdough course?",
    "When does the tea house open?",
    "Do you deliver bread?",
)
CHARACTERS = 1000


@dataclass(frozen=True)
class Row:
    """A question and the one after it. answer: words of a passage; page: its title, or '' for any."""

    first: str
    then: str
    answer: str
    site: str = ""
    page: str = ""


def main() -> None:
    pairs = [Row(**row) for row in _read(DATA / "followups.jsonl")]
    others = [row.first for row in pairs[7:] + pairs[:7]]
    typed = [
        Row(first, row["question"], row["answer"])
        for row in _read(DATA / "keywords.jsonl")
        for first in BEFORE_KEYWORDS
    ]
    with fresh_database() as database:
        embedders = Embedders(
            Settings(database_url="", secret=b"", models_dir=os.environ.get("RAG_ASK_MODELS_DIR", ""))
        )
        line = ReadLine(database, embedders, Answerer(database))
        with indexed(database, embedders, [Dataset("sample", tuple(_sample_site()), ())]) as made:
            kept = [
                _passages(line, made.visitors[""], row.first)[0].post_id
                == _passages(line, made.visitors[""], row.first, other)[0].post_id
                for row, other in zip(pairs, others, strict=True)
            ]
            print(f"sample site: first questions after another topic: same page {_share(kept)}")
            _measure("sample site", line, made.visitors, pairs, typed)
        with indexed(database, embedders, [Dataset("conversations", tuple(_small_sites()), ())]) as made:
            heldout = [[Row(**row) for row in _read(CONVERSATIONS / f"{name}.jsonl")] for name in ("pairs", "keywords")]
            _measure("held-out sites", line, made.visitors, *heldout)


def _measure(
    name: str,
    line: ReadLine,
    visitors: dict[str, Visitor],
    pairs: Sequence[Row],
    keywords: Sequence[Row],
) -> None:
    typed, asked = ([_found(line, visitors, row, before) for row in pairs] for before in (False, True))
    alone, after = ([_found(line, visitors, row, before) for row in keywords] for before in (False, True))
    print(
        f"{name}: {len(pairs)} follow-ups: in {CHARACTERS} characters {_share(_hits(pairs, asked, _holds))}, "
        f"in the first passage {_share(_hits(pairs, asked, _leads))}; "
        f"as typed {_share(_hits(pairs, typed, _holds))}, {_share(_hits(pairs, typed, _leads))}"
    )
    first, still = _hits(keywords, alone, _leads), _hits(keywords, after, _leads)
    kept = [hit for hit, was in zip(still, first, strict=True) if was]
    print(
        f"{name}: {len(keywords)} keywords: after a question {_share(still)}, alone {_share(first)}; "
        f"of those found alone {_share(kept)}"
    )


def _hits(
    rows: Sequence[Row],
    found: Sequence[Sequence[Passage]],
    is_hit: Callable[[Row, Sequence[Passage]], bool],
) -> list[bool]:
    return [is_hit(row, passages) for row, passages in zip(rows, found, strict=True)]


def _holds(row: Row, passages: Sequence[Passage]) -> bool:
    left = CHARACTERS
    for passage in passages:
        if row.page in ("", passage.title) and row.answer.casefold() in passage.text[: max(0, left)].casefold():
            return True
        left -= len(passage.text) + 1
    return False


def _leads(row: Row, passages: Sequence[Passage]) -> bool:
    return row.page in ("", passages[0].title) and row.answer.casefold() in passages[0].text.casefold()


def _found(line: ReadLine, visitors: dict[str, Visitor], row: Row, has_before: bool) -> Sequence[Passage]:
    return _passages(line, visitors[row.site], row.then, row.first if has_before else "")


def _passages(line: ReadLine, visitor: Visitor, question: str, before: str = "") -> Sequence[Passage]:
    turns = (Turn(before, "An answer."),) if before else ()
    return find(line, Asked(visitor, question, turns)).retrieved.passages


def _share(hits: Sequence[bool]) -> str:
    return f"{sum(hits) / len(hits):.3f}"


def _read(path: Path) -> list[dict[str, str]]:
    return [json.loads(line) for line in path.read_text(encoding="utf-8").splitlines()]


def _sample_site() -> Iterator[Document]:
    for path in sorted((ROOT / "wp-env" / "content").glob("*.html")):
        _, head, body = path.read_text(encoding="utf-8").split("---", 2)
        title = head.split("title:")[1].splitlines()[0].strip()
        yield Document(id=path.stem, title=title, html=body)


def _small_sites() -> Iterator[Document]:
    for site, language in LANGUAGES.items():
        text = (CONVERSATIONS / f"{site}.md").read_text(encoding="utf-8")
        for page in f"\n{text}".split("\n# ")[1:]:
            title, body = page.split("\n", 1)
            yield Document(
                id=f"{site}/{title}",
                site=site,
                title=title,
                text=body,
                language=language,
            )


if __name__ == "__main__":
    figures.described(__doc__).parse_args()
    main()
