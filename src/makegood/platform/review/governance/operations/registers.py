"""Stages of the engagement, baselines, and the registers of insurances, accesses and assurances."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Mapping, Sequence
from datetime import date, datetime
from typing import Any

from django.utils.translation import gettext as _

from makegood.platform.agreement.contracts.models import Contract
from makegood.platform.review.governance.models import Assurance, Baseline, Grant, Policy, Stage
from makegood.platform.review.governance.operations.sides import UnableToGovern, agreement_of, person_of, side_of
from makegood.platform.review.governance.queries import insurable, today_of
from makegood.platform.tenancy.parties.models import Organisation
from makegood.platform.tenancy.trail.operations import operation, record
from makegood.platform.tenancy.viewer import Role, Site, Viewer

KEEPERS = (Role.OWNER, Role.SERVICE_MANAGER)
STAGES = 4
LONGEST = 200
MOST = 10**15


@operation("set stage", about="contract")
def set_stage(
    *,
    contract: Contract,
    number: int,
    name: str,
    began_on: date | None,
    ended_on: date | None,
    by: Viewer,
    now: datetime,
) -> Stage:
    """Name a stage of the engagement, and say when it began and ended."""
    _refuse_others(contract, by)
    if not 1 <= number <= STAGES:
        raise UnableToGovern(_("An engagement has four stages."))
    if not 0 < len(name.strip()) <= LONGEST // 2:
        raise UnableToGovern(_("Give the stage a short name."))
    if ended_on is not None and (began_on is None or ended_on < began_on):
        raise UnableToGovern(_("A stage ends after it began."))
    said = {"name": name.strip(), "began_on": began_on, "ended_on": ended_on}
    made, _new = Stage.objects.update_or_create(contract=contract, number=number, defaults=said)
    _told("set stage", contract, by, now, stage=number, name=made.name)
    return made


@operation("take baseline", about="contract")
def take_baseline(
    *,
    contract: Contract,
    domain: str,
    answers: Mapping[str, str],
    outcomes: Sequence[str],
    by: Viewer,
    now: datetime,
) -> Baseline:
    """Keep what an assessment found, as it is now, for the outcomes that refer to it."""
    _refuse_others(contract, by)
    if domain not in Baseline.Domain.values:
        raise UnableToGovern(_("Say what was assessed."))
    found = {name: text.strip() for name, text in answers.items() if text.strip()}
    if not found:
        raise UnableToGovern(_("Answer at least one question."))
    unknown = set(outcomes) - set(agreement_of(contract).outcomes) if outcomes else set()
    if unknown:
        raise UnableToGovern(_("This agreement has no outcome %s.") % min(unknown))
    Contract.objects.select_for_update().get(pk=contract.pk)  # two at once would have the same number
    last = Baseline.objects.filter(contract=contract, domain=domain).order_by("-number").first()
    form = {"domain": domain, "answers": found, "outcomes": sorted(outcomes), "taken_at": now.isoformat()}
    made = Baseline.objects.create(
        contract=contract,
        domain=domain,
        number=last.number + 1 if last is not None else 1,
        answers=found,
        outcomes=sorted(outcomes),
        sha256=hashlib.sha256(json.dumps(form, sort_keys=True).encode()).hexdigest(),
        taken_by_id=person_of(by),
        taken_at=now,
    )
    _told("take baseline", contract, by, now, domain=domain, number=made.number)
    return made


@operation("grant access", about="contract")
def grant_access(*, contract: Contract, who: str, what: str, way: str, until: date, by: Viewer, now: datetime) -> Grant:
    """Write down who may reach what of the customer, in which way and until when."""
    _refuse_others(contract, by)
    if not who.strip() or not what.strip():
        raise UnableToGovern(_("Say who may reach what."))
    if max(map(len, (who, what, way))) > LONGEST:
        raise UnableToGovern(_("Use 200 characters at most."))
    if until < today_of(contract=contract, now=now):
        raise UnableToGovern(_("An access ends today or later."))
    made = Grant.objects.create(
        contract=contract, who=who.strip(), what=what.strip(), way=way.strip(), until=until, granted_at=now
    )
    _told("grant access", contract, by, now, who=made.who, what=made.what)
    return made


@operation("end access", about="grant")
def end_grant(*, grant: Grant, by: Viewer, now: datetime) -> Grant:
    """Say that an access has ended."""
    _refuse_others(grant.contract, by)
    held = Grant.objects.select_for_update(of=("self",)).select_related("contract").get(pk=grant.pk)
    if held.ended_at is not None:
        raise UnableToGovern(_("This access has ended before."))
    held.ended_at = now
    held.save(update_fields=["ended_at"])
    _told("end access", held.contract, by, now, who=held.who, what=held.what)
    return held


@operation("keep policy", about="organisation")
def keep_policy(
    *,
    organisation: Organisation,
    title: str,
    insurer: str,
    amount: int,
    currency: str,
    until: date,
    by: Viewer,
    now: datetime,
) -> Policy:
    """Write down an insurance of the house or of an affiliate: the sum in minor units, and its last day."""
    _refuse_all_but_keepers(by)
    if organisation not in insurable(viewer=by):
        raise UnableToGovern(_("Insurances of the provider and of its affiliates are written down here."))
    if not title.strip() or max(len(title), len(insurer)) > LONGEST:
        raise UnableToGovern(_("Name the insurance in 200 characters at most."))
    if not 0 < amount <= MOST:
        raise UnableToGovern(_("Say which sum is insured."))
    made = Policy.objects.create(
        organisation=organisation,
        title=title.strip(),
        insurer=insurer.strip(),
        amount=amount,
        currency=currency,
        until=until,
        kept_at=now,
    )
    record(by=by, did="keep policy", about=made.title, now=now, organisation=organisation.pk, until=until.isoformat())
    return made


@operation("end policy", about="policy")
def end_policy(*, policy: Policy, by: Viewer, now: datetime) -> Policy:
    """Say that an insurance no longer counts, as when another took its place."""
    _refuse_all_but_keepers(by)
    held = Policy.objects.select_for_update().get(pk=policy.pk)
    if held.ended_at is not None:
        raise UnableToGovern(_("This insurance has ended before."))
    held.ended_at = now
    held.save(update_fields=["ended_at"])
    record(by=by, did="end policy", about=held.title, now=now, organisation=held.organisation_id)
    return held


@operation("show assurance", about="title")
def show_assurance(
    *, kind: str, title: str, words: str, day: date, until: date | None, by: Viewer, now: datetime
) -> Assurance:
    """Show all customers a certification, a control, a test or an incident."""
    _refuse_all_but_keepers(by)
    if kind not in Assurance.Kind.values:
        raise UnableToGovern(_("Say what it is: a certification, a control, a test or an incident."))
    if not 0 < len(title.strip()) <= LONGEST:
        raise UnableToGovern(_("Name it in 200 characters at most."))
    if until is not None and until < day:
        raise UnableToGovern(_("It ends after it began."))
    made = Assurance.objects.create(
        kind=kind, title=title.strip(), words=words.strip(), day=day, until=until, kept_at=now
    )
    record(by=by, did="show assurance", about=made.title, now=now, organisation=by.house, kind=kind)
    return made


@operation("end assurance", about="assurance")
def end_assurance(*, assurance: Assurance, by: Viewer, now: datetime) -> Assurance:
    """Take something off the trust page."""
    _refuse_all_but_keepers(by)
    held = Assurance.objects.select_for_update().get(pk=assurance.pk)
    if held.ended_at is not None:
        raise UnableToGovern(_("This was taken off the page before."))
    held.ended_at = now
    held.save(update_fields=["ended_at"])
    record(by=by, did="end assurance", about=held.title, now=now, organisation=by.house)
    return held


def _refuse_others(contract: Contract, by: Viewer) -> None:
    """Refuse all but those who keep what is written down for an agreement: the provider's own."""
    side_of(contract, by, *KEEPERS)
    if by.site is not Site.CONSOLE:
        raise UnableToGovern(_("Owners and service managers of the provider keep this."))


def _refuse_all_but_keepers(by: Viewer) -> None:
    if by.site is not Site.CONSOLE or by.limited is not None or by.author is None or not by.has(*KEEPERS):
        raise UnableToGovern(_("Owners and service managers of the provider keep this."))


def _told(did: str, contract: Contract, by: Viewer, now: datetime, **details: Any) -> None:
    record(by=by, did=did, about=str(contract), now=now, organisation=contract.customer_id, **details)
