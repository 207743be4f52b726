"""Releases: changes that reach their users together."""

from __future__ import annotations

from typing import Final

import pgtrigger
from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

QUESTIONS: Final = {
    "functions": _("Which applications and functions does it touch?"),
    "security": _("Which security standards apply, and are they kept?"),
    "tests": _("What had to be tested, and was it?"),
    "windows": _("In which window is it released, and who knows of it?"),
    "laboratory": _("How true is the test environment to production?"),
}
"""What has to be known before a release is approved."""


class Release(models.Model):
    """Changes of one customer that are released together, and who answers for it.

    ``readiness`` has an answer for each of the questions. The downtime is announced; ``exclusion`` is what was proposed
    for it. ``checked`` is what the customer found, if it looks itself.
    """

    class State(models.TextChoices):
        PLANNED = "PLANNED", _("planned")
        APPROVED = "APPROVED", _("approved")
        RELEASED = "RELEASED", _("released")
        CANCELLED = "CANCELLED", _("cancelled")

    customer = models.ForeignKey("parties.Organisation", models.PROTECT, related_name="+")
    title = models.CharField(_("title"), max_length=200)
    manager = models.ForeignKey("access.Person", models.PROTECT, related_name="+")
    state = models.CharField(max_length=9, choices=State, default=State.PLANNED)
    starts_at = models.DateTimeField()
    ends_at = models.DateTimeField()
    readiness = models.JSONField(default=dict)
    service = models.CharField(max_length=100, blank=True)
    down_from = models.DateTimeField(null=True)
    down_until = models.DateTimeField(null=True)
    exclusion = models.ForeignKey("intake.Exclusion", models.PROTECT, related_name="+", null=True)
    checked = models.BooleanField(null=True)
    checked_why = models.TextField(blank=True)
    checked_by = models.ForeignKey("access.Person", models.PROTECT, related_name="+", null=True)
    checked_at = models.DateTimeField(null=True)
    approved_by = models.ForeignKey("access.Person", models.PROTECT, related_name="+", null=True)
    approved_at = models.DateTimeField(null=True)
    released_at = models.DateTimeField(null=True)
    written_at = models.DateTimeField()

    class Meta:
        ordering = ("-starts_at", "-id")
        constraints = (
            models.CheckConstraint(condition=Q(ends_at__gt=F("starts_at")), name="a_release_ends_after_it_starts"),
            models.CheckConstraint(
                condition=Q(down_from=None, down_until=None)
                | Q(down_from__gte=F("starts_at"), down_until__gt=F("down_from"), down_until__lte=F("ends_at")),
                name="downtime_lies_within_its_release",
            ),
        )
        triggers = (
            pgtrigger.FSM(
                name="releases_go_their_way",
                field="state",
                transitions=[
                    ("PLANNED", "APPROVED"),
                    ("APPROVED", "RELEASED"),
                    ("PLANNED", "CANCELLED"),
                    ("APPROVED", "CANCELLED"),
                ],
            ),
            pgtrigger.Protect(name="keep_releases", operation=pgtrigger.Delete),
        )

    def __str__(self) -> str:
        return self.title
