"""What happened to a case, the latest first: states, messages, transfers, escalations, permissions and times."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import datetime

from django.utils.translation import gettext as _

from makegood.platform.amounts import shown
from makegood.platform.evidence.service_desk.models import Attachment, Case, Message, Step
from makegood.platform.evidence.service_desk.queries import (
    escalations,
    messages,
    permissions,
    reclassifications,
    steps,
    times,
    transfers,
)
from makegood.platform.tenancy.viewer import Site, Viewer


@dataclass(frozen=True, slots=True)
class Entry:
    """Something that happened; what is ``ours`` the customer does not see."""

    at: datetime
    icon: str
    title: str
    who: str = ""
    text: str = ""
    quoted: str = ""
    ours: bool = False
    files: list[Attachment] = field(default_factory=list)


def timeline_of(*, viewer: Viewer, case: Case) -> list[Entry]:
    """Return what a viewer may know of what happened to a case, the latest first."""
    found = [
        *_steps(viewer, case),
        *(_message(each) for each in messages(viewer=viewer, case=case)),
        *_reclassifications(viewer, case),
        *_transfers(viewer, case),
        *_escalations(viewer, case),
        *_permissions(viewer, case),
        *_times(viewer, case),
    ]
    return sorted(found, key=lambda each: each.at)[::-1]


def _steps(viewer: Viewer, case: Case) -> Iterator[Entry]:
    inside = viewer.site is not Site.PORTAL
    for each in steps(viewer=viewer, case=case):
        about = ", ".join(f"{name}: {value}" for name, value in each.labels.items() if name in _told(each))
        text = "\n".join(part for part in (each.why, about) if part) if inside else ""
        yield Entry(each.at, "circle-check", _word(each), each.who if inside else "", text)


def _reclassifications(viewer: Viewer, case: Case) -> Iterator[Entry]:
    inside = viewer.site is not Site.PORTAL
    for each in reclassifications(viewer=viewer, case=case):
        title = _("Its kind is %(now)s now; it was %(before)s") % {"now": each.is_now, "before": each.was}
        yield Entry(each.at, "pencil", title, each.who if inside else "", each.why if inside else "")


def _told(step: Step) -> set[str]:
    """Return the labels of a step that were given with it, and do not stand in every step."""
    return set(step.labels) - {"service", "reason", "parent", "duplicate_of"}


def _word(step: Step) -> str:
    words = {
        "opened": _("Opened"),
        "responded": _("Somebody responded"),
        "resolved": _("Resolved, waiting for confirmation"),
    }
    if step.word in words:
        return words[step.word]
    if step.word not in {
        "open",
        "hold-for-research",
        "hold-for-resolution",
        "fix-identified",
        "rfc-submitted",
        "closed",
    }:
        return step.word.replace("-", " ").capitalize()
    state = f"{step.get_state_display()}"
    held = f": {step.get_held_for_display()}" if step.held_for else ""
    return f"{_raised(state)}{held}"


def _raised(text: str) -> str:
    return f"{text[:1].upper()}{text[1:]}"


def _message(message: Message) -> Entry:
    return Entry(
        message.at,
        "mail" if message.kind in {Message.Kind.MAIL_IN, Message.Kind.MAIL_OUT} else "message-circle",
        _raised(f"{message.get_kind_display()}"),
        message.who,
        message.text,
        message.quoted,
        not message.public,
        list(message.attachments.all()),
    )


def _transfers(viewer: Viewer, case: Case) -> Iterator[Entry]:
    for each in transfers(viewer=viewer, case=case):
        said = {"after": each.after.name, "reason": each.get_reason_display()}
        title = _("%(after)s owns it (%(reason)s)") % said
        yield Entry(each.at, "users", title, each.by, each.why, ours=True)


def _escalations(viewer: Viewer, case: Case) -> Iterator[Entry]:
    for each in escalations(viewer=viewer, case=case):
        said = {"percent": each.percent, "limit": each.limit, "outcome": each.outcome}
        title = _("%(percent)s of %(limit)s used (%(outcome)s)") % said
        yield Entry(each.at, "bell", title, "", _("Told: %s") % each.told, ours=True)


def _permissions(viewer: Viewer, case: Case) -> Iterator[Entry]:
    for each in permissions(viewer=viewer, case=case):
        price = f" ({_('at most')} {shown(each.at_most, each.currency)})" if each.at_most is not None else ""
        yield Entry(each.asked_at, "coin", _("Permission was asked"), each.asked_by.name, f"{each.text}{price}")
        if each.decided_at is not None:
            title = _("Permission was given") if each.given else _("Permission was refused")
            yield Entry(each.decided_at, "coin", title, each.decided_by.name if each.decided_by else "")


def _times(viewer: Viewer, case: Case) -> Iterator[Entry]:
    for each in times(viewer=viewer, case=case):
        back = _("taken back: ") if each.takes_back_id else ""
        title = f"{back}{shown(each.minutes, 'min')}, {each.get_pays_display()}"
        yield Entry(each.worked_at, "clock", title, each.person.name, each.note, ours=True)
