"""reStructuredText -> title and HTML, by docutils. What Sphinx adds is read as far as it is text. Pure."""

from __future__ import annotations

import re
from collections.abc import Iterator

from docutils.core import publish_parts
from docutils.parsers.rst.directives import _directive_registry  # type: ignore[attr-defined]

# Their content is no text, or another page's.
DROPPED = frozenset(
    [
        *("toctree", "contents", "index", "highlight", "module", "currentmodule", "only", "tabularcolumns", "meta"),
        *("automodule", "autoclass", "autofunction", "autosummary", "literalinclude"),
    ]
)
CODE = frozenset(["code", "code-block", "sourcecode", "parsed-literal", "prompt", "console"])
_ROLE = re.compile(r":[a-zA-Z][\w:.+-]*:`([^`<]*?)\s*(?:<([^>`]*)>)?`")
_DIRECTIVE = re.compile(r"(?P<indent>[ \t]*)\.\. (?P<name>[\w:+-]+)::(?:[ \t]+(?P<argument>.*))?$")
_OPTION = re.compile(r"[ \t]+:[\w-]+:")
_SETTINGS = {
    # Another file, or HTML as it is, is no text of this one.
    "file_insertion_enabled": False,
    "raw_enabled": False,
    "report_level": 5,
    "halt_level": 5,
    "syntax_highlight": "none",
    "embed_stylesheet": False,
    "stylesheet_path": "",
    "_disable_config": True,
}


def rst_file(text: str) -> tuple[str, str]:
    """The title, or '', and the text as HTML."""
    plain = "\n".join(_known(text.split("\n")))
    parts = publish_parts(plain, writer="html5", settings_overrides=_SETTINGS)
    title = re.sub(r"<[^>]*>", "", parts["title"])
    return title, f"{parts['html_title']}{parts['html_subtitle']}{parts['body']}"


def _known(lines: list[str]) -> Iterator[str]:
    """Yield the lines with the roles and directives that docutils alone does not know as plain ones."""
    index = 0
    while index < len(lines):
        line = lines[index]
        index += 1
        found = _DIRECTIVE.match(line)
        if found is None or (found["name"] in _directive_registry and found["name"] not in DROPPED | CODE):
            yield _ROLE.sub(lambda role: role[1] or role[2] or "", line)
            continue
        while index < len(lines) and _OPTION.match(lines[index]):
            index += 1
        yield from _plain_directive(found, lines[index:])


def _plain_directive(found: re.Match[str], below: list[str]) -> Iterator[str]:
    indent, name, argument = found["indent"], found["name"], (found["argument"] or "").strip()
    if name in DROPPED:
        # A comment, with what is indented below it.
        yield from (f"{indent}..", f"{indent}   {name}")
    elif name in CODE:
        yield from (f"{indent}::", "")
    else:
        yield from (f"{indent}.. container::", "")
        if argument:
            first = next((line for line in below if line.strip()), "")
            inner = first[: len(first) - len(first.lstrip())]
            yield from (f"{inner if len(inner) > len(indent) else indent + '   '}{argument}", "")
