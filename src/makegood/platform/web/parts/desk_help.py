"""Pages about what is known: articles in the console and the portal, and suggestions while somebody writes."""

from __future__ import annotations

from typing import Any, Final

from django import forms
from django.core.paginator import Paginator
from django.db.models import QuerySet
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, render
from django.urls import URLPattern, path
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_http_methods, require_POST

from makegood.platform import clock
from makegood.platform.evidence.service_desk.models import Article, Case
from makegood.platform.evidence.service_desk.operations import end_article, keep_article
from makegood.platform.evidence.service_desk.queries import articles, articles_about, cases, similar_cases
from makegood.platform.tenancy.parties.models import Organisation
from makegood.platform.tenancy.parties.queries import organisations
from makegood.platform.tenancy.trail.operations import Unable
from makegood.platform.tenancy.viewer import Role, Site, Viewer
from makegood.platform.web.doors import Request, door
from makegood.platform.web.parts.answers import back_to, refused, told
from makegood.platform.web.parts.markdown import as_page

WRITERS: Final = (Role.OWNER, Role.SERVICE_MANAGER, Role.ENGINEER)
_A_PAGE: Final = 50
_SUGGESTED: Final = 5
_LONGEST: Final = 200


class Write(forms.Form):
    """An article."""

    title = forms.CharField(label=gettext_lazy("Title"), max_length=200)
    text = forms.CharField(
        label=gettext_lazy("Text"),
        max_length=100_000,
        widget=forms.Textarea(attrs={"rows": 14}),
        help_text=gettext_lazy("In Markdown: # heading, - item, **strong**, `code`, [words](https://…)."),
    )
    language = forms.ChoiceField(label=gettext_lazy("Language"), choices=Article.Language.choices)
    public = forms.BooleanField(label=gettext_lazy("Customers may read it"), required=False)
    customer = forms.ModelChoiceField(
        label=gettext_lazy("Customer"),
        queryset=Organisation.objects.none(),
        to_field_name="slug",
        required=False,
        empty_label=gettext_lazy("all"),
    )
    service = forms.CharField(label=gettext_lazy("Service"), max_length=100, required=False)

    def __init__(self, *arguments: Any, request: Request, **named: Any) -> None:
        super().__init__(*arguments, **named)
        known = organisations(viewer=request.viewer).filter(is_house=False)
        self.fields["customer"].queryset = known  # type: ignore[attr-defined]


def addresses(site: Site) -> list[URLPattern]:
    """Return the addresses of these pages at a site: the console or the portal."""
    opened, writes = door(site), door(site, *WRITERS)
    found = [
        path("knowledge/", opened(knowledge), name="knowledge"),
        path("knowledge/suggestions/", opened(suggestions), name="suggested"),
        path("knowledge/<int:article>/", opened(one_article), name="article"),
    ]
    if site is Site.CONSOLE:
        found += [
            path("knowledge/new/", writes(new_article), name="new-article"),
            path("knowledge/<int:article>/change/", writes(edit_article), name="edit-article"),
            path("knowledge/<int:article>/end/", writes(ended_article), name="end-article"),
        ]
    return found


def knowledge(request: Request) -> HttpResponse:
    """Show the articles that whoever looks may read, or those about some words."""
    viewer, words = request.viewer, request.GET.get("words", "")[:_LONGEST]
    found = articles_about(viewer=viewer, words=words) if words.strip() else articles(viewer=viewer)
    page = Paginator(found, _A_PAGE).get_page(request.GET.get("page"))
    seen = {"page": page, "words": words, "writes": viewer.site is Site.CONSOLE and viewer.has(*WRITERS)}
    return render(request, "parts/knowledge.html", seen)


def suggestions(request: Request) -> HttpResponse:
    """Show articles and earlier cases that are like what somebody writes."""
    viewer, words = request.viewer, request.GET.get("words", "")[:_LONGEST]
    words = words or request.GET.get("title", "")[:_LONGEST]
    but = request.GET.get("but", "")
    known = int(but) if but.isascii() and but.isdigit() and len(but) < 10 else None
    seen = {
        "articles": articles_about(viewer=viewer, words=words)[:_SUGGESTED],
        "similar": similar_cases(viewer=viewer, words=words, but=known)[:_SUGGESTED],
        "words": words,
    }
    return render(request, "parts/_suggestions.html" if request.htmx else "parts/suggestions.html", seen)


def known_about(*, viewer: Viewer, case: Case) -> tuple[QuerySet[Article], QuerySet[Case]]:
    """Return the articles and the earlier cases that are most like a case and that a viewer may read."""
    words = f"{case.title} {case.symptoms}"[:_LONGEST]
    similar = similar_cases(viewer=viewer, words=words, but=case.pk)
    return articles_about(viewer=viewer, words=words)[:_SUGGESTED], similar[:_SUGGESTED]


def one_article(request: Request, article: int) -> HttpResponse:
    """Show an article."""
    found = get_object_or_404(articles(viewer=request.viewer), pk=article)
    at_home = request.viewer.site is Site.CONSOLE
    learnt = found.case if at_home else None
    if learnt is not None and not cases(viewer=request.viewer).filter(pk=learnt.pk).exists():
        learnt = None
    seen = {
        "article": found,
        "text": as_page(found.text),
        "case": learnt,
        "writes": at_home and request.viewer.has(*WRITERS),
    }
    return render(request, "parts/article.html", seen)


@require_http_methods(["GET", "POST"])
def new_article(request: Request) -> HttpResponse:
    """Write an article, with what was done about a case to begin with."""
    number = request.GET.get("case", "")
    is_number = number.isascii() and number.isdigit() and len(number) < 10
    case = get_object_or_404(cases(viewer=request.viewer), pk=int(number)) if is_number else None
    initial = {"title": case.title, "text": case.resolution, "service": case.service} if case is not None else {}
    return _written(request, Write(request.POST or None, request=request, initial=initial), case=case)


@require_http_methods(["GET", "POST"])
def edit_article(request: Request, article: int) -> HttpResponse:
    """Change an article."""
    found = get_object_or_404(articles(viewer=request.viewer), pk=article)
    initial = {
        **{name: getattr(found, name) for name in ("title", "text", "language", "public", "service")},
        "customer": found.customer.slug if found.customer is not None else "",
    }
    return _written(request, Write(request.POST or None, request=request, initial=initial), article=found)


@require_POST
def ended_article(request: Request, article: int) -> HttpResponse:
    """Show an article to nobody any more."""
    found = get_object_or_404(articles(viewer=request.viewer), pk=article)
    told(
        request,
        lambda: end_article(article=found, by=request.viewer, now=clock.now()),
        _("Nobody sees this article any more."),
    )
    return back_to(request, "knowledge")


def _written(request: Request, form: Write, **more: Any) -> HttpResponse:
    if request.method == "POST" and form.is_valid():
        try:
            made = keep_article(**form.cleaned_data, **more, by=request.viewer, now=clock.now())
        except Unable as refusal:
            refused(form, refusal)
        else:
            told(request, lambda: None, _("The article was kept."))
            return back_to(request, "article", made.pk)
    status = 422 if request.method == "POST" else 200
    return render(request, "console/write_article.html", {"form": form, **more}, status=status)
