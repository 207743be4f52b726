"""Mailboxes that customers write to, and the mails that wait for somebody to decide."""

from __future__ import annotations

from typing import Any

from django import forms
from django.conf import settings
from django.contrib import messages
from django.core.paginator import Paginator
from django.db.models import QuerySet
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import URLPattern, path, reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_POST

from makegood.platform import clock
from makegood.platform.evidence.service_desk import operations
from makegood.platform.evidence.service_desk.mail.reading import read_mail
from makegood.platform.evidence.service_desk.models import Mail, Mailbox, Security, Signing
from makegood.platform.evidence.service_desk.queries import held_mails, mailboxes, mails
from makegood.platform.evidence.service_desk.queries.mails import DECIDERS
from makegood.platform.tenancy.access.models import Person
from makegood.platform.tenancy.access.queries import people_with
from makegood.platform.tenancy.parties.models import Organisation
from makegood.platform.tenancy.parties.queries import house, organisations
from makegood.platform.tenancy.trail.operations import Unable
from makegood.platform.tenancy.viewer import Role, Site
from makegood.platform.web.doors import Request, door
from makegood.platform.web.parts.answers import refused, told

A_PAGE = 50
_SERVER = ("host", "port", "security", "user", "password", "folder")
_READERS = (Role.OWNER, Role.SERVICE_MANAGER, Role.AUDITOR)
_WORKERS = (Role.OWNER, Role.SERVICE_MANAGER, Role.ENGINEER)


def addresses() -> list[URLPattern]:
    """Return the addresses of these pages."""
    reads, keeps = door(Site.CONSOLE, *_READERS), door(Site.CONSOLE, Role.OWNER)
    sees, decides = door(Site.CONSOLE, *DECIDERS, Role.AUDITOR), door(Site.CONSOLE, *DECIDERS)
    return [
        path("mailboxes/", reads(all_mailboxes), name="mailboxes"),
        path("mailboxes/make/", keeps(make), name="make-mailbox"),
        path("mailboxes/<int:mailbox>/", reads(one_mailbox), name="mailbox"),
        path("mailboxes/<int:mailbox>/change/", keeps(change), name="change-mailbox"),
        path("mailboxes/<int:mailbox>/rotate/", keeps(rotate), name="rotate-mailbox"),
        path("mailboxes/<int:mailbox>/fetch/", keeps(fetch), name="fetch-mailbox"),
        path("mailboxes/<int:mailbox>/end/", keeps(end), name="end-mailbox"),
        path("held-mails/", sees(held), name="held-mails"),
        path("held-mails/<int:mail>/", sees(one_held), name="held-mail"),
        path("held-mails/<int:mail>/accept/", decides(accept), name="accept-mail"),
        path("held-mails/<int:mail>/discard/", decides(discard), name="discard-mail"),
    ]


class Purpose(forms.Form):
    """What begins in a mailbox, and where it is fetched."""

    name = forms.CharField(label=gettext_lazy("Name"), max_length=100)
    kind = forms.ChoiceField(
        label=gettext_lazy("A mail begins"),
        choices=[("incident", gettext_lazy("an incident")), ("request", gettext_lazy("a request"))],
    )
    customer = forms.ModelChoiceField(
        label=gettext_lazy("For"),
        queryset=Organisation.objects.none(),
        to_field_name="slug",
        required=False,
        empty_label=gettext_lazy("all customers"),
    )
    owner = forms.ModelChoiceField(
        label=gettext_lazy("Who answers for cases that begin here"),
        queryset=Person.objects.none(),
        required=False,
        empty_label=gettext_lazy("the first service manager"),
    )
    host = forms.CharField(
        label=gettext_lazy("IMAP server"),
        max_length=253,
        required=False,
        help_text=gettext_lazy("Leave it empty if a mail service posts the mails."),
    )
    port = forms.IntegerField(label=gettext_lazy("Port"), min_value=1, max_value=65_535, initial=993, required=False)
    security = forms.ChoiceField(label=gettext_lazy("Protection"), choices=Security.choices, required=False)
    user = forms.CharField(label=gettext_lazy("User"), max_length=200, required=False)
    password = forms.CharField(
        label=gettext_lazy("Password"),
        max_length=500,
        required=False,
        strip=False,
        widget=forms.PasswordInput(attrs={"autocomplete": "off"}),
    )
    folder = forms.CharField(label=gettext_lazy("Folder"), max_length=200, initial="INBOX", required=False)

    def __init__(self, request: Request, *args: Any, is_posted: bool = False, **more: Any) -> None:
        super().__init__(*args, **more)
        for name in _SERVER if is_posted else ():
            del self.fields[name]
        self.fields["customer"].queryset = _customers(request)  # type: ignore[attr-defined]
        found = people_with(organisation=house(), roles=_WORKERS)
        self.fields["owner"].queryset = Person.objects.filter(pk__in=[each.pk for each in found])  # type: ignore[attr-defined]

    def said(self) -> dict[str, Any]:
        """Return what was said, the server as one."""
        given = {"host": "", **self.cleaned_data}
        server = {name: given.pop(name, "") for name in _SERVER}
        server["port"] = server["port"] or 993
        return {**given, "server": operations.Server(**server) if server["host"] else None}


class New(Purpose):
    """A mailbox that is set up."""

    address = forms.EmailField(
        label=gettext_lazy("Address that customers write to"),
        max_length=254,
        help_text=gettext_lazy("Mails about cases are from this address, too; your mail server has to allow that."),
    )
    signing = forms.ChoiceField(
        label=gettext_lazy("How a mail service signs that posts the mails"),
        choices=[("", gettext_lazy("mails are fetched, not posted")), *Signing.choices],
        required=False,
    )
    field_order = ("name", "address", "kind", "customer", "owner", "host", "port", "security", "user", "password")


class Accepting(forms.Form):
    """Whose a mail is."""

    customer = forms.ModelChoiceField(
        label=gettext_lazy("Customer"),
        queryset=Organisation.objects.none(),
        to_field_name="slug",
        help_text=gettext_lazy("Of a new customer, add the organisation first."),
    )
    as_contact = forms.BooleanField(
        label=gettext_lazy("The sender is a contact from now on, and is not held any more"), required=False
    )

    def __init__(self, request: Request, *args: Any, **more: Any) -> None:
        super().__init__(*args, **more)
        self.fields["customer"].queryset = _customers(request)  # type: ignore[attr-defined]


def all_mailboxes(request: Request) -> HttpResponse:
    """Show which mailboxes there are."""
    return _all(request)


@require_POST
@never_cache
def make(request: Request) -> HttpResponse:
    """Set up a mailbox, and show the secret of one that is posted to this once."""
    form = New(request, request.POST)
    if form.is_valid():
        try:
            made, secret = operations.make_mailbox(**form.said(), by=request.viewer, now=clock.now())
        except Unable as refusal:
            refused(form, refusal)
        else:
            return _one(request, made, secret=secret)
    return _all(request, form)


def one_mailbox(request: Request, mailbox: int) -> HttpResponse:
    """Show a mailbox, how it goes, and what came."""
    return _one(request, _mailbox(request, mailbox))


@require_POST
def change(request: Request, mailbox: int) -> HttpResponse:
    """Change what begins in a mailbox, or where it is fetched."""
    found = _mailbox(request, mailbox)
    form = Purpose(request, request.POST, is_posted=not found.host)
    if form.is_valid():
        try:
            operations.change_mailbox(mailbox=found, **form.said(), by=request.viewer, now=clock.now())
        except Unable as refusal:
            refused(form, refusal)
        else:
            messages.success(request, _("The mailbox is like this from now on."))
            return redirect("console:mailbox", found.pk)
    return _one(request, found, form)


@require_POST
@never_cache
def rotate(request: Request, mailbox: int) -> HttpResponse:
    """Make a new secret, and show it this once."""
    found = _mailbox(request, mailbox)
    try:
        secret = operations.rotate_mailbox(mailbox=found, by=request.viewer, now=clock.now())
    except Unable as refusal:
        messages.error(request, str(refusal), extra_tags="danger")
        return redirect("console:mailbox", found.pk)
    return _one(request, found, secret=secret)


@require_POST
def fetch(request: Request, mailbox: int) -> HttpResponse:
    """Have a mailbox fetched now."""
    found = _mailbox(request, mailbox)
    if found.host and found.ended_at is None:
        operations.fetch_soon(mailbox=found)
        messages.success(request, _("It is being fetched; look again in a moment."))
    return redirect("console:mailbox", found.pk)


@require_POST
def end(request: Request, mailbox: int) -> HttpResponse:
    """End a mailbox."""
    found = _mailbox(request, mailbox)
    told(
        request,
        lambda: operations.end_mailbox(mailbox=found, by=request.viewer, now=clock.now()),
        _("It has ended; nothing that customers send there is taken any more."),
    )
    return redirect("console:mailboxes")


def held(request: Request) -> HttpResponse:
    """Show the mails that wait for a decision."""
    page = Paginator(held_mails(viewer=request.viewer).defer("raw"), A_PAGE).get_page(request.GET.get("page"))
    seen = {"page": page, "reads": request.viewer.has(*_READERS)}
    return render(request, "console/held_mails.html", seen)


def one_held(request: Request, mail: int) -> HttpResponse:
    """Show what a mail says that is held, as words and nothing else."""
    return _held(request, _mail(request, mail))


@require_POST
def accept(request: Request, mail: int) -> HttpResponse:
    """Take a mail to a case of a customer."""
    found = _mail(request, mail)
    form = Accepting(request, request.POST)
    if form.is_valid():
        try:
            taken = operations.accept_mail(mail=found, **form.cleaned_data, by=request.viewer, now=clock.now())
        except Unable as refusal:
            refused(form, refusal)
        else:
            messages.success(request, _("It is with case #%d now.") % (taken.case_id or 0))
            return redirect("console:case", taken.case_id)
    return _held(request, found, form)


@require_POST
def discard(request: Request, mail: int) -> HttpResponse:
    """Throw a mail away."""
    found = _mail(request, mail)
    told(
        request,
        lambda: operations.discard_mail(mail=found, by=request.viewer, now=clock.now()),
        _("It is thrown away."),
    )
    return redirect("console:held-mails")


def _all(request: Request, form: New | None = None) -> HttpResponse:
    keeps = request.viewer.has(Role.OWNER)
    seen = {
        "mailboxes": mailboxes(viewer=request.viewer),
        "form": (form or New(request)) if keeps else None,
        "waiting": held_mails(viewer=request.viewer).count(),
    }
    status = 422 if form is not None and form.errors else 200
    return render(request, "console/mailboxes.html", seen, status=status)


def _one(request: Request, mailbox: Mailbox, form: Purpose | None = None, secret: str = "") -> HttpResponse:
    keeps = request.viewer.has(Role.OWNER) and mailbox.ended_at is None
    initial = {
        name: getattr(mailbox, name) for name in ("name", "kind", "host", "port", "security", "user", "folder", "owner")
    }
    initial["customer"] = mailbox.customer.slug if mailbox.customer is not None else None
    seen = {
        "mailbox": mailbox,
        "address": settings.BASE_URL + reverse("mailed", args=[mailbox.token]) if mailbox.token else "",
        "mails": mails(viewer=request.viewer, mailbox=mailbox)[:A_PAGE],
        "keeps": keeps,
        "form": (form or Purpose(request, initial=initial, is_posted=not mailbox.host)) if keeps else None,
        "secret": secret,
    }
    return render(request, "console/mailbox.html", seen, status=422 if form is not None and form.errors else 200)


def _held(request: Request, mail: Mail, form: Accepting | None = None) -> HttpResponse:
    decides = request.viewer.has(*DECIDERS)
    initial = {"customer": mail.mailbox.customer.slug} if mail.mailbox.customer is not None else {}
    seen = {
        "mail": mail,
        "read": read_mail(bytes(mail.raw or b""), size=mail.size),
        "form": (form or Accepting(request, initial=initial)) if decides else None,
    }
    return render(request, "console/held_mail.html", seen, status=422 if form is not None and form.errors else 200)


def _customers(request: Request) -> QuerySet[Organisation]:
    return organisations(viewer=request.viewer).filter(is_house=False)


def _mailbox(request: Request, number: int) -> Mailbox:
    return get_object_or_404(mailboxes(viewer=request.viewer), pk=number)


def _mail(request: Request, number: int) -> Mail:
    return get_object_or_404(held_mails(viewer=request.viewer), pk=number)
