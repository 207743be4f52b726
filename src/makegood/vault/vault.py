"""A vault: a folder that takes evidence and never changes it."""

from __future__ import annotations

import json
import re
from collections.abc import Collection, Container, Iterator
from contextlib import AbstractContextManager
from datetime import datetime
from pathlib import Path

from makegood.engine.evidence.body import Evidence
from makegood.engine.evidence.records import AnyRecord
from makegood.engine.vocabulary.finding import Finding
from makegood.vault.chain import BOOK, FORMAT, FORMAT_CONTENT, FORMAT_FILE, SEALS, SEGMENTS, Chain, sequences
from makegood.vault.durable import sync_folder, write_whole
from makegood.vault.inspection import inspect
from makegood.vault.refusals import (
    FolderNotEmpty,
    NoSuchSeal,
    NotAVault,
    UnableToWrite,
    VaultExists,
    VaultIsNewer,
)
from makegood.vault.seal import Seal
from makegood.vault.writer import Writer, open_writer


class Vault:
    """The evidence of a provider; made by ``create`` and ``open``."""

    def __init__(self, path: Path) -> None:
        self.path = path

    @classmethod
    def create(cls, path: Path) -> Vault:
        """Make a new vault in a new or empty folder.

        :raises VaultExists: if there is one already
        """
        if (path / FORMAT_FILE).exists():
            raise VaultExists(path)
        try:
            path.mkdir(parents=True, exist_ok=True)
            # Only these may be there: an earlier try was killed before it came to its end.
            if {entry.name for entry in path.iterdir()} - {SEALS, SEGMENTS, BOOK, f"{FORMAT_FILE}.part"}:
                raise FolderNotEmpty(path)
            for name in (SEALS, SEGMENTS, BOOK):
                (path / name).mkdir(exist_ok=True)
            sync_folder(path)
        except OSError as error:
            raise UnableToWrite(path, error) from error
        write_whole(path / FORMAT_FILE, FORMAT_CONTENT)
        return cls(path)

    @classmethod
    def open(cls, path: Path) -> Vault:
        """Open a vault for reading; nothing in it is changed, so it may be read-only.

        :raises NotAVault: if the folder is none
        :raises VaultIsNewer: if a newer program made it
        """
        try:
            content = (path / FORMAT_FILE).read_bytes()
        except FileNotFoundError:
            why = f"it has no {FORMAT_FILE}" if path.is_dir() else "there is no such folder"
            raise NotAVault(path, why) from None
        except OSError as error:
            raise NotAVault(path, f"{FORMAT_FILE} cannot be read ({error.strerror})") from None
        if content != FORMAT_CONTENT:
            _refuse_format(path, content)
        # Copies such as bundles have neither as long as the vault is empty.
        missing = [name for name in (SEALS, SEGMENTS) if not (path / name).is_dir()]
        if len(missing) == 1:
            raise NotAVault(path, f"its folder {missing[0]} is missing")
        return cls(path)

    @property
    def head(self) -> int:
        """The number of the last seal, 0 if nothing was sealed yet."""
        return max(sequences(self.path), default=0)

    def seals(self) -> tuple[Seal, ...]:
        """Return the seals in order.

        :raises VaultDamaged: if the chain is broken
        """
        return Chain.read(self.path).intact().seals

    def records(self, until: int | None = None, kinds: Collection[str] | None = None) -> Iterator[AnyRecord]:
        """Return the records of all seals up to ``until``, in the order of sealing; without ``kinds``, of all kinds.

        :raises VaultDamaged: if the chain is broken, or a segment is not what was sealed
        """
        chain = Chain.read(self.path).intact()
        wanted = chain.seals[: _snapshot(chain, until)]
        return (
            record
            for seal in wanted
            for segment in seal.segments
            if kinds is None or segment.kind in kinds
            for record in chain.records(segment)
        )

    def evidence(self, until: int | None = None, *, without: Container[str] = frozenset()) -> Evidence:
        """Return the evidence as it was known at a seal, by default the last; ``without`` corrections that are void."""
        snapshot = _snapshot(Chain.read(self.path).intact(), until)
        return Evidence.of(self.records(snapshot), snapshot=snapshot, without=without)

    def sealed_files(self, until: int | None = None) -> tuple[str, ...]:
        """Return the names, relative to the vault, of all files that its evidence up to a seal consists of."""
        chain = Chain.read(self.path).intact()
        seals = chain.seals[: _snapshot(chain, until)]
        files = (f"{SEGMENTS}/{segment.file}" for seal in seals for segment in seal.segments)
        return FORMAT_FILE, *(f"{SEALS}/{seal.file}" for seal in seals), *files

    def writer(self, *, now: datetime) -> AbstractContextManager[Writer]:
        """Return the one writer, to be used in a ``with`` statement; ``now`` is when its records are recorded.

        :raises VaultInUse: if another writer is at work
        """
        return open_writer(self.path, now=now)

    def check(self) -> tuple[Finding, ...]:
        """Read everything and return what is wrong: with the chain, the segments, the records and the books."""
        return inspect(self.path)


def _snapshot(chain: Chain, until: int | None) -> int:
    if until is None:
        return chain.head
    if not 0 <= until <= chain.head:
        raise NoSuchSeal(asked=until, head=chain.head)
    return until


def _refuse_format(path: Path, content: bytes) -> None:
    """Say why this is not the format file of a vault that this program can read."""
    try:
        written = str(json.loads(content)["makegood"])
    except (ValueError, KeyError, TypeError):
        written = ""
    if re.fullmatch(r"vault/[0-9]+", written) and written != FORMAT:
        raise VaultIsNewer(path, written)
    raise NotAVault(path, f"{FORMAT_FILE} is not what was written")
