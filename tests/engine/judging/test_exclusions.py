from __future__ import annotations

import pytest

from makegood.engine.evidence.records import AnyRecord
from makegood.engine.vocabulary.ratio import Ratio
from tests.engine.judging.scene import agreement, down, excluded, measured, texts, up

WHOLE = 2_592_000
ALL = "{s: {title: S, made_of: {all_of: [a, b]}}}"
ANY = "{s: {title: S, made_of: {any_of: [a, b]}}}"
EACH = "{s: {title: S, made_of: {each: [a, b]}}}"


def availability(clauses: str, more: str = "unknown: {as: up}") -> str:
    return f"{{kind: availability, of: s, {more}, excluded: {{{clauses}}}}}"


class TestAnExclusion:
    @pytest.mark.parametrize(
        ("_case", "clauses", "good", "total"),
        [
            ("takes its time out", "maintenance: {effect: shrink}", WHOLE - 7_200, WHOLE - 3_600),
            ("or leaves it in as up", "maintenance: {effect: up}", WHOLE - 3_600, WHOLE),
            ("if its cause is agreed", "customer: {}", WHOLE - 7_200, WHOLE),
            (
                "and is taken out where both would hold",
                "maintenance: {effect: up}, storm: {}",
                WHOLE - 7_200,
                WHOLE - 3_600,
            ),
        ],
    )
    def test_has_the_agreed_effect(self, _case: str, clauses: str, good: int, total: int) -> None:
        found = measured(
            agreement(availability(clauses)),
            "2025-04",
            down("04-10 10:00 .. 04-10 12:00"),
            excluded("04-10 11:00 .. 04-10 12:00"),
            excluded("04-10 11:00 .. 04-10 12:00", cause="storm"),
        )
        assert (found.good, found.total) == (good, total)

    @pytest.mark.parametrize(
        ("_case", "record", "seconds_down"),
        [
            ("everything", excluded("04-10 10:00 .. 04-10 11:00"), 0),
            ("the service", excluded("04-10 10:00 .. 04-10 11:00", "s"), 0),
            ("something else", excluded("04-10 10:00 .. 04-10 11:00", "printer"), 3_600),
            ("a case", excluded("04-10 10:00 .. 04-10 11:00", case="T-1"), 3_600),
        ],
    )
    def test_concerns(self, _case: str, record: AnyRecord, seconds_down: int) -> None:
        terms = agreement(availability("maintenance: {}"))
        found = measured(terms, "2025-04", down("04-10 10:00 .. 04-10 11:00"), record)
        assert found.total - found.good == seconds_down

    def test_of_a_service_concerns_a_bare_component_of_it(self) -> None:
        services = "{s: {title: S, made_of: {all_of: [a, b]}}}"
        measure = "{kind: availability, of: a, unknown: {as: up}, excluded: {maintenance: {}}}"
        found = measured(
            agreement(measure, services=services),
            "2025-04",
            down("04-10 10:00 .. 04-10 11:00", "a"),
            excluded("04-10 10:00 .. 04-10 11:00", "s"),
        )
        assert found.value == Ratio(1)

    @pytest.mark.parametrize(
        ("_case", "services", "good", "total"),
        [
            ("the other part that is needed still counts", ALL, WHOLE - 7_200, WHOLE - 3_600),
            (
                "a part that is not needed leaves nothing but what it would have saved",
                ANY,
                WHOLE - 3_600,
                WHOLE - 3_600,
            ),
            ("each part has its own time", EACH, 2 * WHOLE - 10_800, 2 * WHOLE - 7_200),
        ],
    )
    def test_of_one_part_excuses_that_part_only(self, _case: str, services: str, good: int, total: int) -> None:
        found = measured(
            agreement(availability("maintenance: {}"), services=services),
            "2025-04",
            down("04-10 10:00 .. 04-10 12:00", "a"),
            down("04-10 11:00 .. 04-10 12:00", "b"),
            excluded("04-10 10:00 .. 04-10 12:00", "a"),
        )
        assert (found.good, found.total) == (good, total)

    def test_of_a_part_that_is_not_there_yet_excludes_nothing(self) -> None:
        services = "{s: {title: S, made_of: {all_of: [a, {id: b, since: 2025-04-16}]}}}"
        found = measured(
            agreement(availability("maintenance: {}"), services=services),
            "2025-04",
            down("04-20 10:00 .. 04-20 11:00", "a"),
            excluded("04-10 10:00 .. 04-10 12:00", "b"),
        )
        assert found.total == WHOLE

    def test_takes_out_silence_too(self) -> None:
        terms = agreement(availability("maintenance: {}", "unknown: {as: down}"))
        found = measured(
            terms,
            "2025-04",
            up("04-01 00:00 .. 04-30 00:00"),
            excluded("04-30 00:00 .. 04-30 12:00"),
        )
        assert (found.good, found.total, found.coverage) == (29 * 86_400, 59 * 43_200, Ratio(58, 59))

    def test_of_one_part_does_not_make_the_silence_of_another_better(self) -> None:
        terms = agreement(availability("maintenance: {}", "unknown: {as: down}"), services=ALL)
        found = measured(
            terms,
            "2025-04",
            up("04-01 00:00 .. 05-01 00:00", "a"),
            up("04-01 00:00 .. 04-30 00:00", "b"),
            excluded("04-29 00:00 .. 05-01 00:00", "a"),
        )
        assert (found.good, found.total) == (28 * 86_400, 29 * 86_400)

    def test_does_not_change_what_is_ignored(self) -> None:
        terms = agreement(availability("maintenance: {}", "unknown: {as: up}, count: {ignore_shorter_than: 10m}"))
        found = measured(terms, "2025-04", down("04-10 10:00 .. 04-10 10:12"), excluded("04-10 10:00 .. 04-10 10:11"))
        assert (found.total - found.good, found.total) == (60, WHOLE - 660)


class TestNotice:
    @pytest.mark.parametrize(
        ("_case", "notice", "announced", "seconds_down"),
        [
            ("exactly in time", "5 days", "04-05 10:00", 0),
            ("a second late", "5 days", "04-05 10:00:01", 3_600),
            ("hours", "4h", "04-10 06:00", 0),
            ("hours, late", "4h", "04-10 06:00:01", 3_600),
            ("business days over a weekend", "2 business days", "04-08 10:00", 0),
            ("never announced", "4h", "", 3_600),
        ],
    )
    def test_has_to_be_given(self, _case: str, notice: str, announced: str, seconds_down: int) -> None:
        terms = agreement(availability(f"maintenance: {{notice: {notice}}}"))
        found = measured(
            terms,
            "2025-04",
            down("04-10 10:00 .. 04-10 11:00"),
            excluded("04-10 10:00 .. 04-10 11:00", announced=announced),
        )
        assert found.total - found.good == seconds_down

    def test_is_measured_on_the_wall_of_the_agreement(self) -> None:
        terms = agreement(
            availability("maintenance: {notice: 1 days}"),
            term="{from: 2025-01-01, months: 12, timezone: Europe/Berlin}",
        )
        found = measured(
            terms,
            "2025-03",
            down("03-30 10:00 .. 03-30 11:00"),
            excluded("03-30 10:00 .. 03-30 11:00", announced="03-29 11:00"),
        )
        assert found.value == Ratio(1)

    @pytest.mark.parametrize(
        ("announced", "said"),
        [
            ("", "it was not announced"),
            ("04-10 09:00", "it was announced 2025-04-10T09:00:00Z"),
        ],
    )
    def test_that_was_too_short_is_said(self, announced: str, said: str) -> None:
        terms = agreement(availability("maintenance: {notice: 5 days}"))
        found = measured(
            terms,
            "2025-04",
            down("04-10 10:00 .. 04-10 11:00"),
            excluded("04-10 10:00 .. 04-10 11:00", announced=announced, name="9"),
        )
        reason = next(each for each in found.reason.walk() if "does not count" in each.text)
        window = "2025-04-10 10:00Z .. 2025-04-10 11:00Z"
        assert reason.text == f"maintenance {window} does not count: {said}, and 5 days of notice are agreed"
        assert reason.evidence == ("plan#9",)


class TestAnAllowance:
    MEASURE = availability("maintenance: {allowance: 4h per period}")

    def test_is_used_up_by_the_earliest_and_cuts_exactly(self) -> None:
        found = measured(
            agreement(self.MEASURE),
            "2025-04",
            down("04-10 00:00 .. 04-10 03:00"),
            down("04-20 00:00 .. 04-20 03:00"),
            excluded("04-20 00:00 .. 04-20 03:00", name="2"),
            excluded("04-10 00:00 .. 04-10 03:00", name="1"),
            excluded("04-25 00:00 .. 04-25 01:00", name="3"),
        )
        assert (found.good, found.total) == (WHOLE - 21_600, WHOLE - 14_400)
        step = next(each for each in found.reason.walk() if each.text == "exclusions")
        assert texts(step) == [
            "exclusions: 14,400 s taken out, 0 s counted as up",
            "maintenance 2025-04-10 00:00Z .. 2025-04-10 03:00Z leaves agreed time",
            "maintenance 2025-04-20 00:00Z .. 2025-04-20 01:00Z leaves agreed time",
            *(
                f"maintenance {window} does not count from {cut} on: the agreed 4 hours per period are used up"
                for window, cut in (
                    ("2025-04-20 00:00Z .. 2025-04-20 03:00Z", "2025-04-20T01:00:00Z"),
                    ("2025-04-25 00:00Z .. 2025-04-25 01:00Z", "2025-04-25T00:00:00Z"),
                )
            ),
        ]

    @pytest.mark.parametrize(
        ("_case", "records", "total"),
        [
            (
                "twice the same hours use it once",
                [excluded("04-10 00:00 .. 04-10 04:00"), excluded("04-10 00:00 .. 04-10 04:00")],
                WHOLE - 14_400,
            ),
            (
                "what lies before the period uses nothing of it",
                [excluded("03-31 20:00 .. 04-01 01:00"), excluded("04-10 00:00 .. 04-10 03:00")],
                WHOLE - 14_400,
            ),
            (
                "exactly all of it is enough",
                [excluded("04-10 00:00 .. 04-10 04:00"), excluded("04-20 00:00 .. 04-20 04:00")],
                WHOLE - 14_400,
            ),
        ],
    )
    def test_is_time_of_the_period(self, _case: str, records: list[AnyRecord], total: int) -> None:
        found = measured(agreement(self.MEASURE), "2025-04", down("04-30 00:00 .. 04-30 00:01"), *records)
        assert found.total == total

    def test_is_not_used_up_outside_service_hours(self) -> None:
        terms = agreement(
            availability("maintenance: {allowance: 1h per period}", "unknown: {as: up}, on: office"),
            calendars="{office: {days: {mon-fri: '08:00-18:00'}}}",
        )
        found = measured(
            terms,
            "2025-04",
            down("04-11 17:30 .. 04-11 18:00"),
            excluded("04-10 02:00 .. 04-10 07:00"),
            excluded("04-11 17:00 .. 04-11 19:00"),
        )
        assert (found.value, found.total) == (Ratio(1), 22 * 36_000 - 3_600)
