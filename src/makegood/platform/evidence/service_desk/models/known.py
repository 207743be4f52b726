"""What is learnt from cases: articles, and what those who had them think of the work."""

from __future__ import annotations

import pgtrigger
from django.contrib.postgres.indexes import GinIndex
from django.contrib.postgres.search import SearchVector
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from makegood.platform.evidence.service_desk.models.cases import Case


class Article(models.Model):
    """What somebody found out, in Markdown, for staff alone or, if ``public``, for one ``customer`` or all as well.

    ``case`` is the one that it was learnt from; only staff sees which.
    """

    class Language(models.TextChoices):
        ENGLISH = "english", _("English")
        GERMAN = "german", _("German")
        SIMPLE = "simple", _("another one")

    title = models.CharField(_("title"), max_length=200)
    text = models.TextField(_("text"))
    language = models.CharField(_("language"), max_length=7, choices=Language, default=Language.ENGLISH)
    public = models.BooleanField(_("customers may read it"), default=False)
    customer = models.ForeignKey("parties.Organisation", models.PROTECT, related_name="+", null=True)
    service = models.CharField(_("service"), max_length=100, blank=True)
    case = models.ForeignKey(Case, models.PROTECT, related_name="+", null=True)
    written_by = models.ForeignKey("access.Person", models.PROTECT, related_name="+")
    written_at = models.DateTimeField()
    changed_at = models.DateTimeField()
    ended_at = models.DateTimeField(null=True)

    class Meta:
        ordering = ("title", "id")
        indexes = (
            *(
                GinIndex(
                    SearchVector("title", "text", config=each),
                    name=f"words_of_articles_{each}",
                    condition=Q(language=each),
                )
                for each in ("english", "german", "simple")
            ),
            GinIndex(fields=["title"], opclasses=["gin_trgm_ops"], name="titles_of_articles"),
        )
        triggers = (pgtrigger.Protect(name="keep_articles", operation=pgtrigger.Delete),)

    def __str__(self) -> str:
        return self.title


class Opinion(models.Model):
    """That whoever had a case was asked, once, how the work on it was, and what they answered: 1 is worst, 5 is best.

    Their words are shown to nobody else unless they ``may_quote``.
    """

    case = models.OneToOneField(Case, models.PROTECT, related_name="opinion", primary_key=True)
    asked_at = models.DateTimeField()
    score = models.PositiveSmallIntegerField(_("how it was"), null=True)
    words = models.TextField(_("in your words"), blank=True)
    may_quote = models.BooleanField(_("my words may be quoted"), default=False)
    person = models.ForeignKey("access.Person", models.PROTECT, related_name="+", null=True)
    answered_at = models.DateTimeField(null=True)
    sent = models.BooleanField(default=False)

    class Meta:
        ordering = ("-asked_at",)
        constraints = (
            models.CheckConstraint(
                condition=Q(score=None, answered_at=None) | Q(score__range=(1, 5), answered_at__isnull=False),
                name="an_opinion_is_from_one_to_five",
            ),
        )
        indexes = (models.Index(fields=["case"], condition=Q(score__isnull=False, sent=False), name="opinions_unsent"),)
        triggers = (pgtrigger.Protect(name="keep_opinions", operation=pgtrigger.Delete),)
