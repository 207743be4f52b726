"""Pages that belong to no site."""

from __future__ import annotations

from django.conf import settings
from django.http import HttpRequest, HttpResponse, HttpResponseBase
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.http import url_has_allowed_host_and_scheme
from django.views.decorators.http import require_POST

from makegood.platform.web.doors import Request, open_door


@open_door
def home(request: Request) -> HttpResponseBase:
    """Lead to the first site of whoever comes, or to the sign-in."""
    if not request.user.is_authenticated:
        return redirect("account_login")
    sites = request.viewer.sites
    if not sites:
        return render(request, "parts/no_site.html")
    return redirect(f"{sites[0]}:home")


@open_door
@require_POST
def language(request: HttpRequest) -> HttpResponse:
    """Change the language of this person."""
    wanted = request.POST.get("language", "")
    if wanted in dict(settings.LANGUAGES) and request.user.is_authenticated:
        person = request.user
        person.language = wanted
        person.save(update_fields=["language"])
    back = request.POST.get("next", "")
    return redirect(back if url_has_allowed_host_and_scheme(back, {request.get_host()}) else reverse("home"))


def not_found(request: HttpRequest, exception: Exception | None = None) -> HttpResponse:
    """Say that there is nothing here, whatever there is."""
    del exception
    return render(request, "parts/not_found.html", status=404)


def refused(request: HttpRequest, exception: Exception | None = None) -> HttpResponse:
    """Say that this cannot be done."""
    del exception
    return render(request, "parts/refused.html", status=403)


def too_many(request: HttpRequest) -> HttpResponse:
    """Say that somebody tries too often."""
    return render(request, "parts/too_many.html", status=429)


def broken(request: HttpRequest) -> HttpResponse:
    """Say that something went wrong on our side."""
    return render(request, "parts/broken.html", status=500)
