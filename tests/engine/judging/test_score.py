from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from makegood.engine.agreement.measures.score import Figure
from makegood.engine.agreement.shapes import Unit
from makegood.engine.evidence.records import AnyRecord
from makegood.engine.judging.score import score
from makegood.engine.judging.verdict import Ruling
from makegood.engine.vocabulary.ratio import Ratio
from tests.engine.judging.scene import agreement, measured, shuffled, statement, tally, texts, verdict

SURVEY: tuple[AnyRecord, ...] = (
    tally("04-10 10:00", "5", 60, of="survey", name="5"),
    tally("04-11 10:00", "4", 25, of="survey", name="4"),
    tally("04-11 10:00", "1", 15, of="survey", name="1"),
    tally("04-12 10:00", "bounced", 40, of="survey", name="b"),
    tally("05-12 10:00", "1", 9, of="survey"),
)


def survey(figure: str, more: str = "") -> str:
    return f"{{kind: score, of: survey, as: {figure}, scale: {{from: 1, to: 5}}, no_answer: bounced{more}}}"


class TestScore:
    @pytest.mark.parametrize(
        ("figure", "target", "value", "unit", "good"),
        [
            ("mean", ">= 4", Ratio(83, 20), Unit.NUMBER, 0),
            ("top_box, top: 4", ">= 80%", Ratio(17, 20), Unit.SHARE, 85),
            ("net_promoter, top: 5, bottom: 2", ">= 40", Ratio(45), Unit.NUMBER, 60),
        ],
    )
    def test_is_what_the_answers_come_to(self, figure: str, target: str, value: Ratio, unit: Unit, good: int) -> None:
        found = verdict(agreement(survey(figure), target=target), "2025-04", *shuffled(SURVEY))
        assert (found.measurement.value, found.measurement.unit, found.ruling) == (value, unit, Ruling.MET)
        assert (found.measurement.good, found.measurement.total) == (good, 100)

    def test_counts_single_answers_as_they_were_stated(self) -> None:
        records = [statement("04-10 10:00", "4", of="survey"), statement("04-10 10:00", "5", of="survey", by="Max")]
        records.append(statement("05-10 10:00", "1", of="survey"))
        assert measured(agreement(survey("mean"), target=">= 4"), "2025-04", *records).value == Ratio(9, 2)

    def test_tells_how_often_each_answer_was_given(self) -> None:
        found = measured(agreement(survey("mean"), target=">= 4"), "2025-04", *SURVEY)
        assert texts(found.reason) == [
            "survey: mean of 100 answers: 4.15",
            "answer 1: 15",
            "answer 4: 25",
            "answer 5: 60",
            "answer bounced (no answer, left out): 40",
        ]

    @pytest.mark.parametrize(
        "wrong", [tally("04-20 10:00", "400%", of="survey"), statement("04-20 10:00", "4", of="survey", unit="%")]
    )
    def test_takes_no_percentage_for_an_answer(self, wrong: AnyRecord) -> None:
        found = verdict(agreement(survey("mean"), target=">= 4"), "2025-04", *SURVEY, wrong)
        assert (found.ruling, found.measurement.invalid) == (Ruling.UNDECIDED, True)

    @pytest.mark.parametrize("result", ["6", "0", "good"])
    def test_of_an_impossible_answer_is_invalid(self, result: str) -> None:
        wrong = tally("04-20 10:00", result, of="survey", name="wrong")
        found = verdict(agreement(survey("mean"), target=">= 4"), "2025-04", *SURVEY, wrong)
        assert (found.ruling, found.measurement.invalid) == (Ruling.UNDECIDED, True)
        assert found.measurement.undecided == (
            f"shop#wrong gives the answer {result} to survey, and answers go from 1 to 5. Correct the record, or list the"
            " result as no answer."
        )

    def test_of_too_few_answers_is_undecided(self) -> None:
        found = verdict(agreement(survey("mean", ", minimum_answers: 102"), target=">= 4"), "2025-04", *SURVEY)
        assert found.ruling is Ruling.UNDECIDED
        assert found.measurement.undecided == "100 answers to survey were given; a verdict needs 2 answers more."

    @pytest.mark.parametrize(("empty", "ruling"), [("undecided", "UNDECIDED"), ("met", "MET")])
    def test_of_no_answer_is_ruled_as_agreed(self, empty: str, ruling: str) -> None:
        terms = agreement(survey("mean", f", empty: {empty}"), target=">= 4")
        nothing = (tally("04-12 10:00", "bounced", 40, of="survey"), tally("04-12 10:00", "5", 0, of="survey"))
        assert verdict(terms, "2025-04", *nothing).ruling == ruling

    @given(st.dictionaries(st.integers(1, 5).map(Ratio), st.integers(1, 50), min_size=1))
    def test_lies_between_its_extremes(self, answers: dict[Ratio, int]) -> None:
        low, high = {Figure.MEAN: (1, 5), Figure.TOP_BOX: (0, 1), Figure.NET_PROMOTER: (-100, 100)}, 5
        for figure, (least, most) in low.items():
            found = score(answers, figure, top=Ratio(high), bottom=Ratio(2))
            assert found is not None
            assert least <= found <= most
