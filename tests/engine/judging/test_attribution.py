from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from makegood.engine.agreement.shapes import Unit
from makegood.engine.evidence.body import Evidence
from makegood.engine.evidence.records import Attribution
from makegood.engine.judging.attribution import attribution
from makegood.engine.judging.verdict import Measurement, Miss
from makegood.engine.vocabulary.interval import Interval
from makegood.engine.vocabulary.ratio import Ratio
from makegood.engine.vocabulary.reason import Reason

WHOLE = Ratio(1)
START = datetime(2025, 4, 10, 10, tzinfo=UTC)


def at(minute: int) -> datetime:
    return START + timedelta(minutes=minute)


def measured(*misses: Miss) -> Measurement:
    return Measurement(Ratio(1, 2), Unit.SHARE, 1, 2, Reason("measured"), misses=misses)


def outage(start: int, end: int, incident: str = "") -> Miss:
    return Miss("down", (end - start) * 60, incident, (), (Interval(at(start), at(end)),))


def share(party: str, part: Ratio, incident: str = "I-1") -> Attribution:
    return Attribution(source="review", source_id=f"{party}-{part}", incident=incident, party=party, share=part)


def caused(party: str, start: int, end: int, incident: str = "", part: Ratio = WHOLE) -> Attribution:
    return Attribution(
        source="review",
        source_id=f"{party}-{start}-{part}",
        incident=incident,
        party=party,
        share=part,
        start=at(start),
        end=at(end),
    )


class TestAttribution:
    def test_shares_a_moment_with_several_causes_equally(self) -> None:
        evidence = Evidence.of([caused("a", 0, 60), caused("b", 50, 90)])
        assert attribution(measured(outage(0, 100)), evidence) == {
            "a": Ratio(55, 100),
            "b": Ratio(35, 100),
            "unattributed": Ratio(10, 100),
        }

    def test_of_an_incident_comes_before_stretches(self) -> None:
        evidence = Evidence.of([share("a", Ratio(3, 5)), share("b", Ratio(2, 5)), caused("c", 0, 10)])
        assert attribution(measured(outage(0, 10, "I-1")), evidence) == {"a": Ratio(3, 5), "b": Ratio(2, 5)}

    def test_reduces_shares_that_exceed_the_whole(self) -> None:
        evidence = Evidence.of([share("a", Ratio(1)), share("b", Ratio(1, 3))])
        assert attribution(measured(outage(0, 10, "I-1")), evidence) == {"a": Ratio(3, 4), "b": Ratio(1, 4)}

    @pytest.mark.parametrize("shares", [("0.25", "0.5"), ("0.5", "0.25")])
    def test_counts_a_party_that_is_named_twice_once_with_its_greater_share(self, shares: tuple[str, str]) -> None:
        found = [replace(share("a", Ratio.parse(each)), source_id=str(place)) for place, each in enumerate(shares)]
        evidence = Evidence.of(found)
        assert attribution(measured(outage(0, 10, "I-1")), evidence) == {"a": Ratio(1, 2), "unattributed": Ratio(1, 2)}

    def test_leaves_out_a_party_without_a_share(self) -> None:
        evidence = Evidence.of([share("a", Ratio(0)), share("b", Ratio(1))])
        assert attribution(measured(outage(0, 10, "I-1")), evidence) == {"b": Ratio(1)}

    def test_shares_what_has_no_time_as_the_stretches_of_its_incident_are(self) -> None:
        evidence = Evidence.of([caused("a", 0, 30, "I-1"), caused("b", 30, 40, "I-1"), caused("c", 0, 40)])
        late = Miss("T-1 late", 1, "I-1")
        assert attribution(measured(late), evidence) == {"a": Ratio(3, 4), "b": Ratio(1, 4)}

    def test_of_a_stretch_that_names_another_incident_says_nothing(self) -> None:
        evidence = Evidence.of([caused("a", 0, 10, "I-2")])
        assert attribution(measured(outage(0, 10, "I-1")), evidence) == {"unattributed": Ratio(1)}

    def test_weighs_misses_by_their_size(self) -> None:
        evidence = Evidence.of([share("a", Ratio(1), "I-1"), share("b", Ratio(1), "I-2")])
        found = attribution(measured(outage(0, 30, "I-1"), outage(40, 50, "I-2")), evidence)
        assert found == {"a": Ratio(3, 4), "b": Ratio(1, 4)}

    @pytest.mark.parametrize("misses", [(), (Miss("late", 1),), (Miss("late", 1, "I-9"),)])
    def test_is_nobodys_where_nothing_is_known(self, misses: tuple[Miss, ...]) -> None:
        assert attribution(measured(*misses), Evidence.of([caused("a", 0, 10)])) == {"unattributed": Ratio(1)}

    @given(
        st.lists(
            st.tuples(
                st.sampled_from("abc"), st.integers(0, 90), st.integers(1, 60), st.fractions(0, 1, max_denominator=9)
            ),
            max_size=6,
        )
    )
    def test_adds_up_to_the_whole_and_gives_nobody_more(self, causes: list[tuple[str, int, int, object]]) -> None:
        records = [
            caused(party, start, start + length, part=Ratio(part.numerator, part.denominator))  # type: ignore[attr-defined]
            for party, start, length, part in causes
        ]
        unique = {record.id: record for record in records}
        found = attribution(measured(outage(0, 60), outage(70, 100)), Evidence.of(unique.values()))
        assert sum(found.values(), Ratio(0)) == 1
        assert all(0 < each <= 1 for each in found.values())
        backwards = Evidence.of(reversed(list(unique.values())))
        assert attribution(measured(outage(0, 60), outage(70, 100)), backwards) == found
