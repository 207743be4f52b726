"""What the tests of money are played with: an agreement in its own language, and verdicts whose values are given."""

from __future__ import annotations

from textwrap import dedent, indent

from makegood.engine.agreement.chain import chain_of
from makegood.engine.agreement.document import read
from makegood.engine.agreement.measures.count import CountOf
from makegood.engine.agreement.schedule import periods_of
from makegood.engine.agreement.shapes import Unit
from makegood.engine.agreement.terms import Agreement
from makegood.engine.judging.verdict import Judgement, Measurement, Miss, Ruling, Verdict
from makegood.engine.money.credit import PeriodCredits
from makegood.engine.money.credits import period_credits
from makegood.engine.vocabulary.ratio import Ratio
from makegood.engine.vocabulary.reason import Reason

SERVICES = "services: {erp: {title: ERP, fee: {monthly: 20000.00}, critical: true}}"
MEASURES = {
    "availability": "{kind: availability, of: erp}",
    "resolution": "{kind: within, cases: incident, limit: 4h}",
    "backup": "{kind: ratio, of: backups, good: done}",
    "complaints": "{kind: count, of: complaints}",
}


def outcome(name: str, target: str, stake: str = "", more: str = "") -> str:
    """Write one outcome of an agreement; its name chooses the measure."""
    lines = [f"{name}:", "  promise: It is kept.", f"  measure: {MEASURES[name]}", f'  target: "{target}"']
    lines += [f"  stake: {stake}"] * bool(stake) + [f"  {more}"] * bool(more)
    return "\n".join(lines)


def written(
    *outcomes: str,
    money: str = "{currency: EUR}",
    services: str = SERVICES,
    term: str = "{from: 2025-03-01, months: 1, timezone: Europe/Berlin}",
    more: str = "",
) -> str:
    """Write an agreement of these outcomes."""
    return f"""\
makegood: agreement/1
agreement: acme-erp
title: ERP for Acme
parties: {{provider: northwind-it, customer: acme}}
term: {term}
money: {money}
{dedent(services)}
outcomes:
{indent(chr(10).join(outcomes), "  ")}
{dedent(more)}
"""


def agreement(*outcomes: str, **terms: str) -> Agreement:
    """Read an agreement of these outcomes, as the command line reads one."""
    document = read(written(*outcomes, **terms))
    assert document.agreement is not None, "\n".join(map(str, document.findings))
    return document.agreement


def amended(first: str, *later: tuple[str, str]) -> Agreement:
    """Read an agreement and its amendments, each a whole text with the day from which on it is in force."""
    documents = [read(first)]
    for version, (effective, text) in enumerate(later, start=2):
        amends = documents[-1].digest
        amendment = f"amendment: {{version: {version}, effective: {effective}, amends: {amends}}}"
        documents.append(read(f"{text}{amendment}\n"))
    chain = chain_of(documents[-1], documents[:-1])
    assert chain.agreement is not None, "\n".join(map(str, chain.findings))
    return chain.agreement


def measured(text: str, *incidents: str) -> Measurement:
    """Return a measurement as it is written: ``99.5%``, ``27/30`` or ``41`` events."""
    misses = tuple(Miss(f"miss {number}", 1, incident) for number, incident in enumerate(incidents, start=1))
    value = Ratio.parse(text)
    if text.isdecimal():
        return Measurement(value, Unit.NUMBER, 0, int(text), Reason(text), misses)
    good, total = map(int, text.split("/")) if "/" in text else (value.numerator, value.denominator)
    return Measurement(value, Unit.SHARE, good, total, Reason(text), misses)


def judged(terms: Agreement, number: int = 0, /, **values: Measurement | str | None) -> Judgement:
    """Judge the period of this number by values: what meets its target is met, what is None is undecided."""
    when = periods_of(terms)[number]
    verdicts = []
    for name, promised in terms.outcomes.items():
        given = values[name]
        measurement = measured(given) if isinstance(given, str) else given
        if measurement is None:
            unit = Unit.NUMBER if isinstance(promised.measure, CountOf) else Unit.SHARE
            measurement = Measurement(None, unit, 0, 0, Reason("no evidence"), undecided="no evidence")
            ruling = Ruling.UNDECIDED
        elif measurement.value is None:
            ruling = Ruling.MISSED
        else:
            ruling = Ruling.MET if promised.target.is_met_by(measurement.value) else Ruling.MISSED
        verdicts.append(Verdict(name, when, ruling, promised.target, measurement, (), Reason(f"{name} is {ruling}")))
    return Judgement(terms.agreement, when, 1, tuple(verdicts))


def credited(terms: Agreement, number: int = 0, /, **values: Measurement | str | None) -> PeriodCredits:
    """Return the credits of the period of this number that is judged by these values."""
    return period_credits(terms, judged(terms, number, **values))


def shown(credits_: PeriodCredits) -> dict[str, str]:
    """Return the credits as the number that machines read."""
    return {credit.outcome: credit.amount.plain for credit in credits_.credits}
