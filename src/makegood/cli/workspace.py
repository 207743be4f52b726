"""What most commands start from: an agreement that reads without error, a vault, and the book of its settlements."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import UTC, datetime, time
from pathlib import Path
from typing import Annotated

import typer

from makegood.cli import clock
from makegood.cli.refusal import Exit, Refusal
from makegood.engine.agreement.chain import Chain, chain_of, newest_of, trouble_with_closed
from makegood.engine.agreement.document import Document, read
from makegood.engine.agreement.terms import Agreement
from makegood.engine.evidence.body import Evidence
from makegood.engine.vocabulary.finding import Finding, Severity
from makegood.engine.vocabulary.times import local_instant, parse_instant
from makegood.vault.book import Book
from makegood.vault.bundle import AGREEMENT, VAULT, VERSIONS, is_bundle, unpacked
from makegood.vault.settling import known, void_disputes
from makegood.vault.vault import Vault

AgreementFile = Annotated[
    Path,
    typer.Argument(metavar="AGREEMENT", help="The agreement document, its newest version, its folder, or a bundle."),
]
VaultFolder = Annotated[Path, typer.Option("--vault", envvar="MAKEGOOD_VAULT", help="The folder of the vault.")]
AsOf = Annotated[
    str, typer.Option("--as-of", metavar="DATE", help="Act as if it were this day or instant; without it, now.")
]
DEFAULT_VAULT = Path("vault")

_AGREEMENT = re.compile(rb"""makegood["']?\s*:\s*["']?agreement/""")


@dataclass(frozen=True)
class Workspace:
    """An agreement with its evidence and its book; ``chain`` has all its versions, ``document`` is the newest."""

    source: Path
    chain: Chain
    agreement: Agreement
    vault: Vault
    book: Book

    @property
    def document(self) -> Document:
        return self.chain.documents[-1]

    def evidence(self, *, whole: bool = False) -> Evidence:
        """Return the evidence that counts between the parties: what decides about the agreement, or the whole of it."""
        return known(agreement=self.agreement, vault=self.vault, book=self.book, whole=whole)

    def void_disputes(self) -> list[str]:
        """Return the disputes that do not count because they came too late."""
        return sorted(void_disputes(self.agreement, self.vault, self.book.closed_at))


@contextmanager
def workspace(source: Path, vault: Path) -> Iterator[Workspace]:
    """Open an agreement together with its vault; a bundle brings its own.

    :raises Refusal: if the document has errors, or the book was kept for another text of the agreement
    """
    if not is_bundle(source):
        yield _opened(source, vault)
        return
    with unpacked(source) as folder:
        yield _opened(folder / AGREEMENT, folder / VAULT)


def _opened(source: Path, vault: Path) -> Workspace:
    chain, agreement = readable_chain(source)
    opened = Vault.open(vault)
    book = Book.open(opened, agreement.agreement)
    _refuse_another_text(source, chain, agreement, book)
    return Workspace(source, chain, agreement, opened, book)


def _refuse_another_text(source: Path, chain: Chain, agreement: Agreement, book: Book) -> None:
    """Refuse a text that does not lead on from the one that was settled last."""
    if not book.runs:
        return
    before = chain.until(book.runs[-1].digest)
    if before is None:
        raise Refusal(
            f"{source} is not the text that was settled: periods of {agreement.agreement} were closed under the text"
            f" with the digest {book.runs[-1].digest[:16]}, this one has {chain.documents[-1].digest[:16]}",
            "Settle with the text that was signed; a change is an amendment, which names the text that it amends.",
        )
    trouble = trouble_with_closed(before, agreement, book.closed)
    if trouble:
        raise Refusal(
            f"{source} reaches back into what was settled: {trouble}",
            "Let it take effect later, or write retroactive: true and the first day of a period.",
        )


def readable_chain(path: Path) -> tuple[Chain, Agreement]:
    """Read an agreement with the versions before it, which lie in the same folder; a folder means its newest text.

    :raises Refusal: if there is no such file, a version is missing, or one has errors
    """
    newest = _newest_in(path) if path.is_dir() else read_file(path)
    others = list(_texts_beside(path)) if newest.agreement is not None and newest.agreement.amendment else []
    chain = chain_of(newest, others)
    if chain.agreement is None:
        raise _with_errors(path, chain.findings)
    return chain, chain.agreement


def _newest_in(folder: Path) -> Document:
    documents = [each for each in _texts_beside(folder) if each.agreement is not None]
    names = sorted({each.agreement.agreement for each in documents if each.agreement is not None})
    newest, findings = newest_of(documents)
    if newest is None:
        known_ = f"it has {', '.join(names)}" if names else "it has none"
        text = f"{folder} does not say which agreement is meant: {known_}"
        raise Refusal(text, "Name the file of the newest version.", Exit.USAGE, findings)
    return newest


def _texts_beside(path: Path) -> Iterator[Document]:
    """Yield what can be read as an agreement in a folder, or beside a file and in the folder of its versions."""
    folder = path if path.is_dir() else path.parent
    for place in (folder, folder / VERSIONS):
        for file in sorted(each for each in place.glob("*.y*ml") if each.is_file()):
            content = file.read_bytes()
            if _AGREEMENT.search(content):
                yield read(content, str(file))


def _with_errors(path: Path, findings: Sequence[Finding]) -> Refusal:
    errors = sum(finding.severity is Severity.ERROR for finding in findings)
    text = f"{path} has {errors} {'error' if errors == 1 else 'errors'} and cannot be used"
    return Refusal(text, "Mend the places above.", Exit.FINDINGS, findings)


def readable(path: Path) -> tuple[Document, Agreement]:
    """Read an agreement document.

    :raises Refusal: if there is no such file, or it has errors
    """
    document = read_file(path)
    if document.agreement is None:
        raise _with_errors(path, document.findings)
    return document, document.agreement


def read_file(path: Path) -> Document:
    """Read a document with all its findings.

    :raises Refusal: if there is no such file or it is not text
    """
    try:
        return read(path.read_text(encoding="utf-8"), str(path))
    except UnicodeDecodeError as error:
        raise Refusal(f"{path} is not UTF-8 text: byte {error.start} does not fit", "Save it as UTF-8.") from None
    except FileNotFoundError:
        raise Refusal(f"there is no file {path}", "Check the name.", Exit.USAGE) from None
    except OSError as error:
        raise Refusal(f"{path} cannot be read: {error.strerror}", "Check the name and the permissions.") from None


def instant(text: str, zone: str) -> datetime:
    """Return the instant that ``--as-of`` names: a day means its first moment in ``zone``; nothing means now.

    :raises Refusal: if it is neither a day nor an instant
    """
    if not text:
        return clock.now()
    try:
        if len(text) == 10:
            return local_instant(datetime.combine(datetime.fromisoformat(text).date(), time()), zone)
        return parse_instant(text).astimezone(UTC)
    except (ValueError, OverflowError):
        raise Refusal(
            f"{text!r} is neither a day nor an instant", "Write 2026-03-31 or 2026-03-31T18:00:00Z.", Exit.USAGE
        ) from None
