from __future__ import annotations

from datetime import UTC, datetime

from makegood.engine.agreement.catalogue import GOOD
from makegood.engine.agreement.document import read
from makegood.engine.agreement.terms import Agreement
from makegood.engine.evidence.body import Evidence
from makegood.engine.evidence.records import State, Status
from makegood.engine.review.comparison import compared


def agreed(text: str) -> Agreement:
    agreement = read(text).agreement
    assert agreement is not None
    return agreement


def state(number: int, subject: str, status: Status, start: datetime, end: datetime | None = None) -> State:
    return State(source="probe", source_id=str(number), subject=subject, status=status, start=start, end=end)


EVIDENCE = Evidence.of(
    [
        *(state(n, each, Status.UP, datetime(2025, 12, 1, tzinfo=UTC)) for n, each in enumerate(("front", "till"))),
        state(3, "till", Status.DOWN, datetime(2026, 2, 3, tzinfo=UTC), datetime(2026, 2, 3, 3, tzinfo=UTC)),
    ]
)


class TestCompared:
    def test_replays_both_texts_on_the_same_evidence(self) -> None:
        after = GOOD.replace("percent: 10%", "percent: 30%").replace('target: ">= 99.9%"', 'target: ">= 99.5%"')
        after = after.replace("{below: 99.9%, credit: 10%}, {below: 99%", "{below: 99.5%, credit: 10%}, {below: 99%")
        found = compared(agreed(GOOD), agreed(after), ["2026-01", "2026-02"], EVIDENCE)
        assert [(each.label, [str(each) for each in each.credits], str(each.difference)) for each in found] == [
            ("2026-01", ["0.00 EUR", "0.00 EUR"], "0.00 EUR"),
            ("2026-02", ["10.00 EUR", "0.00 EUR"], "-10.00 EUR"),
        ]
        assert found[1].rulings == (("open", "MISSED", "MET"),)

    def test_names_outcomes_that_only_one_of_them_promises(self) -> None:
        after = GOOD.replace("  open:", "  never-closed:")
        (found,) = compared(agreed(GOOD), agreed(after), ["2026-02"], EVIDENCE)
        assert found.rulings == (("open", "MISSED", "not promised"), ("never-closed", "not promised", "MISSED"))

    def test_leaves_out_periods_that_only_one_of_them_has(self) -> None:
        after = GOOD.replace("from: 2026-01-01", "from: 2026-02-01")
        assert [each.label for each in compared(agreed(GOOD), agreed(after), ["2026-01", "2026-02"], EVIDENCE)] == [
            "2026-02"
        ]
        assert compared(agreed(GOOD), agreed(after), ["2030-01"], EVIDENCE) == ()
