"""Retrieval parameters, in one object so that `rag-ask eval --ablation` can switch off one part at a time."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True)
class Recipe:
    """How passages are ranked. Each default is measured, see docs/developers/retrieval.md."""

    dense_weight: float = 0.55
    # Of a question in another language than the site's: names and figures are all the words that it can share. Its page
    # counts nothing then, for the chunks that score by accident are of any page.
    dense_weight_across: float = 0.7
    # What the chunks before and after say of a chunk, against what it says itself.
    neighbour_weight: float = 0.25
    # What the best chunks of its page say of which chunk comes first, against the two above.
    page_weight: float = 0.25
    drops_stop_words: bool = True
    fuzzy: bool = True
    deduplicates: bool = True
    joins: bool = True


RECIPE = Recipe()
