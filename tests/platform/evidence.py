"""Evidence of the small world: the shop's front and till, as probes tell of them, and what follows from it."""

from __future__ import annotations

import json
from datetime import date, datetime

from makegood.platform.agreement.contracts.models import Contract
from makegood.platform.evidence.intake.models import Batch
from makegood.platform.evidence.intake.operations import receive_records
from makegood.platform.judging.periods.models import Period
from makegood.platform.judging.periods.operations import lay_out_periods
from makegood.platform.judging.verdicts.models import Verdict
from makegood.platform.money.ledger.models import Entry
from makegood.platform.money.settlement.models import Statement
from makegood.platform.money.settlement.operations import close_due, write_action
from makegood.platform.tenancy.viewer import Role, Site, Viewer
from tests.platform.agreements import active, owner
from tests.platform.people import NOW, house, organisation, person, viewer

SUBJECTS = ("front", "till")


def engineer() -> Viewer:
    return viewer(person("Edith", house(), Role.ENGINEER), Site.CONSOLE)


def member(role: Role, slug: str = "acme") -> Viewer:
    """Return somebody of a customer or an affiliate, at their site."""
    site = Site.PARTNER if role == Role.AFFILIATE else Site.PORTAL
    return viewer(person(f"{slug} {role.value}".replace("_", " ").title(), organisation(slug), role), site)


def staff(role: Role) -> Viewer:
    return viewer(person(f"House {role.value}".replace("_", " ").title(), house(), role), Site.CONSOLE)


def state(subject: str, status: str, start: str, end: str = "", *, number: str = "", incident: str = "") -> str:
    """Return a state as a line of our own form."""
    said = {"kind": "state", "source": "probes", "source_id": number or f"{subject}-{start}-{status}"}
    said |= {"subject": subject, "status": status, "start": start}
    said |= {"end": end} if end else {}
    said |= {"incident": incident} if incident else {}
    return json.dumps(said)


def up(start: str, end: str) -> list[str]:
    """Return that everything was up."""
    return [state(subject, "up", start, end) for subject in SUBJECTS]


def sent(
    contract: Contract, lines: list[str], *, key: str = "", now: datetime = NOW, by: Viewer | None = None
) -> Batch:
    return receive_records(contract=contract, lines=lines, key=key, by=by or engineer(), now=now)


FAILED = state("till", "down", "2026-01-10T10:00:00Z", "2026-01-10T16:00:00Z", number="bad-day", incident="INC-1")


def missed() -> Contract:
    """Return a contract of which January had six hours without a till: less than 99.9 %, and more than 99 %."""
    made = active()
    sent(made, [*up("2025-12-31T23:00:00Z", "2026-03-10T09:00:00Z"), FAILED])
    return made


def acted(contract: Contract, period: str = "2026-01") -> None:
    """Write down what is done about a miss."""
    lay_out_periods(contract=contract, now=NOW)
    write_action(
        period=Period.objects.get(contract=contract, label=period),
        outcome="open",
        cause="The disk was full.",
        action="The disk is watched.",
        due_date=date(2026, 4, 1),
        by=engineer(),
        now=NOW,
    )


def closed(contract: Contract, *, now: datetime = NOW) -> list[Statement]:
    acted(contract)
    return close_due(contract=contract, by=owner(), now=now)


def rows(contract: Contract) -> tuple[int, int, int, list[str]]:
    """Return how many statements, entries of money and closing verdicts there are, and which periods are closed."""
    found = Period.objects.filter(contract=contract, state="CLOSED")
    return (
        Statement.objects.count(),
        Entry.objects.exclude(key__startswith="budget/").count(),
        Verdict.objects.filter(stage="CLOSED").count(),
        [each.label for each in found],
    )
