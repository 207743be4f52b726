"""Signatures: who holds a key says what the vault held, so that nobody without the key can write another history.

A chain shows that one thing follows from another; anyone who can write to the vault could make a whole other chain.
A signature is over the last entry and the last line of the manifest, and with them over everything before.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from dataclasses import asdict, dataclass, fields, replace
from datetime import datetime
from pathlib import Path
from typing import Any

from makegood.engine.vocabulary.finding import Finding, Place
from makegood.engine.vocabulary.times import parse_instant, show_instant, utc
from makegood.vault import codes
from makegood.vault.contents import Contents
from makegood.vault.keys import is_signature, private_key
from makegood.vault.layout import SIGNATURES, sha256
from makegood.vault.lines import Lines, append_line, canonical_line, hashed_line
from makegood.vault.lock import only_writer
from makegood.vault.log import sync_log
from makegood.vault.manifest import Manifest
from makegood.vault.refusals import VaultDamaged

# It is signed as well, so that no signature that the key gave elsewhere can be taken for one of a vault.
_FORM = {"makegood": "signature/1"}


@dataclass(frozen=True, slots=True)
class Signature:
    """One line of signatures: at an instant the holder of ``key`` signed an entry and a line of the manifest.

    Entry and line are those that were the last ones, each by its number and its SHA-256; 0 is what was there before
    the first. ``key`` and ``signature`` are in hexadecimal, ``previous`` is the SHA-256 of the signature before.
    """

    number: int
    at: datetime
    entry: int
    entry_hash: str
    change: int
    change_hash: str
    key: str
    signature: str
    previous: str

    def __post_init__(self) -> None:
        if any(type(each) is not int for each in (self.number, self.entry, self.change)):
            raise ValueError("its numbers are no whole numbers")
        if not re.fullmatch("[0-9a-f]{64}", self.key) or not re.fullmatch("([0-9a-f]{128})?", self.signature):
            raise ValueError("its key or its signature is not written as such are")

    @property
    def statement(self) -> bytes:
        """What is signed: the canonical line without the signature."""
        values = asdict(self)
        del values["signature"]
        return canonical_line({**_FORM, **values, "at": show_instant(self.at)})

    def line(self, previous: str) -> bytes:
        return hashed_line({**_FORM, **asdict(self), "at": show_instant(self.at), "previous": previous})

    @classmethod
    def of(cls, written: Mapping[str, Any], number: int) -> Signature:
        """Return the signature that a line says, which has to be the one of its number."""
        signature = cls(**{**{name: written[name] for name in _NAMES}, "at": parse_instant(written["at"])})
        if signature.number != number:
            raise ValueError(f"it is number {signature.number}")
        return signature


@dataclass(frozen=True, slots=True)
class Signed:
    """How far a vault is signed: its newest signature, and what came after that.

    ``entries`` and ``changes`` are how many entries and lines of the manifest, ``removed`` how many rows these removed.
    """

    newest: Signature
    entries: int
    changes: int
    removed: int


def sign_vault(folder: Path, key: bytes, *, now: datetime) -> Signature:
    """Sign what a vault holds now; ``key`` is a seed of 32 bytes, or a private key as PEM.

    :raises UnusableKey: if it is no Ed25519 key
    :raises VaultInUse: if a writer is at work
    :raises VaultDamaged: if the chain, or what was signed before, is not as it was
    :raises UnableToWrite: if the disk does not take it; then nothing was signed
    """
    signer = private_key(key)
    with only_writer(folder, now=now):
        contents = Contents.read(folder).intact()
        lines = _intact(contents)
        sync_log(folder)
        unsigned = Signature(
            number=len(lines.found) + 1,
            at=utc(now),
            entry=contents.head,
            entry_hash=contents.head_hash,
            change=len(contents.manifest.changes),
            change_hash=contents.manifest.previous,
            key=signer.public_key().public_bytes_raw().hex(),
            signature="",
            previous=lines.previous,
        )
        signature = replace(unsigned, signature=signer.sign(unsigned.statement).hex())
        append_line(folder / SIGNATURES, signature.line(lines.previous), behind=lines.end)
    return signature


def signatures_of(folder: Path) -> tuple[Signature, ...]:
    """Return the signatures of a vault in order, verified together with what they sign.

    :raises VaultDamaged: if the chain, or a signature, is not what was written
    """
    return _intact(Contents.read(folder).intact()).found


def signed_until(folder: Path) -> Signed | None:
    """Return how far a vault is signed, verified; None if it is not.

    :raises VaultDamaged: if the chain, or a signature, is not what was written
    """
    contents = Contents.read(folder).intact()
    found = _intact(contents).found
    if not found:
        return None
    after = contents.manifest.changes[found[-1].change :]
    removed = sum(rows for change in after for _, rows in change.lost)
    return Signed(found[-1], contents.head - found[-1].entry, len(after), removed)


def signature_findings(contents: Contents) -> Iterator[Finding]:
    """Yield what is wrong with the signatures of a vault: with a line, a signature, or what it signs.

    What it signs is looked for in an intact chain only; what is wrong with another one is found elsewhere.

    :raises SigningNotInstalled: if something is signed, and the package that verifies is missing
    """
    try:
        yield from _findings(contents, _read(contents.folder))
    except VaultDamaged as damage:
        yield damage.finding


def not_signed_by(signed: Signed | None, key: str) -> tuple[Finding, ...]:
    """Return a finding, if the newest signature is not by this key, in hexadecimal."""
    if signed is None:
        return (codes.NOT_SIGNED.at(Place(SIGNATURES, 1, 1), "nothing in the vault is signed"),)
    if signed.newest.key != key:
        text = f"the newest signature is by the key {signed.newest.key}, not by {key}"
        return (codes.NOT_SIGNED.at(_place(signed.newest.number), text),)
    return ()


def _read(folder: Path) -> Lines[Signature]:
    return Lines.read(folder / SIGNATURES, Signature.of)


def _intact(contents: Contents) -> Lines[Signature]:
    lines = _read(contents.folder)
    for finding in _findings(contents, lines):
        raise VaultDamaged(contents.folder, finding)
    return lines


def _findings(contents: Contents, lines: Lines[Signature]) -> Iterator[Finding]:
    if lines.trouble:
        number = len(lines.found) + 1
        text = f"line {number} of the signatures is not what was written: {lines.trouble}"
        yield codes.SIGNATURE_DAMAGED.at(_place(number), text)
    for each in lines.found:
        if not is_signature(each.signature, each.statement, key=each.key):
            text = f"signature {each.number} is not by the key {each.key} that it names"
            yield codes.SIGNATURE_DAMAGED.at(_place(each.number), text)
    if lines.found and not contents.findings:
        yield from _rewritten(contents, lines.found)


def _rewritten(contents: Contents, signatures: tuple[Signature, ...]) -> Iterator[Finding]:
    """Yield a finding for each signature over something that does not stand in the chain any more."""
    entries = _entry_hashes(contents, {each.entry for each in signatures})
    changes = _change_hashes(contents.manifest)
    for each in signatures:
        if entries.get(each.entry) != each.entry_hash:
            text = f"entry {each.entry}, signed at {show_instant(each.at)}, does not stand in the chain any more"
            yield codes.SIGNED_OTHERWISE.at(_place(each.number), text)
        if changes.get(each.change) != each.change_hash:
            text = f"line {each.change} of the manifest, signed at {show_instant(each.at)}, is not there any more"
            yield codes.SIGNED_OTHERWISE.at(_place(each.number), text)


def _entry_hashes(contents: Contents, numbers: set[int]) -> dict[int, str]:
    found = {each.sequence: each.hash for each in contents.entries() if each.sequence in numbers}
    return {0: sha256(contents.form), contents.head: contents.head_hash, **found}


def _change_hashes(manifest: Manifest) -> dict[int, str]:
    found = {0: ""}
    for change in manifest.changes:
        found[change.number] = sha256(change.line(found[change.number - 1]))
    return found


def _place(number: int) -> Place:
    return Place(SIGNATURES, number, 1)


_NAMES = tuple(entry.name for entry in fields(Signature))
