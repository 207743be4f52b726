from __future__ import annotations

import random

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from makegood.engine.evidence.probes import Probe
from makegood.engine.evidence.records import Status
from makegood.vault.probes.columns import ProbeColumns, check_codes, joined
from tests.vault.probes.probing import NOON, PING, SHOP, WEB, accepted, probe, probes, same, up_at


class TestProbesAsColumns:
    @given(probes())
    def test_are_the_same_probes_in_canonical_order(self, drawn: list[Probe]) -> None:
        assert ProbeColumns.of(drawn).probes() == sorted(drawn, key=lambda each: (each.series, each.at))

    def test_hold_seconds_and_millionths(self) -> None:
        columns = ProbeColumns.of([probe(60, Status.DOWN, 12_500_000), probe(0, series=SHOP)])
        assert columns.names == (SHOP, WEB)
        assert (columns.series.tolist(), columns.at.tolist()) == ([0, 1], [NOON, NOON + 60])
        assert (columns.status.tolist(), columns.value.tolist()) == ([0, 2], [-(2**63), 12_500_000])

    def test_may_stay_in_the_order_in_which_they_came(self) -> None:
        found = [probe(60), probe(0, series=SHOP), probe(0), probe(0, Status.DOWN)]
        columns = ProbeColumns.listed(found)
        order = columns.order()
        assert columns.probes() == found
        assert order is not None
        assert order.tolist() == [1, 2, 3, 0]

    @given(probes(), st.randoms(use_true_random=False))
    def test_are_put_in_order(self, drawn: list[Probe], chance: random.Random) -> None:
        columns = ProbeColumns.of(drawn)
        order = list(range(len(columns)))
        chance.shuffle(order)
        assert same(columns.chosen(order).sorted(), columns)

    def test_are_left_as_they_are_if_they_are_in_order(self) -> None:
        columns = ProbeColumns.of(up_at(0, 60))
        assert columns.sorted() is columns

    def test_name_only_the_series_that_are_left(self) -> None:
        columns = accepted([*up_at(0, series=SHOP), *up_at(0, series=PING), *up_at(0, 60)], 1, 1, 1, 2)
        left = columns.chosen(columns.at > NOON)
        assert (left.names, left.series.tolist(), left.probes()) == ((WEB,), [0], up_at(60))
        assert left.sequence is not None
        assert left.sequence.tolist() == [2]


class TestJoined:
    @given(probes(), st.integers(1, 5))
    def test_is_all_rows_in_canonical_order(self, drawn: list[Probe], count: int) -> None:
        parts = [ProbeColumns.of(drawn[number::count]) for number in range(count)]
        assert same(joined(parts), ProbeColumns.of(drawn))

    def test_keeps_the_sequence_of_each_row(self) -> None:
        parts = [accepted(up_at(0, 120), 1, 1), accepted([*up_at(60), *up_at(0, series=SHOP)], 3, 2)]
        columns = joined(parts)
        assert columns.probes() == [*up_at(0, series=SHOP), *up_at(0, 60, 120)]
        assert columns.sequence is not None
        assert columns.sequence.tolist() == [3, 1, 2, 1]

    def test_has_no_sequence_if_a_part_has_none(self) -> None:
        assert joined([accepted(up_at(0), 1), ProbeColumns.of(up_at(60))]).sequence is None

    def test_of_nothing_has_no_rows(self) -> None:
        assert (len(joined([])), joined([]).names) == (0, ())


class TestCheckCodes:
    @pytest.mark.parametrize(
        ("_case", "series", "status", "sentence"),
        [
            ("below the table", -1, 0, "it has a row of a series that its table does not have"),
            ("beyond the table", 1, 0, "it has a row of a series that its table does not have"),
            ("beyond the statuses", 0, 4, "it has a row with a status that there is not"),
        ],
    )
    def test_refuses_a_code_that_names_nothing(self, _case: str, series: int, status: int, sentence: str) -> None:
        with pytest.raises(ValueError, match=rf"^{sentence}$"):
            check_codes((WEB,), np.array([0, series]), np.array([0, status]))

    def test_takes_no_rows(self) -> None:
        check_codes((), np.array([], np.int32), np.array([], np.uint8))
