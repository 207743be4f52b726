"""Shapes of what programs say and hear of changes."""

from __future__ import annotations

from datetime import date, datetime
from typing import Annotated, Any

from ninja import Field, Schema
from pydantic import WithJsonSchema

from makegood.platform.evidence.changes.models import Kind, Review
from makegood.platform.evidence.service_desk.models import Level
from makegood.platform.web.api.shapes import Day, In, Line, Moment, Paging, Prose, Word

_Kind = Annotated[Kind, WithJsonSchema({"type": "string", "enum": Kind.values})]
_Level = Annotated[Level, WithJsonSchema({"type": "string", "enum": Level.values})]
_Impact = Annotated[str, Field(pattern="^(low|high)$"), WithJsonSchema({"type": "string", "enum": ["low", "high"]})]
_Result = Annotated[Review.Result, WithJsonSchema({"type": "string", "enum": Review.Result.values})]
_Number = Annotated[int, Field(ge=1, lt=2**63)]


class RfcText(In):
    """What a request for change says; what it costs is in minor units."""

    title: Line
    kind: _Kind = Kind.NORMAL
    impact: _Impact = "low"
    priority: _Level = Level.MEDIUM
    service: Word = ""
    technology: Word = ""
    need: Prose = ""
    desired: Prose = ""
    affected: Prose = ""
    means: Prose = ""
    deadline: Day | None = None
    continuity: Prose = ""
    cost: Annotated[int, Field(ge=0, lt=10**15)] | None = None
    currency: Annotated[str, Field(pattern="^([A-Z]{3})?$")] = ""
    budget: Word = ""
    components: Prose = ""
    vulnerability: Prose = ""
    package: Prose = ""
    urgency: Annotated[str, Field(pattern="^(low|medium|high)?$")] = ""
    proposed_at: Moment | None = None
    testing: Prose = ""
    starts_at: Moment | None = None
    ends_at: Moment | None = None


class RfcIn(RfcText):
    """A request for change of a customer, also because of a case or a problem, or by a standard change."""

    customer: Word
    case: _Number | None = None
    problem: _Number | None = None
    standard_change: _Number | None = None


class RfcOut(Schema):
    """A request for change, and how far it is."""

    number: int = Field(alias="pk")
    customer: str = Field(alias="customer.slug")
    title: str
    kind: str
    origin: str
    state: str
    service: str
    technology: str
    need: str
    desired: str
    affected: str
    means: str
    deadline: date | None
    continuity: str
    cost: int | None
    currency: str
    budget: str
    priority: str
    impact: str
    components: str
    vulnerability: str
    package: str
    urgency: str
    proposed_at: datetime | None
    testing: str
    manager: str | None = Field(None, alias="manager.name")
    release: int | None = Field(None, alias="release_id")
    problem: int | None = Field(None, alias="problem_id")
    starts_at: datetime | None
    ends_at: datetime | None
    requested_at: datetime | None
    authorised_at: datetime | None
    released_at: datetime | None


class RfcRecord(Schema):
    """All that is kept of a change, as a file to keep."""

    record: dict[str, Any]
    conflicts: list[str]
    similar: list[int]


class RfcFilter(Paging):
    """Which changes are listed."""

    state: str = ""
    words: str = Field("", max_length=200)


class Reason(In):
    """Why."""

    why: Prose


class RfcPriority(Reason):
    """How soon a change is wanted, how much it touches, and why."""

    priority: _Level
    impact: _Impact


class RfcMember(In):
    """Who votes in a committee, by e-mail, and why they were asked."""

    person: Line
    expertise: Line = ""


class RfcAuthorisation(In):
    """Who sits in the committee of a change of high impact."""

    members: list[RfcMember] = Field(default_factory=list, max_length=50)
    why: Prose = ""


class RfcManager(In):
    """Who manages a change, by e-mail."""

    person: Line


class RfcAnswer(In):
    """Yes or no, and why."""

    approve: bool
    why: Prose = ""


class RfcPlan(In):
    """When a change is made; against what stands there only with a reason."""

    starts_at: Moment
    ends_at: Moment
    why: Prose = ""


class TrialIn(In):
    """That a change was tested: by whom, what, where and with which result."""

    tester: Line
    what: Prose
    passed: bool
    environment: Prose
    differences: Prose


class TrialOut(Schema):
    """That a change was tested."""

    number: int = Field(alias="pk")
    tester: str
    what: str
    passed: bool
    environment: str
    differences: str
    at: datetime


class RfcMoment(In):
    """When something was done; without it, now."""

    at: Moment | None = None


class RfcReview(In):
    """How a change went."""

    result: _Result
    text: Prose


class RfcCase(In):
    """The number of a case."""

    case: _Number
