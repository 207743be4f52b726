"""What exists for a viewer."""

from __future__ import annotations

from typing import Any

from django.contrib.postgres.search import SearchQuery, SearchVector, TrigramSimilarity
from django.db.models import F, Q, QuerySet

from makegood.platform.evidence.changes.models import (
    Change,
    Freeze,
    Link,
    Member,
    Problem,
    Release,
    Responsible,
    Rule,
    State,
    Suggestion,
    Template,
    Window,
)
from makegood.platform.evidence.service_desk.models import Case, Cause
from makegood.platform.evidence.service_desk.queries import cases
from makegood.platform.tenancy.viewer import Role, Site, Viewer

CUSTOMERS = (Role.SPONSOR, Role.MANAGER)
"""Who sees the changes of a customer."""
_SIMILAR = 5
_ALIKE = 0.3  # a similarity of PostgreSQL, and no amount


def changes(*, viewer: Viewer) -> QuerySet[Change]:
    """Return the changes that exist for a viewer at the site where they are, the newest first.

    Staff sees all, or those of the customers that it is limited to; sponsors and managers those of their organisation,
    of the provider's drafts none.
    """
    found = _of_customers(Change.objects.select_related("customer", "contract", "manager", "originator"), viewer)
    if viewer.site is Site.PORTAL:
        return found.exclude(state=State.DRAFT, origin="INTERNAL")
    return found


def releases(*, viewer: Viewer) -> QuerySet[Release]:
    """Return the releases that exist for a viewer, the latest first."""
    return _of_customers(Release.objects.select_related("customer", "manager", "exclusion"), viewer)


def problems(*, viewer: Viewer) -> QuerySet[Problem]:
    """Return the problems that exist for a viewer: for staff alone."""
    found = Problem.objects.select_related("customer", "owner", "referral")
    if viewer.site is not Site.CONSOLE or not viewer.organisations(Site.CONSOLE):
        return found.none()
    return found if viewer.limited is None else found.filter(customer__in=viewer.limited)


def suggestions(*, viewer: Viewer) -> QuerySet[Suggestion]:
    """Return the patterns that the review of trends found, for staff."""
    found = Suggestion.objects.select_related("customer", "problem", "decided_by")
    return _of_customers(found, viewer) if viewer.site is Site.CONSOLE else found.none()


def templates(*, viewer: Viewer) -> QuerySet[Template]:
    """Return the standard changes in use: for a customer its own and those of all."""
    found = Template.objects.filter(ended_at=None).select_related("customer", "authorised_by")
    return _own_or_of_all(found, viewer)


def freezes(*, viewer: Viewer) -> QuerySet[Freeze]:
    """Return the times in which nothing is changed: for a customer its own and those of all."""
    return _own_or_of_all(Freeze.objects.filter(ended_at=None).select_related("customer"), viewer)


def windows(*, viewer: Viewer) -> QuerySet[Window]:
    """Return the weekly times in which changes are made."""
    return _of_customers(Window.objects.select_related("customer"), viewer)


def rule_of(*, customer: int) -> Rule:
    """Return how changes of a customer are decided; one that nobody set is as all begin."""
    return Rule.objects.filter(customer=customer).first() or Rule(customer_id=customer)


def responsible(*, viewer: Viewer) -> QuerySet[Responsible]:
    """Return who manages changes of which technology, for staff."""
    found = Responsible.objects.select_related("manager", "resources")
    return found if viewer.site is Site.CONSOLE and viewer.organisations(Site.CONSOLE) else found.none()


def committee(*, change: Change) -> QuerySet[Member]:
    """Return who votes on a change in its present round, with their votes."""
    return Member.objects.filter(change=change, round=change.round).select_related("person", "vote")


def votes(*, viewer: Viewer, change: Change, whole: bool = False) -> QuerySet[Member]:
    """Return who votes on a change, in its present round or in all, for the provider and for the members themselves."""
    found = Member.objects.filter(change=change).select_related("person", "vote").order_by("round", "pk")
    mine = viewer.author is not None and found.filter(person=viewer.author).exists()
    if viewer.site is not Site.CONSOLE and not mine:
        return found.none()
    return found if whole else found.filter(round=change.round)


def linked_cases(*, viewer: Viewer, change: Change) -> list[tuple[Link, Case]]:
    """Return the cases that belong to a change and exist for a viewer."""
    seen = {each.pk: each for each in cases(viewer=viewer).filter(pk__in=change.links.values("case"))}
    return [(each, seen[each.case_id]) for each in change.links.all() if each.case_id in seen]


def caused_by_change(*, case: Case) -> Change | None:
    """Return the change that caused a case, unless something else was found to be its cause later.

    Work on such a case is free of charge.
    """
    if case.cause != Cause.PROVIDER:
        return None
    found = Link.objects.filter(case=case, kind=Link.Kind.CAUSED).select_related("change").first()
    return found.change if found is not None else None


def searched(*, viewer: Viewer, words: str) -> QuerySet[Change]:
    """Return the changes with some words, or the number that is looked for; also those of the archive."""
    text = words.strip().removeprefix("RFC").strip()
    query = SearchQuery(text, config="simple", search_type="websearch")
    found = changes(viewer=viewer).annotate(words=SearchVector("title", "need", "means", config="simple"))
    by_number = Q(pk=int(text)) if text.isascii() and text.isdigit() and len(text) < 16 else Q(pk=None)
    return found.filter(Q(words=query) | by_number)


def similar(*, viewer: Viewer, change: Change) -> list[Change]:
    """Return changes of the past that look like one, those that look most like it first.

    They have a similar title, or touch the same service and share words with what is to be reached.
    """
    query: Any = SearchQuery("")
    for word in {each for each in change.title.split() if len(each) > 3}:
        query = query | SearchQuery(word, config="simple")
    found = changes(viewer=viewer).exclude(pk=change.pk).exclude(state=State.DRAFT)
    likeness: Any = TrigramSimilarity("title", change.title)
    words = SearchVector("title", "need", "means", config="simple")
    near = Q(alike__gte=_ALIKE) | Q(words=query, service=change.service)
    ordered = found.annotate(alike=likeness, words=words).filter(near).order_by(F("alike").desc(), "-pk")
    return list(ordered[:_SIMILAR])


def _of_customers(found: QuerySet[Any], viewer: Viewer) -> QuerySet[Any]:
    own = _own(viewer)
    return found.none() if own is None else found.filter(own)


def _own_or_of_all(found: QuerySet[Any], viewer: Viewer) -> QuerySet[Any]:
    own = _own(viewer)
    return found.none() if own is None else found.filter(own | Q(customer=None) if own else own)


def _own(viewer: Viewer) -> Q | None:
    """Return which customers' rows exist for a viewer; the empty one is all, None is nothing."""
    mine = viewer.organisations(viewer.site) if viewer.site is not None else frozenset()
    if viewer.site is Site.CONSOLE and mine:
        return Q() if viewer.limited is None else Q(customer__in=viewer.limited)
    if viewer.site is Site.PORTAL and mine:
        return Q(customer__in=[each for each in mine if viewer.has(*CUSTOMERS, organisation=each)])
    return None
