"""The queue: where each open case stands, what a miss would cost, and what whoever works on one has to know."""

from __future__ import annotations

import pgtrigger
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from makegood.platform.evidence.service_desk.models.cases import Case


class QueuePlace(models.Model):
    """Where an open case stands in the queue of its provider.

    ``per_hour`` is what it puts at stake with each hour, in minor units, and ``due_at`` when its next limit is over, or
    when the last one was. Both move with time: a place is found anew with each step and at ``renew_at``.
    """

    class Part(models.IntegerChoices):
        MAJOR = 0, _("major incident")
        AT_STAKE = 1, _("something is still to be kept")
        OVER = 2, _("over its limit")
        WAITING = 3, _("waits for the customer")

    case = models.OneToOneField(Case, models.PROTECT, related_name="place", primary_key=True)
    provider = models.ForeignKey("parties.Organisation", models.PROTECT, related_name="+", db_index=False)
    customer = models.ForeignKey("parties.Organisation", models.PROTECT, related_name="+", db_index=False)
    part = models.PositiveSmallIntegerField(choices=Part)
    per_hour = models.BigIntegerField()
    due_at = models.DateTimeField(null=True)
    rank = models.PositiveSmallIntegerField()
    renew_at = models.DateTimeField(null=True)

    class Meta:
        indexes = (
            models.Index(fields=["provider", "part", "-per_hour", "due_at", "rank", "case"], name="order_of_the_queue"),
            models.Index(
                fields=["customer", "provider", "part", "-per_hour", "due_at", "rank", "case"],
                name="order_of_a_customer",
            ),
            models.Index(fields=["renew_at"], condition=Q(renew_at__isnull=False), name="places_to_renew"),
        )


class Stake(models.Model):
    """What one more miss of an outcome of a contract would cost in the period that runs, in minor units."""

    contract = models.ForeignKey("contracts.Contract", models.PROTECT, related_name="+")
    outcome = models.CharField(max_length=100)
    amount = models.BigIntegerField()
    as_of = models.DateTimeField()

    class Meta:
        constraints = (models.UniqueConstraint(fields=["contract", "outcome"], name="an_outcome_has_one_stake"),)


class Instruction(models.Model):
    """What whoever works on a case of a customer has to know, about one ``service`` or about all; the last counts."""

    customer = models.ForeignKey("parties.Organisation", models.PROTECT, related_name="+")
    service = models.CharField(_("service"), max_length=100, blank=True)
    text = models.TextField(_("what to know"), blank=True)
    written_by = models.ForeignKey("access.Person", models.PROTECT, related_name="+")
    at = models.DateTimeField()

    class Meta:
        ordering = ("customer", "service", "-id")
        indexes = (models.Index(fields=["customer", "service", "-id"], name="instructions_of_a_customer"),)
        triggers = (pgtrigger.Protect(name="keep_instructions", operation=pgtrigger.Update | pgtrigger.Delete),)
