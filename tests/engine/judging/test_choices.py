"""The customer chooses for which outcome an incident is paid."""

from __future__ import annotations

from makegood.engine.evidence.body import Evidence
from makegood.engine.evidence.records import Statement
from makegood.engine.judging.choices import choices
from makegood.engine.judging.verdict import Choice
from makegood.engine.vocabulary.ratio import Ratio
from tests.engine.judging.scene import agreement, at, tally, verdict

BAD = tally("04-10 10:00", "bad", 10, incident="INC-7")


def choice(outcome: str, when: str, *, incident: str = "INC-7", unit: str = "choice") -> Statement:
    return Statement(
        source="portal",
        source_id=when,
        subject=outcome,
        of=incident,
        value=Ratio(1),
        unit=unit,
        at=at(when),
        by="Ada",
    )


class TestChoices:
    def test_are_statements_about_the_incidents_of_the_period(self) -> None:
        terms = agreement("{kind: ratio, of: orders, good: good}")
        found = [verdict(terms, "2025-04", BAD, tally("04-11 10:00", "bad", 1))]
        said = [
            choice("it", "05-02 10:00"),
            choice("other", "05-01 10:00"),
            choice("other", "04-30 10:00"),
            choice("it", "05-03 10:00", incident="INC-8"),
            choice("other", "05-04 10:00", unit="hours"),
        ]
        assert choices(found, Evidence.of(said)) == (Choice("INC-7", "it", "Ada", "portal#05-02 10:00"),)
        assert choices(found, Evidence.of([])) == ()
