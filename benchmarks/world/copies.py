"""Rows of one agreement again for another: periods, verdicts, statements, postings and reports of the same shape."""

from __future__ import annotations

import shutil
from collections.abc import Callable
from copy import copy
from typing import Any, Final

from django.db import transaction

from makegood.platform.agreement.contracts.models import Contract
from makegood.platform.evidence.intake.models import Batch
from makegood.platform.evidence.intake.queries import vault_folder
from makegood.platform.judging.periods.models import Period, PeriodState
from makegood.platform.judging.verdicts.models import Latest, Verdict
from makegood.platform.money.ledger.models import Account, Entry, Posting
from makegood.platform.money.settlement.models import Statement
from makegood.platform.review.reports.models import Report

PATHS: Final[dict[type[Any], str]] = {
    Batch: "contract",
    Period: "contract",
    Verdict: "period__contract",
    Latest: "period__contract",
    Statement: "contract",
    Account: "contract",
    Entry: "period__contract",
    Posting: "entry__period__contract",
    Report: "period__contract",
}
"""What an agreement has that lived through its months, and the way to it; what others refer to comes first."""


class Pattern:
    """All rows that an agreement has, to be written again for others."""

    def __init__(self, contract: Contract) -> None:
        self.contract = contract
        self._rows = {table: rows_of(table, contract) for table in PATHS}

    @transaction.atomic
    def apply_to(self, contract: Contract) -> None:
        """Write the rows for another agreement, and lay its vault beside its own."""
        shutil.copytree(vault_folder(self.contract), vault_folder(contract))
        self._copied(Batch, contract=lambda _: contract)
        periods = self._copied(Period, contract=lambda _: contract, state=lambda _: PeriodState.OPEN, closed_at=_none)
        in_period = {"period": lambda each: periods[each.period_id]}
        verdicts = self._copied(Verdict, **in_period)
        self._copied(Latest, **in_period, verdict=lambda each: verdicts[each.verdict_id])
        self._copied(Statement, **in_period, contract=lambda _: contract)
        accounts = self._copied(Account, contract=lambda _: contract)
        entries = self._copied(Entry, **in_period, key=lambda each: f"{contract.pk}/{each.key.partition('/')[2]}")
        self._copied(Posting, entry=lambda each: entries[each.entry_id], account=lambda each: accounts[each.account_id])
        self._copied(Report, **in_period)
        for before in self._rows[Period]:
            if before.state == PeriodState.CLOSED:
                Period.objects.filter(pk=periods[before.pk].pk).update(state=before.state, closed_at=before.closed_at)

    def _copied(self, table: type[Any], **changed: Callable[[Any], object]) -> dict[int, Any]:
        """Write the rows of a table again with some fields changed; return the new ones by the old keys."""
        made = {}
        for each in self._rows[table]:
            row = copy(each)
            row.pk = None
            for name, value in changed.items():
                setattr(row, name, value(each))
            made[each.pk] = row
        table.objects.bulk_create(made.values(), batch_size=500)
        return made


def rows_of(table: type[Any], contract: Contract) -> list[Any]:
    """Return what an agreement has in a table."""
    return list(table.objects.filter(**{PATHS[table]: contract}).order_by("pk"))


def _none(_row: object) -> None:
    return None
