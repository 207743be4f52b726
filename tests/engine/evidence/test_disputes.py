from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest

from makegood.engine.agreement.catalogue import GOOD
from makegood.engine.agreement.document import read
from makegood.engine.agreement.schedule import disputable_until, periods_of
from makegood.engine.evidence.body import Evidence
from makegood.engine.evidence.disputes import is_dispute, late_disputes, moments_of
from makegood.engine.evidence.records import Attribution, Correction, State, Status, Tally
from makegood.engine.vocabulary.ratio import Ratio

DOCUMENT = read(GOOD).agreement
assert DOCUMENT is not None
SHOP = DOCUMENT
JANUARY = periods_of(SHOP)[0]
LAST = disputable_until(SHOP, JANUARY)
SECOND = timedelta(seconds=1)
CLOSED = {"2026-01": JANUARY.interval.end}
HAPPENED = {"probe#1": datetime(2026, 1, 15, tzinfo=UTC), "probe#2": datetime(2030, 1, 1, tzinfo=UTC)}


def correction(
    number: int, at: datetime | None, *, by: str = "acme", agreed_by: str = "", of: str = "probe", corrects: str = "1"
) -> Correction:
    return Correction(
        source="disputes",
        source_id=str(number),
        recorded_at=at,
        of=of,
        corrects=corrects,
        reason="It was not so.",
        by=by,
        agreed_by=agreed_by,
    )


class TestADispute:
    @pytest.mark.parametrize(
        ("by", "expected"), [("acme", True), ("northwind", True), ("probe-tool", False), ("", False)]
    )
    def test_is_a_correction_by_a_party(self, by: str, expected: bool) -> None:
        assert is_dispute(SHOP, correction(1, LAST, by=by)) is expected

    @pytest.mark.parametrize(
        ("_case", "dispute", "closed_at", "late"),
        [
            ("at the last moment", correction(1, LAST), None, False),
            ("a second later", correction(1, LAST + SECOND), None, True),
            ("later, and agreed", correction(1, LAST + SECOND, agreed_by="northwind"), None, False),
            ("later, by a tool", correction(1, LAST + SECOND, by="probe-tool"), None, False),
            ("never recorded", correction(1, None), None, False),
            ("about nothing that is known", correction(1, LAST + SECOND, corrects="9"), None, False),
            ("about what lies outside of the term", correction(1, LAST + SECOND, corrects="2"), None, False),
            ("later, but it was closed later too", correction(1, LAST + SECOND), LAST, False),
            ("too late after that", correction(1, LAST + timedelta(days=31)), LAST, True),
        ],
    )
    def test_comes_in_time_or_does_not_count(
        self, _case: str, dispute: Correction, closed_at: datetime | None, late: bool
    ) -> None:
        closed = {"2026-01": closed_at or JANUARY.interval.end}
        assert late_disputes(SHOP, [dispute], HAPPENED, closed) == (frozenset({dispute.id}) if late else frozenset())

    def test_about_a_period_that_is_open_is_never_late(self) -> None:
        assert late_disputes(SHOP, [correction(1, LAST + SECOND)], HAPPENED, {}) == frozenset()

    def test_of_a_dispute_is_one_about_the_record_below(self) -> None:
        first = correction(1, LAST)
        answer = correction(2, LAST + SECOND, by="northwind", of="disputes", corrects="1")
        assert late_disputes(SHOP, [first, answer], HAPPENED, CLOSED) == {"disputes#2"}

    def test_in_a_circle_is_about_nothing(self) -> None:
        circle = [
            correction(1, LAST + SECOND, of="disputes", corrects="2"),
            correction(2, LAST + SECOND, of="disputes", corrects="1"),
        ]
        assert late_disputes(SHOP, circle, HAPPENED, CLOSED) == frozenset()

    def test_leaves_the_record_in_force_when_it_is_void(self) -> None:
        down = State(source="probe", source_id="1", subject="till", status=Status.DOWN, start=HAPPENED["probe#1"])
        dispute = correction(1, LAST + SECOND)
        assert Evidence.of([down, dispute]).states == {}
        assert Evidence.of([down, dispute], without={dispute.id}).states == {"till": [down]}


class TestMoments:
    def test_are_those_of_the_records_that_are_wanted_and_say_so(self) -> None:
        tally = Tally(source="s", source_id="1", subject="", of="o", result="ok", count=1, start=LAST, end=LAST)
        cause = Attribution(source="s", source_id="2", incident="I", party="p", share=Ratio(1))
        assert moments_of([tally, cause], ["s#1", "s#2"]) == {"s#1": LAST}
        assert moments_of([tally], ["s#9"]) == {}
