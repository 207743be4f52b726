"""The status of probes as SQL: their runs, and the seconds that each status held."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Final

import numpy as np
import pyarrow as pa

from makegood.engine.evidence.probes import STATUSES
from makegood.engine.evidence.reduction import LONGER_THAN_USUAL
from makegood.vault.measuring.status.plan import FOREVER, StatusPlan

TIMELINE: Final = ("source", "subject", "check")
"""What tells one timeline from another, in any number of segments; inside of one ``series`` does it too."""


def runs_query(by: Sequence[str] = TIMELINE) -> str:
    """Return the query for the runs of the table ``probes``, by the rule of ``engine.evidence.reduction.runs``.

    It is a segment, or as many as have to be looked at together. The answer has the columns of ``by`` and then
    ``status``, ``first_at``, ``last_at``, ``count`` and ``max_gap``, as the files of runs do.
    """
    return f"""\
WITH steps AS (
    SELECT {_columns("p", by)}, p.status AS status, p.at AS happened,
        LAG(p.status) OVER (PARTITION BY {_columns("p", by)} ORDER BY p.at) AS earlier,
        p.at - LAG(p.at) OVER (PARTITION BY {_columns("p", by)} ORDER BY p.at) AS gap
    FROM probes AS p
), gaps AS (
    SELECT {_columns("s", by)}, s.gap,
        ROW_NUMBER() OVER (PARTITION BY {_columns("s", by)} ORDER BY s.gap) AS place,
        COUNT(*) OVER (PARTITION BY {_columns("s", by)}) AS many
    FROM steps AS s WHERE s.gap IS NOT NULL
), usual AS (
    SELECT {_columns("g", by)}, g.gap FROM gaps AS g WHERE 2 * g.place = g.many OR 2 * g.place = g.many + 1
), starts AS (
    SELECT {_columns("s", by)}, s.status, s.happened, s.gap,
        CASE WHEN s.gap IS NULL OR s.status <> s.earlier OR s.gap > {LONGER_THAN_USUAL} * u.gap
            THEN 1 ELSE 0 END AS starts
    FROM steps AS s LEFT JOIN usual AS u ON {_same("u", "s", by)}
), numbered AS (
    SELECT {_columns("s", by)}, s.status, s.happened, CASE WHEN s.starts = 1 THEN 0 ELSE s.gap END AS gap,
        SUM(s.starts) OVER (PARTITION BY {_columns("s", by)} ORDER BY s.happened ROWS UNBOUNDED PRECEDING) AS run
    FROM starts AS s
)
SELECT {_columns("n", by)}, CAST(MIN(n.status) AS BIGINT) AS status,
    MIN(n.happened) AS first_at, MAX(n.happened) AS last_at, COUNT(*) AS count, MAX(n.gap) AS max_gap
FROM numbered AS n GROUP BY {_columns("n", by)}, n.run
ORDER BY {_columns("n", by)}, MIN(n.happened)
"""  # noqa: S608  # names of columns by who writes the program


def seconds_query(after: int | None = None, by: Sequence[str] = TIMELINE) -> str:
    """Return the query for the seconds of the table ``counting`` that each status held, by the table ``runs``.

    Unit: whole seconds, in a column for each status. ``refused`` is 1 where something inside a run took longer than
        ``after``: then what the row says is of no use, and takes the probes, each as a run of its own.
    Rule: a probe holds until the next one of its timeline, at most ``after`` seconds; if that is None, until the next.
    """
    longest = FOREVER if after is None else after
    sums = ",\n    ".join(
        f"CAST(SUM(CASE WHEN s.status = {code} THEN s.seconds ELSE 0 END) AS BIGINT) AS {status.value}"
        for code, status in enumerate(STATUSES)
    )
    return f"""\
WITH holds AS (
    SELECT {_columns("r", by)}, r.status, r.first_at, CASE WHEN r.max_gap > {longest} THEN 1 ELSE 0 END AS refused,
        LEAST(r.last_at + {longest}, LEAD(r.first_at, 1, {FOREVER})
            OVER (PARTITION BY {_columns("r", by)} ORDER BY r.first_at)) AS ends
    FROM runs AS r
), spent AS (
    SELECT {_columns("h", by)}, h.status, h.refused,
        CASE WHEN c.starts IS NULL THEN 0 ELSE LEAST(h.ends, c.ends) - GREATEST(h.first_at, c.starts) END AS seconds
    FROM holds AS h LEFT JOIN counting AS c ON {_same("c", "h", by)} AND c.starts < h.ends AND c.ends > h.first_at
)
SELECT {_columns("s", by)},
    {sums},
    MAX(s.refused) AS refused
FROM spent AS s GROUP BY {_columns("s", by)} ORDER BY {_columns("s", by)}
"""  # noqa: S608  # as above


def counting_table(plan: StatusPlan) -> pa.Table:
    """Return the table ``counting``: the stretches in which each timeline counts, without what is excluded.

    Unit: ``starts`` and ``ends`` are seconds since 1970 in UTC.
    """
    counting = plan.counting
    series = np.repeat(np.arange(len(plan.names)), np.diff(counting.offsets))
    names = {field: pa.array([getattr(name, field) for name in plan.names], pa.string()) for field in TIMELINE}
    return pa.table(
        {
            **{field: column.take(pa.array(series)) for field, column in names.items()},
            "starts": counting.starts,
            "ends": counting.ends,
        }
    )


def _columns(table: str, names: Sequence[str]) -> str:
    return ", ".join(f"{table}.{name}" for name in names)


def _same(one: str, other: str, names: Sequence[str]) -> str:
    return " AND ".join(f"{one}.{name} = {other}.{name}" for name in names)
