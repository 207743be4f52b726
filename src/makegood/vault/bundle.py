"""The bundle: one sealed file from which anyone can check the chain and recompute every verdict and cent.

A bundle is an ordinary ZIP archive, stored without compression and in one fixed way, so that every byte of it is
either content under a SHA-256 of the manifest or follows from the content. The seal is the SHA-256 of the manifest.
"""

from __future__ import annotations

import errno
import hashlib
import json
import re
import shutil
import struct
import zipfile
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from importlib.metadata import version
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import BinaryIO

from makegood.engine.agreement.document import Document
from makegood.engine.agreement.terms import Agreement
from makegood.engine.money.closing import Account
from makegood.engine.review.form import credits_form, judgement_form
from makegood.engine.vocabulary.times import HOLIDAYS_VERSION, TZDATA_VERSION
from makegood.vault.book import Book
from makegood.vault.vault import Vault

FORMAT = "bundle/1"
MANIFEST = "bundle.json"
AGREEMENT = "agreement.yaml"
VERSIONS = "versions"
VERDICTS = "verdicts.json"
CREDITS = "credits.json"
READ_ME = "READ-ME.txt"
VAULT = "vault"

_PART = "[A-Za-z0-9_][A-Za-z0-9_.:-]*"
# Of a vault only what `verify` looks at: what was measured of it before would be believed by who reads the bundle.
_IN_VAULT = rf"{VAULT}/(?:vault\.json|manifest\.jsonl|(?:segments|book)/{_PART})"
_NAME = re.compile(rf"{_IN_VAULT}|(?!{VAULT}/)(?:{_PART}/)*{_PART}")
_NO_ROOM = {errno.ENOSPC, errno.EDQUOT, errno.EFBIG, errno.EROFS, errno.EACCES, errno.EPERM, errno.EMFILE, errno.EIO}
_FIXED_TIME = (1980, 1, 1, 0, 0, 0)
_READ_ME = """\
This is a sealed bundle of Makegood: an agreement, the evidence, the verdicts and the money that followed.

To check it without asking anyone, install makegood and run

    makegood verify THIS-FILE --seal THE-SEAL-YOU-WERE-TOLD

It reads nothing but this file, checks every byte against its hash, judges every period again from the evidence,
settles it again, and compares each verdict and each cent.
"""


class DamagedBundle(Exception):
    """The file is not a bundle, or is damaged so that it cannot be opened."""


class UnableToUnpack(Exception):
    """The machine has no room, or no right, to unpack a bundle; that says nothing about the bundle."""

    def __init__(self, error: OSError) -> None:
        super().__init__(f"the bundle cannot be unpacked here ({error.strerror}); make room in the temporary folder")


@dataclass(frozen=True)
class Manifest:
    """What a bundle holds: the hash of each file, and with which software it was made."""

    agreement: str
    snapshot: int
    software: Mapping[str, str]
    files: Mapping[str, str]

    def as_bytes(self) -> bytes:
        """Return the one way in which this manifest is written; its SHA-256 is the seal."""
        return canonical(
            {
                "makegood": FORMAT,
                "agreement": self.agreement,
                "snapshot": self.snapshot,
                "software": dict(self.software),
                "files": dict(self.files),
            }
        )

    @property
    def seal(self) -> str:
        return hashlib.sha256(self.as_bytes()).hexdigest()

    @classmethod
    def from_bytes(cls, content: bytes) -> Manifest:
        """Read a manifest.

        :raises DamagedBundle: if it is not one
        """
        try:
            plain = json.loads(content)
            if plain["makegood"] != FORMAT:
                raise DamagedBundle(f"the bundle is of the format {plain['makegood']}, this program reads {FORMAT}")
            return cls(plain["agreement"], int(plain["snapshot"]), dict(plain["software"]), dict(plain["files"]))
        except (ValueError, KeyError, TypeError, AttributeError) as error:
            raise DamagedBundle(f"{MANIFEST} cannot be read: {error}") from None


def canonical(document: object) -> bytes:
    """Return JSON in the one way in which bundles write it."""
    return (json.dumps(document, ensure_ascii=False, sort_keys=True, indent=1) + "\n").encode()


def software() -> dict[str, str]:
    """Return the versions on which a verdict may depend."""
    return {"makegood": version("makegood"), "tzdata": TZDATA_VERSION, "holidays": HOLIDAYS_VERSION}


def computed_files(seen: Account) -> dict[str, bytes]:
    """Return the files of a bundle that follow from its evidence: verdicts and credits."""
    return {
        VERDICTS: canonical([judgement_form(judgement) for judgement in seen.judgements]),
        CREDITS: canonical([credits_form(credits) for credits in seen.credits]),
    }


def write_bundle(
    path: Path,
    *,
    document: Document,
    agreement: Agreement,
    vault: Vault,
    book: Book,
    seen: Account,
    earlier: Sequence[Document] = (),
) -> Manifest:
    """Write agreement, evidence, book, verdicts and credits as one file, and return its manifest.

    The file appears whole or not at all. Evidence and statements that were added since the account was ``seen`` are
    left out of it: its figures do not follow from them. ``earlier`` are the texts that the document amends.
    """
    snapshot = seen.judgements[0].snapshot if seen.judgements else vault.head
    small = {AGREEMENT: document.text.encode(), READ_ME: _READ_ME.encode(), **computed_files(seen)}
    small |= {f"{VERSIONS}/{number}.yaml": each.text.encode() for number, each in enumerate(earlier, start=1)}
    small[f"{VAULT}/{book.path.relative_to(vault.path).as_posix()}"] = book.content
    hashes = {name: hashlib.sha256(content).hexdigest() for name, content in small.items()}
    with temporary_folder() as folder:
        vault.copy(folder / VAULT, snapshot)
        large = named_files(folder)
        hashes |= {name: file_hash(source) for name, source in large.items()}
        manifest = Manifest(agreement.agreement, snapshot, software(), dict(sorted(hashes.items())))
        unfinished = path.with_name(path.name + ".unfinished")
        try:
            with unfinished.open("wb") as target:
                pack(target, {MANIFEST: manifest.as_bytes(), **small}, large)
            unfinished.replace(path)
        finally:
            unfinished.unlink(missing_ok=True)
    return manifest


def pack(target: BinaryIO, small: Mapping[str, bytes], large: Mapping[str, Path]) -> None:
    """Write the archive in the one way that it can be written: by name, stored, without times."""
    with zipfile.ZipFile(target, "w", zipfile.ZIP_STORED) as archive:
        for name in sorted({*small, *large}, key=lambda name: (name != MANIFEST, name)):
            entry = zipfile.ZipInfo(name, _FIXED_TIME)
            entry.create_system = 3
            entry.external_attr = 0o644 << 16
            entry.file_size = len(small[name]) if name in small else large[name].stat().st_size
            with archive.open(entry, "w") as into:
                if name in small:
                    into.write(small[name])
                else:
                    with large[name].open("rb") as source:
                        shutil.copyfileobj(source, into, 1 << 20)


@contextmanager
def unpacked(path: Path) -> Iterator[Path]:
    """Give a temporary folder with the files of a bundle.

    :raises DamagedBundle: if the file is not an archive that can be opened, or names files outside of it
    :raises UnableToUnpack: if the machine does not take it
    """
    with temporary_folder() as folder:
        try:
            with zipfile.ZipFile(path) as archive:
                entries = archive.infolist()
                for entry in entries:
                    if not _NAME.fullmatch(entry.filename) or entry.compress_type != zipfile.ZIP_STORED:
                        raise DamagedBundle(f"the archive holds {entry.filename!r}, which no bundle has")
                if sum(entry.file_size for entry in entries) > path.stat().st_size:
                    raise DamagedBundle("the archive holds the same bytes several times")
                archive.extractall(folder)
        except OSError as error:
            if error.errno in _NO_ROOM:
                raise UnableToUnpack(error) from None
            raise DamagedBundle(f"{path.name} cannot be opened as a bundle: {error}") from None
        except (zipfile.BadZipFile, EOFError, ValueError, NotImplementedError, RuntimeError, struct.error) as error:
            raise DamagedBundle(f"{path.name} cannot be opened as a bundle: {error}") from None
        yield folder


@contextmanager
def temporary_folder() -> Iterator[Path]:
    """Give a folder that is gone afterwards.

    :raises UnableToUnpack: if there is no place for one
    """
    try:
        made = TemporaryDirectory(prefix="makegood-")
    except OSError as error:
        raise UnableToUnpack(error) from None
    with made as folder:
        yield Path(folder)


def is_bundle(path: Path) -> bool:
    """Tell whether a file looks like a bundle rather than a document."""
    try:
        with path.open("rb") as file:
            return file.read(4) == b"PK\x03\x04"
    except OSError:
        return False


def file_hash(path: Path) -> str:
    """Return the SHA-256 of a file."""
    with path.open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()


def named_files(folder: Path) -> dict[str, Path]:
    """Return the files below a folder by their names in a bundle."""
    return {path.relative_to(folder).as_posix(): path for path in sorted(folder.rglob("*")) if path.is_file()}
