"""Closing: what is due is settled in the book of the vault, and the database follows the book."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime

from django.db import transaction

from makegood.engine.agreement.chain import trouble_with_closed
from makegood.engine.agreement.versions import outcomes_of
from makegood.engine.money.closing import Closing
from makegood.platform.agreement.contracts.models import Contract
from makegood.platform.agreement.contracts.queries import activated, chain_until, contracts
from makegood.platform.evidence.intake.operations import patiently, write_decisions, writing
from makegood.platform.evidence.intake.queries import open_vault
from makegood.platform.evidence.service_desk.operations import send_steps
from makegood.platform.jobs import enqueue
from makegood.platform.judging.periods.models import Period
from makegood.platform.judging.periods.operations import lay_out_periods
from makegood.platform.money.settlement.events import STATEMENTS_ISSUED
from makegood.platform.money.settlement.models import CorrectiveAction, Statement
from makegood.platform.money.settlement.operations.stating import Workspace, state_runs
from makegood.platform.tenancy.parties.queries import house
from makegood.platform.tenancy.trail.operations import Unable, operation, record
from makegood.platform.tenancy.viewer import Role, Site, Viewer
from makegood.vault.settling import settle_due
from makegood.vault.vault import Vault

_CLOSERS = (Role.OWNER, Role.SERVICE_MANAGER, Role.BILLING)


class UnableToClose(Unable):
    """Nothing was closed and nothing booked."""


class NeverActive(UnableToClose):
    def __init__(self) -> None:
        super().__init__("this agreement was never active; there is nothing to close")


class ActionsLacking(UnableToClose):
    """Credits are due, and nobody said what is done so that it does not happen again."""

    def __init__(self, lacking: Sequence[tuple[str, str]]) -> None:
        named = ", ".join(f"{outcome} in {period}" for period, outcome in lacking)
        super().__init__(f"write first what is done so that it does not happen again: {named}")
        self.lacking = tuple(lacking)


def close_due(*, contract: Contract, by: Viewer | None, now: datetime, without_actions: str = "") -> list[Statement]:
    """Close every period whose time has come, book what changed in closed ones, and return the new statements.

    Without ``by`` it is the schedule that closes. A credit wants a corrective action first; the owner may do without,
    and says why. Whoever dies in the middle leaves it to the next call: what the book has is not booked again.

    :raises ActionsLacking: if a credit has no corrective action
    """
    who = by or Viewer(name="the schedule", house=house().pk)
    if by is not None:
        _refuse_others(contract=contract, by=by, now=now, without_actions=without_actions)
    finished = _finished(contract, who, now)
    return finished + _closed(contract=contract, by=who, now=now, without_actions=without_actions.strip())


@operation("close periods", about="contract")
def _closed(*, contract: Contract, by: Viewer, now: datetime, without_actions: str) -> list[Statement]:
    if not activated(contract=contract):
        raise NeverActive
    write_decisions(contract=contract, now=now)
    send_steps(contract=contract, now=now)
    with writing(contract) as vault:
        opened = _opened(contract, vault)
        lay_out_periods(contract=contract, now=now)
        _refuse_another_text(opened)
        lacking = _lacking(opened, _settled(opened, now, keep=False))
        if lacking and not without_actions:
            raise ActionsLacking(lacking)
        patiently(lambda: _settled(opened, now, keep=True))
        made = state_runs(opened)
    _tell(contract, made, by, now, without_actions if lacking else "")
    return made


@transaction.atomic
def _finished(contract: Contract, by: Viewer, now: datetime) -> list[Statement]:
    """Make the statements that the book has and the database has not, as whoever died before he had made them."""
    if open_vault(contract=contract) is None or not activated(contract=contract):
        return []
    with writing(contract) as vault:
        lay_out_periods(contract=contract, now=now)
        made = state_runs(_opened(contract, vault))
    _tell(contract, made, by, now, "")
    return made


@operation("close periods", about="contract")
def _refuse_others(*, contract: Contract, by: Viewer, now: datetime, without_actions: str) -> None:
    del now
    seen = contracts(viewer=by).filter(pk=contract.pk).exists()
    if not seen or by.site is not Site.CONSOLE or not by.has(*_CLOSERS):
        raise UnableToClose("periods are closed by owners, service managers and billing of the provider")
    if without_actions and not by.has(Role.OWNER):
        raise UnableToClose("only an owner closes a period without corrective actions")


def _opened(contract: Contract, vault: Vault) -> Workspace:
    chain = chain_until(activated(contract=contract))
    if chain is None or chain.agreement is None:
        raise NeverActive
    return Workspace(contract, chain, chain.agreement, vault)


def _settled(opened: Workspace, now: datetime, *, keep: bool) -> tuple[Closing, ...]:
    last = Period.objects.filter(contract=opened.contract, closes_at__isnull=False).order_by("starts_at").last()
    return settle_due(
        document=opened.chain.documents[-1],
        agreement=opened.agreement,
        vault=opened.vault,
        book=opened.book,
        due_at=now if last is None or last.closes_at is None else min(now, last.closes_at),
        now=now,
        keep=keep,
    )


def _refuse_another_text(opened: Workspace) -> None:
    """Refuse a text that does not lead on from the one that was settled last."""
    book = opened.book
    if not book.runs:
        return
    before = opened.chain.until(book.runs[-1].digest)
    if before is None:
        raise UnableToClose("periods were closed under another text than any that is in force; amend that one")
    trouble = trouble_with_closed(before, opened.agreement, book.closed)
    if trouble:
        raise UnableToClose(f"the newest version reaches back into what was settled: {trouble}")


def _lacking(opened: Workspace, closings: Sequence[Closing]) -> list[tuple[str, str]]:
    """Return the periods and outcomes that would be credited more than before and have no corrective action."""
    outcomes = outcomes_of(opened.agreement)
    actions = CorrectiveAction.objects.filter(period__contract=opened.contract)
    acted = set(actions.values_list("period__label", "outcome"))
    wanted = {
        (each.for_period, each.outcome): None
        for closing in closings
        for each in closing.postings
        if each.amount.minor > 0 and each.outcome in outcomes
    }
    return [each for each in wanted if each not in acted]


def _tell(contract: Contract, made: Sequence[Statement], by: Viewer, now: datetime, without_actions: str) -> None:
    if not made:
        return
    record(
        by=by,
        did="close periods",
        about=str(contract),
        now=now,
        organisation=contract.customer_id if contract.provider_id == by.house else contract.provider_id,
        contract=contract.slug,
        statements=[each.run for each in made],
        closed=[each.period.label for each in made if each.closes],
        **({"without_actions": without_actions} if without_actions else {}),
    )
    enqueue(STATEMENTS_ISSUED, once=f"{STATEMENTS_ISSUED}: {contract.pk}", contract=contract.pk)
