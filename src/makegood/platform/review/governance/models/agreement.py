"""What is kept around one agreement: duties, impacts, meetings, scope changes, stages, baselines and registers."""

from __future__ import annotations

import pgtrigger
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

_KEPT = pgtrigger.Update | pgtrigger.Delete


class Standing(models.TextChoices):
    """How a duty stands."""

    MET = "MET", _("met")
    UNMET = "UNMET", _("not met")
    WAIVED = "WAIVED", _("waived")


class DutyMark(models.Model):
    """What a side says of a duty of the terms, from a day on; what was said last counts."""

    contract = models.ForeignKey("contracts.Contract", models.PROTECT, related_name="+")
    duty = models.CharField(max_length=100)
    standing = models.CharField(max_length=6, choices=Standing)
    since = models.DateField()
    note = models.TextField(blank=True)
    marked_by = models.ForeignKey("access.Person", models.PROTECT, related_name="+")
    marked_for = models.ForeignKey("parties.Organisation", models.PROTECT, related_name="+")
    marked_at = models.DateTimeField()

    class Meta:
        ordering = ("id",)
        triggers = (pgtrigger.Protect(name="keep_duty_marks", operation=_KEPT),)


class Impact(models.Model):
    """What a missed outcome did to the customer's business; the money is in minor units of ``currency``.

    The customer ``confirms`` what the provider entered, or enters its own. The last one counts.
    """

    period = models.ForeignKey("periods.Period", models.PROTECT, related_name="+")
    outcome = models.CharField(max_length=100)
    people = models.PositiveIntegerField(null=True)
    minutes = models.PositiveIntegerField(null=True)
    amount = models.BigIntegerField(null=True)
    currency = models.CharField(max_length=3)
    words = models.TextField(blank=True)
    confirms = models.ForeignKey("self", models.PROTECT, related_name="+", null=True)
    entered_by = models.ForeignKey("access.Person", models.PROTECT, related_name="+")
    entered_for = models.ForeignKey("parties.Organisation", models.PROTECT, related_name="+")
    entered_at = models.DateTimeField()

    class Meta:
        ordering = ("id",)
        constraints = (
            models.CheckConstraint(condition=Q(amount=None) | Q(amount__gte=0), name="an_impact_costs_something"),
        )
        triggers = (pgtrigger.Protect(name="keep_impacts", operation=_KEPT),)


class Meeting(models.Model):
    """A meeting of both sides. One of the rhythm is ``due_date`` by the terms, and may have been moved to ``day``."""

    class Kind(models.TextChoices):
        PLANNING = "PLANNING", _("planning")
        GOVERNANCE = "GOVERNANCE", _("governance")
        REVIEW = "REVIEW", _("review")

    contract = models.ForeignKey("contracts.Contract", models.PROTECT, related_name="+")
    kind = models.CharField(max_length=12, choices=Kind)
    due_date = models.DateField()
    day = models.DateField()
    first_day = models.DateField()
    last_day = models.DateField()
    kept_at = models.DateTimeField()

    class Meta:
        ordering = ("day", "kind")
        constraints = (
            models.UniqueConstraint(fields=["contract", "kind", "due_date"], name="a_meeting_is_kept_once"),
            models.CheckConstraint(condition=Q(last_day__gte=models.F("first_day")), name="a_meeting_looks_back"),
        )

    def __str__(self) -> str:
        return self.key

    @property
    def key(self) -> str:
        """What addresses call it."""
        return f"{self.kind.lower()}-{self.due_date.isoformat()}"


class Minutes(models.Model):
    """What was said and decided at a meeting, with the agenda as it was; a correction is written anew."""

    meeting = models.ForeignKey(Meeting, models.PROTECT, related_name="minutes")
    text = models.TextField()
    attendees = models.TextField()
    agenda = models.JSONField(default=list)
    written_by = models.ForeignKey("access.Person", models.PROTECT, related_name="+")
    written_for = models.ForeignKey("parties.Organisation", models.PROTECT, related_name="+")
    written_at = models.DateTimeField()

    class Meta:
        ordering = ("id",)
        triggers = (pgtrigger.Protect(name="keep_minutes", operation=_KEPT),)


class Action(models.Model):
    """What was agreed to be done: by whom, for which side, until when."""

    contract = models.ForeignKey("contracts.Contract", models.PROTECT, related_name="+")
    meeting = models.ForeignKey(Meeting, models.PROTECT, related_name="actions", null=True)
    text = models.TextField()
    owner = models.CharField(max_length=200)
    side = models.ForeignKey("parties.Organisation", models.PROTECT, related_name="+")
    due_date = models.DateField()
    agreed_at = models.DateTimeField()
    done_at = models.DateTimeField(null=True)
    result = models.TextField(blank=True)

    class Meta:
        ordering = ("due_date", "id")


class Decision(models.TextChoices):
    """What became of a proposal."""

    PROPOSED = "PROPOSED", _("proposed")
    APPROVED = "APPROVED", _("approved")
    REFUSED = "REFUSED", _("refused")


class ScopeChange(models.Model):
    """A change of what is in scope, with its effect on the monthly price in minor units, which may be negative."""

    contract = models.ForeignKey("contracts.Contract", models.PROTECT, related_name="+")
    text = models.TextField()
    amount = models.BigIntegerField()
    currency = models.CharField(max_length=3)
    state = models.CharField(max_length=8, choices=Decision, default=Decision.PROPOSED)
    proposed_by = models.ForeignKey("access.Person", models.PROTECT, related_name="+")
    proposed_for = models.ForeignKey("parties.Organisation", models.PROTECT, related_name="+")
    proposed_at = models.DateTimeField()
    decided_by = models.ForeignKey("access.Person", models.PROTECT, related_name="+", null=True)
    decided_at = models.DateTimeField(null=True)
    version = models.ForeignKey("contracts.Version", models.PROTECT, related_name="+", null=True)

    class Meta:
        ordering = ("-id",)
        constraints = (
            models.CheckConstraint(
                condition=Q(state="PROPOSED") | Q(decided_at__isnull=False), name="a_decided_change_says_when"
            ),
            models.CheckConstraint(
                condition=Q(version=None) | Q(state="APPROVED"), name="only_an_approved_change_is_in_a_version"
            ),
        )


class Stage(models.Model):
    """A stage of the engagement, by its number; its name is free."""

    contract = models.ForeignKey("contracts.Contract", models.PROTECT, related_name="+")
    number = models.PositiveSmallIntegerField()
    name = models.CharField(_("name"), max_length=100)
    began_on = models.DateField(_("begun"), null=True, blank=True)
    ended_on = models.DateField(_("ended"), null=True, blank=True)

    class Meta:
        ordering = ("number",)
        constraints = (
            models.UniqueConstraint(fields=["contract", "number"], name="a_stage_is_kept_once"),
            models.CheckConstraint(
                condition=Q(ended_on=None) | Q(began_on__isnull=False, ended_on__gte=models.F("began_on")),
                name="a_stage_ends_after_it_began",
            ),
        )


class Baseline(models.Model):
    """What an assessment found before the work began; frozen as it was taken, and named by its SHA-256."""

    class Domain(models.TextChoices):
        SECURITY = "SECURITY", _("security")
        ENDPOINT = "ENDPOINT", _("endpoints")
        BACKUP = "BACKUP", _("backup and recovery")
        STORAGE = "STORAGE", _("storage")

    contract = models.ForeignKey("contracts.Contract", models.PROTECT, related_name="+")
    domain = models.CharField(max_length=8, choices=Domain)
    number = models.PositiveIntegerField()
    answers = models.JSONField()
    outcomes = models.JSONField(default=list)
    sha256 = models.CharField(max_length=64)
    taken_by = models.ForeignKey("access.Person", models.PROTECT, related_name="+")
    taken_at = models.DateTimeField()

    class Meta:
        ordering = ("domain", "-number")
        constraints = (
            models.UniqueConstraint(fields=["contract", "domain", "number"], name="a_baseline_has_its_own_number"),
        )
        triggers = (pgtrigger.Protect(name="keep_baselines", operation=_KEPT),)


class Policy(models.Model):
    """An insurance of the house or of an affiliate; the sum insured is in minor units."""

    organisation = models.ForeignKey("parties.Organisation", models.PROTECT, related_name="+")
    title = models.CharField(max_length=200)
    insurer = models.CharField(max_length=200, blank=True)
    amount = models.BigIntegerField()
    currency = models.CharField(max_length=3)
    until = models.DateField()
    kept_at = models.DateTimeField()
    ended_at = models.DateTimeField(null=True)

    class Meta:
        ordering = ("until", "id")


class Grant(models.Model):
    """That somebody may reach something of a customer, in some way and until a day."""

    contract = models.ForeignKey("contracts.Contract", models.PROTECT, related_name="+")
    who = models.CharField(max_length=200)
    what = models.CharField(max_length=200)
    way = models.CharField(max_length=200, blank=True)
    until = models.DateField()
    granted_at = models.DateTimeField()
    ended_at = models.DateTimeField(null=True)

    class Meta:
        ordering = ("until", "id")


class Assurance(models.Model):
    """What the provider shows all customers of its own security."""

    class Kind(models.TextChoices):
        CERTIFICATION = "CERTIFICATION", _("certification")
        CONTROL = "CONTROL", _("control")
        INCIDENT = "INCIDENT", _("security incident")
        TEST = "TEST", _("test")

    kind = models.CharField(max_length=13, choices=Kind)
    title = models.CharField(max_length=200)
    words = models.TextField(blank=True)
    day = models.DateField()
    until = models.DateField(null=True)
    kept_at = models.DateTimeField()
    ended_at = models.DateTimeField(null=True)

    class Meta:
        ordering = ("kind", "-day", "-id")
