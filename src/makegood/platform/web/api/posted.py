"""Evidence from tools that can only post JSON: an address that nobody guesses, and a signature that nobody forges."""

from __future__ import annotations

import hashlib
from http import HTTPStatus
from typing import Final

from django.core.cache import cache
from django.http import HttpRequest, HttpResponse, JsonResponse
from django.utils.translation import gettext as _
from django.views.decorators.csrf import csrf_exempt
from django.views.decorators.http import require_POST

from makegood.platform import clock
from makegood.platform.evidence.intake.operations import (
    KeyUsedOtherwise,
    NotBelieved,
    UnableToTakeEvidence,
    VaultBusy,
    take_posted,
)
from makegood.platform.evidence.intake.operations.posted import MOST_BYTES
from makegood.platform.evidence.intake.queries import receiver_of
from makegood.platform.web.doors import address_of, open_door

MOST_A_MINUTE: Final = 600
MOST_WRONG_A_MINUTE: Final = 20
_KEPT_SECONDS: Final = 120


@open_door
@csrf_exempt
@require_POST
def posted(request: HttpRequest, token: str) -> HttpResponse:
    """Take what a tool posts, if it is signed; at an address that is none there is nothing."""
    receiver = receiver_of(token=token)
    if receiver is None:
        return _answer(HTTPStatus.NOT_FOUND, _("There is nothing here."))
    if _counted(token, "all") > MOST_A_MINUTE:
        return _answer(HTTPStatus.TOO_MANY_REQUESTS, _("This is more than is taken in a minute; send later."))
    kind = (request.content_type or "").lower()
    if not kind.endswith(("/json", "+json")) or "Content-Encoding" in request.headers:
        return _answer(HTTPStatus.UNSUPPORTED_MEDIA_TYPE, _("Send application/json, and do not compress it."))
    body = request.read(MOST_BYTES + 1)
    if len(body) > MOST_BYTES:
        return _answer(HTTPStatus.REQUEST_ENTITY_TOO_LARGE, _("Send at most %d bytes at once.") % MOST_BYTES)
    try:
        batch = take_posted(
            receiver=receiver,
            body=body,
            headers={name.lower(): value for name, value in request.headers.items()},
            address=address_of(request),
            now=clock.now(),
            at=clock.unshifted(),
            silently=_wrong(token) >= MOST_WRONG_A_MINUTE,
        )
    except NotBelieved:
        too_many = _counted(token, "wrong") > MOST_WRONG_A_MINUTE
        status = HTTPStatus.TOO_MANY_REQUESTS if too_many else HTTPStatus.UNAUTHORIZED
        return _answer(status, _("The signature is not the right one, or too old."))
    except VaultBusy as refusal:
        return _answer(HTTPStatus.SERVICE_UNAVAILABLE, str(refusal))
    except KeyUsedOtherwise as refusal:
        return _answer(HTTPStatus.CONFLICT, str(refusal))
    except UnableToTakeEvidence as refusal:
        findings = [str(each) for each in getattr(refusal, "findings", ())]
        return _answer(HTTPStatus.UNPROCESSABLE_ENTITY, str(refusal), findings)
    return JsonResponse(
        {"batch": batch.pk, "records": batch.records, "known_before": batch.known, "refused_rows": batch.refused}
    )


def _counted(token: str, what: str) -> int:
    """Return how many came in this minute, with this one."""
    key = _key(token, what)
    cache.add(key, 0, _KEPT_SECONDS)
    number = int(cache.get(key, 0)) + 1
    cache.set(key, number, _KEPT_SECONDS)
    return number


def _wrong(token: str) -> int:
    return int(cache.get(_key(token, "wrong"), 0))


def _key(token: str, what: str) -> str:
    digest = hashlib.sha256(token.encode()).hexdigest()[:32]
    return f"posted {what} {digest} {clock.unshifted():%Y%m%d%H%M}".replace(" ", "-")


def _answer(status: HTTPStatus, sentence: str, findings: list[str] | None = None) -> HttpResponse:
    return JsonResponse({"detail": sentence, "findings": findings or []}, status=status)
