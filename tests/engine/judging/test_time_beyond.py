from __future__ import annotations

from datetime import timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from makegood.engine.agreement.shapes import Unit
from makegood.engine.evidence.records import Gauge
from makegood.engine.judging.verdict import Part, Ruling
from makegood.engine.vocabulary.ratio import Ratio
from tests.engine.judging.scene import agreement, at, excluded, gauge, measured, texts, verdict

DAY = "{from: 2025-01-01, until: 2025-01-02, timezone: UTC}"
HOUR = 3600


def beyond(more: str = "", value: str = "time", level: str = "> 27") -> str:
    return f"{{kind: time_beyond, of: heat, beyond: '{level}', as: {value}{more}}}"


def heat(when: str, value: str, subject: str = "room", **more: object) -> Gauge:
    return gauge(when, value, subject, of="heat", unit="C", **more)  # type: ignore[arg-type]


WARM_TILL_TEN = (heat("01-01 00:00", "27"), heat("01-01 08:00", "28", name="warm"), heat("01-01 10:00", "20"))


class TestTimeBeyond:
    @pytest.mark.parametrize(
        ("value", "target", "expected", "unit"),
        [("time", "<= 2h", Ratio(7200), Unit.TIME), ("share", "<= 10%", Ratio(1, 12), Unit.SHARE)],
    )
    def test_is_a_time_or_a_share(self, value: str, target: str, expected: Ratio, unit: Unit) -> None:
        found = verdict(agreement(beyond(value=value), target=target, term=DAY), "2025-01", *WARM_TILL_TEN)
        assert (found.measurement.value, found.measurement.unit, found.ruling) == (expected, unit, Ruling.MET)

    def test_tells_each_stretch_with_its_sample(self) -> None:
        found = measured(agreement(beyond(), target="<= 2h", term=DAY), "2025-01", *WARM_TILL_TEN)
        assert [(miss.what, miss.size, miss.evidence) for miss in found.misses] == [
            ("heat beyond 2025-01-01 08:00Z .. 2025-01-01 10:00Z", 7200, ("probe#warm",))
        ]
        assert texts(found.reason) == [
            "heat: 86,400 s agreed, 7,200 s beyond: 2 hours",
            "agreed time: 86,400 s",
            "service time on calendar always: 86,400 s",
            "time beyond in seconds: 7,200 s",
            "heat beyond 2025-01-01 08:00Z .. 2025-01-01 10:00Z: 7,200 s",
        ]

    def test_can_lie_below_a_level(self) -> None:
        terms = agreement(beyond(level="< 21"), target="<= 2h", term=DAY)
        assert measured(terms, "2025-01", *WARM_TILL_TEN).value == 14 * HOUR

    @pytest.mark.parametrize(("when", "hours"), [("any", 4), ("all", 1), ("each", 5)])
    def test_combines_its_subjects(self, when: str, hours: int) -> None:
        samples = [heat("01-01 00:00", "20", "a"), heat("01-01 08:00", "28", "a"), heat("01-01 10:00", "20", "a")]
        samples += [heat("01-01 00:00", "20", "b"), heat("01-01 09:00", "28", "b"), heat("01-01 12:00", "20", "b")]
        terms = agreement(beyond(f", when: {when}"), target="<= 2h", term=DAY)
        assert measured(terms, "2025-01", *samples).value == hours * HOUR

    @pytest.mark.parametrize(("silence", "hours"), [("beyond", 8), ("inside", 0), ("excluded", 0)])
    def test_knows_what_silence_means(self, silence: str, hours: int) -> None:
        terms = agreement(beyond(f", unknown: {{as: {silence}}}"), target="<= 2h", term=DAY)
        found = measured(terms, "2025-01", heat("01-01 08:00", "20"))
        assert (found.value, found.coverage) == (Ratio(hours * HOUR), Ratio(2, 3))

    def test_holds_a_sample_so_long(self) -> None:
        terms = agreement(beyond(", unknown: {after: 30m, as: excluded}"), target="<= 2h", term=DAY)
        assert measured(terms, "2025-01", *WARM_TILL_TEN).value == HOUR // 2

    def test_without_evidence_is_undecided(self) -> None:
        found = verdict(agreement(beyond(), target="<= 2h", term=DAY), "2025-01")
        assert (found.ruling, found.measurement.value) == (Ruling.UNDECIDED, None)
        assert found.measurement.undecided.startswith("No evidence tells the state of heat in 2025-01.")

    def test_in_another_unit_is_undecided(self) -> None:
        terms = agreement(beyond(level="> 1s"), target="<= 2h", term=DAY)
        found = verdict(terms, "2025-01", *WARM_TILL_TEN)
        assert found.ruling is Ruling.UNDECIDED
        assert found.measurement.undecided.endswith("gives heat in C, which is no time. Correct the record.")

    def test_minds_no_unit_of_what_was_over_before(self) -> None:
        samples = [gauge("2024-11-01 00:00", "80", "room", of="heat", unit="F"), heat("2024-12-01 00:00", "20")]
        assert measured(agreement(beyond(), target="<= 2h", term=DAY), "2025-01", *samples).value == 0

    def test_says_what_silence_would_count_as(self) -> None:
        terms = agreement(beyond(", unknown: {as: inside, after: 1h}"), target="<= 2h", term=DAY)
        found = measured(terms, "2025-01", heat("2024-12-01 00:00", "20"))
        assert "so its silence cannot count as inside." in found.undecided

    def test_of_all_is_not_hidden_by_the_silence_of_one(self) -> None:
        terms = agreement(beyond(", when: all, subject: [room, cellar]"), target="<= 2h", term=DAY)
        assert measured(terms, "2025-01", heat("2024-12-01 00:00", "28")).value == 24 * HOUR

    @pytest.mark.parametrize(("effect", "value", "total"), [("shrink", HOUR, 23 * HOUR), ("up", HOUR, 24 * HOUR)])
    def test_leaves_out_what_is_excluded(self, effect: str, value: int, total: int) -> None:
        terms = agreement(beyond(f", excluded: {{storm: {{effect: {effect}}}}}"), target="<= 2h", term=DAY)
        storm = excluded("01-01 09:00 .. 01-01 10:00", "room", cause="storm")
        elsewhere = excluded("01-01 08:00 .. 01-01 10:00", "cellar", cause="storm")
        found = measured(terms, "2025-01", *WARM_TILL_TEN, storm, elsewhere)
        assert (found.value, found.total) == (Ratio(value), total)

    def test_counts_only_its_subjects(self) -> None:
        terms = agreement(beyond(", subject: cellar, unknown: {as: excluded}"), target="<= 2h", term=DAY)
        found = measured(terms, "2025-01", *WARM_TILL_TEN, heat("01-01 12:00", "28", "cellar"))
        assert found.value == 12 * HOUR

    def test_counts_a_later_subject_from_its_first_sample(self) -> None:
        terms = agreement(beyond(), target="<= 2h", term=DAY)
        found = measured(terms, "2025-01", *WARM_TILL_TEN, heat("01-01 12:00", "20", "cellar"))
        assert (found.value, found.coverage) == (Ratio(2 * HOUR), Ratio(1))

    def test_counts_whole_minutes_and_ignores_short_stretches(self) -> None:
        samples = [heat("01-01 00:00", "20"), heat("01-01 08:00:30", "28"), heat("01-01 08:02", "20")]
        terms = agreement(beyond(", granularity: touched_minutes"), target="<= 2h", term=DAY)
        assert measured(terms, "2025-01", *samples).value == 120
        terms = agreement(beyond(", ignore_shorter_than: 2m"), target="<= 2h", term=DAY)
        assert measured(terms, "2025-01", *samples).value == 0

    def test_is_broken_down_by_a_label(self) -> None:
        samples = [heat("01-01 00:00", "20"), heat("01-01 22:00", "28", labels=(("site", "x"),))]
        found = measured(agreement(beyond(", by: site"), target="<= 2h", term=DAY), "2025-01", *samples)
        assert found.parts == (Part("x", 22 * HOUR, 24 * HOUR),)

    @given(
        st.lists(st.tuples(st.integers(0, 95), st.integers(20, 35)), min_size=1, max_size=12, unique_by=lambda e: e[0])
    )
    def test_is_every_quarter_of_an_hour_that_was(self, given_: list[tuple[int, int]]) -> None:
        readings = dict(given_)
        last = [max((each for each in readings if each <= quarter), default=None) for quarter in range(96)]
        expected = sum(900 for each in last if each is None or readings[each] > 27)
        samples = [
            Gauge(
                source="probe",
                source_id=str(quarter),
                subject="room",
                of="heat",
                value=Ratio(value),
                unit="C",
                at=at("01-01 00:00") + timedelta(minutes=15 * quarter),
            )
            for quarter, value in given_
        ]
        assert measured(agreement(beyond(), target="<= 2h", term=DAY), "2025-01", *samples).value == expected
