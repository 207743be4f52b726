"""Cases with their steps, clocks and owners."""

from __future__ import annotations

from typing import Final

import pgtrigger
from django.contrib.postgres.indexes import GinIndex
from django.contrib.postgres.search import SearchVector
from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

SOURCE: Final = "makegood-desk"
"""The source of the evidence that the desk leaves."""


class Channel(models.TextChoices):
    """How a case came in."""

    MAIL = "MAIL", _("e-mail")
    PORTAL = "PORTAL", _("portal")
    PHONE = "PHONE", _("telephone")
    API = "API", _("program")
    TEMPLATE = "TEMPLATE", _("recurring")
    REFERRAL = "REFERRAL", _("referral")


class State(models.TextChoices):
    """The seven states of a case."""

    NEW = "NEW", _("new")
    OPEN = "OPEN", _("open")
    RESEARCH = "RESEARCH", _("hold for research or testing")
    HELD = "HELD", _("hold for resolution")
    PENDING = "PENDING", _("pending, fix identified")
    RFC = "RFC", _("RFC submitted")
    CLOSED = "CLOSED", _("closed")


class HeldFor(models.TextChoices):
    """Why a case is on hold for resolution."""

    INFORMATION = "INFORMATION", _("waiting for information from the customer")
    APPOINTMENT = "APPOINTMENT", _("waiting for a day that the customer chose")
    CONFIRMATION = "CONFIRMATION", _("resolved, waiting for confirmation")


class Level(models.TextChoices):
    """How much a case touches, or how soon it hurts."""

    HIGH = "high", _("high")
    MEDIUM = "medium", _("medium")
    LOW = "low", _("low")


class Coverage(models.TextChoices):
    """Who pays for the work on a case."""

    COVERED = "COVERED", _("covered by the fee")
    NEEDS_PERMISSION = "NEEDS_PERMISSION", _("billable, needs permission")
    BILLABLE = "BILLABLE", _("billable, permitted")
    OUT_OF_COVER = "OUT_OF_COVER", _("out of cover, handed back")


class Cause(models.TextChoices):
    """Who or what caused a case."""

    PROVIDER = "PROVIDER", _("the provider")
    CUSTOMER = "CUSTOMER", _("the customer")
    HARDWARE = "HARDWARE", _("hardware")
    AFFILIATE = "AFFILIATE", _("an affiliate")
    UNKNOWN = "UNKNOWN", _("unknown")


class Case(models.Model):
    """Something that a customer reported or asked for.

    ``provider`` looks after it for ``customer``, by ``version``, the text that was in force when it was opened. Without
    a contract no limits run. ``kind`` and ``priority`` are words of the agreement. A case that ``refers`` to another
    was given to an affiliate for its sake. ``steps_written`` counts its steps; the first ``steps_replaced`` of them no
    longer count.
    """

    provider = models.ForeignKey("parties.Organisation", models.PROTECT, related_name="+")
    customer = models.ForeignKey("parties.Organisation", models.PROTECT, related_name="+")
    contract = models.ForeignKey("contracts.Contract", models.PROTECT, related_name="+", null=True)
    version = models.ForeignKey("contracts.Version", models.PROTECT, related_name="+", null=True)
    kind = models.CharField(_("kind"), max_length=60)
    service = models.CharField(_("service"), max_length=100, blank=True)
    title = models.CharField(_("what it is about"), max_length=200)
    channel = models.CharField(_("came in by"), max_length=8, choices=Channel)

    requester = models.ForeignKey("access.Person", models.PROTECT, related_name="+", null=True)
    requester_name = models.CharField(_("reported by"), max_length=200)
    requester_email = models.EmailField(_("e-mail"), blank=True)
    requester_phone = models.CharField(_("telephone"), max_length=40, blank=True)
    site = models.ForeignKey("parties.Site", models.PROTECT, related_name="+", null=True)
    affected = models.TextField(_("devices and services affected"), blank=True)
    symptoms = models.TextField(_("symptoms and messages of errors"), blank=True)
    to_recreate = models.TextField(_("steps to see it again"), blank=True)
    changed_before = models.TextField(_("what changed around that time"), blank=True)

    state = models.CharField(_("state"), max_length=8, choices=State, default=State.NEW)
    held_for = models.CharField(_("on hold for"), max_length=12, choices=HeldFor, blank=True)
    impact = models.CharField(_("impact"), max_length=6, choices=Level)
    urgency = models.CharField(_("urgency"), max_length=6, choices=Level)
    priority = models.CharField(_("priority"), max_length=60)
    owner = models.ForeignKey("access.Person", models.PROTECT, related_name="+")
    coverage = models.CharField(_("coverage"), max_length=16, choices=Coverage)
    cause = models.CharField(_("cause"), max_length=9, choices=Cause, blank=True)
    caused_by = models.ForeignKey("parties.Organisation", models.PROTECT, related_name="+", null=True)

    parent = models.ForeignKey("self", models.PROTECT, related_name="parts", null=True)
    duplicate_of = models.ForeignKey("self", models.PROTECT, related_name="duplicates", null=True)
    refers = models.ForeignKey("self", models.PROTECT, related_name="referrals", null=True)
    major_since = models.DateTimeField(null=True)

    opened_at = models.DateTimeField()
    written_at = models.DateTimeField()
    responded_at = models.DateTimeField(null=True)
    resolved_at = models.DateTimeField(null=True)
    closed_at = models.DateTimeField(null=True)
    close_by = models.DateTimeField(null=True)
    told_at = models.DateTimeField(null=True)
    update_due_at = models.DateTimeField(null=True)
    resolution = models.TextField(_("what was done"), blank=True)
    reopened = models.PositiveSmallIntegerField(default=0)
    steps_written = models.PositiveIntegerField(default=0)
    steps_replaced = models.PositiveIntegerField(default=0)

    class Meta:
        ordering = ("-id",)
        constraints = (
            models.CheckConstraint(
                condition=Q(state="HELD") & ~Q(held_for="") | ~Q(state="HELD") & Q(held_for=""),
                name="a_case_on_hold_says_what_for",
            ),
            models.CheckConstraint(
                condition=Q(state="CLOSED", closed_at__isnull=False) | ~Q(state="CLOSED") & Q(closed_at=None),
                name="a_closed_case_says_since_when",
            ),
            models.CheckConstraint(
                condition=Q(contract=None, version=None) | Q(contract__isnull=False, version__isnull=False),
                name="a_case_of_a_contract_has_its_text",
            ),
            models.CheckConstraint(
                condition=~Q(parent=F("id")) & ~Q(duplicate_of=F("id")) & ~Q(refers=F("id")),
                name="a_case_is_no_part_of_itself",
            ),
        )
        indexes = (
            models.Index(fields=["customer", "-id"], name="cases_of_a_customer"),
            models.Index(fields=["contract", "-id"], name="cases_of_a_contract"),
            models.Index(fields=["owner", "-id"], condition=~Q(state="CLOSED"), name="open_cases_of_an_owner"),
            models.Index(fields=["requester", "-id"], name="cases_of_a_requester"),
            models.Index(fields=["close_by"], condition=Q(close_by__isnull=False), name="cases_to_close"),
            models.Index(fields=["update_due_at"], condition=Q(update_due_at__isnull=False), name="updates_due"),
            GinIndex(SearchVector("title", "symptoms", "resolution", config="simple"), name="words_of_cases"),
            GinIndex(fields=["title"], opclasses=["gin_trgm_ops"], name="titles_of_cases"),
        )
        triggers = (pgtrigger.Protect(name="keep_cases", operation=pgtrigger.Delete),)

    def __str__(self) -> str:
        return f"#{self.pk} {self.title}"

    @property
    def is_open(self) -> bool:
        """Whether somebody still has to do something for it."""
        return self.state != State.CLOSED

    @property
    def name(self) -> str:
        """What evidence calls it."""
        return f"{SOURCE}-{self.pk}"


class Step(models.Model):
    """A change of a case: evidence that it entered ``word`` at an instant; ``labels`` are what else it says.

    ``kind`` is what the case was taken for when this was written.
    """

    case = models.ForeignKey(Case, models.PROTECT, related_name="steps")
    number = models.PositiveIntegerField()
    kind = models.CharField(max_length=60)
    word = models.CharField(max_length=60)
    at = models.DateTimeField()
    priority = models.CharField(max_length=60)
    labels = models.JSONField(default=dict)
    state = models.CharField(max_length=8, choices=State)
    held_for = models.CharField(max_length=12, choices=HeldFor, blank=True)
    why = models.TextField(blank=True)
    person = models.ForeignKey("access.Person", models.PROTECT, related_name="+", null=True)
    who = models.CharField(max_length=200)
    written_at = models.DateTimeField()

    class Meta:
        ordering = ("case", "number")
        constraints = (models.UniqueConstraint(fields=["case", "number"], name="steps_of_a_case_are_numbered"),)
        triggers = (pgtrigger.Protect(name="keep_steps", operation=pgtrigger.Update | pgtrigger.Delete),)


class Reclassification(models.Model):
    """That a case was taken for something else than it is: for another kind, or as being about another service."""

    case = models.ForeignKey(Case, models.PROTECT, related_name="reclassifications")
    kind_before = models.CharField(max_length=60)
    kind = models.CharField(max_length=60)
    service_before = models.CharField(max_length=100, blank=True)
    service = models.CharField(max_length=100, blank=True)
    why = models.TextField()
    person = models.ForeignKey("access.Person", models.PROTECT, related_name="+", null=True)
    who = models.CharField(max_length=200)
    at = models.DateTimeField()

    class Meta:
        ordering = ("id",)
        triggers = (pgtrigger.Protect(name="keep_reclassifications", operation=pgtrigger.Update | pgtrigger.Delete),)

    @property
    def was(self) -> str:
        """What the case was taken for, in words of the agreement."""
        return _class(self.kind_before, self.service_before)

    @property
    def is_now(self) -> str:
        """What it is, in words of the agreement."""
        return _class(self.kind, self.service)


def _class(kind: str, service: str) -> str:
    return f"{kind} ({service})" if service else kind


class Unsent(models.Model):
    """A step that the vault of its contract does not have yet; with ``withdrawn_by`` that it no longer counts."""

    step = models.ForeignKey(Step, models.PROTECT, related_name="+")
    contract = models.ForeignKey("contracts.Contract", models.PROTECT, related_name="+")
    withdrawn_by = models.ForeignKey(Reclassification, models.PROTECT, related_name="+", null=True)

    class Meta:
        constraints = (
            models.UniqueConstraint(
                fields=["step", "withdrawn_by"], name="a_step_waits_once_to_be_sent", nulls_distinct=False
            ),
        )


class Clock(models.Model):
    """A limit of a case as the engine saw it at the last step.

    ``step`` is that of an outcome that promises several. ``due_at`` is when the limit is reached if nothing changes.
    ``levels`` are the instants at which parts of it are used up, by their percentages; ``next_level_at`` is the first
    of which nobody has heard yet. ``stake`` is what a miss would cost, in minor units of the agreement's currency.
    """

    class State(models.TextChoices):
        RUNNING = "RUNNING", _("running")
        PAUSED = "PAUSED", _("paused")
        STOPPED = "STOPPED", _("stopped")

    case = models.ForeignKey(Case, models.PROTECT, related_name="clocks")
    outcome = models.CharField(max_length=100)
    step = models.CharField(max_length=100, blank=True)
    limit = models.CharField(max_length=60)
    state = models.CharField(max_length=7, choices=State)
    elapsed = models.PositiveBigIntegerField()
    due_at = models.DateTimeField(null=True)
    done_at = models.DateTimeField(null=True)
    inside = models.BooleanField()
    levels = models.JSONField(default=dict)
    next_level_at = models.DateTimeField(null=True)
    stake = models.BigIntegerField(null=True)
    as_of = models.DateTimeField()

    class Meta:
        ordering = ("due_at", "outcome", "step")
        constraints = (
            models.UniqueConstraint(fields=["case", "outcome", "step"], name="a_limit_of_a_case_has_one_clock"),
        )
        indexes = (
            models.Index(fields=["next_level_at"], condition=Q(next_level_at__isnull=False), name="levels_to_reach"),
            models.Index(fields=["due_at"], condition=Q(state="RUNNING", inside=True), name="limits_to_keep"),
        )


class Escalation(models.Model):
    """That a part of a limit of a case was used up, and who was told: each part once, and once more when reopened."""

    case = models.ForeignKey(Case, models.PROTECT, related_name="escalations")
    outcome = models.CharField(max_length=100)
    step = models.CharField(max_length=100, blank=True)
    percent = models.CharField(max_length=20)
    limit = models.CharField(max_length=60)
    reopened = models.PositiveSmallIntegerField()
    due_at = models.DateTimeField(null=True)
    told = models.TextField()
    at = models.DateTimeField()

    class Meta:
        ordering = ("-id",)
        constraints = (
            models.UniqueConstraint(
                fields=["case", "outcome", "step", "percent", "limit", "reopened"],
                name="a_part_of_a_limit_is_told_once",
            ),
        )
        triggers = (pgtrigger.Protect(name="keep_escalations", operation=pgtrigger.Update | pgtrigger.Delete),)


class Transfer(models.Model):
    """That a case went from one owner to another."""

    class Reason(models.TextChoices):
        OPENED = "OPENED", _("opened")
        DISPATCHED = "DISPATCHED", _("dispatched")
        TECHNICAL = "TECHNICAL", _("needs more skill or rights")
        ADMINISTRATIVE = "ADMINISTRATIVE", _("the limit comes near")
        SHIFT = "SHIFT", _("end of a shift")

    case = models.ForeignKey(Case, models.PROTECT, related_name="transfers")
    before = models.ForeignKey("access.Person", models.PROTECT, related_name="+", null=True)
    after = models.ForeignKey("access.Person", models.PROTECT, related_name="+")
    reason = models.CharField(max_length=14, choices=Reason)
    why = models.TextField(blank=True)
    by = models.CharField(max_length=200)
    at = models.DateTimeField()

    class Meta:
        ordering = ("id",)
        triggers = (pgtrigger.Protect(name="keep_transfers", operation=pgtrigger.Update | pgtrigger.Delete),)
