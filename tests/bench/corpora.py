"""The corpora of a data folder -> datasets for `rag-ask eval`.

Three datasets: `paragraphs` (24 articles on one site), `excerpts` (three sites of one long page each) and `articles`
(each article a small site of its own). Every question is also asked of a site that cannot answer it.
"""

from __future__ import annotations

import html
import json
from collections import defaultdict
from collections.abc import Iterable
from pathlib import Path
from typing import Any

Row = dict[str, Any]


def convert(data: Path, target: Path) -> list[Path]:
    """Write the datasets into `target` and return their folders."""
    paragraphs = _read(data / "paragraphs.jsonl")
    excerpts = _read(data / "excerpts" / "questions.jsonl")
    texts = {path.stem: path.read_text(encoding="utf-8") for path in sorted((data / "excerpts").glob("*.md"))}
    return [
        _write(target / "paragraphs", *_encyclopaedia(paragraphs)),
        _write(target / "excerpts", *_long_pages(texts, excerpts)),
        _write(target / "articles", *_small_sites(paragraphs)),
    ]


def _encyclopaedia(paragraphs: list[Row]) -> tuple[list[Row], list[Row]]:
    bodies: dict[str, list[str]] = defaultdict(list)
    for row in paragraphs:
        bodies[row["article"]].append(f"<p>{html.escape(row['text'])}</p>")
    documents = [
        {"id": article, "title": article.replace("_", " "), "html": "\n".join(parts)}
        for article, parts in bodies.items()
    ]
    questions = [_asked(question, "paragraphs") for row in paragraphs for question in row["questions"]]
    return documents, questions + [_foreign(question, "state_of_the_union") for question in questions]


def _long_pages(texts: dict[str, str], rows: list[Row]) -> tuple[list[Row], list[Row]]:
    documents = [
        {"id": name, "site": name, "title": name.replace("_", " "), "text": text} for name, text in texts.items()
    ]
    questions = [
        {
            "question": row["question"],
            "site": row["corpus"],
            "spans": [{"document": row["corpus"], "start": start, "end": end} for start, end in row["spans"]],
        }
        for row in rows
    ]
    return documents, questions + [_foreign(question, "paragraphs") for question in questions]


def _small_sites(paragraphs: list[Row]) -> tuple[list[Row], list[Row]]:
    articles = list(dict.fromkeys(row["article"] for row in paragraphs))
    other = dict(zip(articles, articles[1:] + articles[:1], strict=True))
    documents, questions = [], []
    for number, row in enumerate(paragraphs):
        article = row["article"]
        title = f"{article} {number % 5}"
        documents.append({"id": str(number), "site": article, "title": title, "html": html.escape(row["text"])})
        for question in row["questions"]:
            asked = _asked(question, article)
            questions += [asked, _foreign(asked, other[article])]
    return documents, questions


def _asked(question: Row, site: str) -> Row:
    return {"question": question["question"], "site": site, "answers": [question["answer"]]}


def _foreign(question: Row, site: str) -> Row:
    return {"question": question["question"], "site": site, "answerable": False}


def _read(path: Path) -> list[Row]:
    return [json.loads(line) for line in path.read_text(encoding="utf-8").splitlines()]


def _write(folder: Path, documents: Iterable[Row], questions: Iterable[Row]) -> Path:
    folder.mkdir(parents=True)
    for name, rows in (("documents", documents), ("questions", questions)):
        lines = "".join(json.dumps(row, ensure_ascii=False) + "\n" for row in rows)
        (folder / f"{name}.jsonl").write_text(lines, encoding="utf-8")
    return folder
