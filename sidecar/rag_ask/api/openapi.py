"""OpenAPI: the document that describes every route, with the messages of the contract as its examples."""

from __future__ import annotations

import json
from functools import cache
from pathlib import Path
from typing import Any

from flask import Blueprint

from rag_ask.api.services import services

blueprint = Blueprint("openapi", __name__)


@blueprint.get("/v1/openapi.json")
def get_openapi() -> dict[str, Any]:
    """The document, with the address at which this sidecar is reached."""
    return document() | {"servers": [{"url": services().settings.public_url}]}


@cache
def document() -> dict[str, Any]:
    """OpenAPI 3.1. `scripts/openapi` renews its examples."""
    found: dict[str, Any] = json.loads((Path(__file__).parent / "openapi.json").read_text(encoding="utf-8"))
    return found
