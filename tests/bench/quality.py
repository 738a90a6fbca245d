"""Measure retrieval and abstention on the corpora of a data folder, through the same code that answers visitors.

Usage: scripts/bench quality DATA

DATA holds `paragraphs.jsonl` and `excerpts/` (see the README for their form). Printed are:
  excerpt recall@4000     share of gold characters that the first 4,000 characters of ranked passages cover
  paragraph hit@1500      share of questions whose answer stands in the first 1,500 characters of ranked passages
  answered / abstained    share of questions that pass the threshold when asked of their own site, and that do not
                          when asked of another; the sites are the corpora, and each article as a site of its own
"""

from __future__ import annotations

import html
import json
import sys
import tempfile
import time
from collections import defaultdict
from collections.abc import Sequence
from pathlib import Path
from typing import Any

from rich.progress import track

from rag_ask import documents, embedded_postgres, messages, migrate, models, sites, store
from rag_ask.auth import Visitor
from rag_ask.database import Database
from rag_ask.embedders import Embedders
from rag_ask.ground import Passage
from rag_ask.indexer import index_some
from rag_ask.retrieve import retrieve
from rag_ask.settings import Settings
from rag_ask.sites import Site

EMBEDDERS = Embedders(Settings(database_url="", secret=b""))


def jsonl(path: Path) -> list[dict[str, Any]]:
    return [json.loads(line) for line in path.read_text(encoding="utf-8").splitlines()]


def as_html(text: str) -> str:
    """Plain text or simple Markdown as the HTML that WordPress would make of it."""
    lines = []
    for line in text.splitlines():
        level = len(line) - len(line.lstrip("#"))
        body = html.escape(line.lstrip("#").strip())
        if body:
            lines.append(f"<h{level}>{body}</h{level}>" if 0 < level <= 6 else f"<p>{body}</p>")
    return "\n".join(lines)


def index(database: Database, site_id: str, posts: dict[str, str]) -> Visitor:
    """Push and index posts (title -> HTML) as one site."""
    with database.system() as connection:
        sites.add(connection, site_id, site_id, "https://bench.example")
    with database.tenant(site_id) as connection:
        store.lock(connection, site_id)
        for number, (title, body) in enumerate(posts.items(), 1):
            document = messages.Document(
                id=number, version=1, type="post", title=title, url=f"https://bench.example/{number}",
                html=body, language="en", groups=["public"],
            )  # fmt: skip
            documents.apply(connection, site_id, messages.Upsert(op="upsert", document=document))
    started = time.monotonic()
    while index_some(database, EMBEDDERS.own):
        pass
    with database.system() as connection:
        row = connection.execute("SELECT chunk_count FROM sites WHERE site_id = %s", (site_id,)).fetchone()
    assert row
    print(f"{site_id}: {len(posts)} posts, {row['chunk_count']} chunks in {time.monotonic() - started:.1f} s")
    return Visitor(Site(site_id, site_id, ()), "bench", ("public",), "en")


def normal(text: str) -> str:
    return "".join(character for character in text.lower() if character.isalnum())


def paragraph_hit(passages: Sequence[Passage], answers: Sequence[str], characters: int = 1500) -> bool:
    context = normal("\n".join(passage.text for passage in passages)[:characters])
    return any(normal(answer) in context for answer in answers)


def covered(
    passages: Sequence[Passage], corpus: str, spans: Sequence[tuple[int, int]], characters: int = 4000
) -> float:
    """The share of the gold characters (letters and digits only) that the passages cover."""
    offsets = [position for position, character in enumerate(corpus) if character.isalnum()]
    folded = normal(corpus)
    seen: set[int] = set()
    left = characters
    for passage in passages:
        for line in passage.text[: max(0, left)].splitlines():
            part = normal(line)
            found = folded.find(part) if part else -1
            if found >= 0:
                seen.update(offsets[found : found + len(part)])
        left -= len(passage.text)
    gold = {position for start, end in spans for position in range(start, end) if corpus[position].isalnum()}
    return len(gold & seen) / len(gold)


def main(folder: Path, database: Database) -> None:
    paragraphs = jsonl(folder / "paragraphs.jsonl")
    articles: dict[str, list[str]] = defaultdict(list)
    for row in paragraphs:
        articles[row["article"]].append(f"<p>{html.escape(row['text'])}</p>")
    corpora = {path.stem: path.read_text(encoding="utf-8") for path in (folder / "excerpts").glob("*.md")}
    encyclopaedia = index(database, "encyclopaedia", {k.replace("_", " "): "\n".join(v) for k, v in articles.items()})
    excerpts = {
        name: index(database, name.replace("_", "-"), {name.replace("_", " "): as_html(text)})
        for name, text in corpora.items()
    }

    small = [
        index(database, f"article-{number}", {f"{name} {n}": text for n, text in enumerate(texts)})
        for number, (name, texts) in enumerate(articles.items())
    ]
    small_of = dict(zip(articles, small, strict=True))
    other_than = dict(zip(articles, small[1:] + small[:1], strict=True))

    hits, own, foreign = [], [], []
    asked = [(question, row) for row in paragraphs for question in row["questions"]]
    for question, row in track(asked, "paragraphs"):
        text, answers = question["question"], [question["answer"]]
        found = retrieve(database, EMBEDDERS, encyclopaedia, text, 20)
        hits.append(paragraph_hit(found.passages, answers))
        own.append(found.confidence)
        own.append(retrieve(database, EMBEDDERS, small_of[row["article"]], text, 1).confidence)
        foreign.append(retrieve(database, EMBEDDERS, excerpts["state_of_the_union"], text, 1).confidence)
        foreign.append(retrieve(database, EMBEDDERS, other_than[row["article"]], text, 1).confidence)
    recalls: dict[str, list[float]] = defaultdict(list)
    for question in track(jsonl(folder / "excerpts" / "questions.jsonl"), "excerpts"):
        name = question["corpus"]
        found = retrieve(database, EMBEDDERS, excerpts[name], question["question"], 40)
        recalls[name].append(covered(found.passages, corpora[name], question["spans"]))
        own.append(found.confidence)
        foreign.append(retrieve(database, EMBEDDERS, encyclopaedia, question["question"], 1).confidence)
    report(hits, recalls, own, foreign)


def report(hits: list[bool], recalls: dict[str, list[float]], own: list[float], foreign: list[float]) -> None:
    everything = [value for values in recalls.values() for value in values]
    print(f"paragraph hit@1500     {sum(hits) / len(hits):.3f}  ({len(hits)} questions)")
    print(f"excerpt recall@4000    {sum(everything) / len(everything):.3f}  ({len(everything)} questions)")
    for name, values in recalls.items():
        print(f"  {name:20} {sum(values) / len(values):.3f}")
    for threshold in sorted({models.MIN_SCORE, *(n / 100 for n in range(20, 60, 2))}):
        answered = sum(value >= threshold for value in own) / len(own)
        abstained = sum(value < threshold for value in foreign) / len(foreign)
        mark = " <- in use" if threshold == models.MIN_SCORE else ""
        print(
            f"threshold {threshold:.2f}: own questions answered {answered:.3f}, foreign abstained {abstained:.3f}{mark}"
        )


if __name__ == "__main__":
    if len(sys.argv) != 2:
        sys.exit(__doc__)
    with tempfile.TemporaryDirectory() as temporary:
        Path(temporary).chmod(0o755)
        url = embedded_postgres.start(Path(temporary) / "postgres")
        migrate.migrate(url)
        opened = Database(url, max_size=2, statement_timeout_s=60)
        opened.open()
        try:
            main(Path(sys.argv[1]), opened)
        finally:
            opened.close()
            embedded_postgres.stop(Path(temporary) / "postgres")
