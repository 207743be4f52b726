"""Periods of contracts."""

from __future__ import annotations

import pgtrigger
from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _


class PeriodState(models.TextChoices):
    OPEN = "OPEN", _("open")
    CLOSED = "CLOSED", _("closed")


class Period(models.Model):
    """A period of a contract; once closed it stays closed. The one after the term has no end and is never closed.

    Amounts are minor units of ``currency``: the fee, what of it is at risk, and the credit of all terms together as it
    was seen last, or when the period was closed.
    """

    contract = models.ForeignKey("contracts.Contract", models.PROTECT, related_name="+")
    label = models.CharField(max_length=60)
    starts_at = models.DateTimeField()
    ends_at = models.DateTimeField(null=True)
    closes_at = models.DateTimeField(null=True)
    currency = models.CharField(max_length=3)
    fee = models.BigIntegerField(default=0)
    at_risk = models.BigIntegerField(default=0)
    credit = models.BigIntegerField(default=0)
    state = models.CharField(max_length=6, choices=PeriodState, default=PeriodState.OPEN)
    closed_at = models.DateTimeField(null=True)

    class Meta:
        ordering = ("starts_at",)
        constraints = (
            models.UniqueConstraint(fields=["contract", "label"], name="a_period_has_its_own_label"),
            models.UniqueConstraint(fields=["contract", "starts_at"], name="a_period_has_its_own_start"),
            models.CheckConstraint(condition=Q(ends_at__gt=F("starts_at")), name="a_period_ends_after_it_starts"),
            models.CheckConstraint(
                condition=Q(state="OPEN", closed_at=None) | Q(state="CLOSED", closed_at__isnull=False),
                name="a_closed_period_says_since_when",
            ),
        )
        triggers = (
            pgtrigger.Protect(
                name="closed_stays_closed",
                operation=pgtrigger.Update | pgtrigger.Delete,
                condition=pgtrigger.Q(old__state="CLOSED"),
            ),
        )
