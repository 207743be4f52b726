"""What a customer pays today, what outcomes are expected to be worth, and what was measured before the work began."""

from __future__ import annotations

from contextlib import suppress
from datetime import date, datetime
from typing import Any

from django.utils.translation import gettext as _

from makegood.engine.agreement.shapes import LEVEL
from makegood.engine.vocabulary.currencies import EXPONENTS
from makegood.platform.agreement.contracts.models import Contract
from makegood.platform.agreement.contracts.queries import contracts
from makegood.platform.review.governance.models import Cost, ExpectedValue, Measurement
from makegood.platform.review.governance.operations.registers import KEEPERS, LONGEST, MOST
from makegood.platform.review.governance.operations.sides import UnableToGovern, agreement_of, person_of
from makegood.platform.tenancy.parties.models import Organisation
from makegood.platform.tenancy.parties.queries import organisations
from makegood.platform.tenancy.trail.operations import operation, record
from makegood.platform.tenancy.viewer import Site, Viewer

LONGEST_VALUE = 40


@operation("keep cost", about="customer")
def keep_cost(*, customer: Organisation, title: str, amount: int, currency: str, by: Viewer, now: datetime) -> Cost:
    """Write down what something costs the customer in a year, in minor units."""
    refuse_all_but_keepers_of(customer, by)
    line_of(title, _("Say what it is that costs, in 200 characters at most."))
    _refuse_unless_money(amount, currency)
    made = Cost.objects.create(customer=customer, title=title.strip(), amount=amount, currency=currency, kept_at=now)
    _told("keep cost", customer, by, now, title=made.title)
    return made


@operation("end cost", about="cost")
def end_cost(*, cost: Cost, by: Viewer, now: datetime) -> Cost:
    """Take a cost off the list, as when another figure takes its place."""
    refuse_all_but_keepers_of(cost.customer, by)
    held = Cost.objects.select_for_update(of=("self",)).select_related("customer").get(pk=cost.pk)
    refuse_if_ended(held.ended_at)
    held.ended_at = now
    held.save(update_fields=["ended_at"])
    _told("end cost", held.customer, by, now, title=held.title)
    return held


@operation("keep expected value", about="customer")
def keep_expected_value(
    *,
    customer: Organisation,
    outcome: str,
    amount: int,
    currency: str,
    words: str,
    agreed_with: str,
    by: Viewer,
    now: datetime,
) -> ExpectedValue:
    """Write down what an outcome is expected to be worth in a year, in minor units, and who agreed to that."""
    refuse_all_but_keepers_of(customer, by)
    line_of(outcome, _("Name the outcome in 200 characters at most."))
    line_of(agreed_with, _("Say with whom this was agreed, in 200 characters at most."))
    _refuse_unless_money(amount, currency)
    made = ExpectedValue.objects.create(
        customer=customer,
        outcome=outcome.strip(),
        amount=amount,
        currency=currency,
        words=words.strip(),
        agreed_with=agreed_with.strip(),
        kept_at=now,
    )
    _told("keep expected value", customer, by, now, outcome=made.outcome)
    return made


@operation("end expected value", about="value")
def end_expected_value(*, value: ExpectedValue, by: Viewer, now: datetime) -> ExpectedValue:
    """Say that an outcome is no longer expected to be worth this."""
    refuse_all_but_keepers_of(value.customer, by)
    held = ExpectedValue.objects.select_for_update(of=("self",)).select_related("customer").get(pk=value.pk)
    refuse_if_ended(held.ended_at)
    held.ended_at = now
    held.save(update_fields=["ended_at"])
    _told("end expected value", held.customer, by, now, outcome=held.outcome)
    return held


@operation("keep measurement", about="customer")
def keep_measurement(
    *,
    customer: Organisation,
    title: str,
    value: str,
    measured_on: date,
    source: str,
    contract: Contract | None = None,
    outcome: str = "",
    by: Viewer,
    now: datetime,
) -> Measurement:
    """Keep what a health check measured, such as ``97.5%``, ``4h`` or ``12``, and which promise it is compared with."""
    refuse_all_but_keepers_of(customer, by)
    line_of(title, _("Say what was measured, in 200 characters at most."))
    if len(source) > LONGEST:
        raise UnableToGovern(_("Use 200 characters at most."))
    if measured_on > now.date():
        raise UnableToGovern(_("A measurement was taken today or before."))
    made = Measurement.objects.create(
        customer=customer,
        title=title.strip(),
        value=_level(value),
        measured_on=measured_on,
        source=source.strip(),
        **_compared(customer, contract, outcome, by),
        taken_by_id=person_of(by),
        taken_at=now,
    )
    _told("keep measurement", customer, by, now, title=made.title, value=made.value)
    return made


@operation("compare measurement", about="measurement")
def compare_measurement(
    *, measurement: Measurement, contract: Contract | None, outcome: str, by: Viewer, now: datetime
) -> Measurement:
    """Say with which outcome of which agreement a measurement is compared from now on, or with none."""
    refuse_all_but_keepers_of(measurement.customer, by)
    held = Measurement.objects.select_for_update(of=("self",)).select_related("customer").get(pk=measurement.pk)
    for name, said in _compared(held.customer, contract, outcome, by).items():
        setattr(held, name, said)
    held.save(update_fields=["contract", "outcome"])
    _told("compare measurement", held.customer, by, now, title=held.title, outcome=held.outcome)
    return held


def refuse_all_but_keepers_of(customer: Organisation, by: Viewer) -> None:
    """Refuse all but those who keep what is written down for a customer: the provider's own.

    :raises UnableToGovern: if somebody does not, or the organisation is the provider itself
    """
    seen = by.site is Site.CONSOLE and by.author is not None and by.has(*KEEPERS)
    if not seen or not organisations(viewer=by).filter(pk=customer.pk).exists():
        raise UnableToGovern(_("Owners and service managers of the provider keep this."))
    if customer.is_house:
        raise UnableToGovern(_("This is kept for customers, not for the provider itself."))


def refuse_if_ended(ended_at: datetime | None) -> None:
    """Refuse to end what has ended."""
    if ended_at is not None:
        raise UnableToGovern(_("This was taken off the list before."))


def line_of(text: str, sentence: str) -> None:
    """Refuse a text that is blank or too long for a line, with a sentence."""
    if not 0 < len(text.strip()) <= LONGEST:
        raise UnableToGovern(sentence)


def _refuse_unless_money(amount: int, currency: str) -> None:
    if currency not in EXPONENTS:
        raise UnableToGovern(_("Name the currency by its three letters, such as EUR."))
    if not 0 < amount <= MOST:
        raise UnableToGovern(_("Give an amount for a year that is more than nothing, and not that large."))


def _level(value: str) -> str:
    written = value.strip()
    if len(written) <= LONGEST_VALUE:
        with suppress(ValueError):
            LEVEL.read(written)
            return written
    raise UnableToGovern(_("Write what was measured like 97.5%, 4h, 30m or 12."))


def _compared(customer: Organisation, contract: Contract | None, outcome: str, by: Viewer) -> dict[str, Any]:
    """Return what a measurement is compared with, if it is an outcome of an agreement of the customer."""
    if contract is None and not outcome:
        return {"contract": None, "outcome": ""}
    seen = contract is not None and contracts(viewer=by).filter(pk=contract.pk, customer=customer).exists()
    if contract is None or not seen or outcome not in agreement_of(contract).outcomes:
        raise UnableToGovern(_("Choose an outcome of an agreement with this customer."))
    return {"contract": contract, "outcome": outcome}


def _told(did: str, customer: Organisation, by: Viewer, now: datetime, **details: str) -> None:
    record(by=by, did=did, about=str(customer), now=now, organisation=customer.pk, **details)
