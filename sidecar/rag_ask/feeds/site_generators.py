"""Site generators: what Jekyll, Hugo, Docusaurus and their like write into Markdown, and no visitor sees. Pure."""

from __future__ import annotations

import re
from collections.abc import Iterator

_FENCE = re.compile(r"\s*(```|~~~)")
_CODE = re.compile(r"(`+[^`]*`+)")
# Liquid, Jinja, Hugo, Handlebars; then attributes of kramdown, Pandoc and Hugo; both on one line.
_TEMPLATE = re.compile(r"\{\{(?:(?!\{\{).)*?\}\}|\{%(?:(?!\{%).)*?%\}|\{#[^{}]*?#\}")
_ATTRIBUTES = re.compile(r"\{:[^{}]*\}|(?<=\s)\{[#.][^{}]*\}\s*$")
_ADMONITION = re.compile(r"\s*:::+\s*(?:[\w-]+)?(?:\[(?P<bracketed>[^\]]*)\]|(?P<title>.*))$")
# MkDocs: `!!! note "Title"`. GitHub and Obsidian: `> [!NOTE]`.
_NOTE = re.compile(r"\s*(?:!!!|\?\?\?\+?)\s*[\w-]+(?:\s+\"(?P<title>[^\"]*)\")?\s*")
_ALERT = re.compile(r"^(\s*>\s*)\[![A-Za-z]+\][+-]?\s*")
# MDX.
_IMPORT = re.compile(r"import\s(?:.*\sfrom\s+)?['\"][^'\"]+['\"];?\s*")
# Where a generator puts the table of contents.
_CONTENTS = re.compile(r"\s*(?:\[\[_?toc_?\]\]|\[toc\])\s*", re.IGNORECASE)
# Four spaces before a tag are no code: generators let HTML go on until it is closed.
_INDENTED_TAG = re.compile(r"\s+(?=<)")
_BLOCK = re.compile(
    r"<!--|</?(?:address|article|aside|blockquote|details|dd|div|dl|dt|figcaption|figure|footer|form|h[1-6]|header|hr|img|li|"
    r"main|nav|ol|p|section|summary|table|tbody|td|tfoot|th|thead|tr|ul|video)\b",
    re.IGNORECASE,
)


def plain_markdown(text: str) -> str:
    """The Markdown without template code, attributes and the marks of admonitions. Code is left as it is."""
    return "\n".join(_lines(text))


def without_templates(text: str) -> str:
    """The text without template code."""
    return _TEMPLATE.sub("", text)


def _lines(text: str) -> Iterator[str]:
    fence = ""
    for line in text.split("\n"):
        mark = _FENCE.match(line)
        if mark and fence in ("", mark[1]):
            fence = "" if fence else mark[1]
        yield line if fence or mark else _plain(line)


def _plain(line: str) -> str:
    if admonition := _ADMONITION.match(line):
        return (admonition["bracketed"] or admonition["title"] or "").strip()
    if note := _NOTE.fullmatch(line):
        return note["title"] or ""
    if _IMPORT.fullmatch(line) or _CONTENTS.fullmatch(line):
        return ""
    line = _ALERT.sub(r"\1", line)
    outside = _CODE.split(line)
    outside[::2] = [_ATTRIBUTES.sub("", _TEMPLATE.sub("", part)) for part in outside[::2]]
    plain = "".join(outside).rstrip() if any(outside) else ""
    indent = _INDENTED_TAG.match(plain)
    return plain[indent.end() :] if indent and _BLOCK.match(plain, indent.end()) else plain
