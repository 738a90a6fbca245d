"""Request messages: unknown fields and wrong types are refused by name."""

from __future__ import annotations

import json
import re
from typing import Annotated, Any, Literal, TypeVar
from uuid import UUID

from flask import Request
from pydantic import BaseModel, ConfigDict, Field, StringConstraints, ValidationError, field_validator, model_validator

from rag_ask.errors import BadRequest
from rag_ask.fields import (
    BIGINT_MAX,
    ExactMoment,
    Hash,
    Integer,
    LanguageTag,
    Moment,
    NoNul,
    PostId,
    Priority,
    Version,
    storable,
)
from rag_ask.passage import NOTE_TYPE
from rag_ask.text.invisible import JOINERS, one_line

MAX_QUESTION_CHARACTERS = 500
MAX_CHANGES = 100
MAX_RECONCILED = 1000
MAX_PAGE_URLS = 10_000


class Message(BaseModel):
    """The base of all messages."""

    model_config = ConfigDict(extra="forbid", frozen=True)


class Term(Message):
    """A category, a tag or the like."""

    taxonomy: str = Field(max_length=100)
    name: str = Field(max_length=1_000)


class NamedValue(Message):
    """A custom field that the site lets visitors see."""

    name: str = Field(max_length=255)
    value: str = Field(max_length=10_000)


class File(Message):
    """The text of the document is a file at its url. revision: another one when the file has changed."""

    kind: Literal["pdf", "docx", "xlsx"]
    revision: str = Field(max_length=100)


class Image(Message):
    """An image of the site's media library, with the last heading before it."""

    heading: str = Field(default="", max_length=10_000)
    url: str = Field(max_length=2_000, pattern=r"^https?://")
    alt: str = Field(min_length=1, max_length=1_000)
    width: Annotated[Integer, Field(ge=1, le=10_000)]
    height: Annotated[Integer, Field(ge=1, le=10_000)]


class Document(Message):
    """A post as pushed. hash: the site's own fingerprint of it, given back by reconcile.

    page_urls: the addresses of the second page and those after it, where `<!--nextpage-->` divides the html. Of type
    `rag_ask_note` it is an answer that the owner wrote: title is the question, each field another wording of it, and
    url the page to cite, or "". images: those of another host than the document's are left out.
    """

    id: PostId
    version: Version
    hash: Hash = ""
    type: str = Field(max_length=100)
    title: str = Field(max_length=10_000)
    url: str = Field(max_length=2_000, pattern=r"^(?:https?://|$)")
    html: str
    excerpt: str = Field(default="", max_length=10_000)
    author: str = Field(default="", max_length=1_000)
    terms: list[Term] = Field(default=[], max_length=500)
    fields: list[NamedValue] = Field(default=[], max_length=200)
    language: str = Field(default="", max_length=35)
    published_at: Moment | None = None
    modified_at: Moment | None = None
    groups: list[Annotated[str, StringConstraints(min_length=1, max_length=100)]] = Field(min_length=1, max_length=100)
    page_urls: list[Annotated[str, StringConstraints(max_length=2_000, pattern=r"^https?://")]] = Field(
        default=[], max_length=MAX_PAGE_URLS
    )
    images: list[Image] = Field(default=[], max_length=30)
    file: File | None = None

    @model_validator(mode="after")
    def _has_address(self) -> Document:
        if not self.url and self.type != NOTE_TYPE:
            raise ValueError("url: only a note has no address")
        return self


class Upsert(Message):
    """This post is public and reads like this now. priority: 0 for an edit, 1 for a scan of the whole site."""

    op: Literal["upsert"]
    priority: Priority = 0
    document: Document


class Delete(Message):
    """This post is not to be answered from any more."""

    op: Literal["delete"]
    priority: Priority = 0
    id: PostId
    version: Version


class Push(Message):
    """Changes are checked one by one, so that a bad one stops no other."""

    changes: list[dict[str, Any]] = Field(max_length=MAX_CHANGES)


class Known(Message):
    """What the site holds of one post."""

    id: PostId
    version: Version
    hash: Hash


class Reconcile(Message):
    """Everything that the site publishes with ids in (after, until]; `until` null means without end."""

    after: Annotated[Integer, Field(ge=0, le=BIGINT_MAX)]
    until: PostId | None
    documents: list[Known] = Field(max_length=MAX_RECONCILED)


class Purge(Message):
    """The site that is to be emptied, named so that no token of another one does it."""

    site_id: str


class Address(Message):
    """Where the site is now, named so that no other request moves it."""

    url: str = Field(max_length=2_000)


class WantedTerm(Message):
    """A term that documents are to have."""

    taxonomy: Annotated[str, NoNul] = Field(max_length=100)
    name: Annotated[str, NoNul] = Field(max_length=1_000)


class Filter(Message):
    """Which documents a question is asked of: all named conditions must hold, absent ones do not restrict.

    ids: posts. types: any of them. terms: all of them. language: `en` finds `en-GB` too. published_from is included,
    published_before is not.
    """

    ids: list[PostId] | None = Field(default=None, min_length=1, max_length=100)
    types: list[Annotated[str, NoNul, Field(min_length=1, max_length=100)]] | None = Field(
        default=None, min_length=1, max_length=20
    )
    terms: list[WantedTerm] | None = Field(default=None, min_length=1, max_length=20)
    language: LanguageTag | None = None
    published_from: ExactMoment | None = None
    published_before: ExactMoment | None = None

    @field_validator("*", mode="before")
    @classmethod
    def _is_named(cls, value: object) -> object:
        if value is None:
            raise ValueError("null names nothing, leave the field out")
        return value


class Ask(Message):
    """A visitor's question. conversation: what the answer before it brought, or nothing."""

    question: str
    filter: Filter = Filter()
    conversation: str = ""


class Search(Message):
    """A search for passages."""

    question: str
    filter: Filter = Filter()
    limit: Annotated[Integer, Field(ge=1, le=20)] = 8


class Feedback(Message):
    """A visitor's rating of an answer that it got."""

    answer_id: UUID
    rating: Literal["up", "down"]
    comment: str = Field(default="", max_length=500)


class SiteSettings(Message):
    """What a site decides about itself.

    question_days: for how long the words of questions are kept. daily_budget_usd: what answers may cost on a day (UTC);
    null leaves it to the operator, whose budget is never exceeded.
    """

    question_days: Annotated[Integer, Field(ge=0, le=365)]
    daily_budget_usd: Annotated[float, Field(strict=True, ge=0, le=100_000, allow_inf_nan=False)] | None = None


M = TypeVar("M", bound=Message)


def parse_body(request: Request, kind: type[M]) -> M:
    """Parse the JSON body of a request. Raises BadRequest."""
    return parse(json_body(request), kind)


def json_body(request: Request) -> object:
    """The JSON body of a request, unchecked. Raises BadRequest."""
    if request.mimetype != "application/json":
        raise BadRequest("unsupported_media_type", "Send the body as Content-Type: application/json.", 415)
    try:
        return json.loads(request.get_data())
    except (ValueError, RecursionError) as error:
        raise BadRequest("invalid_json", "The body is not valid JSON in UTF-8.") from error


def parse(value: object, kind: type[M]) -> M:
    """Check one message. Raises BadRequest that names the first wrong field."""
    try:
        return kind.model_validate(value)
    except ValidationError as error:
        first = error.errors(include_url=False, include_context=False)[0]
        field = ".".join(str(part) for part in first["loc"]) or "body"
        if first["type"] == "extra_forbidden":
            raise BadRequest("unknown_field", f"{field}: there is no such field. Leave it out.") from error
        reason = first["msg"].removeprefix("Value error, ")
        raise BadRequest("invalid_request", f"{field}: {reason}.") from error


def checked_question(text: str) -> str:
    """The question without white space around it. Raises BadRequest when nothing of it is seen, or it is too long."""
    question = storable(text).strip()
    if not re.sub(f"[{JOINERS}]", "", one_line(question)):
        raise BadRequest("question_empty", "The question is empty. Type a question and try again.")
    if len(question) > MAX_QUESTION_CHARACTERS:
        raise BadRequest(
            "question_too_long",
            f"The question has {len(question)} characters, {MAX_QUESTION_CHARACTERS} are allowed. Shorten it.",
        )
    return question
