"""Finding what can be claimed, claiming it, and the answer."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace
from datetime import datetime

from django.db import transaction

from makegood.engine.agreement.schedule import periods_of
from makegood.engine.agreement.underpinning_checks import underpinning_findings
from makegood.engine.evidence.body import Evidence
from makegood.engine.evidence.records import Attribution
from makegood.engine.money.back_to_back import Claim as Found
from makegood.engine.money.back_to_back import Recovery, back_to_back
from makegood.engine.vocabulary.finding import Severity
from makegood.engine.vocabulary.times import show_instant
from makegood.platform.agreement.contracts.models import Contract
from makegood.platform.agreement.contracts.queries import active_contracts, contracts, terms_of
from makegood.platform.evidence.intake.operations import attributions_to
from makegood.platform.evidence.intake.queries import open_vault
from makegood.platform.judging.periods.models import Period
from makegood.platform.judging.periods.operations import lay_out_periods
from makegood.platform.money.claims.models import Claim
from makegood.platform.money.ledger.models import Kind
from makegood.platform.money.ledger.operations import Booking, Line, book
from makegood.platform.tenancy.trail.operations import Unable, operation, record
from makegood.platform.tenancy.viewer import Role, Site, Viewer
from makegood.vault.book import Book
from makegood.vault.settling import known


class UnableToClaim(Unable):
    """Nothing was found, claimed or answered."""


@transaction.atomic
def find_claims(*, contract: Contract, now: datetime) -> list[Claim]:
    """Keep what the provider can claim from affiliates for the credits of closed periods, and return all of it.

    A claim that was not made yet follows what is known now; one that was made stays as it was made.

    :raises UnableToClaim: if the agreements with affiliates contradict the one that was sold
    """
    vault = open_vault(contract=contract)
    bought = list(active_contracts().filter(customer=contract.provider_id).exclude(pk=contract.pk))
    if vault is None or not bought:
        return []
    document, agreement = terms_of(contract=contract)
    texts = [terms_of(contract=each) for each in bought]
    errors = [
        each for each in underpinning_findings(document, [text for text, _ in texts]) if each.severity is Severity.ERROR
    ]
    if errors:
        raise UnableToClaim(f"the agreements with affiliates do not fit this one: {errors[0].text}")
    ledger = Book.open(vault, agreement.agreement)
    recoveries = back_to_back(
        agreement=agreement,
        underpinning=[terms for _, terms in texts],
        periods=[each for each in periods_of(agreement) if each.label in ledger.closed],
        evidence=_attributed(contract, known(agreement=agreement, vault=vault, book=ledger, whole=True), bought),
        standing=ledger.standing(now),
    )
    answering = {terms.agreement: each for (_, terms), each in zip(texts, bought, strict=True)}
    return _kept(contract, recoveries, answering)


@operation("make claim", about="claim")
def make_claim(*, claim: Claim, by: Viewer, now: datetime) -> Claim:
    """Claim from an affiliate what it owes."""
    _refuse_others(claim, by, Site.CONSOLE, Role.OWNER, Role.SERVICE_MANAGER, Role.BILLING)
    held = Claim.objects.select_for_update().get(pk=claim.pk)
    if held.state != Claim.State.OPEN:
        raise UnableToClaim("this was claimed before")
    if held.claim_by is not None and now > held.claim_by:
        raise UnableToClaim(f"this could be claimed until {held.claim_by:%Y-%m-%d %H:%M} UTC")
    held.state, held.made_at = Claim.State.MADE, now
    held.save(update_fields=["state", "made_at"])
    _told("make claim", held, by, now)
    return held


@operation("answer claim", about="claim")
def answer_claim(*, claim: Claim, accept: bool, by: Viewer, now: datetime, answer: str = "") -> Claim:
    """Accept a claim, which is then booked as due to the provider, or refuse it with a sentence."""
    _refuse_others(claim, by, Site.PARTNER, Role.AFFILIATE)
    held = Claim.objects.select_for_update().get(pk=claim.pk)
    if held.state != Claim.State.MADE:
        raise UnableToClaim("there is nothing to answer: this was not claimed, or was answered before")
    if not accept and not answer.strip():
        raise UnableToClaim("say why you refuse it")
    held.state = Claim.State.ACCEPTED if accept else Claim.State.REFUSED
    held.answered_at, held.answer = now, answer.strip()
    held.save(update_fields=["state", "answered_at", "answer"])
    if accept:
        _book(held, now)
    _told("answer claim", held, by, now)
    return held


def _attributed(contract: Contract, evidence: Evidence, bought: Sequence[Contract]) -> Evidence:
    """Return the evidence with what was found of affiliates' causes, which is kept with their agreements."""
    attributions = {incident: list(found) for incident, found in evidence.attributions.items()}
    for each in bought:
        vault = open_vault(contract=each)
        for found in vault.records(kinds={Attribution.kind}) if vault is not None else ():
            if isinstance(found, Attribution) and found.source_id.startswith(attributions_to(contract)):
                attributions.setdefault(found.incident, []).append(found)
    for listed in attributions.values():
        listed.sort(key=lambda each: (each.source, each.source_id))
    return replace(evidence, attributions=attributions)


def _kept(contract: Contract, recoveries: Sequence[Recovery], answering: Mapping[str, Contract]) -> list[Claim]:
    periods = {each.label: each for each in Period.objects.filter(contract=contract)}
    kept = []
    for recovery in recoveries:
        for found in recovery.claims:
            # What affiliates owe one another is not for us to claim.
            if found.tier == 1:
                kept += _claim(periods[recovery.period.label], recovery, found, answering[found.agreement])
    # What was never claimed, and cannot be claimed any more by what is known now, is none.
    unfounded = Claim.objects.filter(period__contract=contract, state=Claim.State.OPEN)
    unfounded.exclude(pk__in=[each.pk for each in kept]).delete()
    return kept


def _claim(period: Period, recovery: Recovery, found: Found, underpinning: Contract) -> list[Claim]:
    """Return the claim as it is kept; nothing is none, unless there was something before."""
    said = {
        "amount": found.amount.minor,
        "currency": found.amount.currency,
        "form": _form(recovery, found),
        "claim_by": found.deadline,
    }
    key = {"period": period, "underpinning": underpinning, "outcome": recovery.outcome}
    held = Claim.objects.select_for_update().filter(**key).first()
    if held is None:
        return [Claim.objects.create(**key, **said)] if found.amount else []
    if held.state == Claim.State.OPEN:
        Claim.objects.filter(pk=held.pk).update(**said)
        held.refresh_from_db()
    return [held]


def _form(recovery: Recovery, found: Found) -> dict[str, str | None]:
    return {
        "customer_credit": str(recovery.credit),
        "attributed": str(found.attributed),
        "own_outcome": found.own_outcome,
        "own_credit": str(found.own_credit),
        "claim": str(found.amount),
        "shortfall": str(found.shortfall),
        "leakage": str(recovery.leakage),
        "deadline": None if found.deadline is None else show_instant(found.deadline),
    }


def _refuse_others(claim: Claim, by: Viewer, site: Site, *roles: Role) -> None:
    side = by.house if site is Site.CONSOLE else claim.underpinning.provider_id
    seen = contracts(viewer=by).filter(pk=claim.underpinning_id).exists()
    if by.site is not site or not seen or not by.has(*roles, organisation=side):
        raise UnableToClaim("your role does not include this; ask somebody of your organisation who may")


def _book(claim: Claim, now: datetime) -> None:
    """Book an accepted claim in the open period of the agreement that answers."""
    opened = lay_out_periods(contract=claim.underpinning, now=now)
    if not opened:
        raise UnableToClaim("the agreement with the affiliate has no open period in which this could be booked")
    lines = (Line(Kind.CLAIMS, claim.currency, claim.amount), Line(Kind.DUE_TO_CUSTOMER, claim.currency, -claim.amount))
    text = f"{claim.form['own_outcome'] or claim.outcome} in {claim.period.label}: claim accepted"
    book(period=opened[-1], bookings=[Booking(f"claim/{claim.pk}", text, lines, {"claim": claim.pk})], now=now)


def _told(did: str, claim: Claim, by: Viewer, now: datetime) -> None:
    record(
        by=by,
        did=did,
        about=str(claim.underpinning),
        now=now,
        organisation=claim.underpinning.provider_id,
        claim=claim.pk,
        amount=claim.amount,
        currency=claim.currency,
        state=claim.state,
    )
