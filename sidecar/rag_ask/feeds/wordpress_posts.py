"""Posts as the REST API sends them; unknown fields are ignored."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Annotated, TypeVar

from pydantic import AfterValidator, BaseModel, ConfigDict, Field, TypeAdapter, ValidationError

from rag_ask.errors import RagAskError
from rag_ask.fields import PostId
from rag_ask.indexing.clean import clean
from rag_ask.passage import BULLET, PAGE

LISTED_FIELDS = "id,status,link,modified_gmt,content.protected"
# WordPress embeds only what `_links` names.
POST_FIELDS = (
    "id,status,link,title.rendered,content.rendered,content.protected,excerpt.rendered,excerpt.protected,date_gmt,"
    "modified_gmt,_links,_embedded"
)
EMBEDDED = "author,wp:term"
MAX_TEXT_CHARACTERS = 10_000
MAX_TERMS = 500
MAX_HTML_CHARACTERS = 50_000
MAX_PAGES = 200
NEXT_PAGE = "<!--nextpage-->"
# WordPress makes an excerpt of the beginning of a text that has none.
CUT_OFF = ("…", "[...]", "...")

Utc = Annotated[datetime, AfterValidator(lambda moment: moment.replace(tzinfo=UTC))]


class _Rendered(BaseModel):
    rendered: str = ""
    protected: bool = False


class Listed(BaseModel):
    """A post in a list: what tells whether it must be read again."""

    model_config = ConfigDict(frozen=True)

    id: PostId
    status: str = "publish"
    link: str = ""
    modified_gmt: Utc | None = None
    content: _Rendered = _Rendered()

    @property
    def why_excluded(self) -> str:
        """Empty when any visitor may read the post."""
        if self.content.protected:
            return "password"
        return "" if self.status == "publish" else "status"


class _Author(BaseModel):
    name: str = ""


class _Term(BaseModel):
    taxonomy: str = ""
    slug: str = ""
    name: str = ""


class _Embedded(BaseModel):
    """Users whom the site does not show are errors here, without a name."""

    author: list[_Author] = []
    terms: list[list[_Term] | dict[str, object]] = Field(default=[], validation_alias="wp:term")


class Post(Listed):
    """A post as a visitor sees it."""

    title: _Rendered = _Rendered()
    excerpt: _Rendered = _Rendered()
    date_gmt: Utc | None = None
    embedded: _Embedded = Field(default=_Embedded(), validation_alias="_embedded")

    @property
    def written_excerpt(self) -> str:
        """The excerpt that an author wrote, '' for one that WordPress cut off the text."""
        text = "" if self.excerpt.protected else plain(self.excerpt.rendered)
        return "" if text.rstrip("] ").endswith(CUT_OFF) else text[:MAX_TEXT_CHARACTERS]

    @property
    def author(self) -> str:
        return next((plain(author.name) for author in self.embedded.author if author.name), "")

    @property
    def terms(self) -> list[dict[str, str]]:
        """Every named term but the default category, which says that nobody chose one."""
        found = [term for group in self.embedded.terms if isinstance(group, list) for term in group]
        named = [term for term in found if term.name and term.taxonomy and term.slug != "uncategorized"]
        return [{"taxonomy": term.taxonomy, "name": plain(term.name)} for term in named[:MAX_TERMS]]

    @property
    def page_urls(self) -> list[str]:
        """The addresses of the second page and those after it, as `_wp_link_page()` makes them."""
        numbers = range(2, min(self.content.rendered.count(NEXT_PAGE), MAX_PAGES) + 2)
        if "?" in self.link:
            return [f"{self.link}&page={number}" for number in numbers]
        end = "/" if self.link.endswith("/") else ""
        return [f"{self.link.rstrip('/')}/{number}{end}" for number in numbers]


P = TypeVar("P", bound=Listed)


def plain(html: str) -> str:
    """The text of a title or an excerpt, which WordPress sends as HTML."""
    blocks = (block for block in clean(html[:MAX_HTML_CHARACTERS]) if block.kind == PAGE)
    lines = (line for block in blocks for line in (*block.heading_path[-1:], block.text))
    return " ".join(word for word in " ".join(lines).split() if word != BULLET)


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
