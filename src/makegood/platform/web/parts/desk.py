"""The page of a case, what is done there, and the files that came with it. All sites have them."""

from __future__ import annotations

from collections.abc import Callable
from typing import Final

from django.forms import Form
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, render
from django.urls import URLPattern, path
from django.utils.http import content_disposition_header
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from makegood.platform import clock
from makegood.platform.agreement.contracts.queries import NotInForce
from makegood.platform.evidence.service_desk.models import Attachment, Case, HeldFor, Instruction, State
from makegood.platform.evidence.service_desk.queries import instructions, messages, permissions, referrals
from makegood.platform.evidence.service_desk.queries.seen import is_inside
from makegood.platform.tenancy.trail.operations import Unable
from makegood.platform.tenancy.viewer import Role, Site
from makegood.platform.web.doors import Request, door
from makegood.platform.web.parts.answers import back_to, refused, told
from makegood.platform.web.parts.desk_acts import ACTS, Act, offered
from makegood.platform.web.parts.desk_asked import case_of
from makegood.platform.web.parts.desk_forms import TakeStep
from makegood.platform.web.parts.desk_panel import Panel, panel_of
from makegood.platform.web.parts.desk_timeline import timeline_of

FOLDER: Final = {Site.CONSOLE: "desk/", Site.PORTAL: "requests/", Site.PARTNER: "cases/"}
"""Where cases are at each site."""


def addresses(site: Site) -> list[URLPattern]:
    """Return the addresses of these pages at a site."""
    here = f"{FOLDER[site]}<int:case>/"
    found = [
        path(here, door(site)(one_case), name="case"),
        path(f"{here}files/<int:attachment>/", door(site)(file), name="case-file"),
    ]
    for act in ACTS:
        if site in act.who:
            opened = door(site, *act.who[site])
            found.append(path(f"{here}{act.name}/", opened(_acting(act)), name=f"case-{act.name}"))
    return found


def one_case(request: Request, case: int) -> HttpResponse:
    """Show a case: what it is about, its promises, what happened, and what may be done."""
    return shown_case(request, case_of(request, case), {})


def file(request: Request, case: int, attachment: int) -> HttpResponse:
    """Hand out a file that came with a message; it is kept, and never opened here."""
    seen = messages(viewer=request.viewer, case=case_of(request, case))
    kept = Attachment.objects.filter(message__in=seen.order_by(), refused="")
    found = get_object_or_404(kept, pk=attachment)
    answer = HttpResponse(bytes(found.content or b""), content_type="application/octet-stream")
    answer["Content-Disposition"] = content_disposition_header(as_attachment=True, filename=found.name)
    answer["X-Content-Type-Options"] = "nosniff"
    return answer


def _acting(act: Act) -> Callable[[Request, int], HttpResponse]:
    @require_POST
    def acted(request: Request, case: int) -> HttpResponse:
        found = case_of(request, case)
        form = act.form(request, found, request.POST)
        if form.is_valid():
            try:
                act.does(request, found, form, clock.now())
            except (Unable, NotInForce) as refusal:
                refused(form, refusal)
            else:
                told(request, lambda: None, str(act.done))
                return back_to(request, "case", case)
        return shown_case(request, case_of(request, case), {act.name: form})

    return acted


def shown_case(request: Request, case: Case, filled: dict[str, Form]) -> HttpResponse:
    """Show a case with forms for what may be done, and those that were filled and refused."""
    viewer, now = request.viewer, clock.now()
    panel = panel_of(viewer=viewer, case=case, now=now)
    inside = is_inside(viewer=viewer, case=case)
    acts = [*offered(viewer, case), *(each for each in ACTS if each.name in filled and each.name != "step")]
    seen = {
        "case": case,
        "panel": panel,
        "timeline": timeline_of(viewer=viewer, case=case),
        "acts": [
            {"act": each, "form": filled.get(each.name) or each.form(request, case, None)}
            for each in dict.fromkeys(acts)
        ],
        "refused": [error for form in filled.values() for error in form.non_field_errors()],
        "steps": _steps(panel, filled.get("step")) if inside else [],
        "instructions": _instructions(request, case) if inside else [],
        "referrals": referrals(viewer=viewer, case=case),
        "permission": permissions(viewer=viewer, case=case).filter(given=None).first(),
        "inside": inside,
        "keeps": viewer.site is Site.CONSOLE and viewer.has(Role.OWNER, Role.SERVICE_MANAGER),
        "plain": plain_state(case),
        "now": now,
    }
    template = "portal/request.html" if viewer.site is Site.PORTAL else "parts/case.html"
    return render(request, template, seen, status=422 if filled else 200)


def _instructions(request: Request, case: Case) -> list[Instruction]:
    """Return what is to be known about the customer of a case, and about its service if it has one."""
    found = instructions(viewer=request.viewer, customer=case.customer)
    return [each for each in found if not (each.service and case.service and each.service != case.service)]


def plain_state(case: Case) -> str:
    """Say to a customer in plain words how a case stands."""
    if case.held_for:
        return {
            HeldFor.INFORMATION: _("We asked you for something, and wait for your answer."),
            HeldFor.APPOINTMENT: _("We wait for the day that you chose."),
            HeldFor.CONFIRMATION: _("We think that it is done; please say whether it is."),
        }[HeldFor(case.held_for)]
    return {
        State.NEW: _("We have it; somebody will look at it within the promised time."),
        State.OPEN: _("Somebody works on it."),
        State.RESEARCH: _("Somebody looks for the reason."),
        State.HELD: "",
        State.PENDING: _("We know what is wrong, and will mend it."),
        State.RFC: _("It takes a change that has to be approved."),
        State.CLOSED: _("It is closed."),
    }[State(case.state)]


def _steps(panel: Panel, filled: Form | None) -> list[dict[str, object]]:
    """Return the promised steps that can be taken, each with its form."""
    found = []
    for number, promise in enumerate(panel.steps):
        was = filled is not None and filled["word"].value() == promise.word
        fresh = TakeStep(None, needs=promise.needs, initial={"word": promise.word}, auto_id=f"id_step{number}_%s")
        found.append({"promise": promise, "form": filled if was else fresh, "open": was})
    return found
