"""Back to back: what suppliers owe for what the customer was credited, tier by tier, and what leaks."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta

from makegood.engine.agreement.schedule import disputable_until, periods_of
from makegood.engine.agreement.terms import Agreement
from makegood.engine.agreement.underpinning import Supplier, suppliers, underpinning_outcome
from makegood.engine.evidence.body import Evidence
from makegood.engine.judging.attribution import NOBODY, attribution
from makegood.engine.judging.judge import judge_periods
from makegood.engine.judging.verdict import Judgement
from makegood.engine.money.account import account_credits
from makegood.engine.money.apportionment import apportioned
from makegood.engine.money.credit import PeriodCredits
from makegood.engine.money.finality import Standing
from makegood.engine.vocabulary.amount import Amount
from makegood.engine.vocabulary.interval import Interval
from makegood.engine.vocabulary.period import Period
from makegood.engine.vocabulary.ratio import Ratio


@dataclass(frozen=True, slots=True)
class Claim:
    """What one supplier owes for one outcome that was sold; ``tier`` 1 is owed to the provider itself.

    ``own_outcome`` is the one of the supplier's agreement that carries it, empty if none does. ``own_credit`` is what
    was left of its credits, and ``own`` all that it credits, by label of its own periods.
    """

    tier: int
    affiliate: str
    agreement: str
    own_outcome: str
    attributed: Amount
    own_credit: Amount
    amount: Amount
    deadline: datetime | None
    own: dict[str, Amount] = field(default_factory=dict)

    @property
    def shortfall(self) -> Amount:
        """What was attributed to the supplier and its agreement does not pay."""
        return self.attributed - self.amount


@dataclass(frozen=True, slots=True)
class Recovery:
    """One credit of the customer, attributed to parties, with the claims on suppliers of every tier."""

    period: Period
    outcome: str
    credit: Amount
    attributed: dict[str, Amount]
    claims: tuple[Claim, ...]

    @property
    def recovered(self) -> Amount:
        """What the provider itself can claim."""
        return Amount.total((each.amount for each in self.claims if each.tier == 1), self.credit.currency)

    @property
    def leakage(self) -> Amount:
        """What stays with the provider."""
        return self.credit - self.recovered


@dataclass(slots=True)
class _Purse:
    """The own credits of one agreement in one period, and what of them is not claimed yet."""

    deadline: datetime | None
    left: dict[str, Amount] = field(default_factory=dict)
    own: dict[str, dict[str, Amount]] = field(default_factory=dict)
    deadlines: dict[str, datetime | None] = field(default_factory=dict)


def back_to_back(
    *,
    agreement: Agreement,
    underpinning: Sequence[Agreement],
    periods: Sequence[Period],
    evidence: Evidence,
    standing: Standing = Standing(),  # noqa: B008  # a value
) -> tuple[Recovery, ...]:
    """Return what can be recovered from suppliers of each credit of the customer.

    Unit: amounts in the currency of the agreement that was sold; one entry a credited outcome and period.
    Rule: a credit is attributed to parties by what they caused; a claim is the smaller of the attributed share and the
        credit of the supplier's own agreement on the same evidence, each own credit used once; what a supplier pays
        is passed on to those below it in the same way. All periods from the first on are given.
    Source: docs/explanation/money/back-to-back.md

    >>> from makegood.engine.agreement.catalogue import GOOD
    >>> from makegood.engine.agreement.document import read
    >>> shop = read(GOOD).agreement
    >>> back_to_back(agreement=shop, underpinning=(), periods=periods_of(shop)[:1], evidence=Evidence())
    ()
    """
    tree = suppliers(agreement, underpinning)
    judgements = judge_periods(agreement, periods, evidence)
    credits = account_credits(agreement, judgements, standing)
    accounts = {
        each.agreement.agreement: _account(each.agreement, periods, evidence) for top in tree for each in top.all()
    }
    found: list[Recovery] = []
    for judgement, credited in zip(judgements, credits, strict=True):
        purses = {
            each.agreement.agreement: _purse(each, accounts[each.agreement.agreement], judgement.period)
            for top in tree
            for each in top.all()
        }
        found += _recoveries(agreement, tree, purses, judgement, credited, evidence)
    return tuple(found)


def _claims_on(
    agreement: Agreement,
    tree: Sequence[Supplier],
    purses: Mapping[str, _Purse],
    *,
    outcome: str,
    parts: Mapping[str, Amount],
    tier: int = 1,
) -> Iterator[Claim]:
    """Yield the claims on suppliers of every tier for one credit that was attributed to parties."""
    open_ = dict(parts)
    for supplier in tree:
        concerned = {party: open_[party] for party in sorted(supplier.parties & open_.keys())}
        attributed = Amount.total(concerned.values(), agreement.money.currency)
        if not attributed:
            continue
        claim = _claim(agreement, supplier, purses[supplier.agreement.agreement], outcome, attributed, tier)
        yield claim
        if not claim.amount:
            continue
        paid = apportioned(claim.amount, {party: each.minor for party, each in concerned.items()})
        open_ |= {party: each - paid[party] for party, each in concerned.items()}
        yield from _claims_on(
            supplier.agreement, supplier.below, purses, outcome=claim.own_outcome, parts=paid, tier=tier + 1
        )


def _claim(
    agreement: Agreement, supplier: Supplier, purse: _Purse, outcome: str, attributed: Amount, tier: int
) -> Claim:
    own = underpinning_outcome(agreement, supplier.agreement, outcome)
    own_credit = purse.left.get(own, Amount.zero(attributed.currency))
    amount = min(own_credit, attributed)
    if own in purse.left:
        purse.left[own] = own_credit - amount
    return Claim(
        tier=tier,
        affiliate=supplier.party,
        agreement=supplier.agreement.agreement,
        own_outcome=own,
        attributed=attributed,
        own_credit=own_credit,
        amount=amount,
        deadline=purse.deadlines.get(own, purse.deadline),
        own=purse.own.get(own, {}),
    )


def _recoveries(
    agreement: Agreement,
    tree: Sequence[Supplier],
    purses: Mapping[str, _Purse],
    judgement: Judgement,
    credited: PeriodCredits,
    evidence: Evidence,
) -> Iterator[Recovery]:
    """Yield what can be recovered of each credit of one period."""
    for credit in credited.credits:
        verdict = judgement.find(credit.outcome)
        if credit.amount.minor <= 0:
            continue
        shares = attribution(verdict.measurement, evidence) if verdict is not None else {NOBODY: Ratio(1)}
        parts = apportioned(credit.amount, shares)
        claims: Iterator[Claim] = iter(())
        if verdict is not None:
            claims = _claims_on(agreement, tree, purses, outcome=credit.outcome, parts=parts)
        yield Recovery(judgement.period, credit.outcome, credit.amount, parts, tuple(claims))


def _account(
    agreement: Agreement, periods: Sequence[Period], evidence: Evidence
) -> list[tuple[Judgement, PeriodCredits]]:
    """Return verdicts and credits of a supplier's agreement, from its first period to the last that is asked about.

    What has to be claimed is credited as if it were claimed in time: that is what a claim is for.
    """
    until = max((each.interval.end for each in periods), default=None)
    asked = [each for each in periods_of(agreement) if until is not None and _middle(each.interval) < until]
    judgements = judge_periods(agreement, asked, evidence)
    versions = tuple(replace(each, claims=None) for each in agreement.versions)
    credits = account_credits(replace(agreement, claims=None, versions=versions), judgements)
    return list(zip(judgements, credits, strict=True))


def _purse(supplier: Supplier, account: Sequence[tuple[Judgement, PeriodCredits]], period: Period) -> _Purse:
    """Return the own credits that fall into a period of the customer: those of periods that have their middle in it."""
    here = [each for each in account if period.interval.contains(_middle(each[0].period.interval))]
    purse = _Purse(max((disputable_until(supplier.agreement, each.period) for each, _ in here), default=None))
    for judgement, credits in here:
        purse.deadlines |= {claim.outcome: claim.deadline for claim in judgement.claims}
        for credit in credits.credits:
            zero = Amount.zero(credit.amount.currency)
            owed = max(credit.amount, zero)
            purse.left[credit.outcome] = purse.left.get(credit.outcome, zero) + owed
            purse.own.setdefault(credit.outcome, {})[judgement.period.label] = owed
    return purse


def _middle(interval: Interval) -> datetime:
    return interval.start + timedelta(seconds=interval.seconds // 2)
