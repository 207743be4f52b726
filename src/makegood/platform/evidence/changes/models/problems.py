"""Problems, and the patterns of incidents that may be one."""

from __future__ import annotations

import pgtrigger
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _


class Problem(models.Model):
    """What lies behind incidents. Without a ``customer`` it is one of the house.

    ``referral`` is the case at an affiliate that has to analyse it, with the clocks of the agreement with it.
    """

    class State(models.TextChoices):
        OPEN = "OPEN", _("open")
        KNOWN_ERROR = "KNOWN_ERROR", _("known error")
        RESOLVED = "RESOLVED", _("resolved")
        CLOSED = "CLOSED", _("closed")

    customer = models.ForeignKey("parties.Organisation", models.PROTECT, related_name="+", null=True)
    service = models.CharField(_("service"), max_length=100, blank=True)
    title = models.CharField(_("what it is about"), max_length=200)
    text = models.TextField(_("what is seen"), blank=True)
    state = models.CharField(_("state"), max_length=11, choices=State, default=State.OPEN)
    root_cause = models.TextField(_("root cause"), blank=True)
    workaround = models.TextField(_("workaround"), blank=True)
    owner = models.ForeignKey("access.Person", models.PROTECT, related_name="+")
    referral = models.ForeignKey("service_desk.Case", models.PROTECT, related_name="+", null=True)
    opened_at = models.DateTimeField()
    known_at = models.DateTimeField(null=True)
    resolved_at = models.DateTimeField(null=True)
    closed_at = models.DateTimeField(null=True)

    class Meta:
        ordering = ("-id",)
        constraints = (
            models.CheckConstraint(
                condition=~Q(state="KNOWN_ERROR") | ~Q(root_cause=""), name="the_cause_of_a_known_error_is_known"
            ),
            models.CheckConstraint(
                condition=~Q(state__in=["RESOLVED", "CLOSED"]) | Q(resolved_at__isnull=False),
                name="a_resolved_problem_says_since_when",
            ),
        )
        triggers = (
            pgtrigger.FSM(
                name="problems_go_their_way",
                field="state",
                transitions=[
                    ("OPEN", "KNOWN_ERROR"),
                    ("OPEN", "RESOLVED"),
                    ("KNOWN_ERROR", "RESOLVED"),
                    ("RESOLVED", "OPEN"),
                    ("RESOLVED", "CLOSED"),
                ],
            ),
            pgtrigger.Protect(name="keep_problems", operation=pgtrigger.Delete),
        )

    def __str__(self) -> str:
        return f"P{self.pk} {self.title}"


class ProblemCase(models.Model):
    """That a case comes from a problem."""

    problem = models.ForeignKey(Problem, models.PROTECT, related_name="links")
    case = models.ForeignKey("service_desk.Case", models.PROTECT, related_name="+")
    at = models.DateTimeField()

    class Meta:
        ordering = ("id",)
        constraints = (models.UniqueConstraint(fields=["problem", "case"], name="a_case_is_at_a_problem_once"),)


class Suggestion(models.Model):
    """A pattern that the review of trends found: ``count`` incidents with something in common.

    ``usual`` is how many there were in a week on average before, in tenths; of a spike alone.
    """

    class Kind(models.TextChoices):
        SERVICE = "SERVICE", _("the same service")
        AFFECTED = "AFFECTED", _("the same device")
        WORD = "WORD", _("the same word")
        SPIKE = "SPIKE", _("more than usual")

    class State(models.TextChoices):
        OPEN = "OPEN", _("open")
        ACCEPTED = "ACCEPTED", _("accepted")
        DISMISSED = "DISMISSED", _("dismissed")

    customer = models.ForeignKey("parties.Organisation", models.PROTECT, related_name="+")
    kind = models.CharField(max_length=8, choices=Kind)
    what = models.CharField(max_length=200)
    count = models.PositiveIntegerField()
    usual = models.PositiveIntegerField(null=True)
    cases = models.JSONField()
    state = models.CharField(max_length=9, choices=State, default=State.OPEN)
    problem = models.ForeignKey(Problem, models.PROTECT, related_name="+", null=True)
    why = models.TextField(blank=True)
    decided_by = models.ForeignKey("access.Person", models.PROTECT, related_name="+", null=True)
    decided_at = models.DateTimeField(null=True)
    made_at = models.DateTimeField()

    class Meta:
        ordering = ("-id",)
        constraints = (
            models.UniqueConstraint(
                fields=["customer", "kind", "what"], condition=Q(state="OPEN"), name="a_pattern_is_suggested_once"
            ),
            models.CheckConstraint(
                condition=Q(state="OPEN") | Q(decided_at__isnull=False), name="a_decided_suggestion_says_when"
            ),
        )

    def __str__(self) -> str:
        return self.what
