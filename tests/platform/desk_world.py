"""Cases of the world that every door is tried in: one of the customer, and one that was referred to the affiliate."""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta
from typing import Any, Final

from makegood.platform.agreement.contracts.models import Contract
from makegood.platform.evidence.service_desk import operations
from makegood.platform.evidence.service_desk.models import Attachment, Case, Channel, Coverage
from makegood.platform.evidence.service_desk.operations import File, Intake
from makegood.platform.tenancy.viewer import Role, Viewer
from tests.platform.desk_work_world import WORK_FORMS, article_for_staff, asked_how_it_was, work_values
from tests.platform.evidence import member, staff
from tests.platform.people import NOW

EARLIER: Final = NOW - timedelta(days=2)
"""Pages live on a day before ``NOW``; what is done there comes later than what is done here."""
_ONE: Final = "desk/<int:case>/"
_THEIRS: Final = "requests/<int:case>/"
_REFERRED: Final = "cases/<int:case>/"
_WORK: Final[dict[str, dict[str, Any]]] = {
    "message/": {"text": "We look at it.", "kind": "PAGE"},
    "respond/": {"at": ""},
    "move/": {"to": "RESEARCH", "why": "A test runs.", "at": ""},
    "resolve/": {"resolution": "A new cable.", "at": ""},
    "close/": {"told_by": "Uma, by telephone"},
    "reopen/": {"why": "It is silent again."},
    "hand-back/": {"why": "A carpenter can help."},
    "withdraw/": {"why": "They found it themselves."},
    "step/": {"word": "told", "at": ""},
    "transfer/": {"to": "{colleague}", "reason": "SHIFT", "why": ""},
    "prioritise/": {"impact": "high", "urgency": "high", "why": "Two tills."},
    "kind/": {"kind": "request", "service": "", "why": "They want a second till."},
    "relate/": {"to": "{other case}"},
    "major/": {},
    "permission/": {"text": "A new till.", "at_most": "900.00"},
    "time/": {"minutes": "15", "note": "", "worked_at": "", "pays": ""},
}
_ASK: Final[dict[str, dict[str, Any]]] = {
    "tell/": {"text": "It is still silent."},
    "withdraw/": {"why": "We found it ourselves."},
    "confirm/": {},
    "reject/": {"why": "It is silent again."},
    "reopen/": {"why": "It is silent again."},
}
DESK_FORMS: Final[dict[str, dict[str, Any]]] = {
    **{f"{where}{act}": form for where in (_ONE, _REFERRED) for act, form in _WORK.items()},
    **{f"{where}{act}": form for where in (_ONE, _THEIRS) for act, form in _ASK.items()},
    f"{_ONE}refer/": {"affiliate": "{affiliate}", "why": "The line is down."},
    f"{_ONE}cause/": {"cause": "UNKNOWN", "affiliate": ""},
    f"{_THEIRS}opinion/": {"score": "4", "words": "Quick.", "may_quote": "on"},
    f"{_THEIRS}permit/": {},
    f"{_THEIRS}forbid/": {},
    "requests/new/": {
        "kind": "incident",
        "title": "No till",
        "service": "",
        "affected": "A till",
        "symptoms": "Silence",
        "impact": "low",
        "urgency": "low",
    },
    "organisations/<slug:slug>/instructions/": {"service": "", "text": "Call Ada first."},
    **WORK_FORMS,
}
"""The fields of a form by the address behind its site; words in braces are objects of the world."""
NO_CHANGE: Final = {
    **{
        f"{site}/{each}step/": "the agreement promises no steps"
        for site, each in (("console", _ONE), ("partner", _REFERRED))
    },
}


def desk_values(sold: Contract, bought: Contract) -> tuple[dict[str, object], dict[str, object]]:
    """Return the objects that stand for a case of the customer, and for one that was referred to the affiliate."""
    by = staff(Role.ENGINEER)
    case = _opened(sold, by)
    referred = operations.refer_case(case=case, affiliate=bought.provider, why="The line is down.", by=by, now=EARLIER)
    other = operations.refer_case(case=case, affiliate=bought.provider, why="The line again.", by=by, now=EARLIER)
    affiliate = {"affiliate": bought.provider_id, "our case": case.pk, **work_values(case)}
    ours = {"case": case.pk, "other case": _opened(sold, by).pk, "colleague": staff(Role.OWNER).person}
    theirs = {
        "case": referred.pk,
        "other case": other.pk,
        "colleague": member(Role.AFFILIATE, bought.provider.slug).person,
    }
    return (
        {**ours, **affiliate, "attachment": _file(case, by)},
        {**theirs, **affiliate, **_of_affiliate(case, referred)},
    )


def _of_affiliate(case: Case, referred: Case) -> dict[str, object]:
    by = member(Role.AFFILIATE, referred.provider.slug)
    return {"attachment": _file(referred, by), "article": article_for_staff(case)}


def _opened(contract: Contract, by: Viewer) -> Case:
    intake = Intake(title="The till is silent", requester_name="Uma", affected="The till", symptoms="Nothing prints.")
    return operations.open_case(customer=contract.customer, intake=intake, channel=Channel.PHONE, by=by, now=EARLIER)


def _file(case: Case, by: Viewer) -> object:
    sent = [File("till.txt", "text/plain", b"Nothing prints.")]
    operations.write_message(case=case, text="A picture.", public=True, attachments=sent, by=by, now=EARLIER)
    return Attachment.objects.filter(message__case=case).latest("pk").pk


def _case(world: Any) -> tuple[Case, Viewer]:
    case = Case.objects.get(pk=world.values["case"])
    return case, staff(Role.ENGINEER) if case.refers_id is None else member(Role.AFFILIATE, case.provider.slug)


def _not_responded(world: Any) -> None:
    Case.objects.filter(pk=world.values["case"]).update(responded_at=None)


def _not_major(world: Any) -> None:
    Case.objects.filter(pk=world.values["case"]).update(major_since=None)


def _resolved(world: Any) -> None:
    case, by = _case(world)
    operations.resolve(case=case, resolution="A cable.", by=by, now=EARLIER)


def _closed(world: Any) -> None:
    _resolved(world)
    case, by = _case(world)
    operations.close_for_customer(case=case, told_by="Uma", by=by, now=EARLIER)


def _to_be_paid(world: Any) -> None:
    Case.objects.filter(pk=world.values["case"]).update(coverage=Coverage.NEEDS_PERMISSION)


def _asked_to_pay(world: Any) -> None:
    _to_be_paid(world)
    case, by = _case(world)
    operations.ask_permission(case=case, text="A new till.", at_most=90_000, currency="EUR", by=by, now=EARLIER)


_EARLIER: Final[dict[str, Callable[[Any], None]]] = {
    "respond/": _not_responded,
    "major/": _not_major,
    "close/": _resolved,
    "confirm/": _resolved,
    "reject/": _resolved,
    "reopen/": _closed,
    "permission/": _to_be_paid,
    "hand-back/": _to_be_paid,
    "opinion/": asked_how_it_was,
    "permit/": _asked_to_pay,
    "forbid/": _asked_to_pay,
}
DESK_BEFORE: Final = {
    f"{site}/{where}{act}": happens
    for site, where in (("console", _ONE), ("portal", _THEIRS), ("partner", _REFERRED))
    for act, happens in _EARLIER.items()
    if f"{where}{act}" in DESK_FORMS
}
"""What has to happen before a form can be sent."""
