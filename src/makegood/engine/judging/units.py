"""Units: a number with the unit that its evidence names, in the unit of its measure."""

from __future__ import annotations

from collections.abc import Sequence

from makegood.engine.agreement.shapes import Unit
from makegood.engine.evidence.records import Gauge, Statement
from makegood.engine.vocabulary.ratio import Ratio

_SECONDS = {
    ("us", "µs", "microsecond", "microseconds"): Ratio(1, 1_000_000),
    ("ms", "millisecond", "milliseconds"): Ratio(1, 1000),
    ("s", "sec", "second", "seconds"): Ratio(1),
    ("m", "min", "minute", "minutes"): Ratio(60),
    ("h", "hour", "hours"): Ratio(3600),
    ("d", "day", "days"): Ratio(86_400),
}
_SIZES: dict[Unit, dict[str, Ratio]] = {
    Unit.TIME: {name: size for names, size in _SECONDS.items() for name in names},
    Unit.SHARE: {"%": Ratio(1, 100), "percent": Ratio(1, 100), "": Ratio(1), "1": Ratio(1), "share": Ratio(1)},
}


def converted(value: Ratio, written: str, unit: Unit) -> Ratio | None:
    """Return a recorded number in the unit of a measure, or None if it is no such thing.

    Unit: a share from a percentage or a plain ratio; a time in seconds, from microseconds to days of 24 hours; a
        number as it stands.
    Rule: the record's unit decides, exactly; a number keeps whatever unit its record names.
    Source: docs/explanation/judging/units.md

    >>> converted(Ratio(250), "ms", Unit.TIME), converted(Ratio(95), "%", Unit.SHARE)
    (Ratio(1, 4), Ratio(19, 20))
    >>> converted(Ratio(5), "requests", Unit.TIME) is None
    True
    """
    if unit is Unit.NUMBER:
        return value
    size = _SIZES[unit].get(written.strip().lower())
    return None if size is None else value * size


def unit_problem(records: Sequence[Gauge | Statement], unit: Unit) -> str:
    """Return why records cannot be brought into one unit; empty if they can.

    Unit: none; a sentence for people.
    Rule: every record names a unit of the measure's sort; where the measure is a plain number, all name the same one.
    Source: docs/explanation/judging/units.md

    >>> unit_problem([], Unit.TIME)
    ''
    """
    for each in records:
        if converted(each.value, each.unit, unit) is None:
            return f"{each.id} gives {each.of} in {each.unit or 'no unit'}, which is no {unit}. Correct the record."
    if unit is Unit.NUMBER:
        units = sorted({each.unit or "no unit" for each in records})
        if len(units) > 1:
            name = records[0].of
            return f"{name} is recorded in {' and in '.join(units)}, which cannot be told from one another as numbers."
    return ""
