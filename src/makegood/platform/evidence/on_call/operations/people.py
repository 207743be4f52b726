"""What people say of themselves: how they are reached, whether they are there; and what they can do."""

from __future__ import annotations

from datetime import date, datetime
from hashlib import sha256
from secrets import token_urlsafe
from typing import Final

from django.core.exceptions import ValidationError
from django.core.validators import validate_email
from django.utils.translation import gettext as _

from makegood.platform import outbound
from makegood.platform.evidence.on_call.models import Channel, ChannelKind, Feed, Presence, Rota, Skill
from makegood.platform.evidence.on_call.operations.refusals import (
    LAST_YEAR,
    UnableToPlan,
    engaged,
    named,
    noted,
    refuse_others,
)
from makegood.platform.evidence.on_call.queries import channels, colleagues, feeds, rotas
from makegood.platform.tenancy.access.models import Person
from makegood.platform.tenancy.parties.queries import house
from makegood.platform.tenancy.trail.operations import operation, record
from makegood.platform.tenancy.viewer import Viewer

MOST: Final = 10
"""So many channels, and so many calendars, somebody has at most."""
LEVELS: Final = (1, 2, 3)
_SIGNS: Final = frozenset("0123456789+ -/().")


@operation("keep channel", about="kind")
def keep_channel(*, kind: str, address: str, by: Viewer, now: datetime) -> Channel:
    """Say by which address one can be reached.

    :raises UnableToPlan: if the address is none of its kind, or there are too many
    """
    person = engaged(by)
    if kind not in ChannelKind.values:
        raise UnableToPlan(_("Choose a kind of channel."))
    checked = _checked(ChannelKind(kind), address)
    mine = channels(viewer=by)
    if mine.filter(kind=kind, address=checked).exists():
        raise UnableToPlan(_("You are reached by this address already."))
    if mine.count() >= MOST:
        raise UnableToPlan(_("You have %d channels already; take one away first.") % MOST)
    made = Channel.objects.create(person_id=person, kind=kind, address=checked, created_at=now)
    record(by=by, did="keep channel", about=kind, now=now, number=made.pk)
    return made


@operation("drop channel", about="channel")
def drop_channel(*, channel: Channel, by: Viewer, now: datetime) -> None:
    """Say that one is no longer reached by an address."""
    engaged(by)
    if not channels(viewer=by).filter(pk=channel.pk).update(ended_at=now):
        raise UnableToPlan(_("This channel is not yours."))
    record(by=by, did="drop channel", about=channel.kind, now=now, number=channel.pk)


@operation("say presence", about="available")
def say_presence(*, available: bool, until: datetime | None, note: str, by: Viewer, now: datetime) -> Presence:
    """Say that one is there or away, until some time; who is on call does not change by it."""
    person = engaged(by)
    if until is not None and not (now < until and until.year <= LAST_YEAR):
        raise UnableToPlan(_("Say until when, some time after now."))
    made = Presence.objects.create(
        person_id=person, available=available, until=until, note=noted(note, 200), said_at=now
    )
    record(by=by, did="say presence", about=by.name, now=now, available=available)
    return made


@operation("keep skill", about="person")
def keep_skill(
    *,
    person: Person,
    name: str,
    level: int,
    by: Viewer,
    now: datetime,
    certificate: str = "",
    expires_on: date | None = None,
) -> Skill:
    """Keep what somebody can do, from level 1 to 3, and until when a certificate says so."""
    refuse_others(by)
    if level not in LEVELS:
        raise UnableToPlan(_("A level is 1, 2 or 3."))
    if person.pk not in {each.pk for each in colleagues(organisation=house())}:
        raise UnableToPlan(_("%s is not one of us.") % person.name)
    said = {
        "level": level,
        "certificate": noted(certificate, 200),
        "expires_on": expires_on,
        "kept_at": now,
    }
    kept = Skill.objects.update_or_create(person=person, name=named(name, 100), defaults=said)[0]
    record(by=by, did="keep skill", about=person.name, now=now, organisation=by.house, skill=kept.name, level=level)
    return kept


@operation("drop skill", about="skill")
def drop_skill(*, skill: Skill, by: Viewer, now: datetime) -> None:
    """Take a skill away."""
    refuse_others(by)
    about, name = skill.person.name, skill.name
    skill.delete()
    record(by=by, did="drop skill", about=about, now=now, organisation=by.house, skill=name)


@operation("make calendar feed", about="rota")
def make_feed(*, rota: Rota | None, by: Viewer, now: datetime) -> tuple[Feed, str]:
    """Make an address from which a calendar program fetches one's own turns, or those of a rota; it is shown once."""
    person = engaged(by)
    if rota is not None and not rotas(viewer=by).filter(pk=rota.pk).exists():
        raise UnableToPlan(_("There is no such rota for you."))
    if feeds(viewer=by).count() >= MOST:
        raise UnableToPlan(_("You have %d calendars already; end one first.") % MOST)
    secret = token_urlsafe(24)
    made = Feed.objects.create(person_id=person, rota=rota, secret=sha256(secret.encode()).digest(), created_at=now)
    record(by=by, did="make calendar feed", about=str(rota or by.name), now=now, number=made.pk)
    return made, secret


@operation("end calendar feed", about="feed")
def end_feed(*, feed: Feed, by: Viewer, now: datetime) -> None:
    """Let nobody fetch a calendar any more."""
    engaged(by)
    if not feeds(viewer=by).filter(pk=feed.pk).update(ended_at=now):
        raise UnableToPlan(_("This calendar is not yours."))
    record(by=by, did="end calendar feed", about=str(feed.rota or by.name), now=now, number=feed.pk)


def _checked(kind: ChannelKind, address: str) -> str:
    found = noted(address, 500)
    if kind is ChannelKind.HOOK:
        try:
            return str(outbound.checked(found))[:500]
        except outbound.NotAllowed as refusal:
            raise UnableToPlan(str(refusal)) from refusal
    if kind is ChannelKind.PHONE:
        if not 3 <= len(found) <= 40 or not set(found) <= _SIGNS:
            raise UnableToPlan(_("Write a telephone number such as +49 228 123456."))
        return found
    try:
        validate_email(found)
    except ValidationError:
        raise UnableToPlan(_("Write an e-mail address.")) from None
    return found
