from __future__ import annotations

import pytest

from makegood.engine.agreement.shapes import Unit
from makegood.engine.judging.verdict import Miss, Part, Ruling
from makegood.engine.vocabulary.ratio import Ratio
from tests.engine.judging.scene import agreement, excluded, measured, tally, texts, verdict


def seats(more: str = "") -> str:
    return f"{{kind: count, of: seats, {more}}}"


RECORDS = (
    tally("04-10 10:00", "grounded", 55, of="seats", subject="JFK", name="1"),
    tally("04-11 10:00", "grounded", 15, of="seats", subject="EWR", name="2", labels=(("carrier", "UA"),)),
    tally("04-12 10:00", "flown", 900, of="seats", subject="EWR", name="3"),
    tally("05-12 10:00", "grounded", 9, of="seats"),
)


class TestCount:
    @pytest.mark.parametrize(
        ("_case", "more", "number", "good"),
        [
            ("everything", "", 970, 0),
            ("one result", "counting: grounded", 70, 900),
            ("several", "counting: [grounded, flown]", 970, 0),
            ("a result that did not come", "counting: diverted", 0, 970),
        ],
    )
    def test_is_the_number_of_what_counts(self, _case: str, more: str, number: int, good: int) -> None:
        found = measured(agreement(seats(more), target="<= 60"), "2025-04", *RECORDS)
        assert (found.value, found.unit, found.good, found.total) == (Ratio(number), Unit.NUMBER, good, 970)

    @pytest.mark.parametrize("effect", ["shrink", "up"])
    def test_leaves_out_what_is_excluded(self, effect: str) -> None:
        terms = agreement(seats(f"counting: grounded, excluded: {{storm: {{effect: {effect}}}}}"), target="<= 60")
        found = verdict(terms, "2025-04", *RECORDS, excluded("04-11 00:00 .. 04-12 00:00", "EWR", cause="storm"))
        assert (found.ruling, found.measurement.value) == (Ruling.MET, Ratio(55))

    @pytest.mark.parametrize(
        ("_case", "month", "ruling"),
        [
            ("at the ceiling", "2025-05", Ruling.MET),
            ("above it", "2025-04", Ruling.MISSED),
            ("no evidence at all", "2025-06", Ruling.UNDECIDED),
        ],
    )
    def test_is_ruled_by_a_ceiling(self, _case: str, month: str, ruling: Ruling) -> None:
        assert verdict(agreement(seats("counting: grounded"), target="<= 9"), month, *RECORDS).ruling is ruling

    def test_without_evidence_is_ruled_as_agreed(self) -> None:
        found = verdict(agreement(seats("empty: met"), target="<= 9"), "2025-06", *RECORDS)
        assert texts(found.reason) == [
            "it in 2025-06: It is kept.: MET",
            "seats: no value",
            "no seats that count were recorded: the agreement counts that as met: MET",
        ]

    def test_of_excluded_events_only_is_zero(self) -> None:
        terms = agreement(seats("excluded: {storm: {}}"), target="<= 9")
        found = measured(terms, "2025-05", *RECORDS, excluded("05-12 00:00 .. 05-13 00:00", cause="storm"))
        assert (found.value, found.empty) == (Ratio(0), False)

    def test_has_a_miss_for_each_of_them(self) -> None:
        found = measured(agreement(seats("counting: grounded, by: carrier"), target="<= 60"), "2025-04", *RECORDS)
        assert found.misses == (
            Miss("seats grounded 2025-04-10T10:00:00Z", 55, "", ("shop#1",)),
            Miss("seats grounded 2025-04-11T10:00:00Z", 15, "", ("shop#2",)),
        )
        assert found.parts == (Part("", 900, 955), Part("UA", 0, 15))
        assert texts(found.reason) == ["seats (grounded): 70", "seats grounded: 70"]
