"""Work on cases: what the customer permits, and the time that it takes."""

from __future__ import annotations

import pgtrigger
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from makegood.platform.evidence.service_desk.models.cases import Case


class Permission(models.Model):
    """That the customer was asked to pay for work on a case, and what it answered."""

    case = models.ForeignKey(Case, models.PROTECT, related_name="permissions")
    text = models.TextField(_("what is to be done"))
    at_most = models.BigIntegerField(_("costs at most"), null=True)
    currency = models.CharField(max_length=3, blank=True)
    asked_by = models.ForeignKey("access.Person", models.PROTECT, related_name="+")
    asked_at = models.DateTimeField()
    given = models.BooleanField(null=True)
    decided_by = models.ForeignKey("access.Person", models.PROTECT, related_name="+", null=True)
    decided_at = models.DateTimeField(null=True)

    class Meta:
        ordering = ("-id",)
        constraints = (
            models.UniqueConstraint(fields=["case"], condition=Q(given=None), name="one_permission_is_asked_at_a_time"),
            models.CheckConstraint(
                condition=Q(given=None, decided_at=None) | Q(given__isnull=False, decided_at__isnull=False),
                name="a_decided_permission_says_when",
            ),
            models.CheckConstraint(
                condition=Q(at_most=None) | Q(at_most__gte=0) & ~Q(currency=""), name="a_price_has_a_currency"
            ),
        )


class TimeEntry(models.Model):
    """Time that somebody worked on a case, in minutes; ``takes_back`` is the entry that it undoes."""

    class Pays(models.TextChoices):
        SUPPORT = "SUPPORT", _("hours of support")
        FLEX = "FLEX", _("flex hours")
        CHARGED = "CHARGED", _("charged")
        FREE = "FREE", _("free of charge")

    case = models.ForeignKey(Case, models.PROTECT, related_name="times")
    person = models.ForeignKey("access.Person", models.PROTECT, related_name="+")
    minutes = models.PositiveIntegerField(_("minutes"))
    pays = models.CharField(_("paid by"), max_length=7, choices=Pays)
    note = models.CharField(_("what was done"), max_length=500, blank=True)
    worked_at = models.DateTimeField()
    written_at = models.DateTimeField()
    takes_back = models.OneToOneField("self", models.PROTECT, related_name="taken_back", null=True)

    class Meta:
        ordering = ("worked_at", "id")
        triggers = (pgtrigger.Protect(name="keep_times", operation=pgtrigger.Update | pgtrigger.Delete),)
