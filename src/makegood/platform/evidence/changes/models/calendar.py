"""When changes may be made, and who has to agree."""

from __future__ import annotations

import pgtrigger
from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _


class Rule(models.Model):
    """How changes of a customer are decided and released; without a row the fields have what they begin with.

    ``approves`` is of which changes the customer's own approval is needed. ``quorum`` is how many members of a
    committee vote at least. With ``straight`` a change of low impact may be released as soon as it is approved. With
    ``checks`` the customer looks at a release before it is approved.
    """

    class Approves(models.TextChoices):
        NONE = "NONE", _("none")
        HIGH = "HIGH", _("those of high impact")
        ALL = "ALL", _("all but standard and emergency changes")

    class Approver(models.TextChoices):
        SPONSOR = "SPONSOR", _("a sponsor")
        MANAGER = "MANAGER", _("a sponsor or a manager")

    customer = models.OneToOneField("parties.Organisation", models.PROTECT, related_name="+")
    approves = models.CharField(
        _("changes that the customer approves"), max_length=4, choices=Approves, default=Approves.NONE
    )
    approver = models.CharField(
        _("who approves for the customer"), max_length=7, choices=Approver, default=Approver.MANAGER
    )
    quorum = models.PositiveSmallIntegerField(_("votes that a committee needs"), default=2)
    straight = models.BooleanField(_("low impact is released without a release approval"), default=True)
    checks = models.BooleanField(_("the customer checks releases"), default=False)
    timezone = models.CharField(_("time zone"), max_length=60, default="UTC")

    class Meta:
        constraints = (models.CheckConstraint(condition=Q(quorum__gte=1), name="a_quorum_is_one_or_more"),)


class Responsible(models.Model):
    """Who manages changes of a technology, and who supports them with its resources."""

    technology = models.CharField(_("technology"), max_length=100, unique=True)
    manager = models.ForeignKey("access.Person", models.PROTECT, related_name="+")
    resources = models.ForeignKey("access.Person", models.PROTECT, related_name="+", null=True)

    class Meta:
        ordering = ("technology",)

    def __str__(self) -> str:
        return self.technology


class Window(models.Model):
    """A weekly time in which changes of a customer are made, in minutes of a day; Monday is 0."""

    customer = models.ForeignKey("parties.Organisation", models.PROTECT, related_name="+")
    weekday = models.PositiveSmallIntegerField()
    starts = models.PositiveSmallIntegerField()
    ends = models.PositiveSmallIntegerField()

    class Meta:
        ordering = ("customer", "weekday", "starts")
        constraints = (
            models.CheckConstraint(
                condition=Q(weekday__lte=6, ends__lte=1440, ends__gt=F("starts")), name="a_window_lies_in_a_day"
            ),
            models.UniqueConstraint(
                fields=["customer", "weekday", "starts", "ends"], name="a_window_of_a_customer_is_there_once"
            ),
        )


class Freeze(models.Model):
    """A time in which nothing is changed for a customer, or for nobody at all."""

    customer = models.ForeignKey("parties.Organisation", models.PROTECT, related_name="+", null=True)
    title = models.CharField(max_length=200)
    starts_at = models.DateTimeField()
    ends_at = models.DateTimeField()
    ended_at = models.DateTimeField(null=True)

    class Meta:
        ordering = ("starts_at", "id")
        constraints = (
            models.CheckConstraint(condition=Q(ends_at__gt=F("starts_at")), name="a_freeze_ends_after_it_starts"),
        )

    def __str__(self) -> str:
        return self.title


class Override(models.Model):
    """That a change was planned although something stood against it, and why."""

    change = models.ForeignKey("changes.Change", models.PROTECT, related_name="overrides")
    starts_at = models.DateTimeField()
    ends_at = models.DateTimeField()
    against = models.JSONField()
    why = models.TextField()
    person = models.ForeignKey("access.Person", models.PROTECT, related_name="+")
    at = models.DateTimeField()

    class Meta:
        ordering = ("-id",)
        triggers = (pgtrigger.Protect(name="keep_overrides", operation=pgtrigger.Update | pgtrigger.Delete),)
