"""Receivers of an agreement: addresses to which tools post evidence."""

from __future__ import annotations

from typing import Any

from django import forms
from django.conf import settings
from django.contrib import messages
from django.core.files.uploadedfile import UploadedFile
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import URLPattern, path, reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_POST

from makegood.platform import clock
from makegood.platform.agreement.contracts.models import Contract
from makegood.platform.evidence.intake import operations
from makegood.platform.evidence.intake.models import Batch, Receiver, Scheme
from makegood.platform.evidence.intake.queries import receivers, receptions
from makegood.platform.tenancy.trail.operations import Unable
from makegood.platform.tenancy.viewer import Role, Site
from makegood.platform.web.doors import Request, door
from makegood.platform.web.parts.answers import refused, told
from makegood.platform.web.parts.files import Listed, handed_out
from makegood.platform.web.parts.found import contract_of

MOST_SHOWN = 50
MOST_BYTES = 200_000
_KEEPERS = (Role.OWNER, Role.SERVICE_MANAGER)


def addresses() -> list[URLPattern]:
    """Return the addresses of these pages."""
    reads, keeps = door(Site.CONSOLE, *_KEEPERS, Role.AUDITOR), door(Site.CONSOLE, *_KEEPERS)
    start = "agreements/<slug:slug>/receivers/"
    return [
        path(start, reads(all_receivers), name="receivers"),
        path(f"{start}make/", keeps(make), name="make_receiver"),
        path(f"{start}<int:receiver>/", reads(one_receiver), name="receiver"),
        path(f"{start}<int:receiver>/receptions.<slug:ending>", reads(all_receptions), name="export-receptions"),
        path(f"{start}<int:receiver>/change/", keeps(change), name="change_receiver"),
        path(f"{start}<int:receiver>/rotate/", keeps(rotate), name="rotate_receiver"),
        path(f"{start}<int:receiver>/end/", keeps(end), name="end_receiver"),
    ]


class Reading(forms.Form):
    """How what comes is read."""

    mapping = forms.CharField(
        label=gettext_lazy("Mapping"),
        required=False,
        strip=False,
        max_length=MOST_BYTES,
        widget=forms.Textarea(attrs={"rows": 12, "spellcheck": "false", "class": "form-control mg-code"}),
        help_text=gettext_lazy("How JSON becomes records; leave it empty for records in Makegood's own form."),
    )
    file = forms.FileField(
        label=gettext_lazy("Mapping as a file"),
        required=False,
        help_text=gettext_lazy("A YAML file; it takes the place of the text above."),
    )
    rows = forms.CharField(
        label=gettext_lazy("Where the list is"),
        required=False,
        max_length=200,
        help_text=gettext_lazy(
            "The key of the list in the JSON, such as alerts or data.items; empty if the body is the object or list."
        ),
    )

    def clean_file(self) -> str | None:
        file: UploadedFile[bytes] | None = self.cleaned_data["file"]
        if file is None:
            return None
        try:
            return str(file.read(MOST_BYTES), "utf-8")
        except UnicodeDecodeError as error:
            raise forms.ValidationError(_("This is no text in UTF-8.")) from error

    def clean(self) -> dict[str, Any]:
        said = super().clean() or self.cleaned_data
        uploaded = said.pop("file", None)
        return {**said, "mapping": uploaded} if uploaded else said


class Setting(Reading):
    """Which tool sends, and how it shows that it is the one."""

    name = forms.CharField(label=gettext_lazy("Name of the tool"), max_length=100)
    scheme = forms.ChoiceField(
        label=gettext_lazy("How it shows that it is the one"),
        choices=Scheme.choices,
        help_text=gettext_lazy("Take the first that the tool can do; a secret in a header is the last resort."),
    )
    field_order = ("name", "scheme", "mapping", "file", "rows")


def all_receivers(request: Request, slug: str) -> HttpResponse:
    """Show which tools post evidence of an agreement."""
    return _all(request, contract_of(request, slug))


@require_POST
@never_cache
def make(request: Request, slug: str) -> HttpResponse:
    """Set up a receiver, and show its secret this once."""
    contract = contract_of(request, slug)
    form = Setting(request.POST, request.FILES)
    if form.is_valid():
        try:
            made, secret = operations.make_receiver(
                contract=contract, **form.cleaned_data, by=request.viewer, now=clock.now()
            )
        except Unable as refusal:
            refused(form, refusal)
        else:
            return _one(request, made, secret=secret)
    return _all(request, contract, form)


def one_receiver(request: Request, slug: str, receiver: int) -> HttpResponse:
    """Show a receiver, how to send to it, and what came."""
    return _one(request, _receiver(request, slug, receiver))


def all_receptions(request: Request, slug: str, receiver: int, ending: str) -> HttpResponse:
    """Hand out what became of everything that came to a receiver."""
    found = receptions(viewer=request.viewer, receiver=_receiver(request, slug, receiver))
    heads = ("at", "size", "batch", "records", "refused_rows", "refused")
    rows = ((each.at, each.size, each.batch_id, *_counted(each.batch), each.refused) for each in found)
    return handed_out(Listed(heads, tuple(rows)), name=f"{slug}-{receiver}-receptions", ending=ending)


@require_POST
def change(request: Request, slug: str, receiver: int) -> HttpResponse:
    """Let what comes be read otherwise."""
    found = _receiver(request, slug, receiver)
    form = Reading(request.POST, request.FILES)
    if form.is_valid():
        try:
            operations.change_receiver(receiver=found, **form.cleaned_data, by=request.viewer, now=clock.now())
        except Unable as refusal:
            refused(form, refusal)
        else:
            messages.success(request, _("What comes is read like this from now on."))
            return redirect("console:receiver", slug, found.pk)
    return _one(request, found, form)


@require_POST
@never_cache
def rotate(request: Request, slug: str, receiver: int) -> HttpResponse:
    """Make a new secret, and show it this once."""
    found = _receiver(request, slug, receiver)
    try:
        secret = operations.rotate_receiver(receiver=found, by=request.viewer, now=clock.now())
    except Unable as refusal:
        messages.error(request, str(refusal), extra_tags="danger")
        return redirect("console:receiver", slug, found.pk)
    return _one(request, found, secret=secret)


@require_POST
def end(request: Request, slug: str, receiver: int) -> HttpResponse:
    """End a receiver."""
    found = _receiver(request, slug, receiver)
    told(
        request,
        lambda: operations.end_receiver(receiver=found, by=request.viewer, now=clock.now()),
        _("It has ended; there is nothing at its address any more."),
    )
    return redirect("console:receivers", slug)


def example(receiver: Receiver) -> str:
    """Return a script that sends to a receiver, for whoever puts the secret into it."""
    address = settings.BASE_URL + reverse("posted", args=[receiver.token])
    said = ["SECRET='…'", """BODY='{"status": "up", "at": "2026-03-01T08:00:00Z"}'"""]
    heads = ["Content-Type: application/json"]
    if receiver.scheme == Scheme.STANDARD:
        said += [
            'ID="msg_$(date +%s)" AT="$(date +%s)"',
            """KEY=$(printf %s "${SECRET#whsec_}" | base64 -d | od -An -tx1 | tr -d ' \\n')""",
            'SIGNATURE=$(printf %s "$ID.$AT.$BODY" |',
            '  openssl dgst -sha256 -mac HMAC -macopt "hexkey:$KEY" -binary | base64)',
        ]
        heads += ["webhook-id: $ID", "webhook-timestamp: $AT", "webhook-signature: v1,$SIGNATURE"]
    elif receiver.scheme == Scheme.HMAC:
        said.append("""SIGNATURE=$(printf %s "$BODY" | openssl dgst -sha256 -hmac "$SECRET" -r | cut -d' ' -f1)""")
        heads.append("X-Signature: sha256=$SIGNATURE")
    else:
        heads.append("Authorization: Bearer $SECRET")
    lines = " \\\n".join(f'  -H "{each}"' for each in heads)
    return "\n".join([*said, f'curl --data-binary "$BODY" \\\n{lines} \\\n  {address}'])


def _all(request: Request, contract: Contract, form: Setting | None = None) -> HttpResponse:
    keeps = request.viewer.has(*_KEEPERS)
    seen = {
        "contract": contract,
        "receivers": receivers(viewer=request.viewer, contract=contract),
        "form": (form or Setting()) if keeps else None,
    }
    status = 422 if form is not None and form.errors else 200
    return render(request, "console/receivers.html", seen, status=status)


def _one(request: Request, receiver: Receiver, form: Reading | None = None, secret: str = "") -> HttpResponse:
    keeps = request.viewer.has(*_KEEPERS) and receiver.ended_at is None
    initial = {"mapping": receiver.mapping, "rows": receiver.rows}
    seen = {
        "contract": receiver.contract,
        "receiver": receiver,
        "address": settings.BASE_URL + reverse("posted", args=[receiver.token]),
        "example": example(receiver),
        "receptions": receptions(viewer=request.viewer, receiver=receiver)[:MOST_SHOWN],
        "keeps": keeps,
        "form": (form or Reading(initial=initial)) if keeps else None,
        "secret": secret,
    }
    return render(request, "console/receiver.html", seen, status=422 if form is not None and form.errors else 200)


def _counted(batch: Batch | None) -> tuple[int | None, int | None]:
    return (None, None) if batch is None else (batch.records, batch.refused)


def _receiver(request: Request, slug: str, number: int) -> Receiver:
    contract = contract_of(request, slug)
    return get_object_or_404(receivers(viewer=request.viewer, contract=contract), pk=number)
