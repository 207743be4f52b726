"""What the API takes and gives."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from ninja import Field, Schema


class Trouble(Schema):
    """What is wrong: a sentence, and where it is about a text or a file, the places."""

    detail: Any
    findings: list[str] = Field(default_factory=list)


TROUBLES: dict[int, Any] = {401: Trouble, 403: Trouble, 404: Trouble, 409: Trouble, 422: Trouble, 429: Trouble}


class AgreementOut(Schema):
    """An agreement between a provider and a customer."""

    identifier: str = Field(alias="slug")
    title: str
    provider: str = Field(alias="provider.slug")
    customer: str = Field(alias="customer.slug")
    state: str


class VersionOut(Schema):
    """A text of an agreement."""

    number: int
    state: str
    digest: str
    text: str


class PeriodOut(Schema):
    """A period of an agreement."""

    label: str
    starts_at: datetime
    ends_at: datetime | None
    closes_at: datetime | None
    state: str
    closed_at: datetime | None


class VerdictOut(Schema):
    """A verdict; ``credit`` is in minor units of ``currency``, and absent for those who may not see money."""

    number: int = Field(alias="pk")
    period: str = Field(alias="period.label")
    outcome: str
    stage: str
    ruling: str
    value: str = Field(alias="shown")
    target: str
    coverage: str
    credit: int | None
    currency: str
    snapshot: int
    digest: str
    judged_at: datetime


class VerdictWhole(VerdictOut):
    """A verdict with everything that it rests on."""

    form: dict[str, Any]
    credit_form: dict[str, Any] | None


class BatchOut(Schema):
    """Records that were accepted together."""

    key: str
    name: str
    source: str
    sha256: str
    records: int
    known: int
    refused: int
    entry: int
    received_at: datetime


class ArrivedOut(Schema):
    """What came of something that the agreement asks for, and since when it is missing."""

    what: str
    outcomes: list[str]
    source: str
    records: int
    last_at: datetime | None
    missing_since: datetime | None


class DisputeOut(Schema):
    """That a party says a record is wrong."""

    number: int = Field(alias="pk")
    period: str
    outcome: str
    record: str
    reason: str
    state: str
    raised_at: datetime
    answer_by: datetime
    decision: str
