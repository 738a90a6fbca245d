"""Measure the local embedders against each other, in one run: a question's time, passages a second, memory.

EMBEDDER is a value of RAG_ASK_EMBEDDER; by default local-en and local. Each runs in a process of its own with one
thread, in turns, so that what else the machine does meets all of them. Passages are the paragraphs of docs/, questions
those of tests/sidecar/data/paraphrases.json. Memory is resident, the mapped part included. The lines are for the last
one, against the first.
"""

from __future__ import annotations

import json
import os
import subprocess
import sys
import time
from functools import partial
from pathlib import Path
from statistics import median

import figures
from figures import Figure

from rag_ask.providers import models
from rag_ask.providers.embed.local import LocalEmbedder
from rag_ask.settings import Settings

ROOT = Path(__file__).resolve().parents[2]
ROUNDS = 3
LONG = 200
SLOWER, LEAST_SPEED, MORE_MB = 2.5, 0.4, 100


def texts() -> list[str]:
    pages = sorted((ROOT / "docs").rglob("*.md"))
    paragraphs = [part for page in pages for part in page.read_text(encoding="utf-8").split("\n\n")]
    return [part[:480] for part in paragraphs if len(part) >= LONG]


def measure(name: str) -> dict[str, float]:
    """Milliseconds of a question (median), passages a second, and the megabytes that the process grew by."""
    settings = Settings(database_url="", secret=b"", embedder=name, models_dir=os.environ.get("RAG_ASK_MODELS_DIR", ""))
    found = models.embedder(settings)
    assert isinstance(found, LocalEmbedder)
    embedder = LocalEmbedder(found.spec, found.folder, threads=1)
    before = resident_mb()
    questions = [
        text for group in json.loads((ROOT / "tests/sidecar/data/paraphrases.json").read_text()) for text in group
    ]
    embedder.embed_questions(questions[:3])
    # Processor time, so that other processes do not count.
    times = []
    for question in questions:
        started = time.process_time()
        embedder.embed_questions([question])
        times.append(1000 * (time.process_time() - started))
    passages = texts()
    started = time.process_time()
    embedder.embed(passages)
    speed = len(passages) / (time.process_time() - started)
    return {"question ms": median(times), "passages/s": speed, "MB": resident_mb() - before}


def resident_mb() -> float:
    status = Path("/proc/self/status").read_text()
    return int(status.split("VmRSS:")[1].split()[0]) / 1024


def main() -> int:
    parser = figures.parser(__doc__)
    parser.add_argument("names", nargs="*", metavar="EMBEDDER")
    chosen = parser.parse_args()
    names = chosen.names or ["local-en", "local"]
    rounds: dict[str, list[dict[str, float]]] = {name: [] for name in names}
    for _ in range(ROUNDS):
        for name in names:
            command = [sys.executable, __file__, "--one", name]
            rounds[name].append(json.loads(subprocess.run(command, check=True, capture_output=True, text=True).stdout))
    best = {name: {key: median(one[key] for one in found) for key in found[0]} for name, found in rounds.items()}
    for name, found in best.items():
        print(f"{name:20} " + "   ".join(f"{key} {value:6.1f}" for key, value in found.items()))
    old, new = best[names[0]], best[names[-1]]
    figure = partial(Figure, "embedders", case=f"{names[-1]} against {names[0]}")
    lines = [
        figure("time of a question", new["question ms"] / old["question ms"], "x", SLOWER),
        figure("passages a second", new["passages/s"] / old["passages/s"], "x", LEAST_SPEED, True),
        figure("memory more", new["MB"] - old["MB"], "MB", MORE_MB),
    ]
    return figures.show(lines, chosen)


if __name__ == "__main__":
    if sys.argv[1:2] == ["--one"]:
        print(json.dumps(measure(sys.argv[2])))
    else:
        sys.exit(main())
