"""Giving advice: every piece of it on one agreement, sorted by its place."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import replace

from makegood.engine.agreement.advice import money, promises
from makegood.engine.agreement.document import LANGUAGE, read
from makegood.engine.agreement.draft import Draft
from makegood.engine.agreement.reader import read_document
from makegood.engine.agreement.terms import Agreement
from makegood.engine.vocabulary.finding import Finding

ADVICE: tuple[Callable[[Draft], Iterator[Finding]], ...] = (
    money.tiers,
    money.first_step,
    money.units,
    money.clauses,
    money.weights,
    money.gain,
    promises.thin_periods,
    promises.resolution,
    promises.business,
    promises.money_where_it_matters,
    promises.silence,
)


def advise(text: str, file: str = "agreement.yaml") -> tuple[Finding, ...]:
    """Return the advice on an agreement; on one with errors there is none, for they come first.

    >>> from makegood.engine.agreement.catalogue import GOOD
    >>> [finding.code for finding in advise(GOOD)]
    ['MG814', 'MG813', 'MG810', 'MG814', 'MG800', 'MG802']
    """
    draft = sound(text, file)
    if draft is None:
        return ()
    return tuple(sorted(finding for advice in ADVICE for finding in advice(draft)))


def sound(text: str, file: str = "agreement.yaml") -> Draft | None:
    """Return an agreement with its places, if it has no errors."""
    agreement = read(text, file).agreement
    reading = read_document(text, file, Agreement, LANGUAGE)
    return None if agreement is None else replace(Draft.of(reading), agreement=agreement)
