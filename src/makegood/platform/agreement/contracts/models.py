"""Contracts, the versions of their text, and signatures."""

from __future__ import annotations

import pghistory
import pgtrigger
from django.contrib.postgres.constraints import ExclusionConstraint
from django.contrib.postgres.fields import DateRangeField, RangeOperators
from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _


class ContractState(models.TextChoices):
    DRAFT = "DRAFT", _("draft")
    ACTIVE = "ACTIVE", _("active")
    ENDED = "ENDED", _("ended")


class VersionState(models.TextChoices):
    DRAFT = "DRAFT", _("draft")
    OFFERED = "OFFERED", _("offered")
    ACTIVE = "ACTIVE", _("active")
    WITHDRAWN = "WITHDRAWN", _("withdrawn")


@pghistory.track()
class Contract(models.Model):
    """An agreement between two organisations, of which one is the house; its terms are in the text of its versions."""

    slug = models.CharField(_("identifier"), max_length=100, unique=True)
    title = models.CharField(_("title"), max_length=300)
    provider = models.ForeignKey("parties.Organisation", models.PROTECT, related_name="+")
    customer = models.ForeignKey("parties.Organisation", models.PROTECT, related_name="+")
    state = models.CharField(max_length=8, choices=ContractState, default=ContractState.DRAFT)
    created_at = models.DateTimeField()
    activated_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        ordering = ("title", "slug")
        constraints = (
            models.CheckConstraint(condition=~Q(provider=F("customer")), name="a_contract_is_between_two"),
            models.CheckConstraint(
                condition=Q(state="DRAFT") | Q(activated_at__isnull=False), name="an_active_contract_says_since_when"
            ),
        )

    def __str__(self) -> str:
        return self.title


class Version(models.Model):
    """A text of a contract. A draft may be rewritten; from the offer on the text stays as it is.

    ``in_force`` are the days on which it is the text that counts, once it is active.
    """

    contract = models.ForeignKey(Contract, models.PROTECT, related_name="versions")
    number = models.PositiveIntegerField()
    text = models.TextField()
    digest = models.CharField(max_length=64)
    state = models.CharField(max_length=9, choices=VersionState, default=VersionState.DRAFT)
    in_force = DateRangeField(null=True, blank=True)
    written_by = models.ForeignKey("access.Person", models.PROTECT, related_name="+", null=True)
    written_at = models.DateTimeField()
    offered_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        ordering = ("number",)
        constraints = (
            models.UniqueConstraint(fields=["contract", "number"], name="a_version_has_its_own_number"),
            ExclusionConstraint(
                name="versions_do_not_overlap",
                expressions=[(F("contract"), RangeOperators.EQUAL), (F("in_force"), RangeOperators.OVERLAPS)],
                condition=Q(state="ACTIVE"),
            ),
            models.CheckConstraint(
                condition=~Q(state="ACTIVE") | Q(in_force__isnull=False), name="an_active_version_says_from_when"
            ),
        )
        triggers = (
            pgtrigger.Protect(
                name="keep_versions",
                operation=pgtrigger.Delete,
                condition=pgtrigger.Q(old__state__in=["OFFERED", "ACTIVE", "WITHDRAWN"]),
            ),
            pgtrigger.Protect(
                name="keep_offered_texts",
                operation=pgtrigger.Update,
                condition=~pgtrigger.Q(old__state="DRAFT")
                & (
                    pgtrigger.Q(old__text__df=pgtrigger.F("new__text"))
                    | pgtrigger.Q(old__digest__df=pgtrigger.F("new__digest"))
                ),
            ),
        )


class Signature(models.Model):
    """That somebody accepted a text for a party: who, when, from where, and exactly which text."""

    version = models.ForeignKey(Version, models.PROTECT, related_name="signatures")
    organisation = models.ForeignKey("parties.Organisation", models.PROTECT, related_name="+")
    person = models.ForeignKey("access.Person", models.PROTECT, related_name="+")
    name = models.CharField(_("full name"), max_length=200)
    digest = models.CharField(max_length=64)
    address = models.GenericIPAddressField(null=True)
    signed_at = models.DateTimeField()

    class Meta:
        constraints = (models.UniqueConstraint(fields=["version", "organisation"], name="a_party_signs_once"),)
        triggers = (pgtrigger.Protect(name="keep_signatures", operation=pgtrigger.Update | pgtrigger.Delete),)
