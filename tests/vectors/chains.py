"""Kinds of vectors in which several agreements or several levels meet: back_to_back and e2e."""

from __future__ import annotations

import io
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import fields, replace
from datetime import UTC, datetime, timedelta
from typing import Any

from ruamel.yaml import YAML

from makegood.engine.agreement.schedule import periods_of
from makegood.engine.agreement.terms import Agreement, PartialPeriod
from makegood.engine.evidence.body import Evidence
from makegood.engine.evidence.records import AnyRecord, Attribution, State, Statement, Status
from makegood.engine.judging.judge import judge
from makegood.engine.money.back_to_back import Recovery, back_to_back
from makegood.engine.money.credits import period_credits
from makegood.engine.money.fee import months_charged
from makegood.engine.money.tax import with_tax
from makegood.engine.vocabulary.amount import Amount
from makegood.engine.vocabulary.interval import Interval, seconds, union
from makegood.engine.vocabulary.period import Period
from makegood.engine.vocabulary.ratio import Ratio
from tests.vectors.terms import instant
from tests.vectors.trial import CannotSay, Found, Given, Translation, Trial, agreed, figures

SOURCE = "vector"
INCIDENT = "the-incident"
_NAMES = ("subject", "of", "case", "cause")


def supplied(given: Given) -> Trial:
    """A customer's credit, who caused the outage, and what the affiliates' own agreements pay."""
    start = min((instant(each["from"]) for each in given["causes"]), default=datetime(2025, 4, 10, tzinfo=UTC))
    first = start.replace(day=1, hour=0, minute=0, second=0)
    text = _sold(first, given["customer_credit"], [*given["affiliates"]])
    records = [*_outage(given, start, first), *_causes(given, "")]
    agreement = agreed(text)
    found = back_to_back(
        agreement=agreement,
        underpinning=_underpinning(given["affiliates"], text, "the-level"),
        periods=periods_of(agreement)[:1],
        evidence=Evidence.of(records),
    )
    return Trial(text, records, _recovered(given, found))


def _sold(first: datetime, credit: str, affiliates: Sequence[str]) -> str:
    relies_on = ", ".join(f"{{affiliate: {each}}}" for each in affiliates)
    return f"""\
makegood: agreement/1
agreement: vector
title: A vector
parties: {{provider: provider, customer: customer, relies_on: [{relies_on}]}}
term: {{from: {first:%Y-%m-%d}, months: 2, timezone: UTC}}
money: {{currency: EUR}}
services:
  service: {{title: The service, critical: true}}
outcomes:
  the-level:
    promise: The service is up.
    measure: {{kind: availability, of: service}}
    target: ">= 100%"
{f"    stake: {{of: {credit} EUR}}" if Ratio.parse(credit) else ""}
"""


def _outage(given: Given, start: datetime, first: datetime) -> Iterator[AnyRecord]:
    """Yield an outage of the counted seconds: the caused stretches, and what nobody caused behind them."""
    caused = union(Interval(instant(each["from"]), instant(each["to"])) for each in given["causes"])
    more = given.get("counted_s", 0) - seconds(caused)
    last = max((each.end for each in caused), default=start)
    spans = [*caused, *([Interval(last, last + timedelta(seconds=more))] if more > 0 else [])]
    yield State(source=SOURCE, source_id="up", subject="service", status=Status.UP, start=first)
    for place, span in enumerate(spans):
        yield State(
            source=SOURCE,
            source_id=f"down-{place}",
            subject="service",
            status=Status.DOWN,
            start=span.start,
            end=span.end,
        )


def _causes(given: Given, incident: str) -> Iterator[AnyRecord]:
    for place, each in enumerate(given["causes"]):
        yield Attribution(
            source=SOURCE,
            source_id=f"cause-{place}",
            incident=incident,
            party=each["party"],
            share=Ratio(1),
            start=instant(each["from"]),
            end=instant(each["to"]),
        )


def _underpinning(affiliates: Mapping[str, Any], sold: str, level: str) -> list[Agreement]:
    """Return the agreements of affiliates: each promises what was sold, and pays its own credit on a miss."""
    found = []
    for name, each in affiliates.items():
        plain = YAML(typ="base").load(sold)
        outcome = {key: term for key, term in plain["outcomes"][level].items() if key != "stake"}
        if Ratio.parse(each["own_credit"]):
            outcome["stake"] = {"of": f"{each['own_credit']} EUR"}
        plain |= {
            "agreement": f"with-{name}",
            "kind": "underpinning",
            "parties": {"provider": name, "customer": plain["parties"]["provider"]},
            "money": {"currency": "EUR"},
            "outcomes": {level: outcome},
        }
        found.append(agreed(_dumped(plain)))
    return found


def _dumped(plain: Mapping[str, Any]) -> str:
    text = io.StringIO()
    YAML().dump(dict(plain), text)
    return text.getvalue()


def _recovered(given: Given, found: Sequence[Recovery]) -> Found:
    total = Amount.total((each.credit for each in found), "EUR")
    parts: dict[str, Amount] = {}
    for recovery in found:
        parts |= recovery.attributed
    claims = {each.affiliate: each.amount for recovery in found for each in recovery.claims}
    claimed = {name: claims.get(name, Amount.zero("EUR")) for name in given["affiliates"]}
    return {
        "attributed": {party: each.plain for party, each in sorted(parts.items())},
        "claims": {name: each.plain for name, each in claimed.items()},
        "leakage": (total - Amount.total(claimed.values(), "EUR")).plain,
    }


def month_of_levels(given: Given) -> Trial:
    """Several levels of any kind in one agreement, with one fee, tax, and a claim on one of them."""
    from tests.vectors.kinds import KINDS

    levels = [_Level.of(each, KINDS) for each in given["levels"]]
    leading = next((each for each in levels if "period" in each.given["given"]), levels[0])
    document = _together(given, levels, leading)
    records = [record for each in levels for record in each.records_for(leading)]
    chain = given.get("back_to_back")
    if chain is not None:
        records += _causes(chain, next(each.incident for each in levels if each.name == chain["level"]))
    if given.get("choice"):
        records += _choices(given["choice"], levels, leading)
    agreement = agreed(document)
    period = next(each for each in periods_of(agreement) if each.label == leading.period.label)
    judgement = judge(agreement, period, Evidence.of(records))
    credits = period_credits(agreement, judgement)
    fee = Amount.parse(given["fee"], "EUR")
    invoice = with_tax(fee - credits.total, Ratio.parse(given.get("tax_pct", "0")) / 100)
    raw = {each.outcome: each.raw for each in credits.credits}
    found: Found = {
        "levels": {each.name: {**figures(judgement.of(each.name)), "credit": raw[each.name].plain} for each in levels},
        "counted": sorted(each.outcome for each in credits.credits if each.amount),
        "credit_total": credits.total.plain,
        "net": invoice.net.plain,
        "tax": invoice.tax.plain,
        "gross": invoice.gross.plain,
    }
    wanted = ("value", "verdict", "credit")
    found["levels"] = {name: {key: each[key] for key in wanted} for name, each in found["levels"].items()}
    if chain is not None:
        recovered = back_to_back(
            agreement=agreement,
            underpinning=_underpinning(chain["affiliates"], document, chain["level"]),
            periods=[period],
            evidence=Evidence.of(records),
        )
        found |= _recovered(chain, [each for each in recovered if each.outcome == chain["level"]])
    return Trial(document, records, found)


def _choices(choice: str, levels: Sequence[_Level], leading: _Level) -> Iterator[AnyRecord]:
    """Yield what the customer chose about each incident."""
    for incident in sorted({each.incident for each in levels if each.incident}):
        yield Statement(
            source=SOURCE,
            source_id=f"choice-{incident}",
            subject=choice,
            of=incident,
            value=Ratio(1),
            unit="choice",
            at=leading.period.interval.start,
            by="customer",
        )


class _Level:
    """One level: its own trial, and the names that have to differ from those of the other levels."""

    def __init__(self, given: Given, trial: Trial) -> None:
        self.given = given
        self.name: str = given["id"]
        self.incident: str = given.get("incident", "")
        self.plain: dict[str, Any] = YAML(typ="base").load(trial.document)
        self.agreement = agreed(trial.document)
        self.records = trial.records
        self.period: Period = periods_of(self.agreement)[0]
        named = {getattr(each, name) for each in trial.records for name in _NAMES if hasattr(each, name)}
        self.names = (named | set(self.plain["services"])) - {""}

    @classmethod
    def of(cls, given: Given, kinds: Mapping[str, Translation]) -> _Level:
        if given["kind"] not in kinds:
            raise CannotSay(f"a level of the kind {given['kind']}")
        # A level has its credit from its weight alone; a kind may ask for tiers all the same.
        return cls(given, kinds[given["kind"]]({"tiers": [], "charge": "0.00", **given["given"]}))

    def own(self, value: Any) -> Any:
        """Return a term with names of this level's own."""
        if isinstance(value, dict):
            return {self.own(key): self.own(each) for key, each in value.items()}
        if isinstance(value, list):
            return [self.own(each) for each in value]
        return f"{self.name}-{value}" if isinstance(value, str) and value in self.names else value

    def records_for(self, leading: _Level) -> Iterator[AnyRecord]:
        """Yield its evidence, moved into the period of the leading level if it had none of its own."""
        moved = leading.period.interval.start - self.period.interval.start
        if "period" in self.given["given"]:
            moved = timedelta(0)
        for each in self.records:
            changed: dict[str, Any] = {"source_id": f"{self.name}-{each.source_id}"}
            for entry in fields(each):
                value = getattr(each, entry.name)
                if entry.name in _NAMES and value in self.names:
                    changed[entry.name] = f"{self.name}-{value}"
                if isinstance(value, datetime) and entry.name in ("start", "end", "at", "reported_at"):
                    changed[entry.name] = value + moved
                if entry.name == "incident":
                    changed[entry.name] = self.incident or value
            yield replace(each, **changed)


def _together(given: Given, levels: Sequence[_Level], leading: _Level) -> str:
    """Return the agreement of all levels: their outcomes with a weight each, on one fee."""
    weights = sum((Ratio.parse(each.given["weight_pct"]) for each in levels), Ratio(0))
    at_risk = {"percent": f"{given['at_risk_pct']}%", "of": "monthly_fee"}
    if weights > 100:
        at_risk["pool"] = f"{weights}%"
    services: dict[str, Any] = {"the-fee": {"title": "Everything", "fee": {"monthly": _monthly(given["fee"], leading)}}}
    outcomes: dict[str, Any] = {}
    calendars: dict[str, Any] = {}
    for each in levels:
        services |= each.own(each.plain["services"])
        calendars |= each.plain.get("calendars", {})
        (outcome,) = each.plain["outcomes"].values()
        outcome = {key: each.own(term) for key, term in outcome.items() if key != "stake"}
        outcomes[each.name] = {**outcome, "critical": "true", "stake": {"weight": f"{each.given['weight_pct']}%"}}
    document = {
        **{key: leading.plain[key] for key in ("makegood", "agreement", "title", "term")},
        "parties": {"provider": "provider", "customer": "customer"},
        "money": {"currency": "EUR", "at_risk": at_risk, "partial_period": "full"},
        **({"calendars": calendars} if calendars else {}),
        "services": services,
        "outcomes": outcomes,
        "per_incident": given.get("overlap_rule", "highest"),
    }
    return _dumped(document)


def _monthly(fee: str, leading: _Level) -> str:
    """Return the monthly fee of which the period costs the fee that is given."""
    months = months_charged(leading.period, leading.agreement.term.period.every, PartialPeriod.FULL)
    monthly = Ratio.parse(fee) / months
    if (monthly * 100).denominator != 1:
        raise CannotSay("a fee for a period that is no number of months")
    return monthly.decimal(2)
