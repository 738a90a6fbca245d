"""Files: a folder of text, PDF and office files -> documents. A file's path is its identity."""

from __future__ import annotations

import hashlib
import os
import unicodedata
from collections.abc import Iterator
from contextlib import closing
from dataclasses import dataclass, field
from pathlib import Path, PurePath, PurePosixPath

from rich.progress import Progress

from rag_ask import messages
from rag_ask.db.database import Database
from rag_ask.errors import BadRequest, FileUnreadable, TooComplex, Unreadable
from rag_ask.feeds import feed, parse_file
from rag_ask.feeds.feed import BATCH, Feed
from rag_ask.feeds.summary import Summary
from rag_ask.indexing.files.extract import KINDS, Limits, extract, page_urls
from rag_ask.indexing.files.reader import MEMORY_BYTES
from rag_ask.indexing.quota import Quota
from rag_ask.indexing.sandbox import Sandbox
from rag_ask.messages import Document

MAX_FILE_BYTES = 5_000_000


@dataclass(frozen=True)
class Options:
    """What the person asked for."""

    folder: Path
    base_url: str
    language: str = ""
    allow_mass_delete: bool = False
    quota: Quota = field(default_factory=Quota)
    limits: Limits = field(default_factory=Limits)


def index(database: Database, site_id: str, options: Options, summary: Summary, progress: Progress) -> None:
    """Make the documents of a site equal to the files of a folder.

    A file that is there and cannot be read keeps its document. Raises RagAskError.
    """
    with database.system() as connection:
        feed.claim(connection, site_id, "files")
    own = Feed(database, site_id, summary, options.quota)
    rows = own.rows()
    found = _Found(options.folder, summary)
    paths = list(found.paths())
    ids = _ids(paths, summary)
    bar = progress.add_task("files", total=len(ids))
    numbered = list(ids.items())
    with closing(Sandbox(options.limits.seconds, MEMORY_BYTES)) as sandbox:
        for start in range(0, len(numbered), BATCH):
            part = numbered[start : start + BATCH]
            documents = (_document(options, sandbox, post_id, path, summary) for post_id, path in part)
            own.upsert([document for document in documents if document])
            progress.update(bar, advance=len(part))
    # Below a folder that cannot be opened everything would look deleted.
    if not found.is_incomplete:
        own.delete(sorted(rows.keys() - ids.keys()), len(rows), allow_mass_delete=options.allow_mass_delete)
    own.purge()


class _Found:
    """Walks a folder, in the order of names."""

    def __init__(self, folder: Path, summary: Summary) -> None:
        self.folder, self.summary = folder.resolve(), summary
        self.is_incomplete = False

    def paths(self) -> Iterator[PurePosixPath]:
        """Yield the files to read, relative to the folder. Hidden ones are nobody's business."""
        for parent, folders, names in os.walk(self.folder, onerror=self._unreadable):
            folders[:] = sorted(name for name in folders if not name.startswith("."))
            for name in sorted(names):
                # Word keeps a file of this name while it has another one open.
                if name.startswith((".", "~$")) or not _is_read(Path(name)):
                    continue
                path = Path(parent) / name
                relative = PurePosixPath(path.relative_to(self.folder))
                if not path.resolve().is_relative_to(self.folder):
                    self.summary.excluded["link_outside"].append(str(relative))
                elif path.is_file():
                    yield relative

    def _unreadable(self, error: OSError) -> None:
        self.is_incomplete = True
        self.summary.excluded["unreadable"].append(f"{error.filename}: {error.strerror}; nothing was deleted")


def post_id(path: PurePosixPath) -> int:
    """A number from 1 to 2^53, which JavaScript reads exactly, that stays the same as long as the path does."""
    name = unicodedata.normalize("NFC", str(path)).encode("utf-8", "surrogateescape")
    return (int.from_bytes(hashlib.blake2b(name, digest_size=8).digest()) >> 11) + 1


def _ids(paths: list[PurePosixPath], summary: Summary) -> dict[int, PurePosixPath]:
    ids: dict[int, PurePosixPath] = {}
    for path in paths:
        first = ids.setdefault(post_id(path), path)
        if first is not path:
            summary.excluded["same_id"].append(f"{path} (as {first}; rename one)")
    return ids


def _kind(path: PurePath) -> str:
    """What a file is by its name; '' for text."""
    kind = path.suffix.lower().removeprefix(".")
    return kind if kind in KINDS else ""


def _is_read(path: PurePath) -> bool:
    return path.suffix.lower() in parse_file.SUFFIXES or _kind(path) != ""


def _document(
    options: Options, sandbox: Sandbox, number: int, path: PurePosixPath, summary: Summary
) -> Document | None:
    try:
        url = parse_file.url(options.base_url, path)
        urls: list[str] = []
        published_at = None
        if kind := _kind(path):
            body = _bytes(options.folder / path, options.limits.max_bytes)
            found = sandbox.call(extract, kind, body, options.limits.max_pages)
            title, html = parse_file.named(found.title, path), found.html
            urls = page_urls(url, found.pages)
        else:
            body = _bytes(options.folder / path, MAX_FILE_BYTES)
            text = body.decode("utf-8")
            title, html = parse_file.parse(path, text)
            published_at = parse_file.published_at(path, text)
        return messages.parse(
            {
                "id": number,
                "version": 1,
                "type": "file",
                "title": title,
                "url": url,
                "html": html,
                "language": options.language,
                "groups": ["public"],
                "page_urls": urls,
                "published_at": published_at,
            },
            Document,
        )
    except UnicodeDecodeError as error:
        summary.excluded["not_utf8"].append(f"{path} (byte {error.start}; save it as UTF-8)")
    except OSError as error:
        summary.excluded["unreadable"].append(f"{path}: {error.strerror}")
    except (FileUnreadable, TooComplex, Unreadable) as error:
        summary.excluded[error.code].append(f"{path}: {error.message}")
    except BadRequest as error:
        reason = error.code if error.code == "file_too_large" else "invalid_document"
        summary.excluded[reason].append(f"{path}: {error.message}")
    return None


def _bytes(path: Path, most: int) -> bytes:
    with path.open("rb") as file:
        body = file.read(most + 1)
    if len(body) > most:
        raise BadRequest("file_too_large", f"larger than {most // 1_000_000} MB. Split it.")
    return body
