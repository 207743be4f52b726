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
    READ_GOVERNANCE = "governance:read", _("read duties, meetings and changes of scope")
    READ_ORGANISATIONS = "organisations:read", _("read organisations, their sites and contacts")
    READ_CASES = "cases:read", _("read cases of the service desk")
    READ_CHANGES = "changes:read", _("read problems, changes and releases")
    READ_ON_CALL = "on_call:read", _("read who is on call, and what was paged")
    READ_PEOPLE = "people:read", _("read who has which role, and which keys there are")
    READ_TRAIL = "trail:read", _("read the trail")
    READ_MAILS = "mails:read", _("read which mails were sent")
    WRITE_AGREEMENTS = "agreements:write", _("write, offer, activate and end agreements")
    WRITE_DISPUTES = "disputes:write", _("propose and decide exclusions, raise and decide disputes")
    WRITE_VERDICTS = "verdicts:write", _("judge, and write corrective actions")
    WRITE_MONEY = "money:write", _("close periods, make and answer claims")
    WRITE_REPORTS = "reports:write", _("make reports and recommendations, and decide them")
    WRITE_GOVERNANCE = "governance:write", _("mark duties, keep meetings, propose and decide changes of scope")
    WRITE_ORGANISATIONS = "organisations:write", _("change organisations, their sites, contacts and brands")
    WRITE_CASES = "cases:write", _("open cases, and work on them")
    WRITE_CHANGES = "changes:write", _("ask for changes, decide, plan and release them, keep problems")
    WRITE_ON_CALL = "on_call:write", _("plan who is on call, and page people")
    WRITE_PEOPLE = "people:write", _("invite people, take roles away, end keys")
    WRITE_MAILS = "mails:write", _("send mails again")


ACTING = frozenset(
    scope
    for scope in Scope
    if scope == Scope.READ_MAILS or (scope.value.endswith(":write") and scope != Scope.WRITE_EVIDENCE)
)
"""The scopes with which a program has the roles of whoever made its key; evidence is measured, and nobody's word."""


@pghistory.track()
class Client(models.Model):
    """A program that uses the API for an organisation, until it expires; its key is kept as SHA-256.

    It sees what its organisation sees at one ``site``. What it does beyond that, its maker could do as well.
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


class Once(models.Model):
    """What a program made under an ``Idempotency-Key`` of its own, so that asking again makes nothing again.

    ``digest`` is the SHA-256 of what it asked for, and ``made`` the number of what was made.
    """

    client = models.ForeignKey(Client, models.PROTECT, related_name="+")
    key = models.CharField(max_length=200)
    digest = models.CharField(max_length=64)
    made = models.BigIntegerField(null=True)
    at = models.DateTimeField()

    class Meta:
        constraints = (models.UniqueConstraint(fields=["client", "key"], name="a_program_asks_once"),)

    def __str__(self) -> str:
        return self.key


class Attempt(models.Model):
    """How often somebody tried what is limited, such as signing in: the table of Django's cache, for all processes."""

    cache_key = models.CharField(max_length=255, primary_key=True)
    value = models.TextField()
    expires = models.DateTimeField(db_index=True)

    def __str__(self) -> str:
        return self.cache_key


__all__ = [
    "ACTING",
    "CUSTOMER",
    "STAFF",
    "Attempt",
    "Client",
    "ClientSite",
    "Invitation",
    "Membership",
    "Once",
    "Person",
    "Role",
    "Scope",
]
