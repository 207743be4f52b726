"""What is remembered when a new version changes the outcomes or the rules."""

from __future__ import annotations

from collections.abc import Sequence

import pytest

from makegood.engine.agreement.schedule import periods_of
from makegood.engine.agreement.terms import Agreement
from makegood.engine.agreement.versions import version_for
from makegood.engine.money.account import account_credits
from makegood.engine.money.credit import PeriodCredits
from tests.engine.money import scene
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
    return scene.amended(first, (effective, second))


def settled(terms: Agreement, **values: Values) -> tuple[PeriodCredits, ...]:
    """Settle as many months as there are values."""
    judgements = []
    for number in range(len(next(iter(values.values())))):
        version = version_for(terms, periods_of(terms)[number])
        here = {each: given[number] for each, given in values.items()}
        judgements.append(judged(version, number, **here))
    return account_credits(terms, judgements)


def course(terms: Agreement, name: str, **values: Values) -> list[str]:
    """Settle as many months as there are values, and return what was booked under a name."""
    return booked(settled(terms, **values), name)


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
        found = settled(terms, backup=["98%", "99%", "99%"])
        assert booked(found[1:], "back") == ["0.00", "-100.00"]

    def test_counts_what_was_returned_since_there_was_one(self) -> None:
        exit_ = "exit: {kind: chronic, missed: 3 consecutive, gives: to leave}"
        rules = (text(exit_), text(f"{exit_}, back: {STEPS % 1}"), text(f"back: {STEPS % 2}"))
        terms = scene.amended(rules[0], ("2025-02-01", rules[1]), ("2025-03-01", rules[2]))
        found = settled(terms, backup=["98%", "99%", "99%"])
        assert booked(found[1:], "back") == ["-100.00", "0.00"]

    def test_in_between_counts_as_what_it_really_returned(self) -> None:
        quarter = FRACTION.replace("50%", "25%")
        first, second, third = (text(f"back: {each}") for each in (STEPS % 1, STEPS % 2, quarter))
        terms = scene.amended(first, ("2025-04-01", second), ("2025-05-01", third))
        found = course(terms, "back", backup=["98%", "98%", "99%", "99%", "99%"])
        assert found == ["0.00", "0.00", "-100.00", "0.00", "-50.00"]

    @pytest.mark.parametrize(
        ("_case", "months", "expected"),
        [
            ("of an earlier one nothing is left over", ["98%", "98%"], ["0.00", "0.00", "-100.00", "0.00"]),
            ("a good month before it", ["99%", "98%"], ["0.00", "0.00", "-100.00", "0.00"]),
        ],
    )
    def test_is_of_the_latest_credit(self, _case: str, months: Values, expected: Sequence[str]) -> None:
        terms = amended(text(f"back: {STEPS % 1}"), text(f"back: {STEPS % 2}"), "2025-04-01")
        assert course(terms, "back", backup=[*months, "99%", "99%"]) == expected

    @pytest.mark.parametrize(("within", "expected"), [("contract_year", "0.00"), ("term", "-50.00")])
    def test_returns_what_it_remembers_of_the_year_before(self, within: str, expected: str) -> None:
        rule = f"back: {FRACTION[:-1]}, within: {within}}}"
        terms = amended(*[text(rule).replace("months: 12", "months: 24")] * 2)
        assert course(terms, "back", backup=[*["99%"] * 11, "98%", "99%"])[-1] == expected

    def test_of_another_outcome_returned_nothing_of_this_one(self) -> None:
        outcomes = ("backup", "resolution")
        other = f"{(STEPS % 1)[:-1]}, of: resolution}}"
        first = text(f"other: {other}, back: {FRACTION[:-1]}, of: backup}}", *outcomes)
        terms = amended(first, text(f"back: {(STEPS % 2)[:-1]}, of: backup}}", *outcomes))
        found = course(terms, "back", backup=["98%", "99%", "99%"], resolution=["99%", "99%", "99%"])
        assert found == ["0.00", "-50.00", "-50.00"]

    @pytest.mark.parametrize(
        ("first", "expected"),
        [
            (FRACTION, ["-50.00", "-50.00"]),
            ((STEPS % 1).replace("{kind", "{at_or_above: 99%, kind"), ["-100.00", "0.00"]),
        ],
    )
    def test_was_returned_by_months_that_were_good_then(self, first: str, expected: Sequence[str]) -> None:
        terms = amended(text(f"back: {first}"), text(f"back: {STEPS % 2}"))
        assert course(terms, "back", backup=["98%", "99.5%", "99.5%"]) == ["0.00", *expected]

    @pytest.mark.parametrize(
        ("first", "second", "effective", "expected"),
        [
            (FRACTION, STEPS % 2, "2025-03-01", {1: "-50.00", 2: "-50.01"}),
            ((STEPS % 1).replace("100%", "50%"), STEPS % 2, "2025-03-01", {1: "-50.00", 2: "-50.01"}),
            (f"{AVERAGE[:-1]}, returns: 50%}}", STEPS % 14, "2026-02-01", {11: "-50.00", 14: "-50.01"}),
        ],
    )
    def test_was_rounded_as_the_agreement_said_then(
        self, first: str, second: str, effective: str, expected: dict[int, str]
    ) -> None:
        before, now = (
            text(f"back: {rule}")
            .replace("months: 12", "months: 15")
            .replace("currency: EUR", "currency: EUR, rounding: down")
            .replace("100.00 EUR", "100.01 EUR")
            for rule in (first, second)
        )
        found = course(amended(before, now, effective), "back", backup=["98%", *["99%"] * 14])
        assert {month: each for month, each in enumerate(found) if each != "0.00"} == expected


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
