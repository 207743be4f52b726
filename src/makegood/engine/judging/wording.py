"""How explanations are worded: numbers with their nouns, and leaves that cite evidence."""

from __future__ import annotations

from collections.abc import Sequence

from makegood.engine.agreement.shapes import Unit
from makegood.engine.evidence.records import Record
from makegood.engine.vocabulary.duration import Duration
from makegood.engine.vocabulary.ratio import Ratio
from makegood.engine.vocabulary.reason import Reason

LISTED = 1_000  # so many things that went wrong are cited one by one; beyond that a leaf says how many are not
SAMPLE = 20  # so many of those that went well: nobody disputes them, and there may be millions


def counted(number: int, noun: str, nouns: str = "") -> str:
    """Return a number with its noun, for the sentences of an explanation.

    Unit: none; a text for people.
    Rule: one takes the singular, everything else the plural; thousands are set apart.
    Source: docs/explanation/judging/rulings.md

    >>> counted(1, "case"), counted(2400, "case"), counted(0, "outage")
    ('1 case', '2,400 cases', '0 outages')
    """
    return f"{number:,} {noun if number == 1 else nouns or noun + 's'}"


def shown(value: Ratio, unit: Unit) -> str:
    """Return a value with its unit; what is shown decides nothing.

    Unit: none; a text for people.
    Rule: a share as a percentage, with six decimals at most; a number with its thousands apart; a time in words if
        it has whole seconds, else in milliseconds below ten seconds and in seconds above, with three decimals at most.
    Source: docs/explanation/judging/rulings.md

    >>> shown(Ratio(999, 1000), Unit.SHARE), shown(Ratio(12500), Unit.NUMBER), shown(Ratio(5400), Unit.TIME)
    ('99.9 %', '12,500', '1 hour 30 minutes')
    >>> shown(Ratio(1, 4), Unit.TIME), shown(Ratio(100, 3), Unit.TIME)
    ('250 ms', '33.333 s')
    """
    if unit is Unit.SHARE:
        return value.percent()
    if unit is Unit.NUMBER:
        return value.grouped
    if value.denominator == 1 and value >= 0:
        return Duration(value.numerator).words
    size, name = (value * 1000, "ms") if abs(value) < 10 else (value, "s")
    return f"{size.decimal(3).rstrip('0').rstrip('.')} {name}"


def leaf(text: str, value: str, records: Sequence[Record], *, most: int = LISTED) -> Reason:
    """Return a step of an explanation that ends in evidence.

    Unit: none; a text for people.
    Rule: the first records are cited by their ids, at most ``most``; the sentence says how many more there were.
    Source: docs/explanation/judging/rulings.md

    >>> from makegood.engine.evidence.records import Correction
    >>> withdrawn = [Correction(source="probe", source_id=n, of="probe", corrects=n, reason="noise") for n in "123"]
    >>> leaf("down", "60 s", withdrawn, most=2).text
    'down (the first 2 records are cited, 1 more is not)'
    >>> leaf("down", "60 s", withdrawn, most=2).evidence
    ('probe#1', 'probe#2')
    """
    left_out = len(records) - most
    if left_out > 0:
        cited = "the first record is cited" if most == 1 else f"the first {most:,} records are cited"
        text += f" ({cited}, {left_out:,} more {'is' if left_out == 1 else 'are'} not)"
    return Reason(text, value, evidence=tuple(record.id for record in records[:most]))


def listed(steps: Sequence[Reason], noun: str) -> tuple[Reason, ...]:
    """Return steps of an explanation, of very many only the first.

    Unit: none; a text for people.
    Rule: the first 1,000 stand one by one; a last step says how many more there were. They all count.
    Source: docs/explanation/judging/rulings.md

    >>> listed([Reason(f"case {n}") for n in range(1002)], "late case")[-1].text
    '2 late cases more, which are not listed'
    """
    if len(steps) <= LISTED:
        return tuple(steps)
    left_out = len(steps) - LISTED
    are = "is" if left_out == 1 else "are"
    return (*steps[:LISTED], Reason(f"{counted(left_out, noun)} more, which {are} not listed"))
