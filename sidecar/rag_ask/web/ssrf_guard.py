"""Public addresses: the only ones that requests to a site may go to, unless a host is allowed by name.

A name is resolved once, every answer is checked, and the connection goes to an address that was checked: a second
DNS answer (rebinding) is never asked for. TLS still verifies the name, which httpcore passes on by itself.
"""

from __future__ import annotations

import math
import socket
import ssl
import time
from collections.abc import Callable, Iterable
from ipaddress import IPv4Address, IPv4Network, IPv6Address, IPv6Network, ip_address
from typing import Any
from urllib.parse import urlsplit

import httpcore2

from rag_ask.errors import RagAskError

GLOBAL_UNICAST = IPv6Network("2000::/3")
SIX_TO_FOUR = IPv6Network("2002::/16")
# Not reachable, and unknown to the `ipaddress` of some supported Pythons: documentation (RFC 9637), AS112 (RFC 7535).
NOT_GLOBAL = (IPv6Network("3fff::/20"), IPv6Network("2620:4f:8000::/48"))
NAT64 = IPv6Network("64:ff9b::/96")
RELAYS_OF_6TO4 = IPv4Network("192.88.99.0/24")

Resolver = Callable[[str, int], Iterable[str]]


def resolve(host: str, port: int) -> list[str]:
    """Every address of a host, as the system resolves it. Raises OSError."""
    return [str(found[4][0]) for found in socket.getaddrinfo(host, port, type=socket.SOCK_STREAM)]


def is_public(address: str) -> bool:
    """Whether anybody on the internet could reach this address too."""
    try:
        parsed = ip_address(address)
    except ValueError:
        return False
    if isinstance(parsed, IPv6Address):
        inner = _inner_ipv4(parsed)
        if inner is None:
            refused = parsed in SIX_TO_FOUR or any(parsed in network for network in NOT_GLOBAL)
            return parsed in GLOBAL_UNICAST and parsed.is_global and not refused
        parsed = inner
    return parsed.is_global and not parsed.is_multicast and not parsed.is_reserved and parsed not in RELAYS_OF_6TO4


def _inner_ipv4(address: IPv6Address) -> IPv4Address | None:
    """The IPv4 address that a mapped or translated (RFC 6052) one stands for."""
    if address in NAT64:
        return IPv4Address(int(address) & 0xFFFFFFFF)
    return address.ipv4_mapped


class PublicNetwork(httpcore2.SyncBackend):
    """Opens connections to public addresses only, and only to the ports given.

    allowed_hosts: names (or literal addresses) that may lead anywhere. deadline: when (of time.monotonic) what is
    sent and received through it ends, however little of it comes at a time.
    """

    deadline = math.inf

    def __init__(self, allowed_hosts: Iterable[str], ports: Iterable[int], resolver: Resolver = resolve) -> None:
        self._allowed_hosts = frozenset(host.strip().lower().strip("[]") for host in allowed_hosts)
        self._ports = frozenset(ports)
        self._resolver = resolver

    def connect_tcp(
        self,
        host: str,
        port: int,
        timeout: float | None = None,
        local_address: str | None = None,
        socket_options: Iterable[httpcore2.SOCKET_OPTION] | None = None,
    ) -> httpcore2.NetworkStream:
        """Connect to the first address that answers.

        Raises RagAskError (address_refused) before a packet is sent, httpcore2.ConnectError when none answers.
        """
        failure: Exception | None = None
        for address in self._checked(host, port):
            try:
                stream = super().connect_tcp(address, port, timeout, local_address, socket_options)
                return _Stream(stream, self)
            except (httpcore2.ConnectError, httpcore2.ConnectTimeout) as error:
                failure = error
        raise failure or httpcore2.ConnectError(f"{host} has no address")

    def connect_unix_socket(self, *_: object, **__: object) -> httpcore2.NetworkStream:
        """Never: a socket file is no public address."""
        raise _refused("A Unix socket")

    def _checked(self, host: str, port: int) -> list[str]:
        if port not in self._ports:
            raise _refused(f"Port {port} of {host}")
        try:
            addresses = list(dict.fromkeys(self._resolver(host, port)))
        except (OSError, UnicodeError) as error:
            raise httpcore2.ConnectError(f"{host} is not known to DNS") from error
        if host.lower() not in self._allowed_hosts:
            for address in addresses:
                if not is_public(address):
                    raise _refused(f"{host} ({address})", host)
        return addresses


class _Stream(httpcore2.NetworkStream):
    """A connection whose every step ends at the deadline of its network: heads and TLS count too."""

    def __init__(self, stream: httpcore2.NetworkStream, network: PublicNetwork) -> None:
        self._stream = stream
        self._network = network

    def read(self, max_bytes: int, timeout: float | None = None) -> bytes:
        return self._stream.read(max_bytes, self._left(timeout))

    def write(self, buffer: bytes, timeout: float | None = None) -> None:
        self._stream.write(buffer, self._left(timeout))

    def close(self) -> None:
        self._stream.close()

    def start_tls(
        self, ssl_context: ssl.SSLContext, server_hostname: str | None = None, timeout: float | None = None
    ) -> httpcore2.NetworkStream:
        secured = self._stream.start_tls(ssl_context, server_hostname, self._left(timeout))
        return _Stream(secured, self._network)

    def get_extra_info(self, info: str) -> Any:
        return self._stream.get_extra_info(info)

    def _left(self, timeout: float | None) -> float | None:
        left = self._network.deadline - time.monotonic()
        if left <= 0:
            raise httpcore2.ReadTimeout("the whole answer took too long")
        return timeout if left == math.inf else min(left, math.inf if timeout is None else timeout)


def network_for(url: str, allowed_hosts: Iterable[str]) -> PublicNetwork:
    """The network for a run that begins at a URL: its port and the two of the web, and no other."""
    try:
        port = urlsplit(url).port
    except ValueError:
        port = None
    return PublicNetwork(allowed_hosts, {80, 443, port or 443})


def _refused(what: str, host: str = "") -> RagAskError:
    remedy = f" If it is a server of your own, add: --allow-host {host}" if host else ""
    return RagAskError("address_refused", 403, f"{what} is not a public address, so nothing was sent to it.{remedy}")
