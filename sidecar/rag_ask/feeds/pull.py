"""Pull: a WordPress site without the plugin -> documents, by its public REST API.

The documents themselves are the state: a run that was killed is continued by the next one, which reads only what is
not there yet. First the list (ids and times, 100 a request), then the posts that are new or changed, then what is gone.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta

from rich.progress import Progress

from rag_ask import messages
from rag_ask.db import sites
from rag_ask.db.database import Database
from rag_ask.errors import BadRequest, RagAskError
from rag_ask.feeds import feed, http_cache
from rag_ask.feeds.feed import BATCH, Feed, Row
from rag_ask.feeds.summary import Summary
from rag_ask.feeds.wordpress_api import PostType, WordPressApi
from rag_ask.feeds.wordpress_posts import Listed, Post, plain
from rag_ask.indexing.quota import Quota
from rag_ask.messages import Document

# `modified_after` compares local times in WordPress; a day covers summer time and a changed time zone.
OVERLAP = timedelta(days=1)
# One post whose text breaks its whole request is looked for by halving the request; many are a broken site.
BREAKS_A_REQUEST = ("body_too_large", "invalid_json", "site_failed")
MAX_BROKEN_POSTS = 5
# What a type may answer that is closed, or that a plugin made in a form of its own.
ODD_TYPE = ("site_forbidden", "not_found", "site_refused", "invalid_json", "not_json", "site_failed", "body_too_large")
# Posts of a type whose addresses are tried before the type is taken to have no pages.
TRIED_PAGES = 3
EVERY_SITE_HAS = ("post", "page")


@dataclass(frozen=True)
class Options:
    """What the person asked for. types: empty for all."""

    url: str
    types: tuple[str, ...] = ()
    read_all: bool = False
    adopt: bool = False
    allow_mass_delete: bool = False
    quota: Quota = field(default_factory=Quota)


def pull(
    database: Database,
    site_id: str,
    api: WordPressApi,
    options: Options,
    summary: Summary,
    progress: Progress,
    *,
    sweep: bool = True,
) -> None:
    """Make the documents of a site equal to its public posts.

    sweep: read the whole list, which also shows what is gone. Without it only what was modified since the newest
    document is read. Raises RagAskError; what was written until then stays, and nothing is deleted.
    """
    with database.system() as connection:
        sites.find(connection, site_id)
    api.discover(options.url)
    with database.system() as connection:
        feed.claim(connection, site_id, "pull", api.root, adopt=options.adopt)
    run = _Run(Feed(database, site_id, summary, options.quota), api, options, progress)
    gone: list[int] = []
    types = _chosen(api.types(), options.types)
    for kind in types:
        try:
            gone += run.pull_type(kind, sweep)
        except RagAskError as error:
            # Its documents stay as they are.
            if error.code not in ODD_TYPE or kind.name in EVERY_SITE_HAS:
                raise
            summary.excluded[error.code].append(kind.name)
            run.seen |= {post_id for post_id, row in run.rows.items() if row.type == kind.name}
    if sweep:
        names = {kind.name for kind in types}
        gone += [post_id for post_id, row in run.rows.items() if row.type not in names]
    # A post whose type was changed is missing under the old one.
    gone = [post_id for post_id in gone if post_id not in run.seen]
    run.feed.delete(gone, len(run.rows), allow_mass_delete=options.allow_mass_delete)
    run.feed.purge()
    with database.tenant(site_id) as connection:
        http_cache.forget_unused(connection, site_id)


class _Run:
    """One run over the types of one site. rows: the documents before it. seen: public posts of this run."""

    def __init__(self, feed_: Feed, api: WordPressApi, options: Options, progress: Progress) -> None:
        self.feed, self.api, self.options, self.progress = feed_, api, options, progress
        self.summary = feed_.summary
        # Before the lists are read: what another run adds meanwhile is not taken for gone.
        self.rows = feed_.rows()
        self.seen: set[int] = set()
        self.broken_posts = 0

    def pull_type(self, kind: PostType, sweep: bool) -> list[int]:
        """Write the new and changed posts of a type and return the ids of those that are gone."""
        own = {post_id: row for post_id, row in self.rows.items() if row.type == kind.name}
        newest = max((row.modified_at for row in own.values() if row.modified_at), default=None)
        listed = self._list(kind, None if sweep or not newest else _day(newest - OVERLAP))
        if kind.name not in EVERY_SITE_HAS and not self._has_pages(listed.values()):
            self.summary.excluded["not_public"].append(kind.name)
            return list(own)
        public = [post for post in listed.values() if not self._is_excluded(kind, post)]
        self.seen.update(post.id for post in public)
        self._read(kind, [post.id for post in public if self._is_due(kind, post, self.rows.get(post.id))])
        missing = own.keys() - {post.id for post in public}
        return self._confirmed_gone(kind, sorted(missing if sweep else missing & listed.keys()))

    def _list(self, kind: PostType, modified_after: datetime | None) -> dict[int, Listed]:
        bar = self.progress.add_task(f"{kind.name}: list", total=None)
        found: dict[int, Listed] = {}
        for page in self.api.listing(kind, modified_after):
            found |= {post.id: post for post in page.posts}
            self.progress.update(bar, advance=1, total=page.page_count or None)
        return found

    def _has_pages(self, posts: Collection[Listed]) -> bool:
        """Whether the posts have pages. REST names no type private: a type for popups or layouts answers 404 there."""
        links = [post.link for post in posts if post.link][:TRIED_PAGES]
        return not links or any(map(self.api.is_shown, links))

    def _is_excluded(self, kind: PostType, post: Listed) -> bool:
        if post.why_excluded:
            self.summary.excluded[post.why_excluded].append(f"{kind.name} {post.id}")
        return bool(post.why_excluded)

    def _is_due(self, kind: PostType, post: Listed, row: Row | None) -> bool:
        is_known = row and row.type == kind.name and row.modified_at == post.modified_gmt is not None
        if not is_known or self.options.read_all:
            return True
        self.summary.unchanged += 1
        return False

    def _read(self, kind: PostType, ids: Sequence[int]) -> None:
        bar = self.progress.add_task(f"{kind.name}: read", total=len(ids), visible=bool(ids))
        for start in range(0, len(ids), BATCH):
            part = ids[start : start + BATCH]
            posts = [post for post in self._posts(kind, part) if not self._is_excluded(kind, post)]
            self.feed.upsert(list(self._documents(kind, posts)))
            self.progress.update(bar, advance=len(part))

    def _posts(self, kind: PostType, ids: Sequence[int]) -> list[Post]:
        try:
            return self.api.posts(kind, ids)
        except RagAskError as error:
            if error.code not in BREAKS_A_REQUEST:
                raise
            if len(ids) > 1:
                half = len(ids) // 2
                return self._posts(kind, ids[:half]) + self._posts(kind, ids[half:])
            self.broken_posts += 1
            if self.broken_posts > MAX_BROKEN_POSTS:
                raise
            self.summary.excluded[error.code].append(f"{kind.name} {ids[0]}")
            return []

    def _documents(self, kind: PostType, posts: Iterable[Post]) -> Iterator[Document]:
        for post in posts:
            try:
                yield messages.parse(
                    {
                        "id": post.id,
                        "version": 1,
                        "type": kind.name,
                        "title": plain(post.title.rendered),
                        "url": post.link,
                        "html": post.content.rendered,
                        "excerpt": post.written_excerpt,
                        # The author of a page is often who set up the site.
                        "author": "" if kind.name == "page" else post.author,
                        "terms": post.terms,
                        "language": self.api.language,
                        "published_at": post.date_gmt,
                        "modified_at": post.modified_gmt,
                        "groups": ["public"],
                        "page_urls": post.page_urls,
                    },
                    Document,
                )
            except BadRequest as error:
                self.summary.excluded["invalid_document"].append(f"{kind.name} {post.id}: {error.message}")

    def _confirmed_gone(self, kind: PostType, ids: Sequence[int]) -> list[int]:
        """Those that the site does not show when asked for by id; a list that moved while it was read skips some."""
        gone: list[int] = []
        for start in range(0, len(ids), BATCH):
            part = ids[start : start + BATCH]
            there = {post.id for post in self.api.among(kind, part) if not post.why_excluded}
            gone += [post_id for post_id in part if post_id not in there]
        return gone


def _chosen(types: list[PostType], names: tuple[str, ...]) -> list[PostType]:
    unknown = set(names) - {kind.name for kind in types}
    if unknown:
        known = ", ".join(kind.name for kind in types)
        raise BadRequest("type_unknown", f"The site has no public type {', '.join(sorted(unknown))}, only: {known}.")
    return [kind for kind in types if not names or kind.name in names]


def _day(moment: datetime) -> datetime:
    # The same address all day, so that a kept page of the list can be asked for again.
    return moment.replace(hour=0, minute=0, second=0, microsecond=0)
