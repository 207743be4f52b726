from __future__ import annotations

from dataclasses import replace

from makegood.engine.agreement.measures.availability import Availability, Unknown
from makegood.engine.evidence.body import Evidence
from makegood.engine.evidence.records import Status
from makegood.engine.judging.timeline import Timeline
from makegood.engine.vocabulary.duration import Duration
from makegood.engine.vocabulary.interval import Interval
from tests.engine.judging.scene import down, span, state, up

MEASURE = Availability(of="s")


def timeline(*records: object) -> Timeline:
    return Timeline.of(Evidence.of(records).states["s"], MEASURE)  # type: ignore[arg-type]  # only states are given


class TestTimeline:
    def test_knows_nothing_where_a_source_says_it_does_not_know(self) -> None:
        found = timeline(up("04-10 00:00 .. 04-11 00:00"), state(Status.UNKNOWN, "04-10 10:00 .. 04-10 11:00"))
        assert found.known == (span("04-10 00:00 .. 04-10 10:00"), span("04-10 11:00 .. 04-11 00:00"))

    def test_knows_that_it_is_bad_whoever_does_not_know(self) -> None:
        found = timeline(
            down("04-10 00:00 .. 04-10 01:00"),
            state(Status.DEGRADED, "04-10 01:00 .. 04-10 02:00"),
            state(Status.UNKNOWN, "04-10 00:00 .. 04-10 03:00"),
        )
        assert found.known == (span("04-10 00:00 .. 04-10 02:00"),)
        assert found.down == (span("04-10 00:00 .. 04-10 01:00"),)

    def test_ends_with_its_last_record(self) -> None:
        assert (
            timeline(down("04-10 00:00 .. 04-10 01:00"), up("04-10 00:30 ..")).latest
            == span("04-10 00:00 .. 04-10 01:00").end
        )

    def test_of_what_was_seen_again_holds_from_when_it_was_seen_last(self) -> None:
        seen = replace(up("04-10 00:00 .."), seen_until=span("04-10 05:00 .. 04-10 05:00").end)
        later = up("04-10 05:30 ..")
        measure = Availability(of="s", unknown=Unknown(after=Duration(600)))
        found = Timeline.of([seen, later], measure)
        assert found.known == (span("04-10 00:00 .. 04-10 05:10"), span("04-10 05:30 .. 04-10 05:40"))
        assert Timeline.of([seen, later], MEASURE).known[0].start == seen.start
        assert Timeline.of([seen], MEASURE).latest == seen.seen_until

    def test_holds_nothing_for_no_time(self) -> None:
        found = timeline(up("04-10 00:00 .. 04-10 00:00"), down("04-10 00:00 .. 04-10 00:00"))
        assert (found.down, found.known, found.down_records) == ((), (), ())


class TestRecordsOf:
    FOUND = timeline(
        down("04-10 10:00 .. 04-10 12:00", name="1"),
        down("04-10 10:30 .. 04-10 10:40", name="2"),
        down("04-10 11:00 .. 04-10 13:00", name="3"),
        down("04-12 10:00 .. 04-12 11:00", name="4"),
    )

    def cited(self, outage: Interval) -> list[str]:
        return [each.source_id for each in self.FOUND.records_of(outage)]

    def test_are_those_that_share_time_with_the_outage(self) -> None:
        assert self.cited(span("04-10 10:50 .. 04-10 11:10")) == ["1", "3"]
        assert self.cited(span("04-10 10:00 .. 04-12 11:00")) == ["1", "2", "3", "4"]

    def test_are_none_where_nothing_was_down(self) -> None:
        assert self.cited(span("04-11 10:00 .. 04-11 11:00")) == []
        assert self.cited(span("04-12 11:00 .. 04-12 12:00")) == []
