"""The notice with which a sidecar says where a site is now: the plugin reads its very bytes."""

from __future__ import annotations

import contract

from rag_ask.api.auth import moved_notice
from rag_ask.tenant import Site

WANTED = contract.message("moved-token")
CLAIMS = WANTED["claims"]
KID, KEY = WANTED["secret"].split(".")


def test_the_notice_is_the_one_of_the_contract():
    site = Site(CLAIMS["iss"], "", (), moved_to=CLAIMS["url"])
    assert moved_notice(site, KID, KEY, CLAIMS["iat"]) == WANTED["token"]


def test_a_site_that_is_here_has_none():
    assert moved_notice(Site("shop", "", ()), KID, KEY, 1) == ""
