"""Who is paged as limits come near, and who hears of a major incident."""

from __future__ import annotations

import pgtrigger
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from makegood.platform.evidence.service_desk.models.cases import Case


class Alarm(models.Model):
    """That people are paged by a policy when ``percent`` of a limit of a case with a ``priority`` is used up."""

    policy = models.ForeignKey("on_call.Policy", models.PROTECT, related_name="+")
    customer = models.ForeignKey("parties.Organisation", models.PROTECT, related_name="+", null=True)
    priority = models.CharField(_("priority"), max_length=60, blank=True)
    percent = models.PositiveSmallIntegerField(_("from this part of a limit on, in percent"))
    created_at = models.DateTimeField()
    ended_at = models.DateTimeField(null=True)

    class Meta:
        ordering = ("id",)
        triggers = (pgtrigger.Protect(name="keep_alarms", operation=pgtrigger.Delete),)


class CommunicationPlan(models.Model):
    """Who hears how often by which way how a major incident stands; ``text`` is what an announcement begins with.

    ``next_at`` is when the next one is due; ``reminded_at`` when its owner was told that it was.
    """

    class Audience(models.TextChoices):
        DECIDERS = "DECIDERS", _("sponsors and managers of the customer")
        EVERYBODY = "EVERYBODY", _("everybody of the customer who signs in")
        CONTACTS = "CONTACTS", _("contacts of the customer")
        HOUSE = "HOUSE", _("owners and service managers of the provider")

    class Way(models.TextChoices):
        MAIL = "MAIL", _("e-mail")
        CALL = "CALL", _("telephone")
        PAGE = "PAGE", _("written in the case")

    case = models.ForeignKey(Case, models.PROTECT, related_name="communication")
    audience = models.CharField(_("who hears it"), max_length=9, choices=Audience)
    way = models.CharField(_("by"), max_length=4, choices=Way)
    minutes = models.PositiveIntegerField(_("every so many minutes"))
    text = models.TextField(_("what it begins with"), blank=True)
    next_at = models.DateTimeField(null=True)
    reminded_at = models.DateTimeField(null=True)
    created_at = models.DateTimeField()

    class Meta:
        ordering = ("id",)
        constraints = (
            models.UniqueConstraint(fields=["case", "audience", "way"], name="an_audience_is_told_by_one_plan"),
        )
        indexes = (models.Index(fields=["next_at"], condition=Q(next_at__isnull=False), name="announcements_due"),)
        triggers = (pgtrigger.Protect(name="keep_communication", operation=pgtrigger.Delete),)


class Announcement(models.Model):
    """What an audience was told of a major incident, by whom and when; ``told`` names them."""

    plan = models.ForeignKey(CommunicationPlan, models.PROTECT, related_name="announcements")
    text = models.TextField()
    told = models.TextField()
    person = models.ForeignKey("access.Person", models.PROTECT, related_name="+")
    at = models.DateTimeField()

    class Meta:
        ordering = ("-id",)
        triggers = (pgtrigger.Protect(name="keep_announcements", operation=pgtrigger.Update | pgtrigger.Delete),)
