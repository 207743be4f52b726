"""``makegood shares``: what each member of a service has of its value, period by period."""

from __future__ import annotations

from typing import Annotated

import typer

from makegood.cli.judge import PeriodLabels, begun_periods
from makegood.cli.output import Json, out, print_json, reason_tree, table_of
from makegood.cli.refusal import Exit, Refusal
from makegood.cli.workspace import AgreementFile, AsOf, instant, readable_chain
from makegood.engine.agreement.schedule import periods_of
from makegood.engine.money.value_shares import MemberShare, member_shares


def shares(
    agreement: AgreementFile,
    period: PeriodLabels = None,
    member: Annotated[str, typer.Option("--member", help="Only the statement of this member.")] = "",
    as_of: AsOf = "",
    why: Annotated[bool, typer.Option("--why", help="Print the decisions below the table.")] = False,
    json: Json = False,
) -> None:
    """Print the share of each member of a service in its value, by the allocation in force."""
    _, terms = readable_chain(agreement)
    now = instant(as_of, terms.term.timezone)
    labels = {each.label for each in begun_periods(terms, now=now, labels=period or [])}
    found = [
        share
        for each in periods_of(terms)
        if each.label in labels
        for share in member_shares(terms, each)
        if member in ("", share.member)
    ]
    if not found:
        text = f"{terms.agreement} shares no value with {member}" if member else f"{terms.agreement} shares no value"
        raise Refusal(text, "Values are shared by the term value_shares.", Exit.USAGE)
    if json:
        print_json({"shares": [_form(each) for each in found]})
        return
    table = table_of(f"Value shares of {terms.title}")
    for name in ("period", "value", "member"):
        table.add_column(name)
    table.add_column("amount", justify="right")
    for each in found:
        table.add_row(each.period.label, each.scheme, each.member, str(each.amount))
    out.print(table, soft_wrap=False)
    for each in found if why else ():
        out.print(reason_tree(each.reason, 0), soft_wrap=False)


def _form(share: MemberShare) -> dict[str, object]:
    return {
        "period": share.period.label,
        "value": share.scheme,
        "member": share.member,
        "amount": str(share.amount),
        "reason": share.reason.as_json(),
    }
