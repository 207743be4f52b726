"""Reports as they were made."""

from __future__ import annotations

import pgtrigger
from django.db import models


class Report(models.Model):
    """The report of a contract and period: data, page and PDF as they were when it was made."""

    period = models.ForeignKey("periods.Period", models.PROTECT, related_name="+")
    number = models.PositiveIntegerField()
    form = models.JSONField()
    pdf = models.BinaryField()
    sha256 = models.CharField(max_length=64)
    made_at = models.DateTimeField()

    class Meta:
        ordering = ("-id",)
        constraints = (models.UniqueConstraint(fields=["period", "number"], name="a_report_has_its_own_number"),)
        triggers = (pgtrigger.Protect(name="keep_reports", operation=pgtrigger.Update | pgtrigger.Delete),)


class Recommendation(models.Model):
    """What was recommended to a customer: cost in words, decision and when it is due."""

    contract = models.ForeignKey("contracts.Contract", models.PROTECT, related_name="+")
    text = models.TextField()
    cost = models.CharField(max_length=200, blank=True)
    decision = models.CharField(max_length=200, blank=True)
    due_date = models.DateField(null=True, blank=True)
    written_at = models.DateTimeField()
