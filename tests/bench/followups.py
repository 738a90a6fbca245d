"""Measure follow-up questions on the sample site: scripts/bench followups

Each line of data/followups.jsonl is a question, one that leans on it, and words that its answer must hold. Printed is
the share of follow-ups whose answer stands in the first 1,000 characters of the passages, asked as typed and with the
terms of the question before; and how many first questions, asked after one of another row, still find the same page.
"""

from __future__ import annotations

import json
import tempfile
from pathlib import Path

from quality import EMBEDDER, index, paragraph_hit

from rag_ask import embedded_postgres, migrate
from rag_ask.auth import Visitor
from rag_ask.conversation import Turn
from rag_ask.database import Database
from rag_ask.followup import is_follow_up, standalone
from rag_ask.retrieve import retrieve

ROOT = Path(__file__).parents[2]
CHARACTERS = 1000


def sample_site() -> dict[str, str]:
    posts = {}
    for path in sorted((ROOT / "wp-env" / "content").glob("*.html")):
        _, head, body = path.read_text(encoding="utf-8").split("---", 2)
        posts[head.split("title:")[1].splitlines()[0].strip()] = body
    return posts


def main(database: Database) -> None:
    visitor = index(database, "sample", sample_site())
    lines = (Path(__file__).parent / "data" / "followups.jsonl").read_text(encoding="utf-8").splitlines()
    rows = [json.loads(line) for line in lines]

    def hit(question: str, answer: str, visitor: Visitor = visitor) -> bool:
        return paragraph_hit(retrieve(database, EMBEDDER, visitor, question).passages, [answer], CHARACTERS)

    def page(question: str) -> int:
        return retrieve(database, EMBEDDER, visitor, question).passages[0].post_id

    without, extended, recognized = [], [], []
    for row in rows:
        alone = standalone(row["then"], [Turn(row["first"], "")], lambda *_: None)
        recognized.append(is_follow_up(row["then"]))
        without.append(hit(row["then"], row["answer"]))
        extended.append(hit(alone, row["answer"]))
        if not extended[-1]:
            print(f"  missed: {alone}")
    asked = [row["first"] for row in rows]
    others = asked[7:] + asked[:7]
    kept = [page(one) == page(standalone(one, [Turn(other, "")], lambda *_: None))
            for one, other in zip(asked, others, strict=True)]  # fmt: skip
    firsts = sum(not is_follow_up(row["first"]) for row in rows)
    print(f"{len(rows)} pairs: {sum(recognized)} follow-ups recognized, {firsts} first questions left alone")
    print(f"first questions after another topic: same page {sum(kept) / len(rows):.3f}")
    print(f"answer in the first {CHARACTERS} characters: as typed {sum(without) / len(rows):.3f}, "
          f"with the terms before {sum(extended) / len(rows):.3f}")  # fmt: skip


if __name__ == "__main__":
    with tempfile.TemporaryDirectory() as temporary:
        Path(temporary).chmod(0o755)
        url = embedded_postgres.start(Path(temporary) / "postgres")
        migrate.migrate(url)
        opened = Database(url, max_size=2, statement_timeout_s=60)
        opened.open()
        try:
            main(opened)
        finally:
            opened.close()
            embedded_postgres.stop(Path(temporary) / "postgres")
