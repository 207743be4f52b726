"""What both sides did around the agreement on the ERP: duties, meetings, what a miss did, and what is written down."""

from __future__ import annotations

from datetime import UTC, date, datetime, time, timedelta
from typing import Final

from makegood.platform.agreement.contracts.models import Contract
from makegood.platform.demo import year
from makegood.platform.demo.people import (
    CUSTOMER,
    ENGINEER,
    HOSTING,
    HOUSE,
    MANAGER,
    OWNER,
    SPONSOR,
    Somebody,
    viewer,
)
from makegood.platform.evidence.intake.operations import make_receiver
from makegood.platform.judging.periods.queries import periods
from makegood.platform.review.governance.models import Action, Assurance, Baseline, Meeting, Standing
from makegood.platform.review.governance.operations import (
    agree_action,
    complete_action,
    confirm_impact,
    decide_change,
    grant_access,
    keep_policy,
    mark_duty,
    propose_change,
    set_stage,
    show_assurance,
    state_impact,
    take_baseline,
    write_minutes,
)
from makegood.platform.review.governance.queries import agenda, meetings
from makegood.platform.tenancy.parties.queries import organisations

_STAGES: Final = (
    ("Assess", date(2012, 12, 3), date(2012, 12, 14)),
    ("Design", date(2012, 12, 10), date(2012, 12, 21)),
    ("Transform", date(2013, 1, 2), date(2013, 1, 31)),
    ("Operate", date(2013, 2, 1), None),
)
_BACKUP: Final = {
    "covered": "The database and both sites. The archive of 2009 is left out.",
    "points": "At most four hours; the last backup was two hours old.",
    "restore": "In November 2012; it took three hours and ten minutes.",
    "places": "In Berlin and in Leipzig. Two administrators can delete copies.",
}


def govern(erp: Contract, now: datetime) -> None:
    """Do around the agreement what people do besides delivering."""
    _said_of_duties(erp)
    _said_of_misses(erp)
    _met(erp)
    _changed(erp, now)
    _written_down_for_the_customer(erp, now)
    _written_down_by_the_house(now)
    make_receiver(
        contract=erp, name="Order monitor", scheme="STANDARD", mapping="", rows="", by=viewer(MANAGER), now=now
    )


def _said_of_duties(erp: Contract) -> None:
    """Say how the duties of the customer stand: one was not met while two urgent tickets were open."""
    began = year.local(1, 8, 9)
    for duty in ("contact", "access"):
        mark_duty(contract=erp, duty=duty, standing=Standing.MET, since=date(2013, 1, 7), by=viewer(MANAGER), now=began)
    mark_duty(
        contract=erp, duty="contact", standing=Standing.UNMET, since=date(2013, 10, 7), by=viewer(MANAGER),
        now=year.local(10, 9, 10), note="Nobody who may decide could be reached in the autumn holidays.",
    )  # fmt: skip
    mark_duty(
        contract=erp, duty="contact", standing=Standing.MET, since=date(2013, 11, 4), by=viewer(CUSTOMER),
        now=year.local(11, 4, 11), note="The list of contacts names a deputy.",
    )  # fmt: skip


def _said_of_misses(erp: Contract) -> None:
    """Say what the outage of March did, as the customer confirms, and what October did, which it has not read yet."""
    by = viewer(MANAGER)
    found = periods(viewer=by, contract=erp)
    march = state_impact(
        period=found.get(label="2013-03"), outcome="availability", people=140, minutes=268, amount=1_850_000,
        words="Nobody in Berlin could enter or ship an order.", by=by, now=year.local(4, 9, 10),
    )  # fmt: skip
    confirm_impact(impact=march, by=viewer(SPONSOR), now=year.local(4, 10, 9))
    state_impact(
        period=found.get(label="2013-10"), outcome="p1-resolution", people=25, minutes=110, amount=None,
        words="The warehouse in Leipzig shipped by hand for two afternoons.", by=by, now=year.local(11, 21, 10),
    )  # fmt: skip


def _met(erp: Contract) -> None:
    """Hold the last governance meeting and the last two reviews, and agree at each what is done."""
    held = [each for each in meetings(viewer=viewer(MANAGER), contract=erp) if each.day < year.TODAY]
    quarter = [each for each in held if each.kind == Meeting.Kind.GOVERNANCE][-1]
    earlier, later = [each for each in held if each.kind == Meeting.Kind.REVIEW][-2:]
    rota = _held(
        quarter, "Urgent tickets keep their four hours. The rota is changed instead.", (OWNER, SPONSOR),
        ("Name a second engineer for every night.", ENGINEER),
    )  # fmt: skip
    complete_action(
        action=rota, result="In the rota since November.", by=viewer(ENGINEER), now=_on(quarter) + timedelta(days=20)
    )
    _held(
        earlier, "The queue in Leipzig is counted as well from now on.", (MANAGER, CUSTOMER),
        ("Compare the counter with the list of the web shop.", MANAGER),
    )  # fmt: skip
    _held(
        later, "October was missed at night. The list of contacts is whole again.", (MANAGER, CUSTOMER),
        ("Keep the list of contacts up to date before each holiday.", CUSTOMER),
    )  # fmt: skip


def _held(meeting: Meeting, text: str, there: tuple[Somebody, ...], action: tuple[str, Somebody]) -> Action:
    by, now = viewer(MANAGER), _on(meeting)
    points = [each.plain() for each in agenda(viewer=by, meeting=meeting, now=now)]
    names = ", ".join(each.name for each in there)
    write_minutes(meeting=meeting, text=text, attendees=names, agenda=points, by=by, now=now)
    contract, (to_do, owner) = meeting.contract, action
    side = contract.provider_id if owner.organisation == HOUSE else contract.customer_id
    due = meeting.day + timedelta(days=30)
    return agree_action(meeting=meeting, text=to_do, owner=owner.name, side=side, due_date=due, by=by, now=now)


def _on(meeting: Meeting) -> datetime:
    return datetime.combine(meeting.day, time(15), UTC)


def _changed(erp: Contract, now: datetime) -> None:
    """Propose two changes of the scope, of which one was approved."""
    by = viewer(MANAGER)
    text = "The interface to the carrier is watched as the web shop's is."
    watched = propose_change(contract=erp, text=text, amount=25_000, by=by, now=now - timedelta(days=30))
    decide_change(change=watched, approve=True, by=viewer(SPONSOR), now=now - timedelta(days=25))
    text = "The printers of the warehouse in Leipzig come into scope."
    propose_change(contract=erp, text=text, amount=40_000, by=viewer(CUSTOMER), now=now - timedelta(days=5))


def _written_down_for_the_customer(erp: Contract, now: datetime) -> None:
    """Write down how far the engagement is, what was found before it, and who may reach what."""
    by = viewer(MANAGER)
    for number, (name, began_on, ended_on) in enumerate(_STAGES, 1):
        set_stage(contract=erp, number=number, name=name, began_on=began_on, ended_on=ended_on, by=by, now=now)
    take_baseline(
        contract=erp, domain=Baseline.Domain.BACKUP, answers=_BACKUP, outcomes=["availability"], by=by,
        now=year.local(1, 9, 9),
    )  # fmt: skip
    for who, what, days in ((ENGINEER.name, "Servers of both sites", 180), ("Night shift", "ERP database", 40)):
        grant_access(
            contract=erp, who=who, what=what, way="VPN with a security key", until=now.date() + timedelta(days=days),
            by=by, now=year.local(1, 9, 10),
        )  # fmt: skip


def _written_down_by_the_house(now: datetime) -> None:
    """Write down insurances, of which one is about to end, and show customers what they may trust."""
    by, today = viewer(OWNER), now.date()
    insured = ((HOUSE, "Cyber and liability", 500_000_000, 41), (HOSTING, "Business interruption", 200_000_000, 290))
    for slug, title, amount, days in insured:
        keep_policy(
            organisation=organisations(viewer=by).get(slug=slug), title=title, insurer="Mutual of Bremen",
            amount=amount, currency="EUR", until=today + timedelta(days=days), by=by, now=year.local(1, 9, 11),
        )  # fmt: skip
    kinds = Assurance.Kind
    shown = (
        (kinds.CERTIFICATION, "ISO/IEC 27001", "Operation of servers in Berlin and Leipzig.", date(2014, 6, 30)),
        (kinds.TEST, "Restore of the ERP", "Restored in full within three hours.", None),
        (kinds.CONTROL, "Two factors for every sign-in", "Staff signs in with security keys.", None),
    )
    for kind, title, words, until in shown:
        show_assurance(
            kind=kind, title=title, words=words, day=date(2013, 7, 1), until=until, by=by, now=year.local(7, 2, 9)
        )
