"""Event stream: frames of server-sent events -> a response whose first failure still has a status."""

from __future__ import annotations

from collections.abc import Callable, Generator, Iterator
from contextlib import closing

import structlog
from flask import Response, stream_with_context

from rag_ask.errors import ProviderUnavailable, RagAskError

log = structlog.get_logger(__name__)

# An SSE comment: it keeps proxies from closing the connection, and shows whether the client disconnected.
KEEP_ALIVE = ": keep-alive\n\n"


def event_stream(frames: Generator[str], error_frame: Callable[[RagAskError], str]) -> Response:
    """A response that streams the frames; what fails after the first becomes the last one, by `error_frame`."""
    # The first is made before the response starts, so that its failure still has a status.
    first = next(frames)

    def sent() -> Iterator[str]:
        yield first
        try:
            # A client that leaves ends the model's answer too.
            with closing(frames):
                yield from frames
        except RagAskError as error:
            yield error_frame(error)
        except Exception:
            log.exception("stream broke")
            yield error_frame(ProviderUnavailable("The answer broke off."))

    response = Response(stream_with_context(sent()), mimetype="text/event-stream")
    response.headers["Cache-Control"] = "no-cache, no-transform"
    response.headers["X-Accel-Buffering"] = "no"
    return response
