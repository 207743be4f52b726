"""Readings: every term that could have been read otherwise, how it is read, and whether the document wrote it.

A term with a house default may stay unwritten, but it never stays unsaid: verdicts, statements and the text of the
agreement all list it from here.
"""

from __future__ import annotations

from collections.abc import Iterator
from itertools import chain

from makegood.engine.agreement.grammar import Form, MapOf, clauses_of, is_required
from makegood.engine.agreement.places import Path, dotted
from makegood.engine.agreement.terms import Agreement
from makegood.engine.vocabulary.ratio import Ratio

Reading = tuple[str, str, bool]

# What these say is no choice between readings: limits are the promise itself, and a breakdown changes no figure.
_NO_READINGS = {"by", "limit", "limits"}
_WAYS = ("linear", "money_back", "minimum")
_EMPTY = {"priority": "all", "counting": "all"}


def readings_of(agreement: Agreement, outcome: str) -> tuple[Reading, ...]:
    """Return the readings of an outcome's measure as term, value and whether the document wrote it.

    >>> from makegood.engine.agreement.catalogue import GOOD
    >>> from makegood.engine.agreement.document import read
    >>> readings_of(read(GOOD).agreement, "open")[1:3]
    (('count.granularity', 'seconds', False), ('count.ignore_shorter_than', '1m', True))
    """
    measure = agreement.outcomes[outcome].measure
    return tuple(_readings(measure, (), ("outcomes", outcome, "measure"), agreement.written))


def readings_of_money(agreement: Agreement) -> tuple[Reading, ...]:
    """Return the readings of everything that turns a verdict into money, and a period into a closed one."""
    written = agreement.written
    rounding = (
        (f"money.{key}", shown(value), f"money.{key}" in written)
        for key, value in (("rounding", agreement.money.rounding), ("partial_period", agreement.money.partial_period))
    )
    per_incident = ("per_incident", shown(agreement.per_incident), "per_incident" in written)
    sequences = (
        reading
        for name, term in agreement.sequences.items()
        for reading in _readings(term, ("sequences", name), ("sequences", name), written)
    )
    stakes = (reading for name in agreement.outcomes for reading in _readings_of_stake(agreement, name))
    incentives = (
        reading
        for name, term in agreement.incentives.items()
        for reading in _readings(term, ("incentives", name), ("incentives", name), written)
    )
    whole = (
        _readings(getattr(agreement, key), (key,), (key,), written)
        for key in ("claims", "termination", "closing", "hours")
    )
    return (*rounding, per_incident, *stakes, *sequences, *incentives, *chain.from_iterable(whole))


def _readings_of_stake(agreement: Agreement, outcome: str) -> Iterator[Reading]:
    """Yield the readings of the ways in which a miss of an outcome is paid."""
    stake = agreement.outcomes[outcome].stake
    if stake is None:
        return
    for key in _WAYS:
        path = ("outcomes", outcome, "stake", key)
        yield from _readings(getattr(stake, key), path, path, agreement.written)


def shown(value: object, key: str = "") -> str:
    """Return a value as a reading shows it."""
    match value:
        case None:
            return "none"
        case Ratio():
            return value.percent()
        case dict() if value:
            return ", ".join(f"{name}: {each}" for name, each in value.items())
        case tuple() | dict():
            return ", ".join(map(str, value)) or _EMPTY.get(key, "none")
        case _:
            return str(value) or "none"


def _readings(form: object, term: Path, path: Path, written: frozenset[str]) -> Iterator[Reading]:
    """Yield the readings of a form and of those inside it, in the order of the language."""
    for key, (entry, declared) in clauses_of(type(form)).items() if form is not None else ():
        if key in _NO_READINGS or (is_required(entry) and not term):
            continue
        value = getattr(form, entry.name)
        at, here = (*term, key), (*path, key)
        if isinstance(declared.shape, Form) and value is not None:
            yield from _readings(value, at, here, written)
        elif isinstance(declared.shape, MapOf) and isinstance(declared.shape.item, Form) and value:
            for name, item in value.items():
                yield from _readings(item, (*at, name), (*here, name), written)
        else:
            yield dotted(at), shown(value, key), dotted(here) in written
