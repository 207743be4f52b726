"""Mails that a mail service posts: an address that nobody guesses, and a signature that nobody forges."""

from __future__ import annotations

import json
from base64 import b64decode
from http import HTTPStatus
from typing import Final

from django.http import HttpRequest, HttpResponse, JsonResponse
from django.utils.translation import gettext as _
from django.views.decorators.csrf import csrf_exempt
from django.views.decorators.http import require_POST

from makegood.platform import clock
from makegood.platform.evidence.intake.operations.posted import is_signed
from makegood.platform.evidence.service_desk.operations import take_mail
from makegood.platform.evidence.service_desk.queries import mailbox_of
from makegood.platform.sealing import Unopenable, opened
from makegood.platform.web.doors import open_door

MOST_BYTES: Final = 40 * 1024 * 1024
"""A mail of the greatest size in the longest way of writing it."""
_TEXTS: Final = ("raw", "RawEmail")


@open_door
@csrf_exempt
@require_POST
def mailed(request: HttpRequest, token: str) -> HttpResponse:
    """Take a mail that a mail service posts: as it is (``message/rfc822``), or within JSON."""
    mailbox = mailbox_of(token=token)
    if mailbox is None:
        return _answer(HTTPStatus.NOT_FOUND, _("There is nothing here."))
    body = request.read(MOST_BYTES + 1)
    if len(body) > MOST_BYTES:
        return _answer(HTTPStatus.REQUEST_ENTITY_TOO_LARGE, _("Send at most %d bytes at once.") % MOST_BYTES)
    headers = {name.lower(): value for name, value in request.headers.items()}
    try:
        secret = opened(mailbox.secret or b"")
    except Unopenable:
        secret = ""
    if not secret or not is_signed(mailbox.signing, secret, body, headers, clock.unshifted()):
        return _answer(HTTPStatus.UNAUTHORIZED, _("The signature is not the right one, or too old."))
    raw = _raw(body, (request.content_type or "").lower())
    if not raw:
        sentence = _("Send a mail as message/rfc822, or JSON with it under “raw” or in Base64 under “raw_base64”.")
        return _answer(HTTPStatus.UNPROCESSABLE_ENTITY, sentence)
    mail = take_mail(mailbox=mailbox, raw=raw, now=clock.now())
    return JsonResponse({"mail": mail.pk, "state": mail.state})


def _raw(body: bytes, kind: str) -> bytes:
    """Return the mail that a body is or has; empty if it has none."""
    if not kind.endswith(("/json", "+json")):
        return body
    try:
        found = json.loads(body)
    except (ValueError, RecursionError):
        return b""
    if not isinstance(found, dict):
        return b""
    for name in _TEXTS:
        if isinstance(found.get(name), str):
            return str(found[name]).encode("utf-8", "surrogatepass")
    try:
        return b64decode(found.get("raw_base64") or "", validate=True)
    except (TypeError, ValueError):
        return b""


def _answer(status: HTTPStatus, sentence: str) -> HttpResponse:
    return JsonResponse({"detail": sentence}, status=status)
