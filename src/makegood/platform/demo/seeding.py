"""Making the made-up world: first what the first page needs, then the flights, which take longer."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime, timedelta

from makegood.platform.agreement.contracts.models import Contract
from makegood.platform.demo.agreed import AGREED, agree_on_erp, agree_on_flights, agree_on_hosting
from makegood.platform.demo.at_the_desk import serve
from makegood.platform.demo.closed import claim_from_affiliate, close_all, close_month, recommend_twice, report_month
from makegood.platform.demo.flights import bring_flights, examples_folder, flights_folder
from makegood.platform.demo.governed import govern
from makegood.platform.demo.happened import dispute_november, live_through_the_year
from makegood.platform.demo.on_duty import stand_by
from makegood.platform.demo.people import settle_people
from makegood.platform.demo.year import BY_THE_AFFILIATE
from makegood.platform.evidence.intake.queries import open_vault
from makegood.platform.judging.periods.operations import lay_out_periods
from makegood.platform.judging.verdicts.operations import judge_open

Tell = Callable[[str], None]
_LAST_CLOSED = 11


def seed_world(now: datetime, tell: Tell) -> Contract:
    """Make people and agreements, and live through the year with Acme; return Acme's agreement."""
    tell("People, and what they agreed on")
    settle_people(AGREED)
    erp, hosting = agree_on_erp(), agree_on_hosting()
    tell("The year 2013 at Acme, month by month")
    for month in live_through_the_year(erp, hosting, now):
        close_month(hosting, month)
        close_month(erp, month)
        if month == BY_THE_AFFILIATE.start.month:
            claim_from_affiliate(erp, BY_THE_AFFILIATE.start + timedelta(days=31))
        if month % 4 == 0:
            tidy_up(now, erp, hosting)
    recommend_twice(erp, now)
    govern(erp, now)
    stand_by(erp, AGREED, now)
    serve(now)
    report_month(erp, _LAST_CLOSED)
    dispute_november(erp, now)
    for each in (erp, hosting):
        judge_open(contract=each, now=now)
    return erp


def tidy_up(now: datetime, *contracts: Contract) -> None:
    """Merge what was brought in bit by bit, so that it is read faster."""
    for contract in contracts:
        vault = open_vault(contract=contract)
        if vault is not None:
            vault.compact(now=now)


def report_year(tell: Tell) -> None:
    """Make the reports of the earlier months."""
    tell("The reports of the year at Acme")
    erp = Contract.objects.get(slug="acme-erp")
    for month in range(1, _LAST_CLOSED):
        report_month(erp, month)


def seed_flights(now: datetime, tell: Tell) -> Contract | None:
    """Bring in the flights of the second customer, and close all months that are over."""
    data = flights_folder()
    if data is None:
        tell("The flights are not installed, so the Port Authority has none; ./run setup installs them")
        return None
    contract = agree_on_flights(examples_folder())
    tell("The flights of New York, for the Port Authority")
    lay_out_periods(contract=contract, now=now)
    bring_flights(contract, data, now)
    close_all(contract, now, "The year was brought in afterwards, for the demonstration.")
    judge_open(contract=contract, now=now)
    return contract
