"""Accepting an invitation by the link of its mail."""

from __future__ import annotations

from dataclasses import replace

from django import forms
from django.contrib import messages
from django.contrib.auth import login
from django.http import HttpResponse, HttpResponseBase
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.cache import never_cache

from makegood.platform import clock
from makegood.platform.tenancy.access.models import Invitation
from makegood.platform.tenancy.access.operations import UnableToAccept, accept_invitation
from makegood.platform.tenancy.access.queries import invitation_of, person_of
from makegood.platform.tenancy.viewer import NOBODY
from makegood.platform.web.doors import Request, address_of, open_door

BACKEND = "allauth.account.auth_backends.AuthenticationBackend"


class Newcomer(forms.Form):
    """What somebody new tells of themselves."""

    name = forms.CharField(
        label=gettext_lazy("Your name"), max_length=200, widget=forms.TextInput(attrs={"autocomplete": "name"})
    )
    password = forms.CharField(
        label=gettext_lazy("Password"),
        help_text=gettext_lazy("At least twelve characters; a few words that only you put together are good."),
        widget=forms.PasswordInput(attrs={"autocomplete": "new-password"}),
        strip=False,
    )


@open_door
@never_cache
def accept(request: Request, secret: str) -> HttpResponseBase:
    """Show what is offered, and take it: with name and password for somebody new, otherwise signed in."""
    invitation = invitation_of(secret=secret, now=clock.now())
    if invitation is None:
        return render(request, "parts/invitation_gone.html", status=404)
    known = person_of(email=invitation.email)
    if known is None and request.viewer.person is None:
        return _newcomer(request, invitation, secret)
    mine = known is not None and known.pk == request.viewer.person
    refusal = ""
    if request.method == "POST" and mine:
        try:
            accept_invitation(secret=secret, name="", password="", by=request.viewer, now=clock.now())
        except UnableToAccept as unable:
            refusal = str(unable)
        else:
            messages.success(request, _("Welcome to %s.") % invitation.organisation)
            return redirect("home")
    seen = {"invitation": invitation, "known": known, "mine": mine, "refusal": refusal}
    return render(request, "parts/invitation.html", seen, status=422 if refusal else 200)


def _newcomer(request: Request, invitation: Invitation, secret: str) -> HttpResponse:
    form = Newcomer(request.POST or None)
    if form.is_valid():
        came = replace(NOBODY, address=address_of(request))
        try:
            person = accept_invitation(secret=secret, by=came, now=clock.now(), **form.cleaned_data)
        except UnableToAccept as unable:
            form.add_error(None, str(unable))
        else:
            login(request, person, backend=BACKEND)
            messages.success(request, _("Welcome to %s.") % invitation.organisation)
            return redirect("home")
    seen = {"invitation": invitation, "form": form}
    return render(request, "parts/invitation.html", seen, status=422 if form.errors else 200)
