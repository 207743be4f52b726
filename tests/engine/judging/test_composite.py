from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from makegood.engine.agreement.measures.availability import Availability, Unknown, UnknownAs
from makegood.engine.agreement.measures.composite import Composite
from makegood.engine.agreement.measures.parts import Effect, ExclusionClause
from makegood.engine.agreement.terms import Agreement, Component, MadeOf, Service
from makegood.engine.evidence.records import AnyRecord, Exclusion, State, Status
from makegood.engine.judging.tree import Needs, Tree, degree
from makegood.engine.judging.verdict import Measurement, Ruling
from makegood.engine.vocabulary.interval import Interval
from makegood.engine.vocabulary.period import Period
from makegood.engine.vocabulary.ratio import Ratio
from tests.engine.judging.scene import agreement, at, down, excluded, measured, shuffled, state, texts, up, verdict

SHOP = (
    "{s: {title: Shop, made_of: {all_of: [web, orders]}},"
    " web: {title: Web, made_of: {any_of: [w1, w2, w3], at_least: 2}},"
    " orders: {title: Orders, made_of: {all_of: [queue, db]}}}"
)
LEAVES = ("w1", "w2", "w3", "queue", "db")
APRIL = [up("04-01 00:00 ..", leaf) for leaf in LEAVES]
MASS = 30 * 86_400


def shop(more: str = "", *, services: str = SHOP, target: str = ">= 99.9%", calendars: str = "{}") -> Agreement:
    return agreement(f"{{kind: composite, of: s{more}}}", services=services, target=target, calendars=calendars)


def april(terms: Agreement, *records: AnyRecord) -> Measurement:
    return measured(terms, "2025-04", *records)


class TestTheTree:
    def test_is_named_after_the_service_at_its_top(self) -> None:
        measure = shop().outcomes["it"].measure
        assert measure.what == "s"
        assert measure.described({}).startswith("Its value is the share of agreed time in which s was usable")

    @pytest.mark.parametrize(
        ("_case", "outage", "lost"),
        [
            ("a part of the critical path", [("db", "04-10 10:00 .. 04-10 11:00")], 3600),
            ("one of three web servers, of which two are enough", [("w1", "04-10 10:00 .. 04-10 11:00")], 0),
            (
                "two of three, for half an hour together",
                [("w1", "04-10 10:00 .. 04-10 11:00"), ("w2", "04-10 10:30 .. 04-10 12:00")],
                1800,
            ),
            (
                "the same hour in two branches",
                [("db", "04-10 10:00 .. 04-10 11:00"), ("queue", "04-10 10:30 .. 04-10 11:30")],
                5400,
            ),
        ],
    )
    def test_loses_what_the_service_needs(self, _case: str, outage: list[tuple[str, str]], lost: int) -> None:
        found = april(shop(), *APRIL, *(down(when, leaf) for leaf, when in outage))
        assert found.value == Ratio(MASS - lost, MASS)
        assert (found.good, found.total) == (MASS - lost, MASS)

    def test_names_the_critical_path_and_its_records(self) -> None:
        records = [
            down("04-10 10:00 .. 04-10 11:00", "db", incident="INC-1", name="out"),
            down("04-10 10:00 .. 04-10 11:00", "w1"),
        ]
        (miss,) = april(shop(), *APRIL, *records).misses
        assert (miss.what, miss.size, miss.incident) == (
            "db down 2025-04-10 10:00Z .. 2025-04-10 11:00Z",
            3600,
            "INC-1",
        )
        assert miss.evidence == ("monitor#out",)

    def test_names_all_that_are_down_where_only_together_they_are_too_few(self) -> None:
        outage = "04-10 10:00 .. 04-10 11:00"
        (miss,) = april(shop(), *APRIL, *(down(outage, leaf) for leaf in ("w1", "w2", "w3"))).misses
        assert miss.what.startswith("w1, w2, w3 down")

    def test_grows_stretches_together_that_count_alike(self) -> None:
        records = [down("04-10 10:00 .. 04-10 10:20", "db"), down("04-10 10:20 .. 04-10 11:00", "db")]
        assert len(april(shop(), *APRIL, *records).misses) == 1

    def test_weighs_parts(self) -> None:
        services = "{s: {title: S, made_of: {weights: {web: 60%, branch: 40%}}}}"
        records = [
            up("04-01 00:00 ..", "web"),
            up("04-01 00:00 ..", "branch"),
            down("04-10 10:00 .. 04-10 11:00", "web"),
        ]
        found = april(shop(services=services), *records)
        assert found.value == 1 - Ratio(2160, MASS)

    def test_rounds_lost_seconds_up_where_whole_ones_are_needed(self) -> None:
        services = "{s: {title: S, made_of: {weights: {a: 33%, b: 67%}}}}"
        records = [up("04-01 00:00 ..", "a"), up("04-01 00:00 ..", "b"), down("04-10 10:00 .. 04-10 10:00:01", "a")]
        found = april(shop(services=services), *records)
        assert (found.total - found.good, found.misses[0].size) == (1, 1)

    def test_leaves_aside_what_does_not_count_yet(self) -> None:
        services = "{s: {title: S, made_of: {all_of: [a, {id: b, since: 2025-04-10T12:00:00Z}]}}}"
        records = [up("04-01 00:00 ..", "a"), down("04-10 10:00 .. 04-10 13:00", "b"), up("04-10 13:00 ..", "b")]
        found = april(shop(services=services), *records)
        assert (found.value, found.total) == (1 - Ratio(3600, MASS), MASS)

    def test_begins_with_the_first_of_its_parts(self) -> None:
        services = "{s: {title: S, made_of: {all_of: [{id: a, since: 2025-04-16}]}}}"
        assert april(shop(services=services), up("04-16 00:00 ..", "a")).total == 15 * 86_400

    def test_counts_on_a_calendar(self) -> None:
        terms = shop(", on: office", calendars="{office: {days: {mon-fri: '09:00-17:00'}}}")
        found = april(terms, *APRIL, down("04-10 16:00 .. 04-10 18:00", "db"))
        assert (found.total, found.total - found.good) == (22 * 8 * 3600, 3600)

    def test_may_be_one_component(self) -> None:
        terms = agreement("{kind: composite, of: db}", services=SHOP)
        assert april(terms, *APRIL, down("04-10 10:00 .. 04-10 11:00", "db")).value == 1 - Ratio(3600, MASS)


class TestDegree:
    def test_of_a_service_without_any_part_that_counts_is_none(self) -> None:
        leaf = Tree(Component(id="a"), Needs.ITSELF)
        assert degree(Tree(Component(id="s"), Needs.ALL, (leaf,)), {}) is None

    def test_needs_all_of_those_there_are_if_they_are_fewer_than_agreed(self) -> None:
        parts = tuple(Tree(Component(id=name), Needs.ITSELF) for name in "abc")
        some = Tree(Component(id="s"), Needs.SOME, parts, some=2)
        assert (degree(some, {"a": Ratio(1)}), degree(some, {"a": Ratio(0)})) == (Ratio(1), Ratio(0))


class TestExclusions:
    WEIGHTS = "{s: {title: S, made_of: {weights: {web: 60%, branch: 40%}}}}"

    @pytest.mark.parametrize(
        ("_case", "effect", "branch_down", "agreed", "lost"),
        [
            ("maintenance of the web leaves its share", "shrink", False, 1440, 0),
            ("and excuses nobody else", "shrink", True, 1440, 1440),
            ("or counts as up", "up", False, 3600, 0),
            ("which still excuses nobody else", "up", True, 3600, 1440),
        ],
    )
    def test_concern_the_parts_that_they_name(
        self, _case: str, effect: str, branch_down: bool, agreed: int, lost: int
    ) -> None:
        hour = "04-10 10:00 .. 04-10 11:00"
        records: list[AnyRecord] = [up("04-01 00:00 ..", "web"), up("04-01 00:00 ..", "branch")]
        records += [down(hour, "web"), excluded(hour, "web")]
        records += [down(hour, "branch")] if branch_down else []
        found = april(shop(f", excluded: {{maintenance: {{effect: {effect}}}}}", services=self.WEIGHTS), *records)
        total = MASS - 3600 + agreed
        assert found.value == Ratio(total - lost, total)

    def test_of_a_service_concern_all_of_its_parts(self) -> None:
        hour = "04-10 10:00 .. 04-10 11:00"
        found = april(shop(", excluded: {maintenance: {}}"), *APRIL, down(hour, "db"), excluded(hour, "orders"))
        assert (found.value, found.total) == (Ratio(1), MASS - 3600)
        assert "exclusions: 3,600 s taken out, 0 s counted as up" in texts(found.reason)

    def test_that_came_without_notice_do_not_count(self) -> None:
        hour = "04-10 10:00 .. 04-10 11:00"
        terms = shop(", excluded: {maintenance: {notice: 5 days}}")
        assert april(terms, *APRIL, down(hour, "db"), excluded(hour, "db")).value == 1 - Ratio(3600, MASS)


class TestSilence:
    GAP = state(Status.UNKNOWN, "04-10 10:00 .. 04-10 11:00", "db")

    @pytest.mark.parametrize(
        ("as_", "good", "total"),
        [("up", MASS, MASS), ("down", MASS - 3600, MASS), ("excluded", MASS - 3600, MASS - 3600)],
    )
    def test_counts_as_agreed(self, as_: str, good: int, total: int) -> None:
        found = april(shop(f", unknown: {{as: {as_}}}"), *APRIL, self.GAP)
        assert (found.good, found.total) == (good, total)
        assert found.coverage == Ratio(MASS - 3600, MASS)
        assert "coverage: 99.8611 %" in texts(found.reason)

    def test_of_a_part_that_is_not_needed_is_no_silence(self) -> None:
        assert april(shop(), *APRIL, state(Status.UNKNOWN, "04-10 10:00 .. 04-10 11:00", "w1")).coverage == 1

    @pytest.mark.parametrize("as_", ["up", "down", "excluded"])
    def test_without_any_evidence_gives_no_verdict(self, as_: str) -> None:
        found = verdict(shop(f", unknown: {{as: {as_}}}"), "2025-04")
        assert (found.ruling, found.measurement.value) == (Ruling.UNDECIDED, None)
        assert found.measurement.undecided.startswith("No evidence tells the state of s in 2025-04.")

    def test_below_the_coverage_that_was_agreed_gives_none_either(self) -> None:
        found = april(shop(", unknown: {minimum_coverage: 99.9%}"), *APRIL, self.GAP)
        assert found.undecided == "Evidence covers 99.8611 % of the agreed time of s in 2025-04, and 99.9 % are agreed."

    def test_where_nothing_is_agreed_there_is_nothing_to_judge(self) -> None:
        whole = excluded("04-01 00:00 .. 05-01 00:00")
        found = april(shop(", excluded: {maintenance: {}}"), *APRIL, whole)
        assert (found.undecided, found.coverage) == (
            "No agreed time of s is left in 2025-04; there is nothing to judge.",
            None,
        )


TICKS = 40
BEGIN = at("04-10 00:00")
WHOLE = Interval(BEGIN, BEGIN + timedelta(seconds=TICKS))
MINUTE = Period("2025-04-10", WHOLE, WHOLE, "UTC", date(2025, 4, 10), date(2025, 4, 10))
TEMPLATE = shop()
statuses = st.sampled_from([Status.UP, Status.DOWN, Status.UNKNOWN])


@st.composite
def histories(draw: st.DrawFn, leaves: Sequence[str]) -> list[AnyRecord]:
    found: list[AnyRecord] = []
    for place, leaf in enumerate(leaves):
        for number in range(draw(st.integers(0, 4))):
            start = draw(st.integers(-3, TICKS))
            found.append(
                State(
                    source="m",
                    source_id=f"{place}-{number}",
                    subject=leaf,
                    status=draw(statuses),
                    start=BEGIN + timedelta(seconds=start),
                    end=BEGIN + timedelta(seconds=start + draw(st.integers(1, 25))),
                )
            )
    for number in range(draw(st.integers(0, 3))):
        start = draw(st.integers(-3, TICKS))
        found.append(
            Exclusion(
                source="p",
                source_id=str(number),
                cause=draw(st.sampled_from(["shrinks", "excuses"])),
                subject=draw(st.sampled_from(["", *leaves])),
                start=BEGIN + timedelta(seconds=start),
                end=BEGIN + timedelta(seconds=start + draw(st.integers(1, 25))),
            )
        )
    return found


CLAUSES = {"shrinks": ExclusionClause(effect=Effect.SHRINK), "excuses": ExclusionClause(effect=Effect.UP)}


def known_at(leaf: str, second: int, records: list[AnyRecord]) -> str:
    """Return how a component counts in one second: excluded first, then the worst that any record says."""
    moment = BEGIN + timedelta(seconds=second)
    here = [each for each in records if each.start <= moment < each.end]  # type: ignore[union-attr, operator]
    out = {
        each.cause for each in here if isinstance(each, Exclusion) and each.subject in ("", leaf, "s", "web", "orders")
    }
    if "shrinks" in out:
        return "shrunk"
    if "excuses" in out:
        return "up"
    said = {each.status for each in here if isinstance(each, State) and each.subject == leaf}
    if Status.DOWN in said:
        return "down"
    return "up" if said == {Status.UP} else "unknown"


def whole(up_: dict[str, bool]) -> bool:
    return sum(up_[each] for each in ("w1", "w2", "w3")) >= 2 and up_["queue"] and up_["db"]


class TestSeconds:
    @given(st.sampled_from(UnknownAs), histories(LEAVES))
    def test_are_counted_one_by_one(self, silence: UnknownAs, records: list[AnyRecord]) -> None:
        measure = Composite(of="s", unknown=Unknown(as_=silence), excluded=CLAUSES)
        terms = replace(TEMPLATE, outcomes={"it": replace(TEMPLATE.outcomes["it"], measure=measure)})
        agreed = lost = 0
        for second in range(TICKS):
            states = {leaf: known_at(leaf, second, records) for leaf in LEAVES}

            def holds(shrunk: bool, unknown: bool, states: dict[str, str] = states) -> bool:
                worth = {"up": True, "down": False, "unknown": unknown, "shrunk": shrunk}
                return whole({leaf: worth[state_] for leaf, state_ in states.items()})

            standing = silence is UnknownAs.UP
            if holds(True, standing) and not holds(False, standing):
                continue
            if silence is UnknownAs.EXCLUDED and holds(True, True) and not holds(True, False):
                continue
            agreed += 1
            lost += not holds(True, silence is not UnknownAs.DOWN)
        found = measured(terms, MINUTE, *shuffled(records))
        if not found.undecided:
            assert (found.value, found.total) == (Ratio(agreed - lost, agreed), agreed)

    @given(st.sampled_from(["all_of", "any_of"]), st.sampled_from(UnknownAs), histories(("a", "b")))
    def test_of_a_flat_tree_are_those_of_availability(
        self, how: str, silence: UnknownAs, records: list[AnyRecord]
    ) -> None:
        made_of = MadeOf(**{how: (Component(id="a"), Component(id="b"))})  # type: ignore[arg-type]
        services = {"s": Service(title="S", made_of=made_of)}
        found = []
        for measure in (
            Composite(of="s", unknown=Unknown(as_=silence), excluded=CLAUSES),
            Availability(of="s", unknown=Unknown(as_=silence), excluded=CLAUSES),
        ):
            outcome = replace(TEMPLATE.outcomes["it"], measure=measure)
            terms = replace(TEMPLATE, services=services, outcomes={"it": outcome})
            found.append(measured(terms, MINUTE, *records))
        tree, flat = found
        assert (tree.value, tree.coverage, bool(tree.undecided)) == (flat.value, flat.coverage, bool(flat.undecided))

    @given(histories(LEAVES), st.sampled_from(LEAVES), st.integers(0, TICKS - 1))
    def test_more_outage_never_helps(self, records: list[AnyRecord], leaf: str, second: int) -> None:
        measure = Composite(of="s", unknown=Unknown(as_=UnknownAs.DOWN))
        terms = replace(TEMPLATE, outcomes={"it": replace(TEMPLATE.outcomes["it"], measure=measure)})
        start = BEGIN + timedelta(seconds=second)
        more = State(
            source="m",
            source_id="more",
            subject=leaf,
            status=Status.DOWN,
            start=start,
            end=start + timedelta(seconds=5),
        )
        before, after = measured(terms, MINUTE, *records), measured(terms, MINUTE, *records, more)
        if before.value is not None and after.value is not None:
            assert after.value <= before.value
