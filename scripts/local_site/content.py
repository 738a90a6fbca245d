"""Content: the sample site and exports, published through WordPress, each once."""

from __future__ import annotations

import hashlib
import json
from pathlib import Path
from typing import Any

from local_site import layout, wordpress
from local_site.layout import Problem

SAMPLE = layout.ROOT / "wp-env" / "content"
ASK_PAGE = SAMPLE / "ask.html"
IMPORTED = layout.STATE / "imported.json"


def import_sample(whole: bool) -> None:
    """The sample site, or only its page with the ask box."""
    files = sorted(SAMPLE.glob("*.html")) if whole else [ASK_PAGE]
    posts = [read_post(file) for file in files]
    if _is_new("sample", json.dumps(posts)):
        wordpress.import_content({"posts": posts})
        _remember("sample", json.dumps(posts))


def import_wxr(path: Path) -> None:
    """A WordPress export, in as many requests as it takes."""
    try:
        xml = path.read_text(encoding="utf-8")
    except (OSError, UnicodeDecodeError) as error:
        raise Problem(f"--import {path}: {error}") from error
    if not _is_new(str(path.resolve()), xml):
        return
    offset: int | None = 0
    while offset is not None:
        offset = wordpress.import_content({"wxr": xml, "offset": offset})["next"]
    _remember(str(path.resolve()), xml)


def read_post(path: Path) -> dict[str, Any]:
    """Block markup after a head of `key: value` lines between two `---`; the file's name is the slug."""
    head, _, content = path.read_text(encoding="utf-8").removeprefix("---\n").partition("\n---\n")
    fields = dict(line.split(": ", 1) for line in head.splitlines())
    return {"slug": path.stem, **fields, "content": content.strip()}


def _is_new(name: str, text: str) -> bool:
    return _imported().get(name) != hashlib.sha256(text.encode()).hexdigest()


def _remember(name: str, text: str) -> None:
    IMPORTED.write_text(json.dumps({**_imported(), name: hashlib.sha256(text.encode()).hexdigest()}))


def _imported() -> dict[str, str]:
    kept: dict[str, str] = json.loads(IMPORTED.read_text()) if IMPORTED.exists() else {}
    return kept
