"""Environment variables -> typed values, with every problem collected."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from pathlib import Path
from typing import TypeVar
from urllib.parse import urlsplit

MIN_SECRET_BYTES = 32
T = TypeVar("T")


class Reader:
    """Reads one variable at a time and collects what is wrong with it."""

    def __init__(self, environment: Mapping[str, str]) -> None:
        self.environment = environment
        self.problems: list[str] = []

    def text(self, name: str, default: str) -> str:
        return self.environment.get(name, "").strip() or default

    def file_or_text(self, name: str) -> str:
        path = self.text(f"{name}_FILE", "")
        if not path:
            return self.text(name, "")
        try:
            return Path(path).read_text(encoding="utf-8").strip()
        except (OSError, UnicodeDecodeError) as error:
            self.problems.append(f"{name}_FILE: {path} cannot be read ({error.__class__.__name__})")
            return ""

    def secret(self, name: str) -> str:
        value = self.file_or_text(name)
        if len(value.encode()) < MIN_SECRET_BYTES:
            self.problems.append(
                f"{name}: must be at least {MIN_SECRET_BYTES} random bytes; "
                f"make one with: python3 -c 'import secrets; print(secrets.token_urlsafe(32))'"
            )
        return value

    def prices(self, name: str) -> tuple[float, float] | None:
        text = self.text(name, "")
        if not text:
            return None
        try:
            read, written = (float(part) for part in text.split(","))
        except ValueError:
            read = written = float("nan")
        if not (0 <= read <= 10_000 and 0 <= written <= 10_000):
            self.problems.append(f"{name}: must read like '0.15,0.60' (USD for a million tokens read, and written)")
        return read, written

    def url(self, name: str, default: str, schemes: tuple[str, ...]) -> str:
        value = self.text(name, default)
        if urlsplit(value).scheme not in schemes:
            self.problems.append(f"{name}: must be a URL that starts with {schemes[0]}://")
        return value

    def optional_url(self, name: str, schemes: tuple[str, ...]) -> str:
        return self.url(name, "", schemes) if self.text(name, "") else ""

    def choice(self, name: str, default: str, choices: tuple[str, ...]) -> str:
        """One of the choices; `prefix:FOLDER` is any value that begins with the prefix."""
        value = self.text(name, default)
        prefixes = tuple(choice.removesuffix("FOLDER") for choice in choices if choice.endswith(":FOLDER"))
        is_folder = value.startswith(prefixes) and value not in prefixes
        if value not in choices and not is_folder:
            self.problems.append(f"{name}: must be one of {', '.join(choices)}")
        return value

    def number(self, name: str, default: int, low: int, high: int) -> int:
        return self._parsed(name, int, default, low, high)

    def decimal(self, name: str, low: int, high: int) -> float | None:
        return self._parsed(name, float, None, low, high)

    def limits(self, name: str, default: str) -> str:
        from limits import parse_many

        value = self.text(name, default)
        try:
            parse_many(value)
        except ValueError:
            self.problems.append(f"{name}: must read like '10 per minute; 200 per day'")
        return value

    def _parsed(self, name: str, parse: Callable[[str], float], default: T, low: int, high: int) -> T:
        text = self.text(name, "")
        if not text:
            return default
        try:
            value = parse(text)
        except ValueError:
            value = float("nan")
        if not low <= value <= high:
            self.problems.append(f"{name}: must be a number from {low} to {high}")
        return value  # type: ignore[return-value]
