"""The past: whether the evidence of a vault, as it has come so far, can carry the promises of an agreement."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from datetime import UTC, datetime, timedelta
from itertools import pairwise
from math import gcd

from makegood.engine.agreement.draft import Draft
from makegood.engine.agreement.measures.availability import Availability
from makegood.engine.agreement.measures.parts import ALWAYS
from makegood.engine.agreement.measures.within import Within
from makegood.engine.agreement.shapes import Target, Unit
from makegood.engine.evidence.body import Evidence
from makegood.engine.evidence.records import State, Transition
from makegood.engine.judging.verdict import Judgement
from makegood.engine.review.lint import codes
from makegood.engine.vocabulary.duration import Duration
from makegood.engine.vocabulary.finding import Finding
from makegood.engine.vocabulary.ratio import Ratio
from makegood.engine.vocabulary.times import zone

ENOUGH_REPORTS, ENOUGH_CASES = 10, 50
SECOND, EPOCH = timedelta(seconds=1), datetime(1970, 1, 1, tzinfo=UTC)
QUIET_HOURS = frozenset({22, 23, 0, 1, 2, 3, 4, 5})


def past(draft: Draft, evidence: Evidence, judgements: Sequence[Judgement]) -> Iterator[Finding]:
    """Yield what the evidence so far says against the promises; ``judgements`` are those of past periods."""
    for name in draft.outcomes:
        measure = draft.outcomes[name].measure
        if isinstance(measure, Availability):
            yield from _of_states(draft, name, measure, evidence)
        elif isinstance(measure, Within):
            yield from _of_cases(draft, name, measure, evidence)
        elif not any(part in each for each in _records(evidence) for part in _parts(draft, measure.what)):
            yield _unseen(draft, name, measure.what)
        yield from _volumes(draft, name, judgements)


def usual_gap(states: Sequence[State]) -> int | None:
    """Return the usual number of seconds between two reports of one source, of a subject reported often enough.

    >>> usual_gap([]) is None
    True
    """
    gaps = []
    for source in sorted({state.source for state in states}):
        starts = [state.start for state in states if state.source == source]
        gaps += [(later - earlier) // SECOND for earlier, later in pairwise(starts)]
    return sorted(gaps)[len(gaps) // 2] if len(gaps) >= ENOUGH_REPORTS else None


def _of_states(draft: Draft, name: str, measure: Availability, evidence: Evidence) -> Iterator[Finding]:
    seen = [evidence.states.get(part, []) for part in _parts(draft, measure.of)]
    if not any(seen):
        yield _unseen(draft, name, measure.of)
        return
    gaps = [gap for gap in map(usual_gap, seen) if gap is not None]
    if not gaps:
        return
    gap, path = Duration(max(gaps)), ("outcomes", name, "measure")
    after, shortest = measure.unknown.after, measure.count.ignore_shorter_than or measure.count.ignore_up_to
    if after is not None and after.seconds < gap.seconds:
        text = f"a state holds for {after.words}, the next report comes after {gap.words}"
        yield codes.HOLDS_TOO_SHORT.at(draft.at(*path, "unknown", "after"), text, "let it hold for two reports")
    if shortest is not None and shortest.seconds < gap.seconds:
        key = "ignore_shorter_than" if measure.count.ignore_shorter_than else "ignore_up_to"
        text = f"outages count from {shortest.words} on, reports come every {gap.words}"
        yield codes.REPORTS_TOO_RARE.at(draft.at(*path, "count", key), text, "probe more often")


def _parts(draft: Draft, name: str) -> tuple[str, ...]:
    """Return the names under which evidence comes: those of the parts of a service, and of the parts of those."""
    services, found, open_ = draft.agreement.services, [name], [name]
    while open_:
        service = services.get(open_.pop())
        made_of = service.made_of if service is not None else None
        if made_of is not None:
            parts = [part.id for part in (*made_of.all_of, *made_of.any_of, *made_of.each) if part.id not in found]
            found += parts
            open_ += parts
    return tuple(found)


def _records(evidence: Evidence) -> tuple[Mapping[str, object], ...]:
    return evidence.states, evidence.tallies, evidence.cases, evidence.gauges, evidence.statements


def _of_cases(draft: Draft, name: str, measure: Within, evidence: Evidence) -> Iterator[Finding]:
    cases, path = evidence.cases.get(measure.cases, {}), ("outcomes", name, "measure")
    steps = [step for steps in cases.values() for step in steps]
    if not steps:
        yield _unseen(draft, name, measure.cases)
        return
    priorities = {step.priority for step in steps}
    for priority in measure.limits:
        if priority not in priorities:
            text = f"no {measure.cases} ever had the priority {priority}"
            yield codes.PRIORITY_NEVER_SEEN.at(draft.at(*path, "limits", priority), text, "compare the words")
    yield from _clock(draft, path, measure, steps)


def _clock(draft: Draft, path: tuple[str, ...], measure: Within, steps: Sequence[Transition]) -> Iterator[Finding]:
    """Yield what is wrong with a clock: too coarse for its limits, or running while nobody works."""
    stops = [step.at for step in steps if step.state == measure.clock.to]
    if len(stops) < ENOUGH_CASES:
        return
    grain = _grain([step.at for step in steps if step.state in (measure.clock.from_, measure.clock.to)])
    limits: list[tuple[tuple[str, ...], object]] = [(("limits", each), limit) for each, limit in measure.limits.items()]
    for key, limit in [(("limit",), measure.limit), *limits]:
        if isinstance(limit, Duration) and limit.seconds < grain:
            text = f"all times are multiples of {Duration(grain).words}, the limit is {limit.words}"
            yield codes.CLOCK_TOO_COARSE.at(draft.at(*path, *key), text, "take exact times")
    local = zone(draft.agreement.term.timezone)
    if (
        measure.clock.on == ALWAYS
        and grain <= 3600
        and not any(at.astimezone(local).hour in QUIET_HOURS for at in stops)
    ):
        text = f"of {len(stops):,} stops none fell between 22:00 and 06:00, and the clock runs then"
        yield codes.NOBODY_AT_NIGHT.at(draft.at(*path, "clock", "on"), text, "name the calendar of those who work")


def _grain(moments: Sequence[datetime]) -> int:
    """Return the largest number of seconds of which all moments are multiples; at most a day."""
    return gcd(86_400, *((at - EPOCH) // SECOND for at in moments))


def _volumes(draft: Draft, name: str, judgements: Sequence[Judgement]) -> Iterator[Finding]:
    """Say when periods of the past had too few cases for a percentage."""
    outcome = draft.outcomes[name]
    rule, target = outcome.low_volume, outcome.target
    if not (outcome.measure.has_cases and target.higher_is_better and target.level.unit is Unit.SHARE):
        return
    enough = rule.below if rule is not None else 1
    totals = [judgement.of(name).measurement.total for judgement in judgements]
    thin = [total for total in totals if enough <= total and not _allows_a_miss(target, total)]
    if thin and target.level.value < 1:
        text = f"in {len(thin)} of {len(totals)} periods {target} allowed no miss: {min(thin):,} to {max(thin):,} cases"
        yield codes.TOO_FEW_CASES.at(draft.at("outcomes", name, "target"), text, "add low_volume, or count misses")


def _allows_a_miss(target: Target, total: int) -> bool:
    return target.is_met_by(Ratio(total - 1, total))


def _unseen(draft: Draft, name: str, what: str) -> Finding:
    return codes.NEVER_SEEN.at(
        draft.at("outcomes", name, "measure"), f"the vault has no record of {what}", "compare the names"
    )
