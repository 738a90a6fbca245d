"""Parse a Markdown, reStructuredText, HTML or text file -> title and HTML. Pure."""

from __future__ import annotations

import html
import os
import re
import tomllib
from datetime import UTC, datetime
from pathlib import PurePosixPath
from urllib.parse import quote

from markdown_it import MarkdownIt
from selectolax.lexbor import LexborHTMLParser

from rag_ask.feeds.rst_file import rst_file
from rag_ask.feeds.site_generators import plain_markdown, without_templates

SUFFIXES = {
    ".md": "markdown", ".markdown": "markdown", ".html": "html", ".htm": "html", ".txt": "text", ".rst": "rst",
}  # fmt: skip
INDEX_NAMES = (
    "index.md", "index.markdown", "index.html", "index.htm", "index.rst", "readme.md", "readme.rst",
)  # fmt: skip
TOML_FRONT_MATTER = re.compile(r"\+\+\+[ \t]*\n(.*?\n)?\+\+\+[ \t]*(?:\n|\Z)", re.DOTALL)
FRONT_MATTER = re.compile(r"---[ \t]*\n(.*?\n)?(?:---|\.\.\.)[ \t]*(?:\n|\Z)", re.DOTALL)
TITLE_LINE = re.compile(r"^title[ \t]*:[ \t]*(\S.*?)[ \t]*$", re.MULTILINE | re.IGNORECASE)
DATE_LINE = re.compile(r"^date[ \t]*[:=][ \t]*[\"']?([0-9]{4}-[0-9]{2}-[0-9]{2})", re.MULTILINE | re.IGNORECASE)
# As Jekyll names posts.
DATED_NAME = re.compile(r"([0-9]{4}-[0-9]{2}-[0-9]{2})-")
MAX_TITLE = 500

_markdown = MarkdownIt("commonmark", {"html": True}).enable(["table", "strikethrough"])


def parse(path: PurePosixPath, text: str) -> tuple[str, str]:
    """The title of a file and its text as HTML. The suffix, one of SUFFIXES, says what it is."""
    text = _in_lines(text)
    kind = SUFFIXES[path.suffix.lower()]
    if kind == "html":
        title, body = _html_file(text)
    elif kind == "markdown":
        title, body = _markdown_file(text)
    elif kind == "rst":
        title, body = rst_file(text)
        title = title or _first_heading(body)
    else:
        title, body = "", "".join(f"<p>{_lines(part)}</p>" for part in re.split(r"\n\s*\n", text) if part.strip())
    return named(title, path), body


def published_at(path: PurePosixPath, text: str) -> datetime | None:
    """The day that the front matter of a file names, else its name; None when there is none."""
    text = _in_lines(text)
    front = TOML_FRONT_MATTER.match(text) or FRONT_MATTER.match(text)
    day = DATE_LINE.search(front[1] or "") if front else None
    day = day or DATED_NAME.match(path.name)
    try:
        return datetime.fromisoformat(day[1]).replace(tzinfo=UTC) if day else None
    except ValueError:
        return None


def _in_lines(text: str) -> str:
    return text.removeprefix("\ufeff").replace("\r\n", "\n")


def named(title: str, path: PurePosixPath) -> str:
    """The title of a file; what its name says when it has none."""
    return (" ".join(title.split()) or _name(path))[:MAX_TITLE]


def url(base_url: str, path: PurePosixPath) -> str:
    """The address of a file: the base with its path, suffix kept; an index file is the address of its folder."""
    is_index = path.name.lower() in INDEX_NAMES
    parts = path.parts[:-1] if is_index else path.parts
    address = "/".join((base_url.rstrip("/"), *(quote(os.fsencode(part), safe="") for part in parts)))
    return f"{address}/" if is_index else address


def _markdown_file(text: str) -> tuple[str, str]:
    title, rest = _without_front_matter(text)
    body = _markdown.render(plain_markdown(rest))
    return title or _first_heading(body), body


def _html_file(text: str) -> tuple[str, str]:
    title, rest = _without_front_matter(text)
    found, body = _html(without_templates(rest))
    return title or found, body


def _without_front_matter(text: str) -> tuple[str, str]:
    """The title that the front matter names, and what follows it."""
    if toml := TOML_FRONT_MATTER.match(text):
        return _toml_title(toml[1] or ""), text[toml.end() :]
    front = FRONT_MATTER.match(text)
    title = TITLE_LINE.search(front[1] or "") if front else None
    return _unquoted(title[1]) if title else "", text[front.end() :] if front else text


def _toml_title(head: str) -> str:
    """The title of Hugo's and Zola's front matter; '' when there is none or it is broken."""
    try:
        title = tomllib.loads(head).get("title")
    except tomllib.TOMLDecodeError:
        return ""
    return title if isinstance(title, str) else ""


def _html(text: str) -> tuple[str, str]:
    document = LexborHTMLParser(text)
    title = document.css_first("head > title")
    # What surrounds the text of a page stands on every page.
    body = document.css_first("main, [role=main]") or document.body
    body_html = (body.html or "") if body else ""
    return _first_heading(body_html) or (title.text() if title else ""), body_html


def _first_heading(body: str) -> str:
    heading = LexborHTMLParser(body).css_first("h1, h2, h3") if body else None
    return heading.text() if heading else ""


def _unquoted(value: str) -> str:
    quoted = len(value) > 1 and value[0] == value[-1] and value[0] in "\"'"
    return value[1:-1] if quoted else value


def _lines(part: str) -> str:
    return "<br>".join(html.escape(line.strip()) for line in part.strip().split("\n"))


def _name(path: PurePosixPath) -> str:
    stem = path.parent.name if path.name.lower() in INDEX_NAMES else path.stem
    return re.sub(r"[-_]+", " ", stem).strip() or path.name
