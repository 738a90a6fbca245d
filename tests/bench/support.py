"""Measure the support check on labelled sentences: scripts/bench support [--wrong]

Each line of data/support.jsonl is a passage with sentences that it supports and sentences that it does not. What is
marked `tune` was looked at while the check was made; what is marked `held-out` was not. `languages` are other ones than
the first five, `across` are questions (`asked` is their language) on a page in another language than the sentence,
`two sources` are sentences that cite a passage and its `others`, `as models say it` what came out of a
review of answers: other notations, lists of prices, names with numbers. `kinds` are siblings of sentences that were
judged wrongly. `model sentences` are what a model makes of price lists, cards, questions and answers, rules, hours and
steps in nine languages; the held-out ones were written before the check had three verdicts.
Printed for each: precision and recall of "supported" and of "unsupported".
"""

from __future__ import annotations

import json
import sys
import time
from pathlib import Path

from rag_ask.answering.citations.faithfulness import is_supported
from rag_ask.passage import Passage

DATA = Path(__file__).parent / "data" / "support.jsonl"
SETS = ("tune", "held-out", "languages, tune", "languages, held-out", "across, tune", "across, held-out")
SETS += ("two sources, tune", "two sources, held-out", "as models say it, tune", "kinds, tune")
SETS += ("model sentences, tune", "model sentences, held-out")


def judged(name: str) -> list[tuple[bool, bool, str, str]]:
    """For each sentence: is it supported, what the check says, its kind, and itself."""
    found = []
    for line in DATA.read_text(encoding="utf-8").splitlines():
        row = json.loads(line)
        if row["set"] != name:
            continue
        passages = [
            Passage(1, one["title"], "https://bench.example/", tuple(filter(None, [one["heading"]])), one["text"], 1.0)
            for one in (row, *row.get("others", ()))
        ]
        for label in ("supported", "unsupported"):
            for kind, sentence in row[label]:
                found.append(
                    (
                        label == "supported",
                        is_supported(sentence, passages, row.get("asked", ""), row.get("question", "")),
                        kind,
                        sentence,
                    )
                )
    return found


def share(part: int, whole: int) -> str:
    return f"{part / whole:.3f}" if whole else "  -  "


def report(name: str, found: list[tuple[bool, bool, str, str]]) -> None:
    right = sum(truth == said for truth, said, *_ in found)
    kept = sum(said for _, said, *_ in found)
    good = sum(truth for truth, *_ in found)
    both = sum(truth and said for truth, said, *_ in found)
    neither = sum(not truth and not said for truth, said, *_ in found)
    print(
        f"{name:22} {len(found):4} sentences  right {share(right, len(found))}  "
        f"supported: precision {share(both, kept)} recall {share(both, good)}  "
        f"unsupported: precision {share(neither, len(found) - kept)} recall {share(neither, len(found) - good)}"
    )


def main(shows_wrong: bool) -> None:
    count, seconds = 0, 0.0
    held_out: list[tuple[bool, bool, str, str]] = []
    for name in SETS:
        started = time.perf_counter()
        found = judged(name)
        count, seconds = count + len(found), seconds + time.perf_counter() - started
        report(name, found)
        held_out += found if "held-out" in name else []
        if name == "model sentences, held-out":
            true = [said for truth, said, *_ in found if truth]
            print(f"{'':22} true sentences dropped {share(true.count(False), len(true))}")
        if shows_wrong and "held-out" not in name:
            for truth, said, kind, sentence in found:
                if truth != said:
                    print(f"    {'kept' if said else 'dropped':8} {kind}: {sentence}")
    report("held-out, together", held_out)
    print(f"{1000 * seconds / count:.1f} ms a sentence, its source read anew")


if __name__ == "__main__":
    main("--wrong" in sys.argv[1:])
