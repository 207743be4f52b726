"""``makegood vault measure``: what every check of a vault found in a month, the worst first."""

from __future__ import annotations

import os
from datetime import date, timedelta
from pathlib import Path
from typing import Annotated

import typer

from makegood.cli.checks_shown import SHOWN, checks_csv, checks_form, print_checks
from makegood.cli.output import Json, counted, out, print_json
from makegood.cli.refusal import Exit, Refusal
from makegood.cli.workspace import DEFAULT_VAULT, VaultFolder, readable_chain
from makegood.engine.agreement.measures.parts import ALWAYS
from makegood.engine.agreement.schedule import calendar_of
from makegood.engine.vocabulary.calendar import FIRST_YEAR, LAST_YEAR, Calendar
from makegood.engine.vocabulary.duration import Duration
from makegood.engine.vocabulary.interval import Interval
from makegood.engine.vocabulary.period import Every, periods
from makegood.engine.vocabulary.ratio import Ratio
from makegood.vault.measuring.checks.asked import USABLE, ChecksAsked
from makegood.vault.measuring.checks.figures import worst_first
from makegood.vault.measuring.checks.table import CheckTable
from makegood.vault.measuring.schedule.named import SchedulerName, scheduler_named
from makegood.vault.measuring.schedule.scheduler import UnableToMeasure
from makegood.vault.measuring.status.plan import FINEST, Windows
from makegood.vault.probes.columns import second_of
from makegood.vault.vault import Vault


def measure(
    month: Annotated[str, typer.Option("--month", metavar="MONTH", help="The month, as in 2026-03.")] = "",
    first: Annotated[str, typer.Option("--from", metavar="DATE", help="Instead of a month: the first day.")] = "",
    last: Annotated[str, typer.Option("--to", metavar="DATE", help="Instead of a month: the last day.")] = "",
    vault: VaultFolder = DEFAULT_VAULT,
    after: Annotated[
        str, typer.Option("--after", metavar="TIME", help="A probe holds at most this long; else until the next.")
    ] = "",
    calendar: Annotated[
        str,
        typer.Option("--calendar", metavar="FILE:NAME", help="The agreement and its calendar of the time that counts."),
    ] = "",
    exclude: Annotated[
        list[str] | None,
        typer.Option("--exclude", metavar="CAUSE", help="Take out the exclusions with this cause; repeatable."),
    ] = None,
    probes: Annotated[bool, typer.Option("--probes", help="Count the probes by status.")] = False,
    quantile: Annotated[
        str, typer.Option("--quantile", metavar="SHARE", help="The value that so many do not exceed, as in 95%.")
    ] = "",
    windows: Annotated[
        str, typer.Option("--windows", metavar="TIME", help="Count the windows of this length, as in 5m.")
    ] = "",
    level: Annotated[
        str, typer.Option("--level", metavar="SHARE", help="A window is bad below this share of good probes.")
    ] = "90%",
    source: Annotated[list[str] | None, typer.Option("--source", help="Only this source; repeatable.")] = None,
    subject: Annotated[list[str] | None, typer.Option("--subject", help="Only this subject; repeatable.")] = None,
    worst: Annotated[
        int | None, typer.Option("--worst", min=1, metavar="N", help="Only so many, the worst; a table shows 20.")
    ] = None,
    scheduler: Annotated[
        SchedulerName, typer.Option("--scheduler", help="Where probes are measured; the answer is the same.")
    ] = SchedulerName.THREADS,
    workers: Annotated[
        int | None, typer.Option("--workers", min=1, max=1024, help="How many at a time; else one a processor.")
    ] = None,
    into: Annotated[Path | None, typer.Option("--csv", metavar="FILE", help="Write a CSV file instead.")] = None,
    json: Json = False,
) -> None:
    """Measure what every check found in a month: time by status and availability, the worst first.

    Availability is the share of counting time that was up or degraded, as an agreement has it that says nothing else:
    silence counts as down, and without any evidence there is none. A row is a check of a subject, whatever its labels
    were. Time alone is answered from the runs beside the segments; probes, windows and quantiles need every probe.
    """
    if json and into is not None:
        raise Refusal("--json and --csv are two answers", "Name one of them.", Exit.USAGE)
    terms = None if not calendar else _calendar(calendar)
    span = _span(month, first, last, terms.zone if terms else "UTC")
    asked = ChecksAsked(
        span=span,
        agreed=terms.open_in(span) if terms else (span,),
        causes=frozenset(exclude or ()),
        after=_seconds("--after", after) if after else None,
        sources=frozenset(source or ()),
        subjects=frozenset(subject or ()),
        probes=probes,
        windows=_windows(span, windows, level) if windows else None,
        share=_share("--quantile", quantile) if quantile else None,
    )
    try:
        table = CheckTable.of(Vault.open(vault).contents(), asked)
        number = workers or os.cpu_count() or 1
        with scheduler_named(scheduler, number) as started:
            rows = worst_first(table.figures(started, number))
    except UnableToMeasure as error:
        raise Refusal(str(error)) from None
    if json:
        print_json(checks_form(asked, rows[:worst], len(table.excluding.exclusions)))
    elif into is not None:
        into.write_text(checks_csv(rows[:worst]), encoding="utf-8")
        out.print(f"{counted(len(rows[:worst]), 'check')} written to {into}.")
    else:
        print_checks(f"{vault}: {month or f'{first} .. {last}'}", asked, rows, worst or SHOWN)
        if asked.causes:
            causes = " and ".join(sorted(asked.causes))
            out.print(f"{counted(len(table.excluding.exclusions), 'exclusion')} for {causes} taken out.")


def _calendar(text: str) -> Calendar:
    """Return the calendar that ``FILE:NAME`` names, in the zone of its agreement."""
    file, _, name = text.rpartition(":")
    if not file:
        raise Refusal(f"{text} names no calendar", "Write it like agreement.yaml:office.", Exit.USAGE)
    _, terms = readable_chain(Path(file))
    if name != ALWAYS and name not in terms.calendars:
        known = ", ".join([ALWAYS, *terms.calendars])
        raise Refusal(f"{file} has no calendar {name}", f"It has {known}.", Exit.USAGE)
    return calendar_of(terms, name)


def _span(month: str, first: str, last: str, zone: str) -> Interval:
    """Return the time that is asked for, in days of a zone."""
    if bool(month) == bool(first or last) or bool(first) != bool(last):
        raise Refusal("no time is named", "Name a --month, or the first and the last day: --from and --to.", Exit.USAGE)
    start = _day(f"{month}-01" if month else first, month or first)
    end = (start + timedelta(days=31)).replace(day=1) if month else _day(last, last) + timedelta(days=1)
    if end <= start:
        raise Refusal(f"{last} comes before {first}", "Name the first day, then the last.", Exit.USAGE)
    (period,) = periods(start=start, end=end, every=Every.TERM, zone=zone)
    return period.interval


def _day(text: str, written: str) -> date:
    try:
        day = date.fromisoformat(text)
    except ValueError:
        raise Refusal(
            f"{written} is neither a month nor a day", "Write 2026-03 for a month, 2026-03-02 for a day.", Exit.USAGE
        ) from None
    if not FIRST_YEAR < day.year < LAST_YEAR:  # days of a zone begin in the year before, or end in that after
        years = f"Write a year from {FIRST_YEAR + 1} to {LAST_YEAR - 1}."
        raise Refusal(f"{written} is further away than evidence can be", years, Exit.USAGE)
    return day


def _windows(span: Interval, every: str, level: str) -> Windows:
    """Return the windows that are asked for; a good probe is one that counts as up."""
    length = _seconds("--windows", every)
    return Windows(start=second_of(span.start), every=length, level=_share("--level", level), good=USABLE)


def _seconds(option: str, text: str) -> int:
    try:
        seconds = Duration.parse(text).seconds
    except ValueError as error:
        raise Refusal(f"{option}: {error}", code=Exit.USAGE) from None
    if not seconds:
        raise Refusal(f"{option} is no time at all", "Write it like 5m.", Exit.USAGE)
    return seconds


def _share(option: str, text: str) -> Ratio:
    try:
        share = Ratio.parse(text)
    except ValueError as error:
        raise Refusal(f"{option}: {error}", code=Exit.USAGE) from None
    if not 0 <= share <= 1 or share.denominator > FINEST:
        raise Refusal(f"{option} is a share, from 0% to 100%, not {text}", "Write it like 95%.", Exit.USAGE)
    return share
