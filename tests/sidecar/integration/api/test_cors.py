"""CORS: only pages of registered sites may read answers."""

import pytest


def preflight(wordpress, origin, path="/v1/ask"):
    asked = {"Access-Control-Request-Method": "POST", "Access-Control-Request-Headers": "authorization,content-type"}
    return wordpress.client.options(path, headers={"Origin": origin} | asked)


@pytest.mark.parametrize("path", ["/v1/ask", "/v1/search", "/v1/feedback", "/v1/probe"])
def test_preflight_of_a_registered_site(app, new_site, monkeypatch, path):
    monkeypatch.setattr("rag_ask.api.cors.ORIGINS_MAX_AGE_S", -1.0)
    wordpress = new_site()
    origin = f"https://{wordpress.site_id}.example"
    response = preflight(wordpress, origin, path)
    assert response.headers["Access-Control-Allow-Origin"] == origin
    assert "POST" in response.headers["Access-Control-Allow-Methods"]
    assert "authorization" in response.headers["Access-Control-Allow-Headers"].lower()
    assert "x-api-key" not in response.headers["Access-Control-Allow-Headers"].lower()
    assert "Access-Control-Allow-Credentials" not in response.headers
    assert "Origin" in response.headers["Vary"]


def test_other_pages_and_other_routes_get_nothing(wordpress):
    assert "Access-Control-Allow-Origin" not in preflight(wordpress, "https://evil.example").headers
    own = f"https://{wordpress.site_id}.example"
    assert "Access-Control-Allow-Origin" not in preflight(wordpress, own, "/v1/push").headers


def test_errors_can_be_read_by_the_page(wordpress, monkeypatch):
    monkeypatch.setattr("rag_ask.api.cors.ORIGINS_MAX_AGE_S", -1.0)
    origin = f"https://{wordpress.site_id}.example"
    response = wordpress.client.post("/v1/ask", json={}, headers={"Origin": origin})
    assert (response.status_code, response.headers["Access-Control-Allow-Origin"]) == (401, origin)
