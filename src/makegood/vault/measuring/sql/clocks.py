"""The clocks of cases as SQL: how long each ran, and how it stands to its limit."""

from __future__ import annotations

from collections.abc import Mapping

import numpy as np
import pyarrow as pa

from makegood.engine.agreement.measures.within import Population
from makegood.vault.measuring.calendars import DAY, CompiledCalendars
from makegood.vault.measuring.clocks import tables
from makegood.vault.measuring.clocks.columns import Change
from makegood.vault.measuring.clocks.plan import ClockPlan
from makegood.vault.probes.columns import Column


def clocks_query(plan: ClockPlan) -> str:
    """Return the query for the cases of the table ``transitions``, a file of transitions or several of one numbering.

    It also needs the tables of ``clock_tables``. The answer has a row for each case of an agreement: ``number``,
    ``agreement``, the open seconds that its clock ran (``elapsed``), and the number of its ``standing``. A case whose
    transitions lie outside of the calendars is left to the law, as is one that sums do not cover.
    """
    follows = plan.reading.population is Population.OPENED_IN_PERIOD
    with_open = plan.reading.population is not Population.RESOLVED_IN_PERIOD
    return f"""\
WITH {_sums(plan)}, {_facts(plan)}
SELECT f.number, f.agreement, f.elapsed, CASE
    WHEN f.unclear = 1 THEN {tables.LEFT_TO_LAW}
    WHEN l.seconds IS NULL OR f.opened = 0 THEN {tables.ABSENT}
    WHEN f.stopped = 1 OR f.closed = 1 THEN CASE
        WHEN f.ended = 0 AND {int(follows)} = 0 THEN {tables.ABSENT}
        WHEN f.closed = 1 THEN {tables.NO_STOP}
        WHEN f.elapsed <= l.seconds THEN {tables.INSIDE} ELSE {tables.LATE} END
    WHEN {int(with_open)} = 0 THEN {tables.ABSENT}
    WHEN f.elapsed <= l.seconds THEN {tables.NOT_DUE} ELSE {tables.LATE} END AS standing
FROM facts AS f LEFT JOIN limits AS l ON l.agreement = f.agreement AND {tables.PRIORITY} * l.priority = f.priority
ORDER BY f.number
"""  # noqa: S608  # numbers of ours, and nothing that anybody typed


def clock_tables(plan: ClockPlan, agreement: Column, changes: tuple[Change, ...]) -> Mapping[str, pa.Table]:
    """Return the tables that the query needs by their names; ``agreement`` is that of each case, -1 for none.

    Unit: all columns are int64; ``days`` has a row for each open stretch of a day of UTC, at least one a day: its
        ``day`` in seconds since 1970, when in it the stretch ``opens`` and ``closes``, and at the first stretch of a
        day its ``base``, as ``CompiledCalendars`` has it.
    """
    numbers = np.flatnonzero(agreement >= 0)
    on_agreement, on_priority = (each.ravel() for each in np.indices(plan.calendar.shape))
    by_agreement, by_priority = np.nonzero(plan.limit != tables.NO_LIMIT)
    effects = plan.effects(changes)
    moment, change = (each.ravel() for each in np.indices(effects.run.shape))
    return {
        "cases": _table(number=numbers, agreement=agreement[numbers]),
        "effects": _table(
            change=change,
            moment=moment,
            run=effects.run.ravel(),
            facts=effects.facts.ravel(),
            marks=effects.marks.ravel(),
            priority=effects.priority[change],
        ),
        "calendars": _table(agreement=on_agreement, priority=on_priority, calendar=plan.calendar.ravel()),
        "limits": _table(agreement=by_agreement, priority=by_priority, seconds=plan.limit[by_agreement, by_priority]),
        "days": _days(plan.calendars),
    }


def _sums(plan: ClockPlan) -> str:
    """Return the part of the query that adds up what the transitions of each case say."""
    return f"""\
moves AS (
    SELECT t.case AS number, c.agreement, e.moment, e.run, e.facts, e.marks, e.priority, t.at AS happened,
        t.at - mod(mod(t.at, {DAY}) + {DAY}, {DAY}) AS day
    FROM transitions AS t JOIN cases AS c ON c.number = t.case
    JOIN effects AS e ON e.change = t.change
        AND e.moment = CASE WHEN t.at < {plan.start} THEN 0 WHEN t.at < {plan.end} THEN 1 ELSE 2 END
), parts AS (
    SELECT m.number, m.agreement, m.moment, m.marks, CASE WHEN d.slot > 0 THEN 0 ELSE m.facts END AS facts,
        m.run * (d.base + LEAST(GREATEST(m.happened - m.day, d.opens), d.closes)) AS seconds
    FROM moves AS m
    LEFT JOIN calendars AS c ON c.agreement = m.agreement AND c.priority = m.priority
    LEFT JOIN days AS d ON d.calendar = c.calendar AND d.day = m.day
), sums AS (
    SELECT p.number, p.agreement, CAST(SUM(p.facts) AS BIGINT) AS facts,
        CAST(SUM(CASE WHEN p.moment < 2 THEN p.seconds ELSE 0 END) AS BIGINT) AS seconds,
        CAST(SUM(CASE WHEN p.moment = 2 THEN p.seconds ELSE 0 END) AS BIGINT) AS later,
        MAX(CASE WHEN p.marks >= {tables.UNCLEAR} OR p.seconds IS NULL THEN 1 ELSE 0 END) AS unclear,
        MAX(mod(p.marks, {2 * tables.ENDED})) AS ended
    FROM parts AS p GROUP BY p.number, p.agreement
)"""  # noqa: S608  # as above


def _facts(plan: ClockPlan) -> str:
    """Return the part that takes the facts of a case from their sum: without division, each by a remainder."""
    stopped, closed, opened = (
        f"CASE WHEN mod(s.facts, {2 * bit}) >= {bit} THEN 1 ELSE 0 END"
        for bit in (tables.STOPPED, tables.CLOSED, tables.OPENED)
    )
    return f"""\
facts AS (
    SELECT s.number, s.agreement, s.ended, s.facts - mod(s.facts, {tables.PRIORITY}) AS priority,
        CASE WHEN s.unclear = 1 OR s.facts < 0 OR s.facts >= {tables.PRIORITY * plan.limit.shape[1]}
            THEN 1 ELSE 0 END AS unclear,
        {stopped} AS stopped, {closed} AS closed, {opened} AS opened,
        s.seconds + s.later * {stopped} AS elapsed
    FROM sums AS s
)"""  # noqa: S608  # as above


def _days(calendars: CompiledCalendars) -> pa.Table:
    row, slot = (each.ravel() for each in np.indices(calendars.stretches.shape[:2]))
    opens, closes = calendars.stretches.reshape(-1, 2).T
    wanted = (slot == 0) | (closes > opens)
    calendar, day = np.divmod(row, calendars.days)
    days = {
        "calendar": calendar,
        "day": (calendars.first + day) * DAY,
        "slot": slot,
        "base": np.where(slot == 0, calendars.base[row], 0),
        "opens": opens,
        "closes": closes,
    }
    return _table(**{name: column[wanted] for name, column in days.items()})


def _table(**columns: Column) -> pa.Table:
    return pa.table({name: column.astype(np.int64) for name, column in columns.items()})
