"""Changes: what was asked for, how it was decided, and what came of it."""

from __future__ import annotations

from typing import Final

import pgtrigger
from django.contrib.postgres.indexes import GinIndex
from django.contrib.postgres.search import SearchVector
from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from makegood.platform.evidence.service_desk.models import Level

SOURCE: Final = "makegood-changes"
"""The source of the evidence that changes leave."""


class Kind(models.TextChoices):
    """How a change is handled."""

    NORMAL = "NORMAL", _("normal")
    STANDARD = "STANDARD", _("standard")
    EMERGENCY = "EMERGENCY", _("emergency")
    PATCH = "PATCH", _("patch")


class Origin(models.TextChoices):
    """Who asked for a change."""

    INTERNAL = "INTERNAL", _("the provider")
    CUSTOMER = "CUSTOMER", _("the customer")


class State(models.TextChoices):
    """How far a change is."""

    DRAFT = "DRAFT", _("draft")
    REQUESTED = "REQUESTED", _("requested")
    COMMITTEE = "COMMITTEE", _("before the committee")
    CUSTOMER = "CUSTOMER", _("waiting for the customer")
    APPROVED = "APPROVED", _("approved")
    TESTED = "TESTED", _("tested")
    RELEASE_APPROVED = "RELEASE_APPROVED", _("release approved")
    RELEASED = "RELEASED", _("released")
    REVIEWED = "REVIEWED", _("reviewed")
    ARCHIVED = "ARCHIVED", _("archived")
    REJECTED = "REJECTED", _("rejected")
    WITHDRAWN = "WITHDRAWN", _("withdrawn")


MOVES: Final = {
    State.DRAFT: (State.REQUESTED, State.APPROVED, State.WITHDRAWN),
    State.REQUESTED: (
        State.DRAFT,
        State.COMMITTEE,
        State.CUSTOMER,
        State.APPROVED,
        State.REJECTED,
        State.WITHDRAWN,
    ),
    State.COMMITTEE: (State.CUSTOMER, State.APPROVED, State.REJECTED, State.WITHDRAWN),
    State.CUSTOMER: (State.APPROVED, State.REJECTED, State.WITHDRAWN),
    State.APPROVED: (State.TESTED, State.RELEASED, State.WITHDRAWN),
    State.TESTED: (State.APPROVED, State.RELEASE_APPROVED, State.WITHDRAWN),
    State.RELEASE_APPROVED: (State.TESTED, State.APPROVED, State.RELEASED, State.WITHDRAWN),
    State.RELEASED: (State.REVIEWED,),
    State.REVIEWED: (State.ARCHIVED,),
    State.REJECTED: (State.DRAFT,),
    State.WITHDRAWN: (State.DRAFT,),
    State.ARCHIVED: (),
}
"""Where a change may go from each state."""


class Template(models.Model):
    """A standard change: what is done, authorised once for all times that it is done so.

    Without a ``customer`` it is one of all.
    """

    customer = models.ForeignKey("parties.Organisation", models.PROTECT, related_name="+", null=True)
    title = models.CharField(_("title"), max_length=200)
    means = models.TextField(_("how it is done"))
    continuity = models.TextField(_("what is done if it fails"))
    authorised_by = models.ForeignKey("access.Person", models.PROTECT, related_name="+")
    authorised_at = models.DateTimeField()
    ended_at = models.DateTimeField(null=True)

    class Meta:
        ordering = ("title", "id")

    def __str__(self) -> str:
        return self.title


class Change(models.Model):
    """A request for change, and what became of it.

    ``customer`` is the house itself for what is changed inside. ``contract`` is the agreement whose evidence it is.
    ``round`` counts how often it was requested: a committee votes anew each time.
    """

    customer = models.ForeignKey("parties.Organisation", models.PROTECT, related_name="+")
    contract = models.ForeignKey("contracts.Contract", models.PROTECT, related_name="+", null=True)
    template = models.ForeignKey(Template, models.PROTECT, related_name="+", null=True)
    problem = models.ForeignKey("changes.Problem", models.PROTECT, related_name="changes", null=True)
    release = models.ForeignKey("changes.Release", models.PROTECT, related_name="changes", null=True)
    kind = models.CharField(_("kind"), max_length=9, choices=Kind)
    origin = models.CharField(_("asked for by"), max_length=8, choices=Origin)
    service = models.CharField(_("service"), max_length=100, blank=True)
    technology = models.CharField(_("technology"), max_length=100, blank=True)
    title = models.CharField(_("what it is about"), max_length=200)

    need = models.TextField(_("problem or need"), blank=True)
    desired = models.TextField(_("desired result"), blank=True)
    affected = models.TextField(_("who is affected"), blank=True)
    means = models.TextField(_("how it is done"), blank=True)
    deadline = models.DateField(_("proposed deadline"), null=True)
    continuity = models.TextField(_("what is done if it fails"), blank=True)
    cost = models.BigIntegerField(_("cost"), null=True)
    currency = models.CharField(max_length=3, blank=True)
    budget = models.CharField(_("budget approved and signed off by"), max_length=200, blank=True)
    priority = models.CharField(_("priority"), max_length=6, choices=Level, default=Level.MEDIUM)
    impact = models.CharField(_("impact"), max_length=6, choices=Level, default=Level.LOW)

    components = models.TextField(_("components"), blank=True)
    vulnerability = models.TextField(_("vulnerability addressed"), blank=True)
    package = models.TextField(_("size and files"), blank=True)
    urgency = models.CharField(_("urgency"), max_length=6, choices=Level, blank=True)
    proposed_at = models.DateTimeField(_("proposed time"), null=True)
    testing = models.TextField(_("testing done"), blank=True)

    state = models.CharField(_("state"), max_length=16, choices=State, default=State.DRAFT)
    originator = models.ForeignKey("access.Person", models.PROTECT, related_name="+")
    manager = models.ForeignKey("access.Person", models.PROTECT, related_name="+", null=True)
    starts_at = models.DateTimeField(null=True)
    ends_at = models.DateTimeField(null=True)
    round = models.PositiveSmallIntegerField(default=0)
    quorum = models.PositiveSmallIntegerField(null=True)
    steps_written = models.PositiveIntegerField(default=0)
    written_at = models.DateTimeField()
    requested_at = models.DateTimeField(null=True)
    authorised_at = models.DateTimeField(null=True)
    released_at = models.DateTimeField(null=True)

    class Meta:
        ordering = ("-id",)
        constraints = (
            models.CheckConstraint(
                condition=Q(starts_at=None, ends_at=None) | Q(ends_at__gt=F("starts_at")),
                name="a_change_ends_after_it_starts",
            ),
            models.CheckConstraint(
                condition=Q(cost=None) | Q(cost__gte=0) & ~Q(currency=""), name="the_cost_of_a_change_has_a_currency"
            ),
            models.CheckConstraint(condition=~Q(impact="medium"), name="the_impact_of_a_change_is_low_or_high"),
            models.CheckConstraint(
                condition=~Q(state__in=["RELEASED", "REVIEWED", "ARCHIVED"]) | Q(released_at__isnull=False),
                name="a_released_change_says_since_when",
            ),
        )
        indexes = (
            models.Index(fields=["customer", "-id"], name="changes_of_a_customer"),
            models.Index(fields=["state", "-id"], name="changes_by_state"),
            models.Index(fields=["customer", "starts_at"], name="changes_by_their_time"),
            GinIndex(SearchVector("title", "need", "means", config="simple"), name="words_of_changes"),
            GinIndex(fields=["title"], opclasses=["gin_trgm_ops"], name="titles_of_changes"),
        )
        triggers = (
            pgtrigger.FSM(
                name="changes_go_their_way",
                field="state",
                transitions=[(str(before), str(after)) for before, found in MOVES.items() for after in found],
            ),
            pgtrigger.Protect(name="keep_changes", operation=pgtrigger.Delete),
        )

    def __str__(self) -> str:
        return f"RFC {self.pk} {self.title}"

    @property
    def name(self) -> str:
        """What evidence calls it."""
        return f"{SOURCE}-{self.pk}"

    @property
    def is_open(self) -> bool:
        """Whether somebody still has to do something for it."""
        return self.state not in (State.REJECTED, State.WITHDRAWN, State.REVIEWED, State.ARCHIVED)


class Step(models.Model):
    """That a change went on; with a ``word`` it is evidence that it entered it at an instant."""

    change = models.ForeignKey(Change, models.PROTECT, related_name="steps")
    number = models.PositiveIntegerField()
    word = models.CharField(max_length=60, blank=True)
    state = models.CharField(max_length=16, choices=State)
    priority = models.CharField(max_length=6)
    why = models.TextField(blank=True)
    person = models.ForeignKey("access.Person", models.PROTECT, related_name="+", null=True)
    who = models.CharField(max_length=200)
    at = models.DateTimeField()
    written_at = models.DateTimeField()

    class Meta:
        ordering = ("change", "number")
        constraints = (models.UniqueConstraint(fields=["change", "number"], name="steps_of_a_change_are_numbered"),)
        triggers = (pgtrigger.Protect(name="keep_steps_of_changes", operation=pgtrigger.Update | pgtrigger.Delete),)


class Unsent(models.Model):
    """A step that is not in the vault of its contract yet."""

    step = models.OneToOneField(Step, models.PROTECT, related_name="+", primary_key=True)
    contract = models.ForeignKey("contracts.Contract", models.PROTECT, related_name="+")


class Member(models.Model):
    """Somebody who votes on a change in one of its rounds, and why they were asked."""

    change = models.ForeignKey(Change, models.PROTECT, related_name="members")
    round = models.PositiveSmallIntegerField()
    person = models.ForeignKey("access.Person", models.PROTECT, related_name="+")
    expertise = models.CharField(max_length=200, blank=True)
    called_at = models.DateTimeField()

    class Meta:
        ordering = ("id",)
        constraints = (
            models.UniqueConstraint(fields=["change", "round", "person"], name="a_member_sits_in_a_committee_once"),
        )
        triggers = (pgtrigger.Protect(name="keep_members", operation=pgtrigger.Update | pgtrigger.Delete),)


class Vote(models.Model):
    """What a member of the committee said; it stays."""

    member = models.OneToOneField(Member, models.PROTECT, related_name="vote")
    approves = models.BooleanField()
    why = models.TextField(blank=True)
    at = models.DateTimeField()

    class Meta:
        ordering = ("id",)
        triggers = (pgtrigger.Protect(name="keep_votes", operation=pgtrigger.Update | pgtrigger.Delete),)


class Trial(models.Model):
    """That somebody tried a change: what, where, and with which result.

    ``differences`` are those between the place of the test and where it will run.
    """

    change = models.ForeignKey(Change, models.PROTECT, related_name="trials")
    tester = models.CharField(_("tested by"), max_length=200)
    what = models.TextField(_("what was tested"))
    passed = models.BooleanField(_("it passed"))
    environment = models.TextField(_("where it was tested"))
    differences = models.TextField(_("how that differs from production"))
    by = models.CharField(max_length=200)
    at = models.DateTimeField()

    class Meta:
        ordering = ("id",)
        triggers = (pgtrigger.Protect(name="keep_trials", operation=pgtrigger.Update | pgtrigger.Delete),)


class Review(models.Model):
    """How a change went, said after its release."""

    class Result(models.TextChoices):
        SUCCESSFUL = "SUCCESSFUL", _("successful")
        WITH_TROUBLE = "WITH_TROUBLE", _("successful, with trouble")
        BACKED_OUT = "BACKED_OUT", _("backed out")
        FAILED = "FAILED", _("failed")

    change = models.OneToOneField(Change, models.PROTECT, related_name="review")
    result = models.CharField(_("result"), max_length=12, choices=Result)
    text = models.TextField(_("what was learnt"))
    person = models.ForeignKey("access.Person", models.PROTECT, related_name="+")
    at = models.DateTimeField()

    class Meta:
        triggers = (pgtrigger.Protect(name="keep_reviews", operation=pgtrigger.Update | pgtrigger.Delete),)


class Link(models.Model):
    """That a change and a case belong together: it was asked for because of the case, or caused it."""

    class Kind(models.TextChoices):
        BECAUSE = "BECAUSE", _("was asked for because of")
        CAUSED = "CAUSED", _("caused")

    change = models.ForeignKey(Change, models.PROTECT, related_name="links")
    case = models.ForeignKey("service_desk.Case", models.PROTECT, related_name="+")
    kind = models.CharField(max_length=7, choices=Kind)
    by = models.CharField(max_length=200)
    at = models.DateTimeField()

    class Meta:
        ordering = ("id",)
        constraints = (
            models.UniqueConstraint(fields=["change", "case", "kind"], name="a_change_and_a_case_are_linked_once"),
            models.UniqueConstraint(fields=["case"], condition=Q(kind="CAUSED"), name="one_change_caused_a_case"),
        )
        triggers = (pgtrigger.Protect(name="keep_links", operation=pgtrigger.Update | pgtrigger.Delete),)
