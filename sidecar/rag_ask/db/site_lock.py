"""Site lock: a tenant transaction proves for which site it speaks, so no statement in it can name another one.

The database has the key where no tenant reads it, and its function `proven_site` checks the proof.
"""

from __future__ import annotations

import hashlib
import hmac


def key(secret: bytes) -> bytes:
    """32 bytes, derived from the sidecar's secret. `rag-ask migrate` writes them to the database."""
    return hmac.new(secret, b"site-lock", hashlib.sha256).digest()


def proof(key_: bytes, site_id: str) -> str:
    """What `proven_site` computes too. The inner hash has a fixed length, so no proof can be extended."""
    return hashlib.sha256(key_ + hashlib.sha256(site_id.encode()).digest()).hexdigest()
