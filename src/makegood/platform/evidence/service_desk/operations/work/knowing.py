"""Articles: what was learnt, for those who come after."""

from __future__ import annotations

from datetime import datetime
from typing import Final

from django.utils.translation import gettext as _

from makegood.platform.evidence.service_desk.models import Article, Case
from makegood.platform.evidence.service_desk.operations.sides import UnableToServe, person_of, said
from makegood.platform.evidence.service_desk.queries.seen import cases
from makegood.platform.evidence.service_desk.queries.work.known import articles
from makegood.platform.tenancy.parties.models import Organisation
from makegood.platform.tenancy.parties.queries import organisations
from makegood.platform.tenancy.trail.operations import operation, record
from makegood.platform.tenancy.viewer import Role, Site, Viewer

WRITERS: Final = (Role.OWNER, Role.SERVICE_MANAGER, Role.ENGINEER)
"""Who writes articles."""
_LONGEST: Final = 100_000


@operation("keep article", about="title")
def keep_article(
    *,
    title: str,
    text: str,
    language: str,
    public: bool,
    by: Viewer,
    now: datetime,
    customer: Organisation | None = None,
    service: str = "",
    case: Case | None = None,
    article: Article | None = None,
) -> Article:
    """Write an article, or change one; only if it is ``public`` customers read it, one of them or all.

    :raises UnableToServe: if ``by`` writes none, or sees neither the customer nor the case
    """
    _writer(by)
    if customer is not None and not organisations(viewer=by).filter(pk=customer.pk, is_house=False).exists():
        raise UnableToServe(_("There is no such customer."))
    if case is not None and not cases(viewer=by).filter(pk=case.pk).exists():
        raise UnableToServe(_("There is no such case."))
    if customer is None and by.limited is not None:
        raise UnableToServe(_("Say for which customer it is; you do not write for all."))
    if language not in Article.Language.values:
        raise UnableToServe(_("Say in which language it is."))
    made = _locked(article, by) if article is not None else Article(written_by_id=person_of(by), written_at=now)
    made.title = said(title.replace("\n", " "), _("Give the article a title."), longest=200)
    made.text = said(text, _("Write what was found out."), longest=_LONGEST)
    made.language, made.public, made.customer = language, public, customer
    made.service, made.changed_at = said(service, longest=100), now
    made.case = case or made.case
    made.save()
    about = customer.pk if customer is not None else None
    record(by=by, did="keep article", about=made.title, now=now, organisation=about, article=made.pk, public=public)
    return made


@operation("end article", about="article")
def end_article(*, article: Article, by: Viewer, now: datetime) -> None:
    """Show an article to nobody any more."""
    _writer(by)
    mine = _locked(article, by)
    mine.ended_at = now
    mine.save(update_fields=["ended_at"])
    record(by=by, did="end article", about=mine.title, now=now, organisation=mine.customer_id, article=mine.pk)


def _writer(by: Viewer) -> None:
    if by.site is not Site.CONSOLE or not by.has(*WRITERS):
        raise UnableToServe(_("Articles are written by owners, service managers and engineers."))


def _locked(article: Article, by: Viewer) -> Article:
    seen = articles(viewer=by).filter(pk=article.pk).order_by().select_related(None).values("pk")
    found = Article.objects.select_for_update(of=("self",)).filter(pk__in=seen).first()
    if found is None or (found.customer_id is None and by.limited is not None):
        raise UnableToServe(_("There is no such article."))
    return found
