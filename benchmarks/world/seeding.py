"""Filling the house: one agreement lives through its months by the operations, the others get rows of that shape."""

from __future__ import annotations

import json
import random
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from typing import Final

from benchmarks.world.agreed import NOW, OWNER, agree, seen_by, settle_customer, settle_house
from benchmarks.world.copies import Pattern
from makegood.platform.agreement.contracts.models import Contract
from makegood.platform.evidence.intake.operations import receive_records
from makegood.platform.judging.verdicts.operations import judge_open
from makegood.platform.money.settlement.operations import close_due
from makegood.platform.review.reports.operations import make_reports_due
from makegood.platform.tenancy.viewer import Site

_BEGAN: Final = datetime(2023, 2, 28, 23, tzinfo=UTC)
_SUBJECTS: Final = ("front", "till")


def seed(customers: int, agreements: int, records: int) -> None:
    """Make customers with agreements, of which each has some records and all months up to now, closed and reported."""
    settle_house()
    made = [agree(each, number) for each in map(settle_customer, range(customers)) for number in range(agreements)]
    first, *others = made
    live_through(first, records)
    pattern = Pattern(first)
    for each in others:
        pattern.apply_to(each)


def live_through(contract: Contract, records: int) -> None:
    """Take evidence, judge, close and report by the operations."""
    by = seen_by(OWNER, Site.CONSOLE)
    receive_records(contract=contract, lines=_states(records), key="all", by=by, now=NOW)
    judge_open(contract=contract, now=NOW)
    close_due(contract=contract, by=by, now=NOW, without_actions="a house to measure pages in")
    judge_open(contract=contract, now=NOW)
    make_reports_due(now=NOW)


def _states(records: int) -> Iterator[str]:
    """Yield so many states: both subjects are up for hours on end, and down for some minutes now and then."""
    drawn = random.Random(2026)  # noqa: S311  # the same world each time
    each = (NOW - _BEGAN) / (records // 2)
    for subject in _SUBJECTS:
        for number in range(records // 2):
            start, end = _BEGAN + number * each, _BEGAN + (number + 1) * each
            down = number % 9 == 0 and drawn.random() < 0.3
            middle = start + timedelta(minutes=drawn.randint(2, 55)) if down else end
            if down:
                yield _state(subject, "down", start, middle)
            yield _state(subject, "up", start if not down else middle, end)


def _state(subject: str, status: str, start: datetime, end: datetime) -> str:
    said = {"kind": "state", "source": "probes", "source_id": f"{subject}-{start:%Y%m%dT%H%M%S}-{status}"}
    said |= {"subject": subject, "status": status, "start": _at(start), "end": _at(end)}
    return json.dumps(said)


def _at(moment: datetime) -> str:
    return f"{moment:%Y-%m-%dT%H:%M:%SZ}"
