"""How acts on a case are asked for by a form, and done by an operation."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from datetime import datetime
from typing import Any, Final, cast

from django.forms import Form
from django.shortcuts import get_object_or_404
from django.utils.translation import gettext_lazy as _

from makegood.platform.agreement.contracts.models import ContractState
from makegood.platform.agreement.contracts.queries import contracts
from makegood.platform.evidence.service_desk import operations
from makegood.platform.evidence.service_desk.models import Case, HeldFor
from makegood.platform.evidence.service_desk.queries import cases, classes_of, permissions, terms_of_case
from makegood.platform.tenancy.access.models import Person
from makegood.platform.tenancy.access.queries import people_with
from makegood.platform.tenancy.parties.models import Organisation
from makegood.platform.tenancy.viewer import Role, Viewer
from makegood.platform.web.doors import Request
from makegood.platform.web.parts import desk_forms as forms

Data = Mapping[str, Any] | None
Makes = Callable[[Request, Case, Data], Form]
"""Makes the form of an act for a case."""
Does = Callable[[Request, Case, Form, datetime], object]
"""Does an act with what its form was given."""
STAFF: Final = (Role.OWNER, Role.SERVICE_MANAGER, Role.ENGINEER)


def case_of(request: Request, number: int) -> Case:
    """Return a case that exists for whoever asks."""
    seen = cases(viewer=request.viewer).select_related("version")
    return get_object_or_404(seen.prefetch_related("requester", "site", "parent", "duplicate_of"), pk=number)


def owners_of(case: Case) -> list[Person]:
    """Return who may own a case besides its owner."""
    found = people_with(organisation=case.provider, roles=[*STAFF, Role.AFFILIATE])
    return [each for each in found if each.pk != case.owner_id]


def affiliates_of(viewer: Viewer) -> list[Organisation]:
    """Return the affiliates with which the house has an agreement in force."""
    bought = contracts(viewer=viewer).filter(customer=viewer.house, state=ContractState.ACTIVE)
    found = {each.provider.pk: each.provider for each in bought.select_related("provider")}
    return sorted(found.values(), key=lambda each: each.name)


def plain(form: type[Form]) -> Makes:
    return lambda _request, _case, data: form(data)


def with_file(form: type[Form]) -> Makes:
    return lambda request, _case, data: form(data, None if data is None else request.FILES)


def says(of: str, **more: Any) -> Does:
    """Return what asks an operation for what a form was given; ``of`` is its name."""

    def does(request: Request, case: Case, form: Form, now: datetime) -> object:
        said = form.asked() if hasattr(form, "asked") else form.cleaned_data
        return getattr(operations, of)(case=case, **said, **more, by=request.viewer, now=now)

    return does


def hand_over(_request: Request, case: Case, data: Data) -> Form:
    return forms.HandOver(data, people=owners_of(case))


def handed_over(request: Request, case: Case, form: Form, now: datetime) -> object:
    said = dict(form.cleaned_data)
    number = said.pop("to")
    to = next(each for each in owners_of(case) if each.pk == number)
    return operations.transfer(case=case, to=to, **said, by=request.viewer, now=now)


def refer(request: Request, _case: Case, data: Data) -> Form:
    return forms.Refer(data, affiliates=affiliates_of(request.viewer))


def referred(request: Request, case: Case, form: Form, now: datetime) -> object:
    to = next(each for each in affiliates_of(request.viewer) if each.pk == form.cleaned_data["affiliate"])
    why = form.cleaned_data["why"]
    return operations.refer_case(case=case, affiliate=to, why=why, by=request.viewer, now=now)


def find_cause(request: Request, _case: Case, data: Data) -> Form:
    return forms.FindCause(data, affiliates=affiliates_of(request.viewer))


def found_cause(request: Request, case: Case, form: Form, now: datetime) -> object:
    found = affiliates_of(request.viewer)
    to = next((each for each in found if each.pk == form.cleaned_data["affiliate"]), None)
    cause = form.cleaned_data["cause"]
    return operations.find_cause(case=case, cause=cause, affiliate=to, by=request.viewer, now=now)


def prioritise(_request: Request, case: Case, data: Data) -> Form:
    return forms.Prioritise(data, initial={"impact": case.impact, "urgency": case.urgency})


def reclassify(_request: Request, case: Case, data: Data) -> Form:
    is_now = {"kind": case.kind, "service": case.service}
    return forms.Reclassify(data, known=classes_of(case=case), initial=is_now)


def related(request: Request, case: Case, form: Form, now: datetime) -> object:
    other = cases(viewer=request.viewer).filter(pk=form.cleaned_data["to"]).first()
    if other is None:
        raise operations.UnableToServe(str(_("There is no case with this number.")))
    same = form.cleaned_data["as_duplicate"]
    return operations.relate(case=case, to=other, as_duplicate=same, by=request.viewer, now=now)


def needs_of(case: Case) -> dict[str, tuple[str, ...]]:
    """Return what has to be on record with each step that the agreement promises after such a case."""
    terms = terms_of_case(case)
    measures = [each.measure for each in terms.outcomes.values()] if terms is not None else []
    found = [each for each in measures if getattr(each, "cases", "") == case.kind]
    return {step.state: step.needs for each in found for step in getattr(each, "steps", {}).values()}


def step(_request: Request, case: Case, data: Data) -> Form:
    word = str((data or {}).get("word", ""))
    return forms.TakeStep(data, needs=needs_of(case).get(word, ()))


def said(request: Request, case: Case, form: Form, now: datetime) -> object:
    kind = form.cleaned_data.get("kind", "PAGE")
    asked = {"text": form.cleaned_data["text"], "kind": kind, "public": kind != "NOTE"}
    files = cast("forms.WithFile", form).files_sent()
    return operations.write_message(case=case, **asked, attachments=files, by=request.viewer, now=now)


def ask_permission(_request: Request, case: Case, data: Data) -> Form:
    terms = terms_of_case(case)
    return forms.AskPermission(data, currency=terms.money.currency if terms is not None else "EUR")


def asked_permission(request: Request, case: Case, form: Form, now: datetime) -> object:
    currency = form.currency  # type: ignore[attr-defined]
    return operations.ask_permission(case=case, **form.cleaned_data, currency=currency, by=request.viewer, now=now)


def decided(given: bool) -> Does:
    def does(request: Request, case: Case, form: Form, now: datetime) -> object:
        del form
        asked = permissions(viewer=request.viewer, case=case).filter(given=None).first()
        if asked is None:
            raise operations.UnableToServe(str(_("You are not asked for permission.")))
        return operations.decide_permission(permission=asked, given=given, by=request.viewer, now=now)

    return does


def entered_time(request: Request, case: Case, form: Form, now: datetime) -> object:
    said = dict(form.cleaned_data)
    worked_at, pays = said.pop("worked_at") or now, said.pop("pays") or None
    return operations.enter_time(case=case, **said, worked_at=worked_at, pays=pays, by=request.viewer, now=now)


def is_open(case: Case) -> bool:
    return case.is_open and case.held_for != HeldFor.CONFIRMATION


def waits(case: Case) -> bool:
    return case.held_for == HeldFor.CONFIRMATION


def asked_to_pay(case: Case) -> bool:
    return case.is_open and case.permissions.filter(given=None).exists()


def asked_opinion(case: Case) -> bool:
    opinion = getattr(case, "opinion", None)
    return opinion is not None and opinion.answered_at is None


def is_mine(viewer: Viewer, case: Case) -> bool:
    return case.requester_id is not None and case.requester_id == viewer.author
