"""For all tests of the sidecar: Hypothesis judges what the code does, and never how long an example took."""

import logging
import os
from pathlib import Path

import pytest
from hypothesis import HealthCheck, settings

from rag_ask import logs

settings.register_profile("any machine", deadline=None, suppress_health_check=[HealthCheck.too_slow])
settings.load_profile("any machine")

logs.configure("INFO")

# Where `scripts/test` puts the model of the default embedder.
os.environ.setdefault("RAG_ASK_MODELS_DIR", str(Path(__file__).parents[2] / ".state" / "models"))


@pytest.fixture(autouse=True)
def log_level():
    """A command that a test runs in this process sets a level of its own."""
    yield
    logging.getLogger().setLevel("INFO")
