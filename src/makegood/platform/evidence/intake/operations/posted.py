"""What tools post to receivers: believed only if it is signed, and then taken like any other file."""

from __future__ import annotations

import hashlib
import hmac
import json
from base64 import b64decode, b64encode
from binascii import Error as NotBase64
from collections.abc import Iterator, Mapping
from contextlib import suppress
from datetime import datetime, timedelta
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any, Final

from django.utils.translation import gettext as _

from makegood.platform.evidence.intake.models import Batch, Receiver, Reception, Scheme
from makegood.platform.evidence.intake.operations.receiving import SCOPE, receive_file
from makegood.platform.evidence.intake.operations.sides import UnableToTakeEvidence, other_side
from makegood.platform.sealing import Unopenable, opened
from makegood.platform.tenancy.parties.queries import house
from makegood.platform.tenancy.trail.operations import record
from makegood.platform.tenancy.viewer import Role, Site, Viewer

MOST_BYTES: Final = 5 * 1024 * 1024
WINDOW: Final = timedelta(minutes=5)
"""What is signed with a time is believed so long before and after it."""
_KEPT: Final = 1_000
_MOST_ROWS: Final = 50_000
_MOST_WRITTEN: Final = 64 * 1024 * 1024
"""So many characters the rows of a body may have, each with what stands beside their list."""
_LONGEST_NUMBER: Final = 150


class NotBelieved(UnableToTakeEvidence):
    """Whoever posted does not have the secret, or said it too long ago."""


def take_posted(
    *,
    receiver: Receiver,
    body: bytes,
    headers: Mapping[str, str],
    address: str | None,
    now: datetime,
    at: datetime,
    silently: bool = False,
) -> Batch:
    """Take what a tool posted into the vault, once for each body and, where it is signed too, for each ``webhook-id``.

    ``headers`` have lower-case names. ``at`` is the time that the tool's clock shows. What is refused stays in the
    trail and in the list of what came; if asked to be refused ``silently``, what is not believed leaves no trace.

    :raises NotBelieved: if it is not signed with the secret of the receiver
    :raises UnableToTakeEvidence: if nothing of it could be taken
    """
    by = _sender(receiver, address)
    try:
        number = _believed(receiver, body, headers, now, at)
        batch = _taken(receiver, body, number, by, now)
    except NotBelieved as refusal:
        if not silently:
            _keep(receiver, body, now, refused=str(refusal))
            _refused(receiver, refusal, by, now)
        raise
    except UnableToTakeEvidence as refusal:
        _keep(receiver, body, now, refused=str(refusal))
        raise
    _keep(receiver, body, now, batch=batch)
    return batch


def standard_signature(*, secret: str, number: str, at: str, body: bytes) -> str:
    """Return the signature of Standard Webhooks, without its version."""
    key = b64decode(secret.removeprefix("whsec_"))
    return b64encode(hmac.digest(key, f"{number}.{at}.".encode() + body, "sha256")).decode()


def plain_signature(*, secret: str, body: bytes) -> str:
    """Return the HMAC-SHA256 of a body in hexadecimal digits."""
    return hmac.digest(secret.encode(), body, "sha256").hex()


def _sender(receiver: Receiver, address: str | None) -> Viewer:
    """Return the tool as somebody of the house who sends evidence and does nothing else."""
    ours = house().pk
    return Viewer(
        name=f"web hook {receiver.name}",
        house=ours,
        roles={ours: frozenset({Role.ENGINEER})},
        site=Site.CONSOLE,
        scopes=frozenset({SCOPE}),
        address=address,
    )


def _believed(receiver: Receiver, body: bytes, headers: Mapping[str, str], now: datetime, at: datetime) -> str:
    """Return the number under which something is taken once; empty where it has none that was signed.

    :raises NotBelieved: if no secret of the receiver signed it
    """
    try:
        secrets = [opened(receiver.secret)]
    except Unopenable as lost:
        raise NotBelieved(str(lost)) from lost
    if receiver.earlier_secret is not None and receiver.earlier_until is not None and now < receiver.earlier_until:
        with suppress(Unopenable):
            secrets.append(opened(receiver.earlier_secret))
    if not any(is_signed(receiver.scheme, each, body, headers, at) for each in secrets):
        raise NotBelieved(_("the signature is not that of the secret, or too old"))
    # Beside a digest of the body alone anybody who heard it once can write another number.
    number = "" if receiver.scheme == Scheme.HMAC else headers.get("webhook-id", "")
    return hashlib.sha256(number.encode()).hexdigest() if len(number) > _LONGEST_NUMBER else number


def is_signed(scheme: str, secret: str, body: bytes, headers: Mapping[str, str], at: datetime) -> bool:
    """Tell whether a body is signed with a secret in one of the ways that programs have; ``at`` is their clock's."""
    if scheme == Scheme.HMAC:
        given = headers.get("x-signature", "").removeprefix("sha256=").lower()
        return _same(given, plain_signature(secret=secret, body=body))
    if scheme == Scheme.BEARER:
        kind, _space, given = headers.get("authorization", "").partition(" ")
        return kind.lower() == "bearer" and _same(given.strip(), secret)
    number, stamp = headers.get("webhook-id", ""), headers.get("webhook-timestamp", "")
    if not number or not (stamp.isascii() and stamp.isdigit() and len(stamp) < 12):
        return False
    if abs(int(at.timestamp()) - int(stamp)) > WINDOW.total_seconds():
        return False
    try:
        wanted = standard_signature(secret=secret, number=number, at=stamp, body=body)
    except (NotBase64, ValueError):
        return False
    signatures = headers.get("webhook-signature", "").split()[:10]
    return any(_same(each.removeprefix("v1,"), wanted) for each in signatures if each.startswith("v1,"))


def _same(given: str, wanted: str) -> bool:
    return hmac.compare_digest(given.encode("utf-8", "replace"), wanted.encode())


def _taken(receiver: Receiver, body: bytes, number: str, by: Viewer, now: datetime) -> Batch:
    digest = hashlib.sha256(body).hexdigest()
    with TemporaryDirectory(prefix="makegood-") as folder:
        file = Path(folder) / "posted.jsonl"
        _write(_rows(receiver, body), file)
        return receive_file(
            contract=receiver.contract,
            file=file,
            name=f"{receiver.name}.json",
            mapping=receiver.mapping or None,
            words=False,
            key=f"hook-{receiver.pk}-{number or digest}",
            by=by,
            now=now,
        )


def _write(rows: Iterator[dict[str, Any]], file: Path) -> None:
    left = _MOST_WRITTEN
    with file.open("w", encoding="utf-8") as target:
        for row in rows:
            left -= target.write(json.dumps(row) + "\n")
            if left < 0:
                raise UnableToTakeEvidence(_("This is too much with what stands beside the list; send fewer at once."))


def _rows(receiver: Receiver, body: bytes) -> Iterator[dict[str, Any]]:
    """Yield the objects that a body has: itself, those of its list, or those of the list that the receiver names.

    What stands beside a named list is given to each of its objects, whose own words go before.
    """
    digits = {"parse_float": _Digits, "parse_int": _Digits} if receiver.mapping else {}
    try:
        found = json.loads(body, parse_constant=_none_of_json, **digits)  # type: ignore[arg-type]
    except (ValueError, RecursionError) as error:
        raise UnableToTakeEvidence(_("The body is no JSON.")) from error
    around: dict[str, Any] = {}
    for step in receiver.rows.split(".") if receiver.rows else ():
        if not isinstance(found, dict) or step not in found:
            raise UnableToTakeEvidence(_("The body has no list under “%s”.") % receiver.rows)
        around |= {name: each for name, each in found.items() if name != step}
        found = found[step]
    rows = found if isinstance(found, list) else [found]
    if len(rows) > _MOST_ROWS or not all(isinstance(each, dict) for each in rows):
        raise UnableToTakeEvidence(_("The body is no object, and no list of at most %d objects.") % _MOST_ROWS)
    for each in rows:
        yield {**around, **each}


class _Digits(str):
    """A number of JSON with the digits that it was written with."""

    __slots__ = ()


def _none_of_json(word: str) -> None:
    raise ValueError(f"{word} is no JSON")


def _keep(receiver: Receiver, body: bytes, now: datetime, *, batch: Batch | None = None, refused: str = "") -> None:
    Reception.objects.create(receiver=receiver, at=now, size=len(body), batch=batch, refused=refused)
    newest = Reception.objects.filter(receiver=receiver).values("pk")[:_KEPT]
    Reception.objects.filter(receiver=receiver).exclude(pk__in=newest).delete()


def _refused(receiver: Receiver, refusal: UnableToTakeEvidence, by: Viewer, now: datetime) -> None:
    record(
        by=by,
        did="receive evidence",
        about=str(receiver.contract),
        now=now,
        organisation=other_side(receiver.contract, by.house),
        refused=str(refusal),
    )
