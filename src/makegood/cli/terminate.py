"""``makegood terminate``: what leaving early costs."""

from __future__ import annotations

from datetime import datetime
from typing import Annotated

import typer

from makegood.cli.output import Json, print_json, print_plain
from makegood.cli.refusal import Exit, Refusal
from makegood.cli.workspace import AgreementFile, readable
from makegood.engine.money.termination import leaving


def terminate(
    agreement: AgreementFile,
    on: Annotated[
        datetime,
        typer.Option("--on", formats=["%Y-%m-%d"], help="The first day on which the service is not owed any more."),
    ],
    service: Annotated[str, typer.Option("--service", help="Only this service is removed; the others stay.")] = "",
    json: Json = False,
) -> None:
    """Say what it costs to end an agreement before its term ends, or to remove one of its services."""
    _, terms = readable(agreement)
    if service and service not in terms.services:
        raise Refusal(f"There is no service {service}.", f"It has {', '.join(terms.services)}.", Exit.USAGE)
    found = leaving(terms, on.date(), service)
    if json:
        print_json(
            {
                "agreement": terms.agreement,
                "on": on.date().isoformat(),
                "service": service,
                "amount": found.amount.plain,
                "currency": found.amount.currency,
                "reason": found.reason.as_json(),
            }
        )
    else:
        print_plain("\n".join(found.reason.lines()))
