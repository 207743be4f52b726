"""Writing one mail to one reader."""

from __future__ import annotations

from datetime import datetime
from typing import Any, Final

from django.urls import reverse
from django.utils import translation

from makegood.platform.amounts import shown
from makegood.platform.review.notices.models import Kind
from makegood.platform.review.notices.queries import Reader, unwanted
from makegood.platform.tenancy.branding.queries import brand_towards, home_of
from makegood.platform.tenancy.messages.operations import write_from_template

_LONGEST: Final = 1_000


def write_to(reader: Reader, kind: Kind, *, title: str, page: tuple[Any, ...], now: datetime, **words: Any) -> bool:
    """Write a mail to a reader who wants it, and tell whether it was written.

    ``title`` is what it is about, such as an agreement. ``page`` is the name of the page that it leads to at the
    reader's site, with its parameters.
    """
    if kind in unwanted(person=reader.person):
        return False
    brand = brand_towards(organisation=reader.organisation)
    name, *parameters = page
    write_from_template(
        kind=kind.value,
        to=reader.person.email,
        language=reader.person.language,
        now=now,
        brand=brand,
        name=reader.person.name,
        title=title,
        link=home_of(brand=brand) + reverse(f"{reader.site}:{name}", args=parameters),
        choose=home_of(brand=brand) + reverse(f"{reader.site}:my_mails"),
        **words,
    )
    return True


def shortened(text: str) -> str:
    """Return the beginning of what somebody wrote, as much as belongs into a mail."""
    return text if len(text) <= _LONGEST else text[:_LONGEST].rstrip() + " …"


def moment(at: datetime) -> str:
    """Return an instant as mails show it."""
    return f"{at:%Y-%m-%d %H:%M} UTC"


def priced(reader: Reader, minor: int, unit: str) -> str:
    """Return an amount in the language of a reader."""
    with translation.override(reader.person.language):
        return shown(minor, unit)
