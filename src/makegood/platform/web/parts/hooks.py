"""Web hooks of an organisation; each site opens its own doors to these pages."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from django import forms
from django.contrib import messages
from django.http import Http404, HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.urls import URLPattern, path
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_POST

from makegood.platform import clock
from makegood.platform.tenancy.hooks import operations
from makegood.platform.tenancy.hooks.models import Event, Hook, HookState
from makegood.platform.tenancy.hooks.queries import deliveries, events_at, hooks, may_keep_hooks
from makegood.platform.tenancy.parties.models import Organisation
from makegood.platform.tenancy.trail.operations import Unable
from makegood.platform.tenancy.viewer import Role, Site
from makegood.platform.web.doors import Request, door
from makegood.platform.web.parts.answers import refused, told
from makegood.platform.web.parts.files import handed_out, listed
from makegood.platform.web.parts.organisation import found, shown

MOST_SHOWN = 100


def addresses(site: Site) -> list[URLPattern]:
    """Return the addresses of these pages at a site."""
    keeper = {Site.CONSOLE: Role.OWNER, Site.PORTAL: Role.SPONSOR, Site.PARTNER: Role.AFFILIATE}[site]
    reads = door(site, keeper, *([Role.AUDITOR] if site is Site.CONSOLE else []))
    keeps = door(site, keeper)
    start = ("organisations" if site is Site.CONSOLE else "organisation") + "/<slug:slug>/hooks/"
    return [
        path(start, reads(all_hooks), name="hooks"),
        path(f"{start}make", keeps(make), name="make_hook"),
        path(f"{start}<int:pk>/", reads(one_hook), name="hook"),
        path(f"{start}<int:pk>/deliveries.<slug:ending>", reads(all_deliveries), name="export-deliveries"),
        path(f"{start}<int:pk>/change", keeps(change), name="change_hook"),
        path(f"{start}<int:pk>/rotate", keeps(rotate), name="rotate_hook"),
        path(f"{start}<int:pk>/do", keeps(act), name="act_on_hook"),
        path(f"{start}<int:pk>/deliveries/<int:delivery>/again", keeps(again), name="deliver_again"),
    ]


class Addressed(forms.Form):
    """Where something is sent, and what."""

    address = forms.CharField(
        label=gettext_lazy("Address"),
        max_length=2000,
        help_text=gettext_lazy("Such as https://hooks.example.com/makegood; it is on the public Internet."),
        widget=forms.URLInput(attrs={"autocomplete": "off"}),
    )
    events = forms.MultipleChoiceField(label=gettext_lazy("Send when"), widget=forms.CheckboxSelectMultiple)

    def __init__(self, *arguments: Any, site: Site, **named: Any) -> None:
        super().__init__(*arguments, **named)
        choices = [(each.value, each.label) for each in events_at(site)]
        self.fields["events"].choices = choices  # type: ignore[attr-defined]

    def clean_events(self) -> list[Event]:
        return [Event(each) for each in self.cleaned_data["events"]]


def all_hooks(request: Request, slug: str) -> HttpResponse:
    """Show the web hooks of an organisation."""
    return _all(request, found(request, slug))


@require_POST
@never_cache
def make(request: Request, slug: str) -> HttpResponse:
    """Set up a web hook, and show its secret this once."""
    organisation = _mine(request, slug)
    form = _form(request, request.POST)
    if form.is_valid():
        try:
            made, secret = operations.make_hook(
                organisation=organisation, **form.cleaned_data, by=request.viewer, now=clock.now()
            )
        except Unable as refusal:
            refused(form, refusal)
        else:
            return _one(request, organisation, made, secret=secret)
    return _all(request, organisation, form)


def one_hook(request: Request, slug: str, pk: int) -> HttpResponse:
    """Show a web hook, and what became of what was sent to it."""
    organisation = found(request, slug)
    return _one(request, organisation, _hook(request, organisation, pk))


def all_deliveries(request: Request, slug: str, pk: int, ending: str) -> HttpResponse:
    """Hand out what became of everything that was sent to a web hook."""
    hook = _hook(request, found(request, slug), pk)
    names = ("number", "event", "state", "tries", "status", "trouble", "made_at", "tried_at")
    content = listed(deliveries(viewer=request.viewer, hook=hook), *names)
    return handed_out(content, name=f"{slug}-{pk}-deliveries", ending=ending)


@require_POST
def change(request: Request, slug: str, pk: int) -> HttpResponse:
    """Change address or events."""
    organisation = _mine(request, slug)
    hook = _hook(request, organisation, pk)
    form = _form(request, request.POST)
    if form.is_valid():
        try:
            operations.change_hook(hook=hook, **form.cleaned_data, by=request.viewer, now=clock.now())
        except Unable as refusal:
            refused(form, refusal)
        else:
            messages.success(request, _("The web hook was changed."))
            return _to(request, organisation, hook)
    return _one(request, organisation, hook, form)


@require_POST
@never_cache
def rotate(request: Request, slug: str, pk: int) -> HttpResponse:
    """Make a new secret, and show it this once."""
    organisation = _mine(request, slug)
    hook = _hook(request, organisation, pk)
    try:
        secret = operations.rotate_secret(hook=hook, by=request.viewer, now=clock.now())
    except Unable as refusal:
        messages.error(request, str(refusal), extra_tags="danger")
        return _to(request, organisation, hook)
    hook.refresh_from_db()
    return _one(request, organisation, hook, secret=secret)


@require_POST
def act(request: Request, slug: str, pk: int) -> HttpResponse:
    """Pause a web hook, let it go on, end it, or send it a test."""
    organisation = _mine(request, slug)
    hook = _hook(request, organisation, pk)
    asked = request.POST.get("do", "")
    acts: dict[str, tuple[Callable[..., object], str]] = {
        "pause": (operations.pause_hook, _("Nothing is sent to it for now.")),
        "resume": (operations.resume_hook, _("It goes on.")),
        "end": (operations.end_hook, _("It has ended.")),
        "test": (operations.send_test, _("A test is on its way; look again in a moment.")),
    }
    if asked not in acts:
        return _one(request, organisation, hook, status=422)
    operation, done = acts[asked]
    told(request, lambda: operation(hook=hook, by=request.viewer, now=clock.now()), done)
    return _to(request, organisation, hook)


@require_POST
def again(request: Request, slug: str, pk: int, delivery: int) -> HttpResponse:
    """Send an event again."""
    organisation = _mine(request, slug)
    hook = _hook(request, organisation, pk)
    sent = get_object_or_404(deliveries(viewer=request.viewer, hook=hook), pk=delivery)
    told(
        request,
        lambda: operations.deliver_again(delivery=sent, by=request.viewer, now=clock.now()),
        _("It is sent again."),
    )
    return _to(request, organisation, hook)


def _all(request: Request, organisation: Organisation, form: Addressed | None = None) -> HttpResponse:
    mine = may_keep_hooks(viewer=request.viewer, organisation=organisation)
    every = hooks(viewer=request.viewer, organisation=organisation)
    if not mine and not (request.viewer.site is Site.CONSOLE and request.viewer.has(Role.OWNER, Role.AUDITOR)):
        raise Http404
    status = 422 if form is not None and form.errors else 200
    asked = (form or _form(request)) if mine else None
    return shown(request, "parts/hooks.html", organisation, status, hooks=every, form=asked)


def _one(
    request: Request,
    organisation: Organisation,
    hook: Hook,
    form: Addressed | None = None,
    secret: str = "",
    status: int = 200,
) -> HttpResponse:
    keeps = may_keep_hooks(viewer=request.viewer, organisation=organisation) and hook.state != HookState.ENDED
    labels = dict(Event.choices)
    seen = {
        "hook": hook,
        "events": [labels.get(each, each) for each in hook.events],
        "deliveries": deliveries(viewer=request.viewer, hook=hook)[:MOST_SHOWN],
        "keeps": keeps,
        "form": (form or _form(request, initial={"address": hook.address, "events": hook.events})) if keeps else None,
        "secret": secret,
    }
    return shown(request, "parts/hook.html", organisation, 422 if form is not None and form.errors else status, **seen)


def _form(request: Request, posted: Any = None, **more: Any) -> Addressed:
    return Addressed(posted, site=request.viewer.site or Site.CONSOLE, **more)


def _mine(request: Request, slug: str) -> Organisation:
    organisation = found(request, slug)
    if not may_keep_hooks(viewer=request.viewer, organisation=organisation):
        raise Http404
    return organisation


def _hook(request: Request, organisation: Organisation, pk: int) -> Hook:
    return get_object_or_404(hooks(viewer=request.viewer, organisation=organisation), pk=pk)


def _to(request: Request, organisation: Organisation, hook: Hook) -> HttpResponse:
    return redirect(f"{request.viewer.site}:hook", organisation.slug, hook.pk)
