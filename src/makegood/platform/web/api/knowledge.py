"""What is known: articles, and what is known about the like of a case."""

from __future__ import annotations

from datetime import datetime
from typing import Annotated, Any

from django.http import HttpRequest
from ninja import Field, Query, Router, Schema, Status
from pydantic import WithJsonSchema

from makegood.platform import clock
from makegood.platform.evidence.service_desk import operations, queries
from makegood.platform.evidence.service_desk.models import Article
from makegood.platform.tenancy.access.models import Scope
from makegood.platform.tenancy.viewer import Site, Viewer
from makegood.platform.web.api.asked import (
    IdempotencyKey,
    Number,
    listed,
    made_once,
    one,
    organisation_of,
    viewer_with,
)
from makegood.platform.web.api.shapes import TROUBLES, In, Line, Listed, Paging, Word
from makegood.platform.web.parts.desk_help import known_about

router = Router(tags=["knowledge"])
of_cases = Router(tags=["knowledge"])
_Language = Annotated[Article.Language, WithJsonSchema({"type": "string", "enum": Article.Language.values})]


class ArticleIn(In):
    """What was found out, in Markdown; customers read it only if it is ``public``, one of them or all."""

    title: Line
    text: Annotated[str, Field(max_length=100_000)]
    language: _Language = Article.Language.ENGLISH
    public: bool = False
    customer: Word = ""
    service: Word = ""
    case: Annotated[int, Field(ge=1, lt=2**63)] | None = None


class ArticleListed(Schema):
    """An article; without a customer it is for all."""

    number: int = Field(alias="pk")
    title: str
    language: str
    public: bool
    customer: str | None = Field(None, alias="customer.slug")
    service: str
    changed_at: datetime


class ArticleOut(ArticleListed):
    """An article with its text in Markdown; the provider also reads from which case it was learnt, and who wrote it."""

    text: str
    learnt_from: int | None = None
    author: str | None = None


class SimilarCase(Schema):
    """An earlier case, and what was done about it."""

    number: int = Field(alias="pk")
    title: str
    resolution: str


class SuggestionsOut(Schema):
    """The articles and the earlier cases that are most like a case, five of each at most, the best first."""

    articles: list[ArticleListed]
    cases: list[SimilarCase]


class Looked(Schema):
    """Words that are looked for in articles."""

    words: str = Field("", max_length=200)


@router.get("", response={200: Listed[ArticleListed], **TROUBLES}, summary="Articles")
def all_articles(request: HttpRequest, wanted: Query[Looked], paging: Query[Paging]) -> dict[str, Any]:
    """List the articles that the key may read by their titles, or those about some words, the best first."""
    viewer = viewer_with(request, Scope.READ_CASES)
    if wanted.words.strip():
        return listed(queries.articles_about(viewer=viewer, words=wanted.words), paging)
    return listed(queries.articles(viewer=viewer), paging)


@router.post("", response={201: ArticleOut, **TROUBLES}, summary="Write an article")
def write_article(request: HttpRequest, asked: ArticleIn, idempotency_key: IdempotencyKey = "") -> Status[Article]:
    """Write down what was found out."""
    by = viewer_with(request, Scope.WRITE_CASES)
    said = _said(by, asked)
    made = made_once(
        request,
        idempotency_key,
        lambda: operations.keep_article(**said, by=by, now=clock.now()),
        lambda knows: queries.articles(viewer=knows),
    )
    return Status(201, _shown(by, made))


@router.get("/{number}", response={200: ArticleOut, **TROUBLES}, summary="An article")
def one_article(request: HttpRequest, number: Number) -> Article:
    """Return an article."""
    viewer = viewer_with(request, Scope.READ_CASES)
    return _shown(viewer, _article(viewer, number))


@router.put("/{number}", response={200: ArticleOut, **TROUBLES}, summary="Change an article")
def change_article(request: HttpRequest, number: Number, asked: ArticleIn) -> Article:
    """Say anew what an article says; without a case it stays learnt from the one that it had."""
    by = viewer_with(request, Scope.WRITE_CASES)
    found = _article(by, number)
    made = operations.keep_article(article=found, **_said(by, asked), by=by, now=clock.now())
    return _shown(by, made)


@router.delete("/{number}", response={204: None, **TROUBLES}, summary="Take an article away")
def end_article(request: HttpRequest, number: Number) -> Status[None]:
    """Show an article to nobody any more."""
    by = viewer_with(request, Scope.WRITE_CASES)
    operations.end_article(article=_article(by, number), by=by, now=clock.now())
    return Status(204, None)


@of_cases.get("/{number}/suggestions", response={200: SuggestionsOut, **TROUBLES}, summary="What is known about it")
def suggestions(request: HttpRequest, number: Number) -> dict[str, Any]:
    """Return the articles and the resolved cases that the key may read and that are most like a case."""
    viewer = viewer_with(request, Scope.READ_CASES)
    articles, similar = known_about(viewer=viewer, case=one(queries.cases(viewer=viewer), "case", pk=number))
    return {"articles": list(articles), "cases": list(similar)}


def _article(viewer: Viewer, number: int) -> Article:
    return one(queries.articles(viewer=viewer), "article", pk=number)


def _said(by: Viewer, asked: ArticleIn) -> dict[str, Any]:
    """Return what an article is to say, with the objects that it names."""
    return {
        **asked.model_dump(),
        "customer": organisation_of(by, asked.customer) if asked.customer else None,
        "case": one(queries.cases(viewer=by), "case", pk=asked.case) if asked.case is not None else None,
    }


def _shown(viewer: Viewer, article: Article) -> Article:
    """Return an article with what only the provider is told of it."""
    if viewer.site is Site.CONSOLE:
        article.author = article.written_by.name  # type: ignore[attr-defined]
        number = article.case_id
        seen = number is not None and queries.cases(viewer=viewer).filter(pk=number).exists()
        article.learnt_from = number if seen else None  # type: ignore[attr-defined]
    return article
