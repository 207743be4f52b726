"""Terms of agreements, as every site shows them: versions, what they say, what changed, documents, signatures."""

from __future__ import annotations

from typing import Any

from django import forms
from django.http import Http404, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import URLPattern, path
from django.utils.translation import gettext_lazy

from makegood.engine.agreement.prose import service_level_text
from makegood.platform import clock
from makegood.platform.agreement.contracts import operations, queries
from makegood.platform.agreement.contracts.documents.content import Paper
from makegood.platform.agreement.contracts.documents.papers import documents_of, paper
from makegood.platform.agreement.contracts.documents.pdf import Letterhead, pdf
from makegood.platform.agreement.contracts.models import Contract, Version
from makegood.platform.tenancy.branding.queries import house_brand
from makegood.platform.tenancy.viewer import Role, Site
from makegood.platform.web.doors import Request, door


class Sign(forms.Form):
    """What a person gives who signs."""

    name = forms.CharField(label=gettext_lazy("Your full name"), max_length=200)
    consent = forms.BooleanField(
        label=gettext_lazy("I have read this text and accept it for my organisation, which I may bind.")
    )


def contract_of(request: Request, slug: str) -> Contract:
    """Return a contract that exists for whoever asks."""
    return get_object_or_404(queries.contracts(viewer=request.viewer), slug=slug)


def version_of(request: Request, slug: str, version: int) -> Version:
    """Return a version that exists for whoever asks."""
    contract = contract_of(request, slug)
    return get_object_or_404(queries.versions(viewer=request.viewer, contract=contract), pk=version)


def terms_context(request: Request, contract: Contract) -> dict[str, Any]:
    """Return what a page about the terms of a contract shows."""
    texts = list(queries.versions(viewer=request.viewer, contract=contract).order_by("-pk"))
    open_ = next((each for each in texts if each.state in {"DRAFT", "OFFERED"}), None)
    today = clock.now().date()
    shown = next(
        (each for each in texts if each.first_day and each.first_day <= today <= (each.last_day or today)), None
    )
    party = queries.signatory(viewer=request.viewer, contract=contract)
    return {
        "contract": contract,
        "versions": texts,
        "open": open_,
        "in_force": shown,
        "shown": shown or open_ or (texts[0] if texts else None),
        "step": queries.next_step(viewer=request.viewer, contract=contract),
        "sources": queries.sources(viewer=request.viewer, contract=contract),
        "documents": documents_of(shown or open_ or texts[0]) if texts else [],
        "signs": open_ is not None and open_.state == "OFFERED" and party is not None and not _signed(open_, party.pk),
    }


def terms(request: Request, slug: str) -> HttpResponse:
    """Show the terms of an agreement: versions, signatures, sources of evidence, documents."""
    return render(request, "parts/agreement_terms.html", terms_context(request, contract_of(request, slug)))


def version_page(request: Request, slug: str, version: int) -> HttpResponse:
    """Show one version: in words, as text, and who signed it."""
    found = version_of(request, slug, version)
    document = queries.readable(found.text)
    party = queries.signatory(viewer=request.viewer, contract=found.contract)
    context = {
        "contract": found.contract,
        "version": found,
        "sections": service_level_text(document.agreement) if document.agreement is not None else (),
        "findings": document.findings,
        "lines": found.text.splitlines(),
        "documents": documents_of(found),
        "signs": found.state == "OFFERED" and party is not None and not _signed(found, party.pk),
    }
    return render(request, "parts/agreement_version.html", context)


def sign(request: Request, slug: str, version: int) -> HttpResponse:
    """Show what is to be signed, and keep the signature."""
    found = version_of(request, slug, version)
    form = Sign(request.POST or None)
    if request.method == "POST" and form.is_valid():
        try:
            operations.sign_version(version=found, name=form.cleaned_data["name"], by=request.viewer, now=clock.now())
        except operations.UnableToContract as refusal:
            form.add_error(None, str(refusal))
        else:
            return redirect(f"{request.viewer.site}:terms", slug)
    party = queries.signatory(viewer=request.viewer, contract=found.contract)
    context = {"contract": found.contract, "version": found, "form": form, "party": party}
    return render(request, "parts/agreement_sign.html", context, status=422 if form.errors else 200)


def difference(request: Request, slug: str, version: int) -> HttpResponse:
    """Show what a version says differently from the one before, and what that comes to."""
    found = version_of(request, slug, version)
    told = queries.difference_of(version=found, now=clock.now())
    context = {"contract": found.contract, "version": found, "difference": told}
    return render(request, "parts/agreement_difference.html", context)


def document(request: Request, slug: str, version: int, kind: str) -> HttpResponse:
    """Show a document that is written from the terms of a version."""
    found = version_of(request, slug, version)
    context = {"contract": found.contract, "version": found, "kind": kind, "paper": _paper(found, kind)}
    return render(request, "parts/agreement_document.html", context)


def document_pdf(request: Request, slug: str, version: int, kind: str) -> HttpResponse:
    """Answer with the same document as PDF, on the paper of the house."""
    found = version_of(request, slug, version)
    brand = house_brand()
    letterhead = Letterhead(brand.name, brand.colour, bytes(brand.logo or b""), brand.logo_type)
    made = pdf(_paper(found, kind), letterhead, clock.now())
    name = f"{slug}-{found.number}-{kind}.pdf"
    headers = {"Content-Disposition": f'attachment; filename="{name}"'}
    return HttpResponse(made, content_type="application/pdf", headers=headers)


def _paper(version: Version, kind: str) -> Paper:
    found = paper(version, kind)
    if found is None:
        raise Http404
    return found


def addresses(site: Site, *signers: Role) -> list[URLPattern]:
    """Return the addresses of these pages at a site, where some roles may sign."""
    reads, signs = door(site), door(site, *signers)
    version = "agreements/<slug:slug>/versions/<int:version>/"
    return [
        path("agreements/<slug:slug>/terms/", reads(terms), name="terms"),
        path(version, reads(version_page), name="agreement_version"),
        path(f"{version}sign/", signs(sign), name="sign_version"),
        path(f"{version}difference/", reads(difference), name="difference"),
        path(f"{version}<slug:kind>.pdf", reads(document_pdf), name="document_pdf"),
        path(f"{version}documents/<slug:kind>/", reads(document), name="document"),
    ]


def _signed(version: Version, party: int) -> bool:
    return any(each.organisation_id == party for each in version.signatures.all())
