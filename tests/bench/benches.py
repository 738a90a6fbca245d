"""The benches: what each of them measures, and which of them make the table of `scripts/bench`."""

from __future__ import annotations

from pathlib import Path
from typing import NamedTuple

HERE = Path(__file__).parent


class Bench(NamedTuple):
    """about: one line for --help. takes_data: measures the questions of a data folder instead of made-up ones.

    more: arguments in a run of the whole table that is not quick.
    """

    about: str
    takes_data: bool = False
    more: tuple[str, ...] = ()


# In the order of the table.
TABLE = {
    "speed": Bench(
        "retrieval, /v1/search and answers from quotes against the bare limit, by the size of a site",
        more=("--large",),
    ),
    "sites": Bench("[--million]: retrieval from 100,000 chunks over 200 sites, with filters"),
    "compare": Bench("[DATA]: retrieval against LangChain's, LlamaIndex's and a tutorial's store", takes_data=True),
    "cache": Bench("answers that are in the cache, and that are not"),
    "first-word": Bench("the first word of an answer against the provider's"),
    "cached-rate": Bench("cached answers a second against a bare Flask view"),
    "streams": Bench("200 slow streams at once"),
    "indexing": Bench("2,000 posts with the local model, and with a provider"),
    "save-post": Bench("saving a post and showing a page in WordPress, with the plugin and without"),
    "edit": Bench("one edited paragraph of a long post"),
    "memory": Bench("resident memory of everything that is run"),
}
# Measured alone, because they take long, need data or are about quality.
OTHERS = {
    "quality": Bench("DATA: retrieval and abstention on labelled questions, support, followups"),
    "languages": Bench("DATA: retrieval in other languages than English"),
    "content": Bench("DATA: what guests see against what the index holds"),
    "embedders": Bench("the local embedders against each other"),
    "quantization": Bench("one bit a dimension against half-precision vectors, at 100,000 vectors"),
    "fairness": Bench("one post beside the backlog of another site"),
    "support": Bench("the sentence check on labelled sentences"),
    "followups": Bench("follow-up questions and keywords"),
    "harm": Bench("slow clients, bad posts, frozen services"),
    "kills": Bench("[MINUTES]: documents that fail when the worker is killed"),
    "page": Bench("requests, bytes and shifts of the box in a browser"),
}


def program(name: str) -> Path:
    return HERE / f"{name.replace('-', '_')}.py"


def lines(benches: dict[str, Bench]) -> str:
    return "\n".join(f"  {name:12} {bench.about}" for name, bench in benches.items())
