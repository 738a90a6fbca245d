"""The least that Flask can do: read a JSON body, return the bytes of the file BARE_BODY."""

import os
from pathlib import Path

from flask import Flask, Response, request

BODY = Path(os.environ["BARE_BODY"]).read_bytes()
app = Flask("bare")


@app.post("/v1/ask")
def ask() -> Response:
    """Called by gunicorn's threads."""
    assert request.json
    return Response(BODY, mimetype="application/json")
