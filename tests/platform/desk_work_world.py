"""Work on the case of the world: a template with its checklist, a plan of communication, time, an alarm, an article."""

from __future__ import annotations

from typing import Any, Final

from makegood.platform.evidence.on_call.operations import StepAsked, keep_policy
from makegood.platform.evidence.service_desk import operations
from makegood.platform.evidence.service_desk.models import Case, ChecklistItem, Opinion
from makegood.platform.evidence.service_desk.operations import Intake
from makegood.platform.tenancy.viewer import Role
from tests.platform.evidence import staff
from tests.platform.people import NOW, house, person

_TEMPLATE: Final = {
    "name": "Look at the lines",
    "customer": "",
    "title": "Look at the lines",
    "kind": "request",
    "checklist": "Call the provider",
    "impact": "low",
    "urgency": "low",
    "unit": "DAY",
    "hour": "8",
    "zone": "UTC",
}
_WORK: Final = "desk/<int:case>/work/"
_ARTICLE: Final = {"title": "A silent till", "text": "Change the cable.", "language": "english", "public": "on"}
WORK_FORMS: Final[dict[str, dict[str, Any]]] = {
    "desk/templates/new/": _TEMPLATE,
    "desk/templates/<int:template>/": {**_TEMPLATE, "name": "Look at all lines"},
    "desk/templates/<int:template>/open/": {"customer": "", "title": "Look at them now"},
    "desk/templates/<int:template>/end/": {},
    "desk/alarms/": {"policy": "{paging}", "percent": "80", "customer": "", "priority": ""},
    "desk/alarms/<int:alarm>/end/": {},
    f"{_WORK}items/<int:item>/": {"done": "on"},
    f"{_WORK}plan/": {"audience": "HOUSE", "way": "MAIL", "minutes": "30", "text": ""},
    f"{_WORK}plan/<int:plan>/": {"text": "A new cable is on its way."},
    f"{_WORK}times/<int:worked>/": {},
    "knowledge/new/": _ARTICLE,
    "knowledge/<int:article>/change/": {**_ARTICLE, "title": "A till that is silent"},
    "knowledge/<int:article>/end/": {},
}
"""The fields of a form by the address behind its site; words in braces are objects of the world."""


def work_values(case: Case) -> dict[str, object]:
    """Return the objects that stand for work on a case."""
    by, manager = staff(Role.ENGINEER), staff(Role.SERVICE_MANAGER)
    template = operations.keep_template(
        name="Look at the backups",
        customer=case.customer,
        intake=Intake(title="Look at the backups", kind="request"),
        checklist=["Restore a file"],
        by=manager,
        now=NOW,
    )
    item = ChecklistItem.objects.create(case=case, number=1, text="Call the provider")
    operations.make_major(case=case, by=by, now=NOW)
    plan = operations.plan_communication(
        case=case, audience="DECIDERS", way="MAIL", minutes=60, text="", by=by, now=NOW
    )
    entry = operations.enter_time(
        case=case, minutes=15, note="Looked at it.", worked_at=NOW, pays="FREE", by=by, now=NOW
    )
    steps = [StepAsked(0, person=person("Anna", house(), Role.ENGINEER))]
    policy = keep_policy(
        organisation=house(), name="For cases", steps=steps, rounds=1, round_minutes=30, by=staff(Role.OWNER), now=NOW
    )
    alarm = operations.make_alarm(policy=policy, percent=90, by=manager, now=NOW)
    return {
        "template": template.pk,
        "item": item.pk,
        "plan": plan.pk,
        "worked": entry.pk,
        "alarm": alarm.pk,
        "article": _article(case, public=True),
    }


def asked_how_it_was(world: Any) -> None:
    """Ask the sponsor of the world how the work on its case was."""
    case = Case.objects.get(pk=world.values["case"])
    Case.objects.filter(pk=case.pk).update(requester=person("Ada", case.customer, Role.SPONSOR))
    Opinion.objects.create(case=case, asked_at=NOW)


def article_for_staff(case: Case) -> object:
    """Return an article that nobody but staff reads."""
    return _article(case, public=False)


def _article(case: Case, *, public: bool) -> object:
    made = operations.keep_article(
        title="The tills of this customer",
        text="Change the **cable**.",
        language="english",
        public=public,
        customer=case.customer,
        case=case,
        by=staff(Role.ENGINEER),
        now=NOW,
    )
    return made.pk
