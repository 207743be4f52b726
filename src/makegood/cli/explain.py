"""``makegood explain``: one credit, from the cent on the statement down to the rows of evidence."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Annotated

import typer
from rich.text import Text
from rich.tree import Tree

from makegood.cli import clock
from makegood.cli.output import Json, cite, out, print_json, reason_tree
from makegood.cli.refusal import Exit, Refusal
from makegood.cli.workspace import DEFAULT_VAULT, AgreementFile, VaultFolder, Workspace, workspace
from makegood.engine.agreement.schedule import periods_of
from makegood.engine.agreement.terms import Agreement
from makegood.engine.agreement.versions import version_for
from makegood.engine.judging.asked import Asked
from makegood.engine.judging.verdict import Miss, Verdict
from makegood.engine.money.closing import Account, account
from makegood.engine.money.credit import Credit, PeriodCredits
from makegood.engine.money.settlement import Posting
from makegood.engine.review.form import verdict_form
from makegood.engine.vocabulary.amount import Amount
from makegood.engine.vocabulary.period import Period
from makegood.vault.settling import void_disputes


@dataclass(frozen=True)
class Explanation:
    """Everything behind one credit: what was booked for it, its verdict if it has one, and the sum of its period."""

    credit: Credit
    credits: PeriodCredits
    verdict: Verdict | None
    booked: tuple[Posting, ...]


def explain(
    credit: Annotated[str, typer.Argument(metavar="CREDIT", help="A line of a statement, as in 2026-03/availability.")],
    agreement: AgreementFile,
    vault: VaultFolder = DEFAULT_VAULT,
    rows: Annotated[int, typer.Option("--rows", min=0, help="How many rows of evidence to list at each step.")] = 5,
    json: Json = False,
) -> None:
    """Explain a credit: what was booked, by which rule, on which verdict, from which rows of evidence."""
    with workspace(agreement, vault) as opened:
        explanation = explained(opened, credit)
    if json:
        print_json(explanation_form(explanation))
    else:
        for tree in explanation_trees(version_for(opened.agreement, explanation.credits.period), explanation, rows):
            out.print(tree, soft_wrap=False)


def explained(opened: Workspace, name: str) -> Explanation:
    """Return the explanation of a line, recomputed from the snapshot that it was settled on.

    :raises Refusal: if no such line can be explained
    """
    label, _, outcome = name.partition("/")
    outcome = outcome.split("/")[0]
    periods = {period.label: period for period in periods_of(opened.agreement)}
    if label not in periods:
        raise _unknown(opened, name)
    if periods[label].interval.start >= clock.now():
        raise Refusal(f"the period {label} has not begun", "Name an earlier one.", Exit.USAGE)
    booked = tuple(
        posting for posting in opened.book.postings if (posting.for_period, posting.outcome) == (label, outcome)
    )
    if name.count("/") > 1 and name not in {posting.id for posting in booked}:
        there = ", ".join(posting.id for posting in booked) or "nothing yet"
        raise Refusal(f"there is no line {name}", f"Booked for it: {there}.", Exit.USAGE)
    labels = list(periods)
    seen = _seen(opened, _line(name, booked), [periods[each] for each in labels[: labels.index(label) + 1]])
    judgement, credits = seen.judgements[-1], seen.credits[-1]
    found = next((each for each in credits.credits if each.outcome == outcome), None)
    if found is None and outcome in version_for(opened.agreement, periods[label]).outcomes:
        raise Refusal(f"there is no money on {outcome}, so that there is no credit to explain", "See makegood judge.")
    if found is None:
        raise _unknown(opened, name)
    return Explanation(found, credits, judgement.find(outcome), booked)


def _seen(opened: Workspace, line: Posting | None, periods: Sequence[Period]) -> Account:
    """Return the account as it was when a line was booked: by the text, the evidence and the book of that time."""
    run = next((each for each in opened.book.runs if line in each.postings), None)
    if run is None:
        return account(agreement=opened.agreement, periods=periods, evidence=opened.evidence())
    standing = opened.book.standing_before(run)
    terms = opened.chain.until(run.digest) or opened.agreement
    void = void_disputes(opened.agreement, opened.vault, standing.closed_at, run.snapshot)
    evidence = opened.vault.evidence(run.snapshot, without=void, asked=Asked.of(terms))
    return account(agreement=terms, periods=periods, evidence=evidence, standing=standing)


def _unknown(opened: Workspace, name: str) -> Refusal:
    lines = [posting.id for posting in opened.book.postings][:3]
    known = f"Lines that were booked: {', '.join(lines)} …" if lines else "Nothing was booked yet."
    return Refusal(f"{name} names no period and line of {opened.agreement.agreement}", known, Exit.USAGE)


def explanation_form(explanation: Explanation) -> dict[str, object]:
    """Return an explanation as JSON-ready data."""
    return {
        "period": explanation.credits.period.label,
        "outcome": explanation.credit.outcome,
        "amount": str(explanation.credit.amount),
        "booked": [
            {"id": each.id, "in_period": each.in_period, "amount": str(each.amount), "snapshot": each.snapshot}
            for each in explanation.booked
        ],
        "credit": explanation.credit.reason.as_json(),
        "period_sum": explanation.credits.reason.as_json(),
        "verdict": verdict_form(explanation.verdict) if explanation.verdict is not None else None,
    }


def explanation_trees(agreement: Agreement, explanation: Explanation, rows: int) -> list[Tree]:
    """Return the explanation as trees: what was booked, why so much, by which readings, and from which evidence."""
    credit = explanation.credit
    period = explanation.credits.period.label
    head = Text.assemble((f"{period}/{credit.outcome}", "bold"), "  ", (str(credit.amount), "bold"))
    booked = Tree(head, guide_style="dim")
    provider, customer = agreement.parties.provider.shown, agreement.parties.customer.shown
    because = f"by the term {credit.outcome}"
    if credit.outcome in agreement.outcomes:
        because = f"because it promised: “{agreement.outcomes[credit.outcome].promise}”"
    booked.add(
        f"{provider} earns this from {customer}, {because}"
        if credit.amount.minor < 0
        else f"{provider} credits this to {customer}, {because}"
    )
    booked.add(_booked_line(explanation.booked, agreement.money.currency))
    trees = [booked, reason_tree(credit.reason, rows)]
    if explanation.verdict is not None:
        readings = Tree("Readings that were used", guide_style="dim")
        for reading in explanation.verdict.readings:
            readings.add(f"{reading.term}: {reading.value}" + ("" if reading.written else "  (house default)"))
        trees += [readings, _evidence(explanation.verdict.measurement.misses, rows)]
    return trees


def _evidence(misses: Sequence[Miss], rows: int) -> Tree:
    tree = Tree(f"Evidence: {len(misses):,} counted against the promise", guide_style="dim")
    for miss in misses[:rows]:
        branch = tree.add(f"{miss.what}" + (f" (incident {miss.incident})" if miss.incident else ""))
        cite(branch, miss.evidence, rows)
    if len(misses) > rows:
        tree.add(Text(f"and {len(misses) - rows:,} more; --rows {len(misses)} lists all", style="dim"))
    return tree


def _booked_line(booked: Sequence[Posting], currency: str) -> str:
    if not booked:
        return "Not settled yet: this is what it would come to now."
    lines = "; ".join(f"{each.amount} in the statement of {each.in_period}" for each in booked)
    total = Amount.total((each.amount for each in booked), currency)
    return f"Booked: {lines}." + (f" Together {total}." if len(booked) > 1 else "")


def _line(name: str, booked: Sequence[Posting]) -> Posting | None:
    """Return the line that was asked for, the last one by default; None if nothing was booked."""
    exact = [posting for posting in booked if posting.id == name and name.count("/") > 1]
    return (exact or list(booked))[-1] if booked else None
