"""Incentives, claims and termination in prose: each rule as a sentence, and who said so."""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from makegood.engine.agreement.measure_prose import agreed
from makegood.engine.agreement.measures.parts import Sentence
from makegood.engine.agreement.places import dotted
from makegood.engine.agreement.terms import Agreement, Outcome

Row = tuple[str, ...]


def bonus_in_words(outcome: Outcome) -> tuple[str, ...]:
    """Return what an outcome that is better than promised earns the provider."""
    return tuple(outcome.bonus.sentences()) if outcome.bonus is not None else ()


def incentives_in_words(agreement: Agreement) -> tuple[Row, ...]:
    """Return what the provider earns besides, as a table: its name, what it says, and who said so."""
    return tuple(
        (name, *row)
        for name, term in agreement.incentives.items()
        for row in _rows(agreement, ("incentives", name), term.sentences())
    )


def claims_in_words(agreement: Agreement) -> tuple[Row, ...]:
    """Return what has to be claimed, as a table: what it says, and who said so."""
    if agreement.claims is None:
        return ()
    return tuple(_rows(agreement, ("claims",), agreement.claims.sentences()))


def termination_in_words(agreement: Agreement) -> tuple[Row, ...]:
    """Return what leaving early costs, as a table: what it says, and who said so."""
    if agreement.termination is None:
        return ()
    return tuple(_rows(agreement, ("termination",), agreement.termination.sentences()))


def _rows(agreement: Agreement, path: tuple[str, ...], sentences: Iterable[Sentence]) -> Iterator[Row]:
    for terms, sentence in sentences:
        paths = {f"{dotted(path)}.{term}" for term in terms}
        yield sentence, agreed(bool(paths & agreement.written))
