"""Move: another sidecar with the same secret sends a site here, step by step (`moves/depart.py`)."""

from __future__ import annotations

import json
import zlib
from collections.abc import Callable
from typing import Any

import structlog
from flask import Blueprint, request

from rag_ask.api.services import services
from rag_ask.db.database import Database
from rag_ask.errors import BadRequest
from rag_ask.moves import arrive, token

# Unpacked: one document of the largest push, or 2 MB of other rows.
MAX_BYTES = 64 * 1024 * 1024

log = structlog.get_logger(__name__)

blueprint = Blueprint("move", __name__)


@blueprint.post("/v1/move/<step>")
def move(step: str) -> dict[str, Any]:
    """One step; each may be repeated. Both sidecars run the same version, so its messages are not in the contract."""
    given = request.headers.get("Authorization", "").removeprefix("Bearer ")
    token.verify(services().settings.secret, request.get_data(), given)
    if step not in STEPS:
        raise BadRequest("not_found", f"There is no step {step}.", 404)
    try:
        unpacker = zlib.decompressobj(wbits=31)
        said = json.loads(unpacker.decompress(request.get_data(), MAX_BYTES))
        answer = STEPS[step](services().database, said)
    except (zlib.error, ValueError, KeyError) as error:
        raise BadRequest("invalid_request", "The message is not one of this version.") from error
    if step in ("begin", "finish"):
        log.warning("move", step=step, site=said["site"]["site_id"])
    return answer


def _begin(database: Database, said: dict[str, Any]) -> dict[str, Any]:
    return {"state": arrive.begin(database, said["site"], said["embedder"], said["migrations"])}


def _compare(database: Database, said: dict[str, Any]) -> dict[str, Any]:
    known = {int(post_id): fingerprint for post_id, fingerprint in said["documents"].items()}
    return {"differing": arrive.differing(database, said["site_id"], said["after"], said["until"], known)}


def _rows(database: Database, said: dict[str, Any]) -> dict[str, Any]:
    arrive.put(database, said["site_id"], said["table"], said["rows"])
    return {}


def _usage(database: Database, said: dict[str, Any]) -> dict[str, Any]:
    arrive.add_usage(database, said["site_id"], said["rows"])
    return {}


def _questions(database: Database, said: dict[str, Any]) -> dict[str, Any]:
    arrive.add_questions(database, said["site_id"], said["purged_at"], said["rows"])
    return {}


def _finish(database: Database, said: dict[str, Any]) -> dict[str, Any]:
    arrive.finish(database, said["site"])
    return {}


STEPS: dict[str, Callable[[Database, dict[str, Any]], dict[str, Any]]] = {
    "begin": _begin,
    "compare": _compare,
    "rows": _rows,
    "usage": _usage,
    "questions": _questions,
    "finish": _finish,
}
