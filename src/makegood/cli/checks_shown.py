"""The figures of checks as people and machines read them: a table, CSV and JSON."""

from __future__ import annotations

import csv
import io
from collections.abc import Sequence

from rich.cells import cell_len
from rich.table import Table
from rich.text import Text

from makegood.cli.output import counted, out, table_of
from makegood.engine.evidence.probes import STATUSES
from makegood.engine.vocabulary.duration import Duration
from makegood.engine.vocabulary.ratio import Ratio
from makegood.engine.vocabulary.rounding import Rounding
from makegood.engine.vocabulary.times import show_instant
from makegood.vault.measuring.checks.asked import ChecksAsked
from makegood.vault.measuring.checks.figures import CheckFigures

SHOWN = 20
"""So many rows a table has, unless more are asked for."""

_PLACES = 9
_SHORTEST = 14
_GAP = 2
_CSV = (
    *("source", "check", "subject", "of", "unit", "availability", "counted_seconds"),
    *(f"{status}_seconds" for status in STATUSES),
    *(f"{status}_probes" for status in STATUSES),
    *("windows", "bad_windows", "quantile"),
)


def print_checks(title: str, asked: ChecksAsked, rows: Sequence[CheckFigures], most: int) -> None:
    """Print the worst of the checks as a table, and below it in sentences what there is to know about all of them."""
    if not rows:
        out.print("No check was heard of before the end of this time.", style="yellow")
        return
    out.print(_table(title, asked, rows[:most]), soft_wrap=False, crop=False)
    for sentence in _sentences(asked, rows, most):
        out.print(sentence)


def checks_csv(rows: Sequence[CheckFigures]) -> str:
    """Return the checks as CSV: whole seconds, and decimal numbers with a point; what was not asked is empty."""
    text = io.StringIO()
    writer = csv.writer(text, lineterminator="\n")
    writer.writerow(_CSV)
    for each in rows:
        named = (each.source, each.check, each.subject, *_value(each))
        seconds = (each.counted, each.up, each.degraded, each.down, each.unknown)
        found = (each.windows, each.bad_windows, each.quantile)
        writer.writerow((*named, _share(each), *seconds, *(each.probes or [""] * len(STATUSES)), *found))
    return text.getvalue()


def checks_form(asked: ChecksAsked, rows: Sequence[CheckFigures], exclusions: int) -> dict[str, object]:
    """Return the checks as JSON-ready data."""
    return {
        "from": show_instant(asked.span.start),
        "to": show_instant(asked.span.end),
        "exclusions": exclusions,
        "checks": [_form(each) for each in rows],
    }


def _form(row: CheckFigures) -> dict[str, object]:
    seconds = (row.up, row.degraded, row.down, row.unknown)
    of, unit = _value(row)
    return {
        "source": row.source,
        "check": row.check,
        "subject": row.subject,
        "of": of,
        "unit": unit,
        "availability": _share(row) or None,
        "counted_seconds": row.counted,
        "seconds": dict(zip(STATUSES, seconds, strict=True)),
        "probes": None if row.probes is None else dict(zip(STATUSES, row.probes, strict=True)),
        "windows": row.windows,
        "bad_windows": row.bad_windows,
        "quantile": None if row.quantile is None else str(row.quantile),
    }


def _value(row: CheckFigures) -> tuple[str, str]:
    """Return the name and unit of what a check measured, if that is one thing."""
    return row.values[0] if len(row.values) == 1 else ("", "")


def _share(row: CheckFigures) -> str:
    """Return the availability as a decimal number that is never too high; empty if there is none."""
    return "" if row.availability is None else row.availability.decimal(_PLACES, Rounding.DOWN)


def _table(title: str, asked: ChecksAsked, rows: Sequence[CheckFigures]) -> Table:
    """Return the table, without the columns in which nothing stands; names take two lines where one is too short.

    Where there is no room for figures and a part of the names it is wider than the terminal: nothing is cut off.
    """
    table = table_of(title)
    table.padding = (0, 1, 0, 0)
    table.add_column("check", overflow="fold", min_width=_SHORTEST)
    columns = {name: cells for name, cells in _columns(asked, rows).items() if any(cells)}
    for name in columns:
        table.add_column(name, justify="right", no_wrap=True)
    for each, *cells in zip(rows, *columns.values(), strict=True):
        table.add_row(Text(f"{each.subject} ").append(each.origin, style="dim"), *cells, style=_style(each))
    needed = _GAP + _SHORTEST + sum(_GAP + max(map(cell_len, (name, *cells))) for name, cells in columns.items())
    table.width = needed if needed > out.width else None
    return table


def _columns(asked: ChecksAsked, rows: Sequence[CheckFigures]) -> dict[str, list[str]]:
    """Return the cells of each column by its name."""
    found = {
        "available": [_percent(each.availability) for each in rows],
        "degraded": [_clock(each.degraded) for each in rows],
        "down": [_clock(each.down) for each in rows],
        "unknown": [_clock(each.unknown) for each in rows],
    }
    if asked.probes:
        found["probes"] = [f"{sum(each.probes or ()):,}" for each in rows]
    if asked.windows is not None:
        found["bad"] = [f"{each.bad_windows:,}" for each in rows]
    if asked.share is not None:
        found[asked.share.percent()] = [_quantity(each.quantile, each.unit) for each in rows]
    return found


def _style(row: CheckFigures) -> str | None:
    if row.availability is None:
        return "yellow"
    return "red" if row.down else None


def _sentences(asked: ChecksAsked, rows: Sequence[CheckFigures], most: int) -> list[str]:
    down, silent = sum(each.down > 0 for each in rows), sum(not each.is_known for each in rows)
    several = sum(len(each.values) > 1 for each in rows) if asked.share is not None else 0
    found = [f"{counted(len(rows), 'check')}, {f'{down:,}' if down else 'none'} of them down."]
    if len(rows) > most:
        found[0] += f" The worst {most:,} are shown; --csv and --json have all."
    if silent:
        found.append(f"Of {counted(silent, 'check')} nothing is known in this time.")
    if several:
        found.append(
            f"{counted(several, 'check')} measured several things, and {'has' if several == 1 else 'have'} no quantile."
        )
    if asked.windows is not None:
        length, level = Duration(asked.windows.every), asked.windows.level.percent()
        found.append(f"Bad are windows of {length} in which fewer than {level} of the probes were good.")
    return [*found, "Degraded counts as up, silence as down; time is hours:minutes:seconds."]


def _percent(share: Ratio | None) -> str:
    return "no evidence" if share is None else f"{(share * 100).decimal(4, Rounding.DOWN)} %"


def _quantity(value: Ratio | None, unit: str) -> str:
    return "" if value is None else f"{value.grouped} {unit}".rstrip()


def _clock(seconds: int) -> str:
    """Return a length of time as hours, minutes and seconds; nothing for none."""
    return f"{seconds // 3600}:{seconds // 60 % 60:02}:{seconds % 60:02}" if seconds else ""
