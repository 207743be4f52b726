"""Mails that no person wrote: answers of machines, copies for lists, and news that a mail did not arrive."""

from __future__ import annotations

import re
from dataclasses import dataclass
from email.message import Message
from typing import Final

_MASS: Final = frozenset({"bulk", "junk", "list", "auto_reply"})
_MACHINES: Final = ("mailer-daemon@", "postmaster@", "mail-daemon@")
_AWAY: Final = re.compile(
    r"(automatic reply|auto(matic)?[- ]?reply|out of (the )?office|automatische antwort|abwesenheitsnotiz|"
    r"abwesend)\b.*",
    re.IGNORECASE,
)
_NUMBER: Final = re.compile(r"<[^<>\s]{1,996}>")
_MOST_SEARCHED: Final = 200_000


@dataclass(frozen=True, slots=True)
class Failure:
    """That a mail was not delivered: which, to whom, and what the other server said."""

    number: str
    to: str
    status: str


def automatic(mail: Message, *, subject: str, sender: str, ours: str) -> str:
    """Return by what a mail is known to be no person's; empty if it is one."""
    submitted = _value(mail, "Auto-Submitted")
    if submitted and not submitted.startswith("no"):
        return f"Auto-Submitted: {submitted[:100]}"
    for name in ("X-Auto-Response-Suppress", "X-Autoreply", "X-Autorespond", "List-Id"):
        if _value(mail, name):
            return name
    if (precedence := _value(mail, "Precedence")) in _MASS:
        return f"Precedence: {precedence}"
    if ours and ours.lower() in [str(each).strip().lower() for each in mail.get_all("X-Loop", [])]:
        return "X-Loop"
    if mail.get("Return-Path") is not None and _value(mail, "Return-Path") in {"<>", ""}:
        return "Return-Path: <>"
    if sender.startswith(_MACHINES) or mail.get_content_type() == "multipart/report":
        return sender or "multipart/report"
    return subject[:100] if _AWAY.match(subject) else ""


def failure_of(mail: Message) -> Failure | None:
    """Return which mail was not delivered, if that is what this one says."""
    if mail.get_content_type() != "multipart/report" or not mail.is_multipart():
        return None
    fields: dict[str, str] = {}
    number = ""
    for part in mail.walk():
        kind = part.get_content_type()
        if kind == "message/delivery-status" and part.is_multipart():
            for block in part.get_payload():
                fields |= {name.lower(): " ".join(str(value).split()) for name, value in block.items()}  # type: ignore[union-attr]
        elif kind in {"message/rfc822", "text/rfc822-headers"}:
            number = number or _number_in(part)
    if fields.get("action", "").lower() != "failed":
        return None
    to = fields.get("final-recipient", fields.get("original-recipient", "")).rpartition(";")[2].strip()
    return Failure(number, to[:320], (fields.get("diagnostic-code") or fields.get("status", ""))[:500])


def _number_in(part: Message) -> str:
    if part.is_multipart():
        inner = part.get_payload(0)
        text = str(inner.get("Message-ID") or "") if isinstance(inner, Message) else ""
    else:
        payload = part.get_payload(decode=True)
        whole = payload[:_MOST_SEARCHED].decode("utf-8", "replace") if isinstance(payload, bytes) else ""
        found = re.search(r"^message-id:\s*(.*)$", whole, re.IGNORECASE | re.MULTILINE)
        text = found[1] if found else ""
    number = _NUMBER.search(text)
    return number[0] if number else ""


def _value(mail: Message, name: str) -> str:
    return " ".join(str(mail.get(name) or "").split()).lower()
