"""Organisations, their sites and contacts."""

from __future__ import annotations

import pghistory
from django.core.validators import RegexValidator
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

_identifier = RegexValidator(r"^[a-z0-9][a-z0-9-]*$", _("Write lower-case letters, digits and hyphens."))


@pghistory.track()
class Organisation(models.Model):
    """Any company: the house itself, a customer, an affiliate, or several of these, agreement by agreement."""

    slug = models.CharField(_("identifier"), max_length=60, unique=True, validators=[_identifier])
    name = models.CharField(_("name"), max_length=200)
    country = models.CharField(_("country"), max_length=2, blank=True)
    is_house = models.BooleanField(default=False)
    shows_affiliates = models.BooleanField(
        _("sees who else is involved"),
        default=False,
        help_text=_("Whether this customer sees the names of affiliates."),
    )
    created_at = models.DateTimeField()

    class Meta:
        ordering = ("name",)
        constraints = (
            models.UniqueConstraint(fields=["is_house"], condition=Q(is_house=True), name="there_is_one_house"),
        )

    def __str__(self) -> str:
        return self.name


@pghistory.track()
class Site(models.Model):
    """A place of an organisation where services are used or delivered."""

    organisation = models.ForeignKey(Organisation, models.PROTECT, related_name="sites")
    name = models.CharField(_("name"), max_length=200)
    address = models.TextField(_("address"), blank=True)
    timezone = models.CharField(_("time zone"), max_length=60, default="UTC")

    class Meta:
        ordering = ("name",)
        constraints = (models.UniqueConstraint(fields=["organisation", "name"], name="a_site_is_named_once"),)

    def __str__(self) -> str:
        return self.name


class ContactRole(models.TextChoices):
    SPONSOR = "SPONSOR", _("executive sponsor")
    MANAGER = "MANAGER", _("service manager")
    TECHNICAL = "TECHNICAL", _("technical contact")
    BILLING = "BILLING", _("billing contact")


@pghistory.track()
class Contact(models.Model):
    """Somebody to reach in an organisation, whether or not they sign in; lower ``escalation`` is asked first."""

    organisation = models.ForeignKey(Organisation, models.PROTECT, related_name="contacts")
    name = models.CharField(_("name"), max_length=200)
    email = models.EmailField(_("e-mail"))
    phone = models.CharField(_("telephone"), max_length=40, blank=True)
    role = models.CharField(_("role"), max_length=12, choices=ContactRole)
    escalation = models.PositiveSmallIntegerField(_("asked as number"), default=1)

    class Meta:
        ordering = ("escalation", "name")
        constraints = (
            models.UniqueConstraint(fields=["organisation", "email", "role"], name="a_contact_has_a_role_once"),
        )

    def __str__(self) -> str:
        return self.name
