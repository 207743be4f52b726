"""``makegood diff``: what changed between two texts, in words, and in money on the same evidence."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer
from rich.table import Table
from rich.text import Text

from makegood.cli.judge import PeriodLabels, begun_periods
from makegood.cli.output import Json, counted, out, print_json, table_of
from makegood.cli.workspace import AsOf, instant, readable
from makegood.engine.agreement.difference import Change, Rewording, changes, rewordings
from makegood.engine.agreement.document import Document
from makegood.engine.agreement.schedule import periods_of
from makegood.engine.agreement.terms import Agreement
from makegood.engine.review.comparison import Compared, compared
from makegood.engine.vocabulary.amount import Amount
from makegood.vault.vault import Vault


def diff(
    old: Annotated[Path, typer.Argument(metavar="OLD", help="The text as it was.")],
    new: Annotated[Path, typer.Argument(metavar="NEW", help="The text as it is to be.")],
    vault: Annotated[
        Path | None, typer.Option("--vault", envvar="MAKEGOOD_VAULT", help="A vault, to see the difference in money.")
    ] = None,
    period: PeriodLabels = None,
    as_of: AsOf = "",
    json: Json = False,
) -> None:
    """Say what changed between two texts, term by term and in words; with a vault, also what it comes to."""
    (before, was), (after, is_) = readable(old), readable(new)
    found, words = changes(was, is_), rewordings(was, is_)
    figures: tuple[Compared, ...] = ()
    if vault is not None and was.money.currency == is_.money.currency:
        now = instant(as_of, is_.term.timezone)
        begun = {each.label for each in begun_periods(is_, now=now, labels=period or [])}
        labels = [each.label for each in periods_of(is_) if each.label in begun and each.interval.end <= now]
        figures = compared(was, is_, labels, Vault.open(vault).evidence())
    if json:
        print_json(_form(before, after, found, words, figures))
        return
    if not found:
        out.print("No term differs.")
    for change in found:
        out.print(Text.assemble((f"{_place(change, before, after)}: ", "dim"), str(change)))
    for each in words:
        out.print(Text(f"\n{each.title}", style="bold"))
        for sign, style, sentences in (("−", "red", each.gone), ("+", "green", each.new)):
            for sentence in sentences:
                out.print(Text(f"{sign} {sentence}", style=style))
    if figures:
        out.print(_table(is_, figures), soft_wrap=False)
    elif vault is not None:
        out.print("\nThere is nothing to compare in money: no period of both has ended, or the currencies differ.")


def _place(change: Change, before: Document, after: Document) -> str:
    """Return where a changed term stands: in the new text, or in the old one if it is gone."""
    return str((after if change.after else before).places.of(*change.path))


def _table(terms: Agreement, figures: tuple[Compared, ...]) -> Table:
    currency = terms.money.currency
    sums = [Amount.total((each.credits[side] for each in figures), currency) for side in (0, 1)]
    table = table_of("The same evidence under both texts", footer=True)
    table.add_column("period", footer=counted(len(figures), "period"))
    table.add_column("credit before", justify="right", footer=str(sums[0]))
    table.add_column("credit after", justify="right", footer=str(sums[1]))
    table.add_column("difference", justify="right", footer=str(sums[1] - sums[0]))
    table.add_column("ruled differently")
    for each in figures:
        ruled = ", ".join(f"{name} {was} → {is_}" for name, was, is_ in each.rulings)
        table.add_row(each.label, str(each.credits[0]), str(each.credits[1]), str(each.difference), ruled)
    return table


def _form(
    before: Document,
    after: Document,
    found: tuple[Change, ...],
    words: tuple[Rewording, ...],
    figures: tuple[Compared, ...],
) -> dict[str, object]:
    return {
        "digests": [before.digest, after.digest],
        "changes": [
            {
                "term": each.term,
                "place": _place(each, before, after),
                "before": each.before,
                "after": each.after,
                "house_default": list(each.by_default),
            }
            for each in found
        ],
        "words": [{"section": each.title, "gone": list(each.gone), "new": list(each.new)} for each in words],
        "periods": [
            {
                "period": each.label,
                "fees": [str(fee) for fee in each.fees],
                "credits": [str(credit) for credit in each.credits],
                "difference": str(each.difference),
                "rulings": [{"outcome": name, "before": was, "after": is_} for name, was, is_ in each.rulings],
            }
            for each in figures
        ],
    }
