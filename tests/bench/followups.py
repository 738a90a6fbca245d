"""Measure follow-up questions on the sample site: scripts/bench followups

Each line of data/followups.jsonl is a question, one that leans on it, and words that its answer must hold. Printed is
the share of follow-ups whose answer stands in the first 1,000 characters of the passages, asked as typed and with the
terms of the question before; how many first questions, asked after one of another row, still find the same page; and
how many keywords (data/keywords.jsonl) find their page after a question about something else.
"""

from __future__ import annotations

import json
import os
from pathlib import Path

from fresh_postgres import fresh_database

from rag_ask.answering.conversation import Turn
from rag_ask.answering.followup import is_follow_up, standalone
from rag_ask.db.database import Database
from rag_ask.evaluate.dataset import Dataset, Document
from rag_ask.evaluate.index import indexed
from rag_ask.passage import Passage
from rag_ask.providers.embedders import Embedders
from rag_ask.retrieval.retrieve import retrieve
from rag_ask.settings import Settings
from rag_ask.tenant import Visitor

ROOT = Path(__file__).parents[2]
CHARACTERS = 1000


def sample_site() -> Dataset:
    posts = []
    for path in sorted((ROOT / "wp-env" / "content").glob("*.html")):
        _, head, body = path.read_text(encoding="utf-8").split("---", 2)
        title = head.split("title:")[1].splitlines()[0].strip()
        posts.append(Document(id=path.stem, title=title, html=body))
    return Dataset("sample", tuple(posts), ())


def main(database: Database, embedders: Embedders, visitor: Visitor) -> None:
    lines = (Path(__file__).parent / "data" / "followups.jsonl").read_text(encoding="utf-8").splitlines()
    rows = [json.loads(line) for line in lines]

    def hit(question: str, answer: str) -> bool:
        found = retrieve(database, embedders, visitor, question).passages
        return answer.casefold() in "\n".join(passage.text for passage in found)[:CHARACTERS].casefold()

    def leads(question: str, answer: str) -> bool:
        found = retrieve(database, embedders, visitor, question).passages
        return answer.casefold() in found[0].text.casefold()

    def page(question: str) -> int:
        return retrieve(database, embedders, visitor, question).passages[0].post_id

    def made_standalone(question: str, before: str) -> str:
        def look_up(text: str) -> Passage | None:
            return retrieve(database, embedders, visitor, text).best()

        return standalone(question, [Turn(before, "")], lambda *_: None, look_up)

    without, extended, recognized = [], [], []
    for row in rows:
        alone = made_standalone(row["then"], row["first"])
        recognized.append(is_follow_up(row["then"]))
        without.append(hit(row["then"], row["answer"]))
        extended.append(hit(alone, row["answer"]))
        if not extended[-1]:
            print(f"  missed: {alone}")
    asked = [row["first"] for row in rows]
    others = asked[7:] + asked[:7]
    kept = [page(one) == page(made_standalone(one, other)) for one, other in zip(asked, others, strict=True)]
    keywords = (Path(__file__).parent / "data" / "keywords.jsonl").read_text(encoding="utf-8").splitlines()
    short = [json.loads(line) for line in keywords]
    alone = [leads(row["question"], row["answer"]) for row in short]
    after = [
        leads(made_standalone(row["question"], first), row["answer"])
        for row in short
        for first in ("How much is the sourdough course?", "When does the tea house open?", "Do you deliver bread?")
    ]
    firsts = sum(not is_follow_up(row["first"]) for row in rows)
    print(f"{len(rows)} pairs: {sum(recognized)} follow-ups recognized, {firsts} first questions left alone")
    print(f"first questions after another topic: same page {sum(kept) / len(rows):.3f}")
    print(
        f"{len(short)} keywords: answer in the first passage alone {sum(alone) / len(alone):.3f}, "
        f"after a question about something else {sum(after) / len(after):.3f}"
    )
    print(
        f"answer in the first {CHARACTERS} characters: as typed {sum(without) / len(rows):.3f}, "
        f"with the terms before {sum(extended) / len(rows):.3f}"
    )


if __name__ == "__main__":
    with fresh_database() as opened:
        known = Embedders(Settings(database_url="", secret=b"", models_dir=os.environ.get("RAG_ASK_MODELS_DIR", "")))
        with indexed(opened, known, [sample_site()]) as made:
            main(opened, known, made.visitors[""])
