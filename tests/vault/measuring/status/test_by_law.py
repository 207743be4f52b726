from __future__ import annotations

from collections.abc import Sequence
from functools import partial

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from makegood.engine.evidence.probes import Probe
from makegood.engine.evidence.records import Status
from makegood.engine.vocabulary.ratio import Ratio
from makegood.vault.measuring.status import arrays, loops
from makegood.vault.measuring.status.measure import Pass, fastest, measured
from makegood.vault.measuring.status.part import StatusPart, merged
from makegood.vault.measuring.status.plan import StatusPlan
from makegood.vault.probes.columns import ProbeColumns, second_of
from tests.vault.measuring.status.law import SECONDS, Asked, asked, law, rows
from tests.vault.probes.probing import NOON, OTHER, SHOP, probe, probes, up_at

in_python: Pass = partial(loops.add, by_series=loops.by_series, over_rows=loops.over_rows)
PASSES: tuple[Pass, ...] = (arrays.add, in_python, fastest())

few = probes(SECONDS, largest=5)
cuts = st.lists(st.integers(0, SECONDS), max_size=4).map(sorted)


def parts(drawn: Sequence[Probe], at: Sequence[int] = (), *, in_order_of_time: bool = False) -> list[ProbeColumns]:
    """Return the probes in columns, cut at these seconds after noon; each part by series, or as they came."""
    found = []
    for start, end in zip([0, *at], [*at, SECONDS], strict=True):
        columns = ProbeColumns.of(each for each in drawn if start <= second_of(each.at) - NOON < end)
        found.append(columns.chosen(np.argsort(columns.at, kind="stable")) if in_order_of_time else columns)
    return found


def from_both_ends(found: Sequence[StatusPart], pivot: int) -> StatusPart:
    """Merge the parts up to one from the left, those behind it from the right, and then the two."""
    before, after = [*found[: pivot + 1]], [*found[pivot + 1 :]]
    while len(before) > 1:
        before[:2] = [merged(*before[:2])]
    while len(after) > 1:
        after[-2:] = [merged(*after[-2:])]
    return merged(before[0], after[0]) if after else before[0]


class TestEveryPass:
    @given(few, asked(), st.booleans(), st.integers(0, 3))
    def test_says_what_the_law_says(self, drawn: list[Probe], asked: Asked, in_order_of_time: bool, spare: int) -> None:
        expected = law(asked, drawn)
        for add in PASSES:
            part = measured(asked.plan(drawn, spare=spare), parts(drawn, in_order_of_time=in_order_of_time), add)
            assert rows(part.figures()) == expected
            assert rows(part.figures()) == expected  # asking changes nothing

    @given(few, asked(), cuts, st.booleans())
    def test_goes_on_where_it_stopped(
        self, drawn: list[Probe], asked: Asked, at: list[int], in_order_of_time: bool
    ) -> None:
        expected = law(asked, drawn)
        for add in PASSES:
            part = measured(asked.plan(drawn), parts(drawn, at, in_order_of_time=in_order_of_time), add)
            assert rows(part.figures()) == expected

    @given(few, asked(), cuts, st.integers(0, 4))
    def test_merges_what_was_measured_apart(self, drawn: list[Probe], asked: Asked, at: list[int], pivot: int) -> None:
        plan, expected = asked.plan(drawn), law(asked, drawn)
        for add in PASSES:
            apart = [measured(plan, [part], add) for part in parts(drawn, at)]
            assert rows(from_both_ends(apart, pivot).figures()) == expected

    @given(few, asked(), cuts)
    def test_goes_on_from_what_another_pass_or_a_merge_left(
        self, drawn: list[Probe], asked: Asked, at: list[int]
    ) -> None:
        plan = asked.plan(drawn)
        part = StatusPart.of(plan)
        for number, columns in enumerate(parts(drawn, at)):
            if number % 4:
                PASSES[number % 4 - 1](part, columns)
            else:
                part = merged(part, measured(plan, [columns]))
        assert rows(part.figures()) == law(asked, drawn)

    @given(
        st.lists(st.none() | st.integers(-50, 50), min_size=20, max_size=150),
        st.sampled_from([Ratio(0), Ratio(1, 10), Ratio(1, 2), Ratio(9, 10), Ratio(99, 100)]),
        st.integers(0, 150),
    )
    def test_keeps_what_can_be_the_quantile(self, values: list[int | None], share: Ratio, at: int) -> None:
        drawn = [probe(second, micro=value, series=SHOP) for second, value in enumerate(values)]
        asked = Asked(names=(SHOP,), share=share)
        plan, expected = asked.plan(drawn), law(asked, drawn)
        for add in PASSES:
            assert rows(measured(plan, parts(drawn, [at]), add).figures()) == expected
            apart = [measured(plan, [part], add) for part in parts(drawn, [at])]
            assert rows(merged(*apart).figures()) == expected

    @pytest.mark.parametrize("add", PASSES)
    def test_refuses_a_probe_that_comes_too_late(self, add: Pass) -> None:
        plan = Asked().plan([])
        for found in (ProbeColumns.of(up_at(0, 60)).chosen([1, 0]), ProbeColumns.of(up_at(30))):
            part = measured(plan, [ProbeColumns.of(up_at(0, 60))][: len(found) % 2], add)
            with pytest.raises(ValueError, match=r"^a probe of a series comes before one that was measured already$"):
                add(part, found)

    @pytest.mark.parametrize("add", PASSES)
    def test_refuses_more_values_than_the_plan_says(self, add: Pass) -> None:
        two = [probe(second, micro=second) for second in (0, 60)]
        part = StatusPart.of(Asked(share=Ratio(1)).plan(two[:1]))
        with pytest.raises(ValueError, match=r"^a series has more values than the plan says that it has at most$"):
            add(part, ProbeColumns.of(two))

    @pytest.mark.parametrize("add", PASSES)
    def test_passes_over_series_that_are_not_asked_for(self, add: Pass) -> None:
        asked = Asked(names=(SHOP,))
        part = measured(asked.plan([]), parts([*up_at(0), *up_at(0, series=OTHER)]), add)
        assert rows(part.figures()) == [([0] * 4, [0] * 4, 0, 0, -(2**63))]


class TestMerging:
    def test_refuses_parts_in_the_wrong_order(self) -> None:
        plan = Asked().plan([])
        early, late = (measured(plan, [ProbeColumns.of(up_at(*seconds))]) for seconds in ((0, 60), (61, 90)))
        with pytest.raises(ValueError, match=r"^a probe of a series comes before one that was measured already$"):
            merged(late, early)

    def test_refuses_more_values_than_the_plan_says(self) -> None:
        one, other = ([probe(second, micro=second)] for second in (0, 60))
        plan = Asked(share=Ratio(1)).plan(one)
        apart = [measured(plan, [ProbeColumns.of(found)]) for found in (one, other)]
        with pytest.raises(ValueError, match=r"^a series has more values than the plan says that it has at most$"):
            merged(*apart)

    def test_leaves_both_parts_as_they_are(self) -> None:
        drawn = [probe(0, micro=1), probe(60, Status.DOWN, 2), probe(120, micro=3)]
        asked = Asked(share=Ratio(1, 2), every=60, after=30)
        plan = asked.plan(drawn)
        early, late = (measured(plan, [ProbeColumns.of(found)]) for found in (drawn[:2], drawn[2:]))
        before = rows(early.figures()), rows(late.figures())
        assert rows(merged(early, late).figures()) == law(asked, drawn)
        assert (rows(early.figures()), rows(late.figures())) == before


class TestThePlan:
    @pytest.mark.parametrize("share", [Ratio(-1), Ratio(11, 10), Ratio(1, 10**9 + 1)])
    def test_refuses_a_share_that_is_none(self, share: Ratio) -> None:
        for wrong in (Asked(share=share), Asked(every=60, level=share)):
            with pytest.raises(ValueError, match=r"^a share lies between nothing and all, in parts no finer than 10"):
                wrong.plan([])

    def test_refuses_windows_of_no_time(self) -> None:
        with pytest.raises(ValueError, match=r"^a window is one second long or more, not 0$"):
            Asked(every=0).plan([])

    def test_knows_series_by_their_number(self) -> None:
        plan: StatusPlan = Asked(names=(SHOP, OTHER)).plan([])
        assert plan.numbers((OTHER, up_at(0)[0].series, SHOP)).tolist() == [1, -1, 0]
