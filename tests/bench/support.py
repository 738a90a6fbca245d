"""Measure the support check on labelled sentences.

Each line of data/support.jsonl is a passage with sentences that it supports and sentences that it does not. What is
marked `tune` was looked at while the check was made; what is marked `held-out` was not. `languages` are other ones than
the first five, `across` are questions (`asked` is their language) on a page in another language than the sentence,
`two sources` are sentences that cite a passage and its `others`, `as models say it` what came out of a
review of answers: other notations, lists of prices, names with numbers. `kinds` are siblings of sentences that were
judged wrongly. `model sentences` are what a model makes of price lists, cards, questions and answers, rules, hours and
steps in nine languages; the held-out ones were written before the check had three verdicts. `everyday pages` are whole
pages of small sites with questions, in eleven languages, many of their wrong sentences with one word exchanged; the
held-out ones were written before any rule was changed for the others. `new sites` were written by somebody who had not
read the check. `plain pages` are what a model makes of price lists, hours, rules, steps, tables, news and people; the
rules were made on them.
Printed for each: precision and recall of "supported" and of "unsupported"; in the end, what a reader sees of them by
RAG_ASK_UNDECIDED.
"""

from __future__ import annotations

import json
import time
from pathlib import Path
from typing import NamedTuple

import figures

from rag_ask.answering.faithfulness.check import verdict
from rag_ask.answering.faithfulness.verdict import Question, Verdict
from rag_ask.passage import Passage

DATA = Path(__file__).parent / "data" / "support.jsonl"
SETS = ("tune", "held-out", "languages, tune", "languages, held-out", "across, tune", "across, held-out")
SETS += ("two sources, tune", "two sources, held-out", "as models say it, tune", "kinds, tune")
SETS += ("model sentences, tune", "model sentences, held-out", "everyday pages, tune", "everyday pages, held-out")
SETS += ("new sites, tune", "new sites, held-out", "plain pages, tune")


class Judged(NamedTuple):
    """A sentence: is it true, and what the check says."""

    truth: bool
    verdict: Verdict
    kind: str
    sentence: str

    @property
    def said(self) -> bool:
        return self.verdict == Verdict.SUPPORTED


def judged(name: str) -> list[Judged]:
    found = []
    for line in DATA.read_text(encoding="utf-8").splitlines():
        row = json.loads(line)
        if row["set"] != name:
            continue
        passages = [
            Passage(1, one["title"], "https://bench.example/", tuple(filter(None, [one["heading"]])), one["text"], 1.0)
            for one in (row, *row.get("others", ()))
        ]
        question = Question(row.get("question", ""), row.get("asked") or "")
        for label in ("supported", "unsupported"):
            for kind, sentence in row[label]:
                found.append(Judged(label == "supported", verdict(sentence, passages, question), kind, sentence))
    return found


def share(part: int, whole: int) -> str:
    return f"{part / whole:.3f}" if whole else "  -  "


def report(name: str, found: list[Judged]) -> None:
    right = sum(one.truth == one.said for one in found)
    kept = sum(one.said for one in found)
    good = sum(one.truth for one in found)
    both = sum(one.truth and one.said for one in found)
    neither = sum(not one.truth and not one.said for one in found)
    print(
        f"{name:24} {len(found):4} sentences  right {share(right, len(found))}  "
        f"supported: precision {share(both, kept)} recall {share(both, good)}  "
        f"unsupported: precision {share(neither, len(found) - kept)} recall {share(neither, len(found) - good)}"
    )


def report_verdicts(name: str, found: list[Judged]) -> None:
    for truth in (True, False):
        of_these = [one.verdict for one in found if one.truth == truth]
        shares = (f"{each.name.lower()} {share(of_these.count(each), len(of_these))}" for each in reversed(Verdict))
        print(f"{name}, {'true' if truth else 'wrong'}: {', '.join(shares)}")


def main(shows_wrong: bool) -> None:
    seconds = 0.0
    tuned: list[Judged] = []
    held_out: list[Judged] = []
    for name in SETS:
        # The time of this process: others on the machine take nothing from it.
        started = time.process_time()
        found = judged(name)
        seconds += time.process_time() - started
        report(name, found)
        (held_out if "held-out" in name else tuned).extend(found)
        if shows_wrong and "held-out" not in name:
            for one in found:
                if one.truth != one.said:
                    print(f"    {one.verdict.name.lower():12} {one.kind}: {one.sentence}")
    report("held-out, together", held_out)
    report_verdicts("tune", tuned)
    report_verdicts("held-out", held_out)
    print(f"{1000 * seconds / (len(tuned) + len(held_out)):.1f} ms of processor time a sentence")


if __name__ == "__main__":
    arguments = figures.described(__doc__)
    arguments.add_argument("--wrong", action="store_true", help="print the sentences that were judged wrongly, too")
    main(arguments.parse_args().wrong)
