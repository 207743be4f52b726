"""``makegood judge``: the verdicts, as the evidence in the vault has them now."""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime
from typing import Annotated

import typer
from rich.table import Table
from rich.text import Text

from makegood.cli.output import RULING_STYLE, Json, counted, out, print_json, reason_tree, table_of
from makegood.cli.refusal import Exit, Refusal
from makegood.cli.report.shown import exact, target
from makegood.cli.workspace import DEFAULT_VAULT, AgreementFile, AsOf, VaultFolder, instant, workspace
from makegood.engine.agreement.schedule import periods_of
from makegood.engine.agreement.terms import Agreement
from makegood.engine.judging.judge import judge_periods
from makegood.engine.judging.verdict import Judgement
from makegood.engine.review.form import judgement_form
from makegood.engine.vocabulary.interval import Interval
from makegood.engine.vocabulary.period import Period

ROWS = 5
PeriodLabels = Annotated[
    list[str] | None, typer.Option("--period", metavar="LABEL", help="Only this period, as in 2026-03; repeatable.")
]


def judge(
    agreement: AgreementFile,
    vault: VaultFolder = DEFAULT_VAULT,
    period: PeriodLabels = None,
    as_of: AsOf = "",
    why: Annotated[bool, typer.Option("--why", help="Print the reasons below the table.")] = False,
    json: Json = False,
) -> None:
    """Judge every outcome in every period that has begun; periods that still run are provisional."""
    with workspace(agreement, vault) as opened:
        terms = opened.agreement
        now = instant(as_of, terms.term.timezone)
        chosen = begun_periods(terms, now=now, labels=period or [])
        judgements = judge_periods(terms, chosen, opened.evidence())
    if json:
        print_json(
            {
                "judgements": [
                    {**judgement_form(each), "provisional": each.period.whole.end > now} for each in judgements
                ]
            }
        )
        return
    out.print(verdict_table(terms.title, judgements, now), soft_wrap=False)
    if why:
        for judgement in judgements:
            for verdict in judgement.verdicts:
                out.print(reason_tree(verdict.reason, ROWS), soft_wrap=False)


def begun_periods(agreement: Agreement, *, now: datetime, labels: list[str]) -> list[Period]:
    """Return the periods that have begun, the running one cut at ``now``.

    :raises Refusal: if a label names no period of the agreement, or one that has not begun
    """
    periods = {each.label: each for each in periods_of(agreement)}
    for label in labels:
        if label not in periods:
            first, *_, last = [*periods, *periods]
            raise Refusal(
                f"{agreement.agreement} has no period {label}", f"Its periods run from {first} to {last}.", Exit.USAGE
            )
        if periods[label].interval.start >= now:
            raise Refusal(f"the period {label} has not begun", "Name an earlier one, or a later day with --as-of.")
    return [
        replace(each, interval=Interval(each.interval.start, min(each.interval.end, now)))
        for each in periods.values()
        if each.interval.start < now and (not labels or each.label in labels)
    ]


def verdict_table(title: str, judgements: tuple[Judgement, ...], now: datetime) -> Table:
    """Return the verdicts as a table: a row for each period and outcome."""
    table = table_of(title)
    for name, side in (("period", "left"), ("outcome", "left"), ("value", "right"), ("target", "right")):
        table.add_column(name, justify=side)  # type: ignore[arg-type]  # rich takes a Literal
    table.add_column("ruling")
    for judgement in judgements:
        label = judgement.period.label + (" so far" if judgement.period.whole.end > now else "")
        for verdict in judgement.verdicts:
            ruling = Text(verdict.ruling.value, style=RULING_STYLE[verdict.ruling])
            table.add_row(label, verdict.outcome, exact(verdict), target(verdict.target), ruling)
            label = ""
    if not judgements:
        table.caption = "No period has begun."
    else:
        table.caption = f"{counted(len(judgements), 'period')}, judged on snapshot {judgements[0].snapshot}"
    return table
