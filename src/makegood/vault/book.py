"""The book of settlements: one append-only file per agreement, inside the vault whose evidence was judged."""

from __future__ import annotations

import hashlib
from datetime import datetime
from pathlib import Path

from makegood.engine.money.finality import Standing
from makegood.engine.money.settlement import Posting
from makegood.vault.layout import BOOK
from makegood.vault.lines import append_line
from makegood.vault.lock import only_writer
from makegood.vault.log import sync_log
from makegood.vault.parts import span_of
from makegood.vault.refusals import UnableToUseVault, VaultDamaged
from makegood.vault.run import Pages, Run
from makegood.vault.vault import Vault


class SettledMeanwhile(UnableToUseVault):
    """Somebody settled between reading the book and writing to it, so that the new postings may be wrong."""

    def __init__(self, agreement: str) -> None:
        super().__init__(f"{agreement} was settled by somebody else in the meantime; settle it again")
        self.agreement = agreement


class Book:
    """What was settled of one agreement; read it with ``runs`` and ``postings``, add to it with ``append``."""

    def __init__(self, vault: Vault, agreement: str) -> None:
        self.vault = vault
        self.agreement = agreement
        self._pages = self._read()

    @classmethod
    def open(cls, vault: Vault, agreement: str) -> Book:
        """Return the book of an agreement; it is empty until something was settled.

        :raises VaultDamaged: if a line is not what was written
        """
        return cls(vault, agreement)

    @property
    def runs(self) -> tuple[Run, ...]:
        return self._pages.runs

    @property
    def postings(self) -> tuple[Posting, ...]:
        """Everything that was booked, in order."""
        return tuple(posting for run in self.runs for posting in run.postings)

    @property
    def closed(self) -> tuple[str, ...]:
        """The labels of the periods that were closed, in order."""
        return tuple(label for run in self.runs for label in run.closed)

    @property
    def closed_at(self) -> dict[str, datetime]:
        """When each closed period was closed, by its label."""
        return {label: run.settled_at for run in self.runs for label in run.closed}

    def standing(self, now: datetime | None = None) -> Standing:
        """Return what stands in the book at ``now``, by default at the last settlement."""
        at = now or (self.runs[-1].settled_at if self.runs else None)
        spans = map(span_of, self.vault.contents().manifest.removed)
        return Standing(self.postings, self.closed_at, at, tuple(each for each in spans if each is not None))

    def standing_before(self, run: Run) -> Standing:
        """Return what stood in the book when a run was settled."""
        earlier = self.runs[: run.sequence - 1]
        postings = tuple(posting for each in earlier for posting in each.postings)
        return Standing(postings, {label: each.settled_at for each in earlier for label in each.closed}, run.settled_at)

    @property
    def content(self) -> bytes:
        """The lines of the runs, as they stand in the file."""
        lines: list[bytes] = []
        for run in self.runs:
            lines.append(run.line(hashlib.sha256(lines[-1]).hexdigest() if lines else ""))
        return b"".join(lines)

    @property
    def path(self) -> Path:
        """The file of the book; there is none until something was settled."""
        return self.vault.path / BOOK / f"{self.agreement}.jsonl"

    def append(self, run: Run) -> None:
        """Book a run; when this returns, it is on the disk.

        :raises SettledMeanwhile: if it does not follow from the last run that is booked
        :raises UnableToWrite: if the disk does not take it; then nothing was booked
        """
        if run.agreement != self.agreement:
            raise ValueError(f"this is the book of {self.agreement}, not of {run.agreement}")
        with only_writer(self.vault.path, now=run.settled_at):
            pages = self._read()
            if run.sequence != len(pages.runs) + 1:
                raise SettledMeanwhile(self.agreement)
            sync_log(self.vault.path)
            append_line(self.path, run.line(pages.previous), behind=pages.end)
            self._pages = self._read()

    def _read(self) -> Pages:
        pages = Pages.read(self.path, self.agreement)
        if pages.findings:
            raise VaultDamaged(self.vault.path, pages.findings[0])
        return pages
