"""The trail, to be read and to be taken along."""

from __future__ import annotations

import csv
import json
from collections.abc import Iterator

from django import forms
from django.core.paginator import Paginator
from django.db.models import Q, QuerySet
from django.http import HttpResponse, HttpResponseBase, StreamingHttpResponse
from django.shortcuts import render
from django.utils.translation import gettext_lazy as _

from makegood.platform.tenancy.parties.models import Organisation
from makegood.platform.tenancy.parties.queries import organisations
from makegood.platform.tenancy.trail.models import Entry
from makegood.platform.tenancy.trail.queries import READERS, deeds, entries
from makegood.platform.tenancy.viewer import Site
from makegood.platform.web.doors import Request, door

A_PAGE = 50
COLUMNS = ("at", "who", "did", "about", "organisation", "refused", "address", "details")


class Filter(forms.Form):
    """Which part of the trail to show."""

    did = forms.ChoiceField(label=_("What"), required=False)
    organisation = forms.ModelChoiceField(
        Organisation.objects.none(), label=_("Organisation"), required=False, to_field_name="slug", empty_label=_("all")
    )
    words = forms.CharField(label=_("Who or about"), required=False, max_length=200)
    since = forms.DateField(label=_("From"), required=False, widget=forms.DateInput(attrs={"type": "date"}))
    until = forms.DateField(label=_("Until"), required=False, widget=forms.DateInput(attrs={"type": "date"}))
    refused = forms.BooleanField(label=_("Only what was refused"), required=False)


def _filter(request: Request) -> Filter:
    form = Filter(request.GET)
    did, organisation = form.fields["did"], form.fields["organisation"]
    assert isinstance(did, forms.ChoiceField)  # noqa: S101  # as declared above
    assert isinstance(organisation, forms.ModelChoiceField)  # noqa: S101  # as declared above
    did.choices = [("", _("all")), *((each, each) for each in deeds(viewer=request.viewer))]
    organisation.queryset = organisations(viewer=request.viewer)
    return form


def _filtered(request: Request, form: Filter) -> QuerySet[Entry]:
    """Return the entries that were asked for; what is not valid asks for nothing."""
    if not form.is_valid():
        return entries(viewer=request.viewer).none()
    asked, chosen = form.cleaned_data, Q()
    if asked["did"]:
        chosen &= Q(did=asked["did"])
    if asked["organisation"]:
        chosen &= Q(organisation=asked["organisation"])
    if asked["words"]:
        chosen &= Q(who__icontains=asked["words"]) | Q(about__icontains=asked["words"])
    if asked["since"]:
        chosen &= Q(at__date__gte=asked["since"])
    if asked["until"]:
        chosen &= Q(at__date__lte=asked["until"])
    if asked["refused"]:
        chosen &= ~Q(refused="")
    return entries(viewer=request.viewer).filter(chosen)


@door(Site.CONSOLE, *READERS)
def trail(request: Request) -> HttpResponse:
    """Show who did what when, and what was refused."""
    form = _filter(request)
    page = Paginator(_filtered(request, form), A_PAGE).get_page(request.GET.get("page"))
    asked = request.GET.copy()
    asked.pop("page", None)
    seen = {"form": form, "page": page, "asked": asked.urlencode()}
    return render(request, "console/trail.html", seen, status=422 if form.errors else 200)


@door(Site.CONSOLE, *READERS)
def trail_csv(request: Request) -> HttpResponseBase:
    """Answer with the same as a table, whole."""
    lines = _lines(_filtered(request, _filter(request)))
    answer = StreamingHttpResponse(lines, content_type="text/csv; charset=utf-8")
    answer["Content-Disposition"] = "attachment; filename=trail.csv"
    return answer


class _Line:
    """What the writer of tables writes into: it hands each line on."""

    def write(self, line: str) -> str:
        return line


def _lines(found: QuerySet[Entry]) -> Iterator[str]:
    writer = csv.writer(_Line())
    yield writer.writerow(COLUMNS)
    for each in found.iterator(chunk_size=1000):
        organisation = each.organisation.slug if each.organisation else ""
        details = json.dumps(each.details, ensure_ascii=False, sort_keys=True)
        row = (each.at.isoformat(), each.who, each.did, each.about, organisation, each.refused, each.address, details)
        yield writer.writerow([_harmless(value) for value in row])


def _harmless(value: str | None) -> str:
    """Return a text that no program for tables takes for a formula."""
    text = value or ""
    return f"'{text}" if text.startswith(("=", "+", "-", "@", "\t", "\r")) else text
