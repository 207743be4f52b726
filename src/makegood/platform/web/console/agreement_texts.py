"""Writing agreements: the text, a form over it, and what there is to say about it."""

from __future__ import annotations

from datetime import date
from typing import Any, Final

from django import forms
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_POST

from makegood.engine.agreement.advice.advise import advise
from makegood.engine.agreement.document import read
from makegood.engine.agreement.prose import service_level_text
from makegood.engine.vocabulary.finding import Finding, Severity
from makegood.platform import clock
from makegood.platform.agreement.contracts import operations, queries
from makegood.platform.agreement.contracts.library.form import UnableToApply, applied, groups_of
from makegood.platform.agreement.contracts.library.outcomes import KINDS, with_outcome
from makegood.platform.agreement.contracts.library.templates import begun, template, templates
from makegood.platform.agreement.contracts.models import Version
from makegood.platform.tenancy.parties.queries import house, organisations
from makegood.platform.tenancy.viewer import Site, Viewer
from makegood.platform.web.doors import Request, door
from makegood.platform.web.parts.agreements import contract_of, version_of

AUTHORS: Final = operations.AUTHORS
_SET, _WAS = "set-", "was-"


class Begin(forms.Form):
    """With what an agreement begins."""

    template = forms.ChoiceField(label=gettext_lazy("Start from"))
    other = forms.ChoiceField(label=gettext_lazy("With whom"))
    side = forms.ChoiceField(
        label=gettext_lazy("We are"),
        choices=[("provider", gettext_lazy("the provider")), ("customer", gettext_lazy("the customer"))],
    )
    title = forms.CharField(label=gettext_lazy("Title"), max_length=300, required=False)
    identifier = forms.SlugField(
        label=gettext_lazy("Identifier"),
        max_length=100,
        help_text=gettext_lazy("Lower-case letters, digits and hyphens; it never changes after the first offer."),
    )
    first_day = forms.DateField(
        label=gettext_lazy("First day"), widget=forms.DateInput({"type": "date"}, format="%Y-%m-%d")
    )

    def __init__(self, *args: Any, viewer: Viewer, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        others = organisations(viewer=viewer).filter(is_house=False)
        cast_choice(self.fields["template"]).choices = _choices()
        cast_choice(self.fields["other"]).choices = [(each.slug, each.name) for each in others]
        for field in self.fields.values():
            kind = "form-select" if isinstance(field, forms.ChoiceField) else "form-control"
            field.widget.attrs["class"] = kind

    def text(self, viewer: Viewer) -> str:
        """Return the text of the template with what is known filled in."""
        given = self.cleaned_data
        start = template(given["template"])
        other = organisations(viewer=viewer).get(slug=given["other"])
        us, them = ("provider", "customer") if given["side"] == "provider" else ("customer", "provider")
        ours = house()
        values = {
            "agreement": given["identifier"],
            "title": given["title"],
            "term.from": given["first_day"].isoformat(),
            us: ours.slug,
            f"{us}_name": ours.name,
            them: other.slug,
            f"{them}_name": other.name,
        }
        return begun(start, values) if start is not None else ""


def cast_choice(field: forms.Field) -> forms.ChoiceField:
    """Return a field that is known to be one of choices."""
    assert isinstance(field, forms.ChoiceField)  # noqa: S101  # told to the type checker
    return field


@door(Site.CONSOLE, *AUTHORS)
def new(request: Request) -> HttpResponse:
    """Begin an agreement: choose what to start from, then write, then keep the draft."""
    if request.method == "POST" and "text" in request.POST:
        return _edited(request, None)
    form = Begin(request.POST or None, viewer=request.viewer, initial={"first_day": _next_month(), "side": "provider"})
    if request.method == "POST" and form.is_valid():
        return _editor(request, None, form.text(request.viewer))
    context = {"form": form, "templates": templates()}
    return render(request, "console/agreement_new.html", context, status=422 if form.errors else 200)


@door(Site.CONSOLE, *AUTHORS)
def edit(request: Request, slug: str, version: int) -> HttpResponse:
    """Rewrite a draft; what was offered can only be read."""
    found = version_of(request, slug, version)
    if found.state != "DRAFT" and request.method != "POST":
        return redirect("console:agreement_version", slug, version)
    return _edited(request, found) if request.method == "POST" else _editor(request, found, found.text)


@door(Site.CONSOLE, *AUTHORS)
def amend(request: Request, slug: str) -> HttpResponse:
    """Begin the next version of an agreement from the text that it replaces."""
    contract = contract_of(request, slug)
    if request.method != "POST":
        return _editor(request, None, queries.next_text(contract=contract, today=clock.now().date()), amends=slug)
    return _edited(request, None, amends=slug)


@door(Site.CONSOLE, *AUTHORS)
@require_POST
def findings(request: Request) -> HttpResponse:
    """Say what there is to say about a text, and what it means in words."""
    return render(request, "console/_agreement_findings.html", _told(_typed(request)))


def _edited(request: Request, version: Version | None, amends: str = "") -> HttpResponse:
    """Apply the form to the text, and keep it if that is wanted."""
    text, refusal = _typed(request), None
    try:
        text = applied(text, _changed(request))
        text = with_outcome(text, request.POST.get("outcome", ""))
        if request.POST.get("action") == "save":
            return redirect("console:terms", _kept(request, version, text, amends))
    except (UnableToApply, operations.UnableToContract) as found:
        refusal = found
    return _editor(request, version, text, refusal, amends)


def _kept(request: Request, version: Version | None, text: str, amends: str) -> str:
    """Keep a text, and return the identifier of its agreement."""
    now = clock.now()
    if amends:
        contract = contract_of(request, amends)
        return operations.amend_contract(contract=contract, text=text, by=request.viewer, now=now).contract.slug
    if version is not None:
        return operations.rewrite_draft(version=version, text=text, by=request.viewer, now=now).contract.slug
    return operations.draft_contract(text=text, by=request.viewer, now=now).slug


def _editor(
    request: Request, version: Version | None, text: str, refusal: Exception | None = None, amends: str = ""
) -> HttpResponse:
    parties = tuple(organisations(viewer=request.viewer).values_list("slug", flat=True))
    address = reverse("console:new_agreement")
    if amends:
        address = reverse("console:amend_agreement", args=[amends])
    elif version is not None:
        address = reverse("console:edit_version", args=[version.contract.slug, version.pk])
    context = {
        "version": version,
        "amends": amends,
        "address": address,
        "text": text,
        "rows": min(max(text.count("\n") + 2, 24), 60),
        "groups": groups_of(text, parties),
        "kinds": KINDS.items(),
        "refusal": refusal,
        **_told(text),
    }
    page = "console/_agreement_editor.html" if request.htmx else "console/agreement_editor.html"
    return render(request, page, context, status=422 if refusal is not None and not request.htmx else 200)


def _told(text: str) -> dict[str, Any]:
    """Return findings with the lines that they are about, advice, and the text in words."""
    document = read(text, queries.FILE)  # what is being typed is not worth remembering
    lines = text.split("\n")
    every = sorted({*document.findings, *advise(text, queries.FILE)})
    told = [(each, _line(lines, each)) for each in every]
    return {
        "findings": [each for each in told if each[0].severity is not Severity.NOTE],
        "notes": [each for each in told if each[0].severity is Severity.NOTE],
        "errors": sum(each.severity is Severity.ERROR for each in every),
        "sections": service_level_text(document.agreement) if document.agreement is not None else (),
    }


def _line(lines: list[str], finding: Finding) -> str:
    number = finding.place.line if finding.place is not None else 0
    return lines[number - 1].strip() if 0 < number <= len(lines) else ""


def _typed(request: Request) -> str:
    return request.POST.get("text", "").replace("\r\n", "\n")


def _changed(request: Request) -> dict[str, str]:
    """Return the values of the form that differ from those that it was shown with."""
    sent = {key.removeprefix(_SET): str(value) for key, value in request.POST.items() if key.startswith(_SET)}
    return {path: value for path, value in sent.items() if value.strip() and value != request.POST.get(_WAS + path)}


def _choices() -> list[tuple[str, list[tuple[str, str]]]]:
    """Return the templates: what a provider sells, and what suppliers publish."""
    bought = [each for each in templates() if "kind: underpinning" in each.text]
    sold = [each for each in templates() if each not in bought]
    groups = ((_("To sell"), sold), (_("To buy, as suppliers publish it"), bought))
    return [(str(title), [(each.name, each.title) for each in found]) for title, found in groups]


def _next_month() -> date:
    today = clock.now().date()
    return date(today.year + today.month // 12, today.month % 12 + 1, 1)
