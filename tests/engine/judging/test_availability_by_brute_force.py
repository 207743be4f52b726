"""Availability against an oracle that asks at every tick, and the laws that hold whatever the evidence."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, replace
from datetime import date, datetime, timedelta
from itertools import groupby

from hypothesis import given
from hypothesis import strategies as st

from makegood.engine.agreement.measures.availability import (
    Availability,
    Count,
    CountFrom,
    Granularity,
    Unknown,
    UnknownAs,
    Usable,
)
from makegood.engine.agreement.measures.parts import Effect, ExclusionClause
from makegood.engine.agreement.terms import Agreement, Component, MadeOf
from makegood.engine.evidence.body import Evidence
from makegood.engine.evidence.records import AnyRecord, Exclusion, State, Status
from makegood.engine.judging.judge import judge
from makegood.engine.judging.verdict import Measurement, Ruling
from makegood.engine.vocabulary.duration import Duration
from makegood.engine.vocabulary.interval import Interval
from makegood.engine.vocabulary.period import Period
from makegood.engine.vocabulary.ratio import Ratio
from tests.engine.judging.scene import agreement, at, shuffled

TICK = 20  # seconds: three to a minute
BEGIN = at("04-10 00:00")
LAST = 60  # ticks of the period
FAR = 200  # nothing happens so late
OFFICE = range(9, 45)  # 00:03 to 00:15
WHOLE = Interval(BEGIN, BEGIN + LAST * timedelta(seconds=TICK))
TWENTY_MINUTES = Period("2025-04-10", WHOLE, WHOLE, "UTC", date(2025, 4, 10), date(2025, 4, 10))
TEMPLATE = agreement(
    "{kind: availability, of: s, on: office}",
    calendars="{office: {days: {mon-sun: '00:03-00:15'}}}",
    services="{s: {title: S, made_of: {all_of: [a, b]}}}",
)

ticks = st.integers(-15, LAST + 15)


def instant(tick: int) -> datetime:
    return BEGIN + tick * timedelta(seconds=TICK)


def tick_of(moment: datetime) -> int:
    return (moment - BEGIN) // timedelta(seconds=TICK)


def outage(name: str, part: str, start: int, length: int) -> State:
    return State(
        source="three",
        source_id=name,
        subject=part,
        status=Status.DOWN,
        start=instant(start),
        end=instant(start + length),
    )


@st.composite
def states(draw: st.DrawFn) -> State:
    start = draw(ticks)
    length = draw(st.none() | st.integers(0, 40))
    return State(
        source=draw(st.sampled_from(["one", "two"])),
        source_id=str(draw(st.integers(0, 10**9))),
        subject=draw(st.sampled_from(["a", "b"])),
        status=draw(st.sampled_from([*Status, Status.DOWN])),
        start=instant(start),
        end=None if length is None else instant(start + length),
        reported_at=draw(st.none() | ticks.map(instant)),
    )


@st.composite
def exclusions(draw: st.DrawFn) -> Exclusion:
    start = draw(ticks)
    return Exclusion(
        source="plan",
        source_id=str(draw(st.integers(0, 10**9))),
        cause=draw(st.sampled_from(["maintenance", "customer", "storm"])),
        subject=draw(st.sampled_from(["", "a", "b", "s", "x"])),
        start=instant(start),
        end=instant(start + draw(st.integers(0, 25))),
    )


counts = st.builds(
    Count,
    granularity=st.sampled_from(
        [Granularity.SECONDS, Granularity.SECONDS, Granularity.TOUCHED_MINUTES, Granularity.FULL_MINUTES]
    ),
    ignore_shorter_than=st.none() | st.integers(1, 20).map(lambda many: Duration(many * TICK)),
    from_=st.sampled_from(CountFrom),
)
clauses = st.fixed_dictionaries(
    {},
    optional={
        "maintenance": st.just(ExclusionClause()),
        "customer": st.just(ExclusionClause(effect=Effect.UP)),
    },
)
measures = st.builds(
    Availability,
    of=st.just("s"),
    on=st.sampled_from(["always", "office"]),
    count=counts,
    degraded=st.sampled_from(Usable),
    excluded=clauses,
    unknown=st.builds(
        Unknown,
        as_=st.sampled_from(UnknownAs),
        after=st.none() | st.integers(1, 30).map(lambda many: Duration(many * TICK)),
    ),
)
compositions = st.sampled_from(["all_of", "any_of", "each"])
outages = st.builds(outage, st.just("more"), st.sampled_from(["a", "b"]), st.integers(-5, LAST), st.integers(0, 30))
evidence = st.lists(states() | states() | exclusions(), max_size=12)


def terms_of(measure: Availability, how: str) -> Agreement:
    parts = MadeOf(**{how: (Component(id="a"), Component(id="b"))})  # type: ignore[arg-type]
    return replace(
        TEMPLATE,
        services={"s": replace(TEMPLATE.services["s"], made_of=parts)},
        outcomes={"it": replace(TEMPLATE.outcomes["it"], measure=measure)},
    )


def measured(measure: Availability, how: str, records: list[AnyRecord]) -> Measurement:
    verdict = judge(terms_of(measure, how), TWENTY_MINUTES, Evidence.of(records)).of("it")
    assert (verdict.ruling is Ruling.UNDECIDED) == (verdict.measurement.value is None)
    return verdict.measurement


@dataclass(frozen=True)
class Oracle:
    """The same rules, asked tick by tick; written with no regard to speed."""

    measure: Availability
    how: str
    records: list[AnyRecord]

    def ended(self, state: State) -> int:
        if state.end is not None:
            return tick_of(state.end)
        later = [
            tick_of(other.start)
            for other in self.records
            if isinstance(other, State)
            and (other.subject, other.source) == (state.subject, state.source)
            and other.end is None
            and other.start > state.start
        ]
        after = self.measure.unknown.after
        limits = [] if after is None else [tick_of(state.start) + after.seconds // TICK]
        return min([*later, *limits, FAR])

    def holding(self, part: str, tick: int) -> list[State]:
        return [
            state
            for state in self.records
            if isinstance(state, State) and state.subject == part and tick_of(state.start) <= tick < self.ended(state)
        ]

    def down(self, part: str, tick: int) -> bool:
        bad = {Status.DOWN} | ({Status.DEGRADED} if self.measure.degraded is Usable.DOWN else set())
        return any(
            state.status in bad
            and (
                self.measure.count.from_ is CountFrom.OUTAGE_START
                or state.reported_at is None
                or tick_of(state.reported_at) <= tick
            )
            for state in self.holding(part, tick)
        )

    def known(self, part: str, tick: int) -> bool:
        found = {state.status for state in self.holding(part, tick)}
        return bool(found & {Status.DOWN, Status.DEGRADED}) or (Status.UP in found and Status.UNKNOWN not in found)

    def out(self, part: str, tick: int, *effects: Effect) -> bool:
        return any(
            isinstance(record, Exclusion)
            and record.cause in self.measure.excluded
            and self.measure.excluded[record.cause].effect in effects
            and record.subject in ("", part, "s")
            and tick_of(record.start) <= tick < tick_of(record.end)
            for record in self.records
        )

    def combine(self, parts: tuple[str, ...], asked: Callable[[str], bool]) -> bool:
        return all(map(asked, parts)) if self.how == "any_of" else any(map(asked, parts))

    def ignored(self, parts: tuple[str, ...]) -> set[int]:
        shorter = self.measure.count.ignore_shorter_than
        found: set[int] = set()
        everything = range(-50, FAR)
        for is_down, group in groupby(everything, key=lambda tick: self.combine(parts, lambda p: self.down(p, tick))):
            run = list(group)
            length = LAST - run[0] if run[-1] == FAR - 1 else len(run)
            if is_down and shorter is not None and length * TICK < shorter.seconds:
                found |= set(run)
        return found

    def seen(self, parts: tuple[str, ...], tick: int) -> tuple[bool, bool, bool]:
        """Return whether the whole is certainly down, in doubt, and taken out by exclusions."""
        out = {part: self.out(part, tick, *Effect) for part in parts}
        shrunk = {part: self.out(part, tick, Effect.SHRINK) for part in parts}
        down = {part: self.down(part, tick) and not out[part] for part in parts}
        bad = {part: (self.down(part, tick) or not self.known(part, tick)) and not out[part] for part in parts}
        standing = down if self.measure.unknown.as_ is UnknownAs.UP else bad
        certain = self.combine(parts, down.__getitem__)
        doubtful = self.combine(parts, bad.__getitem__) and not certain
        stands = self.combine(parts, standing.__getitem__)
        taken_out = self.combine(parts, lambda part: standing[part] or shrunk[part]) and not stands
        return certain, doubtful, taken_out

    def account(self, parts: tuple[str, ...]) -> tuple[int, int, int, int]:
        """Return the ticks that are open, known and agreed, and the seconds down."""
        as_, ignored = self.measure.unknown.as_, self.ignored(parts)
        counting: list[int] = []
        opened = known = agreed = 0
        for tick in range(LAST) if self.measure.on == "always" else OFFICE:
            certain, doubtful, taken_out = self.seen(parts, tick)
            if taken_out:
                continue
            opened += 1
            known += not doubtful
            agreed += not (doubtful and as_ is UnknownAs.EXCLUDED)
            if (certain and tick not in ignored) or (doubtful and as_ is UnknownAs.DOWN):
                counting.append(tick)
        return opened, known, agreed, self.seconds(counting)

    def seconds(self, counting: list[int]) -> int:
        match self.measure.count.granularity:
            case Granularity.TOUCHED_MINUTES:
                return 60 * len({tick // 3 for tick in counting})
            case Granularity.FULL_MINUTES:
                return 60 * sum(all(3 * minute + i in counting for i in range(3)) for minute in range(LAST // 3))
            case _:
                return TICK * len(counting)

    def result(self) -> tuple[int, int, Ratio | None]:
        groups = (("a",), ("b",)) if self.how == "each" else (("a", "b"),)
        opened, known, agreed, down = (sum(column) for column in zip(*map(self.account, groups), strict=True))
        down = min(down, agreed * TICK)
        return agreed * TICK - down, agreed * TICK, Ratio(known, opened) if opened else None


class TestAvailability:
    @given(measures, compositions, evidence)
    def test_is_what_asking_at_every_tick_gives(
        self, measure: Availability, how: str, records: list[AnyRecord]
    ) -> None:
        found = measured(measure, how, records)
        assert (found.good, found.total, found.coverage) == Oracle(measure, how, records).result()
        assert found.value in (None, Ratio(found.good, found.total) if found.total else None)

    @given(measures, compositions, evidence)
    def test_does_not_care_for_the_order_of_records(
        self, measure: Availability, how: str, records: list[AnyRecord]
    ) -> None:
        named = list({record.source_id: record for record in records}.values())
        assert measured(measure, how, shuffled(named)) == measured(measure, how, named)

    @given(measures, compositions, evidence, outages)
    def test_is_never_raised_by_more_outage(
        self, measure: Availability, how: str, records: list[AnyRecord], more: State
    ) -> None:
        # A minute that is begun, or an outage that is ignored, may weigh less than the silence in its place did.
        plain = replace(measure, count=Count(from_=measure.count.from_))
        before, after = measured(plain, how, records), measured(plain, how, [*records, more])
        if before.value is not None and after.value is not None:
            assert after.value <= before.value

    @given(measures, compositions, evidence, st.integers(0, LAST), st.lists(st.integers(1, 10), min_size=1, max_size=5))
    def test_is_the_same_for_an_outage_told_in_pieces(
        self, measure: Availability, how: str, records: list[AnyRecord], start: int, lengths: list[int]
    ) -> None:
        pieces = [outage(str(place), "a", start + sum(lengths[:place]), length) for place, length in enumerate(lengths)]
        whole = measured(measure, how, [*records, outage("whole", "a", start, sum(lengths))])
        told = measured(measure, how, [*records, *pieces])
        assert (told.good, told.total, told.coverage) == (whole.good, whole.total, whole.coverage)

    @given(compositions, st.sampled_from(Effect), st.lists(states(), max_size=8))
    def test_does_not_count_an_outage_that_is_excluded(self, how: str, effect: Effect, records: list[State]) -> None:
        bounded = [
            replace(each, end=each.start + timedelta(seconds=7 * TICK))
            for each in records
            if each.status is Status.DOWN
        ]
        clause = {"maintenance": ExclusionClause(effect=effect)}
        measure = Availability(of="s", excluded=clause, unknown=Unknown(as_=UnknownAs.UP))
        excuses: list[AnyRecord] = [
            Exclusion(
                source="plan", source_id=str(n), cause="maintenance", start=each.start, end=each.end or each.start
            )
            for n, each in enumerate(bounded)
        ]
        found = measured(measure, how, [*bounded, *excuses])
        assert (found.total - found.good, found.misses) == (0, ())

    @given(measures, compositions, evidence)
    def test_loses_what_its_misses_add_up_to(self, measure: Availability, how: str, records: list[AnyRecord]) -> None:
        found = measured(measure, how, records)
        sizes = sum(miss.size for miss in found.misses)
        assert found.total - found.good == min(found.total, sizes)
        assert all(miss.size > 0 for miss in found.misses)
