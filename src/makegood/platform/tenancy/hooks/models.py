"""Web hooks and what was sent to them."""

from __future__ import annotations

from urllib.parse import urlsplit

import pgtrigger
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from makegood.platform.tenancy.access.models import ClientSite


class Event(models.TextChoices):
    """What a program can be told of."""

    EVIDENCE_RECEIVED = "evidence.received", _("evidence came in")
    VERDICT_CHANGED = "verdict.changed", _("a promise of an open period turned")
    DISPUTE_RAISED = "dispute.raised", _("a dispute was raised")
    DISPUTE_ANSWERED = "dispute.answered", _("something was said about a dispute")
    DISPUTE_DECIDED = "dispute.decided", _("a dispute was decided")
    EXCLUSION_PROPOSED = "exclusion.proposed", _("an exclusion was proposed")
    EXCLUSION_DECIDED = "exclusion.decided", _("an exclusion was decided")
    PERIOD_CLOSED = "period.closed", _("a period was closed")
    STATEMENT_RESTATED = "statement.restated", _("a closed period was restated")
    REPORT_READY = "report.ready", _("a report is ready")
    CLAIM_MADE = "claim.made", _("a claim on an affiliate was made")
    CLAIM_ANSWERED = "claim.answered", _("a claim was answered")
    VERSION_OFFERED = "version.offered", _("a version of an agreement was offered")
    VERSION_SIGNED = "version.signed", _("a version was signed")
    VERSION_ACTIVATED = "version.activated", _("a version came into force")


TEST = "hook.test"
"""What is sent to see whether somebody is there; nobody chooses it."""


class HookState(models.TextChoices):
    ACTIVE = "ACTIVE", _("active")
    PAUSED = "PAUSED", _("paused")
    ENDED = "ENDED", _("ended")


class Hook(models.Model):
    """An address of an organisation to which events are posted, with what the organisation sees of them at a site.

    The secrets are sealed. Until ``earlier_until`` what is sent is signed with the one before as well.
    """

    organisation = models.ForeignKey("parties.Organisation", models.PROTECT, related_name="+")
    site = models.CharField(max_length=7, choices=ClientSite)
    address = models.CharField(_("address"), max_length=2000)
    events = models.JSONField(_("events"), default=list)
    secret = models.BinaryField()
    earlier_secret = models.BinaryField(null=True)
    earlier_until = models.DateTimeField(null=True)
    state = models.CharField(max_length=6, choices=HookState, default=HookState.ACTIVE)
    trouble = models.TextField(blank=True)
    failing_since = models.DateTimeField(null=True)
    created_by = models.ForeignKey("access.Person", models.PROTECT, related_name="+")
    created_at = models.DateTimeField()
    ended_at = models.DateTimeField(null=True)

    class Meta:
        ordering = ("id",)
        constraints = (
            models.CheckConstraint(
                condition=Q(state="ENDED", ended_at__isnull=False) | (~Q(state="ENDED") & Q(ended_at=None)),
                name="an_ended_hook_says_since_when",
            ),
            models.CheckConstraint(
                condition=Q(earlier_secret=None) | Q(earlier_until__isnull=False),
                name="an_earlier_secret_says_until_when",
            ),
        )
        triggers = (
            pgtrigger.Protect(name="keep_hooks", operation=pgtrigger.Delete),
            pgtrigger.FSM(
                name="hooks_end_for_good",
                field="state",
                transitions=[
                    ("ACTIVE", "PAUSED"),
                    ("PAUSED", "ACTIVE"),
                    ("ACTIVE", "ENDED"),
                    ("PAUSED", "ENDED"),
                ],
            ),
        )

    def __str__(self) -> str:
        """Return the host, by which people know it; the rest of an address is often as good as a password."""
        return urlsplit(self.address).netloc


class Delivery(models.Model):
    """An event on its way to a web hook; the receiver knows it by its ``number``, however often it is sent."""

    class State(models.TextChoices):
        WAITING = "WAITING", _("waiting")
        DELIVERED = "DELIVERED", _("delivered")
        FAILED = "FAILED", _("failed")

    hook = models.ForeignKey(Hook, models.PROTECT, related_name="deliveries")
    number = models.CharField(max_length=60, unique=True)
    event = models.CharField(max_length=40)
    body = models.TextField()
    state = models.CharField(max_length=9, choices=State, default=State.WAITING)
    tries = models.PositiveSmallIntegerField(default=0)
    status = models.PositiveSmallIntegerField(null=True)
    trouble = models.TextField(blank=True)
    made_at = models.DateTimeField()
    tried_at = models.DateTimeField(null=True)

    class Meta:
        ordering = ("-id",)
        indexes = (models.Index(fields=["hook", "-id"], name="deliveries_newest_first"),)

    def __str__(self) -> str:
        return self.number
