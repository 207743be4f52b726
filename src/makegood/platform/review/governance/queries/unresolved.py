"""What stays unresolved: how old it is, how far it has escalated, and who decides about it now."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, datetime

from django.db.models import QuerySet
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from makegood.engine.agreement.governance import Governance
from makegood.engine.agreement.schedule import after, instant_of
from makegood.engine.agreement.terms import Agreement
from makegood.engine.agreement.versions import newest
from makegood.engine.vocabulary.times import zone
from makegood.platform.agreement.contracts.models import Contract
from makegood.platform.agreement.contracts.queries import NotInForce, contracts, terms_of
from makegood.platform.evidence.intake.queries import disputes
from makegood.platform.judging.verdicts.models import Verdict
from makegood.platform.judging.verdicts.queries import latest_verdicts
from makegood.platform.review.governance.models import Decision, ScopeChange
from makegood.platform.review.governance.queries.duties import duties
from makegood.platform.review.governance.queries.meetings import actions
from makegood.platform.tenancy.viewer import Viewer

_TWICE = 2


@dataclass(frozen=True, slots=True)
class Unresolved:
    """Something that waits: since when, at which step of escalation it is, and who decides from that step on."""

    topic: str
    text: str
    since: date
    days: int
    level: int
    to: str


def unresolved(*, viewer: Viewer, contract: Contract, now: datetime) -> list[Unresolved]:
    """Return what stays unresolved around an agreement, what has escalated most and longest first."""
    if not contracts(viewer=viewer).filter(pk=contract.pk).exists():
        return []
    try:
        terms = newest(terms_of(contract=contract)[1])
    except NotInForce:
        return []
    waiting = (
        *_missed_in_a_row(viewer, contract, now),
        *_duties(viewer, contract, terms, now),
        *_actions(viewer, contract, terms, now),
        *_proposals(viewer, contract),
    )
    found = [_aged(topic, text, since, terms, now) for topic, text, since in waiting]
    return sorted(found, key=lambda each: (-each.level, each.since, each.text))


def scope_changes(*, viewer: Viewer, contract: Contract) -> QuerySet[ScopeChange]:
    """Return the scope changes of an agreement, the latest first."""
    found = ScopeChange.objects.filter(contract__in=contracts(viewer=viewer).filter(pk=contract.pk))
    return found.select_related("contract", "proposed_by", "proposed_for", "decided_by", "version")


Waiting = Iterator[tuple[str, str, datetime]]


def _aged(topic: str, text: str, since: datetime, terms: Agreement, now: datetime) -> Unresolved:
    passed = [step for step in (terms.governance or Governance()).steps if after(terms, since, step.after) <= now]
    first, today = (each.astimezone(zone(terms.term.timezone)).date() for each in (since, now))
    return Unresolved(topic, text, first, max((today - first).days, 0), len(passed), passed[-1].to if passed else "")


def _missed_in_a_row(viewer: Viewer, contract: Contract, now: datetime) -> Waiting:
    """Yield the outcomes that were missed in the last two periods that are over, or in more."""
    judged: dict[str, list[Verdict]] = defaultdict(list)
    for each in latest_verdicts(viewer=viewer, contract=contract):
        if each.period.ends_at is not None and each.period.ends_at <= now:
            judged[each.outcome].append(each)
    for outcome, found in judged.items():
        row: list[Verdict] = []
        for each in reversed(found):
            if each.ruling != Verdict.Ruling.MISSED:
                break
            row.append(each)
        if len(row) >= _TWICE and row[-1].period.ends_at is not None:
            text = ngettext(
                "%(outcome)s, in %(number)s period in a row",
                "%(outcome)s, in %(number)s periods in a row",
                len(row),
            )
            yield _("Missed again"), text % {"outcome": outcome, "number": len(row)}, row[-1].period.ends_at


def _duties(viewer: Viewer, contract: Contract, terms: Agreement, now: datetime) -> Waiting:
    for each in duties(viewer=viewer, contract=contract, now=now):
        if each.is_unmet and each.mark is not None:
            yield _("Duty not met"), each.duty.text, instant_of(terms, each.mark.since)
        elif each.overdue and each.duty.due is not None:
            yield _("Duty without a word"), each.duty.text, instant_of(terms, each.duty.due)


def _actions(viewer: Viewer, contract: Contract, terms: Agreement, now: datetime) -> Waiting:
    for each in actions(viewer=viewer, contract=contract).filter(done_at=None):
        due = instant_of(terms, each.due_date)
        if due <= now:
            yield _("Action overdue"), f"{each.text} ({each.owner})", due


def _proposals(viewer: Viewer, contract: Contract) -> Waiting:
    for dispute in disputes(viewer=viewer, contract=contract).filter(state="OPEN"):
        yield _("Open dispute"), f"{dispute.outcome}, {dispute.period}", dispute.raised_at
    for change in scope_changes(viewer=viewer, contract=contract).filter(state=Decision.PROPOSED):
        yield _("Scope change to decide"), change.text, change.proposed_at
