"""Timestamps as messages carry them (RFC 3339). Pure."""

from __future__ import annotations

from datetime import UTC, datetime


def rfc3339(moment: datetime | None) -> str | None:
    """`2026-01-31T09:00:00Z`, in whole seconds; None for none."""
    return moment.astimezone(UTC).isoformat(timespec="seconds").replace("+00:00", "Z") if moment else None
