from __future__ import annotations

import pytest

from makegood.engine.agreement.shapes import Unit
from makegood.engine.judging.verdict import Ruling
from makegood.engine.vocabulary.ratio import Ratio
from tests.engine.judging.scene import agreement, measured, shuffled, statement, texts, verdict


def stated(more: str = "", unit: str = "number") -> str:
    return f"{{kind: stated, of: satisfaction, unit: {unit}{more}}}"


JANUARY = (statement("01-10 10:00", "3.9", name="1"), statement("01-30 10:00", "4.2", name="2", by="Max"))


class TestStated:
    @pytest.mark.parametrize(
        ("take", "value"), [("last", Ratio(21, 5)), ("mean", Ratio(81, 20)), ("sum", Ratio(81, 10))]
    )
    def test_is_what_the_statements_of_the_period_make(self, take: str, value: Ratio) -> None:
        terms = agreement(stated(f", take: {take}"), target=">= 4")
        found = measured(terms, "2025-01", *shuffled(JANUARY), statement("02-01 00:00", "1"))
        assert (found.value, found.unit, found.total) == (value, Unit.NUMBER, 2)

    @pytest.mark.parametrize(
        ("unit", "written", "value", "expected"),
        [("share", "%", "95", Ratio(19, 20)), ("time", "min", "2", Ratio(120)), ("number", "EUR", "-7", Ratio(-7))],
    )
    def test_is_brought_into_its_unit(self, unit: str, written: str, value: str, expected: Ratio) -> None:
        target = {"share": ">= 90%", "time": "<= 1h", "number": ">= -9"}[unit]
        terms = agreement(stated(unit=unit), target=target)
        assert measured(terms, "2025-01", statement("01-10 10:00", value, unit=written)).value == expected

    def test_is_stated_by_those_who_may(self) -> None:
        terms = agreement(stated(", signed_by: [Erika]"), target=">= 4")
        found = verdict(terms, "2025-01", *JANUARY)
        assert (found.ruling, found.measurement.value) == (Ruling.MISSED, Ratio(39, 10))
        assert texts(found.measurement.reason) == [
            "satisfaction: last of 1 statement: 3.9",
            "Erika, of 2025-01-10T10:00:00Z: 3.9",
            "1 statement of persons who may not state it: left out",
        ]

    def test_is_about_its_subject(self) -> None:
        terms = agreement(stated(", subject: t"), target=">= 4")
        found = measured(terms, "2025-01", *JANUARY, statement("01-02 10:00", "5", subject="t"))
        assert found.value == 5

    def test_counts_once_what_was_said_twice(self) -> None:
        terms = agreement(stated(", take: sum"), target=">= 4")
        twice = (statement("01-10 10:00", "3"), statement("01-10 10:00", "3", by="Max"))
        assert measured(terms, "2025-01", *twice).value == 3

    @pytest.mark.parametrize(("empty", "ruling"), [("undecided", "UNDECIDED"), ("met", "MET"), ("missed", "MISSED")])
    def test_is_ruled_as_agreed_without_a_statement(self, empty: str, ruling: str) -> None:
        assert verdict(agreement(stated(f", empty: {empty}"), target=">= 4"), "2025-01").ruling == ruling

    def test_that_contradicts_itself_has_no_value(self) -> None:
        found = verdict(
            agreement(stated(), target=">= 4"), "2025-01", *JANUARY, statement("01-30 10:00", "2", name="3")
        )
        assert found.ruling is Ruling.UNDECIDED
        assert not found.measurement.invalid
        assert found.measurement.undecided == (
            "Of 2025-01-30T10:00:00Z Max states 4.2 and Erika states 2. One of the two has to be withdrawn before"
            " satisfaction has a value."
        )

    @pytest.mark.parametrize(("take", "value"), [("last", Ratio(21, 5)), ("mean", None)])
    def test_may_contradict_itself_where_it_does_not_matter(self, take: str, value: Ratio | None) -> None:
        terms = agreement(stated(f", take: {take}"), target=">= 4")
        assert measured(terms, "2025-01", *JANUARY, statement("01-10 10:00", "2")).value == value

    def test_of_two_subjects_at_once_is_no_contradiction_in_a_sum(self) -> None:
        terms = agreement(stated(", take: sum"), target=">= 4")
        found = measured(terms, "2025-01", *JANUARY, statement("01-10 10:00", "2", subject="t"))
        assert found.value == Ratio(101, 10)

    @pytest.mark.parametrize(
        ("more", "unit", "value", "sentence"),
        [
            (", maximum: 5", "number", "42", "Erika states 42, which is above the most that is valid, 5."),
            (", minimum: 1", "number", "0.5", "Erika states 0.5, which is below the least that is valid, 1."),
            ("", "share", "1.2", "Erika states 120 %, which is above the most that is valid, 100 %."),
            ("", "share", "-1", "Erika states -100 %, which is below the least that is valid, 0 %."),
        ],
    )
    def test_outside_of_its_bounds_is_invalid(self, more: str, unit: str, value: str, sentence: str) -> None:
        terms = agreement(stated(more, unit), target={"number": ">= 4", "share": ">= 90%"}[unit])
        found = verdict(terms, "2025-01", statement("01-10 10:00", value))
        assert (found.ruling, found.measurement.invalid, found.measurement.value) == (Ruling.UNDECIDED, True, None)
        assert found.measurement.undecided == f"{sentence} The statement has to be corrected."

    def test_may_be_more_than_all_if_the_parties_say_so(self) -> None:
        terms = agreement(stated(", maximum: 150%", "share"), target=">= 110%")
        assert verdict(terms, "2025-01", statement("01-10 10:00", "1.2")).ruling is Ruling.MET

    def test_of_several_is_valid_if_all_are(self) -> None:
        terms = agreement(stated(", take: mean, maximum: 4"), target=">= 4")
        assert measured(terms, "2025-01", *JANUARY).invalid

    @pytest.mark.parametrize(
        ("unit", "records", "problem"),
        [
            (
                "time",
                [statement("01-10 10:00", "5", unit="points", name="t1")],
                "signed#t1 gives satisfaction in points, which is no time. Correct the record.",
            ),
            (
                "share",
                [statement("01-10 10:00", "5", unit="h", name="t2"), statement("01-11 10:00", "5", unit="", name="t3")],
                "signed#t2 gives satisfaction in h, which is no share. Correct the record.",
            ),
            (
                "number",
                [statement("01-10 10:00", "5", unit="C"), statement("01-11 10:00", "5", unit="")],
                "satisfaction is recorded in C and in no unit, which cannot be told from one another as numbers.",
            ),
        ],
    )
    def test_in_units_that_do_not_fit_has_no_value(self, unit: str, records: list[object], problem: str) -> None:
        target = {"share": ">= 90%", "time": "<= 1h", "number": ">= 4"}[unit]
        found = verdict(agreement(stated(unit=unit), target=target), "2025-01", *records)  # type: ignore[arg-type]
        assert (found.ruling, found.measurement.undecided) == (Ruling.UNDECIDED, problem)
