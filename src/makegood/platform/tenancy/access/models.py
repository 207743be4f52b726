"""People, memberships and invitations."""

from __future__ import annotations

from typing import ClassVar

import pghistory
import pgtrigger
from django.contrib.auth.base_user import AbstractBaseUser, BaseUserManager
from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from makegood.platform.tenancy.viewer import CUSTOMER, STAFF, Role


class People(BaseUserManager["Person"]):
    """How people are found by those who sign in."""

    def get_by_natural_key(self, username: str | None) -> Person:
        return self.get(email__iexact=username)


class Person(AbstractBaseUser):
    """Somebody who can sign in. What they may see follows from their memberships alone."""

    email = models.EmailField(_("e-mail"), unique=True)
    name = models.CharField(_("name"), max_length=200)
    language = models.CharField(_("language"), max_length=5, default="en")
    is_active = models.BooleanField(default=True)
    created_at = models.DateTimeField()

    objects: ClassVar[People] = People()
    USERNAME_FIELD = "email"
    REQUIRED_FIELDS: ClassVar[list[str]] = ["name"]

    class Meta:
        constraints = (
            models.CheckConstraint(
                condition=Q(email=models.functions.Lower("email")), name="an_email_is_in_lower_case"
            ),
        )

    def __str__(self) -> str:
        return self.name


@pghistory.track()
class Membership(models.Model):
    """A role of a person in an organisation, from one instant to another."""

    person = models.ForeignKey(Person, models.PROTECT, related_name="memberships")
    organisation = models.ForeignKey("parties.Organisation", models.PROTECT, related_name="+")
    role = models.CharField(_("role"), max_length=16, choices=Role)
    since = models.DateTimeField()
    ended_at = models.DateTimeField(null=True, blank=True)
    customers = models.ManyToManyField("parties.Organisation", related_name="+", blank=True)

    class Meta:
        ordering = ("person__name", "role", "id")
        constraints = (
            models.UniqueConstraint(
                fields=["person", "organisation", "role"], condition=Q(ended_at=None), name="a_role_is_held_once"
            ),
            models.CheckConstraint(
                condition=Q(ended_at=None) | Q(ended_at__gte=F("since")), name="a_role_ends_after_it_began"
            ),
        )


class Invitation(models.Model):
    """A role that was offered by mail; the secret of the link is kept as its SHA-256.

    Staff may be invited for some ``customers`` only.
    """

    organisation = models.ForeignKey("parties.Organisation", models.PROTECT, related_name="+")
    email = models.EmailField(_("e-mail"))
    role = models.CharField(_("role"), max_length=16, choices=Role)
    secret = models.BinaryField(max_length=32, unique=True)
    invited_by = models.ForeignKey(Person, models.PROTECT, related_name="+")
    invited_at = models.DateTimeField()
    expires_at = models.DateTimeField()
    accepted_at = models.DateTimeField(null=True, blank=True)
    withdrawn_at = models.DateTimeField(null=True, blank=True)
    customers = models.ManyToManyField("parties.Organisation", related_name="+", blank=True)

    class Meta:
        ordering = ("email", "id")
        constraints = (
            models.UniqueConstraint(
                fields=["organisation", "email", "role"],
                condition=Q(accepted_at=None, withdrawn_at=None),
                name="an_invitation_is_open_once",
            ),
            models.CheckConstraint(
                condition=Q(accepted_at=None) | Q(withdrawn_at=None), name="an_invitation_ends_in_one_way"
            ),
        )

    def __str__(self) -> str:
        return self.email


class ClientSite(models.TextChoices):
    """For whom a program looks: the provider, a customer or an affiliate."""

    CONSOLE = "console", _("provider")
    PORTAL = "portal", _("customer")
    PARTNER = "partner", _("affiliate")


class Scope(models.TextChoices):
    """What a program may do; it sees nothing without one."""

    WRITE_EVIDENCE = "evidence:write", _("send evidence")
    READ_EVIDENCE = "evidence:read", _("read evidence")
    READ_AGREEMENTS = "agreements:read", _("read agreements")
    READ_VERDICTS = "verdicts:read", _("read verdicts")
    READ_MONEY = "money:read", _("read money")


@pghistory.track()
class Client(models.Model):
    """A program that uses the API for an organisation, until it expires; its key is kept as SHA-256.

    It sees what its organisation sees at one ``site``.
    """

    organisation = models.ForeignKey("parties.Organisation", models.PROTECT, related_name="+")
    site = models.CharField(max_length=7, choices=ClientSite)
    name = models.CharField(_("name"), max_length=200)
    key = models.BinaryField(max_length=32, unique=True)
    scopes = models.JSONField(default=list)
    created_by = models.ForeignKey(Person, models.PROTECT, related_name="+")
    created_at = models.DateTimeField()
    expires_at = models.DateTimeField()
    ended_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        ordering = ("name", "id")
        triggers = (pgtrigger.Protect(name="keep_clients", operation=pgtrigger.Delete),)

    def __str__(self) -> str:
        return self.name


class Attempt(models.Model):
    """How often somebody tried what is limited, such as signing in: the table of Django's cache, for all processes."""

    cache_key = models.CharField(max_length=255, primary_key=True)
    value = models.TextField()
    expires = models.DateTimeField(db_index=True)

    def __str__(self) -> str:
        return self.cache_key


__all__ = [
    "CUSTOMER",
    "STAFF",
    "Attempt",
    "Client",
    "ClientSite",
    "Invitation",
    "Membership",
    "Person",
    "Role",
    "Scope",
]
