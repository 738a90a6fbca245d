"""Connection strings and keys."""

import contract

from rag_ask.db import sites


def test_connection_string_has_the_parts_of_the_contract():
    expected = contract.message("connection-string")
    made = sites.connection_string("http://127.0.0.1:8787", b"secret" * 8, "crumb-and-kettle", "k1a2b3c4")
    key = sites.key(b"secret" * 8, "crumb-and-kettle", "k1a2b3c4")
    assert made == expected["connection_string"].replace(expected["key"], key)
    assert len(key) == len(expected["key"])


def test_keys_differ_by_site_kid_and_secret():
    keys = {sites.key(s, i, k) for s in (b"a" * 32, b"b" * 32) for i in ("one", "two") for k in ("x", "y")}
    assert len(keys) == 8
