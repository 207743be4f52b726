"""Checks of incentives, claims and damages: they concern outcomes that there are, and can be had."""

from __future__ import annotations

from collections.abc import Iterator
from itertools import permutations

from makegood.engine.agreement import incentive_codes as codes
from makegood.engine.agreement.draft import Draft
from makegood.engine.agreement.hints import use_one_of
from makegood.engine.agreement.incentives import Bonus
from makegood.engine.agreement.places import Path
from makegood.engine.agreement.rates import pays_less
from makegood.engine.agreement.shapes import Base, Level, Share, Unit
from makegood.engine.agreement.termination import DamagesCap
from makegood.engine.agreement.terms import Outcome
from makegood.engine.vocabulary.amount import Amount
from makegood.engine.vocabulary.finding import Finding
from makegood.engine.vocabulary.period import Every


def _bonuses(draft: Draft) -> Iterator[tuple[str, Outcome, Bonus]]:
    for name, outcome in draft.outcomes.items():
        if outcome.bonus is not None:
            yield name, outcome, outcome.bonus


def names(draft: Draft) -> Iterator[Finding]:
    """Every line of a statement has a name of its own."""
    taken = {*draft.agreement.sequences, *(f"{name}.bonus" for name, _, _ in _bonuses(draft))}
    for name in draft.agreement.incentives:
        if name in taken or draft.is_written("outcomes", name):
            text = f"{name} is the name of another line already"
            yield codes.NAME_TAKEN.at(draft.places.key("incentives", name), text, "choose another name")
    for name, _, _ in _bonuses(draft):
        if draft.is_written("outcomes", f"{name}.bonus"):
            place = draft.places.key("outcomes", f"{name}.bonus")
            yield codes.NAME_TAKEN.at(place, f"the bonus of {name} is called so", "choose another name")


def outcomes(draft: Draft) -> Iterator[Finding]:
    """Incentives and their conditions concern outcomes that there are."""
    named: list[tuple[Path, str]] = [
        (("outcomes", name, "bonus", "only_if"), gate) for name, _, bonus in _bonuses(draft) for gate in bonus.only_if
    ]
    for name, term in draft.agreement.incentives.items():
        named += [(("incentives", name, key), outcome) for key, outcome in term.concerned]
    for path, outcome in named:
        if not draft.is_written("outcomes", outcome):
            text = f"there is no outcome {outcome}"
            yield codes.UNKNOWN_OUTCOME.at(draft.at(*path), text, use_one_of(outcome, [*draft.outcomes]))


def bonuses(draft: Draft) -> Iterator[Finding]:
    """A bonus begins where the target ends, and pays more for better."""
    for name, outcome, bonus in _bonuses(draft):
        path = ("outcomes", name, "bonus")
        for number, tier in enumerate(bonus.tiers):
            key = "at_least" if tier.at_least is not None else "at_most"
            fits = (key == "at_least") is outcome.target.higher_is_better
            if not fits or not _is_better(outcome, tier.bound):
                text = f"{key.replace('_', ' ')} {tier.bound} is not better than the target {outcome.target}"
                yield codes.BONUS_LEVEL.at(draft.at(*path, "tiers", number, key), text, "correct the level")
        beyond = bonus.per_unit.beyond if bonus.per_unit is not None else None
        if beyond is not None and not _is_better(outcome, beyond):
            text = f"{beyond} is not better than the target {outcome.target}"
            yield codes.BONUS_LEVEL.at(draft.at(*path, "per_unit", "beyond"), text, "correct the level")
        unit = bonus.per_unit.unit if bonus.per_unit is not None else None
        if unit is not None and (unit.unit is not outcome.target.level.unit or unit.value <= 0):
            text = f"{unit} is no unit of the target {outcome.target}"
            yield codes.LEVEL_UNIT.at(draft.at(*path, "per_unit", "unit"), text, "write it in the unit of the target")


def _is_better(outcome: Outcome, level: Level) -> bool:
    if level.unit is not outcome.target.level.unit:
        return False
    better = level.value - outcome.target.level.value
    return better >= 0 if outcome.target.higher_is_better else better <= 0


def steps(draft: Draft) -> Iterator[Finding]:
    """A better step pays as much or more."""
    for name, outcome, bonus in _bonuses(draft):
        higher = outcome.target.higher_is_better
        for (number, better), (_, other) in permutations(enumerate(bonus.tiers[:20]), 2):
            beyond = better.bound.value - other.bound.value
            if (beyond > 0 if higher else beyond < 0) and pays_less(better.pays, other.pays):
                text = f"{better.bound} earns {better.pays}, and {other.bound} {other.pays}"
                place = draft.at("outcomes", name, "bonus", "tiers", number, "pays")
                yield codes.BONUS_PAYS_LESS.at(place, text, "let a better value earn as much or more")


def levels(draft: Draft) -> Iterator[Finding]:
    """The levels of an incentive have the unit of its outcome."""
    for name, term in draft.agreement.incentives.items():
        first = draft.outcomes.get(term.concerned[0][1])
        if first is None:
            continue
        wanted = first.target.level.unit
        keys = [path for _, path in term.levels]
        if term.levels and ("unit",) not in keys and wanted is not Unit.NUMBER:
            text = f"{term.concerned[0][1]} is a {wanted}, so the unit that has this worth has to be written"
            yield codes.LEVEL_UNIT.at(draft.places.key("incentives", name), text, "add unit, as in unit: 1%")
        for level, path in term.levels:
            if level.unit is not wanted or (path == ("unit",) and level.value <= 0):
                text = f"{level} is no level of {term.concerned[0][1]}, which is a {wanted}"
                place = draft.at("incentives", name, *path)
                yield codes.LEVEL_UNIT.at(place, text, "write it in the unit of the target")


def bases(draft: Draft) -> Iterator[Finding]:
    """A percentage is one of something."""
    for name, outcome, bonus in _bonuses(draft):
        paid = [*(tier.pays for tier in bonus.tiers), *([bonus.per_unit.pays] if bonus.per_unit is not None else [])]
        shares = any(not isinstance(rate, Amount) for rate in paid) or isinstance(bonus.at_most, Share)
        if shares and not _has_base(draft, outcome, bonus):
            place = draft.places.key("outcomes", name, "bonus")
            yield codes.BONUS_OF_NOTHING.at(place, "there is nothing that this is a percentage of", "pay an amount")


def _has_base(draft: Draft, outcome: Outcome, bonus: Bonus) -> bool:
    """Tell whether there is what the percentages of a bonus are of; the fees of a stretch are no base of a period."""
    if isinstance(bonus.of, Amount):
        return True
    base = bonus.of.base if bonus.of is not None else Base.SERVICE_FEE
    services = draft.agreement.services
    match base:
        case Base.AT_RISK:
            return draft.agreement.money.at_risk is not None
        case Base.SERVICE_FEE if outcome.service in services:
            return services[outcome.service].fee is not None
        case Base.FEES:
            return False
        case _:
            return any(service.fee for service in services.values())


def claims(draft: Draft) -> Iterator[Finding]:
    """What has to be claimed can be, and there is a deadline."""
    terms = draft.agreement.claims
    if terms is None:
        return
    for name in terms.of:
        if not draft.is_written("outcomes", name, "stake"):
            text = f"there is no outcome {name} with a stake"
            yield codes.CLAIM_OF_NOTHING.at(draft.at("claims", "of"), text, use_one_of(name, [*draft.outcomes]))
    if terms.end_of_cycle is not None and draft.agreement.term.period.every is Every.TERM:
        place = draft.at("claims", "end_of_cycle")
        yield codes.CYCLES_OF_ONE.at(place, "the whole term is one period", "write after_period")


def damages(draft: Draft) -> Iterator[Finding]:
    """Damages for leaving early are no penalty."""
    if draft.agreement.termination is None:
        return
    terms = draft.agreement.termination.damages
    if terms.months > 3:
        place = draft.at("termination", "damages", "months")
        yield codes.UNUSUAL_DAMAGES.at(place, f"{terms.months} monthly fees are owed", "write two or three")
    if terms.cap is DamagesCap.NONE:
        text = "damages are owed for months that are not left of the term"
        yield codes.UNUSUAL_DAMAGES.at(draft.at("termination", "damages", "cap"), text, "limit them")
