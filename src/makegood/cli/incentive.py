"""``makegood incentive``: what a worse value costs, where it goes dead, and whether prevention pays."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Annotated

import typer
from rich.table import Table

from makegood.cli.output import Json, counted, out, print_json, table_of
from makegood.cli.past import From, Past, Until, amount, evidence_of, past_of, share, text_of
from makegood.cli.refusal import Exit, Refusal
from makegood.cli.workspace import DEFAULT_VAULT, AgreementFile, AsOf, VaultFolder
from makegood.engine.agreement.shapes import Unit
from makegood.engine.agreement.terms import Agreement
from makegood.engine.review.balance import Balance, balance_of
from makegood.engine.review.marginal import Marginal, Step, marginal, shortened
from makegood.engine.review.prevention import Prevention, cost_of_misses
from makegood.engine.review.pricing import cost_of_a_year
from makegood.engine.review.replay import typical_totals, year_of
from makegood.engine.review.simulation import chances
from makegood.engine.review.trial import VOLUME, Trial
from makegood.engine.review.wording import every_word
from makegood.engine.review.wording import share as part
from makegood.engine.vocabulary.duration import Duration
from makegood.engine.vocabulary.ratio import Ratio
from makegood.vault.bundle import is_bundle
from makegood.vault.layout import FORMAT_FILE


@dataclass(frozen=True)
class Asked:
    """A prevention as the command line describes it."""

    outcome: str
    cost: str
    chance: str
    remaining: str
    loss: str


def incentive(
    agreement: AgreementFile,
    vault: VaultFolder = DEFAULT_VAULT,
    prevents: Annotated[
        str, typer.Option("--prevents", metavar="OUTCOME", help="The outcome whose misses could be prevented.")
    ] = "",
    prevention: Annotated[
        str, typer.Option("--prevention", metavar="AMOUNT", help="What the prevention costs in a month.")
    ] = "",
    chance: Annotated[
        str,
        typer.Option(
            "--chance", metavar="SHARE", help="The chance of a miss a period without it; by default as in the evidence."
        ),
    ] = "",
    remaining: Annotated[
        str, typer.Option("--remaining", metavar="SHARE", help="The chance of a miss that remains with it.")
    ] = "0%",
    loss: Annotated[
        str, typer.Option("--loss", metavar="AMOUNT", help="What a miss costs the customer, if that is known.")
    ] = "",
    start: From = "",
    until: Until = "",
    as_of: AsOf = "",
    json: Json = False,
) -> None:
    """Say what it costs when a value gets worse, where it costs nothing more, and what can be lost and gained.

    With --prevents and --prevention also whether the penalty is larger than the cost of prevention. Evidence is used if
    there is a vault: for how many cases a period has, and for how often a promise was missed.
    """
    past, terms = past_if_any(agreement, vault, start=start, until=until, as_of=as_of)
    asked = Asked(prevents, prevention, chance, remaining, loss)
    _refuse_half(terms, asked)
    trial = Trial.of(terms, typical_totals(past.replay.whole) if past else None)
    found = [marginal(trial, name) for name, outcome in terms.outcomes.items() if outcome.stake is not None]
    balance = balance_of(trial)
    prevented = prevention_of(terms, past, found, asked) if prevents else None
    if json:
        print_json(incentive_form(found, balance, prevented))
        return
    every = every_word(terms.term.period.every)
    for each in found:
        out.print(marginal_table(each), soft_wrap=False)
        for sentence in marginal_sentences(each):
            out.print(sentence)
        out.print()
    if past is None and any(_counts_cases(each) for each in found):
        out.print(f"No evidence was used: a {every} is taken to have {VOLUME:,} cases or events of each kind.")
    for sentence in balance_sentences(balance, every):
        out.print(sentence)
    if prevented is not None:
        for sentence in prevention_sentences(prevented, asked, every):
            out.print(sentence)


def past_if_any(source: Path, vault: Path, *, start: str, until: str, as_of: str) -> tuple[Past | None, Agreement]:
    """Return the replay if there is a vault, and the agreement."""
    if not is_bundle(source) and vault == DEFAULT_VAULT and not (vault / FORMAT_FILE).exists():
        return None, text_of(source)
    terms, evidence = evidence_of(source, vault)
    return past_of(terms, evidence, start=start, until=until, as_of=as_of), terms


def prevention_of(terms: Agreement, past: Past | None, found: list[Marginal], asked: Asked) -> Prevention:
    """Return the prevention that was asked for, with what is known of the misses.

    :raises Refusal: if nothing says how likely a miss is, or the prevention does not lower the chance
    """
    currency = terms.money.currency
    _, periods = year_of(terms)
    seen = chances(past.replay.whole).get(asked.outcome) if past else None
    missed = seen.happened if seen else 0
    if not asked.chance and not missed:
        known = f"was never missed in {counted(seen.of, 'period')}" if seen and seen.of else "was never decided"
        raise Refusal(
            f"{asked.outcome} {known}, so nothing says how often prevention would help",
            "Write how likely a miss is in a period, as in --chance 5%.",
            Exit.USAGE,
        )
    without = share(asked.chance, "--chance") if asked.chance or not seen else seen.share
    remaining = share(asked.remaining, "--remaining")
    if not remaining <= without <= 1:
        raise Refusal(
            f"prevention lowers the chance of a miss: from {without.percent(2)} to {remaining.percent(2)} it does not",
            "Write --chance and --remaining so that --remaining is lower.",
            Exit.USAGE,
        )
    if past and missed:
        whole = cost_of_misses(past.replay.agreement, past.replay.whole, asked.outcome)
        penalty = whole.times(Ratio(1, missed))
    else:
        penalty = next(each for each in found if each.outcome == asked.outcome).mildest
    year = cost_of_a_year(terms, amount(asked.cost, "--prevention", currency))
    loss = amount(asked.loss, "--loss", currency) if asked.loss else None
    return Prevention(year.times(Ratio(1, len(periods))), without, remaining, penalty, loss)


def marginal_table(found: Marginal) -> Table:
    """Return what an outcome costs from which value on."""
    table = table_of(f"{found.outcome}, promised {found.scale.outcome.target}")
    table.add_column("from")
    table.add_column("gone wrong", justify="right")
    table.add_column("costs", justify="right")
    table.add_column("at once", justify="right")
    for step in shortened(found.steps):
        jump = str(step.jump) if step.jump is not None else ""
        table.add_row(_value(found, step), _wrong(found, step), str(step.cost), jump)
    return table


def marginal_sentences(found: Marginal) -> Iterator[str]:
    """Yield where an outcome's money starts, jumps and ends."""
    if not found.most:
        yield f"A worse value of {found.outcome} costs nothing by itself: its stake depends on more than the value."
        return
    if found.free:
        yield f"The first miss of {found.outcome} costs nothing."
    if found.cliff is not None:
        yield f"The largest cliff is {found.cliff.jump} at once, {_where(found, found.cliff)}."
    if found.dead is None:
        yield f"{found.outcome} never goes dead: every worse value costs more."
        return
    why = "a limit on all credits together stops it" if found.dead_by_limit else "its own stake goes no further"
    where = _where(found, found.dead)
    yield f"It is dead at {found.dead.cost}: {where} what gets worse costs nothing more, because {why}."


def balance_sentences(balance: Balance, every: str) -> Iterator[str]:
    """Yield what can be lost and gained."""
    of_fee = f", {part(balance.at_risk.value / balance.fee.value)} of the fee," if balance.fee else ""
    yield f"At the worst a {every} loses {balance.at_risk}{of_fee} and at the best it gains {balance.to_gain}."
    if balance.absorbed.minor > 0:
        yield f"The stakes would come to {balance.owed}; limits on all credits together take off {balance.absorbed}."
    if balance.stick is None:
        yield "Nothing is at stake."
    elif balance.stick == 1:
        yield "All stick, no carrot: nothing rewards what is better than promised."
    else:
        yield f"Of all that is at stake {balance.stick.percent(1)} can be lost, and the rest gained."
        if balance.stick > Ratio(1, 2):
            yield "The stick is longer than the carrot; incentives work better the other way round."


def prevention_sentences(prevented: Prevention, asked: Asked, every: str) -> Iterator[str]:
    """Yield whether the penalty is larger than the cost of prevention, for the provider and for the customer."""
    yield (
        f"Preventing misses of {asked.outcome} costs {prevented.cost} a {every}. It lowers the chance of a miss from"
        f" {prevented.without.percent(2)} to {prevented.with_.percent(2)}; a miss costs {prevented.penalty}, so it"
        f" saves {prevented.benefit} a {every}."
    )
    if prevented.pays:
        yield "It pays: the penalty is larger than the cost of prevention."
    elif prevented.required is None:
        yield "It does not pay: it prevents nothing."
    else:
        yield f"It does not pay: a miss would have to cost {prevented.required} before the provider gains by it."
    if prevented.loss is not None:
        cover = "" if prevented.cover is None else f", of which the penalty covers {prevented.cover.percent(2)}"
        worth = "is worth" if prevented.worth_it else "is not worth"
        yield f"A miss costs the customer {prevented.loss}{cover}; to both together prevention {worth} its price."


def incentive_form(found: list[Marginal], balance: Balance, prevented: Prevention | None) -> dict[str, object]:
    """Return everything as JSON-ready data."""
    return {
        "outcomes": {each.outcome: _marginal_form(each) for each in found},
        "balance": {
            "fee": str(balance.fee),
            "owed": str(balance.owed),
            "at_risk": str(balance.at_risk),
            "to_gain": str(balance.to_gain),
            "stick": None if balance.stick is None else str(balance.stick),
        },
        "prevention": _prevention_form(prevented) if prevented else None,
    }


def _marginal_form(found: Marginal) -> dict[str, object]:
    return {
        "total": found.scale.total,
        "steps": [_step_form(step) for step in found.steps],
        "cliff": _step_form(found.cliff) if found.cliff else None,
        "dead": _step_form(found.dead) if found.dead else None,
        "dead_by_limit": found.dead_by_limit,
        "first_miss_is_free": found.free,
    }


def _step_form(step: Step) -> dict[str, object]:
    jump = None if step.jump is None else str(step.jump)
    return {"value": str(step.value), "wrong": step.wrong, "costs": str(step.cost), "at_once": jump}


def _prevention_form(prevented: Prevention) -> dict[str, object]:
    money = {"required_penalty": prevented.required, "loss": prevented.loss}
    return {
        "cost": str(prevented.cost),
        "chance": str(prevented.without),
        "remaining": str(prevented.with_),
        "penalty": str(prevented.penalty),
        "saves": str(prevented.benefit),
        "pays": prevented.pays,
        **{name: None if each is None else str(each) for name, each in money.items()},
        "cover": None if prevented.cover is None else str(prevented.cover),
        "worth_it": prevented.worth_it,
    }


def _value(found: Marginal, step: Step) -> str:
    """Return from which value on a step applies: behind which bound of the agreement, if it is the first one there."""
    outcome, scale = found.scale.outcome, found.scale
    bounds = outcome.stake.bounds if outcome.stake is not None else ()
    for bound in (outcome.target.level, *bounds):
        if step.wrong == scale.beyond(bound.value) + 1:
            return f"{'below' if scale.step < 0 else 'above'} {bound}"
    return step.value.percent() if found.scale.unit is Unit.SHARE else step.value.grouped


def _where(found: Marginal, step: Step) -> str:
    """Return where a step lies, as a sentence says it."""
    wrong = _wrong(found, step)
    where = _value(found, step)
    return (where if where[0].isalpha() else f"from {where} on") + (f" ({wrong})" if wrong else "")


def _wrong(found: Marginal, step: Step) -> str:
    """Return how much went wrong: outage, or so many of so many; nothing for a number, which says it itself."""
    if found.scale.unit is not Unit.SHARE:
        return ""
    if found.scale.outcome.measure.size_unit is Unit.TIME:
        return Duration(step.wrong).words
    return f"{step.wrong:,} of {found.scale.total:,}"


def _counts_cases(found: Marginal) -> bool:
    return found.scale.unit is Unit.SHARE and found.scale.outcome.measure.size_unit is not Unit.TIME


def _refuse_half(terms: Agreement, asked: Asked) -> None:
    """Refuse a prevention of which only a half is said.

    :raises Refusal: if so, or if no money is on the outcome
    """
    if bool(asked.outcome) != bool(asked.cost) or ((asked.chance or asked.loss) and not asked.outcome):
        raise Refusal(
            "a prevention needs what it prevents and what it costs",
            'Write --prevents OUTCOME --prevention "900.00 EUR".',
            Exit.USAGE,
        )
    staked = [name for name, outcome in terms.outcomes.items() if outcome.stake is not None]
    if asked.outcome and asked.outcome not in staked:
        raise Refusal(
            f"no money is on an outcome {asked.outcome}", f"Those with a stake: {', '.join(staked)}.", Exit.USAGE
        )
