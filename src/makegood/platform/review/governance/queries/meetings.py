"""Meetings by the terms and those that were called, their agenda, and what was agreed at them."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator, Sequence
from dataclasses import asdict, dataclass
from datetime import date, datetime, timedelta

from django.db.models import F, QuerySet
from django.utils.translation import gettext as _

from makegood.engine.agreement.governance import MeetingKind, MeetingTerm
from makegood.engine.agreement.meetings import meeting_days
from makegood.engine.agreement.terms import Agreement
from makegood.engine.agreement.versions import newest
from makegood.engine.vocabulary.times import zone
from makegood.platform.agreement.contracts.models import Contract
from makegood.platform.agreement.contracts.queries import NotInForce, contracts, terms_of
from makegood.platform.evidence.intake.queries import disputes, exclusions
from makegood.platform.judging.verdicts.models import Verdict
from makegood.platform.judging.verdicts.queries import latest_verdicts
from makegood.platform.money.settlement.queries import corrective_actions
from makegood.platform.review.governance.models import Action, Impact, Meeting, ScopeChange
from makegood.platform.review.governance.queries.attention import quiet_outcomes
from makegood.platform.review.governance.queries.duties import duties
from makegood.platform.tenancy.viewer import Viewer

ENOUGH_PERIODS = 6
"""A promise that was kept in so many periods, and that nobody spoke of, may not be worth measuring."""


@dataclass(frozen=True, slots=True)
class Item:
    """A point of an agenda."""

    topic: str
    text: str

    def plain(self) -> dict[str, str]:
        """Return it as it is kept."""
        return asdict(self)


def meetings(*, viewer: Viewer, contract: Contract) -> list[Meeting]:
    """Return the meetings of an agreement in the order of their days: those of its rhythm, and those called besides.

    One of the rhythm that has neither been moved nor held has no row yet.
    """
    if not contracts(viewer=viewer).filter(pk=contract.pk).exists():
        return []
    kept = Meeting.objects.filter(contract=contract).select_related("contract")
    found = {each.key: each for each in kept.prefetch_related("minutes", "actions")}
    for each in _due(contract):
        found.setdefault(each.key, each)
    return sorted(found.values(), key=lambda each: (each.day, each.kind))


def meeting(*, viewer: Viewer, contract: Contract, key: str) -> Meeting | None:
    """Return a meeting by what addresses call it, if it exists for a viewer."""
    return next((each for each in meetings(viewer=viewer, contract=contract) if each.key == key), None)


def actions(*, viewer: Viewer, contract: Contract | None = None) -> QuerySet[Action]:
    """Return what was agreed to be done for one agreement or for all, open ones first."""
    seen = contracts(viewer=viewer)
    found = Action.objects.filter(contract__in=seen if contract is None else seen.filter(pk=contract.pk))
    found = found.select_related("contract", "side", "meeting")
    return found.order_by(F("done_at").desc(nulls_first=True), "due_date", "id")


def term_of(*, contract: Contract, kind: str) -> MeetingTerm | None:
    """Return what the terms say of a kind of meeting, if anything."""
    terms = _terms(contract)
    governance = terms.governance if terms is not None else None
    return governance.meetings.get(MeetingKind[kind]) if governance is not None else None


def agenda(*, viewer: Viewer, meeting: Meeting, now: datetime, recommended: Sequence[str] = ()) -> list[Item]:
    """Return what is to be spoken of at a meeting, from what happened in the stretch that it looks back on.

    ``recommended`` are the recommendations that wait for a decision.
    """
    contract = meeting.contract
    terms = _terms(contract)
    if terms is None:
        return []
    found = [
        *_missed(viewer, contract, meeting, terms),
        *_open(viewer, contract, meeting, now),
        *(Item(_("Recommendation to decide"), each) for each in recommended),
    ]
    if meeting.kind != Meeting.Kind.REVIEW:
        found += [
            Item(_("Is it still worth measuring?"), _("%s was kept in every period, and nobody spoke of it.") % each)
            for each in never_missed(viewer=viewer, contract=contract)
        ]
        found += [
            Item(_("Is it still worth measuring?"), _("Nobody of the customer opened %s in a year.") % each.outcome)
            for each in quiet_outcomes(viewer=viewer, contract=contract, now=now)
            if not each.opened
        ]
    if meeting.kind == Meeting.Kind.PLANNING:
        found += _planning(terms, meeting)
    term = term_of(contract=contract, kind=meeting.kind)
    return [*found, *(Item(_("As agreed"), each) for each in (term.agenda if term is not None else ()))]


def never_missed(*, viewer: Viewer, contract: Contract) -> list[str]:
    """Return the outcomes that were met in many periods and never spoken of: no dispute, no action, no impact."""
    rulings: dict[str, list[str]] = defaultdict(list)
    for each in latest_verdicts(viewer=viewer, contract=contract):
        rulings[each.outcome].append(each.ruling)
    spoken = {
        *disputes(viewer=viewer, contract=contract).values_list("outcome", flat=True),
        *corrective_actions(viewer=viewer, contract=contract).values_list("outcome", flat=True),
        *Impact.objects.filter(period__contract=contract).values_list("outcome", flat=True),
    }
    return [
        outcome
        for outcome, found in rulings.items()
        if len(found) >= ENOUGH_PERIODS and set(found) == {"MET"} and outcome not in spoken
    ]


def _due(contract: Contract) -> Iterator[Meeting]:
    terms = _terms(contract)
    for each in meeting_days(terms) if terms is not None else ():
        yield Meeting(
            contract=contract,
            kind=each.kind.name,
            due_date=each.day,
            day=each.day,
            first_day=each.first_day,
            last_day=each.last_day,
        )


def _terms(contract: Contract) -> Agreement | None:
    try:
        return newest(terms_of(contract=contract)[1])
    except NotInForce:
        return None


def _missed(viewer: Viewer, contract: Contract, meeting: Meeting, terms: Agreement) -> Iterator[Item]:
    """Yield the outcomes that were missed, or could not be decided, in periods that ended in the stretch."""
    topics = {"MISSED": _("Missed"), "UNDECIDED": _("Undecided")}
    for each in latest_verdicts(viewer=viewer, contract=contract):
        if each.ruling in topics and meeting.first_day <= _last_day(each, terms) <= meeting.last_day:
            text = _("%(outcome)s in %(period)s: %(found)s; agreed was %(target)s.")
            said = {
                "outcome": each.outcome,
                "period": each.period.label,
                "found": each.shown,
                "target": _signed(each.target),
            }
            yield Item(topics[each.ruling], text % said)


def _signed(target: str) -> str:
    return target.replace(">=", "≥").replace("<=", "≤")


def _last_day(verdict: Verdict, terms: Agreement) -> date:
    """Return the last day of the period of a verdict; one without an end is never over."""
    end = verdict.period.ends_at
    return date.max if end is None else (end - timedelta(seconds=1)).astimezone(zone(terms.term.timezone)).date()


def _open(viewer: Viewer, contract: Contract, meeting: Meeting, now: datetime) -> Iterator[Item]:
    """Yield what waits for an answer, whenever it began."""
    for dispute in disputes(viewer=viewer, contract=contract).filter(state="OPEN"):
        yield Item(_("Open dispute"), f"{dispute.outcome}, {dispute.period}: {dispute.reason}")
    for each in exclusions(viewer=viewer, contract=contract):
        waits = each.state == "PROPOSED"
        if waits or meeting.first_day <= each.starts_at.date() <= meeting.last_day:
            topic = _("Exclusion to decide") if waits else _("Exclusion")
            yield Item(topic, f"{each.cause}, {each.starts_at:%Y-%m-%d}: {each.reason} ({each.get_state_display()})")
    for state in duties(viewer=viewer, contract=contract, now=now):
        if state.is_unmet and state.mark is not None:
            yield Item(_("Duty not met"), f"{state.duty.text} {state.mark.note}".strip())
    for change in ScopeChange.objects.filter(contract=contract, state="PROPOSED"):
        yield Item(_("Scope change to decide"), change.text)
    for action in actions(viewer=viewer, contract=contract).filter(done_at=None, agreed_at__date__lt=meeting.day):
        yield Item(_("Action from before"), f"{action.text} ({action.owner}, {action.due_date:%Y-%m-%d})")


def _planning(terms: Agreement, meeting: Meeting) -> Iterator[Item]:
    """Yield what is looked at once a year: the terms themselves, levers and insurances."""
    yield Item(_("Terms"), _("Do the terms still fit? What is changed becomes a new version."))
    for lever in terms.levers.values():
        if lever.on is None or lever.on >= meeting.last_day:
            yield Item(_("May be opened again"), lever.text + (f" ({lever.on})" if lever.on is not None else ""))
    for name, each in terms.insurance.items():
        if each.until is not None:
            yield Item(_("Insurance"), _("%(name)s ends on %(day)s.") % {"name": name, "day": each.until})
