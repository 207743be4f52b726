"""What most commands start from: an agreement that reads without error, a vault, and the book of its settlements."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import UTC, datetime, time
from pathlib import Path
from typing import Annotated

import typer

from makegood.cli import clock
from makegood.cli.refusal import Exit, Refusal
from makegood.engine.agreement.document import Document, read
from makegood.engine.agreement.terms import Agreement
from makegood.engine.vocabulary.finding import Severity
from makegood.engine.vocabulary.times import local_instant, parse_instant
from makegood.vault.book import Book
from makegood.vault.bundle import AGREEMENT, VAULT, is_bundle, unpacked
from makegood.vault.vault import Vault

AgreementFile = Annotated[Path, typer.Argument(metavar="AGREEMENT", help="The agreement document, or a bundle.")]
VaultFolder = Annotated[Path, typer.Option("--vault", envvar="MAKEGOOD_VAULT", help="The folder of the vault.")]
AsOf = Annotated[
    str, typer.Option("--as-of", metavar="DATE", help="Act as if it were this day or instant; without it, now.")
]
DEFAULT_VAULT = Path("vault")


@dataclass(frozen=True)
class Workspace:
    """An agreement with its evidence and its book."""

    source: Path
    document: Document
    agreement: Agreement
    vault: Vault
    book: Book


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
    document, agreement = readable(source)
    opened = Vault.open(vault)
    book = Book.open(opened, agreement.agreement)
    if book.runs and book.runs[-1].digest != document.digest:
        raise Refusal(
            f"{source} is not the text that was settled: periods of {agreement.agreement} were closed under the text"
            f" with the digest {book.runs[-1].digest[:16]}, this one has {document.digest[:16]}",
            "Settle with the text that was signed; a changed agreement needs an identifier of its own.",
        )
    return Workspace(source, document, agreement, opened, book)


def readable(path: Path) -> tuple[Document, Agreement]:
    """Read an agreement document.

    :raises Refusal: if there is no such file, or it has errors
    """
    document = read_file(path)
    if document.agreement is None:
        errors = sum(finding.severity is Severity.ERROR for finding in document.findings)
        raise Refusal(
            f"{path} has {errors} {'error' if errors == 1 else 'errors'} and cannot be used",
            "Mend the places above.",
            Exit.FINDINGS,
            document.findings,
        )
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
