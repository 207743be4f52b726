from __future__ import annotations

from datetime import date

import pytest

from makegood.engine.agreement.shapes import Unit
from makegood.engine.agreement.terms import Agreement
from makegood.engine.evidence.records import AnyRecord, State, Status
from makegood.engine.judging.verdict import Miss, Part, Ruling
from makegood.engine.vocabulary.interval import Interval
from makegood.engine.vocabulary.period import Period
from makegood.engine.vocabulary.ratio import Ratio
from tests.engine.judging.scene import agreement, at, down, excluded, measured, state, texts, up, verdict

UP = "unknown: {as: up}"
BERLIN = "{from: 2025-01-01, months: 12, timezone: Europe/Berlin}"
ALL = "{s: {title: S, made_of: {all_of: [a, b]}}}"
ANY = "{s: {title: S, made_of: {any_of: [a, b]}}}"
EACH = "{s: {title: S, made_of: {each: [a, b]}}}"


def availability(more: str = UP) -> str:
    return f"{{kind: availability, of: s, {more}}}"


class TestAvailability:
    """The figures of published agreements and of months of different length."""

    @pytest.mark.parametrize(
        ("_case", "terms", "label", "records", "expected"),
        [
            (
                "two zones, of which any is enough: only their common minutes",
                agreement(availability(f"{UP}, count: {{granularity: full_minutes}}"), services=ANY),
                "2025-04",
                [down("04-10 10:00 .. 04-10 10:20", "a"), down("04-10 10:15 .. 04-10 10:40", "b")],
                (300, 2_592_000, "99.988426 %"),
            ),
            (
                "whole clock minutes: of 135 seconds only one is down from end to end",
                agreement(availability(f"{UP}, count: {{granularity: full_minutes}}")),
                "2025-04",
                [down(f"04-0{day} 00:00:30 .. 04-0{day} 00:02:45") for day in (3, 4, 5)],
                (180, 2_592_000, "99.993056 %"),
            ),
            (
                "ten minutes make an outage, nine do not",
                agreement(availability(f"{UP}, count: {{ignore_shorter_than: 10m}}")),
                "2025-04",
                [down("04-03 00:00 .. 04-03 00:40"), down("04-09 00:00 .. 04-09 00:09")],
                (2_400, 2_592_000, "99.907407 %"),
            ),
            (
                "a young component counts from its day on: 1 of 19 component days",
                agreement(
                    availability(),
                    services="{s: {title: S, made_of: {each: [a, {id: b, since: 2026-07-18}]}}}",
                    term="{from: 2026-07-01, until: 2026-07-19, timezone: UTC}",
                ),
                "2026-07",
                [down("2026-07-18 00:00 .. 2026-07-19 00:00", "b")],
                (86_400, 1_641_600, "94.736842 %"),
            ),
            (
                "a February of a leap year",
                agreement(availability(), term="{from: 2024-01-01, months: 12, timezone: UTC}"),
                "2024-02",
                [down("2024-02-10 10:00 .. 2024-02-10 10:41")],
                (2_460, 2_505_600, "99.901820 %"),
            ),
            (
                "an October of 745 hours in Berlin",
                agreement(availability(), term=BERLIN),
                "2025-10",
                [down("10-10 10:00 .. 10-10 10:44:40")],
                (2_680, 2_682_000, "99.900075 %"),
            ),
            (
                "an outage from the month before counts from midnight",
                agreement(availability()),
                "2025-02",
                [down("01-31 23:30 .. 02-01 00:45")],
                (2_700, 2_419_200, "99.888393 %"),
            ),
            (
                "maintenance around an outage leaves whole",
                agreement(availability(f"{UP}, excluded: {{maintenance: {{}}}}")),
                "2025-04",
                [down("04-06 01:30 .. 04-06 04:30"), excluded("04-06 01:00 .. 04-06 05:00")],
                (0, 2_577_600, "100.000000 %"),
            ),
            (
                "three hours without data count as up",
                agreement(availability()),
                "2025-04",
                [
                    down("04-10 10:00 .. 04-10 10:43:06"),
                    state(Status.UNKNOWN, "04-20 00:00 .. 04-20 03:00"),
                ],
                (2_586, 2_592_000, "99.900231 %"),
            ),
            (
                "three hours without data count as down",
                agreement(availability("unknown: {as: down}")),
                "2025-04",
                [
                    up("03-01 00:00 .."),
                    down("04-10 10:00 .. 04-10 10:43:06"),
                    state(Status.UNKNOWN, "04-20 00:00 .. 04-20 03:00"),
                ],
                (13_386, 2_592_000, "99.483565 %"),
            ),
            (
                "three hours without data leave agreed time",
                agreement(availability("unknown: {as: excluded}")),
                "2025-04",
                [
                    up("03-01 00:00 .."),
                    down("04-10 10:00 .. 04-10 10:43:06"),
                    state(Status.UNKNOWN, "04-20 00:00 .. 04-20 03:00"),
                ],
                (2_586, 2_581_200, "99.899814 %"),
            ),
            (
                "a term that starts on the 16th",
                agreement(availability(), term="{from: 2025-04-16, months: 3, timezone: UTC}"),
                "2025-04",
                [down("04-12 10:00 .. 04-12 14:00"), down("04-20 10:00 .. 04-20 10:22")],
                (1_320, 1_296_000, "99.898148 %"),
            ),
            (
                "one second",
                agreement(availability(), target=">= 100%"),
                "2025-04",
                [down("04-10 10:00 .. 04-10 10:00:01")],
                (1, 2_592_000, "99.999961 %"),
            ),
        ],
    )
    def test_comes_to_the_second(
        self, _case: str, terms: Agreement, label: str, records: list[AnyRecord], expected: tuple[int, int, str]
    ) -> None:
        found = measured(terms, label, *records)
        down, agreed, shown = expected
        assert (found.total - found.good, found.total, found.unit) == (down, agreed, Unit.SHARE)
        assert found.value == Ratio(agreed - down, agreed)
        assert found.value.percent(6) == shown

    def test_counts_a_component_from_its_first_data_where_the_time_before_is_excluded(self) -> None:
        terms = agreement(availability(f"{UP}, excluded: {{not-delivered: {{}}}}"), services=EACH)
        hours = Interval(at("07-18 10:00"), at("07-18 13:00"))
        morning = Period("2025-07-18", hours, hours, "UTC", date(2025, 7, 18), date(2025, 7, 18))
        found = measured(
            terms,
            morning,
            down("07-18 10:00 .. 07-18 11:00", "a"),
            excluded("07-18 00:00 .. 07-18 10:30", "b", cause="not-delivered"),
        )
        assert (found.good, found.total) == (16_200, 19_800)

    @pytest.mark.parametrize(
        ("_case", "records", "ruling"),
        [
            ("44 min 38 s are within 99.9 % of 744 hours", [down("03-10 10:00 .. 03-10 10:44:38")], Ruling.MET),
            ("44 min 39 s are not", [down("03-10 10:00 .. 03-10 10:44:39")], Ruling.MISSED),
        ],
    )
    def test_is_compared_exactly(self, _case: str, records: list[AnyRecord], ruling: Ruling) -> None:
        assert verdict(agreement(availability()), "2025-03", *records).ruling is ruling


class TestThePage:
    """The worked table of docs/explanation/judging/availability.md."""

    def test_comes_out_as_it_is_written(self) -> None:
        more = "unknown: {as: up}, count: {ignore_shorter_than: 60s}, excluded: {maintenance: {notice: 5 days}}"
        found = measured(
            agreement(availability(more)),
            "2025-03",
            down("03-10 10:00 .. 03-10 10:44:40"),
            down("03-12 10:00 .. 03-12 10:00:40"),
            down("03-20 22:00 .. 03-20 23:00"),
            excluded("03-20 22:30 .. 03-21 00:30", announced="03-10 12:00"),
        )
        assert (found.good, found.total) == (2_666_720, 2_671_200)
        assert found.value is not None
        assert found.value.percent(4) == "99.8323 %"


class TestServiceHours:
    OFFICE = "{office: {days: {mon-fri: '08:00-18:00'}}}"

    def test_count_only_what_lies_inside_them(self) -> None:
        terms = agreement(availability(f"{UP}, on: office"), calendars=self.OFFICE)
        found = measured(terms, "2025-04", down("04-04 17:00 .. 04-07 09:00"), down("04-12 10:00 .. 04-12 12:00"))
        assert (found.total, found.total - found.good) == (22 * 36_000, 7_200)
        assert [(miss.what, miss.size) for miss in found.misses] == [
            ("s down 2025-04-04 17:00Z .. 2025-04-07 09:00Z", 7_200)
        ]

    def test_give_no_answer_where_there_are_none(self) -> None:
        terms = agreement(
            availability(f"{UP}, on: office"),
            calendars="{office: {days: {mon: '08:00-18:00'}, extra_closed: [2025-04-07]}}",
            term="{from: 2025-04-01, until: 2025-04-14, timezone: UTC}",
        )
        found = verdict(terms, "2025-04", down("04-07 10:00 .. 04-07 11:00"))
        assert found.ruling is Ruling.UNDECIDED
        assert found.measurement.undecided == "No agreed time of s is left in 2025-04; there is nothing to judge."
        assert (found.measurement.value, found.measurement.total, found.measurement.coverage) == (None, 0, None)


class TestTheState:
    @pytest.mark.parametrize(
        ("_case", "records", "seconds_down"),
        [
            (
                "overlapping outages count once",
                [down("04-10 10:00 .. 04-10 10:20"), down("04-10 10:10 .. 04-10 10:30")],
                1_800,
            ),
            (
                "the worst of two sources",
                [
                    state(Status.UP, "04-10 00:00 .. 04-11 00:00", source="one"),
                    state(Status.DOWN, "04-10 10:00 .. 04-10 10:10", source="two"),
                ],
                600,
            ),
            (
                "an outage without an end lasts until the source says otherwise",
                [
                    state(Status.DOWN, "04-10 10:00 ..", source="one"),
                    state(Status.UP, "04-10 10:05 ..", source="two"),
                    state(Status.UP, "04-10 10:15 ..", source="one"),
                ],
                900,
            ),
            ("an outage that has not ended lasts to the end of the period", [down("04-30 23:00 ..")], 3_600),
            (
                "two states of one source at the same instant: the worst",
                [state(Status.UP, "04-30 23:00 .."), state(Status.DOWN, "04-30 23:00 ..")],
                3_600,
            ),
            (
                "a stretch speaks for itself, and what held before holds again",
                [up("04-01 00:00 .."), down("04-10 10:00 .. 04-10 10:10"), up("04-20 00:00 ..")],
                600,
            ),
            ("degraded service is up", [state(Status.DEGRADED, "04-10 10:00 .. 04-10 11:00")], 0),
        ],
    )
    def test_is_what_the_records_say(self, _case: str, records: list[AnyRecord], seconds_down: int) -> None:
        found = measured(agreement(availability()), "2025-04", *records)
        assert found.total - found.good == seconds_down

    def test_is_down_when_degraded_if_that_is_agreed(self) -> None:
        terms = agreement(availability(f"{UP}, degraded: down"))
        found = measured(terms, "2025-04", state(Status.DEGRADED, "04-10 10:00 .. 04-10 11:00"))
        assert found.total - found.good == 3_600

    @pytest.mark.parametrize(
        ("_case", "record", "seconds_down"),
        [
            ("reported later", down("04-10 10:00 .. 04-10 11:00", reported="04-10 10:20"), 2_400),
            ("reported before it began", down("04-10 10:00 .. 04-10 11:00", reported="04-10 09:00"), 3_600),
            ("reported when it was over", down("04-10 10:00 .. 04-10 11:00", reported="04-10 11:00"), 0),
            ("never reported", down("04-10 10:00 .. 04-10 11:00"), 3_600),
        ],
    )
    def test_counts_from_the_report_if_that_is_agreed(self, _case: str, record: AnyRecord, seconds_down: int) -> None:
        terms = agreement(availability(f"{UP}, count: {{from: reported}}"))
        found = measured(terms, "2025-04", record)
        assert found.total - found.good == seconds_down

    def test_holds_only_so_long_without_a_new_report(self) -> None:
        terms = agreement(availability("unknown: {as: down, after: 10m}"))
        reports = [up(f"04-10 10:{minute:02} ..") for minute in range(0, 60, 5)]
        found = measured(terms, "2025-04", *reports)
        assert found.good == 55 * 60 + 600
        assert found.coverage == Ratio(55 * 60 + 600, 2_592_000)


class TestACombination:
    @pytest.mark.parametrize(
        ("_case", "services", "seconds_down", "agreed"),
        [
            ("all are needed: down when any is", ALL, 2_400, 2_592_000),
            ("any is enough: down when all are", ANY, 300, 2_592_000),
            ("each counts for itself", EACH, 2_700, 5_184_000),
        ],
    )
    def test_follows_from_the_parts(self, _case: str, services: str, seconds_down: int, agreed: int) -> None:
        found = measured(
            agreement(availability(), services=services),
            "2025-04",
            down("04-10 10:00 .. 04-10 10:20", "a"),
            down("04-10 10:15 .. 04-10 10:40", "b"),
        )
        assert (found.total - found.good, found.total) == (seconds_down, agreed)

    def test_is_ignored_by_the_length_of_the_whole(self) -> None:
        found = measured(
            agreement(availability(f"{UP}, count: {{ignore_shorter_than: 30m}}"), services=ALL),
            "2025-04",
            down("04-10 10:00 .. 04-10 10:20", "a"),
            down("04-10 10:15 .. 04-10 10:40", "b"),
            down("04-12 10:00 .. 04-12 10:20", "a"),
        )
        assert found.total - found.good == 2_400

    @pytest.mark.parametrize(
        ("_case", "how", "seconds_down", "agreed"),
        [
            ("the old part carries on alone", "any_of", 3_600, 2_592_000),
            ("the new part breaks nothing before it is there", "all_of", 3_600 + 7_200, 2_592_000),
            ("the new part has no time before it is there", "each", 3_600 + 7_200, 2_592_000 + 15 * 86_400),
        ],
    )
    def test_counts_a_part_from_its_day_on(self, _case: str, how: str, seconds_down: int, agreed: int) -> None:
        services = f"{{s: {{title: S, made_of: {{{how}: [a, {{id: b, since: 2025-04-16}}]}}}}}}"
        found = measured(
            agreement(availability(), services=services),
            "2025-04",
            down("04-10 10:00 .. 04-10 11:00", "a"),
            down("04-12 10:00 .. 04-12 12:00", "b"),
            down("04-20 10:00 .. 04-20 12:00", "b"),
        )
        assert (found.total - found.good, found.total) == (seconds_down, agreed)

    def test_begins_with_its_first_part(self) -> None:
        services = "{s: {title: S, made_of: {any_of: [{id: a, since: 2025-04-16}, {id: b, since: 2025-04-20}]}}}"
        found = measured(
            agreement(availability(), services=services, term=BERLIN),
            "2025-04",
            down("04-17 10:00 .. 04-17 11:00", "a"),
        )
        assert (found.total - found.good, found.total) == (3_600, 15 * 86_400)

    @pytest.mark.parametrize(
        ("_case", "of", "since"),
        [("a part of a service", "b", 15), ("a subject that no service names", "elsewhere", 30)],
    )
    def test_can_be_a_bare_component(self, _case: str, of: str, since: int) -> None:
        services = "{s: {title: S, made_of: {all_of: [a, {id: b, since: 2025-04-16}]}}, elsewhere: {title: E}}"
        terms = agreement(f"{{kind: availability, of: {of}, {UP}}}", services=services)
        found = measured(terms, "2025-04", down("04-20 10:00 .. 04-20 12:00", of))
        assert (found.total - found.good, found.total) == (7_200, since * 86_400)

    @pytest.mark.parametrize(
        ("_case", "services", "good"),
        [
            ("all are needed: known only when one is down", ALL, 0),
            ("any is enough: known when one is up", ANY, 86_400),
        ],
    )
    def test_is_known_as_soon_as_it_is_decided(self, _case: str, services: str, good: int) -> None:
        terms = agreement(availability("unknown: {as: down}"), services=services)
        found = measured(
            terms, "2025-04", up("04-10 00:00 .. 04-11 00:00", "a"), down("04-12 00:00 .. 04-13 00:00", "a")
        )
        assert found.good == good
        assert found.coverage == Ratio(1, 30)


class TestGranularity:
    TWO = (down("04-03 10:00:30 .. 04-03 10:02:20"), down("04-03 10:02:40 .. 04-03 10:04:45"))

    @pytest.mark.parametrize(
        ("granularity", "sizes"),
        [
            ("seconds", [110, 125]),
            ("touched_minutes", [180, 120]),
            ("full_minutes", [60, 60]),
            ("elapsed_minutes", [60, 120]),
        ],
    )
    def test_is_counted_outage_by_outage(self, granularity: str, sizes: list[int]) -> None:
        terms = agreement(availability(f"{UP}, count: {{granularity: {granularity}}}"))
        found = measured(terms, "2025-04", *self.TWO)
        assert [miss.size for miss in found.misses] == sizes
        assert found.total - found.good == sum(sizes)

    def test_leaves_no_miss_where_nothing_counts(self) -> None:
        terms = agreement(availability(f"{UP}, count: {{granularity: full_minutes}}"))
        found = measured(terms, "2025-04", down("04-03 10:00:30 .. 04-03 10:01:30"))
        assert (found.misses, found.value) == ((), Ratio(1))

    def test_never_counts_more_than_all(self) -> None:
        terms = agreement(
            availability("count: {granularity: touched_minutes}, excluded: {maintenance: {}}"),
        )
        found = measured(
            terms,
            "2025-04",
            down("04-01 00:00 .. 05-01 00:00"),
            excluded("04-01 00:00:30 .. 04-30 23:59:30"),
        )
        assert (found.good, found.total, found.value) == (0, 60, Ratio(0))


class TestIgnoring:
    @pytest.mark.parametrize(
        ("_case", "count", "seconds_down"),
        [
            ("exactly the length is not shorter", "ignore_shorter_than: 75m", 2_700),
            ("a second more is", "ignore_shorter_than: 4501s", 0),
            ("up to the length", "ignore_up_to: 75m", 0),
            ("up to less", "ignore_up_to: 74m", 2_700),
        ],
    )
    def test_looks_at_the_whole_outage(self, _case: str, count: str, seconds_down: int) -> None:
        terms = agreement(availability(f"{UP}, count: {{{count}}}"))
        found = measured(terms, "2025-02", down("01-31 23:30 .. 02-01 00:45"))
        assert found.total - found.good == seconds_down

    def test_takes_an_outage_that_has_not_ended_to_the_end_of_the_period(self) -> None:
        terms = agreement(availability(f"{UP}, count: {{ignore_up_to: 1h}}"))
        assert measured(terms, "2025-04", down("04-30 23:00 ..")).value == Ratio(1)

    @pytest.mark.parametrize(
        ("count", "said"),
        [("ignore_shorter_than: 10m", "shorter than 10m"), ("ignore_up_to: 5m", "up to 5m")],
    )
    def test_is_said(self, count: str, said: str) -> None:
        terms = agreement(availability(f"{UP}, count: {{{count}}}"))
        found = measured(terms, "2025-04", down("04-03 00:00 .. 04-03 00:04", name="7"))
        reason = next(each for each in found.reason.walk() if "too short" in each.text)
        assert (reason.text, reason.value) == ("1 outage too short to count", said)
        assert reason.evidence == ("monitor#7",)


class TestSilence:
    """What no record tells is never 0 % and never 100 % by itself."""

    @pytest.mark.parametrize("silence", ["up", "down", "excluded"])
    def test_without_any_evidence_decides_nothing(self, silence: str) -> None:
        found = verdict(agreement(availability(f"unknown: {{as: {silence}}}")), "2025-04")
        assert (found.ruling, found.measurement.value) == (Ruling.UNDECIDED, None)

    @pytest.mark.parametrize("kind", ["availability", "composite"])
    @pytest.mark.parametrize(("silence", "value"), [("down", 0), ("excluded", None)])
    def test_of_one_part_does_not_hide_that_the_other_is_down(self, kind: str, silence: str, value: int | None) -> None:
        services = "{s: {title: S, made_of: {any_of: [a, b]}}}"
        terms = agreement(f"{{kind: {kind}, of: s, unknown: {{as: {silence}}}}}", services=services)
        assert measured(terms, "2025-04", down("03-01 00:00 .. 06-01 00:00", "a")).value == value

    @pytest.mark.parametrize("kind", ["availability", "composite"])
    def test_of_one_part_that_is_needed_is_no_evidence(self, kind: str) -> None:
        services = "{s: {title: S, made_of: {all_of: [a, b]}}}"
        terms = agreement(f"{{kind: {kind}, of: s}}", services=services)
        assert measured(terms, "2025-04", up("03-01 00:00 .. 06-01 00:00", "a")).value is None

    @pytest.mark.parametrize("silence", ["down", "excluded"])
    def test_all_through_a_period_decides_nothing(self, silence: str) -> None:
        terms = agreement(availability(f"unknown: {{as: {silence}}}"))
        found = verdict(terms, "2025-04", up("03-01 00:00 .. 04-01 00:00"), up("05-01 00:00 .. 05-02 00:00"))
        assert found.measurement.undecided == (
            "No evidence tells the state of s in 2025-04. Import what its monitoring recorded from"
            " 2025-04-01T00:00:00Z to 2025-05-01T00:00:00Z."
        )
        assert found.ruling is Ruling.UNDECIDED

    def test_counts_as_up_when_the_source_was_alive_later(self) -> None:
        found = verdict(agreement(availability()), "2025-04", down("06-01 00:00 .. 06-01 01:00"))
        assert (found.ruling, found.measurement.value, found.measurement.coverage) == (Ruling.MET, Ratio(1), Ratio(0))

    def test_does_not_count_as_up_when_nothing_was_heard_since(self) -> None:
        found = verdict(agreement(availability()), "2025-04", down("03-31 00:00 .. 04-01 00:00"))
        assert found.measurement.undecided == (
            "Nothing was heard of s since 2025-04-01T00:00:00Z, so its silence cannot count as up. Import what its"
            " monitoring recorded in 2025-04 or later."
        )

    @pytest.mark.parametrize(
        ("_case", "last", "ruling", "value"),
        [
            ("an outage that nobody ended", down("03-20 00:00 ..", name="7"), Ruling.MISSED, Ratio(0)),
            ("a good state that nobody ended", state(Status.UP, "03-20 00:00 .."), Ruling.MET, Ratio(1)),
        ],
    )
    def test_is_none_where_a_state_holds_on(self, _case: str, last: State, ruling: Ruling, value: Ratio) -> None:
        for silence in ("up", "down", "excluded"):
            found = verdict(agreement(availability(f"unknown: {{as: {silence}}}")), "2025-04", last)
            assert (found.ruling, found.measurement.value) == (ruling, value)

    def test_of_a_state_that_no_longer_holds_on_needs_a_source_that_is_alive(self) -> None:
        terms = agreement(availability("unknown: {as: up, after: 10m}"))
        assert verdict(terms, "2025-04", down("03-31 23:55 ..")).ruling is Ruling.UNDECIDED

    @pytest.mark.parametrize(
        ("_case", "end", "ruling"),
        [
            ("exactly the agreed coverage is enough", "04-28 12:00", Ruling.MISSED),
            ("a second less is not", "04-28 11:59:59", Ruling.UNDECIDED),
        ],
    )
    def test_below_the_minimum_coverage_decides_nothing(self, _case: str, end: str, ruling: Ruling) -> None:
        terms = agreement(availability("unknown: {as: down, minimum_coverage: 90%}"))
        assert verdict(terms, "2025-04", up(f"04-01 12:00 .. {end}")).ruling is ruling

    def test_says_how_much_evidence_is_lacking(self) -> None:
        terms = agreement(availability("unknown: {as: down, minimum_coverage: 90%}"))
        found = measured(terms, "2025-04", up("04-01 12:00 .. 04-28 11:00"))
        assert found.undecided == (
            "Evidence covers 89.8611 % of the agreed time of s in 2025-04, and 90 % are agreed. A verdict needs"
            " evidence about 3,600 s more."
        )

    def test_that_is_excluded_leaves_agreed_time_and_lowers_coverage(self) -> None:
        terms = agreement(availability("unknown: {as: excluded}"))
        found = measured(terms, "2025-04", up("04-01 00:00 .. 04-16 00:00"), down("04-16 00:00 .. 04-16 12:00"))
        assert (found.good, found.total, found.coverage) == (15 * 86_400, 15 * 86_400 + 43_200, Ratio(31, 60))

    def test_that_counts_as_down_is_a_miss_of_its_own(self) -> None:
        terms = agreement(availability("unknown: {as: down}"))
        found = measured(terms, "2025-04", up("04-01 00:00 .. 04-30 00:00"))
        assert found.misses == (Miss("s without evidence 2025-04-30 00:00Z .. 2025-05-01 00:00Z", 86_400),)


class TestAMiss:
    def test_names_its_incident_and_its_records(self) -> None:
        found = measured(
            agreement(availability(), services=EACH),
            "2025-04",
            down("04-12 10:00 .. 04-12 11:00", "b", name="3"),
            down("04-10 10:00 .. 04-10 10:20", "a", name="1"),
            down("04-10 10:15 .. 04-10 10:40", "a", name="2", incident="INC-7"),
            down("04-10 10:15 .. 04-10 10:30", "b", name="4", incident="INC-8"),
        )
        assert found.misses == (
            Miss("a down 2025-04-10 10:00Z .. 2025-04-10 10:40Z", 2_400, "INC-7", ("monitor#1", "monitor#2")),
            Miss("b down 2025-04-10 10:15Z .. 2025-04-10 10:30Z", 900, "INC-8", ("monitor#4",)),
            Miss("b down 2025-04-12 10:00Z .. 2025-04-12 11:00Z", 3_600, "", ("monitor#3",)),
        )

    def test_of_a_service_cites_the_records_of_all_its_parts(self) -> None:
        found = measured(
            agreement(availability(), services=ANY),
            "2025-04",
            down("04-10 10:00 .. 04-10 12:00", "a", name="1"),
            down("04-10 10:30 .. 04-10 10:40", "b", name="2"),
            down("04-10 11:30 .. 04-10 11:40", "b", name="3"),
        )
        assert [(miss.size, miss.evidence) for miss in found.misses] == [
            (600, ("monitor#1", "monitor#2")),
            (600, ("monitor#1", "monitor#3")),
        ]

    def test_falls_under_the_label_of_its_records(self) -> None:
        terms = agreement(availability(f"{UP}, by: site"))
        found = measured(
            terms,
            "2025-04",
            state(Status.DOWN, "04-10 10:00 .. 04-10 11:00", labels=(("site", "north"),)),
            state(Status.DOWN, "04-12 10:00 .. 04-12 12:00", labels=(("site", "east"),)),
            down("04-14 10:00 .. 04-14 10:30"),
            excluded("04-20 10:00 .. 04-20 10:30"),
        )
        whole = 2_592_000
        assert found.parts == (
            Part("", whole - 1_800, whole),
            Part("east", whole - 7_200, whole),
            Part("north", whole - 3_600, whole),
        )
        assert sum(part.total - part.good for part in found.parts) == found.total - found.good


class TestTheReason:
    def test_gives_the_sum_in_words(self) -> None:
        found = verdict(agreement(availability("unknown: {as: down}")), "2025-03", up("03-01 00:00 .. 03-31 23:15:20"))
        assert texts(found.reason) == [
            "it in 2025-03: It is kept.: MISSED",
            "s: 2,678,400 s agreed, 2,680 s down: 99.8999 %",
            "agreed time: 2,678,400 s",
            "service time on calendar always: 2,678,400 s",
            "downtime in seconds: 2,680 s",
            "s without evidence 2025-03-31 23:15:20Z .. 2025-04-01 00:00:00Z: 2,680 s",
            "time without evidence, counted as down: 2,680 s",
            "coverage: 2,675,720 of 2,678,400 s known: 99.8999 %",
            "99.899940 % does not meet the target of >= 99.9 %: MISSED",
        ]

    def test_tells_each_component_apart(self) -> None:
        found = measured(
            agreement(
                availability("unknown: {as: excluded}, excluded: {maintenance: {}, customer: {effect: up}}"),
                services=EACH,
            ),
            "2025-04",
            up("04-01 00:00 .. 05-01 00:00", "a"),
            up("04-01 00:00 .. 04-30 00:00", "b"),
            down("04-10 10:00 .. 04-10 11:00", "a"),
            excluded("04-12 10:00 .. 04-12 11:00", "b", name="1"),
            excluded("04-10 10:30 .. 04-10 11:00", "a", cause="customer", name="2"),
        )
        assert texts(found.reason) == [
            "s: 5,094,000 s agreed, 1,800 s down: 99.9647 %",
            "a: 1,800 of 2,592,000 s down",
            "agreed time: 2,592,000 s",
            "service time on calendar always: 2,592,000 s",
            "downtime in seconds: 1,800 s",
            "a down 2025-04-10 10:00Z .. 2025-04-10 11:00Z: 1,800 s",
            "b: 0 of 2,502,000 s down",
            "agreed time: 2,502,000 s",
            "service time on calendar always: 2,592,000 s",
            "taken out by exclusions: 3,600 s",
            "taken out because nothing is known of it: 86,400 s",
            "downtime in seconds: 0 s",
            "time without evidence, counted as excluded: 86,400 s",
            "exclusions: 3,600 s taken out, 1,800 s counted as up",
            "customer 2025-04-10 10:30Z .. 2025-04-10 11:00Z counts as up",
            "maintenance 2025-04-12 10:00Z .. 2025-04-12 11:00Z leaves agreed time",
            "coverage: 5,094,000 of 5,180,400 s known: 98.3322 %",
        ]
