"""Checks of names: each leads to something that the agreement has."""

from __future__ import annotations

from collections.abc import Iterator

from makegood.engine.agreement import reference_codes as codes
from makegood.engine.agreement.draft import Draft
from makegood.engine.agreement.hints import use_one_of
from makegood.engine.agreement.measures.within import Within
from makegood.engine.agreement.places import Path
from makegood.engine.agreement.schedule import ALWAYS
from makegood.engine.agreement.terms import Component, MadeOf
from makegood.engine.vocabulary.finding import Finding


def calendars(draft: Draft) -> Iterator[Finding]:
    """Measures, clocks and closing use calendars that there are."""
    if "calendars" in draft.broken and not draft.is_written("calendars"):
        return
    named: list[tuple[str, Path]] = []
    for name, outcome in draft.outcomes.items():
        named += ((calendar, ("outcomes", name, "measure", *path)) for calendar, path in outcome.measure.calendars)
    if draft.agreement.closing.calendar:
        named.append((draft.agreement.closing.calendar, ("closing", "calendar")))
    for calendar, path in named:
        if calendar != ALWAYS and not draft.is_written("calendars", calendar):
            text = f"there is no calendar {calendar}"
            yield codes.UNKNOWN_CALENDAR.at(
                draft.at(*path), text, use_one_of(calendar, [ALWAYS, *draft.agreement.calendars])
            )


def services(draft: Draft) -> Iterator[Finding]:
    """Outcomes belong to services that there are."""
    if not draft.is_written("services"):
        return
    for name, outcome in draft.outcomes.items():
        if outcome.service and not draft.is_written("services", outcome.service):
            text = f"there is no service {outcome.service}"
            yield codes.UNKNOWN_SERVICE.at(
                draft.at("outcomes", name, "service"), text, use_one_of(outcome.service, [*draft.agreement.services])
            )


def subjects(draft: Draft) -> Iterator[Finding]:
    """Availability is that of a service or of a component."""
    if "services" in draft.broken:
        return
    components = {part.id for service in draft.agreement.services.values() for part in parts(service.made_of)}
    for name, outcome in draft.outcomes.items():
        measure = outcome.measure
        if measure.subject and measure.subject not in components | set(draft.agreement.services):
            text = f"{measure.subject} is neither a service nor a component of one"
            known = use_one_of(measure.subject, [*draft.agreement.services, *sorted(components)])
            yield codes.UNKNOWN_SUBJECT.at(draft.at("outcomes", name, "measure", "of"), text, known)


def priorities(draft: Draft) -> Iterator[Finding]:
    """Where limits go by priority, the priorities that count are those that have one."""
    for name, outcome in draft.outcomes.items():
        measure = outcome.measure
        if not isinstance(measure, Within) or not measure.limits or not measure.priority:
            continue
        path = ("outcomes", name, "measure")
        for priority in measure.priority:
            if priority not in measure.limits:
                text = f"priority {priority} has no limit"
                yield codes.PRIORITY_WITHOUT_LIMIT.at(draft.at(*path, "priority"), text, "add it to limits")
        for priority in measure.limits:
            if priority not in measure.priority:
                text = f"the limit of priority {priority} has no effect, since priority leaves it out"
                place = draft.places.key(*path, "limits", priority)
                yield codes.LIMIT_WITHOUT_PRIORITY.at(place, text, "add it to priority, or delete the limit")


def components(draft: Draft) -> Iterator[Finding]:
    """A component is listed once in a service, and is no service with components of its own."""
    services = draft.agreement.services
    for name, service in services.items():
        listed: set[str] = set()
        for component in parts(service.made_of):
            place = draft.at("services", name, "made_of")
            if component.id in listed:
                yield codes.COMPONENT_TWICE.at(place, f"{name} lists {component.id} twice", "delete one of the two")
            listed.add(component.id)


def parts(made_of: MadeOf | None) -> tuple[Component, ...]:
    """Return the components that a service is made of."""
    return made_of.parts if made_of is not None else ()
