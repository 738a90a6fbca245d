"""The OpenAPI document: every route is in it, its examples are the contract's, and what is served is of its schemas."""

import re

import contract
import jsonschema
import pytest

from rag_ask.api.openapi import document

SCHEMAS = {
    "ask-request": "AskRequest",
    "ask-response": "Answer",
    "ask-abstained": "Answer",
    "search-request": "SearchRequest",
    "search-response": "SearchResponse",
    "chat-response": "ChatCompletion",
    "push-request": "PushRequest",
    "push-response": "PushResponse",
    "status-response": "Status",
    "reconcile-request": "ReconcileRequest",
    "reconcile-response": "ReconcileResponse",
    "document-response": "DocumentResponse",
    "feedback-request": "FeedbackRequest",
    "insights-response": "Insights",
    "settings-request": "SiteSettings",
    "settings-response": "SiteSettings",
    "purge-request": "PurgeRequest",
    "purge-response": "PurgeResponse",
    "address-request": "AddressRequest",
    "address-response": "AddressResponse",
}


def validate(message, schema):
    found = {"$ref": f"#/components/schemas/{schema}", "components": document()["components"]}
    jsonschema.Draft202012Validator(found, format_checker=jsonschema.FormatChecker()).validate(message)


def examples(node):
    if isinstance(node, dict):
        if "x-contract" in node:
            yield node
        for value in node.values():
            yield from examples(value)


def test_every_route_is_in_it_and_nothing_else(app):
    routes = {
        (re.sub(r"<(?:[^:<>]+:)?(\w+)>", r"{\1}", rule.rule), method.lower())
        for rule in app.url_map.iter_rules()
        for method in rule.methods - {"HEAD", "OPTIONS"}
        # The form of metrics is Prometheus's, and a site moves between sidecars of one version.
        if rule.endpoint not in ("static", "metrics.metrics", "move.move")
    }
    described = {(path, method) for path, methods in document()["paths"].items() for method in methods}
    assert described == routes


def test_it_is_served_with_the_address_of_the_sidecar(app, settings):
    served = app.test_client().get("/v1/openapi.json").json
    assert served == document() | {"servers": [{"url": settings.public_url}]}


def test_every_reference_leads_somewhere():
    names = set(re.findall(r"#/components/schemas/(\w+)", str(document())))
    assert names <= document()["components"]["schemas"].keys()


def test_the_examples_are_the_messages_of_the_contract():
    """When this fails: scripts/openapi."""
    found = list(examples(document()["paths"]))
    assert {node["x-contract"] for node in found} >= {"ask-request", "ask-response", "ask-stream", "errors"}
    for node in found:
        message = contract.message(node["x-contract"])
        name = node["x-contract"]
        expected = "example" if name == "errors" else "bytes" if name.endswith("-stream") else None
        assert node["example"] == (message[expected] if expected else message)


@pytest.mark.parametrize(("name", "schema"), SCHEMAS.items())
def test_the_messages_of_the_contract_are_of_their_schemas(name, schema):
    message = contract.message(name)
    validate(message, schema)
    with pytest.raises(jsonschema.ValidationError):
        validate(message | {"unknown": 1}, schema)


def test_what_is_served_is_of_its_schemas(wordpress):
    wordpress.publish(1, 1, "<p>The shop opens at seven in the morning.</p>", modified_at="2026-11-20T09:00:00Z")
    validate(wordpress.ask("When does the shop open?"), "Answer")
    validate(wordpress.ask("How many moons does Jupiter have?"), "Answer")
    validate(wordpress.post("/v1/search", {"question": "shop"}).json, "SearchResponse")
    validate(wordpress.push(wordpress.upsert(2, 1, "x"), {"op": "delete"}).json, "PushResponse")
    validate(wordpress.post("/v1/ask", {"question": ""}).json, "Error")
    validate(wordpress.status(), "Status")
    validate(wordpress.signed("GET", "/v1/insights?days=7").json, "Insights")
    validate(wordpress.signed("POST", "/v1/settings", {"question_days": 7}).json, "SiteSettings")
    validate(wordpress.signed("GET", "/v1/documents/1").json, "DocumentResponse")
    validate(
        wordpress.signed("POST", "/v1/reconcile", {"after": 0, "until": None, "documents": []}).json,
        "ReconcileResponse",
    )
    validate(wordpress.signed("DELETE", "/v1/site", {"site_id": wordpress.site_id}).json, "PurgeResponse")
    validate(wordpress.client.get("/readyz").json, "Ready")
    validate(wordpress.client.get("/healthz").json, "Alive")
    assert wordpress.client.get("/nothing").json.keys() == {"error"}
