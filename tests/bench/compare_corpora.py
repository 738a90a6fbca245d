"""What stores are compared on: pages, and questions with what answers each of them."""

from __future__ import annotations

import html
import random
import tempfile
from collections.abc import Mapping
from pathlib import Path
from typing import NamedTuple

from corpora import convert

from rag_ask.evaluate import dataset
from rag_ask.evaluate.dataset import Question
from rag_ask.evaluate.measure import Shown, measure

ROOT = Path(__file__).parents[2]
# So much of the passages is looked at.
CHARACTERS = {"paragraphs": 1500, "excerpts": 4000, "docs": 1500}
WORDS = 6


class Page(NamedTuple):
    title: str
    html: str


class Corpus(NamedTuple):
    """texts: document -> its text, for answers that are spans of it."""

    name: str
    pages: list[Page]
    questions: list[Question]
    texts: Mapping[str, str]

    def recall(self, question: Question, passages: list[str]) -> float:
        """The share of the answer that the first characters of the passages hold."""
        # A store does not say which document a passage is of: it is looked for in the one that answers.
        document = question.spans[0].document if question.spans else ""
        shown = [Shown(document, passage) for passage in passages]
        return measure(question, shown, self.texts, CHARACTERS[self.name]).recall


def of_data(data: Path) -> list[Corpus]:
    """The articles and the long pages of a data folder, all pages of each on one site."""
    with tempfile.TemporaryDirectory() as folder:
        loaded = [dataset.load(path) for path in convert(data, Path(folder))[:2]]
    return [
        Corpus(
            one.name,
            [Page(page.title, dataset.as_html(page)) for page in one.documents],
            [question for question in one.questions if question.answerable],
            {page.id: page.text for page in one.documents},
        )
        for one in loaded
    ]


def of_docs(pages: int, questions: int) -> list[Corpus]:
    """Pages of docs/; a question is six long words of one paragraph, whose beginning answers it."""
    chance, made, asked = random.Random(7), [], []  # noqa: S311  no secret
    for path in sorted((ROOT / "docs").rglob("*.md"))[:pages]:
        parts = [part for part in path.read_text(encoding="utf-8").split("\n\n") if part[0].isalpha()]
        if parts:
            made.append(Page(path.stem, "\n".join(f"<p>{html.escape(part)}</p>" for part in parts)))
        for part in parts:
            words = sorted({word for word in part.split() if word.isalpha() and len(word) > 5})
            if len(words) >= WORDS:
                asked.append(Question(question=" ".join(chance.sample(words, WORDS)), answers=[part[:60]]))
    return [Corpus("docs", made, chance.sample(asked, min(questions, len(asked))), {})]
