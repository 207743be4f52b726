from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from makegood.engine.agreement.measures.availability import Together, Users
from makegood.engine.evidence.records import State, Status
from makegood.engine.judging.timeline import Held
from makegood.engine.judging.users import user_seconds
from makegood.engine.judging.verdict import Measurement
from makegood.engine.vocabulary.interval import Interval
from makegood.engine.vocabulary.ratio import Ratio
from tests.engine.judging.scene import agreement, at, down, excluded, measured, minutes, state, texts, up

MARCH = 31 * 86_400
BEGIN = at("03-12 09:00")


def touched(when: str, users: str, label: str = "users") -> State:
    return state(Status.DOWN, when, labels=((label, users),))


def suite(*records: object, more: str = "total: 100", measure: str = "") -> Measurement:
    terms = agreement(f"{{kind: availability, of: s, users: {{{more}}}{measure}}}")
    return measured(terms, "2025-03", up("03-01 00:00 ..", "s"), *records)  # type: ignore[arg-type]


class TestUsers:
    def test_are_said_to_count(self) -> None:
        measure = agreement("{kind: availability, of: s, users: {total: 100}}").outcomes["it"].measure
        assert measure.described({}) == "Its value is the share of agreed time, user by user, in which s was usable."

    def test_weigh_an_outage_by_those_it_touched(self) -> None:
        found = suite(touched("03-12 09:00 .. 03-12 12:00", "30"))
        assert (found.total - found.good, found.total) == (30 * 10_800, 100 * MARCH)
        assert found.value == 1 - Ratio(30 * 10_800, 100 * MARCH)
        assert found.misses[0].size == 30 * 10_800
        assert "downtime in user-seconds: 324,000 s" in texts(found.reason)
        assert "agreed time of 100 users: 267,840,000 s" in texts(found.reason)

    @pytest.mark.parametrize(
        ("_case", "more", "lost"),
        [
            ("they add up", "total: 100", 30 + 50),
            ("but never to more than there are", "total: 60", 60),
            ("or are the same ones", "total: 100, together: highest", 50),
        ],
    )
    def test_of_two_records_of_the_same_moment(self, _case: str, more: str, lost: int) -> None:
        hour = "03-12 09:00 .. 03-12 10:00"
        found = suite(touched(hour, "30"), touched(hour, "50"), more=more)
        assert found.total - found.good == lost * 3600

    @pytest.mark.parametrize("users", ["many", "", "-5", "3.5", "9" * 30])
    def test_are_all_where_no_number_is_named(self, users: str) -> None:
        found = suite(touched("03-12 09:00 .. 03-12 10:00", users))
        assert found.total - found.good == 100 * 3600

    def test_are_all_where_nobody_knows(self) -> None:
        found = suite(state(Status.UNKNOWN, "03-12 09:00 .. 03-12 10:00"))
        assert found.total - found.good == 100 * 3600

    def test_stand_in_a_label_of_any_name(self) -> None:
        found = suite(touched("03-12 09:00 .. 03-12 10:00", "7", "seats"), more="total: 100, label: seats")
        assert found.total - found.good == 7 * 3600

    def test_weigh_nothing_that_is_excluded(self) -> None:
        found = suite(
            touched("03-12 09:00 .. 03-12 10:00", "30"),
            excluded("03-12 09:30 .. 03-12 10:00"),
            measure=", excluded: {maintenance: {effect: up}}",
        )
        assert found.total - found.good == 30 * 1800

    def test_of_each_part_have_its_whole_time(self) -> None:
        terms = agreement(
            "{kind: availability, of: s, users: {total: 10}}", services="{s: {title: S, made_of: {each: [a, b]}}}"
        )
        found = measured(terms, "2025-03", up("03-01 00:00 ..", "a"), up("03-01 00:00 ..", "b"))
        assert found.total == 2 * 10 * MARCH

    def test_without_the_term_do_not_matter(self) -> None:
        terms = agreement("{kind: availability, of: s}")
        found = measured(terms, "2025-03", up("03-01 00:00 ..", "s"), touched("03-12 09:00 .. 03-12 10:00", "1"))
        assert found.total - found.good == 3600
        assert down("03-12 09:00 .. 03-12 10:00").labels == ()


outages = st.lists(st.tuples(st.integers(0, 20), st.integers(1, 10), st.integers(0, 50)), max_size=5)


class TestUserSeconds:
    @given(outages, st.sampled_from(Together), st.integers(1, 60))
    def test_are_counted_minute_by_minute(
        self, found: list[tuple[int, int, int]], together: Together, total: int
    ) -> None:
        users = Users(total=total, together=together)
        held = []
        for place, (start, length, number) in enumerate(found):
            first, last = minutes(BEGIN, start, start + length)
            record = State(
                source="m",
                source_id=str(place),
                subject="s",
                status=Status.DOWN,
                start=first,
                end=last,
                labels=(("users", str(number)),),
            )
            held.append(Held(first, last, record))
        first, middle, later, last = minutes(BEGIN, 2, 9, 12, 28)
        expected = 0
        for minute in [*range(2, 9), *range(12, 28)]:
            numbers = [min(total, number) for start, length, number in found if start <= minute < start + length]
            many = max(numbers, default=total) if together is Together.HIGHEST else sum(numbers) if numbers else total
            expected += min(total, many) * 60
        assert user_seconds([Interval(first, middle), Interval(later, last)], held, users) == expected
