"""Ratio and count against an oracle that compares every event with every exclusion."""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from makegood.engine.evidence.records import AnyRecord, Exclusion, Tally
from tests.engine.judging.scene import agreement, at, excluded, measured, tally

ratio = agreement("{kind: ratio, of: orders, good: accepted, by: x, excluded: {storm: {}, customer: {effect: up}}}")
number = agreement(
    "{kind: count, of: orders, counting: lost, by: x, excluded: {storm: {}, customer: {effect: up}}}", target="<= 3"
)

labels = st.lists(
    st.sampled_from([("x", "1"), ("x", "2"), ("y", "1")]), max_size=2, unique_by=lambda pair: pair[0]
).map(tuple)
events = st.builds(
    lambda minute, result, many, subject, carried: tally(
        f"04-10 10:{minute:02}", result, many, subject=subject, labels=carried
    ),
    st.integers(0, 59),
    st.sampled_from(["accepted", "lost"]),
    st.integers(0, 3),
    st.sampled_from(["", "a", "b"]),
    labels,
)
causes = st.builds(
    lambda cause, start, length, subject, carried: (
        excluded(f"04-10 10:{start:02} .. 04-10 11:{length:02}", subject, cause=cause, labels=carried)
        if length % 3 == 0
        else excluded(
            f"04-10 10:{start:02} .. 04-10 10:{min(59, start + length):02}", subject, cause=cause, labels=carried
        )
    ),
    st.sampled_from(["storm", "customer", "strike"]),
    st.integers(0, 59),
    st.integers(0, 30),
    st.sampled_from(["", "a", "b"]),
    labels,
)
evidence = st.lists(events | causes, max_size=25)


def covered(event: Tally, cause: str, records: list[AnyRecord]) -> bool:
    return any(
        isinstance(each, Exclusion)
        and each.cause == cause
        and each.start <= event.start < each.end
        and each.subject in ("", event.subject)
        and set(each.labels) <= set(event.labels)
        for each in records
    )


def standing(records: list[AnyRecord]) -> tuple[int, int, int]:
    """Return good and all events, and how many were lost and not excused."""
    good = total = lost = 0
    for each in records:
        if isinstance(each, Tally) and not covered(each, "storm", records):
            excused = covered(each, "customer", records)
            total += each.count
            good += each.count if excused or each.result == "accepted" else 0
            lost += each.count if not excused and each.result == "lost" else 0
    return good, total, lost


class TestEvents:
    @given(evidence)
    def test_are_what_comparing_each_with_each_gives(self, records: list[AnyRecord]) -> None:
        good, total, lost = standing(records)
        share, many = measured(ratio, "2025-04", *records), measured(number, "2025-04", *records)
        assert (share.good, share.total) == (good, total)
        assert many.value == (lost if any(isinstance(each, Tally) for each in records) else None)

    @given(evidence)
    def test_add_up(self, records: list[AnyRecord]) -> None:
        for found in (measured(ratio, "2025-04", *records), measured(number, "2025-04", *records)):
            assert sum(part.good for part in found.parts) == found.good
            assert sum(part.total for part in found.parts) == found.total
            assert sum(miss.size for miss in found.misses) == found.total - found.good

    @given(st.lists(events, min_size=1, max_size=10), st.integers(0, 60))
    def test_use_their_allowance_from_the_start(self, records: list[Tally], minutes: int) -> None:
        terms = agreement(
            f"{{kind: ratio, of: orders, good: accepted, excluded: {{storm: {{allowance: {minutes}m per period}}}}}}"
        )
        found = measured(terms, "2025-04", *records, excluded("04-10 10:00 .. 04-10 11:00", cause="storm"))
        first = at("04-10 10:00").timestamp() + minutes * 60
        assert found.total == sum(each.count for each in records if each.start.timestamp() >= first)
