"""``makegood price``: what a promise costs in a year, and what fee keeps a wanted margin."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Annotated

import typer
from rich.table import Table

from makegood.cli.output import Json, counted, out, print_json, progress_bar, table_of
from makegood.cli.past import (
    Block,
    From,
    Past,
    Seed,
    Until,
    Years,
    amount,
    draw_of,
    evidence_of,
    past_of,
    share,
)
from makegood.cli.refusal import Refusal
from makegood.cli.simulate import QUANTILES, distribution_form, few_sentence
from makegood.cli.workspace import DEFAULT_VAULT, AgreementFile, AsOf, VaultFolder
from makegood.engine.agreement.terms import Agreement
from makegood.engine.review.pricing import Priced, Wanted, fee_for, monthly_fee, priced
from makegood.engine.review.simulation import FEW, YEARS, chances
from makegood.engine.review.wording import every_word
from makegood.engine.vocabulary.amount import Amount
from makegood.engine.vocabulary.ratio import Ratio


def price(
    agreement: AgreementFile,
    vault: VaultFolder = DEFAULT_VAULT,
    cost: Annotated[
        str, typer.Option("--cost", metavar="AMOUNT", help="What the service costs the provider in a month.")
    ] = "",
    margin: Annotated[
        str, typer.Option("--margin", metavar="SHARE", help="The share of the fee that shall be left, as in 25%.")
    ] = "0%",
    load: Annotated[
        str,
        typer.Option(
            "--load", metavar="SHARE", help="The share of the standard deviation to charge for bearing the risk."
        ),
    ] = "0%",
    start: From = "",
    until: Until = "",
    as_of: AsOf = "",
    years: Years = YEARS,
    block: Block = 0,
    seed: Seed = 1,
    json: Json = False,
) -> None:
    """Say what a promise costs in a year, and with --cost what fee keeps a wanted margin.

    Credits that are a share of the fee grow with it, those that are amounts do not: the fee is found by settling the
    drawn years again at each fee that is tried. Several services keep the proportion of their fees.
    """
    terms, evidence = evidence_of(agreement, vault)
    wanted = wanted_of(terms, cost, margin, load)
    past = past_of(terms, evidence, start=start, until=until, as_of=as_of)
    fees = priced_fees(past, wanted, years=years, block=block, seed=seed, quiet=json, search=bool(cost))
    if json:
        print_json(price_form(fees, wanted, searched=bool(cost)))
        return
    out.print(price_table(past, fees, searched=bool(cost)), soft_wrap=False)
    for sentence in price_sentences(past, fees, wanted, searched=bool(cost)):
        out.print(sentence)


def wanted_of(agreement: Agreement, cost: str, margin: str, load: str) -> Wanted:
    """Return what the fee has to bear.

    :raises Refusal: if a number cannot be read, or the agreement has no fee
    """
    if not monthly_fee(agreement):
        raise Refusal(
            f"{agreement.agreement} has no monthly fee, so nothing can be priced",
            "Write the fee of a service, as in fee: {monthly: 1200.00}; its size does not matter here.",
        )
    currency = agreement.money.currency
    return Wanted(
        amount(cost, "--cost", currency) if cost else Amount.zero(currency),
        share(margin, "--margin", below=Ratio(1)),
        share(load, "--load"),
    )


def priced_fees(
    past: Past, wanted: Wanted, *, years: int, block: int, seed: int, quiet: bool, search: bool
) -> tuple[Priced, Priced | None]:
    """Return the agreed fee with its risk, and if it is wanted the lowest fee that bears everything.

    :raises Refusal: if no year can be drawn
    """
    if not past.replay.whole:
        raise Refusal(past.why_no_year, "Bring in evidence, or name other days with --from and --until.")
    draw, terms, whole = draw_of(past, years=years, block=block, seed=seed), past.replay.agreement, past.replay.whole
    with progress_bar("years", shown=not quiet) as moved:
        agreed = priced(terms, whole, draw, wanted, monthly_fee(terms), moved)
        return agreed, fee_for(terms, whole, draw, wanted, moved) if search else None


def price_table(past: Past, fees: tuple[Priced, Priced | None], *, searched: bool) -> Table:
    """Return what is left of the agreed fee, and beside it of the fee that bears everything."""
    table = table_of(f"{past.agreement.title}: a year of the promise")
    agreed, found = fees
    columns = [("at the agreed fee", agreed)] + ([("at the fee that is wanted", found)] if found else [])
    table.add_column("")
    for name, _ in columns:
        table.add_column(name, justify="right")
    shown = [_column(each, searched=searched) for _, each in columns]
    for number, (name, _) in enumerate(shown[0]):
        table.add_row(name, *(column[number][1] for column in shown))
    return table


def price_sentences(past: Past, fees: tuple[Priced, Priced | None], wanted: Wanted, *, searched: bool) -> Iterator[str]:
    """Yield what the promise costs, what fee bears it, and how far that can be relied on."""
    agreed, found = fees
    every = past.agreement.term.period.every
    number = len(past.replay.whole)
    yield (
        f"{counted(agreed.risk.draw.years, 'year')} drawn from {number:,} {every_word(every, number)} in blocks of"
        f" {agreed.risk.draw.block}, seed {agreed.risk.draw.seed}."
    )
    if searched:
        yield _found_sentence(found, wanted)
    for outcome, chance in chances(past.replay.whole).items():
        if chance.of and chance.happened < FEW and past.agreement.outcomes[outcome].stake is not None:
            yield few_sentence(outcome, chance, every_word(every))


def price_form(fees: tuple[Priced, Priced | None], wanted: Wanted, *, searched: bool) -> dict[str, object]:
    """Return the price as JSON-ready data."""
    agreed, found = fees
    return {
        "agreed": _priced_form(agreed, searched=searched),
        "wanted": {"cost": str(wanted.cost), "margin": str(wanted.margin), "load": str(wanted.load)},
        "found": _priced_form(found, searched=searched) if found else None,
    }


def _found_sentence(found: Priced | None, wanted: Wanted) -> str:
    load = f" and a load of {wanted.load.percent()} of the standard deviation" if wanted.load else ""
    if found is None:
        return (
            f"No fee leaves {wanted.margin.percent()}{load}: the credits grow with the fee as fast as what is left of"
            " it. Limit them with a cap, or promise less."
        )
    return (
        f"A fee of {found.monthly} a month is the lowest that leaves {wanted.margin.percent()} after expected"
        f" credits{load} and a cost of {wanted.cost} a month."
    )


def _column(fee: Priced, *, searched: bool) -> list[tuple[str, str]]:
    """Return what stands in the table for one fee."""
    year = fee.risk.year
    rows = [
        ("fee a month", str(fee.monthly)),
        ("fee a year", str(fee.risk.fee)),
        ("expected credits", str(year.expected)),
        ("standard deviation", str(year.deviation)),
        *((f"credits at most, in {each.percent()} of the years", str(year.at(each))) for each in QUANTILES),
    ]
    if searched:
        rows.append(("cost a year", str(fee.cost)))
        rows.append(("margin with expected credits", _margin(fee, year.expected)))
        rows += [(f"margin in the {each.percent()} year", _margin(fee, year.at(each))) for each in QUANTILES]
    return rows


def _margin(fee: Priced, credits: Amount) -> str:
    margin = fee.margin(credits)
    return "no fee" if margin is None else margin.percent(2)


def _priced_form(fee: Priced, *, searched: bool) -> dict[str, object]:
    year = fee.risk.year
    form: dict[str, object] = {
        "monthly_fee": str(fee.monthly),
        "fee_of_a_year": str(fee.risk.fee),
        "credits_of_a_year": distribution_form(year),
        "digest": fee.risk.digest,
    }
    if searched:
        margin = fee.margin(year.expected)
        form |= {"cost_of_a_year": str(fee.cost), "margin": None if margin is None else margin.decimal(6)}
    return form
