"""Traces: spans of a question's way and of indexing, by OpenTelemetry's conventions for generative AI, sent by OTLP.

While they are off, nothing of OpenTelemetry is imported and a span costs a comparison. OpenTelemetry's own variables
say where they are sent to (`OTEL_EXPORTER_OTLP_ENDPOINT`).
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from contextlib import AbstractContextManager, contextmanager, nullcontext
from typing import Any

Attributes = Mapping[str, Any]
# Adds attributes to a span.
Note = Callable[[Attributes], object]

NONE: Attributes = {}
_OFF: AbstractContextManager[Note] = nullcontext(lambda attributes: None)

_tracer: Any = None
_provider: Any = None
_keeps_texts = False


def configure(mode: str) -> None:
    """mode: `off`, `on`, or `texts`, which keeps the words of questions and answers too. It starts a thread."""
    global _tracer, _provider, _keeps_texts
    if mode == "off":
        return
    from opentelemetry.exporter.otlp.proto.http.trace_exporter import OTLPSpanExporter
    from opentelemetry.sdk.resources import SERVICE_NAME, Resource
    from opentelemetry.sdk.trace import TracerProvider
    from opentelemetry.sdk.trace.export import BatchSpanProcessor

    # OTEL_SERVICE_NAME wins.
    _provider = TracerProvider(resource=Resource({SERVICE_NAME: "rag-ask"}).merge(Resource.create()))
    _provider.add_span_processor(BatchSpanProcessor(OTLPSpanExporter()))
    _tracer, _keeps_texts = _provider.get_tracer("rag_ask"), mode == "texts"


def shut_down() -> None:
    """Send what is left, and make no more spans. A process that ends does it by itself."""
    global _tracer, _provider
    if _provider is not None:
        _provider.shutdown()
    _tracer = _provider = None


def is_on() -> bool:
    """Whether spans are made."""
    return _tracer is not None


def span(name: str, attributes: Attributes = NONE) -> AbstractContextManager[Note]:
    """A span around what this thread does, within the one that it is in."""
    return _OFF if _tracer is None else _span(name, attributes)


def note(attributes: Attributes) -> None:
    """Add attributes to the span that this thread is in."""
    if _tracer is not None:
        from opentelemetry.trace import get_current_span

        get_current_span().set_attributes(attributes)


def texts(**words: Any) -> dict[str, Any]:
    """These attributes where texts are kept, otherwise none."""
    return words if _tracer is not None and _keeps_texts else {}


def served(name: str, headers: Mapping[str, str], attributes: Attributes) -> Callable[[Attributes], None]:
    """Begin the span of a request; what is returned ends it, in the same thread. headers: may name a trace it is of."""
    from opentelemetry import context
    from opentelemetry.trace import SpanKind, set_span_in_context
    from opentelemetry.trace.propagation.tracecontext import TraceContextTextMapPropagator

    parent = TraceContextTextMapPropagator().extract({key.lower(): value for key, value in headers.items()})
    begun = _tracer.start_span(name, parent, SpanKind.SERVER, attributes)
    # The thread has handled other requests before.
    token = context.attach(set_span_in_context(begun, parent))

    def end(attributes: Attributes) -> None:
        begun.set_attributes(attributes)
        begun.end()
        context.detach(token)

    return end


def begin(name: str, attributes: Attributes) -> tuple[Note, Callable[[Exception | None], None]]:
    """A span that other work goes on beside: add attributes by the first function, end it by the second."""
    begun = _tracer.start_span(name, attributes=attributes)

    def end(error: Exception | None) -> None:
        if error is not None:
            _fail(begun, error)
        begun.end()

    return begun.set_attributes, end


@contextmanager
def _span(name: str, attributes: Attributes) -> Iterator[Note]:
    # An exception's message may hold words.
    with _tracer.start_as_current_span(
        name, attributes=attributes, record_exception=False, set_status_on_exception=False
    ) as begun:
        try:
            yield begun.set_attributes
        except Exception as error:
            _fail(begun, error)
            raise


def _fail(begun: Any, error: Exception) -> None:
    from opentelemetry.trace import StatusCode

    begun.set_status(StatusCode.ERROR)
    begun.set_attribute("error.type", getattr(error, "code", "") or type(error).__name__)
