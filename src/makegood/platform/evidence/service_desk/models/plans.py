"""Templates of cases, those that come again and again, and what is to be ticked off."""

from __future__ import annotations

import pgtrigger
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from makegood.platform.evidence.service_desk.models.cases import Case, Level


class CaseTemplate(models.Model):
    """What a case of a kind begins with: its words and its checklist, for one ``customer`` or for all.

    With ``every`` a case is opened so often for its customer, from ``first_day`` on, at ``hour`` in its ``zone``;
    ``next_at`` is the next time.
    """

    class Unit(models.TextChoices):
        DAY = "DAY", _("days")
        WEEK = "WEEK", _("weeks")
        MONTH = "MONTH", _("months")

    name = models.CharField(_("name"), max_length=100)
    customer = models.ForeignKey("parties.Organisation", models.PROTECT, related_name="+", null=True)
    kind = models.CharField(_("kind"), max_length=60)
    service = models.CharField(_("service"), max_length=100, blank=True)
    title = models.CharField(_("what it is about"), max_length=200)
    symptoms = models.TextField(_("what is to be done"), blank=True)
    impact = models.CharField(_("impact"), max_length=6, choices=Level, default=Level.LOW)
    urgency = models.CharField(_("urgency"), max_length=6, choices=Level, default=Level.LOW)
    checklist = models.JSONField(default=list)
    owner = models.ForeignKey("access.Person", models.PROTECT, related_name="+", null=True)
    every = models.PositiveSmallIntegerField(_("every"), null=True)
    unit = models.CharField(_("unit"), max_length=5, choices=Unit, blank=True)
    first_day = models.DateField(_("first day"), null=True)
    hour = models.PositiveSmallIntegerField(_("at hour"), default=8)
    zone = models.CharField(_("time zone"), max_length=60, default="UTC")
    next_at = models.DateTimeField(null=True)
    created_at = models.DateTimeField()
    ended_at = models.DateTimeField(null=True)

    class Meta:
        ordering = ("name", "id")
        constraints = (
            models.UniqueConstraint(
                fields=["name", "customer"],
                condition=Q(ended_at=None),
                name="a_template_has_its_own_name",
                nulls_distinct=False,
            ),
            models.CheckConstraint(
                condition=Q(every=None, next_at=None)
                | Q(every__gte=1, customer__isnull=False, first_day__isnull=False),
                name="a_case_recurs_for_a_customer",
            ),
        )
        indexes = (models.Index(fields=["next_at"], condition=Q(next_at__isnull=False), name="templates_due"),)
        triggers = (pgtrigger.Protect(name="keep_templates_of_cases", operation=pgtrigger.Delete),)

    def __str__(self) -> str:
        return self.name


class FromTemplate(models.Model):
    """That a case was opened from a template; one that recurs was ``due_at`` an instant, and is opened once for it."""

    case = models.OneToOneField(Case, models.PROTECT, related_name="from_template", primary_key=True)
    template = models.ForeignKey(CaseTemplate, models.PROTECT, related_name="opened")
    due_at = models.DateTimeField(null=True)
    missed = models.PositiveIntegerField(default=0)

    class Meta:
        constraints = (models.UniqueConstraint(fields=["template", "due_at"], name="a_recurring_case_is_opened_once"),)


class ChecklistItem(models.Model):
    """Something to be done for a case, and who did it when."""

    case = models.ForeignKey(Case, models.PROTECT, related_name="checklist")
    number = models.PositiveSmallIntegerField()
    text = models.CharField(max_length=300)
    ticked_by = models.ForeignKey("access.Person", models.PROTECT, related_name="+", null=True)
    ticked_at = models.DateTimeField(null=True)

    class Meta:
        ordering = ("case", "number")
        constraints = (
            models.UniqueConstraint(fields=["case", "number"], name="items_of_a_checklist_are_numbered"),
            models.CheckConstraint(
                condition=Q(ticked_by=None, ticked_at=None) | Q(ticked_by__isnull=False, ticked_at__isnull=False),
                name="whoever_ticks_says_when",
            ),
        )
