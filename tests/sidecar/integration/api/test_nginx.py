"""The nginx sample of docs/operators/proxy: answers pass piece by piece, by TLS, within the limits of the sidecar."""

import http.client
import socket
import ssl
import threading
from contextlib import ExitStack
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

import contract
import pytest
from nginx_process import running_nginx

STREAM = contract.message("ask-stream")["bytes"]
PIECES = [f"{piece}\n\n".encode() for piece in STREAM.removesuffix("\n\n").split("\n\n")]
TIMEOUT_S = 60


class Sidecar(BaseHTTPRequestHandler):
    """Sends a piece of a stream only when the one before has arrived."""

    protocol_version = "HTTP/1.1"
    arrived: threading.Semaphore
    received: list[tuple[str, dict[str, str], bytes]]

    def do_POST(self):
        body = self.rfile.read(int(self.headers["Content-Length"]))
        self.received.append((self.path, dict(self.headers), body))
        self.send_response(200)
        self.send_header("Content-Type", "text/event-stream")
        self.send_header("Access-Control-Allow-Origin", "https://example.com")
        self.send_header("Connection", "close")
        self.end_headers()
        for number, piece in enumerate(PIECES):
            if number:
                self.arrived.acquire(timeout=TIMEOUT_S)
            self.wfile.write(piece)

    def log_message(self, *_):
        pass


@pytest.fixture
def sidecar():
    Sidecar.arrived, Sidecar.received = threading.Semaphore(0), []
    server = ThreadingHTTPServer(("127.0.0.1", 0), Sidecar)
    server.daemon_threads = True
    threading.Thread(target=server.serve_forever, daemon=True).start()
    yield Sidecar, server.server_port
    server.shutdown()
    server.server_close()


@pytest.fixture
def proxy(tmp_path, sidecar):
    """Opens connections by TLS, as a browser does that trusts the certificate."""
    with running_nginx(tmp_path, sidecar[1]) as (plain, secure), ExitStack() as stack:
        context = ssl.create_default_context(cafile=tmp_path / "fullchain.pem")

        def connect():
            connection = http.client.HTTPSConnection("ask.example.com", secure, timeout=TIMEOUT_S, context=context)
            raw = socket.create_connection(("127.0.0.1", secure), TIMEOUT_S)
            connection.sock = stack.enter_context(context.wrap_socket(raw, server_hostname="ask.example.com"))
            return connection

        yield connect, plain


def test_an_answer_passes_piece_by_piece(proxy, sidecar):
    connection = proxy[0]()
    headers = {
        "Accept-Encoding": "gzip",
        "Accept": "text/event-stream",
        "X-Forwarded-For": "192.0.2.1",
    }
    connection.request("POST", "/v1/ask", b'{"question": "When?"}', headers)
    response = connection.getresponse()
    assert (response.status, response.headers["Content-Encoding"]) == (200, None)
    assert response.headers.get_all("Access-Control-Allow-Origin") == ["https://example.com"]
    for piece in PIECES:
        assert response.read(len(piece)) == piece
        sidecar[0].arrived.release()
    assert response.read() == b""
    path, received, body = sidecar[0].received[0]
    assert (path, body) == ("/v1/ask", b'{"question": "When?"}')
    # What a client says of its address is not believed.
    assert received["X-Forwarded-For"] == "127.0.0.1"
    assert received["Host"] == "ask.example.com"


def test_bodies_come_with_their_length_and_within_the_limit(proxy, sidecar):
    connection = proxy[0]()
    for _ in PIECES:
        sidecar[0].arrived.release()
    connection.request("POST", "/v1/push", iter([b"x" * 1000] * 8000), {}, encode_chunked=True)
    assert connection.getresponse().status == 200
    path, received, body = sidecar[0].received[0]
    assert (path, received["Content-Length"], len(body)) == (
        "/v1/push",
        "8000000",
        8_000_000,
    )
    for path, size in (("/v1/ask", 200_000), ("/v1/push", 10_000_000)):
        connection = proxy[0]()
        connection.putrequest("POST", path)
        connection.putheader("Content-Length", str(size))
        connection.endheaders()
        assert connection.getresponse().status == 413


def test_http_leads_to_https(proxy):
    connection = http.client.HTTPConnection("127.0.0.1", proxy[1], timeout=TIMEOUT_S)
    connection.request("POST", "/v1/ask", b"{}", {"Host": "ask.example.com"})
    response = connection.getresponse()
    assert (response.status, response.headers["Location"]) == (
        308,
        "https://ask.example.com/v1/ask",
    )
    connection.close()
