from __future__ import annotations

import pytest
from hypothesis import given

from makegood.engine.evidence.probes import Probe
from makegood.engine.evidence.records import Status
from makegood.vault.measuring.status.measure import measured
from makegood.vault.measuring.status.runs import seconds_of_runs
from makegood.vault.probes.columns import ProbeColumns
from makegood.vault.probes.runs import RunColumns, joined_runs, runs_of
from tests.vault.measuring.status.law import SECONDS, Asked, asked, law
from tests.vault.measuring.status.test_by_law import cuts, few, parts
from tests.vault.probes.probing import OTHER, SHOP, probe, up_at


def runs(drawn: list[Probe], at: list[int]) -> RunColumns:
    """Return the runs of partitions that are cut at these seconds after noon."""
    return joined_runs([runs_of(part) for part in parts(drawn, at)])


class TestSecondsOfRuns:
    @given(few, asked(), cuts)
    def test_are_those_of_the_law_unless_probes_are_needed(
        self, drawn: list[Probe], asked: Asked, at: list[int]
    ) -> None:
        seconds, needed = seconds_of_runs(asked.plan([]), runs(drawn, at))
        expected = [row[1] for row in law(asked, drawn)]
        for number, raw in enumerate(needed.tolist()):
            assert raw or seconds[number].tolist() == expected[number]

    @given(few, asked(), cuts)
    def test_need_the_probes_where_one_held_for_less_than_a_gap(
        self, drawn: list[Probe], asked: Asked, at: list[int]
    ) -> None:
        found = runs(drawn, at)
        expected = [
            asked.after is not None and any(run.series == name and run.max_gap > asked.after for run in found.runs())
            for name in asked.names
        ]
        assert seconds_of_runs(asked.plan([]), found)[1].tolist() == expected

    @pytest.mark.parametrize(("after", "raw"), [(60, False), (59, True), (None, False)])
    def test_hold_to_the_second(self, after: int | None, raw: bool) -> None:
        drawn = [*up_at(0, 60, 120, series=SHOP), probe(300, Status.DOWN, series=SHOP)]
        asked = Asked(names=(SHOP,), after=after)
        seconds, needed = seconds_of_runs(asked.plan([]), runs(drawn, [200]))
        assert needed.tolist() == [raw]
        if not raw:
            up, down = (300, SECONDS - 300) if after is None else (180, 60)
            assert seconds.tolist() == [[up, 0, down, 0]]
            assert seconds.tolist() == measured(asked.plan([]), parts(drawn)).figures().seconds.tolist()

    def test_of_what_nobody_asks_for_are_none(self) -> None:
        plan = Asked(names=(SHOP, OTHER), after=30).plan([])
        seconds, needed = seconds_of_runs(plan, runs(up_at(0, 60), []))
        assert (seconds.tolist(), needed.tolist()) == ([[0] * 4] * 2, [False] * 2)

    def test_are_refused_if_runs_overlap(self) -> None:
        both = joined_runs([runs_of(ProbeColumns.of(up_at(*seconds))) for seconds in ((0, 60), (30, 90))])
        with pytest.raises(ValueError, match=r"^a probe of a series comes before one that was measured already$"):
            seconds_of_runs(Asked().plan([]), both)
