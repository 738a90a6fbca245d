"""Archive: the zip that an office file is, checked before anything of it is unpacked."""

from __future__ import annotations

import re
import zlib
from html import unescape
from io import BytesIO
from zipfile import BadZipFile, ZipFile

from rag_ask.errors import FileUnreadable

# Unpacked. The XML of a book has 10 MB; pictures and sounds are never unpacked.
MAX_XML_BYTES = 100_000_000
MAX_MEMBERS = 10_000
MAX_PROPERTIES_BYTES = 100_000
_TITLE = re.compile(r"<dc:title>([^<]*)</dc:title>")


def checked_archive(body: bytes) -> ZipFile:
    """Open the archive. Raises FileUnreadable when it is broken, encrypted, or unpacks to too much."""
    try:
        archive = ZipFile(BytesIO(body))
    except (BadZipFile, ValueError, OSError, NotImplementedError) as error:
        raise FileUnreadable("file_broken", "The file cannot be opened. Save it again and replace it.") from error
    members = archive.infolist()
    # zipfile refuses to unpack more of a member than is announced here.
    announced = sum(member.file_size for member in members if member.filename.lower().endswith((".xml", ".rels")))
    if announced > MAX_XML_BYTES or len(members) > MAX_MEMBERS:
        raise FileUnreadable("too_complex", "The file unpacks to too much. Simplify it, or divide it.")
    if any(member.flag_bits & 1 for member in members):
        raise FileUnreadable("file_encrypted", "The file needs a password. Upload one that opens without.")
    return archive


def title_of(archive: ZipFile) -> str:
    """The title among the file's properties, or ''."""
    try:
        with archive.open("docProps/core.xml") as file:
            found = _TITLE.search(file.read(MAX_PROPERTIES_BYTES).decode("utf-8", "ignore"))
    except (KeyError, BadZipFile, NotImplementedError, OSError, zlib.error):
        return ""
    return " ".join(unescape(found[1]).split())[:500] if found else ""
