"""What a vault survives: a kill at any instant, a full disk, a folder that cannot be written to."""

from __future__ import annotations

import resource
import signal
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest

from makegood.vault.book import Book
from makegood.vault.intake import import_file
from makegood.vault.refusals import UnableToWrite
from makegood.vault.vault import Vault
from tests.vault.samples import NOW, filled, run, tally

ROWS = 4_000
KILLS = 12

MAPPING = """\
makegood: mapping/1
mapping: orders
source: shop
records:
  - {kind: tally, id: "{n}", subject: till, of: orders, result: ok, start: {time: "{n}", format: unix}}
  - {kind: state, id: "{n}/state", subject: till, status: up, start: {time: "{n}", format: unix}}
"""

# Imports a file in small batches, and says after each seal how many records it was told are stored.
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


class TestAKill:
    def test_loses_nothing_acknowledged_and_doubles_nothing(self, tmp_path: Path) -> None:
        vault = Vault.create(tmp_path / "vault")
        (tmp_path / "orders.yaml").write_text(MAPPING)
        (tmp_path / "orders.csv").write_text("n\n" + "".join(f"{number}\n" for number in range(ROWS)))
        acknowledged = 0
        for kill in range(KILLS):
            with subprocess.Popen([sys.executable, "-c", IMPORT, str(tmp_path)], stdout=subprocess.PIPE) as process:
                assert process.stdout is not None
                seals = 0
                for line in process.stdout:
                    acknowledged += int(line)
                    seals += int(line) > 0
                    if seals > kill % 3:
                        break
                process.send_signal(signal.SIGKILL)
                acknowledged += sum(int(line) for line in process.stdout)
            stored = [record.id for record in Vault.open(vault.path).records()]
            assert len(stored) == len(set(stored))
            # What was sealed when the kill came may not have been acknowledged; then the next one finds it known.
            assert len(stored) >= acknowledged
            acknowledged = len(stored)
            assert [finding.code for finding in vault.check() if finding.code != "MG504"] == []
        import_file(vault, tmp_path / "orders.yaml", tmp_path / "orders.csv", now=NOW)
        stored = [record.id for record in vault.records()]
        assert sorted(stored) == sorted([f"shop#{n}" for n in range(ROWS)] + [f"shop#{n}/state" for n in range(ROWS)])
        assert vault.check() == ()


@contextmanager
def full_disk(*, after: int) -> Iterator[None]:
    """Let no file grow beyond so many bytes, as a disk does that is nearly full."""
    before = resource.getrlimit(resource.RLIMIT_FSIZE)
    handler = signal.signal(signal.SIGXFSZ, signal.SIG_IGN)
    resource.setrlimit(resource.RLIMIT_FSIZE, (after, before[1]))
    try:
        yield
    finally:
        resource.setrlimit(resource.RLIMIT_FSIZE, before)
        signal.signal(signal.SIGXFSZ, handler)


class TestAFullDisk:
    def test_is_told_and_leaves_nothing_behind(self, tmp_path: Path) -> None:
        vault = filled(tmp_path / "vault")
        before = sorted(path.name for path in vault.path.rglob("*"))
        with (
            vault.writer(now=NOW) as writer,
            full_disk(after=1_000),
            pytest.raises(UnableToWrite, match=r"cannot be written \(File too large\); nothing of this was stored"),
        ):
            writer.append([tally(number) for number in range(5, 500)])
        assert sorted(path.name for path in vault.path.rglob("*")) == before
        assert len(list(vault.records())) == 6

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
