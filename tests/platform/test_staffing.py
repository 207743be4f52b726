"""What is promised within minutes comes into force only if somebody is on call in its hours."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest

from makegood.engine.agreement.document import read
from makegood.platform.agreement.contracts import operations as contracting
from makegood.platform.agreement.contracts.models import Contract, Staffing
from makegood.platform.agreement.contracts.operations import GatesClosed
from makegood.platform.agreement.contracts.queries import gates_of, hours_promised
from makegood.platform.evidence.on_call import operations
from makegood.platform.evidence.on_call.models import Cover
from makegood.platform.evidence.on_call.operations import UnableToPlan
from makegood.platform.evidence.on_call.queries import rotas_of
from makegood.platform.evidence.on_call.tasks import look_for_holes
from makegood.platform.tenancy.access.models import Role
from tests.platform.agreements import TEXT, active, offered, owner, service_manager, sponsor, sponsored
from tests.platform.evidence import staff
from tests.platform.on_duty import engineer, later, layer, rota, turning, watched
from tests.platform.people import NOW, days_to, organisation

pytestmark = pytest.mark.django_db
QUICK = """\
  answered:
    promise: Somebody answers within a quarter of an hour.
    measure: {kind: within, cases: incident, limit: 15m}
    target: ">= 95%"
"""
STEPS = """\
  told:
    promise: We tell you at once.
    measure: {kind: steps, cases: outage, steps: {told: {state: told, within: 1h}}}
    target: ">= 95%"
"""
OFFICE = """\
calendars: {office: {days: {mon-fri: ["08:00-18:00"]}}}
"""


def promised(outcome: str, more: str = "") -> list[str]:
    found = read(TEXT + outcome + more, "x").agreement
    assert found is not None
    return list(hours_promised(found))


def ready(text: str = TEXT + QUICK) -> Contract:
    """Return an offered contract of which everything is done but its staffing."""
    contract = offered(text)
    version = contract.versions.get()
    sponsored(contract.provider, contract.customer)
    contracting.sign_version(version=version, name="Ada Lovelace", by=sponsor(contract.customer), now=NOW)
    contracting.sign_version(version=version, name="Sam Smith", by=service_manager(), now=NOW)
    contracting.declare_source(contract=contract, name="Probes", reports=["shop"], by=service_manager(), now=NOW)
    return contract


def todo(contract: Contract) -> str | None:
    """Return what is still to be done before the gate of staffing opens."""
    gate = next(each for each in gates_of(version=contract.versions.get(), viewer=owner()) if each.name == "staffed")
    return None if gate.open else gate.todo


class TestAPromise:
    @pytest.mark.parametrize(
        ("_case", "outcome", "more", "expected"),
        [
            ("of availability", "", "", []),
            ("within 15 minutes", QUICK, "", ["answered"]),
            (
                "within 15 minutes of office hours",
                QUICK.replace("15m", "15m, clock: {on: office}"),
                OFFICE,
                ["answered"],
            ),
            ("within an hour, always", QUICK.replace("15m", "1h"), "", ["answered"]),
            ("within an hour of office hours", QUICK.replace("15m", "1h, clock: {on: office}"), OFFICE, []),
            ("within two hours", QUICK.replace("15m", "2h"), "", []),
            ("within a day", QUICK.replace("15m", "1 day"), "", []),
            ("of one priority", QUICK.replace("limit: 15m", "limits: {p1: 30m, p2: 4h}"), "", ["answered"]),
            ("by steps", STEPS, "", ["told"]),
        ],
    )
    def test_needs_people_if_it_is_quick(self, _case: str, outcome: str, more: str, expected: list[str]) -> None:
        assert promised(outcome, more) == expected


class TestAnAgreement:
    def test_without_a_rota_does_not_come_into_force(self) -> None:
        contract = ready()
        with pytest.raises(GatesClosed, match="Assign a rota that is on call for answered"):
            contracting.activate_contract(contract=contract, by=service_manager(), now=NOW)

    def test_whose_rota_has_a_hole_does_not_come_into_force(self) -> None:
        contract, anna = ready(), engineer("Anna")
        made = turning(anna)
        operations.assign_rota(rota=made, contract=contract, by=owner(), now=NOW)
        assert todo(contract) is None
        operations.take_leave(
            person=anna,
            starts_at=datetime(2026, 3, 20, 23, tzinfo=UTC),
            ends_at=datetime(2026, 3, 21, 7, tzinfo=UTC),
            by=owner(),
            now=NOW,
        )
        assert todo(contract) == (
            "Nobody is on call from 2026-03-21 00:00 to 2026-03-21 08:00 (Europe/Berlin);"
            " add people to a rota, or assign another one."
        )
        layer(made, engineer("Ben"))
        assert todo(contract) is None
        contracting.activate_contract(contract=contract, by=service_manager(), now=NOW)

    def test_needs_people_in_the_hours_of_its_promise_only(self) -> None:
        office = QUICK.replace("15m", "15m, clock: {on: office}")
        contract = ready(TEXT + office + OFFICE)
        made = rota(covers="mon-fri 08:00-18:00")
        layer(made, engineer("Anna"))
        operations.assign_rota(rota=made, contract=contract, by=owner(), now=NOW)
        assert todo(contract) is None

    def test_may_be_staffed_by_two_rotas_together(self) -> None:
        contract = ready()
        for covers, expected in (("mon-sun 08:00-20:00", "Nobody is on call"), ("mon-sun 20:00-08:00", None)):
            made = rota(f"Shift {covers}", covers=covers)
            layer(made, engineer("Anna"))
            operations.assign_rota(rota=made, contract=contract, by=owner(), now=NOW)
            found = todo(contract)
            assert found is None if expected is None else str(found).startswith(expected)
        assert [str(each) for each in Staffing.objects.all()] == [
            "Shift mon-sun 08:00-20:00",
            "Shift mon-sun 20:00-08:00",
        ]

    def test_that_was_bought_needs_no_rota_of_ours(self) -> None:
        organisation("hosting-gmbh", "Hosting GmbH")
        text = (TEXT + QUICK).replace(
            "provider: northwind-it, customer: acme", "provider: hosting-gmbh, customer: northwind-it"
        )
        contract = offered(text)
        assert "staffed" not in {each.name for each in gates_of(version=contract.versions.get(), viewer=owner())}

    def test_that_is_quick_is_active_once_it_is_watched(self) -> None:
        assert active(TEXT + QUICK).state == "ACTIVE"


class TestARota:
    def test_is_assigned_once_and_released(self) -> None:
        contract = ready()
        made = watched(contract)
        assert watched(offered(TEXT.replace("acme-shop", "other")), "Day watch") != made
        assert rotas_of(contract=contract) == [made]
        with pytest.raises(UnableToPlan, match="already"):
            operations.assign_rota(rota=made, contract=contract, by=owner(), now=NOW)
        operations.release_rota(rota=made, contract=contract, by=owner(), now=NOW)
        assert todo(contract) == "Assign a rota that is on call for answered."
        with pytest.raises(UnableToPlan, match="does not staff"):
            operations.release_rota(rota=made, contract=contract, by=owner(), now=NOW)

    def test_that_ends_staffs_nothing_any_more(self) -> None:
        contract = ready()
        made = watched(contract)
        operations.end_rota(rota=made, by=owner(), now=later(1))
        assert (Staffing.objects.count(), Cover.objects.get().released_at) == (0, later(1))

    def test_is_assigned_by_those_who_plan_to_agreements_that_they_see(self) -> None:
        contract = ready()
        made = turning(engineer("Anna"))
        with pytest.raises(UnableToPlan, match="Only the owner"):
            operations.assign_rota(rota=made, contract=contract, by=staff(Role.ENGINEER), now=NOW)
        with pytest.raises(UnableToPlan, match="no such agreement"):
            operations.assign_rota(rota=made, contract=Contract(pk=0), by=owner(), now=NOW)


class TestEveryNight:
    def test_it_is_looked_anew_for_holes(self, settings: object) -> None:
        settings.DAYS_SHIFTED = days_to(NOW) + 3  # type: ignore[attr-defined]
        contract = ready()
        watched(contract)
        assert Staffing.objects.get().as_of == NOW
        look_for_holes()
        assert Staffing.objects.get().as_of > NOW + timedelta(days=1)
        assert todo(contract) is None
