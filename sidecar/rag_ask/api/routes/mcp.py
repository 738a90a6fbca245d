"""MCP: the Model Context Protocol over streamable HTTP, without sessions and without streams. API keys only."""

from __future__ import annotations

import json
from importlib.metadata import version
from typing import Any

from flask import Blueprint, Response, jsonify, request
from flask_limiter import RateLimitExceeded
from mcp_types import (
    CallToolRequestParams,
    CallToolResult,
    Implementation,
    InitializeResult,
    ListToolsResult,
    ServerCapabilities,
    ToolsCapability,
)
from mcp_types.jsonrpc import (
    INVALID_PARAMS,
    METHOD_NOT_FOUND,
    UNSUPPORTED_PROTOCOL_VERSION,
    ErrorData,
    JSONRPCError,
    JSONRPCNotification,
    JSONRPCRequest,
    JSONRPCResponse,
    RequestId,
)
from mcp_types.version import HANDSHAKE_PROTOCOL_VERSIONS, LATEST_HANDSHAKE_VERSION
from pydantic import BaseModel, TypeAdapter, ValidationError

from rag_ask.api import auth, mcp_tools
from rag_ask.api.services import services
from rag_ask.errors import BadRequest, RagAskError
from rag_ask.messages import json_body, parse
from rag_ask.metrics import RATE_LIMITED
from rag_ask.tenant import Visitor

# What a client sends: a request has an id.
SENT: TypeAdapter[JSONRPCRequest | JSONRPCNotification] = TypeAdapter(JSONRPCRequest | JSONRPCNotification)

blueprint = Blueprint("mcp", __name__)


@blueprint.post("/mcp")
def receive() -> Response:
    """One JSON-RPC message in, at most one out. What is wrong with the HTTP request itself is an error of ours."""
    visitor = auth.verify_server(request, services().database)
    message = _message()
    spoken = request.headers.get("MCP-Protocol-Version", LATEST_HANDSHAKE_VERSION)
    if not isinstance(message, JSONRPCRequest):
        return Response(status=202)
    if spoken not in HANDSHAKE_PROTOCOL_VERSIONS:
        supported = {"supported": list(HANDSHAKE_PROTOCOL_VERSIONS), "requested": spoken}
        return _error(message.id, UNSUPPORTED_PROTOCOL_VERSION, "This version is not spoken here.", supported, 400)
    params = message.params or {}
    if message.method == "initialize":
        return _answer(message.id, _initialized(visitor, str(params.get("protocolVersion"))))
    if message.method == "ping":
        return jsonify(JSONRPCResponse(jsonrpc="2.0", id=message.id, result={}).model_dump())
    if message.method == "tools/list":
        return _answer(message.id, ListToolsResult(tools=mcp_tools.described()))
    if message.method == "tools/call":
        return _called(message.id, params)
    return _error(message.id, METHOD_NOT_FOUND, f"There is no method {message.method}.")


def _message() -> JSONRPCRequest | JSONRPCNotification:
    try:
        return SENT.validate_python(json_body(request))
    except ValidationError as error:
        raise BadRequest("invalid_request", "The body is not one request or notification of JSON-RPC 2.0.") from error


def _initialized(visitor: Visitor, wanted: str) -> InitializeResult:
    return InitializeResult(
        protocol_version=wanted if wanted in HANDSHAKE_PROTOCOL_VERSIONS else LATEST_HANDSHAKE_VERSION,
        capabilities=ServerCapabilities(tools=ToolsCapability()),
        server_info=Implementation(name="rag-ask", title=visitor.site.name, version=version("rag-ask")),
        instructions=f"Searches and answers from the pages of {visitor.site.name} alone. Cite the pages by their url.",
    )


def _called(request_id: RequestId, params: dict[str, Any]) -> Response:
    try:
        call = CallToolRequestParams.model_validate(params)
        tool = mcp_tools.TOOLS[call.name]
    except (ValidationError, KeyError):
        return _error(request_id, INVALID_PARAMS, "There is no such tool. List them by tools/list.")
    visitor = auth.verify_server(request, services().database, tool.scope)
    with services().places.one():
        return _answer(request_id, _result(tool, visitor, call.arguments or {}))


def _result(tool: mcp_tools.Offered, visitor: Visitor, arguments: dict[str, Any]) -> CallToolResult:
    try:
        return tool.call(visitor, parse(arguments, tool.takes))
    except RateLimitExceeded:
        RATE_LIMITED.inc()
        return mcp_tools.failed("rate_limited", "Too many questions at once. Wait a minute and ask again.")
    except RagAskError as error:
        return mcp_tools.failed(error.code, error.public or error.message)


def _answer(request_id: RequestId, result: BaseModel) -> Response:
    data = result.model_dump(mode="json", by_alias=True, exclude_none=True)
    return jsonify(JSONRPCResponse(jsonrpc="2.0", id=request_id, result=data).model_dump())


def _error(request_id: RequestId, code: int, message: str, data: object = None, status: int = 200) -> Response:
    error = JSONRPCError(jsonrpc="2.0", id=request_id, error=ErrorData(code=code, message=message, data=data))
    return Response(json.dumps(error.model_dump(exclude_none=True)), status, mimetype="application/json")
