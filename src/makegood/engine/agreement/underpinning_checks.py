"""Checks across agreements: whether what suppliers promise carries what was sold."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass

from makegood.engine.agreement import underpinning_codes as codes
from makegood.engine.agreement.document import Document
from makegood.engine.agreement.measures.availability import Availability, CountFrom, Granularity, UnknownAs, Usable
from makegood.engine.agreement.measures.parts import ExclusionClause
from makegood.engine.agreement.measures.within import Within
from makegood.engine.agreement.schedule import (
    after,
    calendar_of,
    closes_at,
    disputable_until,
    end_of_term,
    instant_of,
    periods_of,
)
from makegood.engine.agreement.terms import Agreement, Outcome
from makegood.engine.agreement.underpinning import CircularReliance, reliance, suppliers, underpinning_outcome
from makegood.engine.vocabulary.duration import Days, Duration
from makegood.engine.vocabulary.finding import Finding, Place
from makegood.engine.vocabulary.interval import Interval, difference

_YEAR = Days(366, business=False)


@dataclass(frozen=True, slots=True)
class _Pair:
    """What was sold, and what carries it: two agreements, an outcome of each, and where the second one stands."""

    sold: Agreement
    carrying: Agreement
    name: str
    own: str
    document: Document

    @property
    def promised(self) -> Outcome:
        return self.sold.outcomes[self.name]

    @property
    def carried(self) -> Outcome:
        return self.carrying.outcomes[self.own]

    def at(self, *path: str) -> Place:
        return self.document.places.of("outcomes", self.own, *path)


def underpinning_findings(document: Document, others: Sequence[Document]) -> tuple[Finding, ...]:
    """Return what is wrong between an agreement that was sold and those with suppliers, in order of their places."""
    sold = document.agreement
    if sold is None:
        return ()
    known = {each.agreement.agreement: each for each in others if each.agreement is not None}
    agreements = [each.agreement for each in known.values() if each.agreement is not None]
    try:
        tree = suppliers(sold, agreements)
    except CircularReliance as circle:
        place = document.places.of("parties", "relies_on")
        return (codes.CIRCULAR.at(place, str(circle), "take one of the agreements out"),)
    found = [*_not_at_hand(document, sold, agreements)]
    upper = {sold.agreement: sold}
    for supplier in (each for top in tree for each in top.all()):
        carrying = supplier.agreement
        above = next(each for each in upper.values() if carrying.parties.customer.id == each.parties.provider.id)
        upper[carrying.agreement] = carrying
        found += _between(above, carrying, known[carrying.agreement])
    return tuple(sorted(found))


def _not_at_hand(document: Document, sold: Agreement, others: Sequence[Agreement]) -> Iterator[Finding]:
    here = {(each.parties.provider.id, each.agreement) for each in others}
    for number, each in enumerate(sold.parties.relies_on):
        named = {(party, name) for party, name in here if party == each.affiliate and each.agreement in ("", name)}
        if not named:
            which = (
                f"{each.agreement} with {each.affiliate}" if each.agreement else f"an agreement with {each.affiliate}"
            )
            place = document.places.of("parties", "relies_on", number)
            yield codes.NOT_AT_HAND.at(place, f"{which} was not read", "name its document as well")


def _between(sold: Agreement, carrying: Agreement, document: Document) -> Iterator[Finding]:
    """Yield what is wrong between two agreements."""
    yield from _pairs_that_are_not(sold, carrying, document)
    if carrying.money.currency != sold.money.currency:
        text = f"{carrying.agreement} is in {carrying.money.currency}, {sold.agreement} in {sold.money.currency}"
        yield codes.ANOTHER_CURRENCY.at(document.places.of("money", "currency"), text, f"write {sold.money.currency}")
    if carrying.term.period.every is not sold.term.period.every:
        text = (
            f"{carrying.agreement} is judged by the {carrying.term.period.every}, not by the {sold.term.period.every}"
        )
        yield codes.ANOTHER_RHYTHM.at(document.places.of("term", "period"), text)
    yield from _term(sold, carrying, document)
    yield from _deadline(sold, carrying, document)
    pairs = [
        _Pair(sold, carrying, name, own, document)
        for name in sold.outcomes
        if (own := underpinning_outcome(sold, carrying, name))
    ]
    if not any(pair.promised.stake for pair in pairs) and any(each.stake for each in sold.outcomes.values()):
        text = f"no outcome of {carrying.agreement} carries one of {sold.agreement} that has money on it"
        yield codes.CARRIES_NOTHING.at(document.places.of("outcomes"), text)
    for pair in pairs:
        for check in _OF_PAIRS:
            yield from check(pair)


def _pairs_that_are_not(sold: Agreement, carrying: Agreement, document: Document) -> Iterator[Finding]:
    said = reliance(sold, carrying)
    for name, own in (said.outcomes if said is not None else {}).items():
        for agreement, outcome in ((sold, name), (carrying, own)):
            if outcome not in agreement.outcomes:
                text = f"{agreement.agreement} has no outcome {outcome}, which relies_on names"
                yield codes.NO_SUCH_PAIR.at(document.places.of("outcomes"), text, "correct the name")


def _term(sold: Agreement, carrying: Agreement, document: Document) -> Iterator[Finding]:
    ours, theirs = (sold.term.from_, end_of_term(sold.term)), (carrying.term.from_, end_of_term(carrying.term))
    if theirs[0] > ours[0] or theirs[1] < ours[1]:
        text = f"it runs from {theirs[0]} to {theirs[1]}, and what was sold from {ours[0]} to {ours[1]}"
        yield codes.ENDS_EARLIER.at(document.places.of("term"), text)


def _deadline(sold: Agreement, carrying: Agreement, document: Document) -> Iterator[Finding]:
    """A claim can still be made when the customer's period is closed; the first period shows it."""
    ours = periods_of(sold)[0]
    theirs = next((each for each in periods_of(carrying) if each.interval.end >= ours.interval.end), None)
    if theirs is None:
        return
    due, path = disputable_until(carrying, theirs), ("closing", "dispute_within")
    if carrying.claims is not None and carrying.claims.after_period is not None:
        due, path = after(carrying, theirs.interval.end, carrying.claims.after_period), ("claims", "after_period")
    if due < closes_at(sold, ours):
        text = f"a claim is due by {due:%Y-%m-%d}, and {ours.label} is closed later"
        yield codes.CLAIM_TOO_LATE.at(document.places.of(*path), text, "agree on a longer time")


def _target(pair: _Pair) -> Iterator[Finding]:
    ours, theirs = pair.promised.target, pair.carried.target
    if ours.level.unit is not theirs.level.unit or ours.higher_is_better is not theirs.higher_is_better:
        return
    looser = theirs.level.value < ours.level.value if ours.higher_is_better else theirs.level.value > ours.level.value
    if looser:
        text = f"{theirs} carries {pair.name}, which was sold with {ours}"
        yield codes.LOOSER_TARGET.at(pair.at("target"), text, f"agree on {ours}")


def _hours(pair: _Pair) -> Iterator[Finding]:
    ours, theirs = pair.promised.measure.calendars, pair.carried.measure.calendars
    if not ours or not theirs:
        return
    start, end = (instant_of(pair.sold, day) for day in (pair.sold.term.from_, end_of_term(pair.sold.term)))
    span = Interval(start, min(end, after(pair.sold, start, _YEAR)))
    sold = calendar_of(pair.sold, ours[0][0]).open_in(span)
    missing = difference(sold, calendar_of(pair.carrying, theirs[0][0]).open_in(span))
    if missing:
        text = f"on calendar {theirs[0][0]} nothing is promised in {missing[0]}, for which {pair.name} was sold"
        yield codes.NARROWER_HOURS.at(pair.at("measure", *map(str, theirs[0][1])), text, "agree on hours that cover it")


def _exclusions(pair: _Pair) -> Iterator[Finding]:
    ours = pair.promised.measure.exclusions
    for cause, theirs in pair.carried.measure.exclusions.items():
        agreed = ours.get(cause)
        place = pair.at("measure", "excluded", cause)
        if agreed is None:
            text = f"{cause} excuses the supplier, and not the provider"
            yield codes.WIDER_EXCLUSIONS.at(place, text, "agree on it with the customer, or strike it out")
        elif _is_wider(theirs, agreed):
            text = f"{cause} excuses the supplier under easier conditions than the provider"
            yield codes.WIDER_EXCLUSIONS.at(place, text, "agree on the same notice and allowance")


def _is_wider(theirs: ExclusionClause, agreed: ExclusionClause) -> bool:
    if agreed.notice is not None and (theirs.notice is None or _seconds(theirs.notice) < _seconds(agreed.notice)):
        return True
    if agreed.allowance is None:
        return False
    return theirs.allowance is None or theirs.allowance.time.seconds > agreed.allowance.time.seconds


def _limits(pair: _Pair) -> Iterator[Finding]:
    ours, theirs = pair.promised.measure, pair.carried.measure
    if not isinstance(ours, Within) or not isinstance(theirs, Within):
        return
    sold = dict(ours.limits) or ({"": ours.limit} if ours.limit is not None else {})
    for priority, limit in sold.items():
        has = theirs.limits.get(priority, theirs.limit)
        of = f" of priority {priority}" if priority else ""
        if has is None:
            text = f"cases{of} have no limit, and {limit.words} were sold"
            yield codes.LONGER_LIMIT.at(pair.at("measure", "limits"), text, f"agree on {limit.words}")
        elif _seconds(has) > _seconds(limit):
            text = f"cases{of} have {has.words}, and {limit.words} were sold"
            yield codes.LONGER_LIMIT.at(pair.at("measure", "limits"), text, f"agree on {limit.words}")


def _count(pair: _Pair) -> Iterator[Finding]:
    ours, theirs = pair.promised.measure, pair.carried.measure
    if not isinstance(ours, Availability) or not isinstance(theirs, Availability):
        return
    looser = {
        ("count", "ignore_shorter_than"): _ignored(theirs) > _ignored(ours),
        ("count", "from"): (theirs.count.from_, ours.count.from_) == (CountFrom.REPORTED, CountFrom.OUTAGE_START),
        ("count", "granularity"): _LENIENCE.index(theirs.count.granularity) > _LENIENCE.index(ours.count.granularity),
        ("degraded",): (theirs.degraded, ours.degraded) == (Usable.UP, Usable.DOWN),
        ("unknown", "as"): theirs.unknown.as_ is not UnknownAs.DOWN and ours.unknown.as_ is UnknownAs.DOWN,
    }
    for path, is_looser in looser.items():
        if is_looser:
            text = f"by {'.'.join(path)} downtime counts for less than for {pair.name}"
            yield codes.LOOSER_COUNT.at(pair.at("measure", *path), text, "agree on the same way to count")


# From what counts most to what counts least of the same outages.
_LENIENCE = (Granularity.TOUCHED_MINUTES, Granularity.SECONDS, Granularity.ELAPSED_MINUTES, Granularity.FULL_MINUTES)
_OF_PAIRS: tuple[Callable[[_Pair], Iterator[Finding]], ...] = (_target, _hours, _exclusions, _limits, _count)


def _ignored(measure: Availability) -> int:
    """Return the longest outage that does not count, in seconds."""
    shorter, up_to = measure.count.ignore_shorter_than, measure.count.ignore_up_to
    if shorter is not None:
        return shorter.seconds - 1
    return up_to.seconds if up_to is not None else -1


def _seconds(span: Duration | Days) -> int:
    """Return about how long a span is; a business day is a day and two fifths."""
    if isinstance(span, Duration):
        return span.seconds
    return span.number * 86_400 * (7 if span.business else 5) // 5
