"""Evidence in, and what came in."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

from django.conf import settings
from django.http import HttpRequest
from ninja import Header, Router
from ninja.errors import HttpError

from makegood.platform import clock
from makegood.platform.evidence.intake.models import Batch, Dispute
from makegood.platform.evidence.intake.operations import receive_file
from makegood.platform.evidence.intake.queries import batches, coverage_board, disputes
from makegood.platform.tenancy.access.models import Scope
from makegood.platform.web.api.asked import contract_of, viewer_with
from makegood.platform.web.api.shapes import TROUBLES, ArrivedOut, BatchOut, DisputeOut

router = Router()
_ENDINGS = {
    "application/jsonl": ".jsonl",
    "application/x-ndjson": ".jsonl",
    "application/json": ".jsonl",
    "text/csv": ".csv",
    "application/vnd.apache.parquet": ".parquet",
}
_CHUNK = 1024 * 1024


@router.post(
    "/{identifier}/evidence",
    response={200: BatchOut, 413: dict[str, Any], 415: dict[str, Any], **TROUBLES},
    summary="Send evidence",
)
def send(
    request: HttpRequest,
    identifier: str,
    idempotency_key: str = Header("", max_length=200),  # type: ignore[type-arg]  # a function to ninja, a class to mypy
) -> Batch:
    """Take the body as a batch: JSON Lines of records, or a Parquet file of them.

    The same key and body are taken once, whatever happens in between; without a key the SHA-256 of the body is it.
    """
    viewer = viewer_with(request, Scope.WRITE_EVIDENCE)
    contract = contract_of(viewer, identifier)
    ending = _ENDINGS.get((request.content_type or "").lower())
    if ending is None:
        raise HttpError(415, f"send one of {', '.join(sorted(_ENDINGS))}")
    with TemporaryDirectory(prefix="makegood-") as folder:
        file = Path(folder) / f"body{ending}"
        with file.open("wb") as target:
            for chunk in _body(request):
                target.write(chunk)
        return receive_file(
            contract=contract,
            file=file,
            name=file.name,
            mapping=None,
            key=idempotency_key,
            source=viewer.name,
            by=viewer,
            now=clock.now(),
        )


@router.get("/{identifier}/evidence", response={200: list[BatchOut], **TROUBLES}, summary="What came in")
def received(request: HttpRequest, identifier: str) -> Iterable[Batch]:
    """List the latest hundred batches."""
    viewer = viewer_with(request, Scope.READ_EVIDENCE)
    return batches(viewer=viewer, contract=contract_of(viewer, identifier))[:100]


@router.get("/{identifier}/coverage", response={200: list[ArrivedOut], **TROUBLES}, summary="What is missing")
def coverage(request: HttpRequest, identifier: str) -> Any:
    """Say of everything that the agreement asks for what came, and since when it is missing."""
    viewer = viewer_with(request, Scope.READ_EVIDENCE)
    return list(coverage_board(viewer=viewer, contract=contract_of(viewer, identifier), now=clock.now()))


@router.get("/{identifier}/disputes", response={200: list[DisputeOut], **TROUBLES}, summary="What is disputed")
def disputed(request: HttpRequest, identifier: str) -> Iterable[Dispute]:
    """List the disputes."""
    viewer = viewer_with(request, Scope.READ_EVIDENCE)
    return disputes(viewer=viewer, contract=contract_of(viewer, identifier))


def _body(request: HttpRequest) -> Iterator[bytes]:
    """Yield the body in pieces.

    :raises HttpError: if it is longer than what is taken at once
    """
    taken = 0
    while chunk := request.read(_CHUNK):
        taken += len(chunk)
        if taken > settings.MOST_BYTES_UPLOADED:
            raise HttpError(413, f"a batch has {settings.MOST_BYTES_UPLOADED:,} bytes at most; send several")
        yield chunk
