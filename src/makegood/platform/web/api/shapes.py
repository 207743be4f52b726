"""What every answer and every request has in common."""

from __future__ import annotations

from datetime import UTC, date, datetime
from typing import Annotated, Any, Generic, TypeVar

from ninja import Field, Schema
from pydantic import AfterValidator, AwareDatetime, BaseModel, ConfigDict, StringConstraints, model_validator

_T = TypeVar("_T")
_FIRST, _LAST = 1970, 2200


class Trouble(Schema):
    """What is wrong: a sentence, and where it is about a text or a file, the places."""

    detail: Any
    findings: list[str] = Field(default_factory=list)


TROUBLES: dict[int, Any] = {
    400: Trouble,
    401: Trouble,
    403: Trouble,
    404: Trouble,
    409: Trouble,
    413: Trouble,
    415: Trouble,
    422: Trouble,
    429: Trouble,
}
"""What any request may be answered with instead."""


class Paging(Schema):
    """Which part of a list: so many items at most, from this one on."""

    limit: int = Field(100, ge=1, le=500)
    offset: int = Field(0, ge=0, le=1_000_000_000)


class Listed(Schema, Generic[_T]):
    """Part of a list, and how many items the key could see of it."""

    items: list[_T]
    total: int


class In(BaseModel):
    """What a request says: nothing that is not asked for, and no characters that no text has."""

    model_config = ConfigDict(extra="forbid")

    @model_validator(mode="before")
    @classmethod
    def refuse_what_is_no_text(cls, given: Any) -> Any:
        _refuse_what_is_no_text(given)
        return given


def _in_our_time(moment: datetime) -> datetime:
    if not _FIRST <= moment.year < _LAST:
        raise ValueError(f"an instant lies between {_FIRST} and {_LAST}")
    return moment.astimezone(UTC).replace(microsecond=0)


def _day_of_ours(day: date) -> date:
    if not _FIRST <= day.year < _LAST:
        raise ValueError(f"a day lies between {_FIRST} and {_LAST}")
    return day


def _refuse_what_is_no_text(value: Any) -> None:
    if isinstance(value, str):
        if "\x00" in value or any("\ud800" <= each <= "\udfff" for each in value):
            raise ValueError("the text has characters in it that no text has")
    elif isinstance(value, dict):
        for name, each in value.items():
            _refuse_what_is_no_text(name)
            _refuse_what_is_no_text(each)
    elif isinstance(value, list):
        for each in value:
            _refuse_what_is_no_text(each)


Moment = Annotated[AwareDatetime, AfterValidator(_in_our_time)]
"""An instant with its offset, kept in whole seconds."""
Day = Annotated[date, AfterValidator(_day_of_ours)]
Word = Annotated[str, StringConstraints(max_length=100)]
Line = Annotated[str, StringConstraints(max_length=200)]
Name = Annotated[str, StringConstraints(max_length=300)]
Prose = Annotated[str, StringConstraints(max_length=10_000)]
Text = Annotated[str, StringConstraints(max_length=1_000_000)]
"""The text of an agreement."""
