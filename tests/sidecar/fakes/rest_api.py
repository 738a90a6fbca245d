"""A WordPress site without the plugin: a local HTTP server that answers as WordPress 7.1 does.

The answers have the form of real ones (scripts/up, then curl): headers, field names, JSON errors with their codes.
"""

from __future__ import annotations

import json
import re
from collections import deque
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from threading import Thread
from typing import Any
from urllib.parse import parse_qs, urlsplit

Reply = tuple[int, dict[str, str], bytes]
JSON = {"Content-Type": "application/json; charset=UTF-8"}
CORE_TYPES = {"attachment": "media", "nav_menu_item": "menu-items", "wp_block": "blocks", "wp_template": "templates"}


class RestApi:
    """The site and what it was asked. Tests change its posts, and queue replies that come before its own."""

    def __init__(self, port: int) -> None:
        self.url = f"http://blog.test:{port}"
        self.port = port
        self.types: dict[str, str] = {"post": "posts", "page": "pages"}
        self.closed_types: set[str] = set()
        self.posts: dict[int, dict[str, Any]] = {}
        self.robots = "User-agent: *\nDisallow: /wp-admin/\n"
        self.link_header, self.pretty, self.total_headers = True, True, True
        self.etags = False
        self.home = '<!DOCTYPE html><html lang="en-GB"><p>Hello'
        self.requests: list[str] = []
        self.headers: list[dict[str, str]] = []
        self.replies: deque[tuple[str, Callable[[], Reply | None]]] = deque()
        self.per_page_limit = 100

    def publish(self, post_id: int, text: str, **fields: Any) -> None:
        kind = fields.pop("type", "post")
        self.posts[post_id] = {
            "id": post_id,
            "date_gmt": "2026-11-01T10:00:00",
            "modified_gmt": "2026-11-01T10:00:00",
            "status": "publish",
            "type": kind,
            "link": f"{self.url}/?p={post_id}",
            "title": {"rendered": f"Post {post_id}"},
            "content": {"rendered": f"<p>{text}</p>\n", "protected": False},
            "excerpt": {"rendered": f"<p>{text[:20]} [&hellip;]</p>\n", "protected": False},
            "_embedded": {"author": [{"code": "rest_user_invalid_id", "message": "Invalid user ID."}]},
        } | fields

    def break_with(self, fragment: str, *replies: Reply | Callable[[], Reply | None]) -> None:
        """Answer the next requests whose address holds the fragment so; a function may return None to pass one on."""
        for reply in replies:
            self.replies.append((fragment, reply if callable(reply) else lambda reply=reply: reply))

    def answer(self, target: str, headers: dict[str, str]) -> Reply:
        self.requests.append(target)
        self.headers.append(headers)
        if self.replies and self.replies[0][0] in target:
            reply = self.replies.popleft()[1]()
            if reply:
                return reply
        parts = urlsplit(target)
        query = {name: values[0] for name, values in parse_qs(parts.query).items()}
        if parts.path == "/robots.txt":
            return 200, {"Content-Type": "text/plain"}, self.robots.encode()
        if "rest_route" in query:
            return self._rest(query.pop("rest_route"), query, headers)
        if parts.path.startswith("/wp-json/") and self.pretty:
            return self._rest(parts.path.removeprefix("/wp-json"), query, headers)
        link = {"Link": f'<{self.url}/wp-json/>; rel="https://api.w.org/"'} if self.link_header else {}
        html = {"Content-Type": "text/html; charset=UTF-8"}
        return (200 if parts.path == "/" else 404), html | link, self.home.encode()

    def _rest(self, route: str, query: dict[str, str], headers: dict[str, str]) -> Reply:
        if route == "/":
            return _json({"name": "A blog", "namespaces": ["oembed/1.0", "wp/v2"], "routes": {}})
        if route == "/wp/v2/types":
            every = self.types | CORE_TYPES
            return _json({n: {"slug": n, "rest_base": base, "rest_namespace": "wp/v2"} for n, base in every.items()})
        for name, base in self.types.items():
            if route == f"/wp/v2/{base}":
                if name in self.closed_types:
                    return _error(401, "rest_cannot_view", "Sorry, you are not allowed to view these.")
                return self._collection(name, query, headers)
        return _error(404, "rest_no_route", "No route was found matching the URL and request method.")

    def _collection(self, name: str, query: dict[str, str], headers: dict[str, str]) -> Reply:
        found = [p for _, p in sorted(self.posts.items()) if p["type"] == name and p["status"] == "publish"]
        if "include" in query:
            found = [p for p in found if str(p["id"]) in query["include"].split(",")]
        if "modified_after" in query:
            found = [p for p in found if p["modified_gmt"] > query["modified_after"].removesuffix("Z")]
        size, number = int(query["per_page"]), int(query.get("page", "1"))
        assert size <= self.per_page_limit
        pages = -(-len(found) // size)
        if number > max(pages, 1):
            return _error(400, "rest_post_invalid_page_number", "The page number requested is larger than ...")
        listed = [_only(p, query["_fields"].split(",")) for p in found[(number - 1) * size : number * size]]
        totals = {"X-WP-Total": str(len(found)), "X-WP-TotalPages": str(pages)} if self.total_headers else {}
        etag = {"ETag": f'"{hash(json.dumps(listed))}"'} if self.etags else {}
        if etag and headers.get("if-none-match") == etag["ETag"]:
            return 304, etag, b""
        return _json(listed, **totals, **etag)


def _json(value: object, **headers: str) -> Reply:
    return 200, JSON | headers, json.dumps(value).encode()


def _error(status: int, code: str, message: str) -> Reply:
    return status, JSON, json.dumps({"code": code, "message": message, "data": {"status": status}}).encode()


def _only(post: dict[str, Any], fields: list[str]) -> dict[str, Any]:
    """`_fields` of WordPress, with one level of nesting."""
    chosen: dict[str, Any] = {}
    for field in fields:
        name, _, inner = field.partition(".")
        if name in post and inner:
            chosen.setdefault(name, {})[inner] = post[name][inner]
        elif name in post:
            chosen[name] = post[name]
    return chosen


@contextmanager
def serving() -> Iterator[RestApi]:
    """Run the site on a free port until the block ends."""

    class Handler(BaseHTTPRequestHandler):
        protocol_version = "HTTP/1.1"

        def do_GET(self) -> None:
            status, headers, body = site.answer(self.path, {k.lower(): v for k, v in self.headers.items()})
            self.send_response(status)
            for name, value in headers.items():
                self.send_header(name, value)
            if not re.search("content-length", " ".join(headers), re.IGNORECASE):
                self.send_header("Content-Length", str(len(body)))
            self.end_headers()
            self.wfile.write(body)
            if int(headers.get("Content-Length", "0")) > len(body):
                self.close_connection = True

        def log_message(self, *_: object) -> None:
            pass

    class Server(ThreadingHTTPServer):
        def handle_error(self, *_: object) -> None:
            """A client that hangs up is part of the tests."""

    server = Server(("127.0.0.1", 0), Handler)
    server.daemon_threads = True
    site = RestApi(server.server_address[1])
    thread = Thread(target=server.serve_forever, kwargs={"poll_interval": 0.05}, daemon=True)
    thread.start()
    try:
        yield site
    finally:
        server.shutdown()
        server.server_close()
        thread.join(5)
