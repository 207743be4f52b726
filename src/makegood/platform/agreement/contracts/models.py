"""Contracts, the versions of their text, signatures, and where evidence is to come from."""

from __future__ import annotations

from datetime import date, timedelta

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
    ended_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        ordering = ("title", "slug")
        constraints = (
            models.CheckConstraint(condition=~Q(provider=F("customer")), name="a_contract_is_between_two"),
            models.CheckConstraint(
                condition=~Q(state="ACTIVE") | Q(activated_at__isnull=False), name="an_active_contract_says_since_when"
            ),
            models.CheckConstraint(
                condition=Q(state="ENDED", ended_at__isnull=False) | (~Q(state="ENDED") & Q(ended_at=None)),
                name="an_ended_contract_says_since_when",
            ),
        )
        triggers = (
            pgtrigger.FSM(
                name="contracts_begin_and_end",
                field="state",
                transitions=[("DRAFT", "ACTIVE"), ("DRAFT", "ENDED"), ("ACTIVE", "ENDED")],
            ),
            pgtrigger.Protect(name="keep_contracts", operation=pgtrigger.Delete),
        )

    def __str__(self) -> str:
        return self.title


class Version(models.Model):
    """A text of a contract. A draft may be rewritten; from the offer on the text stays as it is.

    ``number`` is that of the language: the first text is 1, and one that was withdrawn gives its number back.
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
        ordering = ("number", "pk")
        constraints = (
            models.UniqueConstraint(
                fields=["contract", "number"],
                condition=~Q(state="WITHDRAWN"),
                name="a_version_has_its_own_number",
            ),
            models.UniqueConstraint(
                fields=["contract"], condition=Q(state__in=["DRAFT", "OFFERED"]), name="one_version_is_open_at_a_time"
            ),
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
            pgtrigger.FSM(
                name="versions_go_one_way",
                field="state",
                transitions=[
                    ("DRAFT", "OFFERED"),
                    ("DRAFT", "WITHDRAWN"),
                    ("OFFERED", "ACTIVE"),
                    ("OFFERED", "WITHDRAWN"),
                ],
            ),
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

    def __str__(self) -> str:
        return f"{self.contract.title}, version {self.number}"

    @property
    def first_day(self) -> date | None:
        """The first day on which it is the text that counts, if there is one."""
        return self.in_force.lower if self.in_force else None

    @property
    def last_day(self) -> date | None:
        """The last day on which it is the text that counts, if there is one."""
        return self.in_force.upper - timedelta(days=1) if self.in_force else None


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

    def __str__(self) -> str:
        return f"{self.name} for {self.organisation}"


@pghistory.track()
class Source(models.Model):
    """Where evidence of a contract is to come from: who or what reports it, and what that is, as measures name it."""

    contract = models.ForeignKey(Contract, models.PROTECT, related_name="sources")
    name = models.CharField(_("source"), max_length=200)
    reports = models.CharField(_("what it reports"), max_length=300)
    declared_by = models.ForeignKey("access.Person", models.PROTECT, related_name="+", null=True)
    declared_at = models.DateTimeField()

    class Meta:
        ordering = ("reports", "name")
        constraints = (
            models.UniqueConstraint(fields=["contract", "name", "reports"], name="a_source_is_declared_once"),
        )

    def __str__(self) -> str:
        return f"{self.name}: {self.reports}"


class Staffing(models.Model):
    """That a rota is behind an agreement, and when nobody is on call: stretches from ``as_of`` on for some weeks.

    Whoever keeps rotas says so; ``number`` is that of the rota, and ``uncovered`` has pairs of instants.
    """

    contract = models.ForeignKey(Contract, models.PROTECT, related_name="staffings")
    number = models.PositiveBigIntegerField()
    rota = models.CharField(max_length=100)
    uncovered = models.JSONField(default=list)
    as_of = models.DateTimeField()

    class Meta:
        ordering = ("rota", "number")
        constraints = (models.UniqueConstraint(fields=["contract", "number"], name="a_rota_staffs_an_agreement_once"),)

    def __str__(self) -> str:
        return self.rota
