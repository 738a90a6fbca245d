"""Connection strings and origins."""

import contract
import pytest

from rag_ask.db import sites
from rag_ask.errors import BadRequest


def test_connection_string_has_the_parts_of_the_contract():
    expected = contract.message("connection-string")
    made = sites.connection_string("http://127.0.0.1:8787", b"secret" * 8, "crumb-and-kettle", "k1a2b3c4")
    key = sites.key(b"secret" * 8, "crumb-and-kettle", "k1a2b3c4")
    assert made == expected["connection_string"].replace(expected["key"], key)
    assert len(key) == len(expected["key"])


def test_keys_differ_by_site_kid_and_secret():
    keys = {sites.key(s, i, k) for s in (b"a" * 32, b"b" * 32) for i in ("one", "two") for k in ("x", "y")}
    assert len(keys) == 8


@pytest.mark.parametrize(
    ("url", "origin"),
    [
        ("https://Example.com/blog/", "https://example.com"),
        ("https://example.com:443", "https://example.com"),
        ("http://localhost:8888/x?y", "http://localhost:8888"),
        ("https://Bäckerei.example/", "https://xn--bckerei-5wa.example"),
        ("https://xn--bckerei-5wa.example", "https://xn--bckerei-5wa.example"),
        ("http://[2001:DB8:0:0::1]:8080/", "http://[2001:db8::1]:8080"),
        ("http://[::ffff:192.0.2.1]:80", "http://[::ffff:c000:201]"),
    ],
)
def test_origin_of(url, origin):
    assert sites.origin_of(url) == origin


@pytest.mark.parametrize(
    "url",
    [
        "example.com",
        "javascript:alert(1)",
        "https://",
        "",
        "https://example.com:port",
        "https://a@example.com",
        "https:\\\\example.com",
        "https://example.com\\@evil.example",
        "https://exa mple.com",
        "https://exam\tple.com",
        "http://[fe80::1%25eth0]/",
        "http://[::zz]/",
    ],
)
def test_no_origin_of(url):
    with pytest.raises(BadRequest):
        sites.origin_of(url)
