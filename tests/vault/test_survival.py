"""What a vault survives: a kill at any instant, a full disk, a folder that cannot be written to."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import tempfile
from collections import Counter
from pathlib import Path
from random import Random
from time import sleep

import pytest

from makegood.vault.book import Book
from makegood.vault.entry import Entry, Form
from makegood.vault.intake import import_file
from makegood.vault.refusals import UnableToWrite
from makegood.vault.vault import Vault
from tests.vault.samples import NOW, filled, full_disk, run, tally

ROWS = 4_000
KILLS = 12

# `MAKEGOOD_KILLS=500` kills more often than the suite has time for.
MORE_KILLS = int(os.environ.get("MAKEGOOD_KILLS", "28"))

MAPPING = """\
makegood: mapping/1
mapping: orders
source: shop
records:
  - {kind: tally, id: "{n}", subject: till, of: orders, result: ok, start: {time: "{n}", format: unix}}
  - {kind: state, id: "{n}/state", subject: till, status: up, start: {time: "{n}", format: unix}}
"""

# Imports a file in small batches, and says after each entry how many records it was told are stored.
IMPORT = """\
import sys
from datetime import UTC, datetime
from pathlib import Path
from makegood.vault import intake
from makegood.vault.vault import Vault
from makegood.vault.writer import Writer

append = Writer.append

def telling(self, records, **more):
    accepted = append(self, records, **more)
    print(accepted.added, flush=True)
    return accepted

Writer.append = telling
folder = Path(sys.argv[1])
intake.import_file(Vault.open(folder / "vault"), folder / "orders.yaml", folder / "orders.csv",
                   now=datetime(2026, 11, 22, tzinfo=UTC), batch_rows=100)
"""

# Does everything that a writer does, again and again, and says what it was told is stored or removed.
BUSY = """\
import sys
from datetime import timedelta
from pathlib import Path
from makegood.vault.vault import Vault
from makegood.vault.writer import open_writer
from tests.vault.samples import AT, NOW, minutes, tally

print("ready", flush=True)
number = int(sys.argv[2])
with open_writer(Path(sys.argv[1]), now=NOW, file_bytes=2_000) as writer:
    while True:
        for _ in range(5):
            number += 1
            writer.append([tally(number), tally(number, source="branch", start=AT, end=AT)])
            print("records", flush=True)
            writer.append_probes(minutes(20 * number, 20 * number + 20))
            print("probes", flush=True)
        writer.seal()
        if number % 3 == 0:
            writer.compact()
        if number % 4 == 0:
            day = (AT + timedelta(minutes=20 * number)).date() - timedelta(days=1)
            writer.retain(before=day, kinds={"probes"}, reason="old")
"""


class TestAKill:
    def test_loses_nothing_acknowledged_and_doubles_nothing(self, tmp_path: Path) -> None:
        vault = Vault.create(tmp_path / "vault")
        (tmp_path / "orders.yaml").write_text(MAPPING)
        (tmp_path / "orders.csv").write_text("n\n" + "".join(f"{number}\n" for number in range(ROWS)))
        acknowledged = 0
        for kill in range(KILLS):
            with subprocess.Popen([sys.executable, "-c", IMPORT, str(tmp_path)], stdout=subprocess.PIPE) as process:
                assert process.stdout is not None
                entries = 0
                for line in process.stdout:
                    acknowledged += int(line)
                    entries += int(line) > 0
                    if entries > kill % 3:
                        break
                process.send_signal(signal.SIGKILL)
                acknowledged += sum(int(line) for line in process.stdout)
            stored = [record.id for record in Vault.open(vault.path).records()]
            assert len(stored) == len(set(stored))
            # What was stored when the kill came may not have been acknowledged; then the next one finds it known.
            assert len(stored) >= acknowledged
            acknowledged = len(stored)
            assert [finding.code for finding in vault.check() if finding.code != "MG504"] == []
        import_file(vault, tmp_path / "orders.yaml", tmp_path / "orders.csv", now=NOW)
        stored = [record.id for record in vault.records()]
        assert sorted(stored) == sorted([f"shop#{n}" for n in range(ROWS)] + [f"shop#{n}/state" for n in range(ROWS)])
        assert vault.check() == ()

    def test_at_any_instant_leaves_the_old_or_the_new(self, tmp_path: Path) -> None:
        vault = Vault.create(tmp_path / "vault")
        random = Random(20261122)  # noqa: S311 - seeded on purpose, nothing secret
        stored = Counter[Form]()
        entries: tuple[Entry, ...] = ()
        for _ in range(MORE_KILLS):
            told = killed(vault, after=random.uniform(0, 0.25), number=stored[Form.RECORDS])
            assert [finding.code for finding in vault.check() if finding.code != "MG504"] == []
            assert vault.entries()[: len(entries)] == entries  # nothing that anybody has read was taken back
            entries = vault.entries()
            found = Counter(each.form for each in entries)
            assert all(found[form] >= stored[form] + told[form] for form in Form)
            stored = found
            tallies = [record.id for record in vault.records(kinds={"tally"})]
            assert len(tallies) == len(set(tallies)) == 2 * stored[Form.RECORDS]
            with vault.writer(now=NOW):
                pass
            assert vault.check() == ()


def killed(vault: Vault, *, after: float, number: int) -> Counter[str]:
    """Let a process write until it is killed, and return how many entries of each form it was told are stored."""
    command = [sys.executable, "-c", BUSY, str(vault.path), str(number)]
    with subprocess.Popen(command, stdout=subprocess.PIPE, text=True) as process:
        assert process.stdout is not None
        process.stdout.readline()
        sleep(after)
        process.send_signal(signal.SIGKILL)
        return Counter(line.strip() for line in process.stdout if line.endswith("\n"))


class TestAFullDisk:
    def test_is_told_and_leaves_nothing_behind(self, tmp_path: Path) -> None:
        vault = filled(tmp_path / "vault")
        before = sorted(path.name for path in vault.path.rglob("*"))
        size = (vault.path / "log" / "000000000001.log").stat().st_size
        with (
            vault.writer(now=NOW) as writer,
            full_disk(after=size + 1_000),
            pytest.raises(UnableToWrite, match=r"cannot be written \(File too large\); nothing of this was stored"),
        ):
            writer.append([tally(number) for number in range(5, 500)])
        assert sorted(path.name for path in vault.path.rglob("*")) == before
        assert (len(list(vault.records())), vault.check()) == (6, ())

    def test_is_told_at_the_first_entry_of_a_file(self, tmp_path: Path) -> None:
        vault = Vault.create(tmp_path / "vault")
        with (
            vault.writer(now=NOW) as writer,
            full_disk(after=100),
            pytest.raises(UnableToWrite, match="File too large"),
        ):
            writer.append([tally(number) for number in range(5)])
        assert list((vault.path / "log").iterdir()) == []

    def test_leaves_the_book_as_it_was(self, tmp_path: Path) -> None:
        book = Book.open(filled(tmp_path / "vault"), "acme")
        book.append(run(1))
        whole = book.path.read_bytes()
        with full_disk(after=1_000), pytest.raises(UnableToWrite, match=r"acme.jsonl cannot be written"):
            book.append(run(2))
        assert book.path.read_bytes() == whole

    def test_has_no_room_for_a_writer(self, tmp_path: Path) -> None:
        vault = filled(tmp_path / "vault")
        with full_disk(after=0), pytest.raises(UnableToWrite, match="cannot be written"), vault.writer(now=NOW):
            pytest.fail("there is no room")


READ_ONLY = """\
import os, sys
from datetime import UTC, datetime
from pathlib import Path
from makegood.vault.book import Book
from makegood.vault.refusals import UnableToWrite
from makegood.vault.vault import Vault

vault = Vault.open(Path(sys.argv[1]))
vault.check()  # loads everything, as long as Python's own files can be read
if os.getuid() == 0:
    os.setuid(65534)
print(vault.head, len(list(vault.records())), len(vault.check()))
try:
    with vault.writer(now=datetime(2026, 11, 22, tzinfo=UTC)):
        pass
except UnableToWrite as error:
    print(error)
"""


class TestAReadOnlyFolder:
    def test_may_be_a_lock_that_cannot_be_opened(self, tmp_path: Path) -> None:
        vault = filled(tmp_path / "vault")
        (vault.path / "lock").unlink()
        (vault.path / "lock").mkdir()
        with pytest.raises(UnableToWrite, match=r"cannot be written \(Is a directory\)"), vault.writer(now=NOW):
            pytest.fail("there is no lock")

    def test_can_be_read_and_is_named_to_a_writer(self) -> None:
        with tempfile.TemporaryDirectory() as folder:
            Path(folder).chmod(0o755)
            vault = filled(Path(folder) / "vault")
            (vault.path / "lock").chmod(0o444)
            for path in (vault.path, *vault.path.iterdir()):
                path.chmod(0o555 if path.is_dir() else 0o444)
            try:
                told = subprocess.run(
                    [sys.executable, "-c", READ_ONLY, str(vault.path)], capture_output=True, text=True, check=True
                )
            finally:
                for path in (vault.path, *vault.path.iterdir()):
                    path.chmod(0o755)
        assert told.stdout.splitlines() == [
            "3 6 0",
            f"{vault.path} cannot be written (Permission denied); nothing of this was stored: mend that and do it again",
        ]
