from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest

from makegood.engine.evidence.probes import Probe, Series
from makegood.engine.evidence.records import Status
from makegood.engine.evidence.reduction import Run, runs

NOON = datetime(2026, 3, 2, 12, tzinfo=UTC)
WEB, SHOP = Series("monitoring", "web-1"), Series("monitoring", "shop")
LETTERS = {"u": Status.UP, "d": Status.DOWN}


def shown(*seconds: int, found: str = "") -> list[tuple[int, int, int, int]]:
    """Return the first and last second, count and longest gap of the runs of probes, up unless ``found`` says else."""
    letters = found or len(seconds) * "u"
    probes = [
        Probe(WEB, NOON + timedelta(seconds=at), LETTERS[letter]) for at, letter in zip(seconds, letters, strict=True)
    ]
    return [
        ((run.first_at - NOON).seconds, (run.last_at - NOON).seconds, run.count, run.max_gap) for run in runs(probes)
    ]


class TestARun:
    @pytest.mark.parametrize(
        ("_case", "seconds", "found", "expected"),
        [
            ("no probe", (), "", []),
            ("one probe", (5,), "u", [(5, 5, 1, 0)]),
            ("two far apart: their gap is the usual one", (0, 9000), "uu", [(0, 9000, 2, 9000)]),
            ("two of different status", (0, 60), "ud", [(0, 0, 1, 0), (60, 60, 1, 0)]),
            ("the status changes and comes back", (0, 1, 2, 3), "uduu", [(0, 0, 1, 0), (1, 1, 1, 0), (2, 3, 2, 1)]),
            ("three times the usual gap", (0, 10, 20, 50), "uuuu", [(0, 50, 4, 30)]),
            ("a second more", (0, 10, 20, 51), "uuuu", [(0, 20, 3, 10), (51, 51, 1, 0)]),
            ("of two in the middle the lower is usual", (0, 10, 110), "uuu", [(0, 10, 2, 10), (110, 110, 1, 0)]),
            ("in any order", (20, 0, 10), "duu", [(0, 10, 2, 10), (20, 20, 1, 0)]),
            ("gaps across a change count as usual ones too", (0, 50, 60), "udd", [(0, 0, 1, 0), (50, 60, 2, 10)]),
        ],
    )
    def test_ends_with_its_status_or_before_a_long_gap(
        self, _case: str, seconds: tuple[int, ...], found: str, expected: list[tuple[int, int, int, int]]
    ) -> None:
        assert shown(*seconds, found=found) == expected

    def test_is_of_one_series(self) -> None:
        found = runs(Probe(series, NOON + timedelta(seconds=at), Status.UP) for at in (0, 60) for series in (WEB, SHOP))
        later = NOON + timedelta(seconds=60)
        assert found == [Run(series, Status.UP, NOON, later, 2, 60) for series in (SHOP, WEB)]
