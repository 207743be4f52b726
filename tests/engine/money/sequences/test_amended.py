"""What is remembered when a new version changes the outcomes or the rules."""

from __future__ import annotations

import hashlib
from collections.abc import Sequence

import pytest

from makegood.engine.agreement.chain import chain_of
from makegood.engine.agreement.document import read
from makegood.engine.agreement.schedule import periods_of
from makegood.engine.agreement.terms import Agreement
from makegood.engine.agreement.versions import version_for
from makegood.engine.money.account import account_credits
from tests.engine.money.scene import judged
from tests.engine.money.sequences.scene import Values, booked

STEPS = "{kind: earn_back, within: term, steps: [{after: %d, returns: 100%%}]}"
FRACTION = "{kind: earn_back_fraction, at_or_above: 99%, returns: 50%}"
AVERAGE = "{kind: earn_back_average, reaches: 90%}"


def text(rules: str, *outcomes: str) -> str:
    """Write a version in which a miss of each outcome costs 100.00 EUR."""
    promises = "".join(
        f"  {name}: {{promise: It is kept., measure: {{kind: ratio, of: {name}, good: done}}, target: '>= 99%',"
        f" critical: true, stake: {{of: 100.00 EUR, tiers: [{{below: 99%, credit: 100%}}]}}}}\n"
        for name in outcomes or ("backup",)
    )
    return (
        "makegood: agreement/1\nagreement: acme\ntitle: Acme\nparties: {provider: p, customer: c}\n"
        "term: {from: 2025-01-01, months: 12, timezone: UTC}\nmoney: {currency: EUR}\n"
        f"services: {{erp: {{title: ERP}}}}\noutcomes:\n{promises}sequences: {{{rules}}}\n"
    )


def amended(first: str, second: str, effective: str = "2025-03-01") -> Agreement:
    """Return the second text as the version in force from a day on."""
    digest = hashlib.sha256(first.encode()).hexdigest()
    second += f"amendment: {{version: 2, effective: {effective}, amends: {digest}}}\n"
    chain = chain_of(read(second), [read(first)])
    assert chain.agreement is not None, "\n".join(map(str, chain.findings))
    return chain.agreement


def course(terms: Agreement, name: str, **values: Values) -> list[str]:
    """Settle as many months as there are values, and return what was booked under a name."""
    judgements = []
    for number in range(len(next(iter(values.values())))):
        version = version_for(terms, periods_of(terms)[number])
        here = {each: given[number] for each, given in values.items()}
        judgements.append(judged(version, number, **here))
    return booked(account_credits(terms, judgements), name)


class TestAnEarnBack:
    @pytest.mark.parametrize(
        ("_case", "first", "second", "expected"),
        [
            ("longer steps", STEPS % 1, STEPS % 2, ["0.00", "-100.00", "0.00", "0.00"]),
            ("the same steps", STEPS % 2, STEPS % 2, ["0.00", "0.00", "-100.00", "0.00"]),
            ("a fraction after all of it", STEPS % 1, FRACTION, ["0.00", "-100.00", "0.00", "0.00"]),
            ("all after a fraction", FRACTION, STEPS % 2, ["0.00", "-50.00", "-50.00", "0.00"]),
            ("an average before", AVERAGE, STEPS % 2, ["0.00", "0.00", "-100.00", "0.00"]),
        ],
    )
    def test_returns_no_credit_twice(self, _case: str, first: str, second: str, expected: Sequence[str]) -> None:
        terms = amended(text(f"back: {first}"), text(f"back: {second}"))
        assert course(terms, "back", backup=["98%", "99%", "99%", "99%"]) == expected

    def test_of_a_year_returns_what_is_left_of_it(self) -> None:
        terms = amended(text(f"back: {FRACTION}"), text(f"back: {AVERAGE}"))
        assert course(terms, "back", backup=["98%", *["99%"] * 11])[-1] == "-50.00"

    def test_of_a_year_that_ended_is_remembered(self) -> None:
        first, second = (text(f"back: {each}").replace("months: 12", "months: 15") for each in (AVERAGE, STEPS % 14))
        found = course(amended(first, second, "2026-02-01"), "back", backup=["98%", *["99%"] * 14])
        assert [number for number, each in enumerate(found) if each != "0.00"] == [11]

    def test_that_is_new_returns_what_nothing_returned_before(self) -> None:
        rule = "exit: {kind: chronic, missed: 3 consecutive, gives: to leave}, back: "
        first = text(rule.removesuffix(", back: "))
        terms = amended(first, text(f"{rule}{STEPS % 2}"), "2025-02-01")
        judgements = [
            judged(version_for(terms, periods_of(terms)[number]), number, backup=value)
            for number, value in enumerate(["98%", "99%", "99%"])
        ]
        assert booked(account_credits(terms, judgements)[1:], "back") == ["0.00", "-100.00"]


class TestAnOutcomeThatWasLeftOut:
    def test_keeps_its_failures(self) -> None:
        rule = "rule: {kind: persistent, every: 3, pays: 10.00 EUR}"
        terms = amended(text(rule, "backup", "resolution"), text(rule, "resolution"))
        months = {"backup": ["98%"] * 6, "resolution": ["99%", *["98%"] * 5]}
        assert course(terms, "rule", **months) == ["0.00", "10.00", "0.00", "0.00", "10.00", "0.00"]

    def test_keeps_its_points(self) -> None:
        table = "table: [{at_least: 3, credit: 10.00 EUR}, {at_least: 6, credit: 30.00 EUR}]"
        rule = f"rule: {{kind: points, balance: term, {table}}}"
        terms = amended(text(rule, "backup", "resolution"), text(rule, "resolution"))
        months = {"backup": ["98%"] * 6, "resolution": ["99%", *["98%"] * 5]}
        assert course(terms, "rule", **months) == ["0.00", "10.00", "0.00", "0.00", "20.00", "0.00"]
