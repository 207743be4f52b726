"""The table of checks: each row is what the law says of its timeline."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path
from tempfile import TemporaryDirectory

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from makegood.engine.evidence.probes import Probe, Series
from makegood.engine.evidence.records import Exclusion, Status
from makegood.engine.vocabulary.ratio import Ratio
from makegood.vault.measuring.checks.figures import CheckFigures, worst_first
from makegood.vault.measuring.checks.history import ProbesRemoved
from makegood.vault.measuring.checks.table import CheckTable
from makegood.vault.measuring.schedule.named import SchedulerName, scheduler_named
from makegood.vault.measuring.status.plan import Windows
from makegood.vault.probes.columns import ProbeColumns, instant_of
from makegood.vault.vault import Vault
from tests.vault.measuring.checks.scene import (
    DAY,
    FRIDAY,
    HOUR,
    MOVED,
    NOW,
    PING,
    SHOP,
    SIZE,
    WEB,
    Batch,
    Evident,
    asked,
    correction,
    evident,
    law,
    rows,
)


class TestEveryRow:
    @settings(max_examples=60, deadline=None)
    @given(
        evidence=evident(),
        start=st.sampled_from([0, -HOUR, 1234, DAY]),
        length=st.sampled_from([DAY, 1, 36 * HOUR]),
        after=st.none() | st.sampled_from([60, HOUR, 3 * DAY]),
        causes=st.frozensets(st.sampled_from(["maintenance", "weather"])),
        share=st.none() | st.sampled_from([Ratio(0), Ratio(1, 2), Ratio(9, 10)]),
        on=st.sampled_from(["always", "shop"]),
        workers=st.integers(1, 4),
    )
    def test_is_what_the_law_says(
        self,
        evidence: Evident,
        start: int,
        length: int,
        after: int | None,
        causes: frozenset[str],
        share: Ratio | None,
        on: str,
        workers: int,
    ) -> None:
        question = asked(start, start + length, on=on, after=after, causes=causes, share=share)
        with TemporaryDirectory() as folder:
            vault = evidence.kept(Path(folder))
            found = rows(vault, question, workers)
            for row in found:
                available, value = law(vault, question, row, on)
                assert row.quantile == value
                # Where nothing is known of the time that counts, down outside of it lets the law say that none was up.
                assert row.availability == available or (not row.is_known and available == 0)
            known = {
                probe.series.timeline
                for each in vault.probes()
                for probe in each.probes()
                if probe.at < question.span.end
            }
            assert {(each.origin, each.subject) for each in found} == known


def found(*at: int, series: Series = SHOP, status: Status = Status.UP, value: int | None = None) -> list[Probe]:
    """Return probes so many seconds after the midnight of the Friday."""
    return [
        Probe(series, instant_of(FRIDAY + second), status, None if value is None else Ratio(value)) for second in at
    ]


def every(start: int, end: int, step: int, *, series: Series = SHOP, status: Status = Status.UP) -> list[Probe]:
    return found(*range(start, end, step), series=series, status=status)


def kept(folder: Path, *batches: Batch, sealed: bool = True) -> Vault:
    """Return a vault with batches, each sealed by itself."""
    return Evident([*batches], frozenset(range(len(batches))) if sealed else frozenset()).kept(folder)


def times(row: CheckFigures) -> tuple[int, int, int, int]:
    return row.up, row.degraded, row.down, row.unknown


class TestARow:
    def test_is_a_timeline_whatever_its_labels_were(self, tmp_path: Path) -> None:
        vault = kept(tmp_path, found(0, value=1), found(HOUR, series=MOVED, status=Status.DOWN, value=3))
        (row,) = rows(vault, asked(share=Ratio(1)))
        assert (row.origin, row.subject, row.values) == ("monitoring/http", "shop", (("time", "ms"),))
        assert (times(row), row.quantile, row.unit) == ((HOUR, 0, 23 * HOUR, 0), Ratio(3), "ms")

    def test_has_no_quantile_of_several_things(self, tmp_path: Path) -> None:
        vault = kept(tmp_path, found(0, value=1), found(HOUR, series=SIZE, value=3))
        (row,) = rows(vault, asked(share=Ratio(1)))
        assert (row.values, row.quantile, row.unit) == ((("size", "kB"), ("time", "ms")), None, "")

    def test_has_a_quantile_if_it_measured_something_else_earlier_on_that_day(self, tmp_path: Path) -> None:
        vault = kept(tmp_path, found(HOUR, series=SIZE, value=3), found(3 * HOUR, value=1))
        (row,) = rows(vault, asked(2 * HOUR, DAY, share=Ratio(1)))
        assert (row.values, row.quantile) == ((("time", "ms"),), Ratio(1))

    def test_is_of_one_source_even_if_another_says_the_same_of_its_check(self, tmp_path: Path) -> None:
        other = Series("monitoring/http", "shop", "", "time", "ms")
        vault = kept(tmp_path, found(HOUR, series=other, status=Status.DOWN, value=9), found(0, value=1))
        named = asked(share=Ratio(1), sources=frozenset({"monitoring"}))
        withdrawn = kept(
            tmp_path / "one",
            found(HOUR, series=other, value=9),
            found(0, value=1),
            found(-HOUR),
            [correction(found(-HOUR)[0].records[0].id)],
        )
        for each in (vault, withdrawn):
            (row,) = rows(each, named)
            assert (times(row), row.quantile) == ((DAY, 0, 0, 0), Ratio(1))

    def test_begins_as_the_timeline_stood_before(self, tmp_path: Path) -> None:
        before = found(-3 * DAY, series=MOVED, status=Status.DOWN)
        vault = kept(tmp_path, before, found(HOUR), every(-4 * DAY, -3 * DAY, HOUR, series=PING))
        ping, shop = reversed(rows(vault, asked()))
        assert (times(ping), times(shop)) == ((DAY, 0, 0, 0), (23 * HOUR, 0, HOUR, 0))
        ping, shop = reversed(rows(vault, asked(probes=True), 4))
        assert (times(ping), ping.probes) == ((DAY, 0, 0, 0), (0, 0, 0, 0))
        assert (times(shop), shop.probes) == ((23 * HOUR, 0, HOUR, 0), (1, 0, 0, 0))

    def test_needs_probes_where_they_came_more_seldom_than_they_hold(self, tmp_path: Path) -> None:
        vault = kept(tmp_path, [*every(0, DAY, HOUR), *every(0, DAY, 60, series=PING)])
        shop, ping = rows(vault, asked(after=600))
        assert (times(shop), times(ping)) == ((24 * 600, 0, 0, DAY - 24 * 600), (DAY, 0, 0, 0))
        assert (shop.probes, ping.probes) == (None, None)

    def test_takes_late_probes_that_interlace_with_what_was_sealed(self, tmp_path: Path) -> None:
        down = every(1800, DAY, HOUR, status=Status.DOWN)
        vault = kept(tmp_path, every(0, DAY, HOUR), down)
        assert [times(each) for each in rows(vault, asked())] == [(12 * HOUR, 0, 12 * HOUR, 0)]

    def test_does_not_count_what_was_withdrawn(self, tmp_path: Path) -> None:
        first, second, *_ = probes = [*found(0, value=5), *found(HOUR, status=Status.DOWN, value=9)]
        state, value = second.records
        withdrawn = kept(tmp_path / "state", probes, [correction(state.id)])
        (row,) = rows(withdrawn, asked(share=Ratio(1)))
        assert (times(row), row.probes, row.quantile) == ((DAY, 0, 0, 0), (1, 0, 0, 0), Ratio(9))
        withdrawn = kept(tmp_path / "value", probes, [correction(value.id)])
        (row,) = rows(withdrawn, asked(share=Ratio(1)))
        assert (times(row), row.probes, row.quantile) == ((HOUR, 0, 23 * HOUR, 0), (1, 0, 1, 0), Ratio(5))
        twice = kept(tmp_path / "twice", probes, [correction(state.id), correction(correction(state.id).id)])
        assert [times(each) for each in rows(twice, asked())] == [(HOUR, 0, 23 * HOUR, 0)]
        assert first.at < second.at

    def test_begins_with_the_last_that_was_not_withdrawn(self, tmp_path: Path) -> None:
        probes = [*found(-2 * DAY, status=Status.DEGRADED), *found(-DAY, status=Status.DOWN), *found(-3 * DAY)]
        ids = {each.at: each.records[0].id for each in probes}
        gone = [correction(ids[instant_of(FRIDAY - DAY)])]
        assert [times(each) for each in rows(kept(tmp_path / "one", probes, gone), asked())] == [(0, DAY, 0, 0)]
        all_gone = kept(tmp_path / "all", probes, [correction(each) for each in ids.values()])
        assert [times(each) for each in rows(all_gone, asked())] == [(0, 0, 0, DAY)]

    def test_is_without_the_time_of_exclusions(self, tmp_path: Path) -> None:
        def exclusion(number: int, **more: object) -> Exclusion:
            start = instant_of(FRIDAY + number * HOUR)
            names = {"source": "desk", "source_id": f"{number}", "cause": "weather", "subject": "shop"}
            return Exclusion(**{**names, "start": start, "end": instant_of(FRIDAY + (number + 1) * HOUR), **more})  # type: ignore[arg-type]

        exclusions = [
            exclusion(1),
            exclusion(2, subject=""),
            exclusion(3, subject="web"),
            exclusion(4, cause="strike"),
            exclusion(5, case="T-1"),
            exclusion(6),
        ]
        probes = [*every(0, DAY, 60), *every(0, DAY, 60, series=WEB)]
        vault = kept(tmp_path, probes, exclusions, [correction(exclusions[-1].id)])
        assert [times(each) for each in rows(vault, asked(causes=frozenset({"weather"})))] == [
            (22 * HOUR, 0, 0, 0),
            (22 * HOUR, 0, 0, 0),
        ]
        assert [times(each) for each in rows(vault, asked(subjects=frozenset({"web"})))] == [(DAY, 0, 0, 0)]
        assert [each.source for each in rows(vault, asked(sources=frozenset({"monitoring"})))] == ["monitoring"]

    def test_has_values_in_time_that_is_excluded_for_other_labels(self, tmp_path: Path) -> None:
        start, end = instant_of(FRIDAY), instant_of(FRIDAY + HOUR)
        mill = {"cause": "weather", "start": start, "end": end, "labels": (("site", "mill"),)}
        vault = kept(
            tmp_path,
            [*found(0, HOUR, value=9), *found(0, HOUR, series=WEB, value=9), *found(0, HOUR, series=PING)],
            [Exclusion(source="desk", source_id="1", **mill)],  # type: ignore[arg-type]
            [*found(2 * HOUR, value=1), *found(2 * HOUR, series=WEB, value=1)],
        )
        shop, ping, web = rows(vault, asked(causes=frozenset({"weather"}), share=Ratio(2, 3)))
        assert {times(each) for each in (shop, ping, web)} == {(23 * HOUR, 0, 0, 0)}
        assert (shop.quantile, ping.quantile, web.quantile) == (Ratio(9), None, Ratio(9))
        shop, ping, web = rows(vault, asked(causes=frozenset({"weather"}), share=Ratio(1, 2)))
        assert (shop.quantile, ping.quantile, web.quantile) == (Ratio(9), None, Ratio(1))

    def test_is_the_same_whoever_measures(self, tmp_path: Path) -> None:
        probes = [*every(-DAY, DAY, 600), *every(0, DAY, 900, series=WEB, status=Status.DOWN)]
        vault = kept(tmp_path, probes[::2], sealed=True)
        with vault.writer(now=NOW) as writer:
            writer.append_probes(ProbeColumns.of(probes[1::2]))
        windows = Windows(start=FRIDAY, every=HOUR, level=Ratio(1))
        question = asked(windows=windows, share=Ratio(1, 2), after=1800)
        expected = rows(vault, question)
        for name in SchedulerName:
            with scheduler_named(name, 2) as scheduler:
                assert CheckTable.of(vault.contents(), question).figures(scheduler, 2) == expected


class TestProbesThatWereRemoved:
    def removed(self, vault: Vault) -> Vault:
        vault.retain(before=instant_of(FRIDAY + 3 * DAY).date(), kinds={"probes"}, reason="old", now=NOW)
        return vault

    def test_are_not_needed_for_time(self, tmp_path: Path) -> None:
        vault = self.removed(kept(tmp_path, every(0, DAY // 2, 60), every(DAY // 2, DAY, 60, status=Status.DOWN)))
        assert [times(each) for each in rows(vault, asked())] == [(DAY // 2, 0, DAY // 2, 0)]

    @pytest.mark.parametrize(
        ("_case", "batches", "more"),
        [
            ("probes are to be counted", [every(0, DAY, 60)], {"probes": True}),
            ("they came more seldom than they hold", [every(0, DAY, 60)], {"after": 30}),
            ("they came late", [every(0, DAY, 60), every(30, DAY, 60)], {}),
            ("one was withdrawn", [every(0, DAY, 60), [correction(found(60)[0].records[0].id)]], {}),
            ("the last before was withdrawn", [found(-DAY), [correction(found(-DAY)[0].records[0].id)]], {}),
        ],
    )
    def test_are_named_where_they_are_needed(
        self, _case: str, batches: list[Batch], more: dict[str, object], tmp_path: Path
    ) -> None:
        vault = self.removed(kept(tmp_path, *batches))
        with pytest.raises(ProbesRemoved, match=r"^the probes of 2026-03-0[56] are needed, and were removed by reten"):
            rows(vault, asked(**more))  # type: ignore[arg-type]

    def test_of_others_do_not_matter(self, tmp_path: Path) -> None:
        vault = self.removed(kept(tmp_path, every(0, DAY, 60)))
        with vault.writer(now=NOW) as writer:
            writer.append_probes(ProbeColumns.of(found(0, series=WEB)))
        (row,) = rows(vault, asked(probes=True, subjects=frozenset({"web"})))
        assert row.probes == (1, 0, 0, 0)


class TestTheOrder:
    def test_is_by_availability_then_by_downtime_and_name(self) -> None:
        def row(subject: str, up: int, down: int, unknown: int) -> CheckFigures:
            return CheckFigures(
                source="s", check="", subject=subject, values=(), up=up, degraded=0, down=down, unknown=unknown
            )

        ordered = (row("c", 1, 3, 0), row("d", 1, 1, 2), row("a", 2, 2, 0), row("b", 2, 2, 0), row("e", 0, 0, 4))
        assert worst_first(tuple(reversed(ordered))) == ordered
        assert replace(ordered[0], check="http").origin == "s/http"


class TestTheQuestion:
    def test_is_about_some_time(self) -> None:
        with pytest.raises(ValueError, match=r"^nothing can be found in no time: "):
            asked(HOUR, HOUR)

    def test_is_about_a_share(self) -> None:
        with pytest.raises(ValueError, match=r"^a share lies between nothing and all"):
            asked(share=Ratio(2))

    def test_may_find_nothing(self, tmp_path: Path) -> None:
        assert rows(Vault.create(tmp_path / "vault"), asked()) == ()
        assert rows(Vault.open(tmp_path / "vault"), asked(probes=True)) == ()
