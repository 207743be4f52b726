"""Organisations, for other apps."""

from __future__ import annotations

from makegood.platform.tenancy.parties.models import Organisation


class NotSetUp(Exception):
    """There is no house yet."""

    def __init__(self) -> None:
        super().__init__("nobody has set this installation up yet; run: makegood admin create-owner")


def house() -> Organisation:
    """Return the provider whose installation this is.

    :raises NotSetUp: if there is none yet
    """
    found = Organisation.objects.filter(is_house=True).first()
    if found is None:
        raise NotSetUp
    return found
