"""The page of settings is what the code reads, and it names every setting."""

from __future__ import annotations

from typing import Annotated, get_origin, get_type_hints

import settings_docs

from rag_ask.settings import Settings


def test_the_page_is_current() -> None:
    assert settings_docs.PAGE.read_text(encoding="utf-8") == settings_docs.page(), "run scripts/settings-docs"


def test_every_setting_has_a_description() -> None:
    hints = get_type_hints(Settings, include_extras=True)
    assert [name for name, hint in hints.items() if get_origin(hint) is not Annotated] == []


def test_every_variable_that_is_read_has_one_row() -> None:
    names = [row.split("`")[1] for row in settings_docs.rows()]
    assert sorted(names) == sorted(settings_docs.read_values())
    assert len(names) == len(Settings.__dataclass_fields__) > 30


def test_names_limits_and_defaults_are_those_of_the_code() -> None:
    page = settings_docs.page()
    assert "| `RAG_ASK_DATABASE_URL` | needed |" in page
    assert "| `RAG_ASK_WEB_THREADS` | `32` | 1 to 256 |" in page
    assert "| `RAG_ASK_UNDECIDED` | `drop` | `drop`, `mark`, `show` |" in page
    assert "| `OPENAI_API_KEY` | none | also `OPENAI_API_KEY_FILE` |" in page
