"""Entries of the trail."""

from __future__ import annotations

import pgtrigger
from django.db import models


class Entry(models.Model):
    """Who did what when; ``refused`` says why it was not done."""

    at = models.DateTimeField()
    who = models.CharField(max_length=200)
    person = models.ForeignKey("access.Person", models.PROTECT, related_name="+", null=True)
    organisation = models.ForeignKey("parties.Organisation", models.PROTECT, related_name="+", null=True)
    did = models.CharField(max_length=60)
    about = models.CharField(max_length=200)
    details = models.JSONField(default=dict)
    address = models.GenericIPAddressField(null=True)
    refused = models.TextField(blank=True)

    class Meta:
        ordering = ("-id",)
        indexes = (models.Index(fields=["organisation", "-id"], name="trail_by_organisation"),)
        triggers = (pgtrigger.Protect(name="keep_the_trail", operation=pgtrigger.Update | pgtrigger.Delete),)
