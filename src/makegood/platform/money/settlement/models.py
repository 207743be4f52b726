"""Statements."""

from __future__ import annotations

import pgtrigger
from django.db import models
from django.utils.translation import gettext_lazy as _


class Statement(models.Model):
    """What was booked for a period when it was closed, or afterwards in the one that was open; never changed.

    ``run`` is the number of the run in the book of the vault, of which ``digest`` is the SHA-256. ``total`` is due to
    the customer, in minor units. ``rights`` are those of the customer that arose since the statement before.
    """

    contract = models.ForeignKey("contracts.Contract", models.PROTECT, related_name="+")
    period = models.ForeignKey("periods.Period", models.PROTECT, related_name="+")
    run = models.PositiveIntegerField()
    closes = models.BooleanField()
    total = models.BigIntegerField()
    currency = models.CharField(max_length=3)
    lines = models.JSONField()
    rights = models.JSONField(default=list)
    text_digest = models.CharField(max_length=64)
    snapshot = models.PositiveIntegerField()
    digest = models.CharField(max_length=64)
    issued_at = models.DateTimeField()

    class Meta:
        ordering = ("id",)
        constraints = (
            models.UniqueConstraint(fields=["contract", "run"], name="a_run_is_stated_once"),
            models.UniqueConstraint(fields=["period"], condition=models.Q(closes=True), name="a_period_is_closed_once"),
        )
        triggers = (pgtrigger.Protect(name="keep_statements", operation=pgtrigger.Update | pgtrigger.Delete),)


class CreditClaimState(models.TextChoices):
    """What became of a credit that is given only to those who claim it."""

    OPEN = "OPEN", _("to be claimed")
    CLAIMED = "CLAIMED", _("claimed")
    GRANTED = "GRANTED", _("granted")
    REFUSED = "REFUSED", _("refused")
    LAPSED = "LAPSED", _("lapsed")


class CorrectiveAction(models.Model):
    """What is done so that a miss does not happen again; a credit wants one before its period closes."""

    period = models.ForeignKey("periods.Period", models.PROTECT, related_name="+")
    outcome = models.CharField(max_length=100)
    cause = models.TextField(_("cause"))
    action = models.TextField(_("what is done so that it does not happen again"))
    due_date = models.DateField(_("until"))
    done_at = models.DateTimeField(null=True, blank=True)
    written_by = models.ForeignKey("access.Person", models.PROTECT, related_name="+")
    written_at = models.DateTimeField()

    class Meta:
        ordering = ("id",)
        triggers = (pgtrigger.Protect(name="keep_actions", operation=pgtrigger.Delete),)
