"""A real log played through the desk, at its own times: the figures are those of the log read by the engine.

Every 100th of its 24,918 incidents is played; ``MAKEGOOD_REPLAY=1`` plays them all, in half an hour or so.
"""

from __future__ import annotations

import csv
import gzip
import os
from collections import Counter, defaultdict
from collections.abc import Iterator
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path

import pytest

from makegood.engine.agreement.document import read
from makegood.engine.agreement.schedule import periods_of
from makegood.engine.agreement.terms import Agreement
from makegood.engine.evidence.body import Evidence
from makegood.engine.evidence.records import Transition
from makegood.engine.judging.judge import judge_periods
from makegood.engine.judging.verdict import Judgement
from makegood.engine.money.credits import period_credits
from makegood.platform.agreement.contracts.models import Contract
from makegood.platform.evidence.intake.queries import vault_folder
from makegood.platform.evidence.service_desk.models import Case, Channel, HeldFor, State, Unsent
from makegood.platform.evidence.service_desk.operations import (
    Intake,
    close_for_customer,
    move_case,
    open_case,
    prioritise,
    resolve,
    send_steps,
    withdraw,
)
from makegood.platform.tenancy.viewer import Viewer
from makegood.vault.intake import import_file
from makegood.vault.vault import Vault
from tests.platform.agreements import active
from tests.platform.desk import engineer
from tests.platform.people import organisation
from tests.real.shared import ROOT, data

pytestmark = pytest.mark.django_db

Row = dict[str, str]
EACH = int(os.environ.get("MAKEGOOD_REPLAY", "100"))
LEVELS = {"1": "high", "2": "medium", "3": "low"}
MATRIX = (
    "{high: {high: P1, medium: P2, low: P3}, medium: {high: P2, medium: P3, low: P4},"
    " low: {high: P3, medium: P4, low: P4}}"
)
TEXT = (ROOT / "examples" / "service-desk.yaml").read_text("utf-8").replace("desk-and-sons", "northwind-it").replace(
    "the-company", "acme"
) + f"\ndesk: {{priorities: {MATRIX}}}\n"
BUSINESS = TEXT.replace("\nservices:\n", '\ncalendars:\n  office: {days: {mon-fri: "09:00-17:00"}}\n\nservices:\n')
READINGS = {
    "as agreed": TEXT,
    "a day for all": TEXT.replace("limits: {P1: 4h, P2: 8h, P3: 72h, P4: 120h}", "limit: 24h"),
    "business hours": BUSINESS.replace("on: always", "on: office"),
    "missed without a stop": TEXT.replace("missing_stop: left_out", "missing_stop: missed"),
    "done in the month": TEXT.replace("population: opened_in_period", "population: resolved_in_period"),
}


def chosen() -> dict[str, list[Row]]:
    """Return the rows of the incidents that are played, each in order of time."""
    found: dict[str, list[Row]] = defaultdict(list)
    with gzip.open(data("uci_incident_log/incident_event_log.csv.gz"), "rt") as file:
        for row in csv.DictReader(file):
            found[row["number"]].append(row)
    numbers = sorted(found)[::EACH]
    return {number: found[number] for number in numbers}


def instant(text: str) -> datetime:
    return datetime.strptime(text, "%d/%m/%Y %H:%M").replace(tzinfo=UTC)


def play(number: str, rows: list[Row], by: Viewer) -> Case:
    """Do at the desk what the log says, until the case is closed; nothing is told before it happened."""
    last = rows[-1]
    opened, closed = instant(last["opened_at"]), instant(last["closed_at"])
    resolved = None if last["resolved_at"] == "?" else instant(last["resolved_at"])
    end = resolved if resolved is not None else closed
    impact, urgency = levels(rows[0]).values()
    case = open_case(
        customer=organisation("acme"),
        intake=Intake(title=number, symptoms=rows[0]["u_symptom"], impact=impact, urgency=urgency),
        channel=Channel.PHONE,
        by=by,
        now=opened,
    )
    now = opened
    for row in rows:
        at = max(now, instant(row["sys_updated_at"]))
        if at < end:
            now = at
            case = moved(case, row, by, now)
    if levels_of(case) != levels(last):
        case = prioritise(case=case, why="As at the end.", by=by, now=now, **levels(last))
    end = max(end, now)
    if resolved is None:
        return withdraw(case=case, why="As the log has it.", by=by, now=max(closed, end))
    case = resolve(case=case, resolution=last["closed_code"], by=by, now=end)
    return close_for_customer(case=case, told_by="The log", by=by, now=max(closed, end))


def moved(case: Case, row: Row, by: Viewer, now: datetime) -> Case:
    if levels_of(case) != levels(row):
        case = prioritise(case=case, why="As in the log.", by=by, now=now, **levels(row))
    waits = row["incident_state"] == "Awaiting User Info"
    if waits and case.state != State.HELD:
        return move_case(case=case, to=State.HELD, held_for=HeldFor.INFORMATION, by=by, now=now)
    if row["incident_state"] in ("Active", "Awaiting Vendor") and case.state != State.OPEN:
        return move_case(case=case, to=State.OPEN, by=by, now=now)
    return case


def levels(row: Row) -> dict[str, str]:
    return {name: LEVELS[row[name][0]] for name in ("impact", "urgency")}


def levels_of(case: Case) -> dict[str, str]:
    return {"impact": case.impact, "urgency": case.urgency}


def figures(text: str, evidence: Evidence) -> Iterator[tuple[str, int, int, str, str]]:
    """Yield what each month comes to: cases inside, all, the ruling and the credit."""
    terms = read(text).agreement
    assert terms is not None
    for judgement in judge_periods(terms, periods_of(terms), evidence):
        verdict = judgement.of("resolution")
        credit = credit_of(terms, judgement)
        measured = verdict.measurement
        yield judgement.period.label, measured.good, measured.total, verdict.ruling.value, credit


def credit_of(terms: Agreement, judgement: Judgement) -> str:
    return str(period_credits(terms, judgement).total)


def imported(folder: Path, numbers: set[str]) -> Evidence:
    """Return the same incidents as the engine reads them from the log."""
    vault = Vault.create(folder / "log")
    log = data("uci_incident_log/incident_event_log.csv.gz")
    import_file(
        vault, ROOT / "examples" / "mappings" / "uci-incident-log.yaml", log, now=datetime(2026, 1, 1, tzinfo=UTC)
    )
    return Evidence.of(each for each in vault.records() if isinstance(each, Transition) and each.case in numbers)


class TestARealLog:
    def test_gives_at_the_desk_the_figures_of_the_engine(self, tmp_path: Path) -> None:
        rows = chosen()
        contract: Contract = active(TEXT)
        by = engineer()
        cases = {play(number, each, by).name: number for number, each in rows.items()}
        assert Unsent.objects.exists()
        send_steps(contract=contract, now=datetime(2026, 1, 1, tzinfo=UTC))
        assert not Unsent.objects.exists()
        assert Counter(Case.objects.values_list("state", flat=True)) == {State.CLOSED: len(rows)}
        told = [
            replace(each, case=cases[each.case])
            for each in Vault.open(vault_folder(contract)).records()
            if isinstance(each, Transition)
        ]
        ours, theirs = Evidence.of(told), imported(tmp_path, set(rows))
        for name, text in READINGS.items():
            assert (name, list(figures(text, ours))) == (name, list(figures(text, theirs)))
