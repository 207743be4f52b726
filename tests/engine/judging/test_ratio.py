from __future__ import annotations

import pytest

from makegood.engine.agreement.shapes import Unit
from makegood.engine.evidence.records import AnyRecord
from makegood.engine.judging.verdict import Miss, Part, Ruling
from makegood.engine.vocabulary.ratio import Ratio
from tests.engine.judging.scene import agreement, excluded, measured, tally, texts, verdict

ORDERS = "{kind: ratio, of: orders, good: [accepted, changed]}"


def orders(more: str) -> str:
    return f"{{kind: ratio, of: orders, good: accepted, {more}}}"


class TestRatio:
    def test_is_the_share_of_good_events(self) -> None:
        found = measured(
            agreement(ORDERS),
            "2025-04",
            tally("04-10 10:00", "accepted", 700),
            tally("04-10 11:00", "changed", 295),
            tally("04-10 12:00", "lost", 3),
            tally("04-10 13:00", "refused", 2),
            tally("04-10 13:00", "lost", 7, of="flights"),
        )
        assert (found.value, found.unit, found.good, found.total) == (Ratio(199, 200), Unit.SHARE, 995, 1_000)
        assert not found.empty

    @pytest.mark.parametrize(
        ("_case", "good", "bad", "target", "ruling"),
        [
            ("no rounding before the comparison", 9_994_996, 5_004, ">= 99.95%", Ruling.MISSED),
            ("exactly the target", 9_995_000, 5_000, ">= 99.95%", Ruling.MET),
            ("a lower share is better", 1, 1, "<= 2%", Ruling.MISSED),
        ],
    )
    def test_is_compared_exactly(self, _case: str, good: int, bad: int, target: str, ruling: Ruling) -> None:
        terms = agreement(ORDERS, target=target)
        records = [tally("04-10 10:00", "accepted", good), tally("04-10 10:00", "lost", bad)]
        assert verdict(terms, "2025-04", *records).ruling is ruling

    def test_under_a_ceiling_has_the_listed_results_as_its_misses(self) -> None:
        reopened = "{kind: ratio, of: orders, good: reopened, by: site, excluded: {customer: {effect: up}}}"
        terms = agreement(reopened, target="<= 2%", more="low_volume: {below: 20, allowed_misses: 3}")
        records: list[AnyRecord] = [
            tally("04-10 10:00", "reopened", 3, incident="I-1", name="1", labels=(("site", "north"),)),
            tally("04-10 10:00", "solved", 6, incident="I-2", labels=(("site", "south"),)),
            tally("04-11 10:00", "reopened", 1, labels=(("site", "north"),)),
            excluded("04-11 00:00 .. 04-12 00:00", cause="customer"),
        ]
        found = verdict(terms, "2025-04", *records)
        assert (found.ruling, found.measurement.value) == (Ruling.MET, Ratio(3, 10)), "three misses are allowed"
        assert (found.measurement.good, found.measurement.total) == (7, 10)
        assert found.measurement.misses == (Miss("orders reopened 2025-04-10T10:00:00Z", 3, "I-1", ("shop#1",)),)
        assert found.measurement.parts == (Part("north", 1, 4), Part("south", 6, 6))
        assert [line.strip() for line in found.measurement.reason.lines()][:2] == [
            "3 of 10 orders reopened: 30.0000 % [ratio]",
            "good: 7",
        ]
        one_more = tally("04-12 10:00", "reopened", 1)
        assert verdict(terms, "2025-04", *records, one_more).ruling is Ruling.MISSED

    def test_counts_what_starts_in_the_period(self) -> None:
        found = measured(
            agreement(ORDERS),
            "2025-04",
            tally("03-31 23:59:59", "lost"),
            tally("04-01 00:00", "accepted"),
            tally("04-30 23:59:59", "accepted"),
            tally("05-01 00:00", "lost"),
        )
        assert (found.good, found.total) == (2, 2)

    @pytest.mark.parametrize(
        ("_case", "records"),
        [
            ("no record", []),
            ("a record of no event", [tally("04-10 10:00", "accepted", 0)]),
            ("events of another month", [tally("05-10 10:00", "accepted")]),
        ],
    )
    def test_has_no_value_without_events(self, _case: str, records: list[AnyRecord]) -> None:
        found = verdict(agreement(ORDERS), "2025-04", *records)
        assert (found.ruling, found.measurement.value, found.measurement.empty) == (Ruling.UNDECIDED, None, True)

    @pytest.mark.parametrize(("empty", "ruling"), [("met", Ruling.MET), ("missed", Ruling.MISSED)])
    def test_without_events_is_ruled_as_agreed(self, empty: str, ruling: Ruling) -> None:
        assert verdict(agreement(orders(f"empty: {empty}")), "2025-04").ruling is ruling

    def test_is_broken_down_by_a_label(self) -> None:
        found = measured(
            agreement(orders("by: shop")),
            "2025-04",
            tally("04-10 10:00", "accepted", 5, labels=(("shop", "west"),)),
            tally("04-10 10:00", "lost", 2, labels=(("shop", "west"), ("till", "3"))),
            tally("04-10 10:00", "lost", 1, labels=(("shop", "east"),)),
            tally("04-10 10:00", "accepted", 4),
        )
        assert found.parts == (Part("", 4, 4), Part("east", 0, 1), Part("west", 5, 7))

    def test_has_a_miss_for_each_tally(self) -> None:
        found = measured(
            agreement(ORDERS),
            "2025-04",
            tally("04-11 10:00", "lost", 2, name="2"),
            tally("04-10 10:00", "refused", 1, incident="INC-1", name="1"),
            tally("04-10 10:00", "accepted", 7),
        )
        assert found.misses == (
            Miss("orders refused 2025-04-10T10:00:00Z", 1, "INC-1", ("shop#1",)),
            Miss("orders lost 2025-04-11T10:00:00Z", 2, "", ("shop#2",)),
        )

    def test_lists_a_thousand_misses_and_adds_the_others_up_by_incident(self) -> None:
        first = [tally("04-10 10:00", "lost", name=f"{number:04}") for number in range(1_000)]
        later = [tally("04-11 10:00", "lost", 3, incident=name) for name in ("INC-1", "", "INC-1")]
        found = measured(agreement(ORDERS), "2025-04", *first, *later)
        assert found.misses[1_000:] == (Miss("6 further orders", 6, "INC-1"), Miss("3 further orders", 3))
        assert sum(miss.size for miss in found.misses) == found.total - found.good == 1_009
        assert "orders lost (the first 1,000 records are cited, 3 more are not): 1,009" in texts(found.reason)

    def test_gives_the_sum_in_words(self) -> None:
        found = verdict(
            agreement(orders("excluded: {storm: {}, customer: {effect: up}}"), target=">= 90%"),
            "2025-04",
            tally("04-10 10:00", "accepted", 9),
            tally("04-10 10:00", "lost", 1),
            tally("04-12 10:00", "lost", 4),
            tally("04-14 10:00", "refused", 2),
            excluded("04-12 00:00 .. 04-13 00:00", cause="storm"),
            excluded("04-14 00:00 .. 04-15 00:00", cause="customer"),
        )
        assert texts(found.reason) == [
            "it in 2025-04: It is kept.: MET",
            "11 of 12 orders good: 91.6667 %",
            "good: accepted: 11",
            "orders accepted: 9",
            "not good: 1",
            "orders lost: 1",
            "orders left out because of storm: 4",
            "orders counted as good because of customer: 2",
            "91.666667 % meets the target of >= 90 %: MET",
        ]


class TestAnExclusionOfEvents:
    def counted(self, clause: str, *records: AnyRecord) -> tuple[int, int]:
        found = measured(agreement(orders(f"excluded: {{storm: {{{clause}}}}}")), "2025-04", *records)
        return found.good, found.total

    LOST = tally("04-10 10:00", "lost", 3, subject="JFK", labels=(("carrier", "UA"), ("gate", "7")))
    KEPT = tally("04-20 10:00", "accepted", 7, subject="EWR")

    @pytest.mark.parametrize(
        ("_case", "exclusion", "total"),
        [
            ("everything at the time", excluded("04-10 10:00 .. 04-10 11:00", cause="storm"), 7),
            ("what starts with its end", excluded("04-10 09:00 .. 04-10 10:00", cause="storm"), 10),
            ("the subject", excluded("04-10 10:00 .. 04-10 11:00", "JFK", cause="storm"), 7),
            ("another subject", excluded("04-10 10:00 .. 04-10 11:00", "EWR", cause="storm"), 10),
            ("its label", excluded("04-10 10:00 .. 04-10 11:00", cause="storm", labels=(("gate", "7"),)), 7),
            ("another label", excluded("04-10 10:00 .. 04-10 11:00", cause="storm", labels=(("gate", "8"),)), 10),
            (
                "one label of two",
                excluded("04-10 10:00 .. 04-10 11:00", cause="storm", labels=(("carrier", "UA"), ("gate", "8"))),
                10,
            ),
            (
                "both labels",
                excluded("04-10 10:00 .. 04-10 11:00", "JFK", cause="storm", labels=(("gate", "7"), ("carrier", "UA"))),
                7,
            ),
            ("another cause", excluded("04-10 10:00 .. 04-10 11:00", cause="strike"), 10),
            ("a case", excluded("04-10 10:00 .. 04-10 11:00", cause="storm", case="T-1"), 10),
            ("a month before", excluded("03-10 10:00 .. 03-10 11:00", cause="storm"), 10),
        ],
    )
    def test_covers(self, _case: str, exclusion: AnyRecord, total: int) -> None:
        assert self.counted("", self.LOST, self.KEPT, exclusion) == (7, total)

    def test_counts_them_as_good_if_that_is_agreed(self) -> None:
        storm = excluded("04-10 10:00 .. 04-10 11:00", cause="storm")
        assert self.counted("effect: up", self.LOST, self.KEPT, storm) == (10, 10)

    def test_leaves_out_what_is_also_excused(self) -> None:
        terms = agreement(orders("excluded: {storm: {effect: up}, strike: {}}"))
        storm, strike = (excluded("04-10 10:00 .. 04-10 11:00", cause=cause) for cause in ("storm", "strike"))
        found = measured(terms, "2025-04", self.LOST, self.KEPT, storm, strike)
        assert (found.good, found.total) == (7, 7)

    def test_covers_as_one_what_overlaps(self) -> None:
        storms = [
            excluded("04-10 08:00 .. 04-10 12:00", cause="storm", name="1"),
            excluded("04-10 09:00 .. 04-10 09:30", cause="storm", name="2"),
            excluded("04-10 11:00 .. 04-10 14:00", cause="storm", name="3"),
        ]
        late = tally("04-10 13:00", "lost")
        terms = agreement(orders("excluded: {storm: {}}"))
        found = measured(terms, "2025-04", self.LOST, self.KEPT, late, *storms)
        assert (found.good, found.total) == (7, 7)
        cited = next(each for each in found.reason.walk() if "left out" in each.text)
        assert (cited.value, cited.evidence) == ("4", ("plan#1", "plan#3"))

    def test_counts_only_with_notice_and_within_its_allowance(self) -> None:
        storms = [
            excluded("04-10 08:00 .. 04-10 12:00", "JFK", cause="storm", announced="04-08 00:00"),
            excluded("04-11 08:00 .. 04-11 12:00", "JFK", cause="storm", announced="04-11 00:00"),
            excluded("04-09 08:00 .. 04-09 12:00", "LGA", cause="storm", announced="04-08 00:00"),
        ]
        events = [tally(f"04-{day} {hour}:00", "lost", subject="JFK") for day in (10, 11) for hour in ("09", "11")]
        assert self.counted("notice: 1 days, allowance: 2h per period", *events, self.KEPT, *storms) == (7, 10)
