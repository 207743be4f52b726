"""Changes of the world that every door is tried in: those of the customer, and those of the house itself."""

from __future__ import annotations

from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from typing import Any, Final

from makegood.platform.evidence.changes import operations
from makegood.platform.evidence.changes.models import Suggestion
from makegood.platform.evidence.changes.operations import Asked
from makegood.platform.evidence.service_desk.models import Case
from makegood.platform.tenancy.parties.models import Organisation
from makegood.platform.tenancy.viewer import Role, Viewer
from tests.platform.evidence import member, staff
from tests.platform.people import NOW, house, person

EARLIER = NOW - timedelta(days=2)
"""What is done on pages comes after it, at any hour of the day."""
BEGINS, ENDS = datetime(2026, 3, 14, 20, tzinfo=UTC), datetime(2026, 3, 14, 23, tzinfo=UTC)
_ASKED: Final = {
    "title": "A new switch",
    "kind": "NORMAL",
    "template": "",
    "service": "",
    "need": "The old one is old.",
    "desired": "A new one.",
    "affected": "Everybody.",
    "means": "By hand.",
    "continuity": "The old one comes back.",
    "deadline": "2026-05-01",
    "cost": "900.00",
    "currency": "EUR",
    "priority": "low",
    "impact": "low",
}
CHANGE_FORMS: Final[dict[str, dict[str, Any]]] = {
    "changes/new/": _ASKED,
    "changes/<int:rfc>/edit/": _ASKED,
    "changes/<int:rfc>/do/": {"do": "request"},
    "changes/rules/do/": {"do": "authorise", "title": "New user", "means": "As written.", "continuity": "Delete it."},
    "organisations/<slug:slug>/changes/do/": {
        "do": "open-window",
        "weekday": "2",
        "starts": "20:00",
        "ends": "00:00",
    },
    "releases/<int:release>/do/": {"do": "{to do}", "approve": "yes", "why": "It is good."},
    "problems/new/": {"title": "The till falls silent", "customer": "", "service": "", "text": ""},
    "problems/<int:problem>/do/": {"do": "workaround", "workaround": "Start it again."},
    "problems/suggestions/<int:suggestion>/": {"accept": "yes"},
}
"""The fields of a form by the address behind its site; words in braces are objects of the world."""
NOTHING_CHANGED: Final = {"console/changes/new/": "it asks for the customer first"}


def change_values(customer: Organisation) -> tuple[dict[str, object], dict[str, object]]:
    """Return the objects that stand for changes of a customer, and for those of the house itself."""
    ours = _values(house(), staff(Role.ENGINEER), None)
    case = Case.objects.filter(customer=customer, provider=house()).earliest("pk")
    return _values(customer, member(Role.SPONSOR), case), ours


def _values(customer: Organisation, by: Viewer, case: Case | None) -> dict[str, object]:
    owner, service = staff(Role.OWNER), "network"
    texts: dict[str, Any] = dict.fromkeys(("need", "desired", "affected", "means", "continuity"), "It is known.")
    asked = Asked(title="A new switch", service=service, **texts)
    change = operations.draft_change(customer=customer, asked=asked, case=case, by=by, now=EARLIER)
    other = operations.draft_change(customer=customer, asked=asked, by=owner, now=EARLIER)
    operations.request_change(change=other, by=owner, now=EARLIER)
    operations.authorise_change(change=other, by=owner, now=EARLIER)
    release = operations.plan_release(
        customer=customer,
        title="March",
        manager=person("House Owner", house(), Role.OWNER),
        changes_of=[other],
        starts_at=BEGINS,
        ends_at=ENDS,
        by=owner,
        now=EARLIER,
    )
    about = {"customer": customer, "by": owner, "now": EARLIER}
    problem = operations.open_problem(title="The network is slow", text="", service=service, **about)  # type: ignore[arg-type]
    suggestion = Suggestion.objects.create(
        customer=customer, kind="WORD", what="printer", count=5, cases=[case.pk] if case else [], made_at=NOW
    )
    window = operations.open_window(weekday=5, starts=0, ends=1440, **about)  # type: ignore[arg-type]
    times = {"starts_at": datetime(2026, 12, 24, tzinfo=UTC), "ends_at": datetime(2026, 12, 27, tzinfo=UTC)}
    freeze = operations.freeze_changes(title="Christmas", **times, **about)  # type: ignore[arg-type]
    template = operations.authorise_template(title="New user", means="x", continuity="x", **about)  # type: ignore[arg-type]
    return {
        "rfc": change.pk,
        "release": release.pk,
        "to do": "cancel",
        "problem": problem.pk,
        "suggestion": suggestion.pk,
        "window": window.pk,
        "freeze": freeze.pk,
        "change template": template.pk,
    }


def _checks(world: Any) -> None:
    world.values["to do"] = "check"


CHANGE_BEFORE: Final[dict[str, Callable[[Any], None]]] = {"portal/releases/<int:release>/do/": _checks}
"""What has to happen before a form can be sent."""
