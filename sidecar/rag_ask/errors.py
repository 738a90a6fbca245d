"""Every error that leaves the sidecar, and the one translation of them to HTTP.

`tests/contract/errors.json` lists the codes; a code never changes its meaning.
"""

from __future__ import annotations

from pathlib import Path
from typing import Any

import structlog

log = structlog.get_logger(__name__)

_CHANGING = "The search is being changed over. Ask again in a few minutes."


class RagAskError(Exception):
    """An error with a stable code, an HTTP status and a message that says what to do next.

    public: what to say over HTTP in its place, where the remedy is the operator's alone.
    """

    public: str | None = None

    def __init__(self, code: str, status: int, message: str, *, retry_after_s: int | None = None) -> None:
        super().__init__(message)
        self.code = code
        self.status = status
        self.message = message
        self.retry_after_s = retry_after_s


def body(error: RagAskError) -> dict[str, Any]:
    """The error as it goes over the wire. What that leaves out is in the log."""
    if error.public:
        log.warning("error", code=error.code, reason=error.message)
    return {"error": {"code": error.code, "message": error.public or error.message}}


class BadRequest(RagAskError):
    """The request is wrong; a retry fails the same way."""

    def __init__(self, code: str, message: str, status: int = 400) -> None:
        super().__init__(code, status, message)


class Unauthorized(RagAskError):
    """The token is missing, expired, forged or not for this."""

    def __init__(self, code: str, message: str, status: int = 401) -> None:
        super().__init__(code, status, message)


class OtherAddress(RagAskError):
    """The request comes from a copy of the site, or from the site after it moved."""

    def __init__(self, site_id: str, bound: str, address: str) -> None:
        super().__init__(
            "other_address",
            409,
            f"The index of {site_id} belongs to {bound}; this comes from {address}. Under Settings > RAG Ask, "
            "disconnect a copy of the site, or take the new address of a site that moved.",
        )


class DatabaseUnavailable(RagAskError):
    """Postgres did not answer in time."""

    def __init__(self) -> None:
        super().__init__(
            "database_unavailable",
            503,
            "The database did not answer. Try again in a moment.",
            retry_after_s=5,
        )


class DatabaseFull(DatabaseUnavailable):
    """Postgres has no room on its disk: it still reads, and writes nothing."""


class Busy(RagAskError):
    """As many questions are being answered as this process answers at a time."""

    def __init__(self) -> None:
        super().__init__(
            "busy", 503, "Many questions are being answered just now. Ask again in a few seconds.", retry_after_s=5
        )


class SiteMoving(RagAskError):
    """The last rows of the site are on their way to another sidecar; nobody may write them meanwhile."""

    def __init__(self) -> None:
        super().__init__(
            "busy", 503, "The site is moving to another sidecar. Send it again in a few seconds.", retry_after_s=5
        )


class SiteMoved(RagAskError):
    """Another sidecar has the site. `api/forward.py` passes the request on.

    notice: a token that tells the plugin the new address; empty for visitors.
    """

    def __init__(self, site_id: str, url: str, notice: str = "") -> None:
        super().__init__("site_moved", 421, f"{site_id} moved to {url}. Run the command there.")
        self.url, self.notice = url, notice


class OtherSidecarAway(RagAskError):
    """The sidecar that a site moved to does not answer."""

    def __init__(self) -> None:
        super().__init__(
            "busy", 503, "The site moved to another sidecar, which does not answer. Try again.", retry_after_s=5
        )


class IndexUnproven(RagAskError):
    """The rows of the site went back to those of a backup, and the site has not compared all of them yet."""

    def __init__(self) -> None:
        super().__init__(
            "index_unproven",
            503,
            "The index is being compared with the site. Ask again in a minute.",
            retry_after_s=30,
        )


class UnsafeFolder(RagAskError):
    """A folder for locks and sockets is not ours alone, so what lies in it cannot be trusted."""

    def __init__(self, folder: Path) -> None:
        super().__init__(
            "unsafe_folder",
            500,
            f"{folder} must be a folder that belongs to this user and that nobody else may write to. "
            "Remove it and start again, or set TMPDIR to a folder of your own.",
        )


class TooComplex(RagAskError):
    """Reading a document takes too much processor time or memory."""

    def __init__(self, cpu_s: int) -> None:
        super().__init__(
            "too_complex",
            422,
            f"Reading the post takes over {cpu_s} s of processor time, or too much memory. Simplify it, or split it.",
        )


class Unreadable(RagAskError):
    """Reading a document broke the process that read it."""

    def __init__(self, reason: str) -> None:
        super().__init__("unreadable", 422, f"The text could not be read ({reason}). Simplify the post, or report it.")


class FileUnreadable(RagAskError):
    """A PDF or office file gives no text: it is broken, encrypted, scanned, too long, or no guest gets it."""

    def __init__(self, code: str, message: str) -> None:
        super().__init__(code, 422, message)


class FileUnavailable(RagAskError):
    """The server of a file did not answer, or not now; another try may get it."""

    def __init__(self, message: str) -> None:
        super().__init__("file_unavailable", 503, message)


class QuotaExceeded(RagAskError):
    """A site stores as much as it may. what: `documents`, `bytes` or `chunks`."""

    def __init__(self, what: str, setting: str, limit: int) -> None:
        super().__init__(
            f"quota_{what}",
            422,
            f"The site may store {limit:,} {what}, and this document goes beyond. Exclude content that nobody asks "
            f"for, or let the operator of the sidecar raise {setting}.",
        )


class ProviderUnavailable(RagAskError):
    """An embedding or answer model failed in a way that may pass: a time-out, a 429 or a 5xx."""

    public = "The model does not answer at the moment. Ask again in a minute."

    def __init__(self, message: str, *, retry_after_s: int = 30) -> None:
        super().__init__("provider_unavailable", 503, message, retry_after_s=retry_after_s)


class ProviderRejected(RagAskError):
    """An embedding or answer model refused the request; trying the same again will fail again."""

    public = "The model did not take this question. Ask in other words."

    def __init__(self, message: str) -> None:
        super().__init__("provider_rejected", 502, message)


class ModelMissing(ProviderUnavailable):
    """The files of a local model are not there, or not whole."""

    public = "The search is not set up yet. Ask again later."

    def __init__(self, folder: Path, problem: str) -> None:
        super().__init__(
            f"The embedding model in {folder} cannot be used: {problem}. Get it: rag-ask models get. "
            "A small server with English pages can do without: RAG_ASK_EMBEDDER=local-en.",
        )
        self.code = "model_missing"
        self.problem = problem


class ModelNotFetched(RagAskError):
    """`rag-ask models get` did not get a model."""

    def __init__(self, problem: str) -> None:
        super().__init__(
            "model_not_fetched",
            503,
            f"No model was put in place: {problem}. What is missing is fetched anew by: rag-ask models get. "
            "Without it, RAG_ASK_EMBEDDER=local-en runs the English model of the package.",
        )


class EmbedderChanged(RagAskError):
    """The texts are embedded by a model now that this process has no settings for."""

    public = _CHANGING

    def __init__(self, active: str) -> None:
        super().__init__(
            "embedder_changed",
            503,
            f"The texts are embedded by {active} now. Restart this process with the settings of that embedder.",
            retry_after_s=30,
        )


class EmbedderMismatch(RagAskError):
    """The settings name another embedder than the one that embedded the stored texts."""

    public = _CHANGING

    def __init__(self, active: str, wanted: str) -> None:
        self.active = active
        super().__init__(
            "embedder_mismatch",
            503,
            f"The stored texts were embedded by {active}, the settings name {wanted}. To change over while the old "
            "processes go on answering, run with these settings: rag-ask reembed. Or set the old embedder again.",
        )
