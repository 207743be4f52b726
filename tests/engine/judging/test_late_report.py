"""A report that comes too late makes its outcome missed."""

from __future__ import annotations

import pytest

from makegood.engine.evidence.records import AnyRecord, Transition
from makegood.engine.judging.verdict import Ruling
from tests.engine.judging.scene import agreement, at, tally, verdict

ORDERS = "{kind: ratio, of: orders, good: good}"
GOOD = tally("04-10 10:00", "good", 1000)
BAD = tally("04-10 10:00", "bad", 1000)


def report(when: str, state: str = "delivered", of: str = "report", case: str = "2025-04") -> Transition:
    return Transition(source="mail", source_id=f"{when}/{of}/{case}", case=case, of=of, state=state, at=at(when))


class TestALateReport:
    @pytest.mark.parametrize(
        ("_case", "records", "expected"),
        [
            ("in time to the second", [GOOD, report("05-08 00:00")], Ruling.MET),
            ("a second late", [GOOD, report("05-08 00:00:01")], Ruling.MISSED),
            ("late and missed anyway", [BAD, report("05-09 00:00")], Ruling.MISSED),
            ("late of what was never measured", [report("05-09 00:00")], Ruling.MISSED),
            ("the first delivery counts", [GOOD, report("05-06 00:00"), report("05-09 00:00")], Ruling.MET),
            ("written and not delivered", [GOOD, report("05-09 00:00", state="drafted")], Ruling.MET),
            ("of another month", [GOOD, report("05-09 00:00", case="2025-03")], Ruling.MET),
            ("of another kind", [GOOD, report("05-09 00:00", of="minutes")], Ruling.MET),
            ("never", [GOOD], Ruling.MET),
        ],
    )
    def test_counts_as_missed(self, _case: str, records: list[AnyRecord], expected: Ruling) -> None:
        terms = agreement(ORDERS, more="report: {due: 5 business days}")
        assert verdict(terms, "2025-04", *records).ruling is expected

    def test_is_told_with_both_instants_and_its_record(self) -> None:
        terms = agreement(ORDERS, more="report: {due: 24h, of: minutes}")
        found = verdict(terms, "2025-04", GOOD, report("05-03 09:30", of="minutes"))
        assert found.late_report
        assert list(found.reason.lines())[-1] == (
            "  The report of 2025-04 was due 2025-05-02T00:00:00Z and delivered 2025-05-03T09:30:00Z: MISSED"
            " (evidence: mail#05-03 09:30/minutes/2025-04) [late-report]"
        )

    def test_that_was_never_delivered_is_missed_if_that_is_agreed(self) -> None:
        terms = agreement(ORDERS, more="report: {due: 24h, undelivered: missed}")
        found = verdict(terms, "2025-04", GOOD)
        assert (found.ruling, found.late_report) == (Ruling.MISSED, True)
        assert "was due 2025-05-02T00:00:00Z, and no delivery is recorded" in "\n".join(found.reason.lines())

    def test_is_no_matter_of_an_outcome_without_a_report(self) -> None:
        assert not verdict(agreement(ORDERS), "2025-04", GOOD, report("07-01 00:00")).late_report
