"""The promises of a case as they stand: each limit, how much of it is used, when it is over, and what pauses it."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import Final

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from makegood.engine.agreement.desk import Desk
from makegood.engine.agreement.measures.steps import Steps
from makegood.engine.agreement.measures.within import Within
from makegood.engine.agreement.shapes import Share
from makegood.engine.agreement.stakes import Stake, StepBase
from makegood.engine.agreement.terms import Agreement
from makegood.engine.judging.running import ClockState, RunningClock
from makegood.platform.evidence.service_desk.models import Case
from makegood.platform.evidence.service_desk.queries import clocks, clocks_of, desk_of, terms_of_case
from makegood.platform.judging.verdicts.queries import sees_money
from makegood.platform.tenancy.viewer import Site, Viewer

KEPT, MISSED, RUNNING, OVER, PAUSED = "kept", "missed", "running", "over", "paused"
_WORDS: Final = {
    KEPT: gettext_lazy("kept"),
    MISSED: gettext_lazy("missed"),
    RUNNING: gettext_lazy("running"),
    OVER: gettext_lazy("over the limit"),
    PAUSED: gettext_lazy("stands still"),
}
_WHOLE: Final = 100


@dataclass(frozen=True, slots=True)
class Promise:
    """A limit of a case now. ``percent`` is the part that is used, ``seconds`` are left until it is due, or over.

    ``refund`` says what a guaranteed step gives back that is not kept in time.
    """

    clock: RunningClock
    words: str
    standing: str
    percent: int
    seconds: int | None
    stake: int | None = None
    pauses: tuple[str, ...] = ()
    excluded: tuple[str, ...] = ()
    needs: tuple[str, ...] = ()
    word: str = ""
    refund: str = ""

    @property
    def is_open(self) -> bool:
        """Whether something still has to be done for it."""
        return self.standing in {RUNNING, OVER, PAUSED}

    @property
    def shown_standing(self) -> str:
        return str(_WORDS[self.standing])

    @property
    def bar(self) -> int:
        """How long its bar is, of a hundred."""
        return min(self.percent, _WHOLE)


@dataclass(frozen=True, slots=True)
class Panel:
    """All promises of a case, on whose clock and in which money."""

    promises: tuple[Promise, ...] = ()
    zone: str = "UTC"
    currency: str = ""
    desk: Desk = field(default_factory=Desk)
    has_terms: bool = False

    @property
    def steps(self) -> tuple[Promise, ...]:
        """The steps that are promised after an event and were not taken yet."""
        return tuple(each for each in self.promises if each.word and each.is_open)


def panel_of(*, viewer: Viewer, case: Case, now: datetime) -> Panel:
    """Return the promises of a case as the engine has them now; what a miss costs for those who may see money."""
    terms = terms_of_case(case)
    if terms is None:
        return Panel()
    inside = viewer.site is not Site.PORTAL  # what a miss would cost puts work in order; it decides nothing
    money = inside and case.contract is not None and sees_money(viewer=viewer, contract=case.contract)
    stakes = {(each.outcome, each.step): each.stake for each in clocks(viewer=viewer, case=case)} if money else {}
    found = tuple(_promises(terms, clocks_of(case=case, now=now), stakes, now))
    return Panel(found, terms.term.timezone, terms.money.currency, desk_of(terms), has_terms=True)


def _promises(
    terms: Agreement, running: tuple[RunningClock, ...], stakes: Mapping[tuple[str, str], int | None], now: datetime
) -> Iterator[Promise]:
    for each in running:
        outcome = terms.outcomes[each.outcome]
        measure, words = outcome.measure, outcome.promise or each.outcome
        pauses: tuple[str, ...] = ()
        needs: tuple[str, ...] = ()
        word = refund = ""
        if isinstance(measure, Within):
            pauses = tuple(sorted(measure.clock.pause))
        if isinstance(measure, Steps):
            step = measure.steps[each.step]
            words, needs, word = f"{words} {_('Step')}: {each.step}", step.needs, step.state
            refund = _refund(outcome.stake, each.step)
        yield Promise(
            clock=each,
            words=words,
            standing=_standing(each),
            percent=(each.used * _WHOLE).floor(),
            seconds=int((each.due_at - now).total_seconds()) if each.due_at is not None else None,
            stake=stakes.get((each.outcome, each.step)),
            pauses=tuple(name.replace("-", " ") for name in pauses),
            excluded=tuple(sorted(name.replace("_", " ") for name in getattr(measure, "excluded", ()))),
            needs=needs,
            word=word,
            refund=refund,
        )


def _refund(stake: Stake | None, step: str) -> str:
    """Say what a step gives back that is not kept; the customer is told as well."""
    term = stake.per_step if stake is not None else None
    rate = term.refunds.get(step) if term is not None else None
    if term is None or rate is None:
        return ""
    if not isinstance(rate, Share):
        return str(rate)
    said = {"part": rate}
    of_item = term.of is StepBase.ITEM_FEE
    return _("%(part)s of the fee of the item") % said if of_item else _("%(part)s of the fee at stake") % said


def _standing(clock: RunningClock) -> str:
    if clock.state is ClockState.STOPPED:
        return KEPT if clock.inside else MISSED
    if not clock.inside:
        return OVER
    return RUNNING if clock.state is ClockState.RUNNING else PAUSED
