"""Articles and earlier cases that are like what somebody writes, for those who may see them."""

from __future__ import annotations

import re
from typing import Final

from django.contrib.postgres.search import SearchQuery, SearchRank, SearchVector, TrigramWordSimilarity
from django.db.models import F, Q, QuerySet

from makegood.platform.evidence.service_desk.models import Article, Case
from makegood.platform.evidence.service_desk.queries.seen import cases
from makegood.platform.tenancy.viewer import Site, Viewer

_MOST_WORDS: Final = 12
_SHORTEST: Final = 3
_LATEST: Final = 2_000
"""Of words that many cases have, so many of the newest are compared."""
_ALIKE: Final = 0.5
SHOWN: Final = 5
"""So many suggestions are made."""


def articles(*, viewer: Viewer) -> QuerySet[Article]:
    """Return the articles that exist for a viewer: staff sees all, or those of its customers and of everybody.

    A customer sees what is public, for all or for it; an affiliate what is public for all.
    """
    found = Article.objects.filter(ended_at=None).select_related("customer", "written_by")
    mine = viewer.organisations(viewer.site) if viewer.site is not None else frozenset()
    if not mine or not viewer.within("cases:read"):
        return found.none()
    if viewer.site is Site.CONSOLE:
        limits = viewer.limited
        return found if limits is None else found.filter(Q(customer=None) | Q(customer__in=limits))
    if viewer.site is Site.PORTAL:
        return found.filter(Q(customer=None) | Q(customer__in=mine), public=True)
    return found.filter(public=True, customer=None)


def articles_about(*, viewer: Viewer, words: str, all_of_them: bool = False) -> QuerySet[Article]:
    """Return the articles with some of the words, or all, or with a title that is almost the same; the best first."""
    asked = _asked(words)
    found = articles(viewer=viewer)
    if not asked:
        return found.none()
    raw = (" & " if all_of_them else " | ").join(asked)
    matches = Q(alike__gte=_ALIKE)
    for language in Article.Language.values:
        name = f"in_{language}"
        found = found.alias(**{name: SearchVector("title", "text", config=language)})
        query = SearchQuery(raw, config=language, search_type="raw")
        matches |= Q(language=language, **{name: query})
    ranked = SearchRank(
        SearchVector("title", "text", config=F("language")),
        SearchQuery(raw, config=F("language"), search_type="raw"),
    )
    found = found.annotate(alike=TrigramWordSimilarity(" ".join(asked), "title"), rank=ranked)
    return found.filter(matches).order_by("-rank", "-alike", "-pk")


def similar_cases(*, viewer: Viewer, words: str, but: int | None = None) -> QuerySet[Case]:
    """Return earlier cases that were resolved and have some of the words, the most alike first; not the one itself."""
    asked = _asked(words)
    seen = cases(viewer=viewer).exclude(resolution="")
    if not asked:
        return seen.none()
    vector = SearchVector("title", "symptoms", "resolution", config="simple")
    query = SearchQuery(" | ".join(asked), config="simple", search_type="raw")
    others = seen if but is None else seen.exclude(pk=but)
    newest = others.annotate(said=vector).filter(said=query).order_by("-pk").values("pk")[:_LATEST]
    found = cases(viewer=viewer).filter(pk__in=newest)
    return found.annotate(rank=SearchRank(vector, query)).order_by("-rank", "-pk")


def _asked(words: str) -> list[str]:
    found = (each.lower() for each in re.findall(r"\w+", words.replace("\x00", " ")))
    return list(dict.fromkeys(each[:60] for each in found if len(each) >= _SHORTEST))[:_MOST_WORDS]
