"""The tenant: one WordPress site, and a visitor who asks it."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime


@dataclass(frozen=True)
class Visitor:
    """Who asks: a keyed hash made by the site, the groups whose documents may be read, the page's language.

    is_server: asks with an API key, for many. network: keyed hash of the visitor's /24 or /48; empty when not told.
    """

    site: Site
    subject: str
    groups: tuple[str, ...]
    language: str
    is_server: bool = False
    network: str = ""


@dataclass(frozen=True)
class Site:
    """One WordPress installation. origins: what a browser sends as `Origin`, such as `https://example.com`.

    address: host and path that the index belongs to; '' before the plugin's first request. incarnation and
    push_generation: see `db/incarnation.py`. generation and embedder: what an answer depends on (`cache/key.py`), as
    they were when the site was read.
    """

    site_id: str
    name: str
    origins: tuple[str, ...]
    purged_at: datetime | None = None
    # The command that writes the site's documents; '' for the plugin.
    fed_by: str = ""
    address: str = ""
    # Those of the origins that the plugin names.
    pushed_origins: tuple[str, ...] = ()
    incarnation: str = ""
    push_generation: int = 0
    generation: int = 0
    embedder: str = ""
    # Whether pages that no WordPress makes may ask.
    outside_pages: bool = False
    # The sidecar that has the site now, and whether it is on its way to one (`moves/`).
    moved_to: str = ""
    moving: str = ""
