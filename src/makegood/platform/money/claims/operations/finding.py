"""Finding what can be claimed: attributed by the engine, shared among the customers of one affiliate."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import replace
from datetime import datetime

from django.db import transaction

from makegood.engine.agreement.schedule import periods_of
from makegood.engine.agreement.underpinning_checks import underpinning_findings
from makegood.engine.evidence.body import Evidence
from makegood.engine.evidence.records import Attribution
from makegood.engine.money.back_to_back import Claim as Found
from makegood.engine.money.back_to_back import Recovery as Recovered
from makegood.engine.money.back_to_back import back_to_back
from makegood.engine.vocabulary.amount import Amount
from makegood.engine.vocabulary.finding import Severity
from makegood.engine.vocabulary.period import Period as Stretch
from makegood.engine.vocabulary.times import show_instant
from makegood.platform.agreement.contracts.models import Contract
from makegood.platform.agreement.contracts.queries import ever_active_contracts, terms_of
from makegood.platform.evidence.intake.queries import attributions_to, open_vault
from makegood.platform.judging.periods.models import Period
from makegood.platform.money.claims.models import Claim, Recovery
from makegood.platform.money.claims.operations.refusals import UnableToClaim
from makegood.platform.money.claims.operations.sharing import Want, shared
from makegood.vault.book import Book
from makegood.vault.settling import known

_ASKED = (Claim.State.MADE, Claim.State.ACCEPTED, Claim.State.REFUSED)
_TAKING = (Claim.State.MADE, Claim.State.ACCEPTED)


@transaction.atomic
def find_claims(*, contract: Contract, now: datetime) -> list[Claim]:
    """Keep what the provider can claim from affiliates for the credits of closed periods, and return all of it.

    A claim that was not made yet follows what is known now; one that was made stays as it was made, and what is owed
    beyond it is another one. What an affiliate's own agreement credits is claimed once for all customers together.

    :raises UnableToClaim: if the agreements with affiliates contradict the one that was sold
    """
    bought = list(ever_active_contracts().filter(customer=contract.provider_id).exclude(pk=contract.pk))
    before = list(Recovery.objects.filter(period__contract=contract).select_related("underpinning"))
    concerned = {each.pk: each for each in (*(row.underpinning for row in before), *bought)}
    lock(concerned)
    recoveries, answering = _recoveries(contract, bought, now)
    _keep(contract, before, recoveries, answering)
    for underpinning in concerned.values():
        _share_out(underpinning, now)
    return list(Claim.objects.filter(recovery__period__contract=contract).select_related("recovery__period"))


def lock(underpinnings: Iterable[int]) -> None:
    """Keep others from claims on some agreements until the transaction ends."""
    list(Contract.objects.select_for_update().filter(pk__in=list(underpinnings)).order_by("pk"))


def _recoveries(
    contract: Contract, bought: Sequence[Contract], now: datetime
) -> tuple[Sequence[Recovered], Mapping[str, Contract]]:
    """Return what the law says of each credit of closed periods, and which agreement answers by which name."""
    vault = open_vault(contract=contract)
    if vault is None or not bought:
        return (), {}
    document, agreement = terms_of(contract=contract)
    texts = [terms_of(contract=each) for each in bought]
    errors = [
        each for each in underpinning_findings(document, [text for text, _ in texts]) if each.severity is Severity.ERROR
    ]
    if errors:
        raise UnableToClaim(f"the agreements with affiliates do not fit this one: {errors[0].text}")
    ledger = Book.open(vault, agreement.agreement)
    closed = [each for each in periods_of(agreement) if each.label in ledger.closed]
    evidence = _attributed(contract, known(agreement=agreement, vault=vault, book=ledger, whole=True), bought)
    named = {terms.agreement: each for (_, terms), each in zip(texts, bought, strict=True)}
    found: list[Recovered] = []
    for live, labels in _live(named, closed).items():
        recoveries = back_to_back(
            agreement=agreement,
            underpinning=[terms for _, terms in texts if terms.agreement in live],
            periods=closed,
            evidence=evidence,
            standing=ledger.standing(now),
        )
        found += [each for each in recoveries if each.period.label in labels]
    return found, named


def _live(named: Mapping[str, Contract], closed: Sequence[Stretch]) -> Mapping[tuple[str, ...], set[str]]:
    """Return which agreements answered together for which periods; one that ended before a period began did not."""
    found: dict[tuple[str, ...], set[str]] = defaultdict(set)
    for period in closed:
        live = (name for name, each in named.items() if each.ended_at is None or period.interval.start <= each.ended_at)
        found[tuple(live)].add(period.label)
    return found


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


def _keep(
    contract: Contract,
    before: Sequence[Recovery],
    recoveries: Sequence[Recovered],
    answering: Mapping[str, Contract],
) -> None:
    """Keep what affiliates answer for as it is known now; what nobody answers for any more is nothing."""
    periods = {each.label: each for each in Period.objects.filter(contract=contract)}
    kept = set()
    for recovery in recoveries:
        seen: set[str] = set()
        for found in recovery.claims:
            # What affiliates owe one another is not for us to claim.
            if found.tier == 1:
                row, _ = Recovery.objects.update_or_create(
                    period=periods[recovery.period.label],
                    underpinning=answering[found.agreement],
                    outcome=recovery.outcome,
                    defaults=_said(recovery, found, first=found.affiliate not in seen),
                )
                kept.add(row.pk)
                seen.add(found.affiliate)
    gone = [each.pk for each in before if each.pk not in kept]
    Recovery.objects.filter(pk__in=gone).update(credit=0, caused=0, owed=0, own={})


def _said(recovery: Recovered, found: Found, *, first: bool) -> dict[str, object]:
    """Return what a row says; what an affiliate caused is said once, also if several agreements answer for it."""
    return {
        "own_outcome": found.own_outcome,
        "currency": recovery.credit.currency,
        "credit": recovery.credit.minor,
        "caused": found.attributed.minor if first else 0,
        "owed": found.amount.minor,
        "own": {f"{label}/{found.own_outcome}": each.minor for label, each in sorted(found.own.items())},
        "form": _form(recovery, found),
        "claim_by": found.deadline,
    }


def _form(recovery: Recovered, found: Found) -> dict[str, str | None]:
    return {
        "customer_credit": str(recovery.credit),
        "attributed": str(found.attributed),
        "own_outcome": found.own_outcome,
        "own_credit": str(found.own_credit),
        "shortfall": str(found.shortfall),
        "leakage": str(recovery.leakage),
        "deadline": None if found.deadline is None else show_instant(found.deadline),
    }


def _share_out(underpinning: Contract, now: datetime) -> None:
    """Let each customer's claims draw from the own credits of an agreement what others have not drawn.

    What was made comes first, as it was made; then the earliest period, and within it the agreement that was sold
    first. What can no longer be claimed comes last.
    """
    rows = list(Recovery.objects.filter(underpinning=underpinning).select_related("period").prefetch_related("claims"))
    rows.sort(key=lambda row: (_lapsed(row, now), row.period.starts_at, row.period.contract_id, row.outcome, row.pk))
    over = _over(rows)
    taken: Counter[str] = Counter()
    for row in rows:
        for claim in row.claims.all():
            if claim.state in _TAKING:
                taken.update(claim.drawn)
    asked = [
        sum(claim.amount - over.get(claim.pk, 0) for claim in row.claims.all() if claim.state in _ASKED) for row in rows
    ]
    wants = [Want(max(row.owed - had, 0), row.own) for row, had in zip(rows, asked, strict=True)]
    for row, drawn in zip(rows, shared(wants, taken), strict=True):
        _open(row, drawn)


def _lapsed(row: Recovery, now: datetime) -> bool:
    return row.claim_by is not None and now > row.claim_by


def _open(row: Recovery, drawn: Mapping[str, int]) -> None:
    """Keep the claim that is not made yet; nothing is none."""
    held = next((each for each in row.claims.all() if each.state == Claim.State.OPEN), None)
    amount = sum(drawn.values())
    if not amount:
        if held is not None:
            held.delete()
        return
    said = {
        "amount": amount,
        "drawn": dict(drawn),
        "form": {**row.form, "claim": str(Amount(amount, row.currency))},
        "claim_by": row.claim_by,
    }
    if held is None:
        Claim.objects.create(recovery=row, **said)
    else:
        Claim.objects.filter(pk=held.pk).update(**said)


def _over(rows: Sequence[Recovery]) -> Mapping[int, int]:
    """Keep what was claimed beyond what is owed now, of a credit or of an own credit; the latest claim has it first."""
    made = [(each, row) for row in rows for each in row.claims.all() if each.state in _TAKING]
    own: Counter[str] = Counter()
    for row in rows:
        own |= Counter(row.own)  # of what customers show, the most counts
    owed = {row.pk: row.owed for row in rows}
    found = {}
    for claim, row in sorted(made, key=lambda pair: pair[0].pk):
        over = claim.amount
        for name, drawn in sorted(claim.drawn.items()):
            part = min(drawn, own[name], owed[row.pk])
            own[name] -= part
            owed[row.pk] -= part
            over -= part
        found[claim.pk] = over
        if over != claim.over:
            Claim.objects.filter(pk=claim.pk).update(over=over)
    return found
