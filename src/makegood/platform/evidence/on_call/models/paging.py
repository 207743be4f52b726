"""Policies, pages, and what was sent for them."""

from __future__ import annotations

import pghistory
import pgtrigger
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from makegood.platform.evidence.on_call.models.people import ChannelKind
from makegood.platform.tenancy.parties.models import ContactRole

_KEPT = pgtrigger.Update | pgtrigger.Delete


@pghistory.track()
class Policy(models.Model):
    """Whom a page reaches, in steps; all of them again ``rounds`` times, each round so many minutes after the other.

    What was acknowledged and is not resolved in ``resolve_minutes`` goes on with the next step.
    """

    organisation = models.ForeignKey("parties.Organisation", models.PROTECT, related_name="+")
    name = models.CharField(_("name"), max_length=100)
    rounds = models.PositiveSmallIntegerField(default=1)
    round_minutes = models.PositiveSmallIntegerField()
    resolve_minutes = models.PositiveSmallIntegerField(null=True)
    created_at = models.DateTimeField()
    ended_at = models.DateTimeField(null=True)

    class Meta:
        ordering = ("name", "id")
        constraints = (
            models.UniqueConstraint(
                fields=["organisation", "name"], condition=Q(ended_at=None), name="a_policy_has_its_own_name"
            ),
            models.CheckConstraint(condition=Q(rounds__gte=1), name="a_policy_has_a_round"),
        )
        triggers = (pgtrigger.Protect(name="keep_policies_of_pages", operation=pgtrigger.Delete),)

    def __str__(self) -> str:
        return self.name


class Whom(models.TextChoices):
    """Whom a step reaches."""

    ROTA = "ROTA", _("whoever is on call")
    PERSON = "PERSON", _("a person")
    CONTACT = "CONTACT", _("a contact")
    SKILL = "SKILL", _("whoever has a skill")


class Step(models.Model):
    """A step of a policy: ``after`` so many minutes of a round whom, and by which channels; none means all."""

    policy = models.ForeignKey(Policy, models.CASCADE, related_name="steps")
    after = models.PositiveSmallIntegerField(_("after minutes"))
    whom = models.CharField(_("whom"), max_length=7, choices=Whom)
    rota = models.ForeignKey("on_call.Rota", models.PROTECT, related_name="+", null=True)
    person = models.ForeignKey("access.Person", models.PROTECT, related_name="+", null=True)
    contact = models.CharField(max_length=12, choices=ContactRole, blank=True)
    skill = models.CharField(max_length=100, blank=True)
    channels = models.JSONField(default=list)

    class Meta:
        ordering = ("after", "id")
        constraints = (
            models.CheckConstraint(
                condition=Q(whom="ROTA", rota__isnull=False)
                | Q(whom="PERSON", person__isnull=False)
                | (Q(whom="CONTACT") & ~Q(contact=""))
                | (Q(whom="SKILL") & ~Q(skill="")),
                name="a_step_reaches_somebody",
            ),
        )


class PageState(models.TextChoices):
    OPEN = "OPEN", _("open")
    ACKNOWLEDGED = "ACKNOWLEDGED", _("acknowledged")
    RESOLVED = "RESOLVED", _("resolved")
    EXHAUSTED = "EXHAUSTED", _("nobody answered")


@pghistory.track()
class Page(models.Model):
    """Somebody is needed: asked for once by its ``key``. The ``steps`` are those of the policy when it was asked for.

    The next step is ``step`` of ``round``, at ``next_at``; when all of ``rounds`` are over, it is exhausted. One that
    is acknowledged goes on at ``next_at`` unless it is resolved.
    """

    key = models.CharField(max_length=200, unique=True)
    subject = models.CharField(max_length=200)
    text = models.TextField(blank=True)
    url = models.CharField(max_length=2000, blank=True)
    policy = models.ForeignKey(Policy, models.PROTECT, related_name="+")
    about = models.ForeignKey("parties.Organisation", models.PROTECT, related_name="+", null=True)
    steps = models.JSONField()
    rounds = models.PositiveSmallIntegerField()
    round_minutes = models.PositiveSmallIntegerField()
    resolve_minutes = models.PositiveSmallIntegerField(null=True)
    state = models.CharField(max_length=12, choices=PageState, default=PageState.OPEN)
    round = models.PositiveSmallIntegerField(default=0)
    step = models.PositiveSmallIntegerField(default=0)
    next_at = models.DateTimeField(null=True)
    asked_by = models.CharField(max_length=200)
    opened_at = models.DateTimeField()
    resolved_at = models.DateTimeField(null=True)
    resolved_by = models.CharField(max_length=200, blank=True)

    class Meta:
        ordering = ("-id",)
        indexes = (
            models.Index(fields=["next_at"], condition=Q(next_at__isnull=False), name="pages_that_go_on"),
            models.Index(fields=["state", "-id"], name="pages_by_state"),
        )
        constraints = (
            models.CheckConstraint(
                condition=~Q(state="OPEN") | Q(next_at__isnull=False), name="an_open_page_says_when_it_goes_on"
            ),
            models.CheckConstraint(
                condition=Q(state="RESOLVED", resolved_at__isnull=False) | (~Q(state="RESOLVED") & Q(resolved_at=None)),
                name="a_resolved_page_says_since_when",
            ),
        )
        triggers = (
            pgtrigger.FSM(
                name="pages_go_on",
                field="state",
                transitions=[
                    ("OPEN", "ACKNOWLEDGED"),
                    ("OPEN", "RESOLVED"),
                    ("OPEN", "EXHAUSTED"),
                    ("ACKNOWLEDGED", "OPEN"),
                    ("ACKNOWLEDGED", "RESOLVED"),
                    ("EXHAUSTED", "ACKNOWLEDGED"),
                    ("EXHAUSTED", "RESOLVED"),
                ],
            ),
            pgtrigger.Protect(name="keep_pages", operation=pgtrigger.Delete),
        )

    def __str__(self) -> str:
        return self.subject


class Acknowledgement(models.Model):
    """That somebody took a page, until it was resolved or went on without them."""

    page = models.ForeignKey(Page, models.PROTECT, related_name="acknowledgements")
    person = models.ForeignKey("access.Person", models.PROTECT, related_name="+", null=True)
    name = models.CharField(max_length=200)
    at = models.DateTimeField()
    ended_at = models.DateTimeField(null=True)

    class Meta:
        ordering = ("id",)


class Notification(models.Model):
    """What a step of a page sent to one person by one channel, once; one without a channel found nobody.

    A mail is proved by its ``message``, a web hook by ``sent_at``.
    """

    page = models.ForeignKey(Page, models.PROTECT, related_name="notifications")
    round = models.PositiveSmallIntegerField()
    step = models.PositiveSmallIntegerField()
    person = models.ForeignKey("access.Person", models.PROTECT, related_name="+", null=True)
    name = models.CharField(max_length=200, blank=True)
    kind = models.CharField(max_length=5, choices=ChannelKind, blank=True)
    address = models.CharField(max_length=500, blank=True)
    due_at = models.DateTimeField()
    made_at = models.DateTimeField()
    message = models.ForeignKey("outbox.Message", models.PROTECT, related_name="+", null=True)
    sent_at = models.DateTimeField(null=True)
    tries = models.PositiveSmallIntegerField(default=0)
    trouble = models.CharField(max_length=500, blank=True)

    class Meta:
        ordering = ("id",)
        constraints = (
            models.UniqueConstraint(
                fields=["page", "round", "step", "kind", "address"], name="a_page_is_sent_once_a_step_and_channel"
            ),
        )
        triggers = (pgtrigger.Protect(name="keep_notifications", operation=pgtrigger.Delete),)
