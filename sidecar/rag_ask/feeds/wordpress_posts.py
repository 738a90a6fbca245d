"""Posts as the REST API sends them; unknown fields are ignored."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Annotated, TypeVar

from pydantic import AfterValidator, BaseModel, ConfigDict, TypeAdapter, ValidationError
from selectolax.lexbor import LexborHTMLParser

from rag_ask.errors import RagAskError
from rag_ask.fields import PostId

LISTED_FIELDS = "id,status,modified_gmt,content.protected"
POST_FIELDS = "id,status,link,title.rendered,content.rendered,content.protected,date_gmt,modified_gmt"

Utc = Annotated[datetime, AfterValidator(lambda moment: moment.replace(tzinfo=UTC))]


class _Rendered(BaseModel):
    rendered: str = ""
    protected: bool = False


class Listed(BaseModel):
    """A post in a list: what tells whether it must be read again."""

    model_config = ConfigDict(frozen=True)

    id: PostId
    status: str = "publish"
    modified_gmt: Utc | None = None
    content: _Rendered = _Rendered()

    @property
    def why_excluded(self) -> str:
        """Empty when any visitor may read the post."""
        if self.content.protected:
            return "password"
        return "" if self.status == "publish" else "status"


class Post(Listed):
    """A post as a visitor sees it."""

    link: str
    title: _Rendered = _Rendered()
    date_gmt: Utc | None = None


P = TypeVar("P", bound=Listed)


def plain(html: str) -> str:
    """The text of a title, which WordPress sends as HTML."""
    root = LexborHTMLParser(html, is_fragment=True)
    return " ".join(root.text().split()) if root.root else ""


def parsed(kind: type[P], found: object) -> list[P]:
    """A list as the REST API sends it. Raises RagAskError (invalid_json)."""
    try:
        return [kind.model_validate(post) for post in TypeAdapter(list[object]).validate_python(found)]
    except ValidationError as error:
        first = error.errors(include_url=False)[0]
        where = ".".join(str(part) for part in first["loc"])
        raise RagAskError(
            "invalid_json", 502, f"The list of posts is not in WordPress's form ({where}: {first['msg']})."
        ) from error
