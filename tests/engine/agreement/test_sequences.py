"""Sequences as the language reads, checks and tells them."""

from __future__ import annotations

from datetime import date

import pytest

from makegood.engine.agreement.catalogue import completed
from makegood.engine.agreement.document import read
from makegood.engine.agreement.prose import as_markdown, service_level_text
from makegood.engine.agreement.readings import readings_of_money
from makegood.engine.agreement.schedule import contract_year
from makegood.engine.agreement.sequences.kinds import SEQUENCE
from makegood.engine.agreement.sequences.parts import RUN, Run, Sequence
from makegood.engine.agreement.shapes import Unreadable
from makegood.engine.agreement.terms import Agreement, TermOfAgreement
from makegood.engine.vocabulary.period import Every

RULES = [
    "{kind: repeat, multiplies: [1, 1.5]}",
    "{kind: repeat, of: open, pays: [10%, 20%], undecided: ends_run}",
    "{kind: points}",
    "{kind: points, of: [open], bands: [{points: 1}, {below: 99%, points: 2}], repeat_factor: 2, rows: each_point,"
    " table: [{at_least: 1, credit: 1%}, {at_least: 5, credit: 2%, gives: a plan}], balance: term, decay: 1}",
    "{kind: points, consecutive: [1, 2], table: [{at_least: 3, gives: to leave}], balance: contract_year}",
    "{kind: persistent, every: 3, pays: 1%}",
    "{kind: persistent, of: open, every: 3, pays: 10.00 EUR, within: term}",
    "{kind: chronic, missed: 3 consecutive, gives: to leave}",
    "{kind: chronic, of: open, missed: 3 of 6 months, gives: to leave}",
    "{kind: expected_level, minimum: 99%, pays_from: 2}",
    "{kind: expected_level, of: open, minimum: 99%, pays_from: 2, within: 6, counts: every_miss}",
    "{kind: critical_level}",
    "{kind: critical_level, starts_as: measurement, changes: [{to: critical, notified: 2026-03-01},"
    " {to: measurement, notified: 2026-06-01, after: 30 days}]}",
    "{kind: earn_back, steps: [{after: 3, returns: 100%}]}",
    "{kind: earn_back, of: open, steps: [{after: 3, returns: 50%}], above: 99.95%, within: term}",
    "{kind: earn_back, steps: [{after: 3, returns: 50%}], at_or_above: 99.95%}",
    "{kind: earn_back_average, reaches: 99.5%}",
    "{kind: earn_back_average, reaches: 99.95%, mean: pooled, returns: 50%}",
    "{kind: earn_back_fraction, above: 99.95%, returns: 50%}",
    "{kind: earn_back_fraction, at_or_above: 99.95%, returns: 50%, within: term}",
    "{kind: ratchet, of: open}",
    "{kind: ratchet, of: open, every: 6, last: 3, never_above: 99.99%}",
    "{kind: continuous_improvement, of: open, best: 4}",
    "{kind: continuous_improvement, of: open, best: 4, last: 6, at_most: 10%}",
]


def agreement(piece: str) -> Agreement:
    found = read(completed(piece))
    assert found.agreement is not None, "\n".join(map(str, found.findings))
    return found.agreement


def codes(piece: str) -> list[str]:
    return [each.code for each in read(completed(piece)).findings]


class TestASequence:
    @pytest.mark.parametrize("rule", RULES)
    def test_is_told_whole_in_sentences(self, rule: str) -> None:
        terms = agreement(f"sequences: {{rule: {rule}}}\n")
        said = [term for terms_, _ in terms.sequences["rule"].sentences() for term in terms_]
        read_ = [term.split(".")[2] for term, _, _ in readings_of_money(terms) if term.startswith("sequences.rule.")]
        assert set(read_) <= set(said)
        assert set(said) <= set(_clauses(terms.sequences["rule"]))
        for _, sentence in terms.sequences["rule"].sentences():
            assert (sentence[0].isupper() or sentence[0].isdigit(), sentence[-1]) == (True, "."), sentence
            assert "None" not in sentence

    def test_of_every_kind_is_in_the_list_above(self) -> None:
        assert {kind for kind in SEQUENCE.forms if any(f"kind: {kind}," in f"{rule[:-1]}," for rule in RULES)} == set(
            SEQUENCE.forms
        )

    def test_has_a_section_of_the_text_with_who_said_so(self) -> None:
        text = as_markdown(service_level_text(agreement("sequences: {dearer: {kind: repeat, multiplies: [1, 2]}}\n")))
        assert "## From period to period\n" in text
        row = "| dearer | If an outcome with a stake is missed in consecutive periods, its credit is multiplied by 1, then 2. | as agreed |"
        assert row in text
        assert "| dearer | An undecided period neither counts nor ends a run. | house default |" in text
        assert "From period to period" not in as_markdown(service_level_text(agreement("")))

    def test_without_sentences_is_none(self) -> None:
        with pytest.raises(NotImplementedError):
            Sequence().sentences()


def _clauses(term: Sequence) -> list[str]:
    return [name for name in type(term).__dataclass_fields__ if name != "written"]  # type: ignore[attr-defined]


class TestARun:
    @pytest.mark.parametrize(
        ("text", "expected", "shown"),
        [
            ("3 consecutive", Run(3), "3 consecutive periods"),
            ("3 of 6", Run(3, 6), "3 of 6 periods"),
            ("3 of 6 periods", Run(3, 6), "3 of 6 periods"),
            ("3 of 6 months", Run(3, 6, Every.MONTH), "3 of 6 months"),
            ("1 of 1 quarter", Run(1, 1, Every.QUARTER), "1 of 1 quarters"),
        ],
    )
    def test_is_read_as_it_is_written(self, text: str, expected: Run, shown: str) -> None:
        assert (RUN.read(text), str(RUN.read(text))) == (expected, shown)

    @pytest.mark.parametrize("text", ["3", "3 in a row", "7 of 6", "0 consecutive", "601 consecutive", "3 of 999"])
    def test_refuses_what_is_none(self, text: str) -> None:
        with pytest.raises(Unreadable):
            RUN.read(text)


class TestFindings:
    @pytest.mark.parametrize(
        ("_case", "rules", "expected"),
        [
            ("a sequence that books nothing may share a name", "open: {kind: repeat, multiplies: [1, 2]}", []),
            (
                "exactly the target can be earned back by",
                "b: {kind: earn_back_fraction, above: 99.9%, returns: 1%}",
                [],
            ),
            ("a worse level cannot", "b: {kind: earn_back_fraction, above: 99.8%, returns: 1%}", ["MG514"]),
            ("an average may be lower than the target", "b: {kind: earn_back_average, reaches: 99%}", []),
            ("points have levels on any side", "p: {kind: points, bands: [{below: 99.99%, points: 1}]}", []),
            ("a pooled share", "b: {kind: earn_back_average, reaches: 99%, mean: pooled}", []),
            ("an upper bound of points", "p: {kind: points, bands: [{above: 5, points: 1}]}", ["MG513"]),
            ("equal steps", "r: {kind: repeat, pays: [10%, 10%]}", []),
            ("falling shares", "r: {kind: repeat, pays: [10%, 5%]}", ["MG519"]),
            ("a falling ladder", "p: {kind: points, consecutive: [2, 1]}", ["MG519"]),
            (
                "a falling table",
                "p: {kind: points, table: [{at_least: 1, credit: 5%}, {at_least: 2, credit: 1.00 EUR},"
                " {at_least: 3, gives: a talk}, {at_least: 4, credit: 4%}, {at_least: 5, credit: 0.50 EUR}]}",
                ["MG519", "MG519"],
            ),
            ("rows that stand twice", "p: {kind: points, table: [{at_least: 1}, {at_least: 1}]}", ["MG517"]),
            ("more than all by average", "b: {kind: earn_back_average, reaches: 100%, returns: 101%}", ["MG518"]),
            (
                "two that earn back other outcomes",
                "a: {kind: earn_back, of: x, steps: [{after: 1, returns: 1%}]}",
                ["MG511"],
            ),
            ("fees in points", "p: {kind: points, base: 1% of fees}", ["MG522"]),
            ("a base of points", "p: {kind: points, base: 1% of monthly_fee}", []),
            ("as many as there are", "e: {kind: expected_level, minimum: 99%, pays_from: 3, within: 3}", []),
            ("months of months", "c: {kind: chronic, missed: 2 of 3 months, gives: to leave}", []),
        ],
    )
    def test_are_those(self, _case: str, rules: str, expected: list[str]) -> None:
        assert codes(f"sequences: {{{rules}}}\n") == expected

    @pytest.mark.parametrize(("mean", "expected"), [("pooled", ["MG513"]), ("of_periods", [])])
    def test_want_a_share_where_a_year_is_pooled(self, mean: str, expected: list[str]) -> None:
        piece = """\
outcomes:
  calls:
    promise: Hardly anybody has to complain.
    measure: {kind: count, of: complaints}
    target: "<= 2"
    service: shop
    stake: {weight: 100%}
"""
        rule = f"sequences: {{back: {{kind: earn_back_average, reaches: 2, mean: {mean}}}}}\n"
        assert codes(rule + piece) == expected

    def test_want_fees_where_a_share_is_of_them(self) -> None:
        piece = """\
services: {shop: {title: The shop, critical: true, made_of: {all_of: [front]}}}
money: {currency: EUR}
outcomes:
  open:
    promise: The shop is open day and night.
    measure: {kind: availability, of: shop}
    target: ">= 99.9%"
    stake: {of: 10.00 EUR}
"""
        assert codes(piece + "sequences: {f: {kind: persistent, every: 3, pays: 1.00 EUR}}\n") == []
        assert codes(piece + "sequences: {f: {kind: persistent, every: 3, pays: 1%}}\n") == ["MG348"]
        assert codes(piece + "caps: [{per: contract, at: 10% of fees}]\n") == ["MG348"]
        assert codes(piece + "sequences: {p: {kind: points, base: 10% of at_risk}}\n") == ["MG342"]

    def test_look_at_less_is_better_too(self) -> None:
        piece = """\
outcomes:
  open:
    promise: Hardly an order is refused.
    measure: {kind: count, of: orders, counting: refused}
    target: "<= 500"
    stake: {weight: 100%}
sequences: {RULES}
"""
        assert codes(piece.replace("RULES", "e: {kind: expected_level, minimum: 600, pays_from: 2}")) == []
        assert codes(piece.replace("RULES", "e: {kind: expected_level, minimum: 400, pays_from: 2}")) == ["MG514"]
        assert codes(piece.replace("RULES", "b: {kind: earn_back_fraction, above: 100, returns: 10%}")) == []

    def test_let_a_pool_have_weights_above_all(self) -> None:
        outcomes = "".join(
            f"  {name}: {{promise: It is open., critical: true, measure: {{kind: availability, of: shop}},"
            f' target: ">= 99%", stake: {{weight: {weight}%}}}}\n'
            for name, weight in (("open", 100), ("fast", 150))
        )
        piece = "money: {currency: EUR, at_risk: {percent: 10%, pool: POOL}}\noutcomes:\n" + outcomes
        assert codes(piece.replace("POOL", "250%")) == []
        assert codes(piece.replace("POOL", "240%")) == ["MG341"]
        assert codes(piece.replace("POOL", "300%")) == ["MG340"]
        text = as_markdown(service_level_text(agreement(piece.replace("POOL", "250%"))))
        assert "share it, with weights of up to 250 % together, and together never pay more." in text


class TestCapsInWords:
    def test_tell_their_stretch_and_what_counts_from_before(self) -> None:
        before = "brought_forward: {fees: 110.00 EUR, credits: 11.50 EUR}"
        caps = f"caps: [{{per: 12 months, at: 10% of fees, {before}}}, {{per: contract, at: 99.00 EUR, brought_forward: {{}}}}]\n"
        text = as_markdown(service_level_text(agreement(caps)))
        assert (
            "All credits of the last twelve months, the present period included, together are at most 10 % of the fees"
            " charged in that stretch so far; beyond that, each is reduced in proportion."
        ) in text
        assert "What was earned back makes no new room under that cap." in text
        assert "From before the term 110.00 EUR of fees and 11.50 EUR of credits count as well, as long as" in text
        assert "From before the term nothing count as well" not in text

    def test_tell_when_a_report_is_due(self) -> None:
        piece = """\
outcomes:
  open:
    promise: The shop is open day and night.
    measure: {kind: availability, of: shop}
    target: ">= 99.9%"
    stake: {weight: 100%}
    report: {due: 5 business days}
"""
        assert "The report of a period is due 5 business days after its end." in as_markdown(
            service_level_text(agreement(piece))
        )


class TestAContractYear:
    @pytest.mark.parametrize(
        ("start", "day", "expected"),
        [
            (date(2025, 3, 15), date(2025, 3, 15), 0),
            (date(2025, 3, 15), date(2026, 3, 14), 0),
            (date(2025, 3, 15), date(2026, 3, 15), 1),
            (date(2024, 2, 29), date(2025, 2, 28), 0),
            (date(2024, 2, 29), date(2025, 3, 1), 1),
        ],
    )
    def test_begins_on_the_anniversary(self, start: date, day: date, expected: int) -> None:
        assert contract_year(TermOfAgreement(from_=start, months=36, timezone="UTC"), day) == expected
