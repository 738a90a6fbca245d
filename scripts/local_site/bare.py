"""An environment in which nothing of an earlier run is left: empty home, temporary folder, state and caches."""

from __future__ import annotations

import os
import shutil
import tempfile
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path

# What a person has set for the tools, below the home folder: where packages come from, whom git trusts.
CONFIGURATION = (".npmrc", ".gitconfig", ".pip/pip.conf", ".config/pip/pip.conf", ".config/git/config")
# npm reads its settings in either case.
LEFT_OUT = {"XDG_CACHE_HOME", "XDG_CONFIG_HOME", "XDG_DATA_HOME", "XDG_STATE_HOME", "XDG_RUNTIME_DIR", "TEMP", "TMP"}
LEFT_OUT |= {"NPM_CONFIG_CACHE"}


@contextmanager
def environment(given: Mapping[str, str] = os.environ) -> Iterator[dict[str, str]]:
    """Yield the given environment with folders of its own, which are removed at the end.

    Of the home folder only the tools' configuration is carried over.
    """
    with tempfile.TemporaryDirectory(prefix="rag-ask-", ignore_cleanup_errors=True) as name:
        # Postgres runs as a user of its own and must reach its data.
        Path(name).chmod(0o755)
        home, temporary = Path(name) / "home", Path(name) / "tmp"
        home.mkdir(mode=0o700)
        temporary.mkdir()
        # As /tmp is: anybody may write there.
        temporary.chmod(0o1777)
        for file in CONFIGURATION:
            _carry_over(_configured(given, file), home / file)
        yield {key: value for key, value in given.items() if key.upper() not in LEFT_OUT} | {
            "HOME": str(home),
            "TMPDIR": str(temporary),
            "PIP_CACHE_DIR": str(home / ".cache" / "pip"),
            "npm_config_cache": str(home / ".npm"),
        }


@contextmanager
def process() -> Iterator[None]:
    """Give this process and those that it starts such an environment, for a while."""
    given = dict(os.environ)
    with environment(given) as made:
        _replace_environment(made)
        try:
            yield
        finally:
            _replace_environment(given)


def _replace_environment(wanted: Mapping[str, str]) -> None:
    os.environ.clear()
    os.environ.update(wanted)


def _configured(given: Mapping[str, str], file: str) -> Path:
    home = Path(given.get("HOME", "/"))
    if file.startswith(".config/") and given.get("XDG_CONFIG_HOME"):
        return Path(given["XDG_CONFIG_HOME"]) / file.removeprefix(".config/")
    return home / file


def _carry_over(source: Path, target: Path) -> None:
    if source.is_file():
        target.parent.mkdir(parents=True, exist_ok=True)
        shutil.copy(source, target)
