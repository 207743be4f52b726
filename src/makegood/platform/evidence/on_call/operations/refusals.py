"""What cannot be planned or paged, in a sentence for whoever asked, and what is looked at first."""

from __future__ import annotations

from collections.abc import Collection
from datetime import datetime
from typing import Final

from django.utils.translation import gettext as _

from makegood.engine.vocabulary.holiday import holiday_dates
from makegood.engine.vocabulary.times import zone
from makegood.platform.evidence.on_call.hours import NoHours, week_of
from makegood.platform.evidence.on_call.models import Rota
from makegood.platform.evidence.on_call.queries import colleagues, may_keep
from makegood.platform.tenancy.access.models import Person
from makegood.platform.tenancy.parties.models import Organisation
from makegood.platform.tenancy.trail.operations import Unable
from makegood.platform.tenancy.viewer import Role, Site, Viewer

FIRST_YEAR, LAST_YEAR = 1970, 2190
_LATEST: Final = 2020


class UnableToPlan(Unable):
    """Nothing was planned."""


class UnableToPage(Unable):
    """Nobody was paged, or nothing was acknowledged."""


def refuse_others(by: Viewer) -> None:
    """Refuse everybody who does not plan."""
    if not may_keep(viewer=by):
        raise UnableToPlan(_("Only the owner, or a service manager of all customers, plans who is on call."))


def engaged(by: Viewer) -> int:
    """Return the person of the house who speaks for themselves: whoever may be on call.

    :raises UnableToPlan: if there is none
    """
    here = by.site is Site.CONSOLE and by.has(Role.OWNER, Role.SERVICE_MANAGER, Role.ENGINEER)
    if by.person is None or not here:
        raise UnableToPlan(_("Only people who can be on call say this, each for themselves."))
    return by.person


def going(rota: Rota) -> Rota:
    """Return a rota as it is now, which nobody else changes meanwhile.

    :raises UnableToPlan: if it has ended
    """
    held = Rota.objects.select_for_update(of=("self",)).select_related("organisation").get(pk=rota.pk)
    if held.ended_at is not None:
        raise UnableToPlan(_("This rota has ended."))
    return held


def named(text: str, most: int) -> str:
    """Return a name in one line.

    :raises UnableToPlan: if there is none, or it is too long
    """
    found = " ".join(text.replace("\x00", "").split())
    if not found or len(found) > most:
        raise UnableToPlan(_("Write a name of at most %d characters.") % most)
    return found


def noted(text: str, most: int) -> str:
    """Return a note in one line, which may be empty.

    :raises UnableToPlan: if it is too long
    """
    found = " ".join(text.replace("\x00", "").split())
    if len(found) > most:
        raise UnableToPlan(_("Write at most %d characters.") % most)
    return found


def hours_in(text: str) -> str:
    """Return hours of a week as they are kept.

    :raises UnableToPlan: if they are none, or nothing is covered
    """
    found = " ".join(text.lower().split())
    try:
        week = week_of(found)
    except NoHours as refusal:
        said = _("“%s” names no hours; write them like mon-fri 18:00-08:00; sat-sun 00:00-24:00.") % str(refusal)[:100]
        raise UnableToPlan(said) from None
    if len(found) > 400 or (week is not None and not any(week)):
        raise UnableToPlan(_("Write the hours in at most 400 characters."))
    return found


def zone_in(name: str) -> str:
    """Return a time zone.

    :raises UnableToPlan: if there is none of this name
    """
    try:
        return str(zone(name.strip()).key)
    except ValueError:
        raise UnableToPlan(_("“%s” is no time zone; write one such as Europe/Berlin.") % name[:60]) from None


def holidays_of(country: str, subdivision: str) -> tuple[str, str]:
    """Return a country, and a part of it, whose public holidays are known.

    :raises UnableToPlan: if they are not
    """
    found = country.strip().upper(), subdivision.strip().upper()
    if not found[0] and not found[1]:
        return found
    try:
        holiday_dates(found[0], found[1] or None, _LATEST)
    except ValueError:
        raise UnableToPlan(_("No public holidays are known for this country or part of it.")) from None
    return found


def stretch(starts_at: datetime, ends_at: datetime) -> tuple[datetime, datetime]:
    """Return a stretch of time in our days.

    :raises UnableToPlan: if it ends before it begins, or lies in other times
    """
    if not (FIRST_YEAR <= starts_at.year <= LAST_YEAR and FIRST_YEAR <= ends_at.year <= LAST_YEAR):
        raise UnableToPlan(
            _("The years from %(first)d to %(last)d can be planned.") % {"first": FIRST_YEAR, "last": LAST_YEAR}
        )
    if ends_at <= starts_at:
        raise UnableToPlan(_("The end lies after the beginning."))
    return starts_at.replace(microsecond=0), ends_at.replace(microsecond=0)


def on_the_team(people: Collection[Person], organisation: Organisation) -> None:
    """Refuse people who have no role in an organisation.

    :raises UnableToPlan: naming the first of them
    """
    known = {each.pk for each in colleagues(organisation=organisation)}
    for each in people:
        if each.pk not in known:
            raise UnableToPlan(
                _("%(person)s has no role at %(organisation)s, and cannot be on call there.")
                % {"person": each.name, "organisation": organisation.name}
            )
