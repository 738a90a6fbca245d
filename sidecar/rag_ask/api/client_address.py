"""Client address: a visitor of a page outside WordPress -> pseudonyms that change daily, as WordPress makes them."""

from __future__ import annotations

import base64
import hashlib
import hmac
from datetime import UTC, datetime
from ipaddress import IPv6Address, ip_address

PSEUDONYM_CHARACTERS = 16
# By the bytes of an address: a household has a /64 of IPv6 addresses.
VISITOR_BYTES = {4: 4, 16: 8}
# An IPv4 /24, an IPv6 /48.
NETWORK_BYTES = {4: 3, 16: 6}


def pseudonyms(secret: bytes, address: str | None) -> tuple[str, str]:
    """Keyed hashes of the visitor and of its network; the latter is empty when the address is unknown."""
    packed = _packed(address)
    if not packed:
        return f"v-{_pseudonym(secret, b'')}", ""
    visitor, network = packed[: VISITOR_BYTES[len(packed)]], packed[: NETWORK_BYTES[len(packed)]]
    return f"v-{_pseudonym(secret, visitor)}", f"n-{_pseudonym(secret, b'net|' + network)}"


def _packed(address: str | None) -> bytes:
    try:
        parsed = ip_address(address or "")
    except ValueError:
        return b""
    mapped = parsed.ipv4_mapped if isinstance(parsed, IPv6Address) else None
    return (mapped or parsed).packed


def _pseudonym(secret: bytes, of: bytes) -> str:
    today = datetime.now(UTC).date().isoformat()
    digest = hmac.new(secret, f"visitor:{today}|".encode() + of, hashlib.sha256).digest()
    return base64.urlsafe_b64encode(digest).decode()[:PSEUDONYM_CHARACTERS]
