"""The answer model `site`: the AI connector of each WordPress, which keeps its key. The sidecar asks back by HTTP."""

from __future__ import annotations

import base64
import json
import secrets
import threading
import time
from collections.abc import Generator, Iterable, Iterator
from contextlib import closing
from hashlib import sha256

import httpcore2
import httpx2
import jwt

from rag_ask.db import addresses, sites
from rag_ask.db.database import Database
from rag_ask.errors import ProviderRejected, ProviderUnavailable, RagAskError
from rag_ask.providers.chat import Messages, Usage
from rag_ask.providers.chat.base import TOTAL_TIMEOUT_S, estimate, without_abstention
from rag_ask.providers.chat.heartbeat import listen
from rag_ask.providers.chat.reasoning import ReasoningFilter
from rag_ask.web.http_client import Answer, Web
from rag_ask.web.ssrf_guard import network_for

AUDIENCE = "rag-ask:generate"
# Found whatever the permalinks are. Authorization is taken away by many servers.
ROUTE = "/?rest_route=/rag-ask/v1/generate"
SIGNED_BY = "X-Rag-Ask-Token"
TOKEN_LIFETIME_S = 60
# WordPress waits as long for the provider.
ANSWER_TIMEOUT_S = 45.0
CONNECT_TIMEOUT_S = 5.0
MAX_ANSWER_BYTES = 256 * 1024
# The connector is off, or does not take the question; asking again changes nothing.
REFUSALS = range(400, 500)
BUSY = (408, 429)

Parts = Generator[str | Usage]


class SiteModels:
    """The models of all sites, each called through its own WordPress.

    model: which one WordPress is to prefer; '' leaves it to WordPress. allowed_hosts: may be in a private network.
    """

    def __init__(
        self, database: Database, secret: bytes, model: str, allowed_hosts: Iterable[str], max_output_tokens: int
    ) -> None:
        self.name = f"site/{model}" if model else "site"
        self.max_output_tokens = max_output_tokens
        self._database = database
        self._secret = secret
        self._model = model
        self._allowed_hosts = tuple(allowed_hosts)

    def for_site(self, site_id: str) -> SiteModel:
        """The model of one site."""
        return SiteModel(self, site_id)

    def ask(self, site_id: str, messages: Messages, max_output_tokens: int, timeout_s: float) -> Iterator[str | Usage]:
        """Yield the whole text, then its Usage. Raises ProviderUnavailable or ProviderRejected."""
        body = json.dumps(
            {"messages": list(messages), "max_output_tokens": max_output_tokens, "model": self._model}
        ).encode()
        url, token = self._address(site_id, body)
        web = Web(
            network_for(url, self._allowed_hosts),
            0,
            max_body_bytes=MAX_ANSWER_BYTES,
            answer_s=timeout_s,
            # Nothing comes until the model has written everything.
            timeout=httpx2.Timeout(timeout_s, connect=CONNECT_TIMEOUT_S),
        )
        with closing(web):
            try:
                answer = web.post(url, body, {SIGNED_BY: token, "Content-Type": "application/json"})
            except (RagAskError, httpx2.HTTPError, *_BROKEN) as error:
                raise ProviderUnavailable(f"{site_id} did not answer the sidecar: {error}") from error
        text, usage = _read(site_id, answer)
        reasoning = ReasoningFilter()
        yield reasoning.feed(text) + reasoning.close(is_cut=False)
        yield usage or estimate(messages, len(text))

    def _address(self, site_id: str, body: bytes) -> tuple[str, str]:
        """The route of the site's own WordPress, and a token for this body. Raises ProviderRejected."""
        with self._database.system() as connection:
            found = sites.with_key(connection, site_id)
        url = addresses.url_of(found[0]) if found else None
        if not found or not url:
            raise ProviderRejected(f"{site_id} has no WordPress that pushes, so it has no answer model.")
        site, kid = found
        key = sites.key(self._secret, site_id, kid)
        return url + ROUTE, sign(site.site_id, kid, key, body, int(time.time()), secrets.token_hex(16))


def sign(site_id: str, kid: str, key: str, body: bytes, now: int, token_id: str) -> str:
    """A token for this body (tests/contract/generate-token.json). now: Unix time. WordPress takes a token_id once."""
    claims = {
        "iss": site_id,
        "aud": AUDIENCE,
        "iat": now,
        "exp": now + TOKEN_LIFETIME_S,
        "jti": token_id,
        "bh": base64.urlsafe_b64encode(sha256(body).digest()).rstrip(b"=").decode(),
    }
    return jwt.encode(claims, key, "HS256", headers={"kid": kid})


class SiteModel:
    """A ChatModel whose words come all at once: the AI client of WordPress does not stream."""

    def __init__(self, models: SiteModels, site_id: str) -> None:
        self.name, self.max_output_tokens = models.name, models.max_output_tokens
        self._models = models
        self._site_id = site_id

    def stream(self, messages: Messages) -> Iterator[str | Usage]:
        """See ChatModel. Raises ProviderUnavailable or ProviderRejected."""
        timeout_s = min(ANSWER_TIMEOUT_S, TOTAL_TIMEOUT_S)
        return self._listen(_answer(self._models.ask(self._site_id, messages, self.max_output_tokens, timeout_s)))

    def complete(self, messages: Messages, max_output_tokens: int, timeout_s: float) -> Iterator[str | Usage]:
        """See ChatModel. Raises ProviderUnavailable or ProviderRejected."""
        return self._listen(_parts(self._models.ask(self._site_id, messages, max_output_tokens, timeout_s)), timeout_s)

    def _listen(self, parts: Parts, timeout_s: float = TOTAL_TIMEOUT_S) -> Iterator[str | Usage]:
        return listen(parts, time.monotonic() + timeout_s, threading.Event())


_BROKEN = (httpcore2.NetworkError, httpcore2.ProtocolError, httpcore2.TimeoutException)


def _parts(said: Iterator[str | Usage]) -> Parts:
    yield from said


def _answer(said: Iterator[str | Usage]) -> Parts:
    """Without a text that says that the sources do not answer."""
    text, usage = said
    yield from without_abstention(iter([str(text)]))
    yield usage


def _read(site_id: str, answer: Answer) -> tuple[str, Usage | None]:
    """The text and what it cost. Raises ProviderUnavailable or ProviderRejected."""
    try:
        said = json.loads(answer.body)
    except ValueError:
        said = None
    if answer.status == 200 and isinstance(said, dict) and isinstance(said.get("text"), str):
        return said["text"], _usage(said.get("usage"))
    code = said.get("code") if isinstance(said, dict) else None
    reason = f"{site_id} answered {answer.status} {str(code or '')[:100]}".rstrip()
    if answer.status in REFUSALS and answer.status not in BUSY:
        raise ProviderRejected(f"{reason}: its WordPress does not let the sidecar use its AI connector for this.")
    raise ProviderUnavailable(f"{reason}: its AI connector does not work at the moment.")


def _usage(said: object) -> Usage | None:
    counts = [said.get(name) for name in ("input_tokens", "output_tokens")] if isinstance(said, dict) else []
    if not counts or not all(isinstance(count, int) and 0 <= count < 10**7 for count in counts):
        return None
    return Usage(input_tokens=int(str(counts[0])), output_tokens=int(str(counts[1])))
