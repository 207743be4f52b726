"""What is said about cases, and the files that come with it."""

from __future__ import annotations

import pgtrigger
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from makegood.platform.evidence.service_desk.models.cases import Case


class Message(models.Model):
    """Something said about a case: by mail, on a page, by telephone, or among ourselves.

    What is not ``public`` only the provider of the case sees. ``number`` is the identifier of a mail.
    """

    class Kind(models.TextChoices):
        MAIL_IN = "MAIL_IN", _("mail received")
        MAIL_OUT = "MAIL_OUT", _("mail sent")
        PAGE = "PAGE", _("written here")
        CALL = "CALL", _("telephone")
        NOTE = "NOTE", _("note")

    case = models.ForeignKey(Case, models.PROTECT, related_name="messages")
    kind = models.CharField(max_length=8, choices=Kind)
    public = models.BooleanField()
    update = models.BooleanField(default=False)
    person = models.ForeignKey("access.Person", models.PROTECT, related_name="+", null=True)
    organisation = models.ForeignKey("parties.Organisation", models.PROTECT, related_name="+", null=True)
    who = models.CharField(max_length=200)
    text = models.TextField()
    quoted = models.TextField(blank=True)
    number = models.CharField(max_length=998, blank=True)
    mail = models.ForeignKey("outbox.Message", models.PROTECT, related_name="+", null=True)
    at = models.DateTimeField()

    class Meta:
        ordering = ("id",)
        constraints = (
            models.UniqueConstraint(fields=["number"], condition=~Q(number=""), name="a_mail_is_taken_once"),
        )
        indexes = (models.Index(fields=["case", "id"], name="messages_of_a_case"),)
        triggers = (pgtrigger.Protect(name="keep_case_messages", operation=pgtrigger.Update | pgtrigger.Delete),)


class Attachment(models.Model):
    """A file that came with a message; one that is ``refused`` was not kept, and why."""

    message = models.ForeignKey(Message, models.PROTECT, related_name="attachments")
    name = models.CharField(max_length=255)
    type = models.CharField(max_length=127)
    size = models.PositiveIntegerField()
    sha256 = models.CharField(max_length=64)
    content = models.BinaryField(null=True)
    refused = models.CharField(max_length=200, blank=True)

    class Meta:
        ordering = ("id",)
        constraints = (
            models.CheckConstraint(
                condition=Q(content__isnull=False, refused="") | (Q(content=None) & ~Q(refused="")),
                name="an_attachment_is_kept_or_refused",
            ),
        )
        triggers = (pgtrigger.Protect(name="keep_attachments", operation=pgtrigger.Update | pgtrigger.Delete),)


class Update(models.Model):
    """That a customer was to be told how a case stands, or was told: evidence of the promise to tell them.

    Each time is a small case of its own, named by the ``number``: ``opened`` when it began to run, ``resolved`` when
    the customer heard something, or when there was nothing more to tell.
    """

    case = models.ForeignKey(Case, models.PROTECT, related_name="updates")
    number = models.PositiveIntegerField()
    word = models.CharField(max_length=8)
    at = models.DateTimeField()
    priority = models.CharField(max_length=60)
    written_at = models.DateTimeField()

    class Meta:
        ordering = ("case", "id")
        constraints = (
            models.UniqueConstraint(fields=["case", "number", "word"], name="an_update_begins_and_ends_once"),
        )
        triggers = (pgtrigger.Protect(name="keep_updates", operation=pgtrigger.Update | pgtrigger.Delete),)


class UnsentUpdate(models.Model):
    """A change of an update that is not in the vault of its contract yet."""

    update = models.OneToOneField(Update, models.PROTECT, related_name="+", primary_key=True)
    contract = models.ForeignKey("contracts.Contract", models.PROTECT, related_name="+")
