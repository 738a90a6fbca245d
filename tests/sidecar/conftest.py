"""For all tests of the sidecar: Hypothesis judges what the code does, and never how long an example took."""

from hypothesis import HealthCheck, settings

settings.register_profile("any machine", deadline=None, suppress_health_check=[HealthCheck.too_slow])
settings.load_profile("any machine")
