"""Verdicts."""

from __future__ import annotations

import pgtrigger
from django.db import models
from django.utils.translation import gettext_lazy as _


class Verdict(models.Model):
    """What was found of a promise in a period, as seen from one snapshot of the evidence.

    ``form`` is the whole verdict as the engine states it, with readings, steps and the names of its evidence;
    ``digest`` is the SHA-256 of it, of ``credit_form`` and of ``claim``, which says of a credit that has to be claimed
    whether it was, and until when it can be. ``records`` are the first that it names, as they were.
    ``credit`` is in minor units of ``currency``; an outcome without money has none. What counts is the ``Latest``.
    """

    class Stage(models.TextChoices):
        PROVISIONAL = "PROVISIONAL", _("provisional")
        CLOSED = "CLOSED", _("closed")
        RESTATED = "RESTATED", _("restated")

    class Ruling(models.TextChoices):
        MET = "MET", _("met")
        MISSED = "MISSED", _("missed")
        UNDECIDED = "UNDECIDED", _("undecided")

    period = models.ForeignKey("periods.Period", models.PROTECT, related_name="+")
    outcome = models.CharField(max_length=100)
    stage = models.CharField(max_length=11, choices=Stage)
    ruling = models.CharField(max_length=9, choices=Ruling)
    shown = models.CharField(max_length=100)
    target = models.CharField(max_length=100)
    coverage = models.CharField(max_length=60, blank=True)
    credit = models.BigIntegerField(null=True)
    currency = models.CharField(max_length=3)
    form = models.JSONField()
    credit_form = models.JSONField(null=True)
    claim = models.JSONField(null=True)
    records = models.JSONField(default=list)
    digest = models.CharField(max_length=64)
    text_digest = models.CharField(max_length=64)
    snapshot = models.PositiveIntegerField()
    judged_at = models.DateTimeField()

    class Meta:
        ordering = ("id",)
        indexes = (models.Index(fields=["period", "outcome", "-id"], name="verdicts_newest_first"),)
        triggers = (pgtrigger.Protect(name="keep_verdicts", operation=pgtrigger.Update | pgtrigger.Delete),)


class Latest(models.Model):
    """Which verdict on an outcome of a period is the latest, and so the one that counts."""

    period = models.ForeignKey("periods.Period", models.PROTECT, related_name="+")
    outcome = models.CharField(max_length=100)
    verdict = models.OneToOneField(Verdict, models.PROTECT, related_name="latest")

    class Meta:
        constraints = (models.UniqueConstraint(fields=["period", "outcome"], name="one_verdict_counts"),)
