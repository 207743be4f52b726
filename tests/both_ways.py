"""Judging twice: what all records say and what measured ones say, side by side."""

from __future__ import annotations

from collections.abc import Container
from dataclasses import replace
from typing import Any, NamedTuple

from makegood.engine.agreement.schedule import periods_of
from makegood.engine.agreement.terms import Agreement
from makegood.engine.evidence.body import Evidence
from makegood.engine.judging.asked import Asked
from makegood.engine.judging.verdict import Measurement, Verdict
from makegood.engine.money.closing import account
from makegood.engine.money.credit import PeriodCredits
from makegood.engine.vocabulary.amount import Amount
from makegood.engine.vocabulary.reason import Reason
from makegood.vault.measuring.evidence.measured import measured_evidence
from makegood.vault.vault import Vault


class Paid(NamedTuple):
    """What is credited for one period, and what it is credited of."""

    label: str
    total: Amount
    fee: Amount
    at_risk: Amount
    lines: list[tuple[str, Amount, Amount]]
    rights: list[tuple[str, str, str]]


def said(agreement: Agreement, evidence: Evidence) -> list[Any]:
    """Return what is judged and credited in all periods, as far as it does not depend on how evidence is cited."""
    seen = account(agreement=agreement, periods=periods_of(agreement), evidence=evidence)
    found: list[Any] = [_verdict(each) for judgement in seen.judgements for each in judgement.verdicts]
    found += [each.choices for each in seen.judgements]
    found += [(each.outcome, each.accepted, each.deadline) for one in seen.judgements for each in one.claims]
    return found + [_credits(each) for each in seen.credits]


def _verdict(verdict: Verdict) -> Any:
    measurement = verdict.measurement
    misses = [(each.what, each.size, each.incident, each.spans, each.step, each.item) for each in measurement.misses]
    return verdict.period.label, verdict.outcome, verdict.ruling, verdict.target, _figures(measurement), misses


def _figures(measurement: Measurement) -> Measurement:
    """Return a measurement without the words that cite records: one that stands for several is cited for them."""
    return replace(measurement, reason=Reason(""), misses=(), undecided=bool(measurement.undecided) * "?")


def _credits(credits: PeriodCredits) -> Paid:
    lines = [(each.outcome, each.amount, each.raw) for each in credits.credits]
    rights = [(each.gives, each.sequence, each.outcome) for each in credits.rights]
    return Paid(credits.period.label, credits.total, credits.fee, credits.at_risk, lines, rights)


def credited(told: list[Any], label: str) -> list[Any]:
    """Return what is credited in all for the periods with a label, by what was ``said``."""
    return [each.total for each in told if isinstance(each, Paid) and each.label == label]


def said_both_ways(
    vault: Vault, agreement: Agreement, until: int | None = None, *, without: Container[str] = frozenset()
) -> tuple[list[Any], list[Any]]:
    """Return what all records of a vault up to an entry say, and what is said of them after they were measured."""
    measured = measured_evidence(vault.contents(), Asked.of(agreement), until, without=without)
    return said(agreement, vault.evidence(until, without=without)), said(agreement, measured)
