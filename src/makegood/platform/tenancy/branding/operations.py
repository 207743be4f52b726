"""Setting how an organisation looks."""

from __future__ import annotations

from datetime import datetime
from email.utils import parseaddr
from hashlib import sha256
from typing import Final

from django.conf import settings
from django.core.exceptions import ValidationError
from django.core.validators import validate_email
from django.http.request import validate_host
from django.utils.translation import gettext as _

from makegood.platform.tenancy.branding.models import Brand
from makegood.platform.tenancy.branding.queries import may_brand
from makegood.platform.tenancy.parties.models import Organisation
from makegood.platform.tenancy.trail.operations import Unable, operation, record
from makegood.platform.tenancy.viewer import Site, Viewer

MOST_BYTES: Final = 256 * 1024
LEAST_CONTRAST: Final = (9, 2)
"""What WCAG 2.2 AA asks of text on a background: 4.5 to 1."""


class UnableToBrand(Unable):
    """The organisation cannot look so."""

    def __init__(self, sentence: str, *, organisation: int | None = None) -> None:
        super().__init__(sentence)
        self.organisation = organisation


@operation("set brand", about="organisation")
def set_brand(
    *,
    organisation: Organisation,
    name: str,
    colour: str,
    by: Viewer,
    now: datetime,
    sender: str | None = None,
    portal_host: str | None = None,
    logo: bytes | None = None,
    without_logo: bool = False,
) -> Brand:
    """Set name, colour and logo; the owner also sets the sender of mails and the host name of the portal.

    Without a ``logo`` the present one stays, unless it is to go.

    :raises UnableToBrand: if ``by`` may not, white text cannot be read on the colour, the logo is no PNG, JPEG or WebP
        image of at most 256 KiB, or another value cannot be one
    """
    _check(organisation, by)
    brand = Brand.objects.filter(organisation=organisation).first() or Brand(organisation=organisation)
    brand.name, brand.colour = name, colour.lower()
    if by.site is Site.CONSOLE:
        brand.sender = brand.sender if sender is None else _sender(sender)
        brand.portal_host = brand.portal_host if portal_host is None else _host(portal_host)
    if logo is not None:
        brand.logo, brand.logo_type, brand.logo_sha256 = logo, _type_of(logo), sha256(logo).hexdigest()
    elif without_logo:
        brand.logo, brand.logo_type, brand.logo_sha256 = None, "", ""
    _check_values(brand)
    brand.save()
    fields = ("name", "colour", "sender", "portal_host", "logo_sha256")
    kept = {each: getattr(brand, each) for each in fields}
    record(by=by, did="set brand", about=organisation.slug, now=now, organisation=organisation.pk, **kept)
    return brand


def image_type(*, image: bytes) -> str | None:
    """Return the media type that the first bytes of an image say, if it is one that we show."""
    if image.startswith(b"\x89PNG\r\n\x1a\n"):
        return "image/png"
    if image.startswith(b"\xff\xd8\xff"):
        return "image/jpeg"
    if image.startswith(b"RIFF") and image[8:12] == b"WEBP":
        return "image/webp"
    return None


def is_readable(*, colour: str) -> bool:
    """Tell whether white text can be read on a colour ``#rrggbb``: a contrast of 4.5 to 1 (WCAG 2.2, 1.4.3)."""
    luminance = sum(
        weight * _linear(int(colour[at : at + 2], 16)) for at, weight in ((1, 0.2126), (3, 0.7152), (5, 0.0722))
    )
    most, least = LEAST_CONTRAST
    return 1.05 * least >= most * (luminance + 0.05)


def _check_values(brand: Brand) -> None:
    try:
        brand.full_clean()
    except ValidationError as refusal:
        raise UnableToBrand(" ".join(refusal.messages), organisation=brand.organisation_id) from refusal
    if not is_readable(colour=brand.colour):
        sentence = _("White text cannot be read well on %s; choose a darker colour.") % brand.colour
        raise UnableToBrand(sentence, organisation=brand.organisation_id)


def _type_of(logo: bytes) -> str:
    if len(logo) > MOST_BYTES:
        raise UnableToBrand(_("The logo is larger than 256 KiB."))
    kind = image_type(image=logo)
    if kind is None:
        raise UnableToBrand(_("The logo is no PNG, JPEG or WebP image."))
    return kind


def _linear(channel: int) -> float:
    share = channel / 255
    return share / 12.92 if share <= 0.04045 else ((share + 0.055) / 1.055) ** 2.4


def _sender(written: str) -> str:
    """Return a sender such as ``Acme <services@acme.example>`` that is one address in one line."""
    sender = written.strip()
    if sender:
        try:
            validate_email(parseaddr(sender)[1])
        except ValidationError as refusal:
            raise UnableToBrand(_("The sender is no mail address: write Name <name@example.com>.")) from refusal
        if len(sender.splitlines()) > 1:
            raise UnableToBrand(_("The sender is written in one line."))
    return sender


def _host(written: str) -> str:
    """Return a host name that this installation answers to."""
    host = written.strip().lower()
    if host and not validate_host(host, settings.ALLOWED_HOSTS):
        raise UnableToBrand(
            _("This installation does not answer to %s; whoever runs it adds the name to MAKEGOOD_HOSTS.") % host
        )
    return host


def _check(organisation: Organisation, by: Viewer) -> None:
    if not may_brand(viewer=by, organisation=organisation):
        raise UnableToBrand(
            _("Only the owner sets brands, and a sponsor that of its own organisation."), organisation=organisation.pk
        )
