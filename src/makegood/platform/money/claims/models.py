"""Claims on affiliates."""

from __future__ import annotations

from django.db import models
from django.utils.translation import gettext_lazy as _


class Claim(models.Model):
    """What an affiliate owes for a credit that it caused; amounts in minor units.

    ``period`` and ``outcome`` are those of the agreement that was sold, ``underpinning`` is the one that answers.
    """

    class State(models.TextChoices):
        OPEN = "OPEN", _("open")
        MADE = "MADE", _("made")
        ACCEPTED = "ACCEPTED", _("accepted")
        REFUSED = "REFUSED", _("refused")

    period = models.ForeignKey("periods.Period", models.PROTECT, related_name="+")
    underpinning = models.ForeignKey("contracts.Contract", models.PROTECT, related_name="+")
    outcome = models.CharField(max_length=100)
    amount = models.BigIntegerField()
    currency = models.CharField(max_length=3)
    form = models.JSONField()
    state = models.CharField(max_length=8, choices=State, default=State.OPEN)
    claim_by = models.DateTimeField(null=True)
    made_at = models.DateTimeField(null=True)
    answered_at = models.DateTimeField(null=True)
    answer = models.TextField(blank=True)

    class Meta:
        ordering = ("-id",)
        constraints = (
            models.UniqueConstraint(fields=["period", "underpinning", "outcome"], name="a_credit_is_claimed_once"),
        )
