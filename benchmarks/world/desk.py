"""A service desk with many cases: one of each customer lives through the operations, the others are of its shape."""

from __future__ import annotations

from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from typing import Any, Final

from django.conf import settings
from django.db import connection
from django.test import Client

from benchmarks.world.agreed import NOW, OWNER, SIGNED, seen_by, settle_customer, settle_house, sponsor_of
from makegood.platform.agreement.contracts import operations as contracting
from makegood.platform.evidence.service_desk.models import Case, Channel, Clock, QueuePlace, State
from makegood.platform.evidence.service_desk.operations import Intake, open_case, renew_places, set_stakes
from makegood.platform.tenancy.access.models import Membership, Person
from makegood.platform.tenancy.parties.models import Organisation
from makegood.platform.tenancy.parties.queries import house
from makegood.platform.tenancy.viewer import Role, Site

_TEXT: Final = """\
makegood: agreement/1
agreement: {slug}-desk
title: The desk of {name}
parties: {{provider: northwind-it, customer: {slug}}}
term: {{from: 2023-03-01, months: 48, timezone: Europe/Berlin}}
money: {{currency: EUR, at_risk: {{percent: 15%, of: monthly_fee}}}}
calendars: {{office: {{days: {{mon-fri: ["08:00-18:00"]}}}}}}
services:
  desk: {{title: Service desk, fee: {{monthly: 1000.00}}, critical: true}}
outcomes:
  response:
    promise: Somebody answers in time.
    measure:
      {{kind: within, cases: incident, limits: {{critical: 2h, high: 4h, normal: 8h, low: 16h}},
       clock: {{from: opened, to: responded}}, reopened: ignore}}
    target: ">= 95%"
    headline: false
  resolution:
    promise: Incidents are resolved in time.
    measure:
      {{kind: within, cases: incident, limits: {{critical: 4h, high: 8h, normal: 16h, low: 40h}},
       clock: {{from: opened, to: resolved, on: office, pause: hold-for-resolution}}}}
    target: ">= 95%"
    stake: {{weight: 100%, tiers: [{{below: 95%, credit: 10%}}, {{below: 90%, credit: 50%}}]}}
"""
_WORDS: Final = ["till", "printer", "mail", "server", "password", "screen", "network", "backup", "phone", "scanner"]
_ENGINEERS: Final = 20


def seed(customers: int, opened: int, closed: int) -> None:
    """Make customers, and in all so many open and closed cases."""
    settle_house()
    for number in range(_ENGINEERS):
        made = Person.objects.create(email=f"e{number}@house.example", name=f"Engineer {number}", created_at=SIGNED)
        Membership.objects.create(person=made, organisation=house(), role=Role.ENGINEER, since=SIGNED)
    for number in range(customers):
        _live(settle_customer(number), opened // customers, closed // customers)
    renew_places(now=NOW)


def page(address: str) -> Callable[[], bytes]:
    """Return what opens a page as the owner; ``{case}`` is a case that is open."""
    settings.DAYS_SHIFTED = (NOW - datetime.now(UTC)) / timedelta(days=1)
    client = Client(HTTP_HOST="localhost")
    client.force_login(Person.objects.get(email=OWNER))
    filled = address.format(case=Case.objects.filter(steps__isnull=False).order_by("pk")[0].pk)

    def opened() -> bytes:
        answer = client.get(filled)
        assert answer.status_code == 200, f"{filled}: {answer.status_code}"
        return answer.content

    return opened


def _live(customer: Organisation, opened: int, closed: int) -> None:
    """Agree with a customer, open a case of its, and write cases of that shape."""
    by = seen_by(OWNER, Site.CONSOLE)
    contract = contracting.draft_contract(text=_TEXT.format(slug=customer.slug, name=customer.name), by=by, now=SIGNED)
    version = contract.versions.get()
    contracting.offer_version(version=version, by=by, now=SIGNED)
    theirs = seen_by(sponsor_of(customer), Site.PORTAL)
    contracting.sign_version(version=version, name="Ada Lovelace", by=theirs, now=SIGNED)
    contracting.sign_version(version=version, name="Olga Owner", by=by, now=SIGNED)
    contracting.declare_source(contract=contract, name="Desk", reports=["incident"], by=by, now=SIGNED)
    contracting.activate_contract(contract=contract, by=by, now=SIGNED)
    intake = Intake(title="The till is silent", requester_name="Uma", symptoms="Nothing prints.")
    case = open_case(customer=customer, intake=intake, channel=Channel.PHONE, by=by, now=NOW)
    set_stakes(contract=contract, stakes={"resolution": 10_000, "response": 2_000}, now=NOW)
    people = list(Person.objects.filter(name__startswith="Engineer").values_list("pk", flat=True))
    _again(case, opened, people, State.OPEN)
    _again(case, closed, people, State.CLOSED)


def _again(case: Case, number: int, people: list[int], state: State) -> None:
    """Write so many cases of the shape of one, with their clocks and places."""
    before = Case.objects.latest("pk").pk
    title = "(%(words)s::text[])[1 + g %% 10] || ' ' || g || ' of ' || title"
    changed = {
        "title": title,
        "owner_id": "(%(people)s::bigint[])[1 + g %% %(owners)s]",
        "state": "%(state)s",
        "opened_at": "opened_at - g * interval '1 second'",
        "closed_at": "CASE WHEN %(state)s = 'CLOSED' THEN opened_at END",
    }
    said: dict[str, Any] = {
        "words": _WORDS,
        "people": people,
        "owners": len(people),
        "state": state.value,
        "case": case.pk,
        "number": number,
        "before": before,
    }
    _copy(Case, changed, "CROSS JOIN generate_series(1, %(number)s) g WHERE t.id = %(case)s ORDER BY g", said)
    moved = "due_at + (c.id %% 28800) * interval '1 second'"
    clock = {"case_id": "c.id", "due_at": moved, "next_level_at": "NULL"}
    if state == State.CLOSED:
        clock |= {"state": "'STOPPED'"}
    new = "CROSS JOIN service_desk_case c WHERE t.case_id = %(case)s AND c.id > %(before)s"
    _copy(Clock, clock, new, said)
    if state != State.CLOSED:
        place = {"case_id": "c.id", "due_at": moved, "renew_at": "%(now)s"}
        _copy(QueuePlace, place, new, said | {"now": NOW})


def _copy(table: Any, changed: dict[str, str], joined: str, said: dict[str, Any]) -> None:
    """Write rows of a table again, with some columns changed."""
    meta = table._meta  # noqa: SLF001  # as Django calls what is public
    columns = [each.column for each in meta.concrete_fields if each.column != "id"]
    values = [changed.get(each, f't."{each}"') for each in columns]
    name, quoted = meta.db_table, connection.ops.quote_name
    with connection.cursor() as cursor:
        cursor.execute(
            f"INSERT INTO {name} ({', '.join(map(quoted, columns))}) SELECT {', '.join(values)} FROM {name} t {joined}",  # noqa: S608  # names of our own columns
            said,
        )
