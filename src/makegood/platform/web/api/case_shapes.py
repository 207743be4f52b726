"""What requests about cases say, and what they are answered with."""

from __future__ import annotations

from datetime import datetime
from typing import Annotated

from ninja import Field, Schema
from pydantic import WithJsonSchema

from makegood.platform.evidence.service_desk.models import Level, Message, State, Transfer
from makegood.platform.web.api.shapes import In, Line, Moment, Prose, Word

Degree = Annotated[Level, WithJsonSchema({"type": "string", "enum": Level.values})]
Reason = Annotated[Transfer.Reason, WithJsonSchema({"type": "string", "enum": Transfer.Reason.values[1:]})]
Said = Annotated[Message.Kind, WithJsonSchema({"type": "string", "enum": ["PAGE", "CALL", "NOTE"]})]


class CaseOut(Schema):
    """A case as both sides see it."""

    number: int = Field(alias="pk")
    customer: str = Field(alias="customer.slug")
    agreement: str | None = Field(None, alias="contract.slug")
    kind: str
    service: str
    title: str
    channel: str
    requester: str = Field(alias="requester_name")
    affected: str
    symptoms: str
    to_recreate: str
    changed_before: str
    state: str
    held_for: str
    impact: str
    urgency: str
    priority: str
    owner: str = Field(alias="owner.name")
    coverage: str
    opened_at: datetime
    responded_at: datetime | None
    resolved_at: datetime | None
    closed_at: datetime | None
    update_due_at: datetime | None
    resolution: str
    reopened: int
    major_since: datetime | None


class QueuedOut(Schema):
    """An open case in the queue; ``per_hour`` is what it puts at stake with each hour, in minor units."""

    number: int
    customer: str
    title: str
    priority: str
    state: str
    owner: str
    due_at: datetime | None
    per_hour: int | None
    currency: str


class QueuePart(Schema):
    """Part of the queue, and whether there is ``more`` of it; how many there are ``/desk/sizes`` counts."""

    items: list[QueuedOut]
    more: bool


class OpenIn(In):
    """What is reported or asked for."""

    customer: Word
    title: Line
    kind: Word = "incident"
    service: Word = ""
    requester_name: Line = ""
    requester_email: Line = ""
    requester_phone: Annotated[str, Field(max_length=40)] = ""
    affected: Prose = ""
    symptoms: Prose = ""
    to_recreate: Prose = ""
    changed_before: Prose = ""
    impact: Degree = Level.MEDIUM
    urgency: Degree = Level.MEDIUM
    opened_at: Moment | None = None


class MessageIn(In):
    """A message; what is not ``public`` only those who work on the case read."""

    text: Prose
    public: bool = True
    update: bool = False
    kind: Said = Message.Kind.PAGE
    at: Moment | None = None


class MessageOut(Schema):
    """Something that was said about a case, with the numbers of its files."""

    number: int = Field(alias="pk")
    kind: str
    public: bool
    who: str
    text: str
    at: datetime
    files: list[int]

    @staticmethod
    def resolve_files(kept: Message) -> list[int]:
        return [each.pk for each in kept.attachments.all() if not each.refused]


class CaseStepOut(Schema):
    """A change of a case, as it is kept as evidence."""

    number: int
    word: str
    at: datetime
    state: str
    held_for: str
    priority: str


class ClockOut(Schema):
    """A limit of a case as it stands now; a miss costs the ``stake``, in minor units, for those who may see money."""

    outcome: str
    step: str
    limit: str
    standing: str
    elapsed: int
    due_at: datetime | None
    done_at: datetime | None
    stake: int | None


class AtIn(In):
    """When it was, if it was earlier."""

    at: Moment | None = None


class MoveIn(In):
    """The state that a case is in; on hold for resolution with what for."""

    to: Annotated[State, WithJsonSchema({"type": "string", "enum": State.values})]
    held_for: Word = ""
    why: Prose = ""
    at: Moment | None = None


class ResolveIn(In):
    """What was done."""

    resolution: Prose
    at: Moment | None = None


class CloseCaseIn(In):
    """Who of the customer confirmed it."""

    told_by: Line


class WhyIn(In):
    """What is still wrong, or why it is not needed."""

    why: Prose


class TransferIn(In):
    """The e-mail address of the next owner, and why."""

    to: Line
    reason: Reason
    why: Prose = ""


class ReferIn(In):
    """What which affiliate is to do."""

    affiliate: Word
    why: Prose


class PriorityIn(In):
    """How much a case touches, how soon it hurts, and why that changed."""

    impact: Degree
    urgency: Degree
    why: Prose


class KindIn(In):
    """What a case is instead of what it was taken for, and why; without a ``service`` it stays about the same."""

    kind: Word
    service: Word | None = None
    why: Prose


class RelateIn(In):
    """The other case."""

    to: Annotated[int, Field(ge=1, lt=2**63)]
    as_duplicate: bool = False


class CaseCauseIn(In):
    """Who or what caused a case; of an affiliate its identifier."""

    cause: Word
    affiliate: Word = ""


class TakeStepIn(In):
    """A step that the agreement promises, with what it needs on record."""

    word: Word
    labels: dict[Word, Line] = Field(default_factory=dict)
    at: Moment | None = None


class InstructionIn(In):
    """What is to be known; without a text nothing is any more."""

    text: Prose
    service: Word = ""


class InstructionOut(Schema):
    """What whoever works on a case of a customer has to know."""

    service: str
    text: str
    written_by: str = Field(alias="written_by.name")
    at: datetime


class Filter(Schema):
    """Which cases; without ``closed`` those that are open."""

    customer: str = Field("", max_length=60)
    state: str = Field("", max_length=8)
    priority: str = Field("", max_length=60)
    service: str = Field("", max_length=100)
    words: str = Field("", max_length=200)
    closed: bool = False
    owner: str = Field("", max_length=254)


class QueueFilter(Filter):
    """Which open cases, or only those that are due within the hour; the owner goes by their e-mail address."""

    soon: bool = False
