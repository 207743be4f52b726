"""Statements: the runs of a book as rows, with verdicts and bookings; made again from the book they are the same."""

from __future__ import annotations

import hashlib
from collections.abc import Sequence
from dataclasses import dataclass
from itertools import groupby
from typing import Any

from makegood.engine.agreement.chain import Chain
from makegood.engine.agreement.measures.steps import Steps
from makegood.engine.agreement.schedule import periods_of
from makegood.engine.agreement.sequences.earn_back import EarnBack, EarnBackAverage, EarnBackFraction
from makegood.engine.agreement.terms import Agreement
from makegood.engine.agreement.versions import versions_of
from makegood.engine.evidence.body import Evidence
from makegood.engine.judging.asked import Asked
from makegood.engine.money.closing import AFTER_THE_TERM, Account, account
from makegood.engine.money.settlement import Posting
from makegood.engine.review.form import right_form
from makegood.engine.vocabulary.amount import Amount
from makegood.platform.agreement.contracts.models import Contract
from makegood.platform.judging.periods.models import Period
from makegood.platform.judging.periods.operations import after_the_term, close_period
from makegood.platform.judging.verdicts.models import Verdict
from makegood.platform.judging.verdicts.operations import Seen, keep_sums, keep_verdicts
from makegood.platform.money.ledger.models import Kind
from makegood.platform.money.ledger.operations import Booking, Line, book
from makegood.platform.money.settlement.models import Statement
from makegood.platform.money.settlement.operations.budgets import budget_bookings
from makegood.vault.book import Book
from makegood.vault.run import Run, posting_json
from makegood.vault.settling import void_disputes
from makegood.vault.vault import Vault


@dataclass(frozen=True, slots=True)
class Workspace:
    """A contract with its texts, its evidence and its book."""

    contract: Contract
    chain: Chain
    agreement: Agreement
    vault: Vault

    @property
    def book(self) -> Book:
        """The book as it is now."""
        return Book.open(self.vault, self.agreement.agreement)


def state_runs(opened: Workspace) -> list[Statement]:
    """Make the statements of those runs in the book that have none, and all that belongs to them."""
    stated = set(Statement.objects.filter(contract=opened.contract).values_list("run", flat=True))
    written = opened.book
    waiting = [run for run in written.runs if run.sequence not in stated]
    made = []
    for _, runs in groupby(waiting, key=lambda run: (run.snapshot, run.settled_at, run.digest)):
        made += _Together(opened, written, tuple(runs)).state()
    return made


@dataclass(frozen=True, slots=True)
class _Together:
    """Runs that were settled at once, from the same text and evidence."""

    opened: Workspace
    written: Book
    runs: tuple[Run, ...]

    def state(self) -> list[Statement]:
        """Make their statements, and restate the verdicts of periods that were closed before."""
        evidence = self._evidence()
        seen = self._account(evidence)
        said = Seen(self.runs[0].digest, evidence, self.runs[0].settled_at)
        periods = {each.label: each for each in Period.objects.filter(contract=self.opened.contract)}
        made = [self._statement(run, seen, periods, said) for run in self.runs]
        closed_now = {label for run in self.runs for label in run.closed}
        _keep(seen, periods, set(periods) - closed_now, said, Verdict.Stage.RESTATED)
        return made

    @property
    def _agreement(self) -> Agreement:
        return self.opened.chain.until(self.runs[0].digest) or self.opened.agreement

    def _evidence(self) -> Evidence:
        """Return the evidence that counted between the parties when the runs were settled."""
        first, agreement = self.runs[0], self._agreement
        closed_at = self.written.standing_before(first).closed_at
        void = void_disputes(agreement, self.opened.vault, closed_at, first.snapshot)
        return self.opened.vault.evidence(first.snapshot, without=void, asked=Asked.of(agreement), anew=True)

    def _account(self, evidence: Evidence) -> Account:
        """Return verdicts and credits of all closed periods, as they were when the runs were settled."""
        standing, agreement = self.written.standing_before(self.runs[0]), self._agreement
        labels = {*standing.closed_at, *(label for run in self.runs for label in run.closed)}
        periods = [each for each in periods_of(agreement) if each.label in labels]
        return account(agreement=agreement, periods=periods, evidence=evidence, standing=standing)

    def _statement(self, run: Run, seen: Account, periods: dict[str, Period], said: Seen) -> Statement:
        period = self._period(run, periods)
        _keep(seen, periods, set(run.closed), said, Verdict.Stage.CLOSED)
        currency = self._agreement.money.currency
        made = Statement.objects.create(
            contract=self.opened.contract,
            period=period,
            run=run.sequence,
            closes=bool(run.closed),
            total=Amount.total((each.amount for each in run.postings), currency).minor,
            currency=currency,
            lines=[self._line(each) for each in run.postings],
            rights=self._rights(run, seen),
            text_digest=run.digest,
            snapshot=run.snapshot,
            digest=hashlib.sha256(run.line("")).hexdigest(),
            issued_at=run.settled_at,
        )
        book(period=period, bookings=[*self._bookings(run), *self._budgets(run, seen)], now=run.settled_at)
        if run.closed:
            close_period(period=period, now=run.settled_at)
        return made

    def _period(self, run: Run, periods: dict[str, Period]) -> Period:
        if run.in_period == AFTER_THE_TERM:
            return after_the_term(contract=self.opened.contract, agreement=self._agreement)
        return periods[run.in_period]

    def _rights(self, run: Run, seen: Account) -> list[dict[str, Any]]:
        """Return the rights that arose up to a run's period and were told in no statement before."""
        earlier = Statement.objects.filter(contract=self.opened.contract).values_list("rights", flat=True)
        told = {_key(each) for rights in earlier for each in rights}
        later = self._closed_after(run)
        found = [
            {"period": each.period.label, **right_form(right)}
            for each in seen.credits
            for right in each.rights
            if each.period.label not in later
        ]
        return [each for each in found if _key(each) not in told]

    def _closed_after(self, run: Run) -> set[str]:
        return {label for each in self.runs if each.sequence > run.sequence for label in each.closed}

    def _budgets(self, run: Run, seen: Account) -> Sequence[Booking]:
        later = self._closed_after(run)
        return budget_bookings(
            contract=self.opened.contract,
            agreement=self._agreement,
            judgements=[each for each in seen.judgements if each.period.label not in later],
            run=run.sequence,
        )

    def _line(self, posting: Posting) -> dict[str, Any]:
        return {**posting_json(posting), "account": _kind(self._agreement, posting.outcome).value}

    def _bookings(self, run: Run) -> Sequence[Booking]:
        return [
            Booking(
                key=f"{self.opened.contract.pk}/{posting.id}",
                text=f"{posting.outcome} for {posting.for_period}: {posting.cause}",
                lines=(
                    Line(_kind(self._agreement, posting.outcome), posting.amount.currency, posting.amount.minor),
                    Line(Kind.DUE_TO_CUSTOMER, posting.amount.currency, -posting.amount.minor),
                ),
                cause={"run": run.sequence, "posting": posting.id, "snapshot": posting.snapshot},
            )
            for posting in run.postings
            if posting.amount.minor
        ]


def _keep(seen: Account, periods: dict[str, Period], labels: set[str], said: Seen, stage: Verdict.Stage) -> None:
    """Keep the verdicts and sums of some periods."""
    for judgement, credited in zip(seen.judgements, seen.credits, strict=True):
        if judgement.period.label in labels:
            period = periods[judgement.period.label]
            keep_sums(period=period, credited=credited)
            keep_verdicts(period=period, judgement=judgement, credited=credited, seen=said, stage=stage)


def _key(right: dict[str, Any]) -> tuple[str, str, str, str]:
    return right["period"], right["gives"], right["sequence"], right["outcome"]


def _kind(agreement: Agreement, name: str) -> Kind:
    """Return the account of what a line of a statement is called after."""
    for version in versions_of(agreement):
        if name in version.outcomes:
            return Kind.REFUNDS if isinstance(version.outcomes[name].measure, Steps) else Kind.CREDITS
        if name in version.incentives or name.removesuffix(".bonus") in version.outcomes:
            return Kind.BONUSES
        sequence = version.sequences.get(name)
        if sequence is not None:
            earns = isinstance(sequence, EarnBack | EarnBackAverage | EarnBackFraction)
            return Kind.EARNED_BACK if earns else Kind.CREDITS
    return Kind.OTHER
