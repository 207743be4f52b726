"""Storage: segments in a folder and in a bucket, read one by one, and never believed."""

from __future__ import annotations

import _socket
import pickle
import socket
import sys
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest
from fsspec.core import url_to_fs
from moto.server import ThreadedMotoServer

from makegood.vault.manifest import PROBES, Segment
from makegood.vault.measuring.schedule.processes import Processes
from makegood.vault.measuring.schedule.status import measured_by, partitions
from makegood.vault.measuring.schedule.threads import Threads
from makegood.vault.storage import SegmentUnusable, Storage, StorageNotInstalled
from makegood.vault.vault import Vault
from tests.vault.measuring.schedule.scene import PLAN, answer, expected, sealed


@dataclass(frozen=True)
class Kept:
    """A vault, its segments in a bucket, and the storage that reads them there."""

    vault: Vault
    bucket: Any
    storage: Storage

    @property
    def segments(self) -> list[Segment]:
        return [each for each in self.vault.segments() if each.kind == PROBES]

    def put(self, file: str, content: bytes) -> None:
        self.bucket.pipe_file(f"kept/acme/segments/{file}", content)


@pytest.fixture(scope="module")
def server() -> Iterator[str]:
    """Start a server that speaks S3; its log would only be in the way."""
    started = ThreadedMotoServer("127.0.0.1", 0, verbose=False)
    started.start()
    yield "http://{}:{}".format(*started.get_host_and_port())
    started.stop()


@pytest.fixture(scope="module")
def vault(tmp_path_factory: pytest.TempPathFactory) -> Vault:
    return sealed(tmp_path_factory.mktemp("kept") / "vault")


@pytest.fixture
def kept(server: str, vault: Vault, monkeypatch: pytest.MonkeyPatch) -> Kept:
    def to_this_machine(self: socket.socket, address: tuple[str, int]) -> None:
        assert address[0] == "127.0.0.1"
        _socket.socket.connect(self, address)

    monkeypatch.setattr(socket.socket, "connect", to_this_machine)
    for name, value in {"ACCESS_KEY_ID": "key", "SECRET_ACCESS_KEY": "secret", "DEFAULT_REGION": "us-east-1"}.items():
        monkeypatch.setenv(f"AWS_{name}", value)
    storage = Storage("s3://kept/acme/segments", {"client_kwargs": {"endpoint_url": server}})
    bucket, _ = url_to_fs(storage.location, **storage.options)
    bucket.makedirs("kept", exist_ok=True)
    found = Kept(vault, bucket, storage)
    for segment in found.segments:
        found.put(segment.file, (found.vault.path / "segments" / segment.file).read_bytes())
    return found


class TestSegmentsInABucket:
    def test_are_read_as_they_were_sealed(self, kept: Kept) -> None:
        folder = Storage(str(kept.vault.path / "segments"))
        for segment in kept.segments:
            assert kept.storage.read(segment) == folder.read(segment)
            assert Storage(f"file://{folder.location}").read(segment) == folder.read(segment)

    def test_give_the_same_bytes_from_every_process(self, kept: Kept) -> None:
        with Processes(1) as processes:
            for scheduler in (Threads(2), processes):
                part = measured_by(scheduler, PLAN, kept.storage, partitions(kept.segments, 2))
                assert answer(part.figures()) == expected()

    def test_are_asked_for_one_by_one(self, kept: Kept) -> None:
        first, *others = kept.segments
        for segment in others:
            kept.put(segment.file, b"nobody reads this")
        assert kept.storage.read(first).startswith(b"PAR1")

    @pytest.mark.parametrize(
        ("_case", "change"),
        [
            ("one bit of the last byte", lambda content: content[:-1] + bytes([content[-1] ^ 1])),
            ("cut off", lambda content: content[:-1]),
            ("nothing at all", lambda _: b""),
        ],
    )
    def test_are_not_believed(self, kept: Kept, _case: str, change: Any) -> None:
        first = kept.segments[0]
        kept.put(first.file, change(kept.storage.read(first)))
        with pytest.raises(SegmentUnusable, match=r"cannot be used: it does not hold the bytes that were sealed"):
            kept.storage.read(first)

    def test_may_not_be_there(self, kept: Kept) -> None:
        first = kept.segments[0]
        kept.bucket.rm_file(f"kept/acme/segments/{first.file}")
        with pytest.raises(SegmentUnusable) as refusal:
            kept.storage.read(first)
        assert str(refusal.value) == (
            f"{first.file} in s3://kept/acme/segments cannot be used: it is not there; copy it there again from the vault"
        )
        assert str(pickle.loads(pickle.dumps(refusal.value))) == str(refusal.value)  # noqa: S301  # our own

    def test_are_not_read_without_what_reads_them(self, kept: Kept, monkeypatch: pytest.MonkeyPatch) -> None:
        monkeypatch.setitem(sys.modules, "fsspec.core", None)
        with pytest.raises(StorageNotInstalled) as refusal:
            kept.storage.read(kept.segments[0])
        assert str(refusal.value) == (
            "s3://kept/acme/segments is shared storage; to read it install: pip install 'makegood[vault,remote]'"
        )


class TestSegmentsInAFolder:
    def test_may_not_be_readable(self, tmp_path: Path) -> None:
        vault = sealed(tmp_path / "vault")
        segment = vault.segments()[0]
        path = vault.path / "segments" / segment.file
        path.unlink()
        path.mkdir()
        with pytest.raises(SegmentUnusable, match=r"cannot be used: Is a directory; copy"):
            Storage(str(path.parent)).read(segment)
