"""A dataset: a folder with documents.jsonl and questions.jsonl, as docs/operators/evaluate.md describes it."""

from __future__ import annotations

import html
import json
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import TypeVar

from pydantic import Field

from rag_ask.errors import BadRequest
from rag_ask.messages import Message, parse

M = TypeVar("M", "Document", "Question")


class Document(Message):
    """A page. Its text is `html`, or `text`: plain, with Markdown headings."""

    id: str
    site: str = ""
    title: str
    html: str = ""
    text: str = ""
    url: str = ""
    language: str = "en"


class Span(Message):
    """A range of characters of a document's `text`, end excluded."""

    document: str
    start: int = Field(ge=0)
    end: int = Field(gt=0)


class Question(Message):
    """A question of one site. What answers it: spans, or answer texts (any of them), or documents.

    before: the questions that it follows, oldest first.
    """

    question: str
    before: list[str] = Field(default=[])
    site: str = ""
    spans: list[Span] = Field(default=[])
    answers: list[str] = Field(default=[])
    documents: list[str] = Field(default=[])
    answerable: bool = True


@dataclass(frozen=True)
class Dataset:
    """The sites of a dataset, and what is asked of them."""

    name: str
    documents: tuple[Document, ...]
    questions: tuple[Question, ...]


def answering_documents(dataset: Dataset, question: Question) -> frozenset[str]:
    """The ids of the documents that answer a question, by its spans, answer texts or documents."""
    holding = {
        page.id
        for page in dataset.documents
        if page.site == question.site and any(answer in said(page) for answer in question.answers)
    }
    return frozenset(holding | {span.document for span in question.spans} | set(question.documents))


def said(page: Document) -> str:
    """The text of a page, tags and all."""
    return page.text or html.unescape(page.html)


def load(folder: Path) -> Dataset:
    """Read a folder; what names no site belongs to one with the folder's name.

    Raises BadRequest that names the file and the line.
    """
    name = folder.resolve().name
    documents = tuple(_lines(folder / "documents.jsonl", Document, name))
    asked = folder / "questions.jsonl"
    questions = tuple(_lines(asked, Question, name)) if asked.exists() else ()
    known = {document.id: document for document in documents}
    if len(known) < len(documents):
        raise _wrong(f"{folder}/documents.jsonl: two documents have one id.")
    for number, question in enumerate(questions, 1):
        where = f"{folder}/questions.jsonl, line {number}"
        named = [span.document for span in question.spans] + question.documents
        if unknown := [name for name in named if name not in known]:
            raise _wrong(f"{where}: there is no document {unknown[0]!r}.")
        if any(span.end > len(known[span.document].text) for span in question.spans):
            raise _wrong(f"{where}: a span ends behind the text of its document.")
        if question.answerable and not (question.spans or question.answers or question.documents):
            raise _wrong(f"{where}: an answerable question needs spans, answers or documents.")
    return Dataset(name, documents, questions)


def as_html(document: Document) -> str:
    """The document as WordPress would push it."""
    if document.html:
        return document.html
    lines = []
    for line in document.text.splitlines():
        level = len(line) - len(line.lstrip("#"))
        body = html.escape(line.lstrip("#").strip())
        if body:
            lines.append(f"<h{level}>{body}</h{level}>" if 0 < level <= 6 else f"<p>{body}</p>")
    return "\n".join(lines)


def _lines(path: Path, kind: type[M], site: str) -> Iterator[M]:
    try:
        lines = path.read_text(encoding="utf-8").splitlines()
    except (OSError, UnicodeDecodeError) as error:
        raise _wrong(f"{path}: cannot be read ({type(error).__name__}).") from error
    for number, line in enumerate(lines, 1):
        try:
            value = json.loads(line)
            yield parse({"site": site} | value if isinstance(value, dict) else value, kind)
        except (ValueError, RecursionError) as error:
            raise _wrong(f"{path}, line {number}: is not JSON.") from error
        except BadRequest as error:
            raise _wrong(f"{path}, line {number}: {error.message}") from error


def _wrong(message: str) -> BadRequest:
    return BadRequest("invalid_dataset", message)
