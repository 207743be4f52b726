"""Points: misses are counted in points, and points become credits or rights by a table."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from makegood.engine.agreement.schedule import contract_year
from makegood.engine.agreement.sequences.parts import Undecided
from makegood.engine.agreement.sequences.points import Balance, Band, Points, PointsRow, Rows
from makegood.engine.agreement.shapes import Share
from makegood.engine.agreement.versions import outcomes_of
from makegood.engine.judging.verdict import Ruling
from makegood.engine.money.context import Context
from makegood.engine.money.credit import Right
from makegood.engine.money.line import Line, Remedied
from makegood.engine.money.rounded import credit_of
from makegood.engine.money.sequences.history import Entry, history
from makegood.engine.money.sequences.repeat import step_of_run
from makegood.engine.vocabulary.amount import Amount
from makegood.engine.vocabulary.period import Period
from makegood.engine.vocabulary.ratio import Ratio
from makegood.engine.vocabulary.reason import Reason


@dataclass(frozen=True, slots=True)
class Tally:
    """The points of one period: of all outcomes together, and the balance that the table looks at."""

    year: int
    points: Ratio
    balance: Ratio


def points_of_miss(bands: Sequence[Band], value: Ratio | None, *, higher_is_better: bool) -> Ratio:
    """Return the points of a miss by its value.

    Unit: points.
    Rule: without bands a miss is one point; else the worst band that applies decides, a bound itself lying outside of
        it; a miss in no band has none. A miss without a value has the points of the mildest band.
    Source: docs/explanation/money/points.md

    >>> from makegood.engine.agreement.shapes import LEVEL
    >>> bands = [Band(below=LEVEL.read(f"{bound}%"), points=Ratio(points)) for bound, points in ((99, 1), (98, 2))]
    >>> str(points_of_miss(bands, Ratio(975, 1000), higher_is_better=True))
    '2'
    """
    if not bands:
        return Ratio(1)
    ordered = sorted(bands, key=lambda band: _depth(band, higher_is_better=higher_is_better))
    if value is None:
        return ordered[0].points
    applying = [band for band in ordered if _applies(band, value)]
    return applying[-1].points if applying else Ratio(0)


def _depth(band: Band, *, higher_is_better: bool) -> tuple[bool, Ratio]:
    bound = band.below or band.above
    if bound is None:
        return False, Ratio(0)
    return True, -bound.value if higher_is_better else bound.value


def _applies(band: Band, value: Ratio) -> bool:
    if band.below is not None:
        return value < band.below.value
    return band.above is None or value > band.above.value


def points_of(entries: Sequence[Entry], term: Points, *, higher_is_better: bool) -> tuple[Ratio, ...]:
    """Return the points of an outcome in each of its periods.

    Unit: points.
    Rule: a period that is not missed has none; a miss has those of its band, or of its step on the ladder of
        consecutive misses. One that follows a miss is multiplied by the repeat factor; a met period resets that.
    Source: docs/explanation/money/points.md

    >>> nothing = Amount.zero("EUR")
    >>> months = [Entry("m", 0, Ruling(ruling), None, nothing) for ruling in ("MISSED", "MISSED", "MET", "MISSED")]
    >>> [str(points) for points in points_of(months, Points(repeat_factor=Ratio(2)), higher_is_better=True)]
    ['1', '2', '0', '1']
    """
    found = []
    run = 0
    for entry in entries:
        points = Ratio(0)
        if entry.missed:
            run += 1
            points = points_of_miss(term.bands, entry.value, higher_is_better=higher_is_better)
            points = step_of_run(term.consecutive, run) if term.consecutive else points
            points = points * term.repeat_factor if run > 1 else points
        elif entry.ruling is Ruling.MET or term.undecided is Undecided.ENDS_RUN:
            run = 0
        found.append(points)
    return tuple(found)


def balances(points: Sequence[tuple[int, Ratio]], term: Points) -> tuple[Tally, ...]:
    """Return the balance of points after each period.

    Unit: points; the periods are given as contract year and points.
    Rule: what the table looks at: the points of the period alone, or those carried within the contract year or the
        term; in a period without points so many lapse as ``decay`` says, and never more than there are.
    Source: docs/explanation/money/points.md

    >>> term = Points(balance=Balance.TERM, decay=Ratio(2))
    >>> [str(tally.balance) for tally in balances([(0, Ratio(3)), (0, Ratio(0)), (1, Ratio(4))], term)]
    ['3', '1', '5']
    """
    found: list[Tally] = []
    for year, new in points:
        carried = _carried(term, [*found[-1:], Tally(year, new, Ratio(0))])
        balance = carried + new if new else max(carried - term.decay, Ratio(0))
        found.append(Tally(year, new, balance))
    return tuple(found)


def worth(table: Sequence[PointsRow], rows: Rows, points: Ratio, base: Ratio) -> Ratio:
    """Return what so many points are worth by a table.

    Unit: major units of the currency, exactly; nothing is rounded here.
    Rule: with ``highest`` the last row that is reached pays, once; with ``each_point`` every point pays by the row it
        lies in, the point that reaches a row being the first of it. A row that only gives a right is none of them.
    Source: docs/explanation/money/points.md

    >>> table = [PointsRow(at_least=Ratio(3), credit=Share(Ratio(1, 20))),
    ...          PointsRow(at_least=Ratio(6), credit=Share(Ratio(1, 10)))]
    >>> [str(worth(table, rows, Ratio(7), Ratio(1000))) for rows in Rows]
    ['100', '350']
    """
    ordered = sorted(table, key=lambda row: row.at_least)
    paying = [(row.at_least, _worth(row.credit, base)) for row in ordered if row.credit is not None]
    if rows is Rows.HIGHEST:
        reached = [pays for at_least, pays in paying if points >= at_least]
        return reached[-1] if reached else Ratio(0)
    starts = [max(at_least - 1, Ratio(0)) for at_least, _ in paying]
    ends = [min(points, end) for end in [*starts[1:], points]]
    parts = zip(paying, starts, ends, strict=True)
    return sum((pays * max(end - start, Ratio(0)) for (_, pays), start, end in parts), Ratio(0))


def _worth(credit: Share | Amount, base: Ratio) -> Ratio:
    return base * credit.of_base if isinstance(credit, Share) else credit.value


def pointed(name: str, term: Points, context: Context, lines: tuple[Line, ...]) -> Remedied:
    """Return the lines with one of the sequence itself: what the points of the period pay.

    Unit: amount in the agreement's currency, rounded once.
    Rule: the table is looked up by the balance. Where points are carried a period pays only what the balance is worth
        beyond the most that was paid for in the same stretch, so that no point is paid twice. A row that gives a
        right gives it when the balance reaches it.
    Source: docs/explanation/money/points.md

    >>> Points().balance.value
    'period'
    """
    each = _points(term, context, lines)
    calendar = [(period.label, contract_year(context.agreement.term, period.first_day)) for period in _periods(context)]
    sums = [(year, sum((found.get(label, Ratio(0)) for found in each.values()), Ratio(0))) for label, year in calendar]
    tallies = balances(sums, term)
    base, why = context.sums.share(term.base)
    due = _due(term, tallies, base)
    amount = credit_of(due, context.agreement.money)
    told = [
        Reason(f"points of {outcome}", str(found[calendar[-1][0]]), rule="points")
        for outcome, found in each.items()
        if calendar[-1][0] in found
    ]
    text = f"{name}: {tallies[-1].points} points in the period, and {tallies[-1].balance} for the table"
    reason = Reason(text, str(amount), (*told, *((why,) if due else ())), rule="points")
    rights = _rights(name, term, tallies, reason)
    if not any(row.credit for row in term.table):
        return Remedied(lines, reason, rights)
    return Remedied((*lines, Line(name, amount, amount, (reason,))), reason, rights)


def _points(term: Points, context: Context, lines: tuple[Line, ...]) -> dict[str, dict[str, Ratio]]:
    """Return the points of each outcome by the label of the period, also of one that a new version left out."""
    found = {}
    for outcome, terms in (outcomes_of(context.agreement) | context.agreement.outcomes).items():
        if term.of and outcome not in term.of:
            continue
        entries = history(context, outcome, lines)
        points = points_of(entries, term, higher_is_better=terms.target.higher_is_better)
        found[outcome] = {entry.label: each for entry, each in zip(entries, points, strict=True)}
    return found


def _periods(context: Context) -> tuple[Period, ...]:
    return tuple(judgement.period for judgement in (*context.past.judgements, context.judgement))


def _due(term: Points, tallies: Sequence[Tally], base: Ratio) -> Ratio:
    now, before = tallies[-1], tallies[:-1]
    due = worth(term.table, term.rows, now.balance, base)
    if term.balance is Balance.PERIOD:
        return due
    if term.balance is Balance.CONTRACT_YEAR:
        before = tuple(tally for tally in before if tally.year == now.year)
    paid = max((worth(term.table, term.rows, tally.balance, base) for tally in before), default=Ratio(0))
    return max(due - paid, Ratio(0))


def _rights(name: str, term: Points, tallies: Sequence[Tally], reason: Reason) -> tuple[Right, ...]:
    before, now = _carried(term, tallies), tallies[-1].balance
    return tuple(Right(row.gives, name, "", reason) for row in term.table if row.gives and before < row.at_least <= now)


def _carried(term: Points, tallies: Sequence[Tally]) -> Ratio:
    """Return the balance that the last period began with: nothing where it lapsed before."""
    if len(tallies) < 2 or term.balance is Balance.PERIOD:
        return Ratio(0)
    if term.balance is Balance.CONTRACT_YEAR and tallies[-2].year != tallies[-1].year:
        return Ratio(0)
    return tallies[-2].balance
