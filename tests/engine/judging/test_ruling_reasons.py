"""Rulings say why, word by word: these sentences are what both parties read first."""

from __future__ import annotations

import pytest

from makegood.engine.agreement.measures.parts import WhenEmpty
from makegood.engine.agreement.measures.ratio import RatioOf
from makegood.engine.agreement.shapes import TARGET, Unit
from makegood.engine.agreement.terms import LowVolume, Outcome, TooFew
from makegood.engine.judging.ruling import by_low_volume, by_target, ruling
from makegood.engine.judging.verdict import Measurement, Ruling
from makegood.engine.vocabulary.ratio import Ratio
from makegood.engine.vocabulary.reason import Reason


def outcome(empty: WhenEmpty = WhenEmpty.UNDECIDED) -> Outcome:
    return Outcome(
        promise="Orders are accepted.",
        measure=RatioOf(of="orders", good=("ok",), empty=empty),
        target=TARGET.read(">= 95%"),
    )


def measurement(value: Ratio | None, *, undecided: str = "", breached: str = "") -> Measurement:
    return Measurement(value, Unit.SHARE, 0, 0, Reason("x"), undecided=undecided, breached=breached)


class TestARulingSaysWhy:
    def test_what_cannot_be_measured_is_undecided(self) -> None:
        found = ruling(outcome(), measurement(None, undecided="the probe was silent"))
        assert found == (Ruling.UNDECIDED, Reason("the probe was silent", Ruling.UNDECIDED))

    def test_a_breach_is_a_miss_whatever_the_value(self) -> None:
        found = ruling(outcome(), measurement(Ratio(1), breached="the report was late"))
        assert found == (Ruling.MISSED, Reason("the report was late", Ruling.MISSED, rule="breached"))

    def test_nothing_to_measure_is_undecided(self) -> None:
        text = (
            "No orders that count were recorded in the period. Import the evidence of them, or agree with the term"
            " `empty` what a period without any is."
        )
        expected = (Ruling.UNDECIDED, Reason(text, Ruling.UNDECIDED, rule="empty"))
        assert ruling(outcome(), measurement(None)) == expected

    @pytest.mark.parametrize(("empty", "found"), [(WhenEmpty.MET, Ruling.MET), (WhenEmpty.MISSED, Ruling.MISSED)])
    def test_nothing_to_measure_is_what_was_agreed(self, empty: WhenEmpty, found: Ruling) -> None:
        text = f"no orders that count were recorded: the agreement counts that as {empty}"
        assert ruling(outcome(empty), measurement(None)) == (found, Reason(text, found, rule="empty"))

    @pytest.mark.parametrize(
        ("rule", "good", "found", "text"),
        [
            (LowVolume(below=20, allowed_misses=1), 8, Ruling.MET, "1 miss, and 1 allowed"),
            (LowVolume(below=20, allowed_misses=1), 7, Ruling.MISSED, "2 misses, and 1 allowed"),
            (LowVolume(below=20, gives=TooFew.MET), 0, Ruling.MET, "the agreement counts that as met"),
            (
                LowVolume(below=20, gives=TooFew.UNDECIDED),
                9,
                Ruling.UNDECIDED,
                "there is no verdict unless 11 more are recorded",
            ),
        ],
    )
    def test_a_thin_period_is_ruled_by_its_rule(self, rule: LowVolume, good: int, found: Ruling, text: str) -> None:
        whole = f"9 in all, and below 20 no percentage decides: {text}"
        assert by_low_volume(rule, good=good, total=9) == (found, Reason(whole, found, rule="low-volume"))

    @pytest.mark.parametrize(
        ("value", "found", "words"),
        [(Ratio(95, 100), Ruling.MET, "95 % meets"), (Ratio(94, 100), Ruling.MISSED, "94 % does not meet")],
    )
    def test_everything_else_is_ruled_by_the_target(self, value: Ratio, found: Ruling, words: str) -> None:
        text = f"{words} the target of >= 95 %"
        assert by_target(TARGET.read(">= 95%"), value) == (found, Reason(text, found, rule="target"))
