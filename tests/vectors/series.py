"""Kinds of vectors that remember earlier periods: series, clamp_formula."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any

from makegood.engine.agreement.schedule import periods_of
from makegood.engine.evidence.body import Evidence
from makegood.engine.evidence.records import AnyRecord, Tally
from makegood.engine.judging.judge import judge_periods
from makegood.engine.judging.verdict import Judgement
from makegood.engine.money.account import account_credits
from makegood.engine.money.credit import PeriodCredits, Right
from makegood.engine.vocabulary.amount import Amount
from makegood.engine.vocabulary.ratio import Ratio
from makegood.engine.vocabulary.reason import Reason
from tests.vectors.levels import APRIL, SOURCE
from tests.vectors.terms import document
from tests.vectors.trial import CannotSay, Given, Trial, agreed, number, trial_of_one

YEAR = 2025
MET, EXCEEDED, TARGET, HIGHER = "95", "99", "90", "97"
FINE = Ratio(1, 100)
# What vectors call the misses that are chronic, and the first period in which they are.
NUMBERS = ("consecutive", "after_consecutive", "periods", "months", "count", "missed")
FIRST = ("period", "first", "first_period", "month", "at", "chronic", "terminate", "termination", "triggered", "event")
NO_TIER = "{below: 1%, credit: 1.00 EUR}"


@dataclass(frozen=True)
class Course:
    """A document over several months, the values that its outcomes had, and what came of it."""

    text: str
    records: Sequence[AnyRecord]
    judgements: tuple[Judgement, ...]
    credits: tuple[PeriodCredits, ...]

    def amounts(self, name: str) -> list[Amount]:
        """Return what was booked under a name, month by month."""
        found = [{credit.outcome: credit.amount for credit in each.credits} for each in self.credits]
        return [each.get(name, Amount.zero("EUR")) for each in found]

    def reasons(self, rule: str) -> list[list[Reason]]:
        """Return the steps of a rule in the explanation of each month."""
        return [[step for step in each.reason.walk() if step.rule == rule] for each in self.credits]

    @property
    def rights(self) -> list[tuple[int, Right]]:
        return [(month, right) for month, each in enumerate(self.credits) for right in each.rights]


def plain(amounts: Sequence[Amount]) -> list[str]:
    return [amount.plain for amount in amounts]


def told(value: Ratio) -> int | str:
    return value.numerator if value.denominator == 1 else str(value)


def course(
    outcomes: Mapping[str, tuple[str, str, Sequence[str | None]]],
    sequences: str,
    *,
    fee: str = "0.00",
    more: str = "",
    months: int = 0,
) -> Course:
    """Judge and settle months in which each outcome (its target, its stake) has these values in percent."""
    months = months or max(len(values) for _, _, values in outcomes.values())
    written = "".join(
        f"  {name}:\n    promise: It is kept.\n    critical: true\n"
        f'    measure: {{kind: ratio, of: {name}, good: good}}\n    target: "{target}"\n'
        + (f"    stake: {stake}\n" if stake else "")
        for name, (target, stake, _) in outcomes.items()
    )
    text = (
        "makegood: agreement/1\nagreement: vector\ntitle: A vector\n"
        "parties: {provider: provider, customer: customer}\n"
        f"term: {{from: {YEAR}-01-01, months: {months}, timezone: UTC}}\nmoney: {{currency: EUR}}\n"
        f"services: {{service: {{title: The service, fee: {{monthly: {fee}}}}}}}\n"
        f"outcomes:\n{written}sequences:\n  sequence: {sequences}\n{more}"
    )
    records = [
        record
        for name, (_, _, values) in outcomes.items()
        for month, value in enumerate(values)
        if value is not None
        for record in _tallies(name, month, number(value) / 100)
    ]
    agreement = agreed(text)
    judgements = judge_periods(agreement, periods_of(agreement), Evidence.of(records))
    return Course(text, records, judgements, account_credits(agreement, judgements))


def _tallies(name: str, month: int, value: Ratio) -> list[Tally]:
    if not 0 <= value <= 1:
        raise CannotSay("a value that is no percentage")
    at = datetime(YEAR + month // 12, month % 12 + 1, 10, tzinfo=UTC)
    counts = {"good": value.numerator, "bad": value.denominator - value.numerator}
    return [
        Tally(
            source=SOURCE,
            source_id=f"{name}/{month}/{result}",
            subject="",
            of=name,
            result=result,
            count=count,
            start=at,
            end=at,
        )
        for result, count in counts.items()
        if count
    ]


def graded(amounts: Sequence[str | None], met: Sequence[str]) -> tuple[str, list[str]]:
    """Return the tiers of a stake and the values by which a missed month pays each amount; None is met."""
    distinct = sorted({number(amount) for amount in amounts if amount is not None and number(amount)})
    bounds = [number(TARGET) - FINE * (step + 1) for step in range(len(distinct))]
    tiers = [
        f"{{below: {bound}%, credit: {amount.decimal(2)} EUR}}" for bound, amount in zip(bounds, distinct, strict=True)
    ]
    values = {amount: str(bound - FINE / 2) for bound, amount in zip(bounds, distinct, strict=True)}
    values[Ratio(0)] = str(number(TARGET) - FINE / 2)
    found = [good if amount is None else values[number(amount)] for amount, good in zip(amounts, met, strict=True)]
    return f"{{tiers: [{', '.join(tiers) or NO_TIER}]}}", found


def series(given: Given) -> Trial:
    """Several periods under a rule that remembers them."""
    rule = RULES.get(given["rule"]["type"])
    if rule is None:
        raise CannotSay(f"a series by {given['rule']['type']}")
    try:
        return rule(given, given["rule"])
    except KeyError as missing:
        raise CannotSay(f"a series by {given['rule']['type']} without {missing}") from None


def _is_missed(period: Mapping[str, Any]) -> bool:
    return bool(period["missed"]) if "missed" in period else not period["met"]


def _consecutive_pct(given: Given, rule: Given) -> Trial:
    values = ["0" if _is_missed(period) else "100" for period in given["periods"]]
    steps = ", ".join(f"{share}%" for share in rule["pcts"])
    stake = f"{{of: {rule['charge']} EUR}}"
    cap = ""
    if "cap_pct" in rule:
        most = Amount.parse(rule["charge"], "EUR").times(number(rule["cap_pct"]) / 100)
        cap = f"caps: [{{per: period, at: {most}}}]\n"
    found = course({"metric": (">= 100%", stake, values)}, f"{{kind: repeat, pays: [{steps}]}}", more=cap)
    return _credited(found)


def _credited(found: Course, name: str = "metric") -> Trial:
    amounts = found.amounts(name)
    total = Amount.total(amounts, "EUR").plain
    return Trial(found.text, found.records, {"credits": plain(amounts), "credit": total, "total": total})


def _consecutive_multiplier(given: Given, rule: Given) -> Trial:
    base = rule.get("base", rule.get("charge", "0.00"))
    amounts = [period.get("base", base) if _is_missed(period) else None for period in given["periods"]]
    stake, values = graded(amounts, [MET] * len(amounts))
    steps = ", ".join(rule["multipliers"])
    return _credited(course({"metric": (f">= {TARGET}%", stake, values)}, f"{{kind: repeat, multiplies: [{steps}]}}"))


def _points(found: Course) -> list[Ratio]:
    return [
        sum((number(step.value) for step in steps if step.text.startswith("points of ")), Ratio(0))
        for steps in found.reasons("points")
    ]


def _repeat_points(given: Given, rule: Given) -> Trial:
    higher = rule["target"]["op"] in ("gte", "gt")
    bound, edge = ("lt", "below") if higher else ("gt", "above")
    if any(bound not in band for band in rule["bands"]):
        raise CannotSay("a band with a closed bound")
    bands = sorted(rule["bands"], key=lambda band: number(band[bound]).fraction, reverse=higher)
    written = ", ".join(f"{{{edge}: {band[bound]}%, points: {band['points']}}}" for band in bands)
    sign = {"gte": ">=", "gt": ">", "lte": "<=", "lt": "<"}[rule["target"]["op"]]
    factor = f", repeat_factor: {rule['repeat_factor']}" if "repeat_factor" in rule else ""
    found = course(
        {"metric": (f"{sign} {rule['target']['value']}%", "", [period["value"] for period in given["periods"]])},
        f"{{kind: points, bands: [{written}]{factor}}}",
    )
    points = _points(found)
    return Trial(
        found.text, found.records, {"points": [told(each) for each in points], "total": told(sum(points, Ratio(0)))}
    )


def _ladder(given: Given, rule: Given) -> Trial:
    """Points that grow with each consecutive miss, if the steps are plain numbers; else a table."""
    steps = next((rule[key] for key in ("ladder", "steps", "rows") if key in rule), ())
    if not all(isinstance(step, str | int) for step in steps):
        return _table(given, rule)
    values = ["0" if _is_missed(period) else "100" for period in given["periods"]]
    terms = f"consecutive: [{', '.join(map(str, steps))}]"
    found = course({"metric": (">= 100%", "", values)}, f"{{kind: points, {terms}}}")
    points = _points(found)
    total = told(sum(points, Ratio(0)))
    return Trial(found.text, found.records, {"points": [told(each) for each in points], "total": total})


def _table(given: Given, rule: Given) -> Trial:
    """Points by month, or one number of points, and a table of what they pay or give."""
    single = "points" in given and not isinstance(given["points"], list)
    months = [each["points"] for each in given["periods"]] if "periods" in given else given["points"]
    points = [
        sum(map(number, each), Ratio(0)) if isinstance(each, list) else number(each)
        for each in ([months] if single else months)
    ]
    distinct = sorted({each for each in points if each})
    bounds = [number(TARGET) - FINE * step for step in range(len(distinct))]
    bands = ", ".join(f"{{below: {bound}%, points: {each}}}" for bound, each in zip(bounds, distinct, strict=True))
    values = {each: str(bound - FINE / 2) for bound, each in zip(bounds, distinct, strict=True)} | {Ratio(0): MET}
    rows = rule.get("rows", rule.get("table", rule.get("steps", ())))
    ordered = sorted((_row(row) for row in rows), key=lambda row: row[0].fraction)
    written = ", ".join(f"{{at_least: {least}, {what}}}" for least, what in ordered)
    terms = [f"bands: [{bands}]", f"table: [{written}]"]
    if rule["type"] == "points_ladder":
        terms += ["rows: each_point"] if all(what.startswith("credit") for _, what in ordered) else ["balance: term"]
    terms += [f"base: {rule['charge']} EUR"] if "charge" in rule else []
    found = course(
        {"metric": (f">= {TARGET}%", "", [values[each] for each in points])},
        f"{{kind: points, {', '.join(terms)}}}",
    )
    credits = plain(found.amounts("sequence"))
    rights = [[right.gives for at, right in found.rights if at == month] for month in range(len(points))]
    more = {"credit": credits[-1], "credits": credits, "points": [told(each) for each in points], "rights": rights}
    return Trial(found.text, found.records, more)


def _row(row: Any) -> tuple[Ratio, str]:
    """Return from how many points on a row applies, and what it pays or gives."""
    if isinstance(row, Mapping):
        least = next(row[key] for key in ("at_least", "from", "points", "min") if key in row)
        what = next(row[key] for key in ("pct", "credit_pct", "gives", "action") if key in row)
    else:
        least, what = row[0], row[-1]
    try:
        return number(least), f"credit: {number(what)}%"
    except ValueError:
        return number(least), f"gives: {what}"


def _persistent(given: Given, rule: Given) -> Trial:
    periods = given.get("periods")
    counts = (
        [_failures(period) for period in periods] if periods else _spread(given.get("failures", rule.get("failures")))
    )
    fee = rule.get("annual_fee", given.get("annual_fee", "0.00"))
    monthly = number(fee) / 12
    pays = f"{rule['pct']}%"
    if (monthly * 100).denominator != 1:
        monthly, amount = Ratio(0), number(fee) * number(rule["pct"]) / 100
        if (amount * 100).denominator != 1:
            raise CannotSay("a share of an annual fee that is no sum of money")
        pays = f"{amount.decimal(2)} EUR"
    outcomes = {
        f"metric-{place}": (">= 100%", "", ["0" if place < count else "100" for count in counts])
        for place in range(max(1, *counts))
    }
    terms = f"{{kind: persistent, every: {rule['every']}, pays: {pays}, within: term}}"
    found = course(outcomes, terms, fee=monthly.decimal(2))
    return _credited(found, "sequence")


def _failures(period: Mapping[str, Any]) -> int:
    failures = period.get("failures", period.get("missed", 0))
    return len(failures) if isinstance(failures, list) else int(failures)


def _spread(failures: int) -> list[int]:
    """Return a year of months with so many failures together."""
    return [failures // 12 + (month < failures % 12) for month in range(12)]


def _earn_back_after(given: Given, rule: Given) -> Trial:
    periods = given["periods"]
    amounts = [period.get("credit", "0.00") if _is_missed(period) else None for period in periods]
    good = [EXCEEDED if period.get("exceeded") else MET for period in periods]
    stake, values = graded(amounts, good)
    steps = ", ".join(f"{{after: {step['after_consecutive']}, returns: {step['pct']}%}}" for step in rule["steps"])
    above = f", above: {HIGHER}%" if rule["condition"] == "exceeded" else ""
    found = course(
        {"metric": (f">= {TARGET}%", stake, values)}, f"{{kind: earn_back, within: term, steps: [{steps}]{above}}}"
    )
    returned = [-amount for amount in found.amounts("sequence")]
    net = Amount.total((each.total for each in found.credits), "EUR")
    total = Amount.total(returned, "EUR").plain
    return Trial(found.text, found.records, {"earned_back": plain(returned), "net": net.plain, "total": total})


def _earn_back_average(given: Given, rule: Given) -> Trial:
    periods = given["periods"]
    if len(periods) > 12:
        raise CannotSay("more than one contract year")
    amounts = {number(each["value"]): number(each["credit"]) for each in periods}
    paid = sorted((value for value, amount in amounts.items() if amount), reverse=True)
    target = min((value for value, amount in amounts.items() if not amount), default=Ratio(100))
    if any(value >= target for value in paid) or any(
        amounts[number(e["value"])] != number(e["credit"]) for e in periods
    ):
        raise CannotSay("credits that do not grow as the value falls")
    bounds = [target, *paid]
    tiers = ", ".join(
        f"{{below: {bound}%, credit: {amounts[value].decimal(2)} EUR}}"
        for bound, value in zip(bounds, paid, strict=False)
    )
    found = course(
        {
            "metric": (
                f">= {target}%",
                f"{{tiers: [{tiers or NO_TIER}]}}",
                [e["value"] for e in periods],
            )
        },
        f"{{kind: earn_back_average, reaches: {rule['expected']}%, returns: {rule.get('share_pct', '100')}%}}",
    )
    shown = next(step.value for step in found.reasons("earn-back")[-1] if step.text.startswith("The average"))
    average = (number(shown) * 100).decimal(6)
    returned = Amount.total((-amount for amount in found.amounts("sequence")), "EUR")
    net = Amount.total((each.total for each in found.credits), "EUR")
    return Trial(found.text, found.records, {"average": average, "earned_back": returned.plain, "net": net.plain})


def _chronic(given: Given, rule: Given) -> Trial:
    periods = given["periods"]
    missed = [_missed_metrics(period) for period in periods]
    names = sorted(
        {name for each in missed for name in each} | {name for p in periods for name in p.get("metrics", {})}
    )
    number_of = next((rule[key] for key in NUMBERS if key in rule), None)
    if number_of is None:
        raise CannotSay("chronic failure without a number of misses")
    window = f"of {rule['of']}" if "of" in rule else "consecutive"
    found = course(
        {name: (">= 100%", "", ["0" if name in each else "100" for each in missed]) for name in names or ["metric"]},
        f"{{kind: chronic, missed: {number_of} {window}, gives: termination right}}",
    )
    month, right = min(found.rights, key=lambda each: (each[0], each[1].outcome), default=(None, None))
    at = None if month is None else periods[month]["id"]
    metric = right.outcome if right else None
    return Trial(found.text, found.records, {**dict.fromkeys(FIRST, at), "metric": metric, "level": metric})


def _missed_metrics(period: Mapping[str, Any]) -> list[str]:
    if isinstance(period.get("met"), Mapping):
        return [name for name, was in period["met"].items() if not was]
    missed = period.get("missed", period.get("metrics", []))
    if isinstance(missed, bool):
        return ["metric"] if missed else []
    if isinstance(missed, Mapping):
        return [name for name, was in missed.items() if was in (True, "missed")]
    return [missed] if isinstance(missed, str) else list(missed)


def _esl_default(given: Given, rule: Given) -> Trial:
    periods = given["periods"]
    found = course(
        {"metric": (f">= {rule['expected']}%", "{of: 100.00 EUR}", [period["value"] for period in periods])},
        f"{{kind: expected_level, minimum: {rule['minimum']}%, pays_from: {rule['occurrences']},"
        f" within: {rule['window']}}}",
    )
    steps = [[step for step in steps if step.text.startswith("metric: ")] for steps in found.reasons("expected-level")]
    misses = [period["id"] for period, told_ in zip(periods, steps, strict=True) if told_ and "number" in told_[0].text]
    below = [period["id"] for period, told_ in zip(periods, steps, strict=True) if told_ and "Below" in told_[0].text]
    paid = [period["id"] for period, amount in zip(periods, found.amounts("metric"), strict=True) if amount]
    defaults = [each for each in paid if each in misses]
    keys = ("months", "default_months", "defaults", "periods", "esl_defaults")
    return Trial(found.text, found.records, {**dict.fromkeys(keys, defaults), "misses": misses, "msl_defaults": below})


def _ratchet(given: Given, rule: Given) -> Trial:
    values = given["values"]
    if rule["type"] == "ratchet_halfway":
        last = rule.get("months", len(values))
        most = next((f", never_above: {rule[key]}%" for key in ("never_above", "cap", "max") if key in rule), "")
        terms = f"{{kind: ratchet, of: metric, every: {len(values)}, last: {last}{most}}}"
    else:
        share = rule.get("max_share_pct", "100")
        terms = (
            f"{{kind: continuous_improvement, of: metric, every: {len(values)}, best: {rule['best_of']},"
            f" at_most: {share}%}}"
        )
    found = course({"metric": (f">= {given['current']}%", "", values)}, terms, months=len(values) + 1)
    target = found.judgements[-1].of("metric").target.level.value
    return Trial(
        found.text,
        found.records,
        {"new_target": (target * 100).decimal(6), "changed": target * 100 != number(given["current"])},
    )


RULES: dict[str, Callable[[Given, Given], Trial]] = {
    "chronic": _chronic,
    "consecutive_multiplier": _consecutive_multiplier,
    "consecutive_pct": _consecutive_pct,
    "earn_back_after": _earn_back_after,
    "earn_back_average": _earn_back_average,
    "esl_default": _esl_default,
    "persistent": _persistent,
    "points_ladder": _ladder,
    "points_table": _table,
    "ratchet_capped": _ratchet,
    "ratchet_halfway": _ratchet,
    "repeat_points": _repeat_points,
}


def clamp_formula(given: Given) -> Trial:
    """Tiers with a monthly cap and one of twelve months, in a month with eleven others before it."""
    value = number(given["value"]) / 100
    target = max((tier["lt"] for tier in given["tiers"] if "lt" in tier), key=number, default="100")
    before = f"{{fees: {given['last11_charge']} EUR, credits: {given['last11_credit']} EUR}}"
    caps = [
        f"{{per: period, at: {given['monthly_cap_pct']}% of monthly_fee}}",
        f"{{per: 12 months, at: {given['yearly_cap_pct']}% of fees, brought_forward: {before}}}",
    ]
    text = document(
        {**given, "target": {"op": "gte", "value": target}},
        term=APRIL.term,
        services=f"service: {{title: The service, fee: {{monthly: {given['charge']}}}}}",
        measure="{kind: ratio, of: events, good: good}",
        target=f">= {target}%",
        more=f"caps: [{', '.join(caps)}]",
    )
    return trial_of_one(text, _tallies("events", 3, value), APRIL.label)
