"""The outbox."""

from __future__ import annotations

from django.db import models
from django.utils.translation import gettext_lazy as _


class Message(models.Model):
    """A mail to one person: written with what it tells of, sent by the worker.

    What a ``secret`` one says is forgotten when it was sent: it has a link that lets its reader in.
    """

    class State(models.TextChoices):
        WAITING = "WAITING", _("waiting")
        SENT = "SENT", _("sent")
        FAILED = "FAILED", _("failed")

    kind = models.CharField(max_length=60)
    to = models.EmailField()
    sender = models.CharField(max_length=200)
    subject = models.CharField(max_length=300)
    text = models.TextField()
    html = models.TextField(blank=True)
    attachment = models.BinaryField(null=True, blank=True)
    attachment_name = models.CharField(max_length=200, blank=True)
    secret = models.BooleanField(default=False)
    state = models.CharField(max_length=8, choices=State, default=State.WAITING)
    tries = models.PositiveSmallIntegerField(default=0)
    written_at = models.DateTimeField()
    sent_at = models.DateTimeField(null=True, blank=True)
    trouble = models.TextField(blank=True)

    class Meta:
        ordering = ("-id",)

    def __str__(self) -> str:
        return self.subject
