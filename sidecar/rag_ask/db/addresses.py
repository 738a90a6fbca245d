"""Addresses: where a site is reached, and the one address that its index belongs to."""

from __future__ import annotations

from collections.abc import Sequence
from ipaddress import IPv6Address
from urllib.parse import SplitResult, urlsplit

import httpx2

from rag_ask.db.database import Conn
from rag_ask.errors import BadRequest, OtherAddress
from rag_ask.tenant import Site

DEFAULT_PORTS = {"http": 80, "https": 443}


def origin_of(url: str) -> str:
    """`https://Example.com/blog/` -> `https://example.com`, as a browser sends it (WHATWG URL, section 4.6).

    Names are lower case and in punycode, IPv6 addresses bracketed and shortened, default ports left out.
    Raises BadRequest for anything but http and https, and for URLs that programs read in different ways.
    """
    parts, host = _parsed(url)
    return f"{parts.scheme}://{host}"


def address_of(url: str) -> str:
    """`https://www.Example.com/blog/` -> `example.com/blog`: what tells a site from its copy.

    The scheme and `www.` do not: they change while the site stays the same. Raises BadRequest as `origin_of` does.
    """
    parts, host = _parsed(url)
    return host.removeprefix("www.") + parts.path.rstrip("/")


def url_of(site: Site) -> str | None:
    """`https://www.example.com/blog`: the URL of the address that the index belongs to; None before the first push.

    Of the origins that the plugin names, so that it leads nowhere else.
    """
    host, slash, path = site.address.partition("/")
    urls = [f"{origin}{slash}{path}" for origin in site.pushed_origins]
    # https:// comes last.
    return max((url for url in urls if host and address_of(url) == site.address), default=None)


def hold(connection: Conn, site: Site, urls: Sequence[str]) -> None:
    """Bind the site to the first of these URLs where it has no address yet, and let pages of all of them ask.

    Raises OtherAddress when it is bound to another one, and BadRequest.
    """
    address, origins = address_of(urls[0]), _origins(urls)
    if site.address == address and site.pushed_origins == origins:
        return
    connection.execute("UPDATE sites SET address = %s WHERE site_id = %s AND address = ''", (address, site.site_id))
    row = connection.execute("SELECT address FROM sites WHERE site_id = %s", (site.site_id,)).fetchone()
    if row and row["address"] != address:
        raise OtherAddress(site.site_id, row["address"], address)
    connection.execute("UPDATE sites SET pushed_origins = %s WHERE site_id = %s", (list(origins), site.site_id))


def move(connection: Conn, site: Site, urls: Sequence[str]) -> str:
    """Bind the site to the first of these URLs, whatever it was bound to, and return that address."""
    address = address_of(urls[0])
    connection.execute(
        "UPDATE sites SET address = %s, pushed_origins = %s WHERE site_id = %s",
        (address, list(_origins(urls)), site.site_id),
    )
    return address


def add_origins(connection: Conn, site: Site, urls: Sequence[str]) -> None:
    """Let pages of these URLs ask, beside those that the plugin names. Raises BadRequest."""
    connection.execute(
        "UPDATE sites SET origins = origins || %s::text[] WHERE site_id = %s",
        ([origin for origin in _origins(urls) if origin not in site.origins], site.site_id),
    )


def remove_origins(connection: Conn, site: Site, urls: Sequence[str]) -> None:
    """Refuse pages of these URLs from now on.

    Raises BadRequest when the plugin names one of them, nobody does, or none would be left.
    """
    gone = _origins(urls)
    for origin in gone:
        if origin in site.pushed_origins:
            raise BadRequest(
                "origin_pushed",
                f"The plugin of {site.site_id} names {origin} itself: change the addresses of the WordPress site.",
                409,
            )
        if origin not in site.origins:
            raise BadRequest("origin_unknown", f"{site.site_id} has no origin {origin}.", 404)
    left = [origin for origin in site.origins if origin not in (*gone, *site.pushed_origins)]
    if not left and not site.pushed_origins:
        raise BadRequest("origin_last", f"{site.site_id} needs one origin. Add the new one first.", 409)
    connection.execute("UPDATE sites SET origins = %s WHERE site_id = %s", (left, site.site_id))


def _origins(urls: Sequence[str]) -> tuple[str, ...]:
    return tuple(sorted({origin_of(url) for url in urls}))


def _parsed(url: str) -> tuple[SplitResult, str]:
    """The URL in parts, and its host with a port that is not the default one."""
    refused = BadRequest("invalid_request", f"{url!r} is not a URL that starts with https:// or http://.")
    if any(character in url for character in "\\\t\r\n "):
        raise refused
    try:
        parts = urlsplit(url)
        port = parts.port
        host = httpx2.URL(f"{parts.scheme}://{parts.netloc}").raw_host.decode("ascii")
    except (ValueError, httpx2.InvalidURL) as error:
        raise refused from error
    if parts.scheme not in DEFAULT_PORTS or not host or "@" in parts.netloc:
        raise refused
    if ":" in host:
        host = f"[{_ipv6(host, refused)}]"
    return parts, host if port in (None, DEFAULT_PORTS[parts.scheme]) else f"{host}:{port}"


def _ipv6(host: str, refused: BadRequest) -> str:
    try:
        address = IPv6Address(host)
    except ValueError as error:
        raise refused from error
    if address.scope_id:
        raise refused
    mapped = address.ipv4_mapped
    if mapped:
        # Browsers write the last 32 bits in hexadecimal too.
        high, low = divmod(int(mapped), 1 << 16)
        return f"::ffff:{high:x}:{low:x}"
    return address.compressed
