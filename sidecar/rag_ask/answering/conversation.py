"""Conversation: the last turns, signed by the sidecar and carried by the visitor. Nothing is stored."""

from __future__ import annotations

import base64
import hashlib
import hmac
import time
from collections.abc import Sequence
from dataclasses import dataclass

import jwt

from rag_ask.errors import BadRequest
from rag_ask.tenant import Visitor

AUDIENCE = "rag-ask:conversation"
LIFETIME_S = 3600
MAX_TURNS = 3
MAX_ANSWER_CHARACTERS = 400
# Three turns of the longest questions, in the widest characters, as base64 of JSON.
MAX_TOKEN_CHARACTERS = 60_000


@dataclass(frozen=True)
class Turn:
    """A question, standing alone, and the beginning of its answer; no answer when there was none on the site."""

    question: str
    answer: str


def verify(secret: bytes, visitor: Visitor, token: str) -> tuple[Turn, ...]:
    """The turns that this visitor had on this site, oldest first. Raises BadRequest."""
    if not token:
        return ()
    site_id = visitor.site.site_id
    try:
        claims = jwt.decode(
            token if len(token) <= MAX_TOKEN_CHARACTERS and token.isascii() else "",
            _key(secret, site_id),
            algorithms=["HS256"],
            audience=AUDIENCE,
            issuer=site_id,
            subject=visitor.subject,
            options={"require": ["iss", "aud", "sub", "iat", "exp"]},
        )
    except jwt.InvalidTokenError as error:
        raise BadRequest(
            "conversation_invalid",
            "The conversation is not one of this visitor's on this site, or is older than an hour. "
            "Start a new one: ask again without it.",
        ) from error
    return tuple(Turn(turn["question"], turn["answer"]) for turn in claims["turns"])


def sign(secret: bytes, visitor: Visitor, turns: Sequence[Turn], question: str, answer: str) -> str:
    """A token of the last turns, with this one."""
    site_id = visitor.site.site_id
    now = int(time.time())
    last = (*turns, Turn(question, answer[:MAX_ANSWER_CHARACTERS]))[-MAX_TURNS:]
    claims = {
        "iss": site_id,
        "aud": AUDIENCE,
        "sub": visitor.subject,
        "iat": now,
        "exp": now + LIFETIME_S,
        "turns": [{"question": turn.question, "answer": turn.answer} for turn in last],
    }
    return jwt.encode(claims, _key(secret, site_id), "HS256")


def _key(secret: bytes, site_id: str) -> str:
    digest = hmac.new(secret, f"conversation-key:{site_id}".encode(), hashlib.sha256).digest()
    return base64.urlsafe_b64encode(digest).rstrip(b"=").decode()
