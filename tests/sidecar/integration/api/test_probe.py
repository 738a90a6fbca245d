"""The probe of a visitor's path: a stream that costs no question."""

import contract
import pytest

from rag_ask.api.rate_limits import PROBE_LIMITS
from rag_ask.api.routes import probe


@pytest.fixture(autouse=True)
def without_waiting(monkeypatch):
    monkeypatch.setattr(probe, "INTERVAL_S", 0)


def test_the_stream_is_the_contract(wordpress):
    response = wordpress.post("/v1/probe", {})
    assert response.text == contract.message("probe-stream")["bytes"]
    assert response.mimetype == "text/event-stream"
    assert response.headers["X-Accel-Buffering"] == "no"


def test_it_takes_a_visitors_token_and_counts_no_question(wordpress):
    assert wordpress.client.post("/v1/probe").json["error"]["code"] == "token_missing"
    most = int(PROBE_LIMITS.split()[0])
    codes = [wordpress.post("/v1/probe", {}).status_code for _ in range(most + 1)]
    assert codes == [200] * most + [429]
    assert wordpress.post("/v1/ask", {"question": "When does the shop open?"}).status_code == 200
