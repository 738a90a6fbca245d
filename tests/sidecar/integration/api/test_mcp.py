"""POST /mcp: the client of the Model Context Protocol lists and calls the tools over HTTP."""

import asyncio
import json
import threading

import contract
import httpx2
import pytest
from mcp.client import Client
from mcp.client.streamable_http import streamable_http_client
from werkzeug.serving import make_server

from rag_ask.db import api_keys

QUESTION = "When does the shop open?"
STAFF = "<p>The till opens with the word Marzipan.</p>"


@pytest.fixture
def bakery(wordpress):
    wordpress.publish(
        1, 1, "<p>The shop opens at seven in the morning.</p>", title="Opening hours", author="Ada Secret"
    )
    wordpress.publish(2, 1, STAFF, title="Staff", groups=["staff"])
    return wordpress


def new_key(site, *scopes):
    with site.database.system() as connection:
        return api_keys.add(connection, site.site_id, "a tool", scopes or ("ask", "search"), None)


@pytest.fixture
def with_client():
    """A function that lets a coroutine function use a connected client of a site, over real HTTP."""
    servers = []

    def run(site, use, key=None):
        servers.append(make_server("127.0.0.1", 0, site.client.application, threaded=True))
        threading.Thread(target=servers[-1].serve_forever).start()
        url = f"http://127.0.0.1:{servers[-1].port}/mcp"

        async def connected():
            headers = {"X-API-Key": key or new_key(site)}
            async with (
                httpx2.AsyncClient(headers=headers, timeout=60) as http,
                Client(streamable_http_client(url, http_client=http)) as client,
            ):
                return await use(client)

        return asyncio.run(connected())

    yield run
    for server in servers:
        server.shutdown()
        server.server_close()


def test_a_client_lists_the_tools_searches_fetches_and_asks(bakery, with_client):
    async def use(client):
        tools = (await client.list_tools()).tools
        found = await client.call_tool("search", {"query": "opening hours"})
        page = await client.call_tool("fetch", {"id": found.structured_content["results"][0]["id"]})
        return tools, found, page, await client.call_tool("ask", {"question": QUESTION})

    tools, found, page, answer = with_client(bakery, use)
    assert [tool.name for tool in tools] == ["search", "ask", "fetch"]
    assert all(tool.annotations.read_only_hint and tool.input_schema["type"] == "object" for tool in tools)
    assert json.loads(found.content[0].text) == found.structured_content
    assert {result["title"] for result in found.structured_content["results"]} == {"Opening hours"}
    assert page.structured_content["text"] == page.content[0].text == "The shop opens at seven in the morning."
    assert answer.content[0].text.startswith("The shop opens at seven in the morning [1].\n\n[1] [Opening hours](")
    assert answer.structured_content.keys() == contract.message("mcp-response")["result"]["structuredContent"].keys()


def test_errors_of_a_tool_are_read_by_the_model(bakery, with_client):
    async def use(client):
        calls = [("fetch", {"id": 2}), ("fetch", {"id": 99}), ("ask", {"question": " "}), ("search", {"limit": 3})]
        return [await client.call_tool(name, arguments) for name, arguments in calls]

    results = with_client(bakery, use)
    assert all(result.is_error for result in results)
    codes = [result.content[0].text.split(":")[0] for result in results]
    # What others may read is unknown.
    assert codes == ["document_unknown", "document_unknown", "question_empty", "invalid_request"]
    assert "Marzipan" not in str(results)


def test_a_key_has_its_limit_for_each_tool(paid_site, with_client):
    site = paid_site(answer_model="quote", key_limits="1 per minute")

    async def use(client):
        return [await client.call_tool("search", {"query": QUESTION}), await client.call_tool("fetch", {"id": 1})]

    fine, refused = with_client(site, use)
    assert (fine.is_error, refused.is_error) == (False, True)
    assert refused.content[0].text.startswith("rate_limited: ")


def send(site, message, key=None, **headers):
    return site.client.post("/mcp", json=message, headers={"X-API-Key": key or new_key(site)} | headers)


def call(name, **arguments):
    return {"jsonrpc": "2.0", "id": 7, "method": "tools/call", "params": {"name": name, "arguments": arguments}}


def test_only_keys_of_the_scope_are_taken(bakery):
    searches = new_key(bakery, "search")
    assert send(bakery, call("search", query="hours"), searches).status_code == 200
    assert send(bakery, call("fetch", id=1), searches).status_code == 200
    refused = send(bakery, call("ask", question=QUESTION), searches)
    assert (refused.status_code, refused.json["error"]["code"]) == (403, "api_key_scope")
    visitor = {"Authorization": f"Bearer {bakery.ask_token()}"}
    refused = bakery.client.post("/mcp", json=call("ask", question=QUESTION), headers=visitor)
    assert (refused.status_code, refused.json["error"]["code"]) == (401, "api_key_invalid")
    assert send(bakery, call("ask", question=QUESTION), Origin="https://a.example").status_code == 403


def test_the_request_of_the_contract_is_answered_in_its_form(bakery):
    response = send(bakery, contract.message("mcp-request")).json
    wanted = contract.message("mcp-response")
    assert (response.keys(), response["result"].keys()) == (wanted.keys(), wanted["result"].keys())


@pytest.mark.parametrize(
    ("wanted", "spoken"), [("2025-03-26", "2025-03-26"), ("1999-01-01", "2025-11-25"), (None, "2025-11-25")]
)
def test_the_version_is_agreed_on(bakery, wanted, spoken):
    hello = {"jsonrpc": "2.0", "id": "a", "method": "initialize", "params": {"protocolVersion": wanted}}
    response = send(bakery, hello).json
    assert (response["id"], response["result"]["protocolVersion"]) == ("a", spoken)


def test_what_is_no_known_request_has_an_error_of_the_protocol(bakery):
    assert send(bakery, {"jsonrpc": "2.0", "method": "notifications/initialized"}).status_code == 202
    assert send(bakery, {"jsonrpc": "2.0", "id": 1, "method": "ping"}).json["result"] == {}
    assert send(bakery, {"jsonrpc": "2.0", "id": 1, "method": "x"}).json["error"]["code"] == -32601
    assert send(bakery, call("delete_everything")).json["error"]["code"] == -32602
    later = send(bakery, call("search", query="x"), **{"MCP-Protocol-Version": "2099-01-01"})
    assert (later.status_code, later.json["error"]["code"]) == (400, -32022)
    assert send(bakery, [call("search", query="x")]).json["error"]["code"] == "invalid_request"
    assert bakery.client.get("/mcp").status_code == 405
