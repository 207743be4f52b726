"""What affiliates answer for, and claims on them."""

from __future__ import annotations

import pgtrigger
from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _


class Recovery(models.Model):
    """What an affiliate answers for of one credit, as it is known now; amounts in minor units of ``currency``.

    ``period`` and ``outcome`` are those of the agreement that was sold, ``underpinning`` is the one that answers and
    ``own_outcome`` its promise. ``credit`` is what the customer gets, ``caused`` the part of it that the affiliate
    caused, ``owed`` what its agreement pays for that, and ``own`` all that its agreement credits, by its own periods.
    """

    period = models.ForeignKey("periods.Period", models.PROTECT, related_name="+")
    underpinning = models.ForeignKey("contracts.Contract", models.PROTECT, related_name="+")
    outcome = models.CharField(max_length=100)
    own_outcome = models.CharField(max_length=100, blank=True)
    currency = models.CharField(max_length=3)
    credit = models.BigIntegerField()
    caused = models.BigIntegerField()
    owed = models.BigIntegerField()
    own = models.JSONField(default=dict)
    form = models.JSONField()
    claim_by = models.DateTimeField(null=True)

    class Meta:
        ordering = ("id",)
        constraints = (
            models.UniqueConstraint(fields=["period", "underpinning", "outcome"], name="a_credit_is_recovered_once"),
            models.CheckConstraint(condition=Q(owed__gte=0), name="nobody_owes_less_than_nothing"),
        )


class Claim(models.Model):
    """What is asked of an affiliate for a credit; amounts in minor units.

    ``drawn`` is from which of its own credits it is taken, by ``period/outcome`` of its agreement; it adds up to
    ``amount``. ``over`` is what of a claim that was made is not owed any more by what is known now.
    """

    class State(models.TextChoices):
        OPEN = "OPEN", _("open")
        MADE = "MADE", _("made")
        ACCEPTED = "ACCEPTED", _("accepted")
        REFUSED = "REFUSED", _("refused")

    recovery = models.ForeignKey(Recovery, models.PROTECT, related_name="claims")
    amount = models.BigIntegerField()
    drawn = models.JSONField()
    over = models.BigIntegerField(default=0)
    form = models.JSONField()
    state = models.CharField(max_length=8, choices=State, default=State.OPEN)
    claim_by = models.DateTimeField(null=True)
    made_at = models.DateTimeField(null=True)
    answered_at = models.DateTimeField(null=True)
    answer = models.TextField(blank=True)

    class Meta:
        ordering = ("-id",)
        constraints = (
            models.UniqueConstraint(fields=["recovery"], condition=Q(state="OPEN"), name="one_claim_is_open_at_a_time"),
            models.CheckConstraint(condition=Q(amount__gt=0), name="nothing_is_not_claimed"),
            models.CheckConstraint(
                condition=Q(over__gte=0) & Q(over__lte=F("amount")), name="no_more_is_over_than_was_claimed"
            ),
        )
        triggers = (
            pgtrigger.Protect(
                name="made_stays_as_made",
                operation=pgtrigger.Update,
                condition=pgtrigger.Q(old__state__df="OPEN")
                & (
                    pgtrigger.Q(new__amount__df=pgtrigger.F("old__amount"))
                    | pgtrigger.Q(new__drawn__df=pgtrigger.F("old__drawn"))
                ),
            ),
            pgtrigger.Protect(
                name="made_stays_there", operation=pgtrigger.Delete, condition=pgtrigger.Q(old__state__df="OPEN")
            ),
        )

    def __str__(self) -> str:
        return f"{self.recovery.outcome} in {self.recovery.period.label}"

    @property
    def own_periods(self) -> list[str]:
        """The periods of the affiliate's own agreement from whose credits it is taken."""
        return sorted({name.partition("/")[0] for name in self.drawn})

    @property
    def currency(self) -> str:
        """The unit of its amounts."""
        return self.recovery.currency
