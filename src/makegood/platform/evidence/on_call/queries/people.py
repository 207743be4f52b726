"""How people are reached, what they say of being there, what they can do, and their calendars."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass
from datetime import datetime
from hashlib import sha256

from django.db.models import F, QuerySet

from makegood.platform.evidence.on_call.models import Channel, ChannelKind, Feed, Presence, Skill
from makegood.platform.evidence.on_call.queries.plans import is_staff
from makegood.platform.tenancy.access.models import Person
from makegood.platform.tenancy.viewer import Viewer


@dataclass(frozen=True, slots=True)
class Reach:
    """A way to reach somebody: a kind of channel, and the address."""

    kind: ChannelKind
    address: str


def channels(*, viewer: Viewer) -> QuerySet[Channel]:
    """Return the channels of whoever asks."""
    found = Channel.objects.filter(ended_at=None)
    return found.filter(person=viewer.person) if viewer.person is not None else found.none()


def reached(*, person: Person, kinds: Collection[str] = ()) -> list[Reach]:
    """Return by which channels somebody is paged, of some kinds or of all; by mail, if there are none of these."""
    found = Channel.objects.filter(person=person, ended_at=None).exclude(kind=ChannelKind.PHONE)
    if kinds:
        found = found.filter(kind__in=kinds)
    ways = [Reach(ChannelKind(each.kind), each.address) for each in found]
    return ways or [Reach(ChannelKind.MAIL, person.email)]


def presence_of(*, people: Collection[int], now: datetime) -> dict[int, Presence]:
    """Return what people said last of being there, if it still holds."""
    said = Presence.objects.filter(person__in=people).order_by("person", "-id").distinct("person")
    return {each.person_id: each for each in said if each.until is None or each.until > now}


def skills(*, viewer: Viewer) -> QuerySet[Skill]:
    """Return who can do what, for staff; somebody who is limited sees their own."""
    found = Skill.objects.select_related("person").order_by("name", F("level").desc(), "person__name")
    if not is_staff(viewer=viewer):
        return found.none()
    return found if viewer.limited is None else found.filter(person=viewer.author)


def feeds(*, viewer: Viewer) -> QuerySet[Feed]:
    """Return the calendars that programs fetch for whoever asks."""
    found = Feed.objects.filter(ended_at=None).select_related("rota")
    return found.filter(person=viewer.person) if viewer.person is not None else found.none()


def feed_of(*, secret: str) -> Feed | None:
    """Return the calendar of an address, whose secret is kept as SHA-256."""
    found = Feed.objects.filter(secret=sha256(secret.encode()).digest(), ended_at=None, person__is_active=True)
    return found.select_related("person", "rota").first()
