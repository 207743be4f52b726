"""Pieces of agreement documents that several kinds of vectors need."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from itertools import pairwise
from typing import Any

from makegood.engine.vocabulary.currencies import exponent
from makegood.engine.vocabulary.times import zone
from tests.vectors.trial import CannotSay, Given, number

ZONES = ("UTC", "Europe/Berlin", "Europe/Madrid", "America/New_York")
OPERATORS = {"gte": ">=", "gt": ">", "lte": "<=", "lt": "<", "eq": "="}
BOUNDS = {"gte": "at_least", "gt": "above", "lt": "below", "lte": "up_to"}
ROUNDING = {word: word for word in ("half_up", "half_even", "up", "down")} | {
    "bankers": "half_even",
    "ceil": "up",
    "ceiling": "up",
    "floor": "down",
    "truncate": "down",
}
CURRENCIES = {0: "JPY", 2: "EUR", 3: "KWD", 4: "CLF"}


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
    return _whole_term(start, end)


def _whole_term(start: datetime, end: datetime) -> Stretch:
    """Return the term that is itself one period, from any instant to any other."""
    last = end - timedelta(seconds=1)
    until = (last + timedelta(days=1)).date()
    begins = f', starts_at: "{start:%H:%M:%S}"' if start.time() != datetime.min.time() else ""
    ends = f', ends_at: "{end:%H:%M:%S}"' if end.time() != datetime.min.time() else ""
    head = f"from: {start:%Y-%m-%d}, until: {until}, timezone: UTC{begins}{ends}"
    return Stretch(f"{{{head}, period: {{every: term}}}}", f"{start:%Y-%m-%d}")


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
    midnights = (datetime.combine(day, datetime.min.time(), zone(timezone)) for day in (first, end))
    return _whole_term(*(each.astimezone(UTC) for each in midnights))


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
    currency, decimals = _currency(given)
    rounding = ROUNDING[given.get("rounding", {}).get("mode", "half_up")]
    stake = stake or credit_block(given, currency, unit)
    minimum = given.get("min_credit_exclusive")
    lines = [
        "makegood: agreement/1",
        "agreement: vector",
        "title: A vector",
        "parties: {provider: provider, customer: customer}",
        f"term: {term}",
        f"money: {{currency: {currency}, rounding: {rounding}{decimals}}}",
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
        precision(given),
        f"    stake: {stake}" if stake else "",
        f"minimum_credit: {{more_than: {minimum} {currency}}}" if minimum else "",
    ]
    return "\n".join(line for line in lines if line) + "\n"


def _currency(given: Given) -> tuple[str, str]:
    """Return a currency with as many decimals as credits have; or the term that rounds to fewer."""
    places = given.get("rounding", {}).get("places", 2)
    _, _, decimals = str(given.get("charge", "")).partition(".")
    if places < len(decimals.rstrip("0")):
        return "EUR", f", decimals: {places}"
    return CURRENCIES.get(places, "EUR"), "" if places in CURRENCIES else f", decimals: {places}"


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
    return ""


def precision(given: Given) -> str:
    """Return how a value is rounded before it is compared: a number of places, or places and mode."""
    term = given.get("precision")
    if term is None:
        return ""
    words = term if isinstance(term, Mapping) else {"places": term}
    places = next(words[name] for name in ("places", "decimals", "digits") if name in words)
    return f"    precision: {{decimals: {places}, rounding: {words.get('mode', words.get('rounding', 'half_up'))}}}"


def credit_block(given: Given, currency: str, unit: str = "%") -> str:
    """Return the stake that a vector's tiers and charge make; nothing if it has no money."""
    cap = f", at_most: {given['cap_pct']}%" if given.get("cap_pct") is not None else ""
    if "shortfall_pct_per_point" in given:
        rate = f"{{unit: 1{unit}, credit: {given['shortfall_pct_per_point']}%, counted: exact}}"
        return f"{{of: {number(given['charge']).decimal(exponent(currency))} {currency}, per_unit: {rate}{cap}}}"
    if not given.get("tiers"):
        return ""
    tiers = _tiers(given, currency, unit)
    paid = f"tiers: [{', '.join(tiers)}]" if tiers else f"table: {{rows: [{rows(given, currency, unit)}]}}"
    charge = number(given["charge"]).decimal(exponent(currency))
    return f"{{of: {charge} {currency}, {paid}{cap}}}"


def _tiers(given: Given, currency: str, unit: str) -> Sequence[str]:
    """Return tiers from mild to worst; none if they are not a falling or rising row of open bounds."""
    target = given["target"]
    higher = target["op"] in ("gte", "gt") or (target["op"] == "eq" and number(target["value"]) > 0)
    bound, edge, other = ("lt", "below", "gte") if higher else ("gt", "above", "lte")
    if any(bound not in tier for tier in given["tiers"]):
        return ()
    ordered = sorted(given["tiers"], key=lambda tier: number(tier[bound]), reverse=higher)
    for milder, worse in pairwise(ordered):
        if milder.get(other) != worse[bound]:
            return ()
    if set(ordered[-1]) & {"gt", "gte", "lt", "lte"} != {bound}:
        return ()
    return [f"{{{edge}: {tier[bound]}{unit}, credit: {credit(tier, currency)}}}" for tier in ordered]


def rows(given: Given, currency: str, unit: str = "%") -> str:
    """Return tiers as the rows of a published table, literally and in their order."""
    return ", ".join(
        "{"
        + "".join(f"{word}: {tier[op]}{unit}, " for op, word in BOUNDS.items() if op in tier)
        + f"credit: {credit(tier, currency)}}}"
        for tier in given["tiers"]
    )


def credit(tier: Mapping[str, Any], currency: str) -> str:
    """Return what a tier pays, in the words of the language."""
    if "pct" in tier:
        return f"{tier['pct']}%"
    if "amount" in tier:
        return f"{tier['amount']} {currency}"
    if "days" in tier:
        return f"{tier['days']} days"
    raise CannotSay(f"a credit by {', '.join(tier)}")
