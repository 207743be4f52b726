"""What is kept of the relationship with a customer: costs, expected value, measurements, roadmap and architecture."""

from __future__ import annotations

import pgtrigger
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _


class Cost(models.Model):
    """What something costs a customer in a year before the work begins; in minor units."""

    customer = models.ForeignKey("parties.Organisation", models.PROTECT, related_name="+")
    title = models.CharField(max_length=200)
    amount = models.BigIntegerField()
    currency = models.CharField(max_length=3)
    kept_at = models.DateTimeField()
    ended_at = models.DateTimeField(null=True)

    class Meta:
        ordering = ("id",)
        constraints = (models.CheckConstraint(condition=Q(amount__gt=0), name="a_cost_is_more_than_nothing"),)


class ExpectedValue(models.Model):
    """What an outcome is expected to be worth to a customer in a year, in minor units, and who agreed to that."""

    customer = models.ForeignKey("parties.Organisation", models.PROTECT, related_name="+")
    outcome = models.CharField(max_length=200)
    amount = models.BigIntegerField()
    currency = models.CharField(max_length=3)
    words = models.TextField(blank=True)
    agreed_with = models.CharField(max_length=200)
    kept_at = models.DateTimeField()
    ended_at = models.DateTimeField(null=True)

    class Meta:
        ordering = ("id",)
        constraints = (models.CheckConstraint(condition=Q(amount__gt=0), name="expected_value_is_more_than_nothing"),)


class Measurement(models.Model):
    """A value that a health check measured before the work began, as the language of agreements writes it.

    ``contract`` and ``outcome`` say which promise it is compared with, as soon as there is one; the rest stays.
    """

    customer = models.ForeignKey("parties.Organisation", models.PROTECT, related_name="+")
    title = models.CharField(max_length=200)
    value = models.CharField(max_length=40)
    measured_on = models.DateField()
    source = models.CharField(max_length=200, blank=True)
    contract = models.ForeignKey("contracts.Contract", models.PROTECT, related_name="+", null=True)
    outcome = models.CharField(max_length=100, blank=True)
    taken_by = models.ForeignKey("access.Person", models.PROTECT, related_name="+")
    taken_at = models.DateTimeField()

    class Meta:
        ordering = ("measured_on", "id")
        constraints = (
            models.CheckConstraint(
                condition=Q(contract=None, outcome="") | (Q(contract__isnull=False) & ~Q(outcome="")),
                name="a_measurement_is_compared_with_an_outcome_of_an_agreement",
            ),
        )
        triggers = (
            pgtrigger.Protect(name="keep_measurements", operation=pgtrigger.Delete),
            pgtrigger.Protect(
                name="keep_what_was_measured",
                operation=pgtrigger.Update,
                condition=pgtrigger.Q(old__value__df=pgtrigger.F("new__value"))
                | pgtrigger.Q(old__title__df=pgtrigger.F("new__title"))
                | pgtrigger.Q(old__measured_on__df=pgtrigger.F("new__measured_on"))
                | pgtrigger.Q(old__customer__df=pgtrigger.F("new__customer")),
            ),
        )

    def __str__(self) -> str:
        return self.title


class RoadmapEntry(models.Model):
    """What is planned for a customer's technology, in which quarter of which year, and why."""

    class State(models.TextChoices):
        PLANNED = "PLANNED", _("planned")
        UNDER_WAY = "UNDER_WAY", _("under way")
        DONE = "DONE", _("done")
        DROPPED = "DROPPED", _("dropped")

    customer = models.ForeignKey("parties.Organisation", models.PROTECT, related_name="+")
    title = models.CharField(max_length=200)
    year = models.PositiveSmallIntegerField()
    quarter = models.PositiveSmallIntegerField()
    state = models.CharField(max_length=9, choices=State, default=State.PLANNED)
    why = models.TextField()
    kept_at = models.DateTimeField()
    changed_at = models.DateTimeField(null=True)

    class Meta:
        ordering = ("year", "quarter", "id")
        constraints = (
            models.CheckConstraint(condition=Q(quarter__gte=1, quarter__lte=4), name="a_year_has_four_quarters"),
        )

    def __str__(self) -> str:
        return self.title


class Component(models.Model):
    """A part of a customer's reference architecture: the standard, what there is, and how it deviates."""

    customer = models.ForeignKey("parties.Organisation", models.PROTECT, related_name="+")
    title = models.CharField(max_length=200)
    standard = models.CharField(max_length=200)
    version = models.CharField(max_length=200, blank=True)
    deviation = models.TextField(blank=True)
    kept_at = models.DateTimeField()
    ended_at = models.DateTimeField(null=True)

    class Meta:
        ordering = ("title", "id")


class Opened(models.Model):
    """How often people of the customer opened the pages of an outcome in a month; not who, and not when."""

    contract = models.ForeignKey("contracts.Contract", models.PROTECT, related_name="+")
    outcome = models.CharField(max_length=100)
    month = models.DateField()
    times = models.PositiveIntegerField()

    class Meta:
        constraints = (
            models.UniqueConstraint(fields=["contract", "outcome", "month"], name="openings_are_counted_by_month"),
            models.CheckConstraint(condition=Q(month__day=1), name="a_month_goes_by_its_first_day"),
        )
