"""The executive summary: sentences that are written from the figures and from nothing else."""

from __future__ import annotations

from collections.abc import Iterator

from makegood.engine.agreement.shapes import Unit
from makegood.engine.judging.verdict import Ruling
from makegood.engine.review.review import Review
from makegood.engine.review.series import Series
from makegood.engine.review.trend import STRETCH
from makegood.engine.review.wording import counted, every_word, listed, period_name, share
from makegood.engine.vocabulary.amount import Amount
from makegood.engine.vocabulary.duration import Duration

_MOST_NAMED = 3


def summary(review: Review) -> tuple[str, ...]:
    """Return what the figures say, in plain sentences, the most important first.

    Unit: counts, amounts and shares as in the review; shares of money are shown with two decimals.
    Rule: a sentence that has nothing to say is left out; nothing is said that is not in a figure.
    """
    if not review.periods:
        return ("No period has been judged yet.",)
    writers = (
        _rulings,
        _credits,
        _worst,
        _most_missed,
        _causes,
        _trend,
        _undecided,
        _adjustments,
        _unbooked,
        _evidence,
    )
    return tuple(sentence for write in writers for sentence in write(review))


def amount_of_misses(series: Series, size: int) -> str:
    """Return the size of what went wrong with its unit: a time of outage, or a number."""
    return Duration(size).words if series.terms.measure.size_unit is Unit.TIME else f"{size:,}"


def _stretch(review: Review) -> str:
    """Return the time in review: the name of the one period, or how many there are."""
    if len(review.periods) == 1:
        return period_name(review.periods[0].period)
    return f"{len(review.periods):,} {_periods(review, len(review.periods))}"


def _periods(review: Review, number: int) -> str:
    return every_word(review.agreement.term.period.every, number)


def _rulings(review: Review) -> Iterator[str]:
    counts = review.rulings
    start, verdicts = f"In {_stretch(review)}", counted(counts.total, "verdict")
    every = "the one verdict was" if counts.total == 1 else f"all {verdicts} were"
    if not counts.total:
        yield f"{start} no outcome was judged."
    elif counts.undecided == counts.total:
        yield f"{start} {every} undecided."
    elif counts.total in (counts.met, counts.missed):
        yield f"{start} {every} {'met' if counts.met else 'missed'}."
    else:
        first = f"{counts.met:,} of {verdicts} {_was(counts.met)} met" if counts.met else f"none of {verdicts} was met"
        named = ((counts.missed, "missed"), (counts.undecided, "undecided"))
        yield f"{start} {listed([first, *(f'{number:,} {_was(number)} {word}' for number, word in named if number)])}."


def _was(number: int) -> str:
    return "was" if number == 1 else "were"


def _credits(review: Review) -> Iterator[str]:
    if not review.has_money:
        yield "No money depends on these verdicts."
        return
    at_risk = f"; {review.at_risk} were at risk" if review.at_risk else ""
    part = review.credited_share
    if review.other_terms:
        yield f"Missed outcomes come to {review.credited_by_outcomes}, other terms to {review.other_terms}."
    if not review.credited:
        fees = f" on fees of {review.fees}" if review.fees else ""
        yield f"{'Nothing is left to pay' if review.other_terms else 'No credit was due'}{fees}{at_risk}."
    elif part is None:
        yield f"{_moved(review.credited)}{at_risk}."
    else:
        yield f"{_moved(review.credited)}, {share(part if part >= 0 else -part)} of fees of {review.fees}{at_risk}."


def _moved(amount: Amount) -> str:
    """Return in words which way an amount went."""
    return f"{-amount} were charged" if amount.minor < 0 else f"{amount} were credited"


def _worst(review: Review) -> Iterator[str]:
    if not review.worst or len(review.periods) == 1:
        return
    first = review.worst[0]
    what = f"{first.rulings.missed} of {counted(first.rulings.total, 'verdict')} missed"
    money = f" and {first.credited} credited" if first.credited else ""
    if len(review.worst) == 1:
        yield f"{period_name(first.period)} was the worst {_periods(review, 1)}: {what}{money}."
    elif len(review.worst) <= _MOST_NAMED:
        names = listed([period_name(each.period) for each in review.worst])
        yield f"{names} were the worst {_periods(review, 2)}, each with {what}{money}."
    else:
        names = counted(len(review.worst), _periods(review, 1))
        yield f"No single {_periods(review, 1)} was the worst: {names} had {what}{money} each."


def _most_missed(review: Review) -> Iterator[str]:
    """Yield which outcome was missed most often, if there is one."""
    most = max((each.rulings.missed for each in review.outcomes), default=0)
    found = [each for each in review.outcomes if most and each.rulings.missed == most]
    if len(review.outcomes) > 1 and len(found) == 1:
        judged = len(found[0].points)
        yield f"Missed most often: {found[0].outcome}, in {most} of {judged} {_periods(review, judged)}."


def _causes(review: Review) -> Iterator[str]:
    """Yield the largest cause of each missed outcome, if one is larger than all others."""
    for each in [each for each in review.outcomes if len(each.causes) > 1][:_MOST_NAMED]:
        largest, second = each.causes[:2]
        if largest.size > second.size:
            everything = amount_of_misses(each, sum(cause.size for cause in each.causes))
            size = amount_of_misses(each, largest.size)
            name = f"{each.terms.measure.by} {largest.name}" if each.parts else largest.name
            number = each.rulings.missed
            missed = f"{f'{number:,} ' if number > 1 else ''}{_periods(review, number)} missed"
            yield f"The largest cause of missing {each.outcome} was {name}: {size} of {everything} in the {missed}."


def _trend(review: Review) -> Iterator[str]:
    if review.trend is None:
        return
    before, recent = review.trend.before, review.trend.recent
    if before.missed == recent.missed == 0:
        return
    many = _periods(review, STRETCH)
    verdicts = f"{counted(recent.missed, 'verdict')} {_was(recent.missed)}" if recent.missed else "no verdict was"
    yield f"In the last three {many} {verdicts} missed, against {before.missed or 'none'} in the three before."


def _undecided(review: Review) -> Iterator[str]:
    open_ = [
        (each.outcome, point) for each in review.outcomes for point in each.points if point.ruling is Ruling.UNDECIDED
    ]
    if not open_ or len(open_) > _MOST_NAMED:
        return
    for outcome, point in open_:
        why = point.verdict.measurement.undecided
        yield f"Undecided: {outcome} in {period_name(point.period)}{f', because {why}' if why else ''}."


def _adjustments(review: Review) -> Iterator[str]:
    many = len(review.adjustments)
    if not many:
        return
    total = Amount.total((posting.amount for posting in review.adjustments), review.credited.currency)
    s = "s" if many == 1 else ""
    if total.minor > 0:
        effect = f"add{s} {total} to what was credited before"
    elif total.minor < 0:
        effect = f"take{s} back {-total} of what was credited before"
    else:
        effect = f"leave{s} the sum of credits as it was"
    yield (
        f"{counted(many, 'adjustment')} {effect}." if many == 1 else f"{counted(many, 'adjustment')} together {effect}."
    )


def _unbooked(review: Review) -> Iterator[str]:
    if review.unbooked.minor > 0:
        yield f"{review.unbooked} of these credits are not booked yet."
    elif review.unbooked.minor < 0:
        yield f"{-review.unbooked} more were booked than these verdicts credit; the next settlement takes them back."


def _evidence(review: Review) -> Iterator[str]:
    records = sum(each.records for each in review.evidence)
    yield f"All this rests on {counted(records, 'record')} of evidence." if records else "There is no evidence."
