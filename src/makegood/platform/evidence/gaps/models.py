"""Gaps."""

from __future__ import annotations

from django.db import models


class Gap(models.Model):
    """Something that an agreement asks for and that does not come ``since`` a moment; no ``source`` if none ever sent.

    ``outcomes`` are those that are judged by it.
    """

    contract = models.ForeignKey("contracts.Contract", models.PROTECT, related_name="+")
    what = models.CharField(max_length=200)
    source = models.CharField(max_length=200, blank=True)
    outcomes = models.JSONField(default=list)
    since = models.DateTimeField()
    noted_at = models.DateTimeField()

    class Meta:
        ordering = ("since", "id")
        constraints = (models.UniqueConstraint(fields=["contract", "what", "source"], name="a_gap_is_noted_once"),)
