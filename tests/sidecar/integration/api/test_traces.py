"""Traces as a collector gets them over OTLP: a local server plays it."""

import subprocess
import sys
import threading
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

import pytest
from opentelemetry.proto.collector.trace.v1.trace_service_pb2 import ExportTraceServiceRequest
from sidecar_processes import until

from fakes import openai_server
from rag_ask import traces

QUESTION = {"question": "When does the shop open?"}
PARENT = "00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01"


class Collector:
    """url: where it listens. spans: what came, by name."""

    def __init__(self):
        self.spans = {}
        collector = self

        class Handler(BaseHTTPRequestHandler):
            def do_POST(self):
                body = self.rfile.read(int(self.headers["Content-Length"]))
                for resource in ExportTraceServiceRequest.FromString(body).resource_spans:
                    for scope in resource.scope_spans:
                        collector.spans |= {span.name: span for span in scope.spans}
                self.send_response(200)
                self.end_headers()

            def log_message(self, *_):
                pass

        self._server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
        self.url = f"http://127.0.0.1:{self._server.server_port}"
        threading.Thread(target=self._server.serve_forever, daemon=True).start()

    def attributes(self, name):
        return {one.key: getattr(one.value, one.value.WhichOneof("value")) for one in self.spans[name].attributes}

    def stop(self):
        self._server.shutdown()
        self._server.server_close()


@pytest.fixture
def collector(monkeypatch):
    made = Collector()
    monkeypatch.setenv("OTEL_EXPORTER_OTLP_ENDPOINT", made.url)
    monkeypatch.setenv("OTEL_BSP_SCHEDULE_DELAY", "50")
    yield made
    traces.shut_down()
    made.stop()


def asked(paid_site, mode):
    site = paid_site(traces=mode)
    site.publish(1, 1, "<p>The shop opens at seven in the morning.</p>", title="Hours")
    response = site.post("/v1/ask", QUESTION, Traceparent=PARENT)
    assert response.json["outcome"] == "answered"


def test_a_question_is_one_trace_without_its_words(paid_site, collector):
    asked(paid_site, "on")
    until(lambda: "POST /v1/ask" in collector.spans)
    spans = collector.spans
    request = spans["POST /v1/ask"]
    assert (request.trace_id.hex(), request.parent_span_id.hex()) == tuple(PARENT.split("-")[1:3])
    embeddings = next(span for name, span in spans.items() if name.startswith("embeddings "))
    assert embeddings.parent_span_id == spans["retrieval"].span_id
    for name in ("retrieval", "chat gpt-4o-mini", "check"):
        assert spans[name].parent_span_id == request.span_id, name
    chat = collector.attributes("chat gpt-4o-mini")
    assert chat["gen_ai.operation.name"] == "chat"
    assert (chat["gen_ai.provider.name"], chat["gen_ai.request.model"]) == ("openai", "gpt-4o-mini")
    assert (chat["gen_ai.usage.input_tokens"], chat["gen_ai.usage.output_tokens"]) == (120, 9)
    assert collector.attributes("POST /v1/ask")["http.response.status_code"] == 200
    assert collector.attributes("check")["gen_ai.evaluation.score.label"] == "supported"
    assert "seven" not in str(spans) and "shop" not in str(spans)


def test_indexing_is_a_trace_of_its_own(paid_site, collector):
    site = paid_site(traces="on")
    site.publish(7, 1, "<p>The shop opens at seven in the morning.</p>", title="Hours")
    until(lambda: "index" in collector.spans)
    spans = collector.spans
    embeddings = next(name for name in spans if name.startswith("embeddings "))
    for name in ("read", embeddings, "store"):
        assert spans[name].parent_span_id == spans["index"].span_id, name
    assert collector.attributes("read") == {"rag_ask.site": site.site_id, "rag_ask.post": 7}
    assert "seven" not in str(spans)


def test_words_are_sent_where_they_are_wanted(paid_site, collector):
    asked(paid_site, "texts")
    until(lambda: "POST /v1/ask" in collector.spans)
    assert collector.attributes("retrieval")["gen_ai.retrieval.query.text"] == QUESTION["question"]
    chat = collector.attributes("chat gpt-4o-mini")
    assert QUESTION["question"] in chat["gen_ai.input.messages"]
    assert "seven" in chat["gen_ai.output.messages"]


def test_a_call_that_fails_is_marked(paid_site, collector, model_server):
    site = paid_site(traces="on")
    site.publish(1, 1, "<p>The shop opens at seven in the morning.</p>", title="Hours")
    model_server.chat.append(openai_server.status(400))
    site.post("/v1/ask", QUESTION)
    until(lambda: "POST /v1/ask" in collector.spans)
    assert collector.attributes("chat gpt-4o-mini")["error.type"] == "provider_rejected"


def test_nothing_is_imported_while_they_are_off():
    # The client of Redis imports the metrics where they are installed.
    of_traces = (
        "[name for name in sys.modules if name.startswith(('opentelemetry.sdk.trace', 'opentelemetry.exporter'))]"
    )
    lines = f"import sys, rag_ask.api.serve, rag_ask.worker; print({of_traces})"
    done = subprocess.run([sys.executable, "-c", lines], capture_output=True, text=True, timeout=60)
    assert done.stdout.strip() == "[]"
