"""Own questions: the pages of a site without a question file -> questions made of their headings and titles. Pure.

What is asked is taken out of the page: else each question would stand word for word on what answers it.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Set
from dataclasses import dataclass

from selectolax.lexbor import LexborHTMLParser

from rag_ask.evaluate.dataset import Dataset, Document, Question, as_html
from rag_ask.text.language import code_of, content_words

# "Contents" and "Related articles" ask nothing; a heading of one word says too little.
MIN_WORDS = 2
# A site of thousands of pages is measured by some of them.
MAX_QUESTIONS = 300


@dataclass(frozen=True)
class _Heading:
    page: Document
    text: str


def with_questions(dataset: Dataset) -> Dataset:
    """The dataset as it is, or, when it has no question, its pages without what is asked of them, and that.

    A page is asked its headings and its title. What two pages have is not asked.
    """
    if dataset.questions:
        return dataset
    found = [heading for page in dataset.documents for heading in _headings(page)]
    counts = Counter(heading.text.casefold() for heading in found)
    asked = [heading for heading in found if counts[heading.text.casefold()] == 1 and _says_enough(heading)]
    asked = asked[:: 1 + len(asked) // MAX_QUESTIONS]
    taken = {(heading.page.id, heading.text) for heading in asked}
    questions = [
        Question(question=heading.text, site=heading.page.site, documents=[heading.page.id]) for heading in asked
    ]
    return Dataset(dataset.name, tuple(_without(page, taken) for page in dataset.documents), tuple(questions))


def _headings(page: Document) -> list[_Heading]:
    nodes = LexborHTMLParser(as_html(page)).css("h1, h2, h3, h4")
    texts = (" ".join(node.text().split()) for node in nodes)
    return [_Heading(page, text) for text in dict.fromkeys((*texts, page.title))]


def _says_enough(heading: _Heading) -> bool:
    return len(content_words(heading.text, code_of(heading.page.language))) >= MIN_WORDS


def _without(page: Document, taken: Set[tuple[str, str]]) -> Document:
    tree = LexborHTMLParser(as_html(page))
    for node in tree.css("h1, h2, h3, h4"):
        if (page.id, " ".join(node.text().split())) in taken:
            node.decompose()
    title = "" if (page.id, page.title) in taken else page.title
    return page.model_copy(update={"title": title, "html": tree.html or "", "text": ""})
