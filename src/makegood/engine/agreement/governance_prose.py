"""Roles, duties, boundaries, meetings, exit and liability in prose; affiliates stay behind the provider in it."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date

from makegood.engine.agreement.governance import MeetingKind, MeetingTerm
from makegood.engine.agreement.measure_prose import agreed
from makegood.engine.agreement.places import dotted
from makegood.engine.agreement.roles import CUSTOMER, PROVIDER, Roles
from makegood.engine.agreement.terms import Agreement

Row = tuple[str, ...]
Told = tuple[str, tuple[str, ...], tuple[Row, ...]]

MEETINGS = {
    MeetingKind.PLANNING: "planning",
    MeetingKind.GOVERNANCE: "governance",
    MeetingKind.REVIEW: "review",
}
ROLES = {
    "accountable": "Accountable: answers for the result",
    "responsible": "Responsible: does the work",
    "consulted": "Consulted: is asked before",
    "informed": "Informed: is told after",
}


def party_in_words(party: str) -> str:
    """Return a party to a role as everybody may read it; which affiliate it is nobody is told.

    >>> party_in_words("provider"), party_in_words("hosting-gmbh")
    ('the provider', 'an affiliate of the provider')
    """
    return f"the {party}" if party in {PROVIDER, CUSTOMER} else "an affiliate of the provider"


def roles_in_words(agreement: Agreement, outcome: str) -> Iterator[Told]:
    """Yield who does what for an outcome, and what is to be reached on the way."""
    terms = agreement.outcomes[outcome]
    if terms.roles is not None:
        yield f"Who does what for {outcome}", (), (("Role", "Who"), *_roles(terms.roles))
    if terms.milestones:
        rows = ((name, day.isoformat()) for name, day in sorted(terms.milestones.items(), key=lambda each: each[1]))
        yield f"Milestones of {outcome}", (), (("Milestone", "Until"), *rows)


def _roles(roles: Roles) -> Iterator[Row]:
    held = {"accountable": (roles.accountable,), "responsible": roles.doing}
    for role, title in ROLES.items():
        parties = held.get(role) or getattr(roles, role)
        yield title, ", ".join(dict.fromkeys(map(party_in_words, parties))) or "nobody"


def working_in_words(agreement: Agreement) -> Iterator[Told]:
    """Yield how the parties work together: duties, boundaries, meetings, levers, exit, liability."""
    if agreement.duties:
        text = "The customer does the following, without which the outcomes named cannot be owed."
        rows = (
            (name, each.text, ", ".join(each.of) or "all", _day(each.due) or "always", each.evidence or "—")
            for name, each in agreement.duties.items()
        )
        head = ("Duty", "What the customer does", "Outcomes that depend on it", "Until", "Shown by")
        yield "Duties of the customer", (text,), (head, *rows)
    yield from _scope(agreement)
    yield from _governance(agreement)
    if agreement.levers:
        rows_ = (
            (each.text, _day(each.on) or "at any time", each.notice.words if each.notice is not None else "none")
            for each in agreement.levers.values()
        )
        yield "What may be opened again", (), (("What", "When", "Notice"), *rows_)
        yield from _volumes(agreement)
    if agreement.exit is not None:
        yield "Exit", tuple(agreement.exit.sentences()) or ("Nothing is agreed beyond the law.",), ()
    yield from _liability(agreement)


def _volumes(agreement: Agreement) -> Iterator[Told]:
    """Yield the bands in which numbers may change, and with them the fee."""
    bands = [each.volume for each in agreement.levers.values() if each.volume is not None]
    if bands:
        text = (
            "Within a band the monthly fee follows the number, up and down; below and above it the fee is agreed anew."
        )
        rows = ((each.unit, f"{each.agreed:,}", f"{each.least:,}", f"{each.most:,}", str(each.each)) for each in bands)
        head = ("What is counted", "Agreed", "At least", "At most", "Each one more or fewer, a month")
        yield "Volume bands", (text,), (head, *rows)


def _scope(agreement: Agreement) -> Iterator[Told]:
    scope = agreement.scope
    if scope is None:
        return
    if scope.in_ or scope.out:
        rows = (*((line, "in scope") for line in scope.in_), *((line, "out of scope") for line in scope.out))
        yield "Boundaries", (), (("Function or service", "Scope"), *rows)
    said = (
        ("Where", ", ".join(scope.where)),
        ("When", f"by the calendar {scope.when}" if scope.when else ""),
        ("How", ", ".join(scope.how)),
    )
    found = tuple(row for row in said if row[1])
    if found:
        yield "Where, when and how", (), (("Question", "Answer"), *found)


def _governance(agreement: Agreement) -> Iterator[Told]:
    governance, written = agreement.governance, agreement.written
    if governance is None:
        return
    paragraphs = (
        (
            f"The parties ask {governance.terms_reviewed.words} whether the terms still fit"
            f" ({agreed('governance.terms_reviewed' in written)}). What is changed becomes a new version."
        ),
        f"What stays unresolved goes on, step by step ({agreed('governance.escalation' in written)}): "
        + "; ".join(f"after {each.after.words} to {each.to}" for each in governance.steps)
        + ".",
    )
    rows = (_meeting(agreement, kind, term) for kind, term in governance.meetings.items())
    head = ("Meeting", "How often", "Held", "Who attends", "What is always spoken of")
    yield "Meetings and escalation", paragraphs, (head, *rows) if governance.meetings else ()


def _meeting(agreement: Agreement, kind: MeetingKind, term: MeetingTerm) -> Row:
    written = f"{dotted(('governance', 'meetings', kind))}.business_day" in agreement.written
    held = f"business day {term.business_day} after the stretch ({agreed(written)})"
    who, agenda = ", ".join(term.attended_by), ", ".join(term.agenda)
    return MEETINGS[kind], term.every.words, held, who or "—", agenda or "—"


def _liability(agreement: Agreement) -> Iterator[Told]:
    sentences = tuple(agreement.liability.sentences()) if agreement.liability is not None else ()
    rows = (
        (name, party_in_words(each.held_by), str(each.covers), _day(each.until) or "—", each.insurer or "—")
        for name, each in agreement.insurance.items()
    )
    head = ("Insurance", "Kept by", "Sum insured", "Until", "With")
    table = (head, *rows) if agreement.insurance else ()
    if sentences or table:
        yield "Liability and insurance", sentences, table


def _day(day: date | None) -> str:
    return day.isoformat() if day is not None else ""
