"""Races: what must be reached, and when contestants did the same work."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest

from benchmarks.contest import AnswersDiffer, compare
from benchmarks.contestant import digest, measured
from benchmarks.page import part, rows, with_part
from benchmarks.race import MIB, Answer, Contestant, Figure, Goal, Peak, Race, Ratio, Run, Size


def nothing(_folder: Path) -> Answer:
    return Answer()


def race(*goals: Goal) -> Race:
    return Race("count stars", nothing, (Contestant("scan", nothing), Contestant("ours", nothing)), goals)


def run(cpu: float, *, peak: int = MIB, stars: str = "seven", speed: float = 1) -> Run:
    return Run(cpu, cpu, peak, {"stars": stars}, {"stars/s": speed}, {"numpy": "2.4"})


# In the second round the machine was slow, for both.
RUNS = {
    "scan": [run(2, speed=10), run(20, speed=1), run(2, speed=10)],
    "ours": [run(6, peak=2 * MIB, speed=5), run(62, peak=3 * MIB, speed=0.5), run(6, peak=2 * MIB, speed=5)],
}


class TestAGoal:
    @pytest.mark.parametrize(
        ("_case", "goal", "value"),
        [
            ("is a ratio within each round", Ratio("ours", over="scan", at_most=3), 3),
            ("is about memory", Peak("ours", at_most=2 * MIB), 2 * MIB),
            ("is a figure of the contestant's own", Figure("ours", "stars/s", at_least=1), 5),
            ("is a figure beside another's", Figure("ours", "stars/s", over="scan", at_least=1), 0.5),
        ],
    )
    def test_is_reached_by_the_median(self, _case: str, goal: Goal, value: float) -> None:
        assert goal.value(RUNS) == value

    def test_is_at_most_or_at_least_a_number(self) -> None:
        with pytest.raises(ValueError, match=r"^a goal is at most or at least a number$"):
            Ratio("ours", over="scan")

    def test_is_about_contestants_of_the_race(self) -> None:
        with pytest.raises(ValueError, match=r"^count stars: each goal is about contestants, and each of those has"):
            race(Ratio("ours", over="theirs", at_most=1))


class TestTheSameWork:
    def test_is_done_by_those_who_agree_on_the_parts_that_they_name(self) -> None:
        compare(race(), RUNS | {"bare": [Run(1, 1, 1, {}, {}, {})]})

    def test_is_not_done_if_an_answer_differs(self) -> None:
        with pytest.raises(AnswersDiffer, match=r"^count stars: scan and ours differ in 'stars'$"):
            compare(race(), {"scan": [run(1)], "ours": [run(1, stars="eight")]})

    @pytest.mark.parametrize(
        ("_case", "one", "other"),
        [
            ("arrays of other widths", np.array([1, 2], np.int32), np.array([1, 2], np.int64)),
            ("an array's number", np.int64(7), 7),
            ("mappings in another order", {"a": 1, "b": [2]}, {"b": [2], "a": 1}),
        ],
    )
    def test_is_seen_in_equal_answers(self, _case: str, one: object, other: object) -> None:
        assert digest(one) == digest(other)

    @pytest.mark.parametrize(
        ("_case", "one", "other"),
        [
            ("other numbers", np.array([1, 2]), np.array([2, 1])),
            ("other bytes", b"a", b"b"),
            ("a number and its text", 7, "7"),
        ],
    )
    def test_is_not_seen_in_others(self, _case: str, one: object, other: object) -> None:
        assert digest(one) != digest(other)


class TestAContestant:
    def test_works_on_what_it_made_ready(self, tmp_path: Path) -> None:
        (tmp_path / "stars").write_text("7", encoding="utf-8")
        counting = Contestant(
            "ours", lambda stars: Answer({"stars": stars}), ready=lambda at: int((at / "stars").read_text())
        )
        found = measured(counting, tmp_path, tmp_path / "result")
        assert found.digests == {"stars": digest(7)}
        assert (tmp_path / "result").exists()


class TestThePage:
    def test_has_a_row_for_each_contestant_and_each_further_goal(self) -> None:
        with_goals = race(Ratio("ours", over="scan", at_most=2.5), Peak("ours", at_most=4 * MIB))
        assert list(rows(with_goals, RUNS)) == [
            "| count stars | scan | 1.00 | 1 MiB | 10.00 stars/s |  |  |",
            "|  | ours | 3.00 | 2 MiB | 3.00 × scan | ≤ 2.5 | **no** |",
            "|  |  |  |  | 2.00 MiB | ≤ 4 | yes |",
            "|  |  |  |  | 5.00 stars/s |  |  |",
        ]

    def test_says_on_what_each_part_ran(self) -> None:
        told = part("sky", Size.SMALL, 3, [(race(), RUNS)]).splitlines()[2]
        assert told.startswith("Size small, 3 rounds; ")
        assert told.endswith(", numpy 2.4.")

    def test_keeps_the_parts_that_did_not_run(self) -> None:
        page = with_part(with_part("", "sky", "## sky\n\nold\n"), "sea", "## sea\n\nwet\n")
        again = with_part(page, "sky", "## sky\n\nnew\n")
        assert again == with_part(with_part("", "sea", "## sea\n\nwet\n"), "sky", "## sky\n\nnew\n")
        assert again.endswith("## sea\n\nwet\n\n## sky\n\nnew\n")
