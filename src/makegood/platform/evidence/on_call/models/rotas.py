"""Rotas, their layers, overrides, leave, what hours are worth, and the agreements that are staffed by them."""

from __future__ import annotations

import pghistory
import pgtrigger
from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _


@pghistory.track()
class Rota(models.Model):
    """Whose turn it is, in the hours that it ``covers`` on the wall of its zone; nothing written means every hour."""

    organisation = models.ForeignKey("parties.Organisation", models.PROTECT, related_name="+")
    name = models.CharField(_("name"), max_length=100)
    timezone = models.CharField(_("time zone"), max_length=60)
    covers = models.CharField(_("hours"), max_length=400, blank=True)
    country = models.CharField(_("public holidays of"), max_length=2, blank=True)
    subdivision = models.CharField(_("part of the country"), max_length=6, blank=True)
    created_at = models.DateTimeField()
    ended_at = models.DateTimeField(null=True)

    class Meta:
        ordering = ("name", "id")
        constraints = (
            models.UniqueConstraint(
                fields=["organisation", "name"], condition=Q(ended_at=None), name="a_rota_has_its_own_name"
            ),
        )
        triggers = (pgtrigger.Protect(name="keep_rotas", operation=pgtrigger.Delete),)

    def __str__(self) -> str:
        return self.name


class PayRate(models.Model):
    """What an hour of a rota is worth from a day on, in minor units; at night and so on so many percent are added."""

    rota = models.ForeignKey(Rota, models.PROTECT, related_name="rates")
    since = models.DateField()
    currency = models.CharField(max_length=3)
    standby = models.PositiveBigIntegerField()
    called = models.PositiveBigIntegerField()
    night = models.PositiveSmallIntegerField(default=0)
    weekend = models.PositiveSmallIntegerField(default=0)
    holiday = models.PositiveSmallIntegerField(default=0)
    set_by = models.ForeignKey("access.Person", models.PROTECT, related_name="+")
    set_at = models.DateTimeField()

    class Meta:
        ordering = ("since", "id")
        triggers = (pgtrigger.Protect(name="keep_pay_rates", operation=pgtrigger.Update | pgtrigger.Delete),)


@pghistory.track()
class Layer(models.Model):
    """People who take turns of so many days from a time on the wall on; lower ``place`` counts first.

    It holds from ``since`` up to ``until``: one that is changed ends, and another begins.
    """

    rota = models.ForeignKey(Rota, models.PROTECT, related_name="layers")
    place = models.PositiveSmallIntegerField()
    starts_on = models.DateField()
    hand_over = models.TimeField()
    days = models.PositiveSmallIntegerField()
    covers = models.CharField(max_length=400, blank=True)
    since = models.DateTimeField()
    until = models.DateTimeField(null=True)

    class Meta:
        ordering = ("place", "id")
        constraints = (
            models.CheckConstraint(
                condition=Q(until=None) | Q(until__gte=F("since")), name="a_layer_ends_after_it_began"
            ),
            models.CheckConstraint(condition=Q(days__gte=1), name="a_turn_takes_a_day_at_least"),
        )
        triggers = (pgtrigger.Protect(name="keep_layers", operation=pgtrigger.Delete),)

    def __str__(self) -> str:
        return f"{self.rota.name} {self.place}"


class Turn(models.Model):
    """The place of somebody in a layer."""

    layer = models.ForeignKey(Layer, models.PROTECT, related_name="turns")
    number = models.PositiveSmallIntegerField()
    person = models.ForeignKey("access.Person", models.PROTECT, related_name="+")

    class Meta:
        ordering = ("number",)
        constraints = (models.UniqueConstraint(fields=["layer", "number"], name="a_turn_is_taken_by_one"),)
        triggers = (pgtrigger.Protect(name="keep_turns", operation=pgtrigger.Update | pgtrigger.Delete),)


@pghistory.track()
class Override(models.Model):
    """Somebody takes over for a stretch; with ``instead_of`` only where it is that person's turn."""

    rota = models.ForeignKey(Rota, models.PROTECT, related_name="overrides")
    person = models.ForeignKey("access.Person", models.PROTECT, related_name="+")
    instead_of = models.ForeignKey("access.Person", models.PROTECT, related_name="+", null=True)
    starts_at = models.DateTimeField()
    ends_at = models.DateTimeField()
    why = models.CharField(max_length=300, blank=True)
    kept_at = models.DateTimeField()
    withdrawn_at = models.DateTimeField(null=True)

    class Meta:
        ordering = ("id",)
        constraints = (
            models.CheckConstraint(condition=Q(ends_at__gte=F("starts_at")), name="an_override_ends_after_it_began"),
        )
        triggers = (pgtrigger.Protect(name="keep_overrides", operation=pgtrigger.Delete),)

    def __str__(self) -> str:
        return f"{self.person} {self.starts_at:%Y-%m-%d}"


@pghistory.track()
class Leave(models.Model):
    """A stretch in which somebody is not there, for every rota."""

    person = models.ForeignKey("access.Person", models.PROTECT, related_name="+")
    starts_at = models.DateTimeField()
    ends_at = models.DateTimeField()
    why = models.CharField(max_length=300, blank=True)
    kept_at = models.DateTimeField()
    withdrawn_at = models.DateTimeField(null=True)

    class Meta:
        ordering = ("starts_at", "id")
        constraints = (
            models.CheckConstraint(condition=Q(ends_at__gte=F("starts_at")), name="a_leave_ends_after_it_began"),
        )
        triggers = (pgtrigger.Protect(name="keep_leave", operation=pgtrigger.Delete),)

    def __str__(self) -> str:
        return f"{self.person} {self.starts_at:%Y-%m-%d}"


class Cover(models.Model):
    """That a rota staffs an agreement, until it is released."""

    rota = models.ForeignKey(Rota, models.PROTECT, related_name="+")
    contract = models.ForeignKey("contracts.Contract", models.PROTECT, related_name="+")
    since = models.DateTimeField()
    released_at = models.DateTimeField(null=True)

    class Meta:
        ordering = ("id",)
        constraints = (
            models.UniqueConstraint(
                fields=["rota", "contract"], condition=Q(released_at=None), name="a_rota_covers_an_agreement_once"
            ),
        )
