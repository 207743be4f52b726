"""Asking those who had a case, once, how the work on it was; what they answer is evidence."""

from __future__ import annotations

from datetime import datetime
from typing import Final

from django.db import transaction
from django.utils.translation import gettext as _

from makegood.engine.evidence.records import Statement
from makegood.engine.vocabulary.ratio import Ratio
from makegood.platform.agreement.contracts.models import Contract
from makegood.platform.evidence.intake.operations import keep_records
from makegood.platform.evidence.service_desk.events import OPINIONS_GIVEN
from makegood.platform.evidence.service_desk.models import SOURCE, Case, Opinion
from makegood.platform.evidence.service_desk.operations.sides import (
    UnableToServe,
    asking_for,
    not_yours,
    said,
    told,
)
from makegood.platform.evidence.service_desk.operations.writing_to import write_to_customer
from makegood.platform.jobs import enqueue
from makegood.platform.tenancy.trail.operations import operation
from makegood.platform.tenancy.viewer import Viewer

SURVEY: Final = "satisfaction"
"""What evidence calls the survey after a case, as in ``{kind: score, of: satisfaction}``."""
_AT_ONCE: Final = 5_000


def ask_opinion(case: Case, *, now: datetime) -> None:
    """Ask whoever reported a case that is closed how the work on it was, unless they were asked or do not sign in."""
    person = case.requester
    if person is None or not person.is_active or not case.provider.is_house or case.customer.is_house:
        return
    _asked, new = Opinion.objects.get_or_create(case=case, defaults={"asked_at": now})
    if new:
        write_to_customer("case_opinion_asked", [person], case, now=now)


@operation("give opinion", about="case")
def give_opinion(*, case: Case, score: int, words: str, may_quote: bool, by: Viewer, now: datetime) -> Opinion:
    """Say how the work on a case was, from 1 to 5, and in words; they are quoted only if that is allowed.

    :raises UnableToServe: if it was not them who reported it, they were not asked, or they answered already
    """
    mine = asking_for(case, by)
    if mine.requester_id is None or mine.requester_id != by.author:
        raise not_yours(mine)
    asked = Opinion.objects.select_for_update().filter(case=mine).first()
    if asked is None or asked.answered_at is not None:
        raise UnableToServe(_("You are not asked about this case, or answered already."))
    if score not in range(1, 6):
        raise UnableToServe(_("Give one to five points."))
    asked.score, asked.words, asked.may_quote = score, said(words), may_quote
    asked.person_id, asked.answered_at = by.author, now
    asked.save()
    if mine.contract_id is not None:
        enqueue(OPINIONS_GIVEN, once=f"{OPINIONS_GIVEN}: {mine.contract_id}", contract=mine.contract_id)
    told("give opinion", mine, by, now, score=score)
    return asked


def send_opinions(*, contract: Contract, now: datetime) -> int:
    """Put the opinions on cases of a contract into its vault that are not there yet; return how many."""
    sent = 0
    while found := _send_some(contract, now):
        sent += found
    return sent


@transaction.atomic
def _send_some(contract: Contract, now: datetime) -> int:
    waiting = Opinion.objects.select_for_update(of=("self",), skip_locked=True)
    given = waiting.filter(case__contract=contract, score__isnull=False, sent=False)
    found = list(given.select_related("case").order_by("pk")[:_AT_ONCE])
    if not found:
        return 0
    keep_records(
        contract=contract,
        records=[statement_of(each) for each in found],
        key=f"desk-opinions-{found[0].pk}-{found[-1].pk}-{len(found)}",
        name=SURVEY,
        who=SOURCE,
        now=now,
    )
    Opinion.objects.filter(pk__in=[each.pk for each in found]).update(sent=True)
    return len(found)


def statement_of(opinion: Opinion) -> Statement:
    """Return an opinion as evidence: the points, and nothing of what was said or by whom."""
    at = opinion.answered_at or opinion.asked_at
    case = opinion.case
    return Statement(
        source=SOURCE,
        source_id=f"{case.pk}-{SURVEY}",
        observed_at=at,
        subject=case.service or SURVEY,
        of=SURVEY,
        value=Ratio(opinion.score or 1),
        unit="points",
        at=at,
        by=case.name,
    )
