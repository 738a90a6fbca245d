"""A Postgres and a provider for the session, a world for each fault, and the table of faults at the end."""

from __future__ import annotations

import os
import shutil
import subprocess
import tempfile
import zipfile
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from world import CORE, ROOT, SECRET, SITE_SCRIPT, World, check

from fakes import openai_server
from rag_ask.db import embedded_postgres, migrate
from rag_ask.settings import Settings

TABLE = ROOT / "docs" / "developers" / "faults.md"
RESULTS = pytest.StashKey[list[tuple[str, str]]]()
SQLITE = ROOT / "node_modules" / "@wp-playground" / "cli" / "sqlite-database-integration.zip"


@pytest.fixture(scope="session")
def folder() -> Iterator[Path]:
    with tempfile.TemporaryDirectory(prefix="rag-ask-faults-") as name:
        # Postgres runs as a user of its own and must reach its data.
        Path(name).chmod(0o755)
        yield Path(name)


@pytest.fixture(scope="session")
def postgres(folder: Path) -> Iterator[Path]:
    """The data folder of a running, migrated Postgres."""
    data = folder / "postgres"
    migrate.migrate(Settings(embedded_postgres.start(data), SECRET.encode()))
    yield data
    embedded_postgres.stop(data)


@pytest.fixture(scope="session")
def provider() -> Iterator[openai_server.OpenAIServer]:
    with openai_server.OpenAIServer() as server:
        yield server


@pytest.fixture(scope="session")
def installed(folder: Path) -> Path:
    """A WordPress on SQLite with the plugin active, to be copied."""
    site = folder / "installed"
    for name in ("plugins", "database"):
        (site / name).mkdir(parents=True)
    (site / "themes").symlink_to(CORE / "wp-content" / "themes")
    (site / "plugins" / "rag-ask").symlink_to(ROOT / "wordpress-plugin")
    with zipfile.ZipFile(SQLITE) as archive:
        archive.extractall(site / "plugins")
    integration = site / "plugins" / "sqlite-database-integration"
    (site / "plugins" / "plugin-sqlite-database-integration").rename(integration)
    shutil.copy(integration / "db.copy", site / "db.php")
    environment = os.environ | {"RAG_ASK_TEST_CORE": str(CORE), "RAG_ASK_TEST_SITE": str(site)}
    for script in ([ROOT / "tests" / "plugin" / "install-site.php"], [SITE_SCRIPT, "make-empty"]):
        subprocess.run(["php", *script], env=environment, check=True, timeout=60)
    return site


@pytest.fixture
def world(tmp_path: Path, installed: Path, postgres: Path, provider: openai_server.OpenAIServer) -> Iterator[World]:
    made = World(tmp_path, installed, embedded_postgres.start(postgres), provider.base_url)
    yield made
    made.close()


@pytest.fixture
def holds(world: World, request: pytest.FixtureRequest) -> Callable[[str], None]:
    """A function that checks the promise and writes a line of the table."""

    def holds(fault: str) -> None:
        request.config.stash.setdefault(RESULTS, []).append((fault, check(world)))

    return holds


def pytest_addoption(parser: pytest.Parser) -> None:
    parser.addoption("--kills", type=int, default=100, help="how often the worker is killed")
    own = Path(__file__).with_name("export.xml")
    parser.addoption("--export", type=Path, default=own, help="a WordPress export to import")
    parser.addoption("--update-docs", action="store_true", help="write the table to docs/developers/faults.md")


def pytest_terminal_summary(terminalreporter: pytest.TerminalReporter, config: pytest.Config) -> None:
    """Print the table of faults that were survived."""
    results = config.stash.get(RESULTS, [])
    if not results:
        return
    lines = ["| fault | afterwards |", "|---|---|", *(f"| {fault} | {result} |" for fault, result in results)]
    terminalreporter.write_line("\n".join(["", *lines]))
    if config.getoption("--update-docs"):
        head = TABLE.read_text().split("| fault |")[0]
        TABLE.write_text(head + "\n".join(lines) + "\n")
