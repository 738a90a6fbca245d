from __future__ import annotations

import pytest

from rag_ask.providers.budget import at_most
from rag_ask.providers.chat import Usage
from rag_ask.providers.prices import LISTED, Price, embedding_price_of, price_of


def test_each_kind_of_token_has_its_price() -> None:
    price = Price(read=2.0, cached=0.5, written=10.0)
    assert price.microusd(Usage(1000, 100)) == 3000
    assert price.microusd(Usage(1000, 100, cached_tokens=600)) == 400 * 2 + 300 + 1000
    assert price.microusd(Usage(1000, 0, cached_tokens=600, cache_write_tokens=400)) == 300 + 1000
    assert Price(0.15, 0.075, 0.6).microusd(Usage(1, 0)) == 1


@pytest.mark.parametrize("usage", [Usage(900, 800), Usage(900, 5, 900), Usage(900, 800, 0, 900)])
def test_nothing_costs_more_than_the_worst_case(usage: Usage) -> None:
    messages = ({"role": "user", "content": "é" * 450},)
    for listed in LISTED.values():
        price = Price(*listed)
        assert price.microusd(usage) <= price.most_microusd(at_most(messages, 800))


def test_a_price_is_found_by_name_with_or_without_a_date() -> None:
    assert (
        price_of("gpt-4o-mini", "k", None) == price_of("gpt-4o-mini-2024-07-18", "k", None) == Price(0.15, 0.075, 0.6)
    )
    assert price_of("claude-haiku-4-5-20251001", "k", None) == Price(1, 0.1, 5)


def test_an_unknown_model_counts_as_the_dearest_and_a_setting_wins() -> None:
    assert price_of("new-model", "k", None) == Price(10, 0.25, 50)
    assert price_of("new-model", "k", (1.0, 2.0)) == Price(1, 1, 2)
    assert price_of("gpt-4o", "k", (0.0, 0.0)) == Price(0, 0, 0)


def test_a_server_without_a_key_bills_nobody() -> None:
    assert price_of("llama3.2", "", None) == Price(0, 0, 0)


@pytest.mark.parametrize(
    ("model", "api_key", "override", "price"),
    [
        ("text-embedding-3-small", "k", None, 0.02),
        ("text-embedding-3-large", "k", None, 0.13),
        ("new-model", "k", None, 0.13),
        ("new-model", "k", 0.5, 0.5),
        ("text-embedding-3-small", "k", 0.0, 0.0),
        ("nomic-embed-text", "", None, 0.0),
    ],
)
def test_embedding_has_its_prices_by_the_same_rules(
    model: str, api_key: str, override: float | None, price: float
) -> None:
    assert embedding_price_of(model, api_key, override) == price
