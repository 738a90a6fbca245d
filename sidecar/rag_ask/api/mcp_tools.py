"""MCP tools: what a client of the Model Context Protocol may call, with their input, and what each gives."""

from __future__ import annotations

import json
import time
from collections.abc import Callable
from typing import Annotated, Any, NamedTuple

from mcp_types import CallToolResult, TextContent, Tool, ToolAnnotations
from pydantic import Field

from rag_ask import messages
from rag_ask.answering.read_line import Asked
from rag_ask.api import asking
from rag_ask.api.answer_markdown import whole
from rag_ask.api.routes.status import text_of
from rag_ask.api.services import services
from rag_ask.errors import BadRequest
from rag_ask.fields import Integer, PostId
from rag_ask.indexing import store
from rag_ask.messages import MAX_QUESTION_CHARACTERS, Filter, Message
from rag_ask.passage import LABEL, NOTE
from rag_ask.retrieval import filters
from rag_ask.tenant import Visitor

Question = Annotated[
    str, Field(max_length=MAX_QUESTION_CHARACTERS, description="A whole question, in any language of the site.")
]
READ = "SELECT title, url FROM documents WHERE site_id = %(site_id)s AND {readable}"


class SearchInput(Message):
    """What `search` takes."""

    query: Question
    limit: Annotated[Integer, Field(ge=1, le=20, description="How many passages at most.")] = 8


class AskInput(Message):
    """What `ask` takes."""

    question: Question


class FetchInput(Message):
    """What `fetch` takes."""

    id: Annotated[PostId, Field(description="The id of a result of `search`.")]


class Offered(NamedTuple):
    """A tool, the scope of the API key that it needs, and what it does."""

    scope: str
    description: str
    takes: type[Message]
    call: Callable[[Visitor, Any], CallToolResult]


def search(visitor: Visitor, said: SearchInput) -> CallToolResult:
    """The passages as JSON, best first."""
    found = asking.passages(Asked(visitor, messages.checked_question(said.query)), said.limit)
    results = [
        {"id": passage.post_id, "title": passage.title, "url": passage.url, "text": passage.text} for passage in found
    ]
    return _result(json.dumps({"results": results}, ensure_ascii=False), {"results": results})


def ask(visitor: Visitor, said: AskInput) -> CallToolResult:
    """The answer as a text with its sources, and as data."""
    begun = asking.begin(Asked(visitor, messages.checked_question(said.question)), time.monotonic())
    answer = asking.only_answer(begun.events)
    begun.note.write()
    return _result(whole(answer), {name: answer[name] for name in ("outcome", "answer", "citations", "suggestions")})


def fetch(visitor: Visitor, said: FetchInput) -> CallToolResult:
    """The text of one page, as it is indexed; counted as a question. Raises BadRequest when nobody may read it."""
    services().limits.count(visitor)
    site_id = visitor.site.site_id
    wanted = Filter(ids=[said.id])
    values = filters.values(wanted) | {"site_id": site_id, "groups": list(visitor.groups)}
    with services().database.tenant(site_id) as connection:
        row = connection.execute(READ.format(readable=filters.readable(wanted)), values).fetchone()
        chunks = store.of_document(connection, site_id, said.id) if row else []
    if row is None or not chunks:
        raise BadRequest("document_unknown", f"There is no page {said.id}. Take an id that search gave.", 404)
    # Each wording of a note holds the whole answer.
    said_once = chunks[:1] if chunks[0].kind == NOTE else chunks
    text = text_of(chunk for chunk in said_once if chunk.kind != LABEL)
    return _result(text, {"id": said.id, "title": row["title"], "url": row["url"], "text": text})


TOOLS = {
    "search": Offered("search", "Finds the passages of the site that fit a question, best first.", SearchInput, search),
    "ask": Offered("ask", "Answers from the pages of the site alone, and cites them.", AskInput, ask),
    "fetch": Offered("search", "Gives the text of a page that search found.", FetchInput, fetch),
}


def described() -> list[Tool]:
    """The tools as clients list them."""
    hints = ToolAnnotations(read_only_hint=True, open_world_hint=False)
    return [
        Tool(name=name, description=tool.description, input_schema=tool.takes.model_json_schema(), annotations=hints)
        for name, tool in TOOLS.items()
    ]


def failed(code: str, message: str) -> CallToolResult:
    """An error that the model reads, so that it can do what the message says."""
    return CallToolResult(content=[TextContent(text=f"{code}: {message}")], is_error=True)


def _result(text: str, data: dict[str, Any]) -> CallToolResult:
    return CallToolResult(content=[TextContent(text=text)], structured_content=data)
