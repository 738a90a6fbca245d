"""Metrics: what this process counts for `/metrics`. What is in the database is read when it is asked for.

No label holds a site or a text, so that there are as many series with a thousand sites as with one.
"""

from __future__ import annotations

from prometheus_client import Counter, Gauge, Histogram

SECONDS = (0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10, 30, 60)

QUESTIONS = Counter(
    "rag_ask_questions", "Questions that were answered, by outcome; broken off: failed, left", ["outcome"]
)
ANSWER_SECONDS = Histogram("rag_ask_answer_seconds", "From the question to the end of its answer", buckets=SECONDS)
FIRST_WORD_SECONDS = Histogram("rag_ask_first_word_seconds", "From the question to the first word", buckets=SECONDS)
RETRIEVAL_SECONDS = Histogram(
    "rag_ask_retrieval_seconds", "One search, the question's embedding included", buckets=SECONDS
)
CACHE = Counter("rag_ask_cache", "Answers that were looked for in the cache: hit, miss", ["result"])
RATE_LIMITED = Counter("rag_ask_rate_limited", "Questions that a limit refused")
STREAMS = Gauge("rag_ask_streams", "Questions being answered now", multiprocess_mode="livesum")
PROVIDER_ERRORS = Counter("rag_ask_provider_errors", "Failed calls: an HTTP status, timeout or connection", ["code"])
BREAKER_OPEN = Gauge("rag_ask_breaker_open", "1 while the answer model is left alone", multiprocess_mode="livemax")
