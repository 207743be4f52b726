"""What a vault refuses, in sentences with a remedy; whatever was refused left nothing behind."""

from __future__ import annotations

from pathlib import Path

from makegood.engine.vocabulary.finding import Finding


class UnableToUseVault(Exception):
    """The vault cannot do what was asked; what it had stored before is still there."""


class NotAVault(UnableToUseVault):
    def __init__(self, path: Path, why: str) -> None:
        super().__init__(f"{path} is not a vault: {why}; name the folder of a vault, or make a new one there")
        self.path = path


class VaultExists(UnableToUseVault):
    def __init__(self, path: Path) -> None:
        super().__init__(f"{path} is a vault already; open it, or name another folder")
        self.path = path


class FolderNotEmpty(UnableToUseVault):
    def __init__(self, path: Path) -> None:
        super().__init__(f"{path} holds files of something else; name a new or an empty folder for the vault")
        self.path = path


class VaultIsNewer(UnableToUseVault):
    def __init__(self, path: Path, format_name: str) -> None:
        super().__init__(f"{path} has the format {format_name}, which this program does not know; use a newer makegood")
        self.path = path
        self.format = format_name


class VaultInUse(UnableToUseVault):
    """Somebody else is writing; a vault has one writer at a time."""

    def __init__(self, path: Path, *, pid: int | None, since: str) -> None:
        holder = f"process {pid} has been writing to it since {since}" if pid else "another process is writing to it"
        super().__init__(f"{path} is in use: {holder}; wait until it is done, or stop it, and try again")
        self.path = path
        self.pid = pid
        self.since = since


class VaultDamaged(UnableToUseVault):
    """The vault does not hold what was sealed in it; ``finding`` is the first thing that is wrong."""

    def __init__(self, path: Path, finding: Finding) -> None:
        super().__init__(
            f"{path} is damaged: {finding.text}; restore it from a copy, or verify the bundles that were made of it"
        )
        self.path = path
        self.finding = finding


class VaultChanged(UnableToUseVault):
    """A segment that was about to be read was replaced or removed by a writer since the manifest was read."""

    def __init__(self, path: Path) -> None:
        super().__init__(
            f"{path} was compacted or thinned out while it was read; nothing is wrong with it: do it again"
        )
        self.path = path


class UnableToWrite(UnableToUseVault):
    """The disk is full, the folder is read-only, or the like."""

    def __init__(self, path: Path, error: OSError) -> None:
        reason = error.strerror or str(error)
        super().__init__(f"{path} cannot be written ({reason}); nothing of this was stored: mend that and do it again")
        self.path = path


class NoSuchEntry(UnableToUseVault):
    def __init__(self, *, asked: int, head: int) -> None:
        super().__init__(f"there is no entry {asked}: the last one is {head}; ask for one from 0 to {head}")
        self.asked = asked
        self.head = head
