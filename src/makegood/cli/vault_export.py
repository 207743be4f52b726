"""``makegood vault export``: evidence as tables for other tools."""

from __future__ import annotations

import re
from pathlib import Path
from typing import Annotated

import typer

from makegood.cli.output import Json, out, print_json
from makegood.cli.refusal import Exit, Refusal
from makegood.cli.workspace import DEFAULT_VAULT, VaultFolder
from makegood.vault.export import EXPORTED_KINDS, exported, kinds_in
from makegood.vault.lakehouse import TableFormat, new_folder, write_table, writer_of
from makegood.vault.vault import Vault

_MONTH = re.compile("[0-9]{4}-(0[1-9]|1[0-2])", re.ASCII)


def export(
    to: Annotated[Path, typer.Option("--to", metavar="FOLDER", help="A new or empty folder; each kind gets its own.")],
    form: Annotated[
        TableFormat, typer.Option("--format", help="Delta and Iceberg need an extra each.")
    ] = TableFormat.PARQUET,
    kind: Annotated[
        list[str] | None,
        typer.Option("--kind", help="Only this kind of records, or probes; repeatable. Without it all that there are."),
    ] = None,
    month: Annotated[str, typer.Option("--month", metavar="MONTH", help="Only this month of UTC, as in 2026-03.")] = "",
    vault: VaultFolder = DEFAULT_VAULT,
    json: Json = False,
) -> None:
    """Export evidence as tables of Parquet, Delta or Iceberg: a copy for other tools, with what is still in the log.

    Corrections are a table like any other kind: rows that they withdraw are exported, too.
    """
    unknown = sorted(set(kind or ()) - set(EXPORTED_KINDS))
    if unknown:
        raise Refusal(f"there are no {', '.join(unknown)}", f"Name some of {', '.join(EXPORTED_KINDS)}.", Exit.USAGE)
    if month and not _MONTH.fullmatch(month):
        raise Refusal(f"{month} is not a month", "Write it like 2026-03.", Exit.USAGE)
    contents = Vault.open(vault).contents()
    kinds = [each for each in EXPORTED_KINDS if each in kind] if kind else kinds_in(contents)
    write = writer_of(form)
    new_folder(to)
    tables = {each: write_table(write, to / each, exported(contents, each, month)) for each in kinds}
    if json:
        print_json({"format": form, "tables": tables})
        return
    for place in tables.values():
        out.print(place)
    if not tables:
        out.print("The vault holds nothing yet.", style="yellow")
