"""The status of probes comes from the runs beside their segments, and from the probes where these tell too little."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from makegood.engine.evidence.probes import Probe, Series
from makegood.engine.evidence.records import State, Status
from makegood.engine.judging.asked import Asked
from makegood.engine.vocabulary.duration import Duration
from makegood.vault.measuring.evidence.measured import measured_evidence
from makegood.vault.probes.columns import ProbeColumns
from makegood.vault.refusals import VaultDamaged
from makegood.vault.vault import Vault

NOW = datetime(2026, 6, 1, tzinfo=UTC)
DAY = datetime(2026, 3, 2, tzinfo=UTC)
WEB = Series("monitoring", "web")


def probes(*minutes: int, status: Status = Status.UP, series: Series = WEB) -> ProbeColumns:
    return ProbeColumns.of(Probe(series, DAY + timedelta(minutes=minute), status) for minute in minutes)


def sealed(folder: Path, *batches: ProbeColumns, at_once: bool = True) -> Vault:
    vault = Vault.create(folder / "vault")
    with vault.writer(now=NOW) as writer:
        for each in batches:
            writer.append_probes(each)
            if not at_once:
                writer.seal()
        writer.seal()
    return vault


def states(vault: Vault, after: Duration | None = None, until: int | None = None) -> list[tuple[int, int, str]]:
    asked = Asked(subjects=frozenset({"web"}), after=after)
    found = measured_evidence(vault.contents(), asked, until).states.get("web", [])
    return [(minute(each.start), minute(each.latest), each.status.value) for each in found]


def minute(moment: datetime) -> int:
    return int((moment - DAY).total_seconds()) // 60


def without_segments_of_probes(vault: Vault) -> Vault:
    for path in (vault.path / "segments").glob("probes-*"):
        path.unlink()
    return vault


class TestSpells:
    def test_need_no_probes(self, tmp_path: Path) -> None:
        day = 24 * 60
        vault = sealed(tmp_path, probes(0, 1, 2), probes(3, 4, status=Status.DOWN), probes(day, day + 1))
        assert states(without_segments_of_probes(vault)) == [(0, 2, "up"), (3, 4, "down"), (day, day + 1, "up")]

    def test_are_one_over_midnight_unless_one_was_overdue(self, tmp_path: Path) -> None:
        day = 24 * 60
        vault = without_segments_of_probes(sealed(tmp_path, probes(day - 2, day - 1, day + 1, day + 2)))
        assert states(vault, Duration(120)) == [(day - 2, day + 2, "up")]
        assert states(vault, Duration(119)) == [(day - 2, day - 1, "up"), (day + 1, day + 2, "up")]

    def test_need_the_probes_where_a_run_hides_a_silence(self, tmp_path: Path) -> None:
        vault = sealed(tmp_path, probes(0, 1, 2, 4, 5, 6))
        assert states(vault, Duration(60)) == [(0, 2, "up"), (4, 6, "up")]
        with pytest.raises(VaultDamaged):
            states(without_segments_of_probes(vault), Duration(60))

    def test_need_the_probes_where_late_ones_lie_in_between(self, tmp_path: Path) -> None:
        vault = sealed(tmp_path, probes(0, 1, 3), probes(2, status=Status.DOWN), at_once=False)
        assert states(vault) == [(0, 1, "up"), (2, 2, "down"), (3, 3, "up")]
        vault.compact(now=NOW)
        assert states(without_segments_of_probes(vault)) == [(0, 1, "up"), (2, 2, "down"), (3, 3, "up")]

    def test_need_the_probes_where_labels_of_a_timeline_change_to_and_fro(self, tmp_path: Path) -> None:
        north = Series("monitoring", "web", labels=(("site", "north"),))
        vault = sealed(tmp_path, probes(0, 2), probes(1, series=north))
        assert states(vault) == [(0, 0, "up"), (1, 1, "up"), (2, 2, "up")]

    def test_are_of_earlier_entries_only(self, tmp_path: Path) -> None:
        vault = sealed(tmp_path, probes(0, 1), probes(2, 3, status=Status.DOWN))
        assert states(vault, until=1) == [(0, 1, "up")]
        assert states(vault, until=0) == []

    def test_of_runs_that_outlived_their_probes_stay_as_they_are(self, tmp_path: Path) -> None:
        vault = sealed(tmp_path, probes(0, 1, 2), probes(0, 1, 3, 5, series=Series("other", "web")))
        vault.retain(before=datetime(2026, 4, 1).date(), kinds={"probes"}, reason="kept for a month", now=NOW)  # noqa: DTZ001
        assert states(vault, Duration(60)) == [(0, 2, "up"), (0, 5, "up")]  # that of minute 4 is not known any more
        with vault.writer(now=NOW) as writer:
            writer.append_probes(probes(1, 2))
            writer.append_probes(probes(1, status=Status.DOWN, series=Series("other", "web")))
        assert sorted(states(vault, Duration(60))) == [(0, 2, "up"), (0, 5, "up"), (1, 1, "down")]

    def test_stay_one_by_one_where_records_tell_of_them_too(self, tmp_path: Path) -> None:
        vault = sealed(tmp_path, probes(0, 1, 2), probes(0, 1, series=Series("other", "web")))
        at = DAY + timedelta(minutes=1)
        with vault.writer(now=NOW) as writer:
            writer.append([State(source="monitoring", source_id="x", subject="web", status=Status.DOWN, start=at)])
        assert sorted(states(vault)) == [(0, 0, "up"), (0, 1, "up"), (1, 1, "down"), (1, 1, "up"), (2, 2, "up")]
