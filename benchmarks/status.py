"""The status of a month: count, time, exact quantile and windows of every series, minus 20,000 exclusions."""

from __future__ import annotations

from collections.abc import Iterator
from functools import partial
from itertools import chain
from pathlib import Path
from typing import Any

import numpy as np
import pyarrow as pa
import pyarrow.parquet as pq

from benchmarks.race import MIB, Answer, Contestant, Peak, Race, Ratio, Size
from makegood.engine.evidence.probes import Series
from makegood.engine.vocabulary.ratio import Ratio as Exact
from makegood.vault.measuring.status import arrays
from makegood.vault.measuring.status.counting import Counting
from makegood.vault.measuring.status.measure import Pass, fastest, measured
from makegood.vault.measuring.status.part import StatusFigures
from makegood.vault.measuring.status.plan import Quantile, StatusPlan, Windows
from makegood.vault.measuring.status.runs import seconds_of_runs
from makegood.vault.probes.columns import NO_VALUE, Column, ProbeColumns
from makegood.vault.probes.runs import RunColumns, joined_runs, runs_bytes, runs_columns, runs_of
from makegood.vault.probes.segment import row_groups, segment_bytes

FIRST = 1_772_323_200  # 2026-03-01 00:00 UTC
DAY = 86_400
DAYS = 31
INTERVAL = 133
IN_A_DAY = DAY // INTERVAL
AFTER = 3 * INTERVAL  # unknown after three missed samples
EVERY = 300
SHARE, LEVEL = Exact(95, 100), Exact(90, 100)
READ = ["series", "at", "status", "value"]


def races(size: Size) -> Iterator[Race]:
    series = 5_000 if size is Size.FULL else 150
    rows = series * IN_A_DAY * DAYS // 1_000_000
    yield Race(
        f"measure {rows:,} million status records",
        partial(_write, series),
        (
            Contestant("bare scan", partial(_scan, "segments")),
            Contestant("bare scan, pyarrow's defaults", partial(_scan, "defaults")),
            Contestant("bare scan, arrival order", partial(_scan, "arrival")),
            Contestant("makegood, compiled", partial(_measure, "segments"), ready=_compiled),
            Contestant("makegood, NumPy", partial(_measure, "segments"), ready=_in_numpy),
            Contestant("makegood, arrival order", partial(_measure, "arrival"), ready=_compiled),
            Contestant("makegood, time from runs", _from_runs),
            Contestant("DuckDB", _duckdb, ready=_with_duckdb),
            Contestant("Polars", _polars, ready=_with_polars),
        ),
        (
            Ratio("makegood, compiled", over="bare scan", at_most=3.5),
            Ratio("makegood, compiled", over="bare scan, pyarrow's defaults", at_most=1.3),
            Peak("makegood, compiled", at_most=1024 * MIB),
            Ratio("makegood, arrival order", over="bare scan, arrival order", at_most=4.5),
            Ratio("makegood, time from runs", over="bare scan", at_most=0.2),
            Ratio("makegood, NumPy", over="makegood, compiled", at_most=6),
            Ratio("DuckDB", over="makegood, compiled", at_least=8),
        ),
    )


def _write(series: int, folder: Path) -> None:
    """Write a month day by day: as the vault seals it, in the order in which it came, and as pyarrow would."""
    random = np.random.default_rng(20260301)
    names = tuple(
        Series("monitoring", f"host-{number:04}.example.com", "http", "response-time", "ms") for number in range(series)
    )
    phase = random.integers(0, INTERVAL - 3, series)
    for name in ("segments", "arrival", "defaults", "runs"):
        (folder / name).mkdir()
    for day in range(DAYS):
        columns = _day(random, names, phase, day)
        file = f"{day:02}.parquet"
        (folder / "segments" / file).write_bytes(segment_bytes(columns))
        (folder / "runs" / file).write_bytes(runs_bytes(runs_of(columns)))
        came = columns.chosen(np.lexsort((columns.series, columns.at)))
        (folder / "arrival" / file).write_bytes(segment_bytes(came))
        pq.write_table(_plain(columns), folder / "defaults" / file)
    start = random.integers(FIRST, FIRST + DAYS * DAY, 4 * series)
    excluded = np.stack(
        (random.integers(0, series, 4 * series), start, start + random.integers(600, 14_400, len(start)))
    )
    np.save(folder / "excluded.npy", excluded)


def _day(random: np.random.Generator, names: tuple[Series, ...], phase: Column, day: int) -> ProbeColumns:
    """Return a probe every 133 seconds and up to two more: few are missing, and few in a hundred found trouble."""
    shape = (len(names), IN_A_DAY)
    at = FIRST + day * DAY + phase[:, None] + INTERVAL * np.arange(IN_A_DAY) + random.integers(0, 3, shape)
    status, missing = np.zeros(shape, np.uint8), random.random(shape) < 0.001
    for row, start, length, found in random.integers((0, 0, 1, 1), (len(names), IN_A_DAY, 30, 5), (len(names), 4)):
        if found < 4:
            status[row, start : start + length] = found
        else:
            missing[row, start : start + length] = True
    value = 1_000 * np.round(1_000 * random.lognormal(5, 0.6, shape)).astype(np.int64)
    value[status == 2] = NO_VALUE
    series = np.repeat(np.arange(len(names), dtype=np.int32), IN_A_DAY)
    sequence = 1 + (at - FIRST) // 60
    rows = np.flatnonzero(~missing)
    return ProbeColumns(
        names, series[rows], at.ravel()[rows], status.ravel()[rows], value.ravel()[rows], sequence.ravel()[rows]
    )


def _plain(columns: ProbeColumns) -> pa.Table:
    """Return probes as most would write them: instants, and floating point."""
    value = pa.array(columns.value / 1e6, mask=columns.value == NO_VALUE)
    at = pa.array(columns.at).cast(pa.timestamp("s", "UTC"))
    return pa.table({"series": columns.series, "at": at, "status": columns.status, "value": value})


def _files(folder: Path) -> list[Path]:
    return sorted(folder.glob("*.parquet"))


def _scan(layout: str, folder: Path) -> Answer:
    """Read the four columns into Arrow's memory, and do nothing with them."""
    rows = 0
    for path in _files(folder / layout):
        with pq.ParquetFile(path) as file:
            for group in range(file.num_row_groups):
                rows += file.read_row_group(group, READ, use_threads=False).num_rows
    return Answer({"rows": rows})


Given = tuple[Path, Pass | None]


def _compiled(folder: Path) -> Given:
    """Compile, by measuring the first rows of both layouts."""
    for layout in ("segments", "arrival"):
        measured(_plan(folder, _runs(folder)), [next(row_groups(_files(folder / layout)[0]))], fastest())
    return folder, fastest()


def _in_numpy(folder: Path) -> Given:
    return folder, arrays.add


def _runs(folder: Path) -> RunColumns:
    return joined_runs([runs_columns(path) for path in _files(folder / "runs")])


def _plan(folder: Path, runs: RunColumns) -> StatusPlan:
    series, start, end = np.load(folder / "excluded.npy")
    month = np.array([FIRST]), np.array([FIRST + DAYS * DAY])
    most = np.zeros(len(runs.names), np.int64)
    np.add.at(most, runs.series, runs.count)
    return StatusPlan(
        names=runs.names,
        counting=Counting.of(len(runs.names), month, (series, start, end)),
        after=AFTER,
        quantile=Quantile(share=SHARE, most=most),
        windows=Windows(start=FIRST, every=EVERY, level=LEVEL),
    )


def _measure(layout: str, given: Given) -> Answer:
    folder, add = given
    groups = chain.from_iterable(map(row_groups, _files(folder / layout)))
    return _answer(measured(_plan(folder, _runs(folder)), groups, add).figures())


def _answer(figures: StatusFigures) -> Answer:
    names = ("probes", "seconds", "windows", "bad", "quantile")
    return Answer({name: getattr(figures, name) for name in names})


def _from_runs(folder: Path) -> Answer:
    runs = _runs(folder)
    seconds, needed = seconds_of_runs(_plan(folder, runs), runs)
    assert not needed.any()
    return Answer({"seconds": seconds})


# Counting time as SQL gets it: the stretches of each series, with how many of its seconds lie before each.
def _counting(folder: Path) -> tuple[pa.Table, int]:
    plan = _plan(folder, _runs(folder))
    counting = plan.counting
    series = np.repeat(np.arange(len(plan.names), dtype=np.int32), np.diff(counting.offsets))
    before = counting.before[:-1] - counting.before[counting.offsets[series]]
    table = pa.table({"series": series, "since": counting.starts, "until": counting.ends, "before": before})
    return table, len(plan.names)


def _by_status(column: str) -> str:
    return ", ".join(column.replace("{}", str(code)) for code in range(4))


# What counts before a probe says how long it held, if the next one says it too: only few have to be cut short.
SQL = f"""
with placed as (
    select probe.series, "at", status, value * scale as value, "at" < until as counted,
        coalesce(before + least("at", until) - since, 0) as passed
    from read_parquet($files) as probe
    asof left join counting on probe.series = counting.series and probe."at" >= since
), probe as materialized (
    select *, lead("at") over following - "at" as gap, lead(passed) over following - passed as held
    from placed window following as (partition by series order by "at")
), cut as (
    select cut.series, status, sum(coalesce(before + least("at" + {AFTER}, until) - since, 0) - passed) as held
    from (select * from probe where gap is null or gap > {AFTER}) as cut
    asof left join counting on cut.series = counting.series and "at" + {AFTER} >= since
    group by cut.series, status
), time as (
    select series, {_by_status("coalesce(sum(held) filter (status = {}), 0) as held{}")}
    from (
        select series, status, held from cut
        union all select series, status, sum(held) from probe where gap <= {AFTER} group by series, status
    )
    group by series
), windowed as (
    select series, count(*) as windows, count(*) filter (10 * good < 9 * total) as bad
    from (
        select series, count(*) as total, count(*) filter (status = 0) as good
        from probe where counted group by series, ("at" - {FIRST}) // {EVERY}
    )
    group by series
), counted as (
    select series, quantile_disc(value, {SHARE.numerator} / {SHARE.denominator}) as quantile,
        {_by_status("count(*) filter (status = {}) as found{}")}
    from probe where counted group by series
)
select {_by_status("found{}")}, {_by_status("held{}")}, windows, bad, quantile
from counted join time using (series) join windowed using (series) order by series
"""  # noqa: S608  # of our own numbers


def _with_duckdb(folder: Path) -> Any:
    import duckdb  # noqa: PLC0415  # only this contestant needs it

    return folder, duckdb.connect(config={"memory_limit": "8GB"})  # a machine does other work as well


def _duckdb(given: Any) -> Answer:
    folder, connection = given
    connection.register("counting", _counting(folder)[0])
    files = [str(path) for path in _files(folder / "segments")]
    found = np.array(connection.execute(SQL, {"files": files}).fetchall(), np.int64)
    return Answer(
        {
            "probes": found[:, :4],
            "seconds": found[:, 4:8],
            "windows": found[:, 8],
            "bad": found[:, 9],
            "quantile": found[:, 10],
        }
    )


def _with_polars(folder: Path) -> Any:
    import polars as pl  # noqa: PLC0415

    return folder, pl


def _polars(given: Any) -> Answer:
    folder, pl = given
    counting = pl.from_arrow(_counting(folder)[0])
    series, at, status = pl.col("series"), pl.col("at"), pl.col("status")
    following = at.shift(-1).over("series")
    probes = (
        pl.scan_parquet(_files(folder / "segments"))
        .select(series, at, status, value=pl.col("value").cast(pl.Int64) * pl.col("scale"))
        .sort("series", "at")
        .with_columns(stop=pl.min_horizontal(at + AFTER, following))
    )
    for when, name in (("at", "here"), ("stop", "there")):
        stretches = counting.lazy().rename({each: f"{name}_{each}" for each in ("since", "until", "before")})
        probes = probes.join_asof(
            stretches, left_on=when, right_on=f"{name}_since", by="series", check_sortedness=False
        )
        until = pl.min_horizontal(pl.col(when), pl.col(f"{name}_until"))
        passed = pl.col(f"{name}_before") + until - pl.col(f"{name}_since")
        probes = probes.with_columns(passed.fill_null(0).alias(name))
    counted = (at < pl.col("here_until")).fill_null(value=False)
    placed = probes.select(
        series, at, status, "value", counted=counted, held=pl.col("there") - pl.col("here")
    ).collect()
    windows = (
        placed.lazy()
        .filter("counted")
        .group_by(series, number=(at - FIRST) // EVERY)
        .agg(good=(status == 0).sum(), total=pl.len())
        .group_by(series)
        .agg(windows=pl.len(), bad=(10 * pl.col("good") < 9 * pl.col("total")).sum())
    )
    value = pl.col("value").filter("counted")
    found = (
        placed.lazy()
        .group_by(series)
        .agg(
            *((pl.col("counted") & (status == code)).sum().alias(f"probes {code}") for code in range(4)),
            *(pl.col("held").filter(status == code).sum().alias(f"seconds {code}") for code in range(4)),
            quantile=value.drop_nulls().sort().get((value.count() * 95 + 99) // 100 - 1),
        )
        .join(windows, on="series")
        .sort("series")
        .collect()
    )
    names = {"probes": [f"probes {code}" for code in range(4)], "seconds": [f"seconds {code}" for code in range(4)]}
    stacked = {name: found.select(columns).to_numpy() for name, columns in names.items()}
    return Answer({**stacked, **{name: found[name].to_numpy() for name in ("windows", "bad", "quantile")}})
