"""How an organisation looks to others."""

from __future__ import annotations

import pghistory
from django.core.validators import RegexValidator
from django.db import models
from django.utils.translation import gettext_lazy as _


@pghistory.track(exclude=["logo"])
class Brand(models.Model):
    """Name, colours and logo on pages, mails and documents; the house has one, and a customer may have its own."""

    organisation = models.OneToOneField("parties.Organisation", models.PROTECT, related_name="+")
    name = models.CharField(_("name"), max_length=200)
    colour = models.CharField(
        _("colour"),
        max_length=7,
        default="#0b5cad",
        validators=[RegexValidator(r"^#[0-9a-f]{6}$", _("Write #rrggbb."))],
    )
    logo = models.BinaryField(null=True, blank=True)
    logo_type = models.CharField(max_length=20, blank=True)
    logo_sha256 = models.CharField(max_length=64, blank=True, db_index=True)
    sender = models.CharField(_("sender of mails"), max_length=200, blank=True)
    portal_host = models.CharField(_("host name of the portal"), max_length=200, blank=True)

    class Meta:
        constraints = (
            models.UniqueConstraint(
                fields=["portal_host"], condition=~models.Q(portal_host=""), name="a_host_shows_one_brand"
            ),
            models.CheckConstraint(
                condition=models.Q(logo=None, logo_sha256="") | models.Q(logo__isnull=False, logo_sha256__gt=""),
                name="a_logo_has_its_address",
            ),
        )

    def __str__(self) -> str:
        return self.name
