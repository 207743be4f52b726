"""Checks of sequences: they concern outcomes that there are, fit their targets, and can happen."""

from __future__ import annotations

from collections.abc import Iterator
from collections.abc import Sequence as Several
from itertools import pairwise

from makegood.engine.agreement import sequence_codes as codes
from makegood.engine.agreement.draft import Draft
from makegood.engine.agreement.hints import use_one_of
from makegood.engine.agreement.places import Path
from makegood.engine.agreement.sequences.earn_back import EarnBack, EarnBackAverage, EarnBackFraction, Mean
from makegood.engine.agreement.sequences.misses import ExpectedLevel, Repeat
from makegood.engine.agreement.sequences.parts import Sequence
from makegood.engine.agreement.sequences.points import Points
from makegood.engine.agreement.sequences.ratchets import ContinuousImprovement, RisingTarget
from makegood.engine.agreement.shapes import Base, Level, Share, ShareOf, Unit
from makegood.engine.agreement.terms import CapPer, Outcome
from makegood.engine.vocabulary.amount import Amount
from makegood.engine.vocabulary.finding import Finding
from makegood.engine.vocabulary.ratio import Ratio

_EARN_BACK = (EarnBack, EarnBackAverage, EarnBackFraction)


def names(draft: Draft) -> Iterator[Finding]:
    """A line of its own needs a name of its own."""
    for name, term in draft.agreement.sequences.items():
        if term.books and draft.is_written("outcomes", name):
            text = f"{name} is the name of an outcome already"
            yield codes.NAME_TAKEN.at(draft.places.key("sequences", name), text, "choose another name")


def outcomes(draft: Draft) -> Iterator[Finding]:
    """Sequences concern outcomes that there are, and about money only such as have some."""
    for name, term in draft.agreement.sequences.items():
        for outcome in term.of:
            place = draft.at("sequences", name, "of")
            if not draft.is_written("outcomes", outcome):
                known = use_one_of(outcome, [*draft.outcomes])
                yield codes.UNKNOWN_OUTCOME.at(place, f"there is no outcome {outcome}", known)
            elif term.needs_stake and not draft.is_written("outcomes", outcome, "stake"):
                text = f"{outcome} has no stake"
                yield codes.NOTHING_AT_STAKE.at(place, text, "give it one, or leave it out")


def _concerned(draft: Draft, term: Sequence) -> Iterator[tuple[str, Outcome]]:
    for name, outcome in draft.outcomes.items():
        if name in term.of or (not term.of and (outcome.stake is not None or not term.needs_stake)):
            yield name, outcome


def levels(draft: Draft) -> Iterator[Finding]:
    """A level is in the unit of the target, and on that side of it on which it says something."""
    for name, term in draft.agreement.sequences.items():
        for level, path in term.levels:
            place = draft.at("sequences", name, *path)
            for outcome, terms in _concerned(draft, term):
                found = terms.target.level
                if level.unit is not found.unit:
                    text = f"{level} is a {level.unit}, the target of {outcome} a {found.unit}"
                    yield codes.LEVEL_UNIT.at(place, text, "write it in the unit of the target")
                    break
                if _is_on_the_wrong_side(term, level, terms):
                    text = f"{level} lies on the wrong side of the target {terms.target} of {outcome}"
                    yield codes.LEVEL_SIDE.at(place, text, "correct one of the two")
                    break


def pools(draft: Draft) -> Iterator[Finding]:
    """Only shares of events, cases or seconds can be pooled over a year."""
    for name, term in draft.agreement.sequences.items():
        if not isinstance(term, EarnBackAverage) or term.mean is not Mean.POOLED:
            continue
        for outcome, terms in _concerned(draft, term):
            if terms.measure.unit is not Unit.SHARE or not terms.measure.has_events:
                text = f"{outcome} is no share of events, cases or seconds that could be pooled"
                yield codes.LEVEL_UNIT.at(draft.at("sequences", name, "mean"), text, "write mean: of_periods")
                break


def _is_on_the_wrong_side(term: Sequence, level: Level, outcome: Outcome) -> bool:
    if isinstance(term, Points | EarnBackAverage):
        return False
    better = level.value - outcome.target.level.value
    if not outcome.target.higher_is_better:
        better = -better
    return better >= 0 if isinstance(term, ExpectedLevel) else better < 0


def ratchets(draft: Draft) -> Iterator[Finding]:
    """A target rises where more is better, and by values that are looked at."""
    for name, term in draft.agreement.sequences.items():
        if not isinstance(term, RisingTarget):
            continue
        to_all = isinstance(term, ContinuousImprovement)
        for outcome, terms in _concerned(draft, term):
            target = terms.target
            if not target.higher_is_better or (to_all and target.level.unit is not Unit.SHARE):
                text = f"the target {target} of {outcome} cannot rise"
                yield codes.CANNOT_RISE.at(draft.at("sequences", name, "of"), text, f"leave {outcome} out")
        if isinstance(term, ContinuousImprovement) and term.best > term.looks_at:
            text = f"the {term.best} best are more than the {term.looks_at} values that are looked at"
            yield codes.TOO_FEW_VALUES.at(draft.at("sequences", name, "best"), text, "lower it")


def steps(draft: Draft) -> Iterator[Finding]:
    """Steps rise, cost no less from one to the next, and return no more than all."""
    for name, term in draft.agreement.sequences.items():
        path: Path = ("sequences", name)
        match term:
            case Repeat():
                key = "multiplies" if term.multiplies else "pays"
                yield from _cheaper(draft, (*path, key), (), term.multiplies or term.pays)
            case Points():
                yield from _cheaper(draft, (*path, "consecutive"), (), term.consecutive)
                yield from _unordered(draft, (*path, "table"), "at_least", [row.at_least for row in term.table])
                for kind in (Share, Amount):
                    paid = [
                        (number, row.credit) for number, row in enumerate(term.table) if isinstance(row.credit, kind)
                    ]
                    values = [credit.of_base if isinstance(credit, Share) else credit.value for _, credit in paid]
                    yield from _cheaper(draft, (*path, "table"), ("credit",), values, [number for number, _ in paid])
            case EarnBack():
                yield from _unordered(draft, (*path, "steps"), "after", [Ratio(step.after) for step in term.steps])
                returned = sum((step.returns for step in term.steps), Ratio(0))
                if returned > 1:
                    text = f"together the steps return {returned.percent()} of the credit"
                    yield codes.RETURNS_TOO_MUCH.at(draft.at(*path, "steps"), text, "lower them to 100 %")
            case EarnBackAverage() if term.returns > 1:
                text = f"{term.returns.percent()} of the credits would be returned"
                yield codes.RETURNS_TOO_MUCH.at(draft.at(*path, "returns"), text, "write 100% or less")
            case _:
                pass


def _unordered(draft: Draft, path: Path, key: str, values: Several[Ratio]) -> Iterator[Finding]:
    for number, (first, second) in enumerate(pairwise(values), 1):
        if second <= first:
            text = f"{second} does not come after {first}"
            yield codes.STEPS_OUT_OF_ORDER.at(draft.at(*path, number, key), text, "put them in order")


def _cheaper(
    draft: Draft, path: Path, key: Path, values: Several[Ratio], numbers: Several[int] = ()
) -> Iterator[Finding]:
    for number, (first, second) in enumerate(pairwise(values), 1):
        if second < first:
            place = draft.at(*path, (numbers or range(len(values)))[number], *key)
            text = "this step costs less than the one before"
            yield codes.WORSE_IS_CHEAPER.at(place, text, "let the steps rise")


def periods(draft: Draft) -> Iterator[Finding]:
    """Misses are counted in the agreement's periods."""
    every = draft.agreement.term.period.every
    for name, term in draft.agreement.sequences.items():
        for unit, path in term.units:
            if unit is not every:
                text = f"misses are counted in {unit}s, the agreement is judged by the {every}"
                yield codes.OTHER_PERIODS.at(draft.at("sequences", name, *path), text, "write periods")


def occasions(draft: Draft) -> Iterator[Finding]:
    """So many misses as make one pay can happen."""
    for name, term in draft.agreement.sequences.items():
        if isinstance(term, ExpectedLevel) and term.pays_from > term.within:
            text = f"{term.pays_from} misses do not happen within {term.within} periods"
            yield codes.NEVER_PAYS.at(draft.at("sequences", name, "pays_from"), text, "lower it")


def earned_once(draft: Draft) -> Iterator[Finding]:
    """The credits of an outcome are earned back by one sequence only."""
    seen: dict[str, str] = {}
    for name, term in draft.agreement.sequences.items():
        if not isinstance(term, _EARN_BACK):
            continue
        twice = next((each for each, _ in _concerned(draft, term) if each in seen), None)
        if twice is not None:
            text = f"{seen[twice]} returns the credits of {twice} already"
            yield codes.EARNED_TWICE.at(draft.places.key("sequences", name), text, "let one of the two concern it")
        seen |= {each: name for each, _ in _concerned(draft, term)}


def fees(draft: Draft) -> Iterator[Finding]:
    """Only a cap has a stretch whose fees a share can be of, and only one with memory a past."""
    bases: list[tuple[ShareOf | Amount | None, Path]] = [
        (outcome.stake.of, ("outcomes", name, "stake", "of"))
        for name, outcome in draft.outcomes.items()
        if outcome.stake is not None
    ]
    bases += [
        (term.base, ("sequences", name, "base"))
        for name, term in draft.agreement.sequences.items()
        if isinstance(term, Points)
    ]
    for base, path in bases:
        if isinstance(base, ShareOf) and base.base is Base.FEES:
            text = "there is no stretch here whose fees this could be a share of"
            yield codes.FEES_OF_A_CAP.at(draft.at(*path), text, "write of monthly_fee")
    for number, cap in enumerate(draft.agreement.caps):
        if cap.per is CapPer.PERIOD and cap.brought_forward is not None:
            place = draft.places.key("caps", number, "brought_forward")
            yield codes.NOTHING_BROUGHT.at(place, "a cap of one period has no past", "delete it")
