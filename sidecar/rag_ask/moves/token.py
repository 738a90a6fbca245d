"""Tokens between sidecars with the same secret: HS256 JWTs, each bound to one body and good for a minute."""

from __future__ import annotations

import hashlib
import hmac
import time

import jwt

from rag_ask.errors import Unauthorized

AUDIENCE = "rag-ask:move"
LIFETIME_S = 60
LEEWAY_S = 30


def sign(secret: bytes, body: bytes) -> str:
    """A token for this body."""
    now = int(time.time())
    claims = {"aud": AUDIENCE, "iat": now, "exp": now + LIFETIME_S, "bh": hashlib.sha256(body).hexdigest()}
    return jwt.encode(claims, _key(secret), "HS256")


def verify(secret: bytes, body: bytes, token: str) -> None:
    """Raises Unauthorized when a sidecar with this secret did not sign this very body just now."""
    needed = ["aud", "iat", "exp", "bh"]
    try:
        claims = jwt.decode(token, _key(secret), ["HS256"], {"require": needed}, audience=AUDIENCE, leeway=LEEWAY_S)
    except jwt.InvalidTokenError as error:
        raise _invalid() from error
    if not hmac.compare_digest(str(claims["bh"]).encode(), hashlib.sha256(body).hexdigest().encode()):
        raise _invalid()


def _key(secret: bytes) -> bytes:
    return hmac.new(secret, b"move", hashlib.sha256).digest()


def _invalid() -> Unauthorized:
    return Unauthorized("token_invalid", "The token is not valid. Both sidecars need the same secret and time.")
