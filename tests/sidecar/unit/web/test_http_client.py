"""GET requests: redirects, retries, limits and what a person is told."""

import contextlib
import gzip
import socket
import ssl
import subprocess
import threading
from http.server import BaseHTTPRequestHandler, HTTPServer

import pytest

from fakes import rest_api
from rag_ask.errors import RagAskError
from rag_ask.web import http_client as web_module
from rag_ask.web.http_client import MAX_BODY_BYTES, USER_AGENT, Web
from rag_ask.web.ssrf_guard import PublicNetwork

TEXT = {"Content-Type": "text/plain"}
ADDRESSES = {"blog.test": ["127.0.0.1"], "inner.test": ["10.0.0.7"], "localhost": ["127.0.0.1"]}


@pytest.fixture
def site():
    with rest_api.serving() as served:
        yield served


@pytest.fixture
def slept():
    return []


@pytest.fixture
def web(site, slept):
    made = Web(network(site.port), 0, sleep=slept.append)
    yield made
    made.close()


def network(port):
    return PublicNetwork(["blog.test"], [80, 443, port], lambda host, _: ADDRESSES.get(host, [host]))


def code_of(web, url, **options):
    with pytest.raises(RagAskError) as raised:
        web.get(url, **options)
    return raised.value.code


def to(location):
    return 302, {"Location": location}, b""


def test_it_says_who_it_is_and_sends_nothing_else_of_us(web, site, monkeypatch):
    monkeypatch.setenv("HTTP_PROXY", "http://127.0.0.1:1")
    assert web.get(site.url + "/").status == 200
    sent = site.headers[0]
    assert sent["user-agent"] == USER_AGENT
    assert USER_AGENT.startswith("rag-ask/0")
    assert not {"cookie", "authorization"} & sent.keys()


def test_redirects_are_followed_by_hand(web, site):
    site.break_with("/old", to("/older"), to(f"{site.url}/"))
    checked = []
    answer = web.get(f"{site.url}/old", checked.append)
    assert answer.url == f"{site.url}/"
    assert checked == [f"{site.url}/old", f"{site.url}/older", f"{site.url}/"]


@pytest.mark.parametrize(
    ("location", "code"),
    [
        ("http://127.0.0.1:{port}/", "address_refused"),
        ("http://localhost:{port}/", "address_refused"),
        ("http://inner.test:{port}/", "address_refused"),
        ("http://[::ffff:127.0.0.1]:{port}/", "address_refused"),
        ("http://2130706433:{port}/", "address_refused"),
        ("http://169.254.169.254/latest/meta-data/", "address_refused"),
        ("http://blog.test:22/", "address_refused"),
        ("file:///etc/passwd", "url_invalid"),
        ("gopher://blog.test:{port}/", "url_invalid"),
        ("http://user:password@blog.test:{port}/", "url_invalid"),
        ("//[", "url_invalid"),
        ("http:\\\\blog.test:{port}\\", "url_invalid"),
        ("http://blog.test:{port}\\@127.0.0.1/", "url_invalid"),
    ],
)
def test_a_redirect_leads_to_no_private_place(site, slept, location, code):
    decimal = {"2130706433": ["127.0.0.1"]}
    resolver = lambda host, _: (ADDRESSES | decimal).get(host, [host])  # noqa: E731
    web = Web(PublicNetwork(["blog.test"], [80, 443, site.port], resolver), 0, sleep=slept.append)
    site.break_with("/start", to(location.format(port=site.port)))
    assert code_of(web, f"{site.url}/start") == code
    assert site.requests == ["/start"]
    web.close()


def test_redirects_end(web, site):
    site.break_with("/loop", *[to("/loop")] * 6)
    assert code_of(web, f"{site.url}/loop") == "too_many_redirects"
    assert len(site.requests) == 6


def test_what_may_pass_is_tried_again_and_later_each_time(web, site, slept):
    site.break_with("/", *[(status, TEXT, b"") for status in (503, 500, 429)])
    assert web.get(f"{site.url}/").status == 200
    assert len(slept) == 3
    assert 0.5 <= slept[0] <= 1.5 and 1 <= slept[1] <= 3 and 2 <= slept[2] <= 6


def test_retry_after_is_honoured(web, site, slept):
    site.break_with("/", (429, TEXT | {"Retry-After": "17"}, b""))
    web.get(f"{site.url}/")
    assert slept == [17.0]


def test_nobody_waits_for_an_hour(web, site, slept):
    site.break_with("/", (503, TEXT | {"Retry-After": "3600"}, b""))
    assert web.get(f"{site.url}/").status == 503
    assert slept == []


def test_retries_end(web, site, slept):
    site.break_with("/", *[(503, TEXT, b"")] * 4)
    assert web.get(f"{site.url}/").status == 503
    assert len(site.requests) == 4


@pytest.mark.parametrize("status", [400, 401, 403, 404])
def test_what_will_not_pass_is_not_tried_again(web, site, status):
    site.break_with("/", (status, TEXT, b""))
    assert web.get(f"{site.url}/").status == status
    assert len(site.requests) == 1


def test_half_an_answer_is_none(web, site):
    site.break_with("/", *[(200, TEXT | {"Content-Length": "100"}, b"half")] * 4)
    assert code_of(web, f"{site.url}/") == "site_unavailable"


def test_a_server_that_hangs_is_left(site, slept, monkeypatch):
    monkeypatch.setattr(web_module, "TIMEOUT", 0.2)
    web = Web(network(site.port), 0, sleep=slept.append)
    released = threading.Event()
    site.break_with("/", *[lambda: released.wait(20) and (200, TEXT, b"")] * 4)
    with pytest.raises(RagAskError, match="did not answer in time, 4 times"):
        web.get(f"{site.url}/")
    released.set()
    web.close()


def test_an_answer_that_drips_is_left(web, site, monkeypatch):
    monkeypatch.setattr(web_module, "ANSWER_S", -1)
    assert code_of(web, f"{site.url}/") == "site_unavailable"


def test_a_head_that_drips_is_left(slept, monkeypatch):
    """Each byte comes in time; the head would never end."""
    monkeypatch.setattr(web_module, "ANSWER_S", 0.3)
    listener = socket.create_server(("127.0.0.1", 0))
    ended = threading.Event()

    def drip():
        for _ in range(4):
            connection, _ = listener.accept()
            with connection, contextlib.suppress(OSError):
                connection.sendall(b"HTTP/1.1 200 OK\r\nX-Long: ")
                while not ended.wait(0.02):
                    connection.sendall(b"a")

    server = threading.Thread(target=drip)
    server.start()
    port = listener.getsockname()[1]
    web = Web(network(port), 0, sleep=slept.append)
    with pytest.raises(RagAskError, match="did not answer in time, 4 times"):
        web.get(f"http://blog.test:{port}/")
    ended.set()
    server.join(10)
    listener.close()
    web.close()


def test_a_server_that_is_not_there(site, slept):
    web = Web(PublicNetwork(["blog.test"], [1], lambda *_: ["127.0.0.1"]), 0, sleep=slept.append)
    assert code_of(web, "http://blog.test:1/") == "site_unavailable"
    assert len(slept) == 3
    web.close()


def test_large_bodies_are_refused_packed_or_not(web, site):
    large = b"x" * (MAX_BODY_BYTES + 1)
    packed = gzip.compress(large)
    assert len(packed) < 100_000
    site.break_with("/", (200, TEXT, large), (200, TEXT | {"Content-Encoding": "gzip"}, packed))
    assert code_of(web, f"{site.url}/") == "body_too_large"
    assert code_of(web, f"{site.url}/") == "body_too_large"


def test_a_broken_packing_is_told_as_such(web, site):
    site.break_with("/", *[(200, TEXT | {"Content-Encoding": "gzip"}, b"not packed")] * 4)
    assert code_of(web, f"{site.url}/") == "site_unavailable"


def test_requests_keep_their_distance(site, slept):
    web = Web(network(site.port), 2.0, sleep=slept.append)
    for _ in range(3):
        web.get(f"{site.url}/")
    assert len(slept) == 2
    assert all(1.5 < pause <= 2 for pause in slept)
    web.close()


@pytest.fixture(scope="module")
def certificate(tmp_path_factory):
    folder = tmp_path_factory.mktemp("certificate")
    key, certificate = folder / "key.pem", folder / "certificate.pem"
    command = ["openssl", "req", "-x509", "-newkey", "rsa:2048", "-nodes", "-days", "2", "-subj", "/CN=blog.test"]
    command += ["-addext", "subjectAltName=DNS:blog.test", "-keyout", str(key), "-out", str(certificate)]
    subprocess.run(command, check=True, capture_output=True, timeout=30)
    return key, certificate


@pytest.fixture
def tls_port(certificate):
    class Handler(BaseHTTPRequestHandler):
        def do_GET(self):
            self.send_response(200)
            self.end_headers()
            self.wfile.write(self.headers["Host"].encode())

        def log_message(self, *_):
            pass

    class Quiet(HTTPServer):
        def handle_error(self, *_):
            pass

    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.load_cert_chain(certificate[1], certificate[0])
    server = Quiet(("127.0.0.1", 0), Handler)
    server.socket = context.wrap_socket(server.socket, server_side=True)
    thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.05}, daemon=True)
    thread.start()
    yield server.server_address[1]
    server.shutdown()
    server.server_close()
    thread.join(5)


def test_tls_verifies_the_name_though_the_address_is_pinned(tls_port, certificate, slept):
    trusting = ssl.create_default_context(cafile=certificate[1])
    network = PublicNetwork(["blog.test", "other.test"], [tls_port], lambda *_: ["127.0.0.1"])
    web = Web(network, 0, sleep=slept.append, ssl_context=trusting)
    assert web.get(f"https://blog.test:{tls_port}/").body == f"blog.test:{tls_port}".encode()
    with pytest.raises(RagAskError, match=r"other\.test has no certificate to trust .*mismatch") as raised:
        web.get(f"https://other.test:{tls_port}/")
    assert (raised.value.code, slept) == ("tls_failed", [])
    web.close()


def test_an_unknown_certificate_is_not_trusted(tls_port, slept):
    web = Web(PublicNetwork(["blog.test"], [tls_port], lambda *_: ["127.0.0.1"]), 0, sleep=slept.append)
    assert code_of(web, f"https://blog.test:{tls_port}/") == "tls_failed"
    web.close()
