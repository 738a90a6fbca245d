"""File reader: fetches a file as a guest does, and reads it in a process of its own."""

from __future__ import annotations

import logging
from collections.abc import Iterable, Sequence
from contextlib import closing

from rag_ask.errors import FileUnavailable, FileUnreadable, RagAskError
from rag_ask.indexing.chunk import Chunk
from rag_ask.indexing.files.extract import Limits
from rag_ask.indexing.queue import Claimed
from rag_ask.indexing.read import Read, read_file
from rag_ask.indexing.sandbox import Sandbox
from rag_ask.settings import Settings
from rag_ask.web.http_client import PASSING, Answer, Web
from rag_ask.web.ssrf_guard import network_for

log = logging.getLogger(__name__)

# A server of 2 GB has the web server, Postgres and the embedding model beside it.
MEMORY_BYTES = 1 << 30
_HTML = (b"<!doctype html", b"<html")


def limits_of(settings: Settings) -> Limits:
    """How much is read of a file."""
    max_bytes = settings.max_file_megabytes * 1_000_000
    return Limits(max_bytes, settings.max_file_pages, settings.max_file_seconds)


class FileReader:
    """One a worker; its process runs while files wait."""

    def __init__(self, limits: Limits, allowed_hosts: Iterable[str] = ()) -> None:
        self._limits, self._allowed_hosts = limits, tuple(allowed_hosts)
        self._sandbox = Sandbox(limits.seconds, MEMORY_BYTES)

    def read(self, document: Claimed, before: Sequence[Chunk]) -> Read:
        """See `read.read_file`. Raises FileUnavailable, FileUnreadable, TooComplex, Unreadable."""
        body = self.fetch(document.url)
        return self._sandbox.call(read_file, document, before, body, self._limits.max_pages)

    def fetch(self, url: str) -> bytes:
        """What a guest gets who opens a file. Raises FileUnavailable, FileUnreadable."""
        limits = self._limits
        web = Web(
            network_for(url, self._allowed_hosts),
            0,
            max_body_bytes=limits.max_bytes,
            answer_s=limits.seconds,
            # The queue tries again.
            tries=1,
        )
        with closing(web):
            try:
                return _body(web.get(url))
            except (FileUnavailable, FileUnreadable):
                raise
            except RagAskError as error:
                raise self._unread(error) from error

    def close(self) -> None:
        """Stop the process, which takes its libraries along."""
        self._sandbox.close()

    def _unread(self, error: RagAskError) -> FileUnavailable | FileUnreadable:
        if error.code == "body_too_large":
            return FileUnreadable(
                "file_too_large",
                f"The file is larger than {self._limits.max_bytes // 1_000_000} MB. Make it smaller, or let the "
                "operator of the sidecar raise RAG_ASK_MAX_FILE_MEGABYTES.",
            )
        if error.code == "address_refused":
            return FileUnreadable(
                "file_refused",
                "The file is at an address that is not public, so nothing was sent to it. If it is a server of your "
                "own, let the operator of the sidecar name its host in RAG_ASK_FILE_HOSTS.",
            )
        if error.status < 500:
            return FileUnreadable("file_refused", error.message)
        return FileUnavailable(error.message)


def _body(answer: Answer) -> bytes:
    if answer.status in PASSING:
        raise FileUnavailable(f"The server of the file answered {answer.status}. It is tried again.")
    if answer.status != 200:
        raise FileUnreadable(
            "file_refused",
            f"A guest who opens the file gets {answer.status}. Let guests open it, or take the link out.",
        )
    if answer.body.lstrip()[:20].lower().startswith(_HTML):
        raise FileUnreadable(
            "file_refused",
            "A guest who opens the file gets a web page, such as a login. Let guests open it, or take the link out.",
        )
    return answer.body
