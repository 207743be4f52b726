"""Checks of service trees: they end somewhere, their weights add up, and availability is asked of flat ones only."""

from __future__ import annotations

from collections.abc import Iterator, Mapping

from makegood.engine.agreement import case_codes as codes
from makegood.engine.agreement import reference_codes
from makegood.engine.agreement.draft import Draft
from makegood.engine.agreement.measures.availability import Availability, Granularity
from makegood.engine.agreement.measures.recovery import Recovery
from makegood.engine.agreement.terms import Service
from makegood.engine.vocabulary.finding import Finding
from makegood.engine.vocabulary.ratio import Ratio


def circles(draft: Draft) -> Iterator[Finding]:
    """No service is a part of itself, not even by way of others."""
    services = draft.agreement.services
    for name in services:
        if name in _below(services, name):
            text = f"{name} is made of itself, directly or by way of its parts"
            yield codes.CIRCULAR_SERVICE.at(draft.at("services", name, "made_of"), text, "take it out of its parts")


def weights(draft: Draft) -> Iterator[Finding]:
    """The weights of parts are all of the service, and so many parts as are needed are there."""
    for name, service in draft.agreement.services.items():
        made_of, path = service.made_of, ("services", name, "made_of")
        if made_of is None:
            continue
        total = sum(made_of.weights.values(), Ratio(0))
        if made_of.weights and (total != 1 or not all(made_of.weights.values())):
            text = f"the weights add up to {total.percent()}, and each has to be more than nothing"
            yield codes.WEIGHTS_OF_PARTS.at(draft.at(*path, "weights"), text, "let them add up to 100 %")
        if made_of.at_least is not None and not made_of.at_least <= len(made_of.any_of):
            text = f"{made_of.at_least} have to be up of the {len(made_of.any_of)} in any_of"
            yield codes.MORE_THAN_THERE_ARE.at(draft.at(*path, "at_least"), text, "lower it, or list them in any_of")


def flat(draft: Draft) -> Iterator[Finding]:
    """Availability, and recovery from outages, look at the components of one service, and not below them."""
    services = draft.agreement.services
    for name, outcome in draft.outcomes.items():
        measure = outcome.measure
        if not isinstance(measure, Availability | Recovery):
            continue
        place = draft.at("outcomes", name, "measure", "of")
        if (
            isinstance(measure, Availability)
            and measure.users is not None
            and measure.count.granularity is not Granularity.SECONDS
        ):
            text = "users are counted by the second, and downtime in minutes"
            at = draft.at("outcomes", name, "measure", "count", "granularity")
            yield codes.USERS_BY_THE_MINUTE.at(at, text, "delete the granularity")
        service = services.get(measure.of)
        made_of = service.made_of if service is not None else None
        if made_of is None:
            continue
        if made_of.weights or made_of.at_least is not None:
            text = f"{measure.of} is made of weights, or needs some of its parts; availability knows neither"
            yield codes.TREE_WITHOUT_COMPOSITE.at(place, text, "write kind: composite")
        for part in made_of.parts:
            if part.id in services and services[part.id].made_of is not None:
                text = f"{part.id} is a component of {measure.of}, and a service with components of its own"
                yield reference_codes.AMBIGUOUS_NAME.at(place, text, "write kind: composite")


def _below(services: Mapping[str, Service], name: str) -> set[str]:
    """Return the names of everything that a service is made of, at any depth."""
    found: set[str] = set()
    open_ = [name]
    while open_:
        service = services.get(open_.pop())
        made_of = service.made_of if service is not None else None
        new = {part.id for part in made_of.parts} - found if made_of is not None else set()
        found |= new
        open_ += new
    return found
