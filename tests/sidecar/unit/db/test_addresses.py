"""What a URL is to a browser, and what tells a site from its copy."""

import pytest

from rag_ask.db.addresses import address_of, origin_of
from rag_ask.errors import BadRequest


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
    assert origin_of(url) == origin


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
        origin_of(url)


@pytest.mark.parametrize(
    ("url", "address"),
    [
        ("https://example.com", "example.com"),
        ("http://www.Example.com/", "example.com"),
        ("https://example.com:443/blog/", "example.com/blog"),
        ("http://localhost:8888", "localhost:8888"),
        ("https://staging.example.com", "staging.example.com"),
        ("https://Bäckerei.example/Laden", "xn--bckerei-5wa.example/Laden"),
        ("http://[2001:DB8:0:0::1]:8080/", "[2001:db8::1]:8080"),
    ],
)
def test_address_of(url, address):
    assert address_of(url) == address
