"""Embedders by name: built from credentials, priced, or refused with what to do."""

import pytest

from rag_ask.errors import EmbedderChanged
from rag_ask.providers.embed.spec import E5_SMALL, MINILM
from rag_ask.providers.embedders import Embedders
from rag_ask.settings import Settings


def embedders(**settings):
    return Embedders(Settings(database_url="", secret=b"", **settings))


@pytest.mark.parametrize(
    ("name", "price"),
    [
        (MINILM.name, 0),
        (E5_SMALL.name, 0),
        ("onnx/granite-0123abcd/384", 0),
        ("openai/text-embedding-3-small/512", 0.02),
        ("openai/text-embedding-3-large/1024", 0.13),
        ("openai/nomic-embed-text/768", None),
    ],
)
def test_known_prices(name, price):
    assert embedders().price_usd(name) == price


def test_a_price_of_ones_own_wins_except_where_nothing_is_paid():
    own = embedders(embedding_price_usd=0.5)
    assert own.price_usd("openai/nomic-embed-text/768") == 0.5
    assert own.price_usd("openai/text-embedding-3-small/512") == 0.5
    assert own.price_usd(MINILM.name) == 0


def test_built_once_from_the_name():
    made = embedders(openai_api_key="sk-key")
    other = made.named("openai/org/model/256")
    assert (other.name, other.dimensions) == ("openai/org/model/256", 256)
    assert made.named("openai/org/model/256") is other
    assert made.named(made.own.name) is made.own


@pytest.mark.parametrize("name", ["openai/text-embedding-3-small/512", "local/another/384", "openai/x/y", "nonsense"])
def test_what_cannot_be_built_names_the_embedder(name):
    with pytest.raises(EmbedderChanged, match=name):
        embedders().named(name)


def test_a_server_of_ones_own_needs_no_key():
    made = embedders(openai_base_url="http://localhost:11434/v1")
    assert made.named("openai/nomic-embed-text/768").dimensions == 768
