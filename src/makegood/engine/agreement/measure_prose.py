"""Measures in prose: what is counted, and each reading as a sentence."""

from __future__ import annotations

from collections.abc import Iterator

from makegood.engine.agreement.measures.parts import Measure
from makegood.engine.agreement.places import dotted
from makegood.engine.agreement.terms import Agreement


def agreed(written: bool) -> str:
    """Return who said so: the parties, or the house."""
    return "as agreed" if written else "house default"


def measured(measure: Measure, agreement: Agreement) -> str:
    """Return in one sentence what the value of a measure is."""
    return measure.described({name: service.title for name, service in agreement.services.items()})


def readings_in_words(agreement: Agreement, outcome: str) -> Iterator[tuple[str, bool]]:
    """Yield each reading of an outcome's measure as a sentence, and whether the parties wrote it."""
    measure = dotted(("outcomes", outcome, "measure"))
    for terms, sentence in agreement.outcomes[outcome].measure.sentences():
        paths = {f"{measure}.{term}" for term in terms}
        yield sentence, bool(paths & agreement.written)
