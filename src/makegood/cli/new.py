"""``makegood new``: a copy of a template, filled in with what is known already."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from makegood.cli.output import Json, out, print_json, table_of
from makegood.cli.refusal import Exit, Refusal
from makegood.engine.agreement.document import read
from makegood.engine.agreement.filling import UnableToFill, filled, values_of

_NAMED = 6


def new(
    template: Annotated[str, typer.Argument(metavar="TEMPLATE", help="The template; --list names them.")] = "",
    to: Annotated[Path | None, typer.Option("--to", help="The file to write; without it TEMPLATE.yaml.")] = None,
    customer: Annotated[str, typer.Option("--customer", metavar="ID", help="The customer's identifier.")] = "",
    customer_name: Annotated[str, typer.Option("--customer-name", metavar="NAME", help="Its name.")] = "",
    provider: Annotated[str, typer.Option("--provider", metavar="ID", help="The provider's identifier.")] = "",
    provider_name: Annotated[str, typer.Option("--provider-name", metavar="NAME", help="Its name.")] = "",
    start: Annotated[str, typer.Option("--from", metavar="DATE", help="The first day of the term.")] = "",
    values: Annotated[
        list[str] | None,
        typer.Option("--set", metavar="PATH=VALUE", help="Any other value, as in term.months=24; repeatable."),
    ] = None,
    listed: Annotated[bool, typer.Option("--list", help="Name the templates.")] = False,
    json: Json = False,
) -> None:
    """Write a new agreement from a template; values that are not named stay as the template has them."""
    templates = {path.stem: path for path in sorted(_templates().glob("*.yaml"))}
    if listed:
        _tell(templates, json=json)
        return
    if template not in templates:
        raise Refusal(
            f"there is no template {template}" if template else "no template was named",
            "`makegood new --list` names them.",
            Exit.USAGE,
        )
    text = templates[template].read_text(encoding="utf-8")
    chosen = {"term.from": start, **_party("customer", customer, customer_name)}
    chosen |= _party("provider", provider, provider_name)
    chosen = {path: value for path, value in chosen.items() if value} | dict(_pair(each) for each in values or ())
    written = _written(text, chosen, to or Path(f"{template}.yaml"))
    if json:
        print_json({"file": str(written), "template": template, "values": values_of(written.read_text("utf-8"))})
    else:
        out.print(f"{written} is written. Read it through, then: makegood check {written}")


def _written(text: str, values: dict[str, str], to: Path) -> Path:
    """Fill the values in and write the file, if it comes out without errors.

    :raises Refusal: if a value has no place, the result has errors, or the file is there already
    """
    try:
        result = filled(text, values)
    except UnableToFill as refusal:
        last = refusal.path.rpartition(".")[2]
        near = [path for path in refusal.paths if path.rpartition(".")[2] == last] or list(refusal.paths)
        raise Refusal(
            f"the template has no value {refusal.path}", f"It has, for example, {', '.join(near[:_NAMED])}.", Exit.USAGE
        ) from None
    document = read(result, str(to))
    if document.agreement is None:
        raise Refusal("with these values the agreement has errors", "Correct them.", Exit.FINDINGS, document.findings)
    if not to.parent.is_dir():
        raise Refusal(f"there is no folder {to.parent}", "Make it, or name another file with --to.", Exit.USAGE)
    try:
        with to.open("x", encoding="utf-8") as file:
            file.write(result)
    except FileExistsError:
        raise Refusal(f"{to} is there already", "Name another file with --to.") from None
    return to


def _party(role: str, identifier: str, name: str) -> dict[str, str]:
    """Return the values of a party; one whose name nobody said goes by its identifier."""
    return {f"parties.{role}.id": identifier, f"parties.{role}.name": name or identifier}


def _pair(text: str) -> tuple[str, str]:
    path, sign, value = text.partition("=")
    if not (path and sign and value):
        raise Refusal(f"{text!r} sets nothing", "Write --set term.months=24.", Exit.USAGE)
    return path, value


def _tell(templates: dict[str, Path], *, json: bool) -> None:
    titles = {
        name: path.read_text(encoding="utf-8").partition("\n")[0].lstrip("# ") for name, path in templates.items()
    }
    if json:
        print_json({"templates": [{"name": name, "title": title} for name, title in titles.items()]})
        return
    table = table_of("Templates")
    table.add_column("template")
    table.add_column("what it is")
    for name, title in titles.items():
        table.add_row(name, title)
    out.print(table, soft_wrap=False)


def _templates() -> Path:
    """Return the folder of templates: in the package where it was installed, at the root where it is worked on."""
    here = Path(__file__).resolve()
    for folder in (here.parents[1] / "examples", *(parent / "examples" for parent in here.parents)):
        if (folder / "templates").is_dir():
            return folder / "templates"
    raise Refusal("the templates were not installed", "Install makegood from its wheel or its source.")
