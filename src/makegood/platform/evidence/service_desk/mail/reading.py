"""A mail as it came, read into what somebody says; whatever it contains, reading it ends in a value."""

from __future__ import annotations

import hashlib
import re
from collections.abc import Iterator
from contextlib import suppress
from dataclasses import dataclass, field, replace
from email import message_from_bytes
from email.errors import MessageError
from email.header import decode_header
from email.message import Message
from email.utils import getaddresses
from typing import Final

from django.utils.translation import gettext as _

from makegood.platform.evidence.service_desk.mail.automatic import Failure, automatic, failure_of
from makegood.platform.evidence.service_desk.mail.bodies import text_of_html
from makegood.platform.evidence.service_desk.mail.files import File
from makegood.platform.evidence.service_desk.mail.replies import parted

MOST_BYTES: Final = 25 * 1024 * 1024
MOST_KEPT: Final = 64 * 1024
"""So much of a mail that is too large is kept."""
_MOST_PARTS: Final = 100
_MOST_TEXT: Final = 1_000_000
_LONGEST_SUBJECT: Final = 300
_LONGEST_NAME: Final = 200
_LONGEST_NUMBER: Final = 998
_MOST_REFERENCES: Final = 50
_NUMBER: Final = re.compile(r"<[^<>\s]{1,996}>")
_CASE: Final = re.compile(r"\[#([0-9]{1,12})\]")
_ADDRESS: Final = re.compile(r"[^\s<>@,;:\"]{1,64}@[a-z0-9.-]{1,253}", re.IGNORECASE)
_NOT_SHOWN: Final = re.compile(r"[\x00-\x08\x0b-\x1f\x7f\ud800-\udfff]")


@dataclass(frozen=True, slots=True)
class Read:
    """What a mail says.

    ``text`` is what was written anew, and ``quoted`` what stood there before. ``references`` are the identifiers of
    mails that it answers, the nearest first, and ``case`` the number in its subject. ``automatic`` says why it is no
    person's; a ``failure`` is that of a mail of ours. What could not be read says why in ``trouble``.
    """

    key: str
    size: int
    number: str = ""
    sender: str = ""
    sender_name: str = ""
    subject: str = ""
    text: str = ""
    quoted: str = ""
    references: tuple[str, ...] = ()
    case: int | None = None
    files: tuple[File, ...] = field(default=(), repr=False)
    automatic: str = ""
    failure: Failure | None = None
    trouble: str = ""


def read_mail(raw: bytes, *, ours: str = "", size: int = 0) -> Read:
    """Return what a mail says; ``ours`` is how mails of this house mark themselves.

    A mail that is too large or cannot be read is returned with what could be read and the ``trouble``; of one that was
    not fetched as a whole, ``size`` is how large it is.
    """
    if max(len(raw), size) > MOST_BYTES:
        trouble = _("This mail is larger than %d MiB.") % (MOST_BYTES // 1024 // 1024)
        return replace(_heads_only(raw, trouble), size=max(len(raw), size))
    if len(re.findall(rb"multipart/", raw, re.IGNORECASE)) > _MOST_PARTS:
        return _heads_only(raw, _("This mail has too many parts within parts."))
    try:
        return _read(raw, ours)
    except (MessageError, RecursionError, ValueError, LookupError, AttributeError, TypeError) as error:
        return _heads_only(raw, _("This mail cannot be read: %s") % (str(error) or type(error).__name__)[:200])


def _read(raw: bytes, ours: str) -> Read:
    mail = message_from_bytes(raw)
    heads = _heads(mail, raw)
    bodies, files = _parts(mail)
    text, quoted = parted(bodies)
    return Read(
        **heads,  # type: ignore[arg-type]
        text=text,
        quoted=quoted,
        files=tuple(files),
        automatic=automatic(mail, subject=str(heads["subject"]), sender=str(heads["sender"]), ours=ours),
        failure=failure_of(mail),
    )


def _heads_only(raw: bytes, trouble: str) -> Read:
    """Return what the heads of a mail say, of which the rest is left alone."""
    beginning = raw[:MOST_KEPT].replace(b"\r\n", b"\n").partition(b"\n\n")[0]
    heads: dict[str, object] = {"key": _digest(raw), "size": len(raw)}
    with suppress(MessageError, RecursionError, ValueError, LookupError, AttributeError, TypeError):
        heads = _heads(message_from_bytes(beginning + b"\n\n"), raw)
    return Read(**heads, trouble=trouble)  # type: ignore[arg-type]


def _heads(mail: Message, raw: bytes) -> dict[str, object]:
    subject = decoded(mail.get("Subject"))[:_LONGEST_SUBJECT]
    name, address = _sender(mail)
    found = _NUMBER.search(_plain(mail.get("Message-ID")))
    number = found[0][:_LONGEST_NUMBER] if found else ""
    case = _CASE.search(subject)
    body = raw.replace(b"\r\n", b"\n").partition(b"\n\n")[2]
    said = "\0".join((number, address, subject, _plain(mail.get("Date")))).encode("utf-8", "replace")
    return {
        "key": _digest(said + b"\0" + body.rstrip()),
        "size": len(raw),
        "number": number,
        "sender": address,
        "sender_name": name,
        "subject": subject,
        "references": _references(mail),
        "case": int(case[1]) if case else None,
    }


def _sender(mail: Message) -> tuple[str, str]:
    """Return who wrote a mail: name and address, both empty if it does not say in one way."""
    found = getaddresses([decoded(each) for each in mail.get_all("From", [])][:1])
    if len(found) != 1 or not _ADDRESS.fullmatch(found[0][1]):
        return "", ""
    return found[0][0][:_LONGEST_NAME], found[0][1].lower()


def _references(mail: Message) -> tuple[str, ...]:
    """Return the identifiers of the mails that one answers, the nearest first."""
    before = _NUMBER.findall(_plain(mail.get("References"))[:50_000])
    found = [*_NUMBER.findall(_plain(mail.get("In-Reply-To"))), *reversed(before)]
    return tuple(dict.fromkeys(found))[:_MOST_REFERENCES]


def _parts(mail: Message) -> tuple[str, list[File]]:
    """Return the text of a mail, and its files; of the same text in several forms the plain one."""
    plain, html, files = [], [], []
    for part in _leaves(mail):
        kind, is_file = part.get_content_type(), bool(part.get_filename()) or _is_attached(part)
        if kind.startswith("multipart/"):  # one that has no parts is only text
            kind = "text/plain"
        if is_file or kind not in {"text/plain", "text/html"}:
            files.append(_file(part))
        elif kind == "text/plain":
            plain.append(_text(part))
        else:
            html.append(text_of_html(_text(part)))
    shown = plain if any(each.strip() for each in plain) else html
    return "\n\n".join(each.strip("\n") for each in shown if each.strip()), files


def _leaves(mail: Message) -> Iterator[Message]:
    """Yield the parts that have content; a mail within the mail, and a report of delivery, is one file."""
    kind = mail.get_content_type()
    if kind == "multipart/alternative" and mail.is_multipart():
        yield from _alternatives(mail)
    elif mail.is_multipart() and kind.startswith("multipart/"):
        for each in mail.get_payload():
            yield from _leaves(each)  # type: ignore[arg-type]
    else:
        yield mail


def _alternatives(mail: Message) -> Iterator[Message]:
    found = [leaf for each in mail.get_payload() for leaf in _leaves(each)]  # type: ignore[arg-type]
    texts = [each for each in found if each.get_content_type() == "text/plain" and not _is_attached(each)]
    for each in found:
        if not (each.get_content_type() == "text/html" and any(_text(one).strip() for one in texts)):
            yield each


def _is_attached(part: Message) -> bool:
    return _plain(part.get("Content-Disposition")).strip().lower().startswith("attachment")


def _file(part: Message) -> File:
    kind = part.get_content_type()
    ending = {"message/rfc822": "eml", "text/calendar": "ics"}.get(kind, kind.rpartition("/")[2][:10])
    name = decoded(part.get_filename() or "") or f"file.{ending}"
    if part.is_multipart():
        content = b"\n".join(each.as_bytes() for each in part.get_payload())  # type: ignore[union-attr]
    else:
        payload = part.get_payload(decode=True)
        content = payload if isinstance(payload, bytes) else b""
    return File(name, kind, content)


def _text(part: Message) -> str:
    payload = part.get_payload(decode=True)
    content = payload if isinstance(payload, bytes) else b""
    charset = str(part.get_content_charset() or "utf-8")
    try:
        found = content.decode(charset, "replace")
    except (LookupError, ValueError):
        found = content.decode("utf-8", "replace")
    return _NOT_SHOWN.sub("", found.replace("\r\n", "\n").replace("\r", "\n"))[:_MOST_TEXT]


def decoded(value: object) -> str:
    """Return what a head says as one line, whatever it was encoded with."""
    text = _plain(value)
    pieces = []
    try:
        found = decode_header(text)
    except (MessageError, ValueError):
        found = [(text, None)]
    for each, charset in found:
        pieces.append(each if isinstance(each, str) else _bytes(each, charset))
    return " ".join(_NOT_SHOWN.sub(" ", "".join(pieces)).split())


def _bytes(content: bytes, charset: str | None) -> str:
    try:
        return content.decode(charset or "utf-8", "replace")
    except (LookupError, ValueError):
        return content.decode("latin-1")


def _plain(value: object) -> str:
    return "" if value is None else str(value).replace("\r", "").replace("\n", " ")[:20_000]


def _digest(content: bytes) -> str:
    return hashlib.sha256(content).hexdigest()
