"""Pseudonyms of visitors of pages outside WordPress."""

import pytest

from rag_ask.api.client_address import pseudonyms

SECRET = b"a test secret of more than thirty-two bytes"


@pytest.mark.parametrize(
    ("one", "other", "is_same_visitor", "is_same_network"),
    [
        ("203.0.113.7", "203.0.113.8", False, True),
        ("203.0.113.7", "203.0.114.7", False, False),
        ("203.0.113.7", "::ffff:203.0.113.7", True, True),
        ("2001:db8:1:2::1", "2001:db8:1:2:ffff::1", True, True),
        ("2001:db8:1:2::1", "2001:db8:1:3::1", False, True),
        ("2001:db8:1::1", "2001:db8:2::1", False, False),
    ],
)
def test_households_and_networks(one, other, is_same_visitor, is_same_network):
    (visitor, network), (other_visitor, other_network) = pseudonyms(SECRET, one), pseudonyms(SECRET, other)
    assert (visitor == other_visitor, network == other_network) == (is_same_visitor, is_same_network)
    assert "203" not in visitor + network


def test_an_unknown_address_is_one_visitor_without_a_network():
    assert pseudonyms(SECRET, None) == pseudonyms(SECRET, "unix:") == (pseudonyms(SECRET, "")[0], "")


def test_the_secret_keys_them():
    assert pseudonyms(SECRET, "203.0.113.7") != pseudonyms(SECRET + b"x", "203.0.113.7")
