"""What `rag-ask eval` does, in order: read, index, ask, report, and on demand compare, draw and calibrate."""

from __future__ import annotations

import json
import math
from collections.abc import Sequence
from dataclasses import dataclass, replace
from pathlib import Path

import numpy as np
from rich.console import Console

from rag_ask.db import thresholds
from rag_ask.db.database import Database
from rag_ask.db.thresholds import Thresholds
from rag_ask.errors import BadRequest
from rag_ask.evaluate import dataset, index, own_questions, run, site_pages, stages
from rag_ask.evaluate.dataset import Dataset
from rag_ask.evaluate.index import Indexed
from rag_ask.evaluate.plot import plot
from rag_ask.evaluate.report import Abstention, Report, print_report, print_variants, report
from rag_ask.evaluate.run import NearMisses, Reply, Spent, Way
from rag_ask.evaluate.stages import Stage
from rag_ask.providers.embedders import Embedders
from rag_ask.retrieval.config import RECIPE
from rag_ask.settings import Settings

WANTED_SHARE = 0.95
# sure_score holds back one question in twenty. Of fewer that is chance, and it holds for all sites.
MIN_QUESTIONS = 20

VARIANTS = {
    "by meaning only": replace(RECIPE, dense_weight=1.0),
    "by words only": replace(RECIPE, dense_weight=0.0),
    "no neighbours": replace(RECIPE, neighbour_weight=0.0),
    "no page score": replace(RECIPE, page_weight=0.0),
    "stop words kept": replace(RECIPE, drops_stop_words=False),
    "no fuzzy match": replace(RECIPE, fuzzy=False),
    "not deduplicated": replace(RECIPE, deduplicates=False),
    "adjacent not merged": replace(RECIPE, joins=False),
}


@dataclass(frozen=True)
class Options:
    """What is wanted beside the table. site_ids: sites whose own pages are asked, beside the folders."""

    json_path: Path | None = None
    plot_path: Path | None = None
    compares: bool = False
    measures_stages: bool = False
    calibrates: bool = False
    site_ids: tuple[str, ...] = ()


def evaluate(database: Database, settings: Settings, folders: Sequence[Path], options: Options) -> Report:
    """Print the figures of the datasets in these folders and return them.

    Raises BadRequest for a dataset that cannot be read, or cannot calibrate.
    """
    read = [*map(dataset.load, folders), *(site_pages.of_site(database, site_id) for site_id in options.site_ids)]
    datasets = [own_questions.with_questions(one) for one in read]
    _check(datasets)
    console = Console(highlight=False)
    embedders = Embedders(settings)
    with index.indexed(database, embedders, datasets) as made:
        replies = run.ask(database, embedders, made, datasets)
        found = report(datasets, replies, settings.min_score)
        print_report(console, found)
        if options.compares:
            variants = _variants(database, settings, embedders, made, datasets)
            print_variants(console, {"all of it": found} | variants)
        near = _near_misses(database, embedders, made, datasets) if options.calibrates else NearMisses([], [])
        if options.measures_stages:
            _show_stages(console, found, list(stages.measured(database, settings, embedders, made, datasets)))
    if options.json_path:
        options.json_path.write_text(json.dumps(found.as_json(), indent=2) + "\n", encoding="utf-8")
    if options.plot_path:
        plot(options.plot_path, found, replies)
    if options.calibrates:
        _calibrate(console, database, embedders, found.abstention, replies, near)
    return found


def _check(datasets: Sequence[Dataset]) -> None:
    """Raises BadRequest when the datasets do not go together."""
    sites: dict[str, str] = {}
    for one in datasets:
        for page in one.documents:
            if sites.setdefault(page.site, one.name) != one.name:
                raise BadRequest("invalid_dataset", f"{page.site}: two datasets have a site of this name.")
    if not any(one.questions for one in datasets):
        raise BadRequest("invalid_dataset", "There is no question in these datasets.")
    for one in datasets:
        for asked in one.questions:
            if asked.site not in sites:
                raise BadRequest("invalid_dataset", f"{one.name}: {asked.question!r} is for no site: {asked.site!r}.")


def _variants(
    database: Database, settings: Settings, embedders: Embedders, made: Indexed, datasets: Sequence[Dataset]
) -> dict[str, Report]:
    """The same questions with one part of the recipe switched off."""
    return {
        name: report(datasets, run.ask(database, embedders, made, datasets, Way(recipe)), settings.min_score)
        for name, recipe in VARIANTS.items()
    }


def _show_stages(console: Console, found: Report, measured: Sequence[Stage]) -> None:
    if not measured:
        console.print("No optional stage is set: RAG_ASK_RERANK_URL, RAG_ASK_FURTHER_SEARCHES, RAG_ASK_CHUNK_HEADERS.")
        return
    reports = {"without optional stages": found} | {stage.name: stage.found for stage in measured}
    spent = {"without optional stages": Spent(0, 0.0)} | {stage.name: stage.spent for stage in measured}
    print_variants(console, reports, spent)


def _near_misses(database: Database, embedders: Embedders, made: Indexed, datasets: Sequence[Dataset]) -> NearMisses:
    found = [run.near_misses(database, embedders, made, one) for one in datasets]
    return NearMisses(
        [value for one in found for value in one.without_pages], [value for one in found for value in one.exchanged]
    )


def _calibrate(
    console: Console,
    database: Database,
    embedders: Embedders,
    silence: Abstention | None,
    replies: Sequence[Reply],
    near: NearMisses,
) -> None:
    """Write the thresholds of the embedder in use.

    Without questions that must not be answered, min_score stays, and with few others sure_score. Raises
    BadRequest when no question has an answer.
    """
    own = [reply.confidence for reply in replies if reply.question.answerable]
    if not own:
        raise BadRequest("invalid_dataset", "To calibrate, some questions must be answerable.")
    with database.system() as connection:
        name = embedders.active(connection).name
        min_score = silence.best_threshold if silence else replies[0].thresholds.min_score
        is_measured = len(own) >= MIN_QUESTIONS
        sure_score = float(np.quantile(own, 1 - WANTED_SHARE)) if is_measured else replies[0].thresholds.sure_score
        sure_score = max(min_score, sure_score)
        answered = sum(confidence >= min_score for confidence in own) / len(own)
        held = _share_below(sure_score, near.without_pages)
        abstained = silence.best_abstained if silence else 0.0 if math.isnan(held) else held
        thresholds.save(connection, name, Thresholds(min_score, sure_score), answered, abstained)
    console.print(
        f"{name}: from {min_score:.2f} on something is shown: for {answered:.1%} of the questions with an answer."
    )
    if silence:
        console.print(f"Of the others, it is for {1 - silence.best_abstained:.1%}.")
        if min(silence.best_answered, silence.best_abstained) < WANTED_SHARE:
            console.print(f"That is short of {WANTED_SHARE:.0%}: this embedder tells these sites apart badly.")
    else:
        console.print("No question is one that must not be answered, so this threshold stays as it was.")
    if not is_measured:
        console.print(f"The other one stays, too: that takes {MIN_QUESTIONS} questions with an answer, not {len(own)}.")
    console.print(
        f"From {sure_score:.2f} on it is an answer: for {1 - _share_below(sure_score, own):.1%} of those with one. Of "
        f"{len(near.without_pages)} near misses whose pages were left out, {held:.1%} are not answered; of "
        f"{len(near.exchanged)} with a name exchanged, {_share_below(sure_score, near.exchanged):.1%}."
    )


def _share_below(score: float, confidences: Sequence[float]) -> float:
    return sum(confidence < score for confidence in confidences) / len(confidences) if confidences else math.nan
