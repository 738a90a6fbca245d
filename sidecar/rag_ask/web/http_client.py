"""HTTP client for other sites: each request bounded in time, size, redirects and retries."""

from __future__ import annotations

import ssl
import time
from base64 import b64encode
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field
from importlib.metadata import version
from urllib.parse import urljoin, urlsplit

import httpcore2
import httpx2

from rag_ask import backoff, retry_after
from rag_ask.errors import RagAskError
from rag_ask.web.ssrf_guard import PublicNetwork

USER_AGENT = f"rag-ask/{version('rag-ask')}"
MAX_BODY_BYTES = 20 * 1024 * 1024
MAX_REDIRECTS = 5
TRIES = 4
MAX_PAUSE_S = 300.0
ANSWER_S = 120.0
TIMEOUT = httpx2.Timeout(20.0, connect=10.0)
REDIRECTS = (301, 302, 303, 307, 308)
PASSING = (408, 425, 429, 500, 502, 503, 504)
BROKEN = (httpcore2.NetworkError, httpcore2.ProtocolError, httpcore2.TimeoutException)


@dataclass(frozen=True)
class Answer:
    """What a server said. url: of the last redirect. Header names are lower case."""

    url: str
    status: int
    headers: Mapping[str, str]
    body: bytes


@dataclass(frozen=True)
class Login:
    """HTTP Basic, as an application password of WordPress needs it. Sent to the origin of `url` only."""

    url: str
    user: str
    password: str = field(repr=False)

    def headers(self, url: str) -> dict[str, str]:
        """What a request to this URL carries."""
        if _origin(url) != _origin(self.url):
            return {}
        return {"Authorization": f"Basic {b64encode(f'{self.user}:{self.password}'.encode()).decode()}"}


class _Transport(httpx2.BaseTransport):
    """httpx over a pool of httpcore whose connections we open ourselves: neither lets httpx pass a backend on."""

    def __init__(self, network: httpcore2.NetworkBackend, ssl_context: ssl.SSLContext) -> None:
        self._pool = httpcore2.ConnectionPool(ssl_context=ssl_context, network_backend=network)

    def handle_request(self, request: httpx2.Request) -> httpx2.Response:
        """Called by httpx."""
        url = request.url
        answer = self._pool.handle_request(
            httpcore2.Request(
                request.method,
                httpcore2.URL(scheme=url.raw_scheme, host=url.raw_host, port=url.port, target=url.raw_path),
                headers=request.headers.raw,
                content=request.read(),
                extensions=request.extensions,
            )
        )
        return httpx2.Response(answer.status, headers=answer.headers, stream=_Stream(answer))

    def close(self) -> None:
        """Called by httpx."""
        self._pool.close()


class _Stream(httpx2.SyncByteStream):
    def __init__(self, answer: httpcore2.Response) -> None:
        self._answer = answer

    def __iter__(self) -> Iterator[bytes]:
        return self._answer.iter_stream()

    def close(self) -> None:
        self._answer.close()


class _MayPass(Exception):
    """A response that another try may change: a 429 or a 5xx."""

    def __init__(self, answer: Answer) -> None:
        super().__init__(answer.status)
        self.answer = answer


class Web:
    """Sends one request at a time, never faster than `delay_s`, and counts them."""

    def __init__(
        self,
        network: PublicNetwork,
        delay_s: float,
        sleep: Callable[[float], None] = time.sleep,
        ssl_context: ssl.SSLContext | None = None,
        login: Login | None = None,
        max_body_bytes: int | None = None,
        answer_s: float | None = None,
        tries: int = TRIES,
        timeout: httpx2.Timeout | None = None,
    ) -> None:
        self._login = login
        self._max_body_bytes = max_body_bytes or MAX_BODY_BYTES
        self._answer_s = answer_s
        self._tries = tries
        self.delay_s = delay_s
        self.request_count = 0
        self._sleep = sleep
        self._network = network
        self._next_at = 0.0
        self._client = httpx2.Client(
            transport=_Transport(network, ssl_context or httpx2.create_ssl_context()),
            headers={"User-Agent": USER_AGENT, "Accept-Encoding": "gzip"},
            timeout=timeout or TIMEOUT,
            # A proxy of the environment would resolve names by itself, and .netrc holds passwords.
            trust_env=False,
        )

    def close(self) -> None:
        """Close every connection."""
        self._client.close()

    def get(
        self, url: str, check: Callable[[str], None] = lambda url: None, headers: Mapping[str, str] | None = None
    ) -> Answer:
        """GET a URL. `check` sees the URL of every hop first, and raises to stop. Raises RagAskError."""
        for _ in range(MAX_REDIRECTS + 1):
            _check_form(url)
            check(url)
            answer = self._get_with_retries(url, headers or {})
            if answer.status not in REDIRECTS or "location" not in answer.headers:
                return answer
            url = _joined(url, answer.headers["location"])
        raise RagAskError("too_many_redirects", 502, f"{url} redirects again and again. Give the address it ends at.")

    def post(self, url: str, body: bytes, headers: Mapping[str, str]) -> Answer:
        """POST once, without following a redirect. Raises RagAskError, and the errors of httpcore and httpx."""
        _check_form(url)
        return self._send_once("POST", url, headers, body)

    def _get_with_retries(self, url: str, headers: Mapping[str, str]) -> Answer:
        def get() -> Answer:
            answer = self._send_once("GET", url, headers)
            if answer.status in PASSING:
                raise _MayPass(answer)
            return answer

        try:
            return backoff.retry(get, self._tries, _pause_s, self._sleep)
        except _MayPass as busy:
            return busy.answer
        except BROKEN as error:
            raise _broken(url, error, self._tries) from error

    def _send_once(self, method: str, url: str, headers: Mapping[str, str], content: bytes | None = None) -> Answer:
        self._pace()
        self.request_count += 1
        # For the head too. httpcore bounds its size.
        self._network.deadline = time.monotonic() + (ANSWER_S if self._answer_s is None else self._answer_s)
        sent = dict(headers) | (self._login.headers(url) if self._login else {})
        body = bytearray()
        try:
            with self._client.stream(method, url, headers=sent, content=content) as response:
                for part in response.iter_bytes():
                    body += part
                    if len(body) > self._max_body_bytes:
                        raise RagAskError(
                            "body_too_large", 502, f"{url} is larger than {self._max_body_bytes >> 20} MB."
                        )
                return Answer(url, response.status_code, dict(response.headers.items()), bytes(body))
        except httpx2.DecodingError as error:
            raise httpcore2.RemoteProtocolError("the compressed answer is broken") from error

    def _pace(self) -> None:
        wait = self._next_at - time.monotonic()
        if wait > 0:
            self._sleep(wait)
        self._next_at = time.monotonic() + self.delay_s


def _pause_s(error: Exception, attempt: int) -> float | None:
    """Seconds before the next try; None where another try would end the same way, or too late."""
    pause = backoff.delay_s(attempt, 1, jitter=0.5)
    if isinstance(error, _MayPass):
        pause = retry_after.seconds(error.answer.headers.get("retry-after", "")) or pause
        return pause if pause <= MAX_PAUSE_S else None
    return pause if isinstance(error, BROKEN) and not _tls_reason(error) else None


def _origin(url: str) -> tuple[str, str | None, int | None]:
    parts = urlsplit(url)
    return parts.scheme, parts.hostname, parts.port or {"http": 80, "https": 443}.get(parts.scheme)


def _check_form(url: str) -> None:
    try:
        parts = urlsplit(url)
        usable = parts.scheme in ("http", "https") and parts.hostname and "@" not in parts.netloc and parts.port != 0
        # Programs read these in different ways.
        usable = usable and "\\" not in url and url.isprintable() and " " not in url
        httpx2.URL(url)
    except (ValueError, httpx2.InvalidURL):
        usable = False
    if not usable:
        raise RagAskError("url_invalid", 400, f"{url!r} cannot be read. Give an http or https URL without a password.")


def _joined(url: str, location: str) -> str:
    try:
        return urljoin(url, location)
    except ValueError:
        return location


def _tls_reason(error: BaseException | None) -> str:
    """Why TLS failed; empty when something else did."""
    while error and not isinstance(error, ssl.SSLError):
        error = error.__cause__ or error.__context__
    return str(getattr(error, "verify_message", "") or getattr(error, "reason", "") or "") if error else ""


def _broken(url: str, error: Exception, tries: int) -> RagAskError:
    host = urlsplit(url).hostname
    if reason := _tls_reason(error):
        return RagAskError("tls_failed", 502, f"{host} has no certificate to trust ({reason}). Correct it there.")
    if isinstance(error, httpcore2.TimeoutException):
        return RagAskError("site_unavailable", 504, f"{host} did not answer in time, {tries} times. Try again later.")
    return RagAskError("site_unavailable", 502, f"{host} cannot be reached ({error}). Check the address, try later.")
