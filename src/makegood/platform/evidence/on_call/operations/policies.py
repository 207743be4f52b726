"""Keeping policies: whom a page reaches, in which order."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Final

from django.utils.translation import gettext as _

from makegood.platform.evidence.on_call.models import ChannelKind, Policy, Rota, Step, Whom
from makegood.platform.evidence.on_call.operations.refusals import UnableToPlan, named, on_the_team, refuse_others
from makegood.platform.tenancy.access.models import Person
from makegood.platform.tenancy.parties.models import ContactRole, Organisation
from makegood.platform.tenancy.trail.operations import operation, record
from makegood.platform.tenancy.viewer import Viewer

MOST_STEPS: Final = 20
MOST_ROUNDS: Final = 10
MOST_MINUTES: Final = 24 * 60


@dataclass(frozen=True, slots=True)
class StepAsked:
    """A step as somebody asks for it: after so many minutes whom, and by which channels, all of them if none."""

    after: int
    rota: Rota | None = None
    person: Person | None = None
    contact: str = ""
    skill: str = ""
    channels: tuple[str, ...] = ()

    @property
    def whom(self) -> Whom:
        """What it reaches.

        :raises UnableToPlan: unless it is exactly one
        """
        said = {Whom.ROTA: self.rota, Whom.PERSON: self.person, Whom.CONTACT: self.contact, Whom.SKILL: self.skill}
        found = [whom for whom, value in said.items() if value]
        if len(found) != 1:
            raise UnableToPlan(_("A step reaches a rota, a person, a contact or a skill: choose one."))
        return found[0]


@operation("keep paging policy", about="organisation")
def keep_policy(
    *,
    organisation: Organisation,
    name: str,
    steps: Sequence[StepAsked],
    rounds: int,
    round_minutes: int,
    by: Viewer,
    now: datetime,
    resolve_minutes: int | None = None,
    policy: Policy | None = None,
) -> Policy:
    """Make a policy, or change one; pages that are open go on by the steps that they began with.

    :raises UnableToPlan: if ``by`` may not, or a step or a number cannot be one
    """
    refuse_others(by)
    _refuse_nonsense(steps, rounds, round_minutes, resolve_minutes)
    kept = Policy(organisation=organisation, created_at=now) if policy is None else _going(policy)
    kept.name, kept.rounds, kept.round_minutes, kept.resolve_minutes = (
        named(name, 100),
        rounds,
        round_minutes,
        resolve_minutes,
    )
    same = Policy.objects.filter(organisation=kept.organisation, name=kept.name, ended_at=None).exclude(pk=kept.pk)
    if same.exists():
        raise UnableToPlan(_("There is a policy of this name already."))
    kept.save()
    kept.steps.all().delete()
    Step.objects.bulk_create(_step(each, kept) for each in steps)
    record(by=by, did="keep paging policy", about=kept.name, now=now, organisation=kept.organisation_id, number=kept.pk)
    return kept


@operation("end paging policy", about="policy")
def end_policy(*, policy: Policy, by: Viewer, now: datetime) -> Policy:
    """Let nobody be paged by a policy any more; what is open goes on."""
    refuse_others(by)
    held = _going(policy)
    held.ended_at = now
    held.save(update_fields=["ended_at"])
    record(by=by, did="end paging policy", about=held.name, now=now, organisation=held.organisation_id, number=held.pk)
    return held


def _going(policy: Policy) -> Policy:
    held = Policy.objects.select_for_update(of=("self",)).select_related("organisation").get(pk=policy.pk)
    if held.ended_at is not None:
        raise UnableToPlan(_("This policy has ended."))
    return held


def _refuse_nonsense(steps: Sequence[StepAsked], rounds: int, round_minutes: int, resolve_minutes: int | None) -> None:
    if not steps or len(steps) > MOST_STEPS:
        raise UnableToPlan(_("A policy has between 1 and %d steps.") % MOST_STEPS)
    after = [each.after for each in steps]
    if after[0] != 0 or after != sorted(after):
        raise UnableToPlan(_("The first step comes at once, after 0 minutes, and each later one not before it."))
    if not 1 <= rounds <= MOST_ROUNDS:
        raise UnableToPlan(_("The steps are gone through between 1 and %d times.") % MOST_ROUNDS)
    if not after[-1] < round_minutes <= MOST_MINUTES:
        raise UnableToPlan(_("A round is longer than its last step is late, and lasts a day at most."))
    if resolve_minutes is not None and not 1 <= resolve_minutes <= 7 * MOST_MINUTES:
        raise UnableToPlan(_("What is acknowledged goes on after a minute at the earliest, and a week at the latest."))


def _step(asked: StepAsked, policy: Policy) -> Step:
    whom = asked.whom
    if asked.contact and asked.contact not in ContactRole.values:
        raise UnableToPlan(_("There is no such role of a contact."))
    if any(each not in ChannelKind.values or each == ChannelKind.PHONE for each in asked.channels):
        raise UnableToPlan(_("Nobody can be paged by this channel."))
    if asked.person is not None:
        on_the_team([asked.person], policy.organisation)
    if asked.rota is not None and asked.rota.ended_at is not None:
        raise UnableToPlan(_("This rota has ended."))
    return Step(
        policy=policy,
        after=asked.after,
        whom=whom,
        rota=asked.rota,
        person=asked.person,
        contact=asked.contact,
        skill=named(asked.skill, 100) if asked.skill else "",
        channels=list(dict.fromkeys(asked.channels)),
    )
