"""The page of settings: descriptions and defaults from `Settings`, names and limits as it reads them."""

from __future__ import annotations

from contextlib import suppress
from pathlib import Path
from typing import get_type_hints
from unittest.mock import patch

from rag_ask import settings
from rag_ask.environment import Reader
from rag_ask.settings import Settings, SettingsError

PAGE = Path(__file__).resolve().parents[1] / "docs" / "operators" / "settings.md"
HEAD = """# Settings of the sidecar

<!-- Written by scripts/settings-docs from sidecar/rag_ask/settings.py. Change the descriptions there. -->

The sidecar reads its settings from the environment, with Docker from `sidecar.env` beside `docker-compose.yml`. A wrong
value stops the start, and every problem is reported at once. `NAME_FILE` reads a secret from a file. `rag-ask check`
tries what the settings name.

[Models and cost](models.md) and [optional stages](optional-stages.md) explain theirs. The plugin has a settings page in
WordPress, and [constants](../owners/set-up.md).

| name | default | values | what it is |
|---|---|---|---|
"""


class Recorder(Reader):
    """Notes the name and the values of each setting while it is read."""

    def __init__(self, environment: dict[str, str]) -> None:
        super().__init__(environment)
        self.values: dict[str, str] = {}

    def text(self, name: str, default: str) -> str:
        if not name.endswith("_FILE"):
            self.values.setdefault(name, "")
        return super().text(name, default)

    def file_or_text(self, name: str) -> str:
        self.values[name] = f"also `{name}_FILE`"
        return super().file_or_text(name)

    def choice(self, name: str, default: str, choices: tuple[str, ...]) -> str:
        self.values[name] = ", ".join(f"`{choice}`" for choice in choices)
        return super().choice(name, default, choices)

    def number(self, name: str, default: int, low: int, high: int) -> int:
        self.values[name] = f"{low} to {high}"
        return super().number(name, default, low, high)

    def decimal(self, name: str, low: int, high: int) -> float | None:
        self.values[name] = f"{low} to {high}"
        return super().decimal(name, low, high)


def page() -> str:
    """The whole page, as Markdown."""
    return HEAD + "".join(rows())


def rows() -> list[str]:
    values = read_values()
    hints = get_type_hints(Settings, include_extras=True)
    return [
        f"| `{variable}` | {default(field)} | {values[variable]} | {' '.join(hints[field].__metadata__)} |\n"
        for field in Settings.__dataclass_fields__
        for variable in values
        if variable.removeprefix("RAG_ASK_").lower() == field
    ]


def read_values() -> dict[str, str]:
    """Variable -> what it may be, in the order in which `Settings` reads them."""
    recorder = Recorder({})
    # The two that have no default are missing.
    with patch.object(settings, "Reader", lambda _: recorder), suppress(SettingsError):
        Settings.from_environment({})
    return recorder.values


def default(field: str) -> str:
    if not hasattr(Settings, field):
        return "needed"
    value = getattr(Settings, field)
    return "none" if value in ("", None) else f"`{value}`"


if __name__ == "__main__":
    PAGE.write_text(page(), encoding="utf-8")
