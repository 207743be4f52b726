"""The queue of open cases, and cases that are looked for."""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from typing import Final

from django.contrib.postgres.search import SearchQuery, SearchVector
from django.db.models import Count, Q, QuerySet

from makegood.platform.agreement.contracts.models import Contract
from makegood.platform.evidence.service_desk.models import Case, Clock, Instruction, QueuePlace, State
from makegood.platform.evidence.service_desk.queries.seen import cases
from makegood.platform.tenancy.parties.models import Organisation
from makegood.platform.tenancy.parties.queries import organisations
from makegood.platform.tenancy.viewer import Site, Viewer

SOON: Final = timedelta(hours=1)
"""What is due within this time is due soon."""
MOST_COUNTED: Final = 5_000
"""Of a long queue so many cases are counted."""
_LISTED: Final = (
    *("title", "kind", "service", "state", "held_for", "priority", "major_since", "opened_at", "update_due_at"),
    *("coverage", "provider", "customer", "owner", "contract", "version"),
    *("customer__name", "customer__slug", "owner__name", "version__digest"),
    *("place__part", "place__per_hour", "place__due_at"),
)
_ORDER: Final = ("place__part", "-place__per_hour", "place__due_at", "place__rank", "place__case_id")
_MOST_WORDS: Final = 8
_NUMBER: Final = re.compile(r"#?(\d{1,18})")


@dataclass(frozen=True, slots=True, kw_only=True)
class Wanted:
    """Which cases somebody looks for; what is empty does not matter. ``closed`` finds those that are closed as well."""

    owner: int | None = None
    customer: int | None = None
    service: str = ""
    state: str = ""
    priority: str = ""
    soon: bool = False
    closed: bool = False
    words: str = ""


def queue(*, viewer: Viewer, wanted: Wanted, now: datetime) -> QuerySet[Case]:
    """Return the open cases that a viewer works on, what is most at stake first; or with closed ones the newest first.

    First come major incidents, then cases of which a limit can still be kept, by what is at stake with each hour, when
    it is due and the priority; then those over their limits; last those that wait for the customer.
    """
    found = _listed(viewer).filter(**_fields(wanted))
    if wanted.words:
        found = _with_words(found, wanted.words)
    if wanted.closed:
        return found.order_by("-pk")
    if wanted.soon:
        found = found.filter(
            place__part__lte=QueuePlace.Part.AT_STAKE, place__due_at__gt=now, place__due_at__lte=now + SOON
        )
    return _at_work(found, viewer, "place__").order_by(*_ORDER)


def looked_for(*, viewer: Viewer, wanted: Wanted) -> QuerySet[Case]:
    """Return the whole cases, open and closed, of a side that sees them, the newest first."""
    found = cases(viewer=viewer).filter(**_fields(replace(wanted, closed=True)))
    return _with_words(found, wanted.words) if wanted.words else found


def sizes(*, viewer: Viewer, now: datetime) -> dict[str, int]:
    """Return how many cases are in the queue of a viewer: open, over their limits, due soon, and their own.

    Of each no more than ``MOST_COUNTED`` are counted.
    """
    places = _at_work(QueuePlace.objects.order_by(), viewer, "")
    found = {
        "open": places,
        "over": places.filter(part=QueuePlace.Part.OVER),
        "soon": places.filter(part__lte=QueuePlace.Part.AT_STAKE, due_at__gt=now, due_at__lte=now + SOON),
        "mine": places.filter(case__owner=viewer.author) if viewer.author else places.none(),
    }
    return {name: each[:MOST_COUNTED].count() for name, each in found.items()}


def loads(*, viewer: Viewer, now: datetime) -> dict[int, dict[str, int]]:
    """Return what each owner has to do, by their key: open cases, those over and due soon, and what is at stake."""
    soon = Q(part__lte=QueuePlace.Part.AT_STAKE, due_at__gt=now, due_at__lte=now + SOON)
    found = (
        _at_work(QueuePlace.objects.order_by(), viewer, "")
        .values("case__owner")
        .annotate(
            open=Count("pk"),
            over=Count("pk", filter=Q(part=QueuePlace.Part.OVER)),
            soon=Count("pk", filter=soon),
            waiting=Count("pk", filter=Q(part=QueuePlace.Part.WAITING)),
        )
    )
    return {each.pop("case__owner"): each for each in found}


def next_clocks(*, cases: Iterable[Case]) -> dict[int, list[Clock]]:
    """Return the clocks of some cases that a viewer sees, what is due first comes first."""
    found: dict[int, list[Clock]] = {}
    for each in Clock.objects.filter(case__in=[each.pk for each in cases]).order_by("due_at", "pk"):
        found.setdefault(each.case_id, []).append(each)
    return found


def outcomes_running(*, contract: Contract) -> list[str]:
    """Return the outcomes of a contract of which a limit of an open case can still be missed; for judging."""
    opened = Clock.objects.filter(case__contract=contract).exclude(case__state=State.CLOSED)
    found = opened.exclude(state=Clock.State.STOPPED).order_by("outcome").values_list("outcome", flat=True)
    return list(found.distinct())


def instructions(*, viewer: Viewer, customer: Organisation) -> list[Instruction]:
    """Return what is to be known about a customer and each of its services, for staff that sees it."""
    if viewer.site is not Site.CONSOLE or not organisations(viewer=viewer).filter(pk=customer.pk).exists():
        return []
    latest = Instruction.objects.filter(customer=customer).order_by("service", "-id").distinct("service")
    return [each for each in latest.select_related("written_by") if each.text]


def _listed(viewer: Viewer) -> QuerySet[Case]:
    found = cases(viewer=viewer).select_related(None).select_related("customer", "owner", "version", "place")
    return found.only(*_LISTED)


def _at_work(found: QuerySet, viewer: Viewer, to: str) -> QuerySet:  # type: ignore[type-arg]
    """Return what is in the queue of a viewer: of staff that of the house, of an affiliate its own."""
    if viewer.site is Site.CONSOLE and viewer.organisations(Site.CONSOLE):
        found = found.filter(**{f"{to}provider": viewer.house})
        return found if viewer.limited is None else found.filter(**{f"{to}customer__in": viewer.limited})
    mine = viewer.organisations(Site.PARTNER) if viewer.site is Site.PARTNER else frozenset()
    return found.filter(**{f"{to}provider__in": mine, f"{to}customer": viewer.house})


def _fields(wanted: Wanted) -> dict[str, object]:
    place = "" if wanted.closed else "place__"
    asked = {
        "owner": wanted.owner,
        f"{place}customer": wanted.customer,
        "service": wanted.service,
        "state": wanted.state,
        "priority": wanted.priority,
    }
    return {name: each for name, each in asked.items() if each}


def _with_words(found: QuerySet[Case], words: str) -> QuerySet[Case]:
    """Return cases with a number, or with all words in what they are about or what was done.

    The last word may be a beginning; of all words that would take the database long.
    """
    numbered = _NUMBER.fullmatch(words.strip())
    if numbered is not None:
        return found.filter(pk=int(numbered[1]))
    asked = re.findall(r"\w+", words)[:_MOST_WORDS]
    if not asked:
        return found
    vector = SearchVector("title", "symptoms", "resolution", config="simple")
    query = SearchQuery(f"{' & '.join(asked)}:*", config="simple", search_type="raw")
    return found.annotate(said=vector).filter(said=query)
