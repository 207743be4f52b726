"""Pieces of agreement documents that several kinds of vectors need."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from itertools import pairwise
from typing import Any

from makegood.engine.vocabulary.times import zone
from tests.vectors.trial import CannotSay, Given

ZONES = ("UTC", "Europe/Berlin", "Europe/Madrid", "America/New_York")
OPERATORS = {"gte": ">=", "gt": ">", "lte": "<=", "lt": "<"}
ROUNDING = {"half_up": "half_up", "half_even": "half_even"}


@dataclass(frozen=True)
class Stretch:
    """A vector's period as the one period of an agreement: its term, its label."""

    term: str
    label: str


def instant(text: str) -> datetime:
    return datetime.fromisoformat(text).astimezone(UTC)


def stretch(period: Mapping[str, str]) -> Stretch:
    """Return the term of which a stretch between two local midnights is one period."""
    start, end = instant(period["from"]), instant(period["to"])
    for name in ZONES:
        first, last = start.astimezone(zone(name)), end.astimezone(zone(name))
        if first.time() == last.time() == datetime.min.time():
            return _one_period(first.date(), last.date(), name)
    raise CannotSay("a period that starts or ends within a day")


def _one_period(first: date, end: date, timezone: str) -> Stretch:
    last = end - timedelta(days=1)
    head = f"from: {first}, until: {end}, timezone: {timezone}"
    if (first.year, first.month) == (last.year, last.month):
        return Stretch(f"{{{head}, period: {{every: month}}}}", f"{first:%Y-%m}")
    quarter = (first.month + 2) // 3
    if (first.year, quarter) == (last.year, (last.month + 2) // 3):
        return Stretch(f"{{{head}, period: {{every: quarter}}}}", f"{first.year}-Q{quarter}")
    if first.year == last.year:
        return Stretch(f"{{{head}, period: {{every: year}}}}", f"{first.year}")
    raise CannotSay("a period that runs over the end of a year")


def document(
    given: Given,
    *,
    term: str,
    measure: str,
    services: str = "service: {title: The service}",
    more: str = "",
    stake: str = "",
    target: str = "",
    unit: str = "%",
) -> str:
    """Return an agreement with one outcome and the credit block of a vector."""
    currency = "JPY" if given.get("rounding", {}).get("places") == 0 else "EUR"
    rounding = ROUNDING[given.get("rounding", {}).get("mode", "half_up")]
    stake = stake or credit_block(given, currency, unit)
    minimum = given.get("min_credit_exclusive")
    lines = [
        "makegood: agreement/1",
        "agreement: vector",
        "title: A vector",
        "parties: {provider: provider, customer: customer}",
        f"term: {term}",
        f"money: {{currency: {currency}, rounding: {rounding}}}",
        more,
        "services:",
        f"  {services}",
        "outcomes:",
        "  outcome:",
        "    promise: What the vector promises.",
        "    critical: true",
        f"    measure: {measure}",
        f'    target: "{target or target_text(given["target"], unit)}"',
        low_volume(given),
        f"    stake: {stake}" if stake else "",
        f"minimum_credit: {{more_than: {minimum} {currency}}}" if minimum else "",
    ]
    return "\n".join(line for line in lines if line) + "\n"


def target_text(target: Mapping[str, str], unit: str = "%") -> str:
    if target["op"] not in OPERATORS:
        raise CannotSay(f"a target with the operator {target['op']}")
    return f"{OPERATORS[target['op']]} {target['value']}{unit}"


def low_volume(given: Given) -> str:
    if "low_volume" in given:
        rule = given["low_volume"]
        return f"    low_volume: {{below: {rule['total_below']}, allowed_misses: {rule['allowed_misses']}}}"
    if "min_total" in given:
        return f"    low_volume: {{below: {given['min_total']}, gives: undecided}}"
    if "precision" in given:
        raise CannotSay("a value that is rounded before it is compared")
    return ""


def credit_block(given: Given, currency: str, unit: str = "%") -> str:
    """Return the stake that a vector's tiers and charge make; nothing if it has no money."""
    unsayable = {"shortfall_pct_per_point", "days_in_period"} & given.keys()
    if unsayable:
        raise CannotSay(f"credits by {', '.join(sorted(unsayable))}")
    if not given.get("tiers"):
        return ""
    cap = f", at_most: {given['cap_pct']}%" if "cap_pct" in given else ""
    return f"{{of: {given['charge']} {currency}, tiers: [{', '.join(_tiers(given, currency, unit))}]{cap}}}"


def _tiers(given: Given, currency: str, unit: str) -> Sequence[str]:
    """Return tiers from mild to worst; what is not a falling or rising row of open bounds cannot be written."""
    higher = given["target"]["op"] in ("gte", "gt")
    bound, edge, other = ("lt", "below", "gte") if higher else ("gt", "above", "lte")
    ordered = sorted(given["tiers"], key=lambda tier: float(tier.get(bound, "nan")), reverse=higher)
    if any(bound not in tier for tier in ordered):
        raise CannotSay("a tier with a closed bound")
    for milder, worse in pairwise(ordered):
        if milder.get(other, worse[bound]) != worse[bound]:
            raise CannotSay("tiers with a gap or an overlap")
    return [f"{{{edge}: {tier[bound]}{unit}, credit: {_credit(tier, currency)}}}" for tier in ordered]


def _credit(tier: Mapping[str, Any], currency: str) -> str:
    if "pct" in tier:
        return f"{tier['pct']}%"
    if "amount" in tier:
        return f"{tier['amount']} {currency}"
    raise CannotSay("a credit in days")
