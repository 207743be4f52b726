"""Checks of an amendment, of finality, and of value shares."""

from __future__ import annotations

from collections.abc import Iterator
from itertools import pairwise

from makegood.engine.agreement import amendment_codes as codes
from makegood.engine.agreement.draft import Draft
from makegood.engine.agreement.schedule import end_of_term
from makegood.engine.agreement.value_shares import ValueShare
from makegood.engine.vocabulary.duration import Days, Duration
from makegood.engine.vocabulary.finding import Finding
from makegood.engine.vocabulary.ratio import Ratio

_DAY = 86_400


def amendment(draft: Draft) -> Iterator[Finding]:
    """A version comes into force within the term."""
    amendment, term = draft.agreement.amendment, draft.agreement.term
    if amendment is not None and not term.from_ < amendment.effective < end_of_term(term):
        text = f"it is effective on {amendment.effective}, and the term runs from {term.from_} to {end_of_term(term)}"
        yield codes.OUTSIDE_TERM.at(draft.at("amendment", "effective"), text, "write a day inside the term")


def finality(draft: Draft) -> Iterator[Finding]:
    """What can be disputed is not final yet."""
    closing = draft.agreement.closing
    if closing.final.after is not None and _days(closing.final.after) < _days(closing.dispute_within):
        after, within = closing.final.after.words, closing.dispute_within.words
        text = f"credits are final after {after}, and verdicts can be disputed for {within}"
        yield codes.FINAL_TOO_EARLY.at(draft.at("closing", "final", "after"), text, f"write {within}")


def value_shares(draft: Draft) -> Iterator[Finding]:
    """Every unit has an owner on every day of the term."""
    for name, share in draft.agreement.value_shares.items():
        yield from _allocations(draft, name, share)
        first = share.allocations[0].from_
        if first > draft.agreement.term.from_:
            text = f"the first allocation begins on {first}, and the term on {draft.agreement.term.from_}"
            place = draft.at("value_shares", name, "allocations", 0, "from")
            yield codes.NOT_ALLOCATED.at(place, text, f"write {draft.agreement.term.from_}")


def _allocations(draft: Draft, name: str, share: ValueShare) -> Iterator[Finding]:
    path = ("value_shares", name, "allocations")
    for number, each in enumerate(share.allocations):
        given = sum(each.shares.values(), Ratio(0))
        if not given:
            text = "all shares of this allocation are zero"
            yield codes.NOBODY_SHARES.at(draft.at(*path, number, "shares"), text, "give somebody a share")
        elif share.units is not None and given != share.units:
            text = f"{given} units are given away, and there are {share.units}"
            yield codes.UNITS_LEFT.at(draft.at(*path, number, "shares"), text, "give away all units")
    for number, (before, each) in enumerate(pairwise(share.allocations), start=1):
        if each.from_ <= before.from_:
            text = f"this allocation begins on {each.from_}, the one before it on {before.from_}"
            yield codes.ALLOCATIONS_OUT_OF_ORDER.at(draft.at(*path, number, "from"), text, "order them by their days")


def _days(span: Duration | Days) -> Ratio:
    """Return about how many days a span has."""
    if isinstance(span, Duration):
        return Ratio(span.seconds, _DAY)
    return span.number * (Ratio(7, 5) if span.business else Ratio(1))
