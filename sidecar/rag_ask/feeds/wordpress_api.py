"""WordPress API: the public posts of a site, as its REST API lists them to anybody."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from urllib.parse import urlencode, urljoin

from selectolax.lexbor import LexborHTMLParser

from rag_ask.errors import RagAskError
from rag_ask.feeds.http_cache import Page, PullPages
from rag_ask.feeds.robots import Robots
from rag_ask.feeds.wordpress_posts import EMBEDDED, LISTED_FIELDS, POST_FIELDS, Listed, Post, parsed
from rag_ask.web.http_client import Answer, Web

PER_PAGE = 100
NOT_SHOWN = (401, 403, 404, 410)
MAX_PAGES = 10_000
# WordPress keeps `wp_` for its own types: patterns, menus, templates. They are parts of pages, not pages.
NO_CONTENT = ("attachment", "nav_menu_item")
API_LINK = re.compile(r'<([^<>]+)>\s*;[^,]*\brel="?https://api\.w\.org/"?')
ROUTE = re.compile(r"[\w.-]+(?:/[\w.-]+)*", re.ASCII)


@dataclass(frozen=True)
class PostType:
    """A public type of posts. route: such as `/wp/v2/posts`."""

    name: str
    route: str


@dataclass(frozen=True)
class Listing:
    """One page of a list. page_count: of the whole list, as far as it is known."""

    posts: list[Listed]
    page_count: int


class WordPressApi:
    """The REST API of one site. Every method raises RagAskError with a remedy."""

    def __init__(self, web: Web, robots: Robots | None, pages: PullPages) -> None:
        self._web, self._robots, self._pages = web, robots, pages
        self.root = self.language = ""

    def discover(self, url: str) -> None:
        """Find the API by the Link header or <link> of the site, else where WordPress has it by default."""
        home = self._get(url)
        base = home.url if home.url.endswith("/") else f"{home.url}/"
        linked = API_LINK.search(home.headers.get("link", ""))
        named = linked[1] if linked else _linked(home)
        self.language = _language(home)
        candidates = [urljoin(home.url, named)] if named else [urljoin(base, "wp-json/"), f"{base}?rest_route=/"]
        failures = []
        for self.root in candidates:
            try:
                found = self._json(self._get(self.root))
            except RagAskError as error:
                if error.code not in ("not_json", "not_found"):
                    raise
                failures.append(f"{self.root}: {error.message}")
                continue
            if isinstance(found, dict) and "wp/v2" in found.get("namespaces", ()):
                return
            failures.append(f"{self.root}: no namespace wp/v2.")
        raise RagAskError("not_wordpress", 502, f"{url} shows no WordPress REST API. {' '.join(failures)}")

    def types(self) -> list[PostType]:
        """The types whose posts are pages of the site, by name."""
        found = self._json(self._get(self._url("/wp/v2/types", {})))
        types = []
        named = found if isinstance(found, dict) else {}
        for name, kind in named.items():
            if not isinstance(kind, dict):
                continue
            route = "/".join((str(kind.get("rest_namespace") or "wp/v2"), str(kind.get("rest_base") or name)))
            if not name.startswith("wp_") and name not in NO_CONTENT and ROUTE.fullmatch(route):
                types.append(PostType(name, f"/{route}"))
        if not types:
            raise RagAskError("not_wordpress", 502, f"{self.root} names no types of posts. Is it a WordPress site?")
        return types

    def listing(self, kind: PostType, modified_after: datetime | None = None) -> Iterator[Listing]:
        """Yield the pages of the list of a type.

        By id, because an id never changes: an edit between two requests moves nothing to another page. A deletion
        does, so a post that is missing here may still be there.
        """
        query = {"per_page": PER_PAGE, "orderby": "id", "order": "asc", "_fields": LISTED_FIELDS}
        if modified_after:
            query["modified_after"] = modified_after.strftime("%Y-%m-%dT%H:%M:%SZ")
        for number in range(1, MAX_PAGES + 1):
            found, page_count = self._page(self._url(kind.route, query | {"page": number}))
            yield Listing(found, page_count)
            # Some proxies take the header away; then a page that is not full is the last.
            if number >= page_count if page_count else len(found) < PER_PAGE:
                return
        raise RagAskError("too_many_pages", 502, f"{kind.route} has more than {MAX_PAGES} pages, which cannot be.")

    def among(self, kind: PostType, ids: Sequence[int]) -> list[Listed]:
        """Those of at most 100 posts that the site still lists."""
        query = {"include": ",".join(map(str, ids)), "per_page": PER_PAGE, "_fields": LISTED_FIELDS}
        return parsed(Listed, self._json(self._get(self._url(kind.route, query))))

    def is_shown(self, url: str) -> bool:
        """Whether visitors get the page. One that cannot be asked for is taken to be there."""
        try:
            return self._get(url).status not in NOT_SHOWN
        except RagAskError:
            return True

    def posts(self, kind: PostType, ids: Sequence[int]) -> list[Post]:
        """At most 100 posts with their text; one that is gone since is missing."""
        query = {"include": ",".join(map(str, ids)), "per_page": PER_PAGE, "_fields": POST_FIELDS, "_embed": EMBEDDED}
        return parsed(Post, self._json(self._get(self._url(kind.route, query))))

    def _page(self, url: str) -> tuple[list[Listed], int]:
        kept = self._pages.find(url)
        answer = self._get(url, kept.conditions() if kept else {})
        if kept and answer.status == 304:
            return parsed(Listed, json.loads(kept.body)), kept.page_count
        # The list became shorter while it was read.
        if answer.status == 400 and b'"rest_post_invalid_page_number"' in answer.body:
            return [], 1
        found = parsed(Listed, self._json(answer))
        total = answer.headers.get("x-wp-totalpages", "")
        page = Page(
            answer.headers.get("etag", ""),
            answer.headers.get("last-modified", ""),
            answer.body,
            int(total) if total.isdecimal() else 0,
        )
        if page.conditions():
            self._pages.keep(url, page)
        return found, page.page_count

    def _url(self, route: str, query: dict[str, Any]) -> str:
        joint = "&" if "?" in self.root else "?"
        root = self.root.rstrip("/") + route
        return f"{root}{joint}{urlencode(query, safe=',:')}" if query else root

    def _get(self, url: str, headers: dict[str, str] | None = None) -> Answer:
        if self._robots is None:
            return self._web.get(url, headers=headers)
        return self._web.get(url, self._robots.check, headers)

    def _json(self, answer: Answer) -> object:
        if answer.status != 200:
            raise _refusal(answer)
        kind = answer.headers.get("content-type", "").split(";")[0].strip().lower()
        if kind != "application/json" and not kind.endswith("+json"):
            raise RagAskError(
                "not_json",
                502,
                f"{answer.url} answered with {kind or 'no media type'} in place of JSON. "
                "A firewall, a login or a cache may stand before the REST API; open the address in a browser.",
            )
        try:
            return json.loads(answer.body.decode("utf-8-sig"))
        except (ValueError, RecursionError) as error:
            raise RagAskError(
                "invalid_json", 502, f"{answer.url} answered with broken JSON. See the PHP error log of the site."
            ) from error


def _linked(home: Answer) -> str:
    """The address of the API in the page itself: proxies and caches may drop the header."""
    link = LexborHTMLParser(home.body).css_first('link[rel="https://api.w.org/"]') if home.body else None
    return (link.attributes.get("href") or "") if link else ""


def _language(home: Answer) -> str:
    tag = LexborHTMLParser(home.body).css_first("html") if home.body else None
    language = (tag.attributes.get("lang") or "") if tag else ""
    return language if re.fullmatch(r"[A-Za-z0-9-]{2,35}", language) else ""


def _refusal(answer: Answer) -> RagAskError:
    status, url = answer.status, answer.url
    if status in (401, 403):
        return RagAskError("site_forbidden", 403, f"{url} is not for the public ({status}). Open the REST API to it.")
    if status in (404, 410):
        return RagAskError("not_found", 404, f"{url} is not there ({status}). Is the REST API switched off?")
    if status == 429:
        return RagAskError("site_busy", 503, f"{url} asks for fewer requests (429). Lower --rate, or try again later.")
    if status == 500:
        return RagAskError("site_failed", 502, f"{url} failed (500). See the PHP error log of the site.")
    if status > 500:
        return RagAskError("site_unavailable", 503, f"{url} is not available ({status}). Try again later.")
    return RagAskError("site_refused", 502, f"{url} answered {status}. Open the address in a browser to see why.")
