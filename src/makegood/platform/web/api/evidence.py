"""Evidence in, and what came in."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Annotated, Any

from django.conf import settings
from django.http import HttpRequest
from ninja import File, Form, Query, Router, Schema
from ninja.errors import HttpError
from ninja.files import UploadedFile

from makegood.platform import clock
from makegood.platform.agreement.contracts.models import Contract
from makegood.platform.evidence.intake.models import Batch
from makegood.platform.evidence.intake.operations import attribute, receive_file
from makegood.platform.evidence.intake.queries import batches, coverage_board
from makegood.platform.tenancy.access.models import Scope
from makegood.platform.tenancy.viewer import Viewer
from makegood.platform.web.api.asked import IdempotencyKey, contract_of, listed, viewer_with
from makegood.platform.web.api.shapes import TROUBLES, In, Line, Listed, Moment, Paging, Trouble, Word

router = Router(tags=["evidence"])
_KINDS = {
    "application/jsonl": ".jsonl",
    "application/x-ndjson": ".jsonl",
    "application/json": ".jsonl",
    "text/csv": ".csv",
    "application/vnd.apache.parquet": ".parquet",
}
_ENDINGS = frozenset({".csv", ".tsv", ".jsonl", ".json", ".parquet"})
_CHUNK = 1024 * 1024
_TOO_MUCH: dict[int, Any] = {413: Trouble, 415: Trouble}


class BatchOut(Schema):
    """Records that were accepted together."""

    key: str
    name: str
    source: str
    sha256: str
    records: int
    known: int
    refused: int
    findings: list[Any]
    entry: int
    received_at: datetime
    received_by: str


class ArrivedOut(Schema):
    """What came of something that the agreement asks for, and since when it is missing."""

    what: str
    outcomes: list[str]
    declared: list[str]
    source: str
    records: int
    last_at: datetime | None
    missing_since: datetime | None


class AttributionIn(In):
    """Which share of an incident, or of what went wrong in a stretch, a party caused: ``0.4``, ``2/5`` or ``40%``."""

    party: Word
    share: Line
    incident: Line = ""
    start: Moment | None = None
    end: Moment | None = None


@router.post("/{identifier}/evidence", response={200: BatchOut, **_TOO_MUCH, **TROUBLES}, summary="Send evidence")
def send(request: HttpRequest, identifier: str, idempotency_key: IdempotencyKey = "") -> Batch:
    """Take the body as a batch: JSON Lines of records, or a Parquet file of them.

    The same key and body are taken once, whatever happens in between; without a key the SHA-256 of the body is it.
    """
    viewer = viewer_with(request, Scope.WRITE_EVIDENCE)
    contract = contract_of(viewer, identifier)
    ending = _KINDS.get((request.content_type or "").lower())
    if ending is None:
        raise HttpError(415, f"send one of {', '.join(sorted(_KINDS))}")
    return _received(viewer, contract, _body(request), f"body{ending}", ending, None, idempotency_key)


@router.post(
    "/{identifier}/evidence/file", response={200: BatchOut, **_TOO_MUCH, **TROUBLES}, summary="Send a file of evidence"
)
def send_file(
    request: HttpRequest,
    identifier: str,
    file: Annotated[UploadedFile, File()],
    mapping: Annotated[str, Form()] = "",
    idempotency_key: IdempotencyKey = "",
) -> Batch:
    """Take a CSV, TSV, JSON Lines or Parquet file, with a mapping that says what its columns are."""
    viewer = viewer_with(request, Scope.WRITE_EVIDENCE)
    contract = contract_of(viewer, identifier)
    name = Path(file.name or "file").name[:300]
    ending = Path(name).suffix.lower()
    if ending not in _ENDINGS:
        raise HttpError(415, f"send a file that ends in one of {', '.join(sorted(_ENDINGS))}")
    return _received(viewer, contract, _measured(file.chunks()), name, ending, mapping or None, idempotency_key)


@router.get("/{identifier}/evidence", response={200: Listed[BatchOut], **TROUBLES}, summary="What came in")
def received(request: HttpRequest, identifier: str, paging: Query[Paging]) -> dict[str, Any]:
    """List what came in, the latest first."""
    viewer = viewer_with(request, Scope.READ_EVIDENCE)
    return listed(batches(viewer=viewer, contract=contract_of(viewer, identifier)), paging)


@router.get("/{identifier}/coverage", response={200: list[ArrivedOut], **TROUBLES}, summary="What is missing")
def coverage(request: HttpRequest, identifier: str) -> Any:
    """Say of everything that the agreement asks for what came, and since when it is missing."""
    viewer = viewer_with(request, Scope.READ_EVIDENCE)
    return list(coverage_board(viewer=viewer, contract=contract_of(viewer, identifier), now=clock.now()))


@router.post("/{identifier}/attributions", response={200: BatchOut, **TROUBLES}, summary="Say who caused what")
def say_who(request: HttpRequest, identifier: str, asked: AttributionIn) -> Batch:
    """Keep which share a party caused; the same said again is kept once."""
    by = viewer_with(request, Scope.WRITE_DISPUTES)
    return attribute(contract=contract_of(by, identifier), **asked.model_dump(), by=by, now=clock.now())


def _received(
    viewer: Viewer,
    contract: Contract,
    content: Iterator[bytes],
    name: str,
    ending: str,
    mapping: str | None,
    key: str,
) -> Batch:
    with TemporaryDirectory(prefix="makegood-") as folder:
        kept = Path(folder) / f"body{ending}"
        with kept.open("wb") as target:
            for chunk in content:
                target.write(chunk)
        return receive_file(
            contract=contract,
            file=kept,
            name=name,
            mapping=mapping,
            key=key,
            source=viewer.name,
            by=viewer,
            now=clock.now(),
        )


def _body(request: HttpRequest) -> Iterator[bytes]:
    return _measured(iter(lambda: request.read(_CHUNK), b""))


def _measured(pieces: Iterator[bytes]) -> Iterator[bytes]:
    """Yield what is sent in pieces.

    :raises HttpError: if it is longer than what is taken at once
    """
    taken = 0
    for chunk in pieces:
        taken += len(chunk)
        if taken > settings.MOST_BYTES_UPLOADED:
            raise HttpError(413, f"a batch has {settings.MOST_BYTES_UPLOADED:,} bytes at most; send several")
        yield chunk
