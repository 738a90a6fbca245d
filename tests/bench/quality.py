"""Measure retrieval and abstention on the corpora of a data folder, and hold the line.

Embedder, models and optional stages are those of the environment; without any, the local embedder and no stage.

DATA holds `paragraphs.jsonl` and `excerpts/` (see its README for their form). They are converted to datasets and given
to `rag-ask eval` on a fresh Postgres. Fails when a figure is below its line:
  excerpt recall@4000   share of gold characters that the first 4,000 characters of ranked passages cover
  paragraph hit@1500    share of questions whose answer stands in the first 1,500 characters of ranked passages
  answered, abstained   share of questions that pass the threshold when asked of their own site, and that do not when
                        asked of another
"""

from __future__ import annotations

import os
import sys
import tempfile
from pathlib import Path

import figures
from corpora import convert
from figures import Figure
from fresh_postgres import SECRET, fresh_postgres

from rag_ask.cli import terminal
from rag_ask.evaluate.command import Options, evaluate
from rag_ask.evaluate.report import Report
from rag_ask.settings import Settings

LINES = {"excerpt recall@4000": 0.945, "paragraph hit@1500": 0.992, "answered": 0.95, "abstained": 0.985}


def lined(found: Report) -> dict[str, float]:
    """The figures that have a line."""
    assert found.abstention
    return {
        "excerpt recall@4000": found.quality["excerpts"][4000].recall,
        "paragraph hit@1500": found.quality["paragraphs"][1500].hit,
        "answered": found.abstention.answered,
        "abstained": found.abstention.recall,
    }


def measured(data: Path, folder: Path, options: Options) -> Report:
    """Run `rag-ask eval` on a Postgres of its own."""
    with fresh_postgres() as url:
        own = {"RAG_ASK_DATABASE_URL": url, "RAG_ASK_SECRET": SECRET.decode()}
        settings = Settings.from_environment(os.environ | own)
        with terminal.database(settings) as database:
            return evaluate(database, settings, convert(data, folder), options)


def main() -> int:
    parser = figures.parser(__doc__)
    parser.add_argument("data", type=Path, metavar="DATA")
    parser.add_argument("--ablation", action="store_true", help="also with one part left out at a time")
    parser.add_argument("--stages", action="store_true", help="also with each optional stage of the environment")
    parser.add_argument("--calibrate", action="store_true", help="also print the thresholds that these questions give")
    parser.add_argument("--plot", type=Path, metavar="FILE", help="draw the figures into this SVG file")
    chosen = parser.parse_args()
    with tempfile.TemporaryDirectory() as temporary:
        options = Options(
            plot_path=chosen.plot,
            compares=chosen.ablation,
            measures_stages=chosen.stages,
            calibrates=chosen.calibrate,
        )
        found = lined(measured(chosen.data, Path(temporary), options))
    return figures.show([Figure("quality", name, found[name], "", line, True) for name, line in LINES.items()], chosen)


if __name__ == "__main__":
    sys.exit(main())
