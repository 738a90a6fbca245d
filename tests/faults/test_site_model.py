"""The answer model `site`: sidecar -> a real WordPress -> its AI client -> a played provider, and back."""

from __future__ import annotations

import subprocess
from collections.abc import Iterator
from pathlib import Path

import pytest
from free_port import free_port
from processes import answers, until
from world import ROOT, World

from fakes.openai_server import OpenAIServer
from rag_ask.db import embedded_postgres

CONNECTOR = Path(__file__).with_name("played-connector.php")
ROUTER = ROOT / "tests" / "plugin" / "support" / "router.php"
# What the provider counts: 412 tokens read, 9 written; in dollars a million. Embeddings cost a little more.
PRICE = "10,100"
COST_USD = 412 * 10e-6 + 9 * 100e-6


@pytest.fixture
def site_world(tmp_path: Path, installed: Path, postgres: Path, provider: OpenAIServer) -> Iterator[World]:
    """A world whose WordPress is served, and whose sidecar asks it for answers."""
    home = f"http://127.0.0.1:{free_port()}"
    world = World(
        tmp_path,
        installed,
        embedded_postgres.start(postgres),
        provider.base_url,
        home,
        RAG_ASK_ANSWER_MODEL="site",
        RAG_ASK_CHAT_PRICE_USD=PRICE,
        # The site is in a private network.
        RAG_ASK_FILE_HOSTS="127.0.0.1",
    )
    (world.wordpress / "mu-plugins").mkdir()
    (world.wordpress / "mu-plugins" / CONNECTOR.name).symlink_to(CONNECTOR)
    command = ["php", "-S", home.removeprefix("http://"), ROUTER]
    with (tmp_path / "php.log").open("wb") as log:
        server = subprocess.Popen(command, env=world.site_environment(), stdout=log, stderr=log)
    try:
        until(lambda: answers(home), what="WordPress is served")
        yield world
    finally:
        server.kill()
        server.wait(10)
        world.close()


def test_the_connector_of_the_site_answers_until_its_provider_is_away(
    site_world: World,
) -> None:
    site_world.edit(1, seed=5)
    site_world.start("serve", "worker")
    site_world.settle()
    sentence = next(iter(site_world.truth().public.values()))
    written = f"{sentence.removesuffix('.')} [1]."
    (site_world.wordpress / "says.txt").write_text(written)

    said = site_world.ask(sentence)
    assert (said["outcome"], said["model"], said["answer"]) == (
        "answered",
        "site",
        written,
    )
    assert (said["usage"]["input_tokens"], said["usage"]["output_tokens"]) == (412, 9)
    assert site_world.status()["budget"]["spent_usd"] == pytest.approx(COST_USD, abs=1e-4)

    (site_world.wordpress / "says.txt").unlink()
    said = site_world.ask(f"{sentence} Is it so?")
    assert (said["outcome"], said["model"]) == ("quoted", "quote")
    assert site_world.status()["budget"]["spent_usd"] == pytest.approx(COST_USD, abs=1e-4)
