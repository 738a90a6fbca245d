"""Requests go to public addresses only, whatever a name or a redirect says."""

import socket

import httpcore2
import pytest

from rag_ask.errors import RagAskError
from rag_ask.web.ssrf_guard import PublicNetwork, is_public, network_for, resolve


@pytest.mark.parametrize(
    "address",
    [
        "3fff::1",
        "3fff:fff::1",
        "2620:4f:8000::1",
        "127.0.0.1", "10.1.2.3", "172.16.0.1", "192.168.1.1", "169.254.169.254", "100.64.0.1", "0.0.0.0",  # noqa: S104
        "192.0.2.1", "198.18.0.1", "224.0.0.1", "240.0.0.1", "255.255.255.255", "192.88.99.1",
        "::1", "::", "fe80::1", "fe80::1%eth0", "fc00::1", "fec0::1", "ff02::1", "2001:db8::1", "2001::1",
        "::ffff:127.0.0.1", "::ffff:10.0.0.1", "::127.0.0.1", "64:ff9b::7f00:1", "64:ff9b:1::1", "2002:7f00:1::",
        "no address", "",
    ],
)  # fmt: skip
def test_an_address_that_not_everybody_reaches_is_not_public(address):
    assert not is_public(address)


@pytest.mark.parametrize("address", ["93.184.215.14", "2606:2800:21f:cb07:6820:80da:af6b:8b2c", "::ffff:8.8.8.8"])
def test_an_address_of_the_internet_is_public(address):
    assert is_public(address)


def test_a_translated_address_counts_as_what_it_stands_for():
    assert is_public("64:ff9b::808:808")


class Answers:
    """A resolver with an answer for each time it is asked."""

    def __init__(self, *answers):
        self.answers = list(answers)
        self.asked = 0

    def __call__(self, host, port):
        self.asked += 1
        return self.answers.pop(0)


@pytest.fixture
def listening():
    with socket.create_server(("127.0.0.1", 0)) as server:
        yield server.getsockname()[1]


def test_a_name_with_one_private_answer_is_refused(listening):
    network = PublicNetwork([], [listening], Answers(["8.8.8.8", "127.0.0.1"]))
    with pytest.raises(RagAskError, match=r"--allow-host two\.test") as refused:
        network.connect_tcp("two.test", listening, 1)
    assert refused.value.code == "address_refused"


@pytest.mark.parametrize("host", ["2130706433", "0x7f000001", "127.1", "0177.0.0.1", "localhost", "::1", "[::1]"])
def test_every_spelling_of_this_machine_is_refused(host, listening):
    with pytest.raises((RagAskError, httpcore2.ConnectError)) as refused:
        PublicNetwork([], [listening], resolve).connect_tcp(host, listening, 1)
    if host not in ("[::1]", "::1"):
        assert refused.value.code == "address_refused"


def test_a_second_dns_answer_is_never_asked_for(listening, monkeypatch):
    """Rebinding: the check sees a public address, a second look would see 127.0.0.1."""
    connected = []
    monkeypatch.setattr(
        httpcore2.SyncBackend, "connect_tcp", lambda self, host, *_: connected.append(host) or "a connection"
    )
    answers = Answers(["93.184.215.14"], ["127.0.0.1"])
    network = PublicNetwork([], [listening], answers)
    network.connect_tcp("rebind.test", listening, 1)
    assert (connected, answers.asked) == (["93.184.215.14"], 1)
    with pytest.raises(RagAskError, match=r"127\.0\.0\.1"):
        network.connect_tcp("rebind.test", listening, 1)
    assert connected == ["93.184.215.14"]


def test_an_allowed_name_may_lead_anywhere_and_no_other_may(listening):
    network = PublicNetwork(["Mine.test"], [listening], lambda host, port: ["127.0.0.1"])
    network.connect_tcp("mine.TEST", listening, 1).close()
    with pytest.raises(RagAskError):
        network.connect_tcp("other.test", listening, 1)


def test_the_next_address_is_tried_when_one_does_not_answer(listening):
    # Nothing listens on the port of ::1.
    network = PublicNetwork(["mine.test"], [listening], lambda host, port: ["::1", "127.0.0.1"])
    network.connect_tcp("mine.test", listening, 1).close()


def test_a_name_without_an_address_is_no_connection():
    def unknown(host, port):
        raise socket.gaierror("unknown")

    for resolver in (unknown, lambda host, port: []):
        with pytest.raises(httpcore2.ConnectError):
            PublicNetwork([], [443], resolver).connect_tcp("nobody.test", 443, 1)


def test_only_the_ports_of_the_web_and_of_the_url_are_open():
    network = network_for("http://mine.test:8080/blog", ["mine.test"])
    with pytest.raises(RagAskError, match="Port 22"):
        network.connect_tcp("mine.test", 22, 1)
    for port in (80, 443, 8080):
        with pytest.raises(httpcore2.ConnectError):
            network.connect_tcp("mine.test", port, 1)


def test_a_socket_file_is_never_opened():
    with pytest.raises(RagAskError):
        PublicNetwork([], [443]).connect_unix_socket("/var/run/docker.sock")
