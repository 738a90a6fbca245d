"""The assertion that other tests use tells linear from quadratic work."""

from __future__ import annotations

import pytest
from linear import assert_linear


def test_linear_work_passes() -> None:
    assert_linear(sum, range, 20_000, 160_000)


def test_quadratic_work_does_not() -> None:
    with pytest.raises(AssertionError, match="8 times as much took"):
        assert_linear(lambda size: sum(range(size * size)), int, 200, 1600)
