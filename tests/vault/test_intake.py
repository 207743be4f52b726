from __future__ import annotations

import gzip
import json
from dataclasses import replace
from datetime import timedelta
from pathlib import Path

import pytest

from makegood.engine.evidence.probes import Probe, Series
from makegood.engine.evidence.records import Status, Tally
from makegood.engine.vocabulary.finding import Place
from makegood.engine.vocabulary.ratio import Ratio
from makegood.vault.entry import Form
from makegood.vault.intake import Intake, UnusableMapping, import_file, read_mapping_file
from makegood.vault.refusals import VaultInUse
from makegood.vault.vault import Vault
from tests.vault.samples import AT, NOW

MAPPING = """\
makegood: mapping/1
mapping: orders
source: shop
unknown: [NA, ""]
records:
  - kind: tally
    id: "{number}"
    when: {kind: order}
    missing: {result: without a result}
    subject: "{site}"
    of: orders
    result: "{result}"
    start: "{at}"
"""
HEADER = "number,kind,site,result,at\n"


def row(number: int, *, kind: str = "order", site: str = "mill", result: str = "accepted") -> str:
    return f"{number},{kind},{site},{result},2026-03-06T16:00:00Z\n"


class Shop:
    """A vault with a mapping and a file beside it."""

    def __init__(self, folder: Path, mapping: str = MAPPING) -> None:
        self.vault = Vault.create(folder / "vault")
        self.mapping = folder / "orders.yaml"
        self.mapping.write_text(mapping)
        self.file = folder / "orders.csv"

    def take(self, *rows: str, batch_rows: int = 50_000, header: str = HEADER) -> Intake:
        self.file.write_text(header + "".join(rows))
        return import_file(self.vault, self.mapping, self.file, now=NOW, batch_rows=batch_rows)

    def told(self, report: Intake) -> list[str]:
        return [str(finding).replace(f"{self.file.parent}/", "") for finding in report.findings]


@pytest.fixture
def shop(tmp_path: Path) -> Shop:
    return Shop(tmp_path)


class TestImportFile:
    def test_counts_what_became_of_each_row(self, shop: Shop) -> None:
        report = shop.take(row(1), row(2, kind="return"), row(3, result="NA"), row(4, site=""), "5,order\n", row(1))
        assert report.as_json() == {
            "file": str(shop.file),
            "complete": True,
            "rows": 6,
            "passed_over": 0,
            "bad": 2,
            "records": {"tally": 2},
            "added": 1,
            "known": 1,
            "conflicts": 0,
            "not_applicable": 1,
            "named": {"without a result": {"count": 1, "first": ["3"]}},
            "findings": [finding.as_json() for finding in report.findings],
        }
        assert shop.told(report) == [
            "orders.csv:5:1: MG404 error: subject: site is unknown (correct it and import the file again)",
            (
                "orders.csv:6:1: MG404 error: the line has 2 cells, the header has 5"
                " (correct it and import the file again)"
            ),
        ]

    def test_changes_nothing_the_second_time(self, shop: Shop) -> None:
        rows = [row(number) for number in range(10)]
        assert (shop.take(*rows).added, shop.vault.head) == (10, 1)
        again = shop.take(*rows)
        assert (again.added, again.known, shop.vault.head) == (0, 10, 1)

    def test_takes_what_is_new_in_a_longer_file(self, shop: Shop) -> None:
        shop.take(row(1))
        assert shop.take(row(1), row(2)).added == 1
        assert [record.source_id for record in shop.vault.records()] == ["1", "2"]

    def test_refuses_other_content_and_says_in_which_line(self, shop: Shop) -> None:
        shop.take(row(1))
        report = shop.take(row(2), row(1, result="refused"), batch_rows=1)
        assert (report.added, report.conflicts) == (1, 1)
        assert shop.told(report)[0].startswith("orders.csv:3:1: MG507 error: shop has sent 1 before")

    def test_takes_batch_by_batch_and_seals_at_the_end(self, shop: Shop) -> None:
        shop.take(*(row(number) for number in range(25)), batch_rows=10)
        assert [entry.rows for entry in shop.vault.entries()] == [10, 10, 5]
        assert [(each.kind, each.rows) for each in shop.vault.segments()] == [("entries", 3), ("tally", 25)]

    def test_seals_whenever_much_lies_in_the_log(self, shop: Shop) -> None:
        shop.file.write_text(HEADER + "".join(row(number) for number in range(50)))
        import_file(shop.vault, shop.mapping, shop.file, now=NOW, batch_rows=10, sealed_at_bytes=5_000)
        assert [change.last for change in shop.vault.contents().manifest.changes] == [3, 5]

    def test_tells_how_far_it_has_come(self, shop: Shop) -> None:
        told: list[tuple[int, int]] = []
        shop.file.write_text(HEADER + "".join(row(number) for number in range(2_001)))
        import_file(shop.vault, shop.mapping, shop.file, now=NOW, progress=lambda done, size: told.append((done, size)))
        size = shop.file.stat().st_size
        assert [each for _, each in told] == [size] * 3
        assert [done for done, _ in told] == sorted(done for done, _ in told)
        assert told[-1] == (size, size)

    def test_names_the_first_findings_and_counts_all(self, shop: Shop) -> None:
        report = shop.take(*(row(number, site="") for number in range(30)), *(row(n, result="") for n in range(30, 60)))
        assert (report.bad, len(report.findings)) == (30, 20)
        assert report.named["without a result"].first == [f"{number}" for number in range(30, 40)]
        assert report.named["without a result"].count == 30

    def test_keeps_what_came_before_a_damage(self, shop: Shop) -> None:
        shop.file = shop.file.with_suffix(".csv.gz")
        packed = gzip.compress((HEADER + "".join(f"{row(number)}" for number in range(5_000))).encode())
        shop.file.write_bytes(packed[:-2_000])
        report = import_file(shop.vault, shop.mapping, shop.file, now=NOW)
        assert (report.complete, report.added) == (False, report.rows)
        assert 0 < report.rows < 5_000
        assert shop.told(report)[0].startswith("orders.csv.gz:")
        assert "orders.csv.gz is damaged" in shop.told(report)[0]

    def test_takes_nothing_from_a_file_without_the_columns(self, shop: Shop) -> None:
        report = shop.take("1,2\n", header="number,what\n")
        assert (report.complete, report.added, shop.vault.head) == (False, 0, 0)
        assert shop.told(report) == [
            ("orders.csv:1:1: MG403 error: there is no column at, kind, result, site (the columns are number, what)")
        ]

    def test_takes_nothing_while_another_one_writes(self, shop: Shop) -> None:
        with shop.vault.writer(now=NOW), pytest.raises(VaultInUse):
            shop.take(row(1))
        assert shop.vault.head == 0


class TestKeep:
    def test_takes_the_last_row_of_each_value_wherever_it_stands(self, tmp_path: Path) -> None:
        shop = Shop(tmp_path, MAPPING + "keep: {last_row_per: number}\n")
        report = shop.take(
            row(1, result="open"), row(2, result="open"), "x\n", row(1), row(2, result="refused"), row(1, result="lost")
        )
        assert (report.rows, report.passed_over, report.bad, report.added) == (6, 3, 1, 2)
        found = {record.source_id: record.result for record in shop.vault.records() if isinstance(record, Tally)}
        assert found == {"1": "lost", "2": "refused"}

    def test_does_not_pass_over_a_row_whose_value_is_unknown(self, tmp_path: Path) -> None:
        shop = Shop(tmp_path, MAPPING + "keep: {last_row_per: site}\n")
        report = shop.take(row(1, site=""), row(2))
        assert shop.told(report)[0].startswith("orders.csv:2:1: MG404 error: subject: site is unknown")
        assert report.added == 1


class TestALookup:
    SEATS = "lookups: {seats: {file: planes.csv, key: plane, value: seats, by: number, otherwise: 150}}\n"

    def take(self, folder: Path, planes: str) -> tuple[Shop, Intake]:
        mapping = MAPPING.replace("    start:", '    count: "{seats}"\n    start:') + self.SEATS
        shop = Shop(folder, mapping)
        (folder / "planes.csv").write_text(planes)
        return shop, shop.take(row(1), row(2), row(3))

    def test_lies_beside_the_file(self, tmp_path: Path) -> None:
        shop, _ = self.take(tmp_path, "plane,seats\n1,55\n1,55\n2,NA\nNA,7\n")
        assert [record.count for record in shop.vault.records() if isinstance(record, Tally)] == [55, 150, 150]

    @pytest.mark.parametrize(
        ("_case", "planes", "sentence"),
        [
            (
                "two values for one key",
                "plane,seats\n1,55\n1,56\n",
                "planes.csv:3:1: MG405 error: plane 1 stands here a second time, with another seats",
            ),
            (
                "a line that is no row",
                "plane,seats\n1\n",
                "planes.csv:2:1: MG405 error: the line has 1 cells, the header has 2",
            ),
            ("no such column", "plane\n1\n", "planes.csv:1:1: MG403 error: there is no column seats"),
        ],
    )
    def test_is_read_whole_or_nothing_is_taken(self, _case: str, planes: str, sentence: str, tmp_path: Path) -> None:
        shop, report = self.take(tmp_path, planes)
        assert (report.complete, report.added) == (False, 0)
        assert shop.told(report)[0].startswith(sentence)


class TestOwnRecords:
    def test_need_no_mapping(self, shop: Shop) -> None:
        record = {"kind": "tally", "source": "s", "subject": "a", "of": "b", "result": "c", "count": 1}
        times = {"start": "2026-03-06T16:00:00Z", "end": "2026-03-06T16:00:00Z"}
        file = shop.file.with_suffix(".jsonl")
        lines = [{**record, **times, "source_id": "1"}, {**record, "source_id": "2"}]
        file.write_text("".join(json.dumps(line) + "\n" for line in lines) + "{\n")
        report = import_file(shop.vault, None, file, now=NOW)
        assert (report.rows, report.bad, report.added, report.complete) == (3, 2, 1, True)
        assert [finding.text for finding in report.findings] == ["a tally needs the key start", "the line is not JSON"]


CHECKS = """\
makegood: mapping/1
mapping: checks
source: ping
timezone: Europe/Berlin
words: {result: {ok: up, failed: down}}
records:
  - kind: probe
    missing: {site: without a site}
    check: icmp
    subject: "{site}"
    at: "{at}"
    status: "{result}"
    of: delay
    value: {number: "{delay}", optional: true}
    unit: ms
  - {kind: state, id: "{at}", when: {site: gate}, subject: gate, status: up, start: "{at}"}
"""
PING = Series("ping", "till", "icmp", "delay", "ms")


def check(minute: int, *, site: str = "till", result: str = "ok", delay: str = "1.5") -> str:
    return f"2026-03-06 17:{minute:02},{site},{result},{delay}\n"


@pytest.fixture
def checks(tmp_path: Path) -> Shop:
    return Shop(tmp_path, CHECKS)


class TestProbes:
    HEADER = "at,site,result,delay\n"

    def take(self, shop: Shop, *rows: str, batch_rows: int = 50_000) -> Intake:
        return shop.take(*rows, header=self.HEADER, batch_rows=batch_rows)

    def stored(self, shop: Shop) -> list[Probe]:
        return [each for part in shop.vault.probes() for each in part.probes()]

    def test_come_beside_records_and_are_counted_by_their_kind(self, checks: Shop) -> None:
        report = self.take(
            checks, check(1), check(0, result="failed", delay=""), check(2, site=""), check(3, site="gate"), check(1)
        )
        assert report.as_json() == {
            "file": str(checks.file),
            "complete": True,
            "rows": 5,
            "passed_over": 0,
            "bad": 0,
            "records": {"state": 1, "probe": 4},
            "added": 4,
            "known": 1,
            "conflicts": 0,
            "not_applicable": 4,
            "named": {"without a site": {"count": 1, "first": ["icmp ? 2026-03-06 17:02"]}},
            "findings": [],
        }
        assert self.stored(checks) == [
            Probe(replace(PING, subject="gate"), AT + timedelta(minutes=3), Status.UP, Ratio(3, 2)),
            Probe(PING, AT, Status.DOWN),
            Probe(PING, AT + timedelta(minutes=1), Status.UP, Ratio(3, 2)),
        ]
        assert [(entry.form, entry.rows) for entry in checks.vault.entries()] == [(Form.RECORDS, 1), (Form.PROBES, 3)]
        assert checks.vault.check() == ()

    def test_change_nothing_the_second_time(self, checks: Shop) -> None:
        rows = [check(minute) for minute in range(10)]
        assert (self.take(checks, *rows).added, checks.vault.head) == (10, 1)
        again = self.take(checks, *rows, batch_rows=3)
        assert (again.added, again.known, again.records, checks.vault.head) == (0, 10, {"probe": 10}, 1)

    def test_are_taken_batch_by_batch(self, checks: Shop) -> None:
        self.take(checks, *(check(minute) for minute in range(25)), batch_rows=10)
        assert [entry.rows for entry in checks.vault.entries()] == [10, 10, 5]
        assert [(each.kind, each.rows) for each in checks.vault.segments()] == [
            ("entries", 3),
            ("probes", 25),
            ("runs", 1),
        ]

    def test_are_all_there_after_an_import_that_broke_off(self, checks: Shop) -> None:
        rows = [check(minute) for minute in range(20)]
        checks.file.write_text(self.HEADER + "".join(rows))

        told: list[int] = []

        def killed(done: int, _size: int) -> None:
            told.append(done)
            if len(told) == 2:  # the last row was read, and its batch is not full
                raise KeyboardInterrupt

        with pytest.raises(KeyboardInterrupt):
            import_file(checks.vault, checks.mapping, checks.file, now=NOW, batch_rows=8, progress=killed)
        assert [entry.rows for entry in checks.vault.entries()] == [8, 8]
        report = self.take(checks, *rows, batch_rows=8)
        assert (report.added, report.known, len(self.stored(checks))) == (4, 16, 20)
        assert checks.vault.check() == ()

    def test_of_other_content_are_refused_with_their_line(self, checks: Shop) -> None:
        self.take(checks, check(1), check(2))
        report = self.take(
            checks, check(5), check(2), check(1, delay="7"), check(2, result="failed"), check(5, delay="")
        )
        assert (report.added, report.known, report.conflicts) == (1, 1, 3)
        assert [told.split(", with other content")[0] for told in checks.told(report)] == [
            f"orders.csv:{line}:1: MG507 error: ping/icmp has sent till@2026-03-06T16:{minute:02}:00Z before"
            for line, minute in ((4, 1), (5, 2), (6, 5))
        ]

    def test_that_cannot_be_read_are_bad_rows(self, checks: Shop) -> None:
        report = self.take(checks, check(1, result="odd"), check(2, delay="0.1234567"), "soon,till,ok,1\n")
        assert (report.bad, report.records, checks.vault.head) == (3, {}, 0)
        assert [told.removesuffix(" (correct it and import the file again)") for told in checks.told(report)] == [
            "orders.csv:2:1: MG404 error: status: result is 'odd', for which the mapping has no word",
            "orders.csv:3:1: MG404 error: a probe's value has at most six decimals: 0.1234567",
            "orders.csv:4:1: MG404 error: at: 'soon' is not a time written as iso",
        ]

    def test_need_no_mapping_in_our_own_form(self, checks: Shop) -> None:
        file = checks.file.with_suffix(".jsonl")
        plain = {"kind": "probe", "source": "ping", "check": "icmp", "subject": "till", "status": "up", "of": "delay"}
        lines = [
            {**plain, "unit": "ms", "at": "2026-03-06T16:00:00Z", "value": "1.5"},
            {**plain, "at": "2026-03-06T16:01:00Z", "status": "ok"},
            {**plain, "at": "2026-03-06T16:02:00Z", "source_id": "3"},
        ]
        file.write_text("".join(json.dumps(line) + "\n" for line in lines))
        report = import_file(checks.vault, None, file, now=NOW)
        assert (report.rows, report.bad, report.records) == (3, 2, {"probe": 1})
        assert [(finding.place, finding.text) for finding in report.findings] == [
            (Place(str(file), 2, 1), "status is 'ok': use one of up, degraded, down, unknown"),
            (Place(str(file), 3, 1), "a probe has no key source_id; its check, its subject and its time tell it apart"),
        ]
        assert self.stored(checks) == [Probe(PING, AT, Status.UP, Ratio(3, 2))]


class TestReadMappingFile:
    @pytest.mark.parametrize(
        ("_case", "content", "sentence"),
        [
            ("findings", b"makegood: mapping/1\n", "orders.yaml:1:1: MG109 error: mapping is missing"),
            ("no text", b"\xff", "orders.yaml:1:1: MG405 error: "),
        ],
    )
    def test_refuses_what_is_no_mapping(self, _case: str, content: bytes, sentence: str, shop: Shop) -> None:
        shop.mapping.write_bytes(content)
        with pytest.raises(UnusableMapping) as refusal:
            read_mapping_file(shop.mapping)
        assert str(refusal.value).replace(f"{shop.mapping.parent}/", "").startswith(sentence)

    def test_refuses_a_file_that_is_not_there(self, tmp_path: Path) -> None:
        with pytest.raises(UnusableMapping, match=r"cannot be read \(No such file or directory\)"):
            read_mapping_file(tmp_path / "orders.yaml")
