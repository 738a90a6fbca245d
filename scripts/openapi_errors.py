"""What can go wrong on each route, for the OpenAPI document: from how it is called, and from its own `x-errors`."""

from __future__ import annotations

from typing import Any

ALWAYS = ("method_not_allowed", "internal_error")
# Said before a route is reached, by `connections.py`.
ON_ARRIVAL = ("request_timeout", "header_too_large", "busy")
BODY_ON_ARRIVAL = ("length_required", "body_too_large")
TOKEN = ("token_missing", "token_invalid", "key_unknown", "token_expired", "token_wrong_audience")
BY_SECURITY = {
    "ask": (*TOKEN, "origin_not_allowed"),
    "key": ("api_key_invalid", "api_key_revoked", "api_key_expired", "api_key_scope", "api_key_in_browser"),
    # The same key in another header field; its errors are those of "key", which stands beside it.
    "bearer_key": (),
    "write": (*TOKEN, "body_hash_mismatch", "other_address"),
}
# Each of them looks into the database, and reads the body to its end.
SECURED = ("database_unavailable", "body_too_large")
WITH_BODY = ("invalid_json", "invalid_request", "unknown_field", "unsupported_media_type")

MEANINGS = {
    "token_missing": "There is no token.",
    "token_invalid": "The token is not one of this site's, or not well formed.",
    "key_unknown": "The key was revoked, or the sidecar was restored from an older backup.",
    "token_expired": "The token has expired.",
    "body_hash_mismatch": "The token was made for another body.",
    "token_wrong_audience": "The token is for something else.",
    "invalid_json": "The body is not JSON in UTF-8.",
    "invalid_request": "A field is not well formed; the message names it.",
    "unknown_field": "There is no such field.",
    "conversation_invalid": "The conversation is not this visitor's, or too old. Ask again without it.",
    "question_empty": "Nothing of the question can be seen.",
    "question_too_long": "The question is too long.",
    "not_found": "There is no such address.",
    "document_unknown": "There is no such document, or it was withdrawn.",
    "answer_unknown": "There is no such answer of the last day.",
    "api_key_invalid": "There is no such API key.",
    "api_key_revoked": "The API key was revoked.",
    "api_key_expired": "The API key has expired.",
    "api_key_scope": "The API key is not for this.",
    "api_key_in_browser": "A page sent an API key.",
    "site_mismatch": "The body names another site than the token.",
    "other_address": "The index belongs to another address: this is a copy of the site, or the site moved.",
    "fed_otherwise": "Another source writes the documents of this site.",
    "method_not_allowed": "The address takes other methods, those in `Allow`.",
    "body_too_large": "The body is too large.",
    "request_timeout": "The request came too slowly; send it again.",
    "length_required": "The body has no Content-Length.",
    "header_too_large": "The header fields are too large.",
    "unsupported_media_type": "The body is not sent as JSON.",
    "rate_limited": "Too many requests; wait for `Retry-After`.",
    "internal_error": "The sidecar failed; its log says why.",
    "busy": "Many questions are being answered just now; wait for `Retry-After`.",
    "database_unavailable": "The database does not answer; try again.",
    "outside_pages_off": "There is no such site, or it does not answer pages outside WordPress.",
    "provider_unavailable": "The embedding or answer model does not answer; try again.",
    "index_unproven": "A backup was restored, and the index is being compared with the site; wait for `Retry-After`.",
    "embedder_changed": "The embedding model was changed; try again.",
    "model_missing": "The files of the embedding model are not there; its operator gets them.",
    "origin_not_allowed": "The page is of another site.",
    "provider_rejected": "The embedding or answer model refuses the request.",
}
HEADERS = {
    "405": ("Allow",),
    "429": ("Retry-After", "RateLimit-Limit", "RateLimit-Remaining", "RateLimit-Reset"),
    "503": ("Retry-After",),
}


def codes(operation: dict[str, Any]) -> list[str]:
    """Every code that the operation can end with."""
    on_arrival = (*ON_ARRIVAL, *(BODY_ON_ARRIVAL if "requestBody" in operation else ()))
    return list(dict.fromkeys([*route_codes(operation), *on_arrival]))


def route_codes(operation: dict[str, Any]) -> list[str]:
    """Every code that the route itself can end with."""
    secured = [name for either in operation["security"] for name in either]
    not_here = operation.get("x-no-errors", ())
    return [
        *(code for name in secured for code in BY_SECURITY[name] if code not in not_here),
        *(code for code in SECURED if secured and code not in not_here),
        *(code for code in WITH_BODY if "requestBody" in operation and code not in not_here),
        *operation.get("x-errors", ()),
        *ALWAYS,
    ]


def responses(operation: dict[str, Any], status_by_code: dict[str, int]) -> dict[str, Any]:
    """The operation's responses: those that are no errors as they are, and one for each status of its codes."""
    fine = {status: response for status, response in operation["responses"].items() if not is_error(response)}
    by_status: dict[str, list[str]] = {}
    for code in codes(operation):
        by_status.setdefault(str(status_by_code[code]), []).append(code)
    # /readyz says in its own words why it is not ready.
    return fine | {status: _response(status, by_status[status]) for status in sorted(by_status) if status not in fine}


def is_error(response: dict[str, Any]) -> bool:
    """Whether the response is one of those that are made here."""
    return "#/components/schemas/Error" in str(response)


def _response(status: str, found: list[str]) -> dict[str, Any]:
    only = {"properties": {"error": {"properties": {"code": {"enum": found}}}}}
    schema = {"allOf": [{"$ref": "#/components/schemas/Error"}, only]}
    headers = {name: {"$ref": f"#/components/headers/{name}"} for name in HEADERS.get(status, ())}
    return {
        "description": " ".join(f"`{code}`: {MEANINGS[code]}" for code in found),
        **({"headers": headers} if headers else {}),
        # One of them shows the form of all.
        "content": {"application/json": {"schema": schema, **({"x-contract": "errors"} if status == "401" else {})}},
    }
