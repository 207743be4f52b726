"""Pages about evidence: what came in, what is missing, what is not to count, what is disputed. All sites have them."""

from __future__ import annotations

from functools import partial
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

from django import forms
from django.conf import settings
from django.core.files.uploadedfile import UploadedFile
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, render
from django.urls import URLPattern, path
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_http_methods, require_POST

from makegood.platform import clock
from makegood.platform.agreement.contracts.models import Contract
from makegood.platform.agreement.contracts.queries import NotInForce, terms_of
from makegood.platform.evidence.intake.operations import (
    decide_dispute,
    decide_exclusion,
    propose_exclusion,
    raise_dispute,
    receive_file,
    remark,
)
from makegood.platform.evidence.intake.queries import batches, causes, coverage_board, disputes, exclusions
from makegood.platform.tenancy.trail.operations import Unable
from makegood.platform.tenancy.viewer import Role, Site
from makegood.platform.web.doors import Request, door
from makegood.platform.web.parts.answers import back_to, refused, told
from makegood.platform.web.parts.found import contract_of

_LATEST = 50
_SPEAKERS = {
    Site.CONSOLE: (Role.OWNER, Role.SERVICE_MANAGER),
    Site.PORTAL: (Role.SPONSOR, Role.MANAGER),
    Site.PARTNER: (Role.AFFILIATE,),
}
ENDINGS = (".csv", ".tsv", ".jsonl", ".json", ".parquet")


def addresses(site: Site) -> list[URLPattern]:
    """Return the addresses of these pages at a site."""
    opened, speaks = partial(door, site), door(site, *_SPEAKERS[site])
    found = [
        path("agreements/<slug:slug>/evidence/", opened()(evidence), name="evidence"),
        path("agreements/<slug:slug>/exclusions/", opened()(all_exclusions), name="exclusions"),
        path("agreements/<slug:slug>/exclusions/<int:exclusion>/", speaks(decide), name="exclusion"),
        path("agreements/<slug:slug>/disputes/", opened()(all_disputes), name="disputes"),
        path("agreements/<slug:slug>/disputes/<int:dispute>/", opened()(dispute), name="dispute"),
        path("agreements/<slug:slug>/disputes/<int:dispute>/remarks/", speaks(add_remark), name="remark"),
        path("agreements/<slug:slug>/disputes/<int:dispute>/decision/", speaks(decided), name="dispute-decision"),
    ]
    if site is Site.CONSOLE:
        sends = opened(Role.OWNER, Role.SERVICE_MANAGER, Role.ENGINEER)
        found.append(path("agreements/<slug:slug>/evidence/new/", sends(upload), name="upload"))
    return found


class Upload(forms.Form):
    """A file of evidence, and how to read it."""

    file = forms.FileField(label=gettext_lazy("File"), help_text=gettext_lazy("CSV, TSV, JSON Lines or Parquet."))
    mapping = forms.CharField(
        label=gettext_lazy("Mapping"),
        required=False,
        widget=forms.Textarea(attrs={"rows": 12, "spellcheck": "false"}),
        help_text=gettext_lazy("How its columns become records; leave it empty for records in Makegood's own form."),
    )

    def clean_file(self) -> UploadedFile[bytes]:
        file: UploadedFile[bytes] = self.cleaned_data["file"]
        if Path(file.name or "").suffix.lower() not in ENDINGS:
            raise forms.ValidationError(_("This is no CSV, TSV, JSON Lines or Parquet file."))
        if (file.size or 0) > settings.MOST_BYTES_UPLOADED:
            raise forms.ValidationError(_("This file is too large; split it, or use the command line."))
        return file


class Moment(forms.DateTimeField):
    """An instant, written in UTC."""

    widget = forms.DateTimeInput(attrs={"type": "datetime-local"}, format="%Y-%m-%dT%H:%M")


class Exclude(forms.Form):
    """A time that is not to count."""

    cause = forms.ChoiceField(label=gettext_lazy("Cause"))
    subject = forms.CharField(
        max_length=200, label=gettext_lazy("Subject"), required=False, help_text=gettext_lazy("Leave it empty for all.")
    )
    starts_at = Moment(label=gettext_lazy("From (UTC)"))
    ends_at = Moment(label=gettext_lazy("Until (UTC)"))
    reason = forms.CharField(label=gettext_lazy("Reason"), widget=forms.Textarea(attrs={"rows": 3}))

    def __init__(self, *arguments: Any, contract: Contract, **named: Any) -> None:
        super().__init__(*arguments, **named)
        known = causes(terms_of(contract=contract)[1])
        self.fields["cause"].choices = [(each, each.replace("_", " ")) for each in known]  # type: ignore[attr-defined]


class Raise(forms.Form):
    """What is wrong about a record."""

    period = forms.CharField(label=gettext_lazy("Period"))
    outcome = forms.CharField(label=gettext_lazy("Outcome"))
    record_id = forms.CharField(label=gettext_lazy("Record"), help_text=gettext_lazy("As the verdict names it."))
    reason = forms.CharField(label=gettext_lazy("What is wrong"), widget=forms.Textarea(attrs={"rows": 3}))


class Remark(forms.Form):
    """Something to say."""

    text = forms.CharField(label=gettext_lazy("Remark"), widget=forms.Textarea(attrs={"rows": 3}))


class Decision(forms.Form):
    """What becomes of a dispute."""

    decision = forms.CharField(label=gettext_lazy("Why"), widget=forms.Textarea(attrs={"rows": 2}))


def evidence(request: Request, slug: str) -> HttpResponse:
    """Show what came in, from whom, and what is missing since when."""
    contract = contract_of(request, slug)
    return _evidence(request, contract, Upload())


@require_POST
def upload(request: Request, slug: str) -> HttpResponse:
    """Take a file."""
    contract = contract_of(request, slug)
    form = Upload(request.POST, request.FILES)
    if form.is_valid():
        try:
            batch = _received(request, contract, form)
        except Unable as refusal:
            refused(form, refusal)
            for finding in getattr(refusal, "findings", ()):
                form.add_error("mapping", str(finding))
        else:
            new = batch.records - batch.known
            told(
                request,
                lambda: None,
                _("%(new)s records are new, %(known)s were there, %(bad)s rows were refused.")
                % {"new": new, "known": batch.known, "bad": batch.refused},
            )
            return back_to(request, "evidence", slug)
    return _evidence(request, contract, form)


def _received(request: Request, contract: Contract, form: Upload) -> Any:
    file: UploadedFile[bytes] = form.cleaned_data["file"]
    name = Path(file.name or "file").name
    with TemporaryDirectory(prefix="makegood-") as folder:
        kept = Path(folder) / f"upload{Path(name).suffix.lower()}"
        with kept.open("wb") as target:
            for chunk in file.chunks():
                target.write(chunk)
        return receive_file(
            contract=contract,
            file=kept,
            name=name,
            mapping=form.cleaned_data["mapping"] or None,
            key="",
            by=request.viewer,
            now=clock.now(),
        )


def _evidence(request: Request, contract: Contract, form: Upload) -> HttpResponse:
    try:
        board = coverage_board(viewer=request.viewer, contract=contract, now=clock.now())
    except NotInForce:
        board = ()
    seen = {
        "contract": contract,
        "board": board,
        "batches": batches(viewer=request.viewer, contract=contract)[:_LATEST],
        "form": form,
        "may_state": request.viewer.has(*_SPEAKERS[_site(request)], Role.ENGINEER),
        "may_send": request.viewer.site is Site.CONSOLE
        and request.viewer.has(Role.OWNER, Role.SERVICE_MANAGER, Role.ENGINEER),
        "keeps_receivers": request.viewer.site is Site.CONSOLE
        and request.viewer.has(Role.OWNER, Role.SERVICE_MANAGER, Role.AUDITOR),
    }
    return render(request, "parts/evidence.html", seen, status=422 if form.errors else 200)


@require_http_methods(["GET", "POST"])
def all_exclusions(request: Request, slug: str) -> HttpResponse:
    """Show what is not to count, and take a proposal."""
    contract = contract_of(request, slug)
    try:
        form = Exclude(request.POST or None, contract=contract)
    except NotInForce:
        return render(request, "parts/exclusions.html", {"contract": contract})
    speaks = request.viewer.has(
        *_SPEAKERS[_site(request)], *([Role.ENGINEER] if _site(request) is Site.CONSOLE else [])
    )
    if request.method == "POST" and speaks and form.is_valid():
        try:
            propose_exclusion(contract=contract, **form.cleaned_data, by=request.viewer, now=clock.now())
        except Unable as refusal:
            refused(form, refusal)
        else:
            told(request, lambda: None, _("The exclusion was proposed; the other side decides."))
            return back_to(request, "exclusions", slug)
    seen = {
        "contract": contract,
        "exclusions": exclusions(viewer=request.viewer, contract=contract),
        "form": form if speaks else None,
        "decides": request.viewer.has(*_SPEAKERS[_site(request)]),
        "mine": request.viewer.organisations(_site(request)),
    }
    return render(request, "parts/exclusions.html", seen, status=422 if request.method == "POST" else 200)


@require_POST
def decide(request: Request, slug: str, exclusion: int) -> HttpResponse:
    """Approve or refuse an exclusion."""
    contract = contract_of(request, slug)
    found = get_object_or_404(exclusions(viewer=request.viewer, contract=contract), pk=exclusion)
    approve = request.POST.get("approve") == "yes"
    done = _("The exclusion was approved and is evidence now.") if approve else _("The exclusion was refused.")
    told(request, lambda: decide_exclusion(exclusion=found, approve=approve, by=request.viewer, now=clock.now()), done)
    return back_to(request, "exclusions", slug)


@require_http_methods(["GET", "POST"])
def all_disputes(request: Request, slug: str) -> HttpResponse:
    """Show what is disputed, and take a dispute."""
    contract = contract_of(request, slug)
    speaks = request.viewer.has(*_SPEAKERS[_site(request)])
    form = Raise(request.POST or None, initial={name: request.GET.get(name, "") for name in Raise.base_fields})
    if request.method == "POST" and speaks and form.is_valid():
        try:
            made = raise_dispute(contract=contract, **form.cleaned_data, by=request.viewer, now=clock.now())
        except Unable as refusal:
            refused(form, refusal)
        else:
            told(request, lambda: None, _("The dispute was raised; the other side answers."))
            return back_to(request, "dispute", slug, made.pk)
    found = disputes(viewer=request.viewer, contract=contract)
    seen = {"contract": contract, "disputes": found, "form": form if speaks else None}
    return render(request, "parts/disputes.html", seen, status=422 if request.method == "POST" else 200)


def dispute(request: Request, slug: str, dispute: int) -> HttpResponse:
    """Show a dispute and what was said about it."""
    contract = contract_of(request, slug)
    found = get_object_or_404(disputes(viewer=request.viewer, contract=contract), pk=dispute)
    speaks = request.viewer.has(*_SPEAKERS[_site(request)]) and found.state == "OPEN"
    mine = found.raised_for_id in request.viewer.organisations(_site(request))
    seen = {
        "contract": contract,
        "dispute": found,
        "remark": Remark() if speaks else None,
        "decision": Decision() if speaks and not mine else None,
    }
    return render(request, "parts/dispute.html", seen)


@require_POST
def add_remark(request: Request, slug: str, dispute: int) -> HttpResponse:
    """Say something about a dispute."""
    contract = contract_of(request, slug)
    found = get_object_or_404(disputes(viewer=request.viewer, contract=contract), pk=dispute)
    text = request.POST.get("text", "")
    told(request, lambda: remark(dispute=found, text=text, by=request.viewer, now=clock.now()), _("It was added."))
    return back_to(request, "dispute", slug, dispute)


@require_POST
def decided(request: Request, slug: str, dispute: int) -> HttpResponse:
    """Accept or reject a dispute."""
    contract = contract_of(request, slug)
    found = get_object_or_404(disputes(viewer=request.viewer, contract=contract), pk=dispute)
    accept = request.POST.get("accept") == "yes"
    why = request.POST.get("decision", "")
    done = _("The dispute was accepted; the evidence is corrected.") if accept else _("The dispute was rejected.")
    told(
        request,
        lambda: decide_dispute(dispute=found, accept=accept, decision=why, by=request.viewer, now=clock.now()),
        done,
    )
    return back_to(request, "dispute", slug, dispute)


def _site(request: Request) -> Site:
    if request.viewer.site is None:
        raise ValueError("a door sets the site")
    return request.viewer.site
