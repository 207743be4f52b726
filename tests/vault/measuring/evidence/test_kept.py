"""What was measured before is not measured again, as long as it is what was written and nothing else is asked."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta
from pathlib import Path

import pytest

from makegood.engine.agreement.document import read
from makegood.engine.evidence.probes import Probe, Series
from makegood.engine.evidence.records import Correction, Exclusion, Gauge, State, Status, Tally, Transition
from makegood.engine.judging.asked import Asked
from makegood.engine.vocabulary.ratio import Ratio
from makegood.vault.layout import sha256
from makegood.vault.measuring.evidence.kept import MEASURED, Kept, question_of
from makegood.vault.measuring.evidence.measured import measured_evidence
from makegood.vault.probes.columns import ProbeColumns
from makegood.vault.vault import Vault

NOW = datetime(2026, 6, 1, tzinfo=UTC)
DAY = datetime(2026, 3, 2, tzinfo=UTC)
ASKED = Asked(
    subjects=frozenset({"web"}),
    gauges={"time": frozenset({"web"})},
    results={"sales": ((frozenset({"paid"}), True),)},
)


DESK = """\
makegood: agreement/1
agreement: desk
title: A service desk
parties: {provider: provider, customer: customer}
term: {from: 2026-03-01, months: 1, timezone: UTC}
money: {currency: EUR}
services: {desk: {title: The desk}}
outcomes:
  solved:
    promise: Incidents are solved.
    measure: {kind: within, cases: incident, limit: 4h}
    target: ">= 80%"
"""


def probe(day: int, minute: int, status: Status = Status.UP, value: int = 5) -> Probe:
    at = DAY + timedelta(days=day, minutes=minute)
    return Probe(Series("monitoring", "web", "http", "time", "ms"), at, status, Ratio(value))


def sale(number: int) -> Tally:
    at = DAY + timedelta(minutes=number)
    return Tally(source="till", source_id=f"{number}", subject="", of="sales", result="paid", count=1, start=at, end=at)


def vault_of(folder: Path) -> Vault:
    """Return a vault with two days of probes, and sales of one month."""
    vault = Vault.create(folder / "vault")
    with vault.writer(now=NOW) as writer:
        for day in range(2):
            writer.append_probes(ProbeColumns.of(probe(day, minute) for minute in range(30)))
        writer.append([sale(number) for number in range(10)])
        writer.seal()
    return vault


def files(vault: Vault) -> set[str]:
    return {path.name for path in (vault.path / MEASURED).iterdir()}


def ask(vault: Vault) -> tuple[list[State], list[Gauge], list[Tally]]:
    found = measured_evidence(vault.contents(), ASKED, kept=Kept.of(vault.path))
    assert found == measured_evidence(vault.contents(), ASKED)
    return found.states.get("web", []), found.gauges.get("time", []), found.tallies.get("sales", [])


class TestWhatIsKept:
    def test_is_read_without_reading_the_segments(self, tmp_path: Path) -> None:
        vault = vault_of(tmp_path)
        first = ask(vault)
        for kind in ("probes", "tally"):
            for path in (vault.path / "segments").glob(f"{kind}-*"):
                path.unlink()
        again = measured_evidence(vault.contents(), ASKED, kept=Kept.of(vault.path))
        assert (again.states["web"], again.gauges["time"], again.tallies["sales"]) == first

    def test_goes_on_with_what_came_since(self, tmp_path: Path) -> None:
        vault = vault_of(tmp_path)
        ask(vault)
        before = files(vault)
        with vault.writer(now=NOW) as writer:
            writer.append_probes(ProbeColumns.of([probe(2, 0, Status.DOWN, 900)]))
            writer.append([sale(10)])
            writer.seal()
            writer.append_probes(ProbeColumns.of([probe(2, 1, Status.DOWN, 900)]))
        states, gauges, tallies = ask(vault)
        assert [(each.status, each.source_id) for each in states] == [
            (Status.UP, "web@2026-03-02T00:00:00Z+59"),
            (Status.DOWN, "web@2026-03-04T00:00:00Z+1"),
        ]
        assert [(each.value, each.count) for each in gauges] == [(Ratio(5), 60), (Ratio(900), 2)]
        assert [each.count for each in tallies] == [11]
        # One sale after ten is written with them; one probe after sixty does not pay.
        assert len(files(vault) - before) == len(before - files(vault)) == 1

    def test_is_of_no_use_under_another_exclusion_or_correction(self, tmp_path: Path) -> None:
        vault = vault_of(tmp_path)
        ask(vault)
        start = DAY + timedelta(minutes=5)
        with vault.writer(now=NOW) as writer:
            writer.append(
                [
                    Exclusion(
                        source="ops", source_id="1", cause="works", start=start, end=start + timedelta(minutes=5)
                    ),
                    Correction(source="ops", source_id="2", of="till", corrects="3", reason="void"),
                    Correction(
                        source="ops",
                        source_id="3",
                        of="monitoring/http",
                        corrects="web@2026-03-03T00:05:00Z",
                        reason="?",
                    ),
                ]
            )
        states, gauges, tallies = ask(vault)
        assert [each.source_id for each in states] == ["web@2026-03-02T00:00:00Z+58"]
        assert sorted(each.count for each in gauges) == [*[1] * 6, 54]
        assert sorted(each.count for each in tallies) == [*[1] * 5, 4]

    def test_is_of_no_use_to_an_agreement_that_wants_other_events_whole(self, tmp_path: Path) -> None:
        vault = vault_of(tmp_path)
        for asked, count in ((Asked(), 0), (Asked(whole=frozenset({"sales"})), 10)):
            found = measured_evidence(vault.contents(), asked, kept=Kept.of(vault.path))
            assert len(found.tallies.get("sales", ())) == count

    def test_is_measured_again_when_it_is_not_what_was_written(self, tmp_path: Path) -> None:
        vault = vault_of(tmp_path)
        first = ask(vault)
        for path in (vault.path / MEASURED).iterdir():
            path.write_bytes(path.read_bytes() + b" ")
        assert ask(vault) == first

    def test_is_measured_again_when_it_cannot_be_read(self, tmp_path: Path) -> None:
        vault = vault_of(tmp_path)
        first, kept = ask(vault), Kept.of(vault.path)
        for path in (vault.path / MEASURED).iterdir():
            path.unlink()
        found = measured_evidence(vault.contents(), ASKED, kept=kept)
        assert (found.states["web"], found.gauges["time"], found.tallies["sales"]) == first

    def test_is_not_kept_where_nothing_can_be_written(self, tmp_path: Path) -> None:
        vault = vault_of(tmp_path)
        (vault.path / MEASURED).write_text("a file, where a folder should be", encoding="utf-8")
        assert [each.count for each in ask(vault)[2]] == [10]

    def test_is_measured_again_when_it_was_written_by_a_stranger(self, tmp_path: Path) -> None:
        vault = vault_of(tmp_path)
        first = ask(vault)
        for path in (vault.path / MEASURED).iterdir():
            content = path.read_bytes()[:-9]
            path.unlink()
            name = path.name.rpartition("-")[0]
            (path.parent / f"{name}-{sha256(content)[:16]}").write_bytes(content)
        assert ask(vault) == first

    def test_is_not_kept_where_it_is_no_less(self, tmp_path: Path) -> None:
        vault = Vault.create(tmp_path / "vault")
        with vault.writer(now=NOW) as writer:
            writer.append_probes(ProbeColumns.of(probe(0, minute, value=minute) for minute in range(30)))
            writer.seal()
        ask(vault)
        assert not (vault.path / MEASURED).exists()

    def test_goes_when_its_segments_do(self, tmp_path: Path) -> None:
        vault = vault_of(tmp_path)
        ask(vault)
        vault.retain(before=date(2026, 3, 3), kinds={"probes"}, reason="kept for a day", now=NOW)
        assert len(files(vault)) == 2  # of the second day, and of the sales
        vault.compact(now=NOW)
        states, gauges, _ = ask(vault)
        assert [each.source_id for each in states] == ["web@2026-03-02T00:00:00Z+59"]  # from the runs that stayed
        assert [each.count for each in gauges] == [30]

    def test_is_not_used_by_who_wants_it_anew(self, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
        monkeypatch.setattr("makegood.vault.vault.MOST_UNMEASURED", 0)
        vault = vault_of(tmp_path)
        assert vault.evidence(asked=ASKED, anew=True) == vault.evidence(asked=ASKED)
        assert files(vault)
        for path in (vault.path / "segments").glob("tally-*"):
            path.unlink()
        assert vault.evidence(asked=ASKED).tallies
        with pytest.raises(Exception, match="cannot be used"):
            vault.evidence(asked=ASKED, anew=True)


class TestCases:
    """Cases of a desk: three were solved in time, one was not."""

    LATE = "late"

    def asked(self) -> Asked:
        terms = read(DESK).agreement
        assert terms is not None
        return Asked.of(terms)

    def case(self, name: str, *, day: int = 0, **hours: float) -> list[Transition]:
        return [
            Transition(
                source="desk",
                source_id=f"{name}-{state}",
                case=name,
                of="incident",
                state=state,
                at=DAY + timedelta(days=day, hours=each),
            )
            for state, each in hours.items()
        ]

    def vault_of(self, folder: Path) -> Vault:
        vault = Vault.create(folder / "vault")
        with vault.writer(now=NOW) as writer:
            for name in range(60):
                writer.append(self.case(f"{name}", day=name % 2, opened=0, resolved=1))
            writer.append(self.case(self.LATE, opened=0, resolved=9))
            writer.seal()
            writer.append(self.case("next", day=3, opened=0, resolved=1))
            writer.seal()
        return vault

    def ask(self, vault: Vault) -> tuple[set[str], int]:
        """Return the transitions that are judged one by one, and how many cases were counted."""
        found = measured_evidence(vault.contents(), self.asked(), kept=Kept.of(vault.path))
        assert found == measured_evidence(vault.contents(), self.asked())
        left = {each.source_id for case in found.cases.get("incident", {}).values() for each in case}
        return left, sum(sum(each.values()) for counted in found.counted for each in counted.inside.values())

    def test_are_not_read_again(self, tmp_path: Path) -> None:
        vault = self.vault_of(tmp_path)
        assert self.ask(vault) == ({"late-opened", "late-resolved"}, 61)
        for path in (vault.path / "segments").glob("transition-*"):
            path.unlink()
        again = measured_evidence(vault.contents(), self.asked(), kept=Kept.of(vault.path))
        assert again.cases["incident"].keys() == {self.LATE}

    def test_are_read_again_when_more_is_known_of_them(self, tmp_path: Path) -> None:
        vault = self.vault_of(tmp_path)
        self.ask(vault)
        with vault.writer(now=NOW) as writer:
            writer.append(self.case("7", day=1, working=5, closed=30))
            writer.append(self.case("8", day=0, closed=30))
        expected = {"late-opened", "late-resolved", "7-opened", "7-resolved", "7-working", "7-closed"}
        assert self.ask(vault) == (expected, 60)
        vault.seal(now=NOW)
        assert self.ask(vault) == (expected, 60)
        with vault.writer(now=NOW) as writer:
            writer.append([Correction(source="ops", source_id="1", of="desk", corrects="7-working", reason="void")])
        assert self.ask(vault) == ({"late-opened", "late-resolved"}, 61)

    def test_that_an_exclusion_names_are_read_again(self, tmp_path: Path) -> None:
        vault = self.vault_of(tmp_path)
        self.ask(vault)
        with vault.writer(now=NOW) as writer:
            writer.append([Exclusion(source="ops", source_id="1", cause="works", case="9", start=DAY, end=DAY)])
        assert self.ask(vault) == ({"late-opened", "late-resolved", "9-opened", "9-resolved"}, 60)

    def test_are_kept_by_what_is_agreed(self, tmp_path: Path) -> None:
        vault = self.vault_of(tmp_path)
        self.ask(vault)
        terms = read(DESK.replace("4h", "10h")).agreement
        assert terms is not None
        found = measured_evidence(vault.contents(), Asked.of(terms), kept=Kept.of(vault.path))
        assert found == measured_evidence(vault.contents(), Asked.of(terms))
        assert not found.cases


class TestAQuestion:
    def test_is_the_same_text_wherever_the_same_is_asked(self) -> None:
        one = question_of("k", {"b": frozenset({"x", "y"}), "a": ()}, [frozenset({"z"})])
        assert one == question_of("k", {"a": (), "b": frozenset({"y", "x"})}, [frozenset({"z"})])
        assert one == "['k', [('a', []), ('b', [\"'x'\", \"'y'\"])], [[\"'z'\"]]]"

    def test_of_an_agreement_is_a_text_as_well(self) -> None:
        agreement = read((Path("examples") / "managed-erp.yaml").read_text("utf-8")).agreement
        assert agreement is not None
        assert " at 0x" not in question_of(Asked.of(agreement).results, Asked.of(agreement).cuts)
