"""robots.txt (RFC 9309) of a site that is pulled."""

from __future__ import annotations

from urllib.parse import urlsplit

from protego import Protego

from rag_ask.errors import RagAskError
from rag_ask.web.http_client import USER_AGENT, Web

MAX_ROBOTS_BYTES = 500 * 1024
MAX_CRAWL_DELAY_S = 300
IGNORE = "If the site is yours, add: --ignore-robots"


class Robots:
    """The rules of every server that a run talks to, read once each."""

    def __init__(self, web: Web) -> None:
        self._web = web
        self._rules: dict[str, Protego] = {}

    def check(self, url: str) -> None:
        """Raise RagAskError when robots.txt forbids the URL; slow down when it asks to."""
        parts = urlsplit(url)
        origin = f"{parts.scheme}://{parts.netloc}"
        if origin not in self._rules:
            self._rules[origin] = self._read(origin)
        if not self._rules[origin].can_fetch(url, USER_AGENT):
            raise RagAskError("robots_disallowed", 403, f"{origin}/robots.txt forbids {parts.path or '/'}. {IGNORE}")

    def _read(self, origin: str) -> Protego:
        answer = self._web.get(f"{origin}/robots.txt")
        if answer.status >= 500 or answer.status == 429:
            # RFC 9309, 2.3.1.4: rules that cannot be read forbid everything.
            raise RagAskError(
                "robots_unavailable", 503, f"{answer.url} answered {answer.status}. Try again later. {IGNORE}"
            )
        # RFC 9309, 2.3.1.3: rules that are not there forbid nothing.
        body = answer.body[:MAX_ROBOTS_BYTES] if answer.status == 200 else b""
        rules = Protego.parse(body.decode("utf-8-sig", "replace"))
        delay_s = rules.crawl_delay(USER_AGENT) or 0.0
        if delay_s > MAX_CRAWL_DELAY_S:
            raise RagAskError(
                "robots_disallowed", 403, f"{answer.url} asks for {delay_s:.0f} s between requests. {IGNORE}"
            )
        self._web.delay_s = max(self._web.delay_s, delay_s)
        return rules
