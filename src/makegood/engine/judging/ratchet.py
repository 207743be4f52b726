"""Ratchet: targets that rise with what was achieved."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, replace

from makegood.engine.agreement.schedule import periods_of
from makegood.engine.agreement.sequences.ratchets import ContinuousImprovement, Ratchet, RisingTarget
from makegood.engine.agreement.shapes import Level, Target
from makegood.engine.agreement.terms import Agreement
from makegood.engine.agreement.versions import in_force
from makegood.engine.judging.verdict import Measurement
from makegood.engine.vocabulary.period import Period
from makegood.engine.vocabulary.ratio import Ratio
from makegood.engine.vocabulary.reason import Reason

Values = Sequence[Ratio | None]


@dataclass(frozen=True, slots=True)
class InForce:
    """The target of an outcome in a period, and why it is not the one that is written; empty if it is."""

    target: Target
    because: tuple[Reason, ...] = ()


def halfway(current: Ratio, values: Values, *, last: int, never_above: Ratio | None = None) -> Ratio:
    """Return the level half way to the average of the last values, if each of them was above the current one.

    Unit: the unit of the target, exactly.
    Rule: if one of the last values is not above the current level, or is not known, the level stays. It never rises
        above ``never_above``, and never falls.
    Source: docs/explanation/judging/ratchet.md

    >>> level = halfway(Ratio(99, 100), [Ratio(995, 1000), Ratio(997, 1000)], last=2)
    >>> level.percent(), halfway(level, [Ratio(1), Ratio(99, 100)], last=2).percent()
    ('99.3 %', '99.3 %')
    """
    looked_at = [value for value in values[-last:] if value is not None and value > current]
    if len(looked_at) < last:
        return current
    risen = (current + sum(looked_at, Ratio(0)) / last) / 2
    return risen if never_above is None else max(min(risen, never_above), current)


def improved(current: Ratio, values: Values, *, last: int, best: int, at_most: Ratio) -> Ratio:
    """Return the mean of the best of the last values, as far as the level may rise at once.

    Unit: a share, exactly.
    Rule: the rise is at most ``at_most`` of what is left to 100 %; the level never falls. Values that are not known are
        left out; with fewer known than ``best`` the level stays.
    Source: docs/explanation/judging/ratchet.md

    >>> values = [Ratio(each, 100) for each in (97, 99, 98, 99)]
    >>> improved(Ratio(96, 100), values, last=4, best=2, at_most=Ratio(1, 10)).percent()
    '96.4 %'
    """
    known = sorted((value for value in values[-last:] if value is not None), reverse=True)
    if len(known) < best:
        return current
    rise = sum(known[:best], Ratio(0)) / best - current
    return current + max(min(rise, at_most * (1 - current)), Ratio(0))


def targets_in_force(
    agreement: Agreement, name: str, periods: Sequence[Period], measured: Callable[[Period], Measurement]
) -> dict[str, InForce]:
    """Return the target of an outcome in each period, by the label of the period.

    Unit: targets, in the unit of the measure.
    Rule: the target that is written, until a ratchet sets it anew: at the start of a period before which a multiple of
        ``every`` periods lie since the start. Every earlier period of the term is measured for that, whether or not it
        is asked for. Several ratchets act in the order of the agreement. A new version that writes another target
        starts from it, with the values from then on. A period that is none of the term has the last target.
    Source: docs/explanation/judging/ratchet.md

    >>> from makegood.engine.agreement.catalogue import GOOD
    >>> from makegood.engine.agreement.document import read
    >>> agreement = read(GOOD).agreement
    >>> months = periods_of(agreement)[:1]
    >>> {label: str(each.target) for label, each in targets_in_force(agreement, "open", months, len).items()}
    {'2026-01': '>= 99.9 %'}
    """
    written = agreement.outcomes[name].target
    found = InForce(written)
    terms = {key: term for key, term in _rising(agreement) if name in term.of}
    wanted = {period.label for period in periods}
    if not terms or not wanted:
        return dict.fromkeys(wanted, found)
    found_in: dict[str, InForce] = {}
    values: list[Ratio | None] = []
    for period in periods_of(agreement):
        promised = in_force(agreement, period.first_day).outcomes.get(name)
        if promised is not None and promised.target != written:
            written = promised.target
            found = InForce(written)
            values = []
        for key, term in terms.items():
            if values and len(values) % term.every == 0:
                found = _set_anew(found, key, term, values, period)
        found_in[period.label] = found
        if wanted <= found_in.keys():
            break
        measurement = measured(period)
        values.append(None if measurement.undecided else measurement.value)
    return dict.fromkeys(wanted, found) | found_in


def _rising(agreement: Agreement) -> Iterator[tuple[str, RisingTarget]]:
    return ((key, term) for key, term in agreement.sequences.items() if isinstance(term, RisingTarget))


def _set_anew(found: InForce, key: str, term: RisingTarget, values: Values, period: Period) -> InForce:
    current = found.target.level
    level = Level(_level(current.value, term, values), current.unit)
    if level == current:
        text = f"{key} left the target at {current} from {period.label} on"
        return replace(found, because=(*found.because, Reason(text, str(current), rule="ratchet")))
    text = f"{key} raised the target from {current} to {level} from {period.label} on"
    shown = ", ".join(
        "none" if value is None else str(Level(value, current.unit)) for value in values[-term.looks_at :]
    )
    steps = (Reason(f"The last {term.looks_at} values", shown),)
    target = replace(found.target, level=level)
    return InForce(target, (*found.because, Reason(text, str(level), steps, rule="ratchet")))


def _level(current: Ratio, term: RisingTarget, values: Values) -> Ratio:
    match term:
        case Ratchet():
            most = term.never_above.value if term.never_above is not None else None
            return halfway(current, values, last=term.looks_at, never_above=most)
        case ContinuousImprovement():
            return improved(current, values, last=term.looks_at, best=term.best, at_most=term.at_most)
        case _:
            raise TypeError(f"no rule for {type(term).__name__}")
