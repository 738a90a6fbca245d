from __future__ import annotations

import contract
import pytest

from rag_ask.answering.citations.text_fragment import fragment_url

PAGE = "https://example.org/opening-hours/"


@pytest.mark.parametrize("case", contract.message("fragments"), ids=lambda case: case["quote"][:20])
def test_the_fragments_that_a_browser_follows(case: dict[str, str]) -> None:
    assert fragment_url(PAGE, case["quote"], case["passage"]) == f"{PAGE}#:~:text={case['fragment']}"


def test_a_fragment_that_is_there_stays() -> None:
    assert fragment_url(f"{PAGE}#shop", "We open.", "We open.") == f"{PAGE}#shop:~:text=We%20open."


@pytest.mark.parametrize("quote", ["", " … ", "|", " | | "])
def test_without_words_it_is_the_page(quote: str) -> None:
    assert fragment_url(PAGE, quote, "") == PAGE


def test_a_quote_that_was_cut_ends_where_it_was_cut() -> None:
    quote = " ".join(f"w{number}" for number in range(60)) + "…"
    assert fragment_url(PAGE, quote, quote) == f"{PAGE}#:~:text=w0%20w1%20w2%20w3,w56%20w57%20w58%20w59"
