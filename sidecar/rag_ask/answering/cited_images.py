"""Cited images: the first image of each cited section, of the site's own media library."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from rag_ask.answering.citations.citation import Citation
from rag_ask.db.database import Conn

# What only some may read has images that only they may see; their files are open to everybody.
IMAGES = """
SELECT post_id, images FROM documents
WHERE site_id = %s AND post_id = ANY(%s) AND images <> '[]' AND groups = '{public}'
"""


def cited_images(connection: Conn, site_id: str, citations: Sequence[Citation]) -> list[dict[str, Any]]:
    """Up to one image a citation, with the citation's number: url, alt, width and height. No image is there twice."""
    rows = connection.execute(
        IMAGES, (site_id, [citation.document_id for citation in citations]), prepare=True
    ).fetchall()
    of_document = {row["post_id"]: row["images"] for row in rows}
    found: dict[str, dict[str, Any]] = {}
    for citation in citations:
        section = citation.heading.casefold()
        for image in of_document.get(citation.document_id, []):
            if _is_in(section, image["heading"]):
                shown = {name: image[name] for name in ("url", "alt", "width", "height")}
                found.setdefault(image["url"], {"number": citation.number} | shown)
                break
    return list(found.values())


def _is_in(section: str, heading: str) -> bool:
    last = heading.casefold()
    return section == last or (last != "" and section.endswith(f" > {last}"))
