"""Field types of messages: ids, versions, texts, timestamps."""

from __future__ import annotations

import re
from datetime import datetime
from typing import Annotated

from pydantic import AfterValidator, BeforeValidator, Field, StringConstraints

BIGINT_MAX = 2**63 - 1


def _is_whole(value: object) -> object:
    """JSON Schema takes 1.0 for an integer. Above 2^53 a float does not say which one."""
    return int(value) if isinstance(value, float) and value.is_integer() and abs(value) <= 2**53 else value


Integer = Annotated[int, Field(strict=True), BeforeValidator(_is_whole)]
PostId = Annotated[Integer, Field(gt=0, le=BIGINT_MAX)]
Version = Annotated[Integer, Field(gt=0, le=BIGINT_MAX)]
LanguageTag = Annotated[str, StringConstraints(pattern=r"^[A-Za-z0-9]+([-_][A-Za-z0-9]+)*$", max_length=35)]
# What a filter names is compared with rows as it is, and Postgres cannot hold NUL.
NoNul = StringConstraints(pattern=r"^[^\x00]*$")
Hash = Annotated[str, StringConstraints(max_length=64)]
Priority = Annotated[Integer, Field(ge=0, le=1)]


RFC3339 = re.compile(r"\d{4}-\d\d-\d\d[Tt]\d\d:\d\d:\d\d(\.\d+)?([Zz]|[+-]\d\d:\d\d)", re.ASCII)


def _is_date(value: object) -> object:
    """Pydantic takes figures, in quotes too, for seconds since 1970."""
    if not isinstance(value, datetime) and not (isinstance(value, str) and re.match(r"\d{4}-", value)):
        raise ValueError("must be a date and time, such as 2026-01-31T09:00:00Z")
    return value


def _is_rfc3339(value: object) -> object:
    if not isinstance(value, str) or not RFC3339.fullmatch(value):
        raise ValueError("must be a date and time with a time zone, such as 2026-01-31T09:00:00Z")
    return value


def _is_in_range(moment: datetime) -> datetime:
    """Refuse what is before the year 1 or after 9999 in another time zone: Postgres holds it, Python does not."""
    if not 1 < moment.year < 9999:
        raise ValueError("the year must be 2 to 9998")
    return moment


Moment = Annotated[datetime, BeforeValidator(_is_date), AfterValidator(_is_in_range)]
ExactMoment = Annotated[datetime, BeforeValidator(_is_rfc3339), AfterValidator(_is_in_range)]


def is_storable(text: str) -> bool:
    """Whether Postgres can hold the text as it is."""
    return storable(text) == text


def storable(text: str) -> str:
    """The text without what JSON can carry and Postgres cannot hold: NUL and halves of surrogate pairs."""
    return text.replace("\x00", "").encode("utf-8", "ignore").decode()
