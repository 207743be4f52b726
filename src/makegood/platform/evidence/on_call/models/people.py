"""How people are reached, what they can do, and whether they are there."""

from __future__ import annotations

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _


class ChannelKind(models.TextChoices):
    """A way to reach somebody; a telephone number is only shown."""

    MAIL = "MAIL", _("e-mail")
    TEXT = "TEXT", _("text message, by a mail gateway")
    HOOK = "HOOK", _("paging tool, by a web hook")
    PHONE = "PHONE", _("telephone, shown to colleagues")


class Channel(models.Model):
    """A way to reach a person; what is ended is kept, because pages went there."""

    person = models.ForeignKey("access.Person", models.PROTECT, related_name="+")
    kind = models.CharField(_("kind"), max_length=5, choices=ChannelKind)
    address = models.CharField(_("address"), max_length=500)
    created_at = models.DateTimeField()
    ended_at = models.DateTimeField(null=True)

    class Meta:
        ordering = ("kind", "id")
        constraints = (
            models.UniqueConstraint(
                fields=["person", "kind", "address"], condition=Q(ended_at=None), name="a_channel_is_kept_once"
            ),
        )

    def __str__(self) -> str:
        return self.address


class Presence(models.Model):
    """What somebody said of being there; the last one counts, until its time is over."""

    person = models.ForeignKey("access.Person", models.PROTECT, related_name="+")
    available = models.BooleanField()
    until = models.DateTimeField(null=True)
    note = models.CharField(max_length=200, blank=True)
    said_at = models.DateTimeField()

    class Meta:
        ordering = ("-id",)


class Skill(models.Model):
    """What somebody can do, and the certificate that says so; it may expire."""

    person = models.ForeignKey("access.Person", models.PROTECT, related_name="+")
    name = models.CharField(_("skill"), max_length=100)
    level = models.PositiveSmallIntegerField(_("level"), default=1)
    certificate = models.CharField(_("certificate"), max_length=200, blank=True)
    expires_on = models.DateField(_("expires"), null=True)
    kept_at = models.DateTimeField()

    class Meta:
        ordering = ("name", "-level", "person__name")
        constraints = (
            models.UniqueConstraint(fields=["person", "name"], name="a_skill_is_kept_once"),
            models.CheckConstraint(condition=Q(level__gte=1, level__lte=3), name="a_skill_has_a_level_from_1_to_3"),
        )

    def __str__(self) -> str:
        return self.name


class Feed(models.Model):
    """A calendar that programs fetch: the turns of a person, or of everybody on a ``rota``; the secret as SHA-256."""

    person = models.ForeignKey("access.Person", models.PROTECT, related_name="+")
    rota = models.ForeignKey("on_call.Rota", models.PROTECT, related_name="+", null=True)
    secret = models.BinaryField(max_length=32, unique=True)
    created_at = models.DateTimeField()
    ended_at = models.DateTimeField(null=True)

    class Meta:
        ordering = ("id",)
