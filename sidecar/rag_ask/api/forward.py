"""Forward: a request for a site that moved goes on to its new sidecar, and the answer comes back as it arrives.

Both have the same secret, so tokens, API keys and conversations are good at either.
"""

from __future__ import annotations

from contextlib import ExitStack
from functools import cache

import httpx2
import structlog
from flask import Response, request

from rag_ask.api import request_log
from rag_ask.api.services import services
from rag_ask.errors import OtherSidecarAway, SiteMoved

log = structlog.get_logger(__name__)

NOTICE = "X-RAG-Ask-Moved"
HOPS = "X-RAG-Ask-Hops"
# Sites move on; two sidecars that each name the other one must not forward for ever.
MAX_HOPS = 3
# The other side says something every second.
TIMEOUT = httpx2.Timeout(30.0, connect=3.0)
# Those of one connection (RFC 9110, 7.6.1), and those that are made here.
OWN = {"connection", "keep-alive", "te", "trailer", "transfer-encoding", "upgrade", "content-length", "date", "server"}
NOT_SENT = OWN | {"host", "accept-encoding", HOPS.lower(), request_log.HEADER.lower()}
NOT_GIVEN = OWN | {"vary", "content-encoding", request_log.HEADER.lower()}


def forward(moved: SiteMoved) -> Response:
    """The answer of the sidecar that has the site. Raises SiteMoved, OtherSidecarAway, Busy."""
    hops = request.headers.get(HOPS, 0, int) + 1
    if hops > MAX_HOPS:
        raise moved
    headers = [(name, value) for name, value in request.headers if name.lower() not in NOT_SENT]
    headers += [(HOPS, str(hops)), (request_log.HEADER, request_log.request_id()), ("Accept-Encoding", "identity")]
    sent = _client().build_request(
        request.method, moved.url + request.full_path.rstrip("?"), headers=headers, content=request.get_data()
    )
    with ExitStack() as until_sent:
        until_sent.enter_context(services().places.one())
        try:
            answer = _client().send(sent, stream=True)
        except httpx2.HTTPError as error:
            log.warning("forward", to=moved.url, reason=str(error) or type(error).__name__)
            raise OtherSidecarAway from error
        until_sent.callback(answer.close)
        response = Response(answer.iter_raw(), status=answer.status_code)
        response.headers.clear()
        for name, value in answer.headers.multi_items():
            if name.lower() not in NOT_GIVEN and not name.lower().startswith("access-control-"):
                response.headers.add(name, value)
        if moved.notice:
            response.headers[NOTICE] = moved.notice
        response.call_on_close(until_sent.pop_all().close)
    return response


@cache
def _client() -> httpx2.Client:
    """One for each process: it is made after the fork."""
    return httpx2.Client(timeout=TIMEOUT, follow_redirects=False, trust_env=False)
