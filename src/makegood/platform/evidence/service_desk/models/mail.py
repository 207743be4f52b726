"""Mailboxes that customers write to, and what came into them."""

from __future__ import annotations

import pgtrigger
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from makegood.platform.evidence.service_desk.models.cases import Case
from makegood.platform.evidence.service_desk.models.said import Message


class Security(models.TextChoices):
    """How the connection to a server of mail is protected."""

    TLS = "TLS", _("TLS from the beginning")
    STARTTLS = "STARTTLS", _("TLS after STARTTLS")
    NONE = "NONE", _("nothing; only inside networks that the owner allowed")


class Signing(models.TextChoices):
    """How a mail service that posts mails shows that it is the one."""

    STANDARD = "STANDARD", _("signature of Standard Webhooks")
    HMAC = "HMAC", _("HMAC-SHA256 of the body, in X-Signature")
    BEARER = "BEARER", _("secret in the header Authorization")


class Mailbox(models.Model):
    """An address that customers write to; mails about cases are from there as well.

    Its mails are fetched from ``host`` with the sealed ``password``, or posted to the address with ``token``, signed
    with the sealed ``secret``. Mails up to ``last_uid`` of the folder, as its server counts while it says
    ``uid_validity``, were looked at. One for a ``customer`` takes mails of nobody else; the ``owner`` answers for cases
    that begin here.
    """

    name = models.CharField(_("name"), max_length=100)
    address = models.EmailField(_("address that customers write to"))
    customer = models.ForeignKey("parties.Organisation", models.PROTECT, related_name="+", null=True)
    owner = models.ForeignKey("access.Person", models.PROTECT, related_name="+", null=True)
    kind = models.CharField(_("kind of case"), max_length=60, default="incident")

    host = models.CharField(_("server"), max_length=253, blank=True)
    port = models.PositiveIntegerField(_("port"), null=True)
    security = models.CharField(_("protection"), max_length=8, choices=Security, blank=True)
    user = models.CharField(_("user"), max_length=200, blank=True)
    password = models.BinaryField(null=True)
    folder = models.CharField(_("folder"), max_length=200, blank=True)
    uid_validity = models.BigIntegerField(null=True)
    last_uid = models.BigIntegerField(default=0)
    fetched_at = models.DateTimeField(null=True)
    trouble = models.TextField(blank=True)

    token = models.CharField(max_length=43, unique=True, null=True)
    signing = models.CharField(_("how it signs"), max_length=8, choices=Signing, blank=True)
    secret = models.BinaryField(null=True)

    created_by = models.ForeignKey("access.Person", models.PROTECT, related_name="+")
    created_at = models.DateTimeField()
    ended_at = models.DateTimeField(null=True)

    class Meta:
        ordering = ("name", "id")
        constraints = (
            models.UniqueConstraint(fields=["address"], condition=Q(ended_at=None), name="an_address_has_one_mailbox"),
            models.CheckConstraint(
                condition=Q(token=None, secret=None, password__isnull=False) & ~Q(host="")
                | Q(token__isnull=False, secret__isnull=False, password=None, host=""),
                name="a_mailbox_is_fetched_or_posted_to",
            ),
        )
        triggers = (pgtrigger.Protect(name="keep_mailboxes", operation=pgtrigger.Delete),)

    def __str__(self) -> str:
        return self.name


class Mail(models.Model):
    """A mail that came in, once: taken to a case, or held with the ``reason`` until somebody decides.

    ``key`` is the digest of its identifier and of what it says. The ``raw`` mail is kept while it is held.
    """

    class State(models.TextChoices):
        TAKEN = "TAKEN", _("taken")
        HELD = "HELD", _("held")
        DISCARDED = "DISCARDED", _("thrown away")

    mailbox = models.ForeignKey(Mailbox, models.PROTECT, related_name="mails")
    key = models.CharField(max_length=64, unique=True)
    number = models.CharField(max_length=998, blank=True)
    sender = models.CharField(_("from"), max_length=320, blank=True)
    sender_name = models.CharField(max_length=200, blank=True)
    subject = models.CharField(_("subject"), max_length=300, blank=True)
    size = models.PositiveIntegerField()
    received_at = models.DateTimeField()
    state = models.CharField(max_length=9, choices=State)
    reason = models.TextField(_("why it is held"), blank=True)
    raw = models.BinaryField(null=True)
    case = models.ForeignKey(Case, models.PROTECT, related_name="+", null=True)
    message = models.OneToOneField(Message, models.PROTECT, related_name="+", null=True)
    decided_by = models.ForeignKey("access.Person", models.PROTECT, related_name="+", null=True)
    decided_at = models.DateTimeField(null=True)

    class Meta:
        ordering = ("-id",)
        constraints = (
            models.CheckConstraint(
                condition=~Q(state="HELD") | Q(raw__isnull=False) & ~Q(reason=""), name="a_held_mail_says_why"
            ),
            models.CheckConstraint(condition=~Q(state="TAKEN") | Q(case__isnull=False), name="a_taken_mail_has_a_case"),
        )
        indexes = (
            models.Index(fields=["sender", "-received_at"], name="mails_of_a_sender"),
            models.Index(fields=["-id"], condition=Q(state="HELD"), name="mails_held"),
            models.Index(fields=["mailbox", "-id"], name="mails_of_a_mailbox"),
        )
        triggers = (pgtrigger.Protect(name="keep_mails", operation=pgtrigger.Delete),)

    def __str__(self) -> str:
        return self.subject or f"#{self.pk}"
