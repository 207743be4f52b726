"""What came in, and what people say of it."""

from __future__ import annotations

from typing import Final

import pgtrigger
from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

OURS: Final = "makegood"
"""The source of records that come from decisions made here."""


class Batch(models.Model):
    """Records that were accepted together into the vault of a contract; the same ``key`` is accepted once.

    Of its ``records`` some may have been ``known`` before. Rows that were ``refused`` could not be read or contradict
    what is known; ``findings`` are about the first of them, each with its place. ``entry`` is the last of the vault
    afterwards.
    """

    contract = models.ForeignKey("contracts.Contract", models.PROTECT, related_name="+")
    key = models.CharField(max_length=200)
    source = models.CharField(max_length=200)
    name = models.CharField(max_length=300)
    sha256 = models.CharField(max_length=64)
    records = models.PositiveIntegerField()
    known = models.PositiveIntegerField(default=0)
    refused = models.PositiveIntegerField(default=0)
    findings = models.JSONField(default=list)
    entry = models.PositiveIntegerField()
    received_at = models.DateTimeField()
    received_by = models.CharField(max_length=200)

    class Meta:
        ordering = ("-id",)
        constraints = (models.UniqueConstraint(fields=["contract", "key"], name="a_batch_comes_in_once"),)
        triggers = (pgtrigger.Protect(name="keep_batches", operation=pgtrigger.Update | pgtrigger.Delete),)


class Exclusion(models.Model):
    """A time that is not to count against a party: proposed by one side, approved or refused by the other."""

    class State(models.TextChoices):
        PROPOSED = "PROPOSED", _("proposed")
        APPROVED = "APPROVED", _("approved")
        REFUSED = "REFUSED", _("refused")

    contract = models.ForeignKey("contracts.Contract", models.PROTECT, related_name="+")
    cause = models.CharField(_("cause"), max_length=100)
    subject = models.CharField(_("subject"), max_length=200, blank=True)
    starts_at = models.DateTimeField(_("from"))
    ends_at = models.DateTimeField(_("until"))
    reason = models.TextField(_("reason"))
    announced_at = models.DateTimeField(_("announced"), null=True, blank=True)
    state = models.CharField(max_length=8, choices=State, default=State.PROPOSED)
    proposed_by = models.ForeignKey("access.Person", models.PROTECT, related_name="+")
    proposed_for = models.ForeignKey("parties.Organisation", models.PROTECT, related_name="+")
    proposed_at = models.DateTimeField()
    decided_by = models.ForeignKey("access.Person", models.PROTECT, related_name="+", null=True)
    decided_at = models.DateTimeField(null=True)
    entry = models.PositiveIntegerField(null=True)

    class Meta:
        ordering = ("-id",)
        constraints = (
            models.CheckConstraint(condition=Q(ends_at__gt=F("starts_at")), name="an_exclusion_ends_after_it_starts"),
            models.CheckConstraint(
                condition=Q(state="PROPOSED") | Q(decided_at__isnull=False), name="a_decided_exclusion_says_when"
            ),
        )


class Dispute(models.Model):
    """That a party says a record is wrong; if the other side accepts, it becomes a correction in the vault.

    ``record`` is named as verdicts name it. ``instead`` is the record that is right, if anything is.
    """

    class State(models.TextChoices):
        OPEN = "OPEN", _("open")
        ACCEPTED = "ACCEPTED", _("accepted")
        REJECTED = "REJECTED", _("rejected")

    contract = models.ForeignKey("contracts.Contract", models.PROTECT, related_name="+")
    period = models.CharField(max_length=60)
    outcome = models.CharField(max_length=100)
    record = models.CharField(max_length=300)
    reason = models.TextField(_("what is wrong"))
    instead = models.JSONField(null=True)
    state = models.CharField(max_length=8, choices=State, default=State.OPEN)
    raised_by = models.ForeignKey("access.Person", models.PROTECT, related_name="+")
    raised_for = models.ForeignKey("parties.Organisation", models.PROTECT, related_name="+")
    raised_at = models.DateTimeField()
    answer_by = models.DateTimeField()
    decided_by = models.ForeignKey("access.Person", models.PROTECT, related_name="+", null=True)
    decided_at = models.DateTimeField(null=True)
    decision = models.TextField(blank=True)
    entry = models.PositiveIntegerField(null=True)

    class Meta:
        ordering = ("-id",)


class Remark(models.Model):
    """Something said in the conversation about a dispute."""

    dispute = models.ForeignKey(Dispute, models.PROTECT, related_name="remarks")
    person = models.ForeignKey("access.Person", models.PROTECT, related_name="+")
    organisation = models.ForeignKey("parties.Organisation", models.PROTECT, related_name="+")
    text = models.TextField(_("remark"))
    written_at = models.DateTimeField()

    class Meta:
        ordering = ("id",)
        triggers = (pgtrigger.Protect(name="keep_remarks", operation=pgtrigger.Update | pgtrigger.Delete),)


class Scheme(models.TextChoices):
    """How a program that posts evidence shows that it is the one."""

    STANDARD = "STANDARD", _("signature of Standard Webhooks")
    HMAC = "HMAC", _("HMAC-SHA256 of the body, in X-Signature")
    BEARER = "BEARER", _("secret in the header Authorization")


class Receiver(models.Model):
    """An address to which one tool posts evidence of a contract; it knows the sealed ``secret``.

    ``token`` is the part of the address that nobody guesses. ``mapping`` says how JSON becomes records, and ``rows``
    names the list in it, if the list is not the whole. Until ``earlier_until`` the secret before counts as well.
    """

    contract = models.ForeignKey("contracts.Contract", models.PROTECT, related_name="+")
    name = models.CharField(_("name"), max_length=100)
    token = models.CharField(max_length=43, unique=True)
    scheme = models.CharField(_("how it signs"), max_length=8, choices=Scheme)
    secret = models.BinaryField()
    earlier_secret = models.BinaryField(null=True)
    earlier_until = models.DateTimeField(null=True)
    mapping = models.TextField(_("mapping"), blank=True)
    rows = models.CharField(_("where the list is"), max_length=200, blank=True)
    created_by = models.ForeignKey("access.Person", models.PROTECT, related_name="+")
    created_at = models.DateTimeField()
    ended_at = models.DateTimeField(null=True)

    class Meta:
        ordering = ("name", "id")
        constraints = (
            models.UniqueConstraint(
                fields=["contract", "name"], condition=Q(ended_at=None), name="a_receiver_has_its_own_name"
            ),
            models.CheckConstraint(
                condition=Q(earlier_secret=None) | Q(earlier_until__isnull=False),
                name="an_earlier_secret_of_a_receiver_says_until_when",
            ),
        )
        triggers = (pgtrigger.Protect(name="keep_receivers", operation=pgtrigger.Delete),)

    def __str__(self) -> str:
        return self.name


class Reception(models.Model):
    """What came to a receiver, and what became of it; without a batch it was ``refused``, and why."""

    receiver = models.ForeignKey(Receiver, models.PROTECT, related_name="receptions")
    at = models.DateTimeField()
    size = models.PositiveIntegerField()
    batch = models.ForeignKey(Batch, models.PROTECT, related_name="+", null=True)
    refused = models.TextField(blank=True)

    class Meta:
        ordering = ("-id",)
        indexes = (models.Index(fields=["receiver", "-id"], name="receptions_newest_first"),)
