from __future__ import annotations

import hashlib
import json
import re
from collections.abc import Callable
from dataclasses import replace
from datetime import UTC, datetime, timedelta, timezone
from typing import Any

import pytest

from makegood.engine.evidence.canonical import evidence_of
from makegood.engine.evidence.records import (
    KINDS,
    Attribution,
    Correction,
    Exclusion,
    Gauge,
    Record,
    State,
    Statement,
    Status,
    Tally,
    Transition,
)
from makegood.engine.vocabulary.ratio import Ratio

AT = datetime(2026, 3, 6, 16, tzinfo=UTC)
LATER = datetime(2026, 3, 6, 18, tzinfo=UTC)


def state(**more: Any) -> State:
    values: dict[str, Any] = {
        "source": "probes",
        "source_id": "1",
        "subject": "till",
        "status": Status.UP,
        "start": AT,
    }
    return State(**{**values, **more})


def tally(**more: Any) -> Tally:
    values: dict[str, Any] = {
        "source": "shop",
        "source_id": "1",
        "subject": "till",
        "of": "orders",
        "result": "accepted",
    }
    return Tally(**{**values, "count": 1, "start": AT, "end": AT, **more})


class TestRecord:
    def test_is_cited_by_source_and_identifier(self) -> None:
        assert state().id == "probes#1"

    @pytest.mark.parametrize(
        ("_case", "make", "sentence"),
        [
            ("no source", lambda: state(source=""), "a state needs a source"),
            ("no identifier", lambda: state(source_id=""), "a state needs a source_id"),
            ("no subject", lambda: state(subject=""), "a state needs a subject"),
            ("a source that could be two", lambda: state(source="a#b"), "a source has no # in its name: 'a#b'"),
            ("naive time", lambda: state(start=AT.replace(tzinfo=None)), "2026-03-06 16:00:00 has no offset from UTC"),
            (
                "half a second",
                lambda: state(start=AT.replace(microsecond=500_000)),
                "instants are kept to the whole second: 2026-03-06 16:00:00.500000+00:00",
            ),
            (
                "ends before it starts",
                lambda: state(start=LATER, end=AT),
                "a state ends before it starts: 2026-03-06T18:00:00Z .. 2026-03-06T16:00:00Z",
            ),
            (
                "a placeholder for the time of nothing yet",
                lambda: state(end=datetime(9999, 12, 31, tzinfo=UTC)),
                "end lies in the year 9999, outside of 1900 to 2199; leave out a time that nobody knows",
            ),
            (
                "a placeholder for the time of nothing ever",
                lambda: state(observed_at=datetime(1, 1, 1, tzinfo=UTC)),
                "observed_at lies in the year 1, outside of 1900 to 2199; leave out a time that nobody knows",
            ),
            (
                "the last hour of a year too early, in Berlin the first of 1900",
                lambda: state(start=datetime(1900, 1, 1, tzinfo=timezone(timedelta(hours=1)))),
                "start lies in the year 1899, outside of 1900 to 2199; leave out a time that nobody knows",
            ),
            ("a label twice", lambda: state(labels=(("a", "1"), ("a", "2"))), "a label is given twice: a, a"),
            ("half an event", lambda: tally(count=Ratio(1, 2)), "whole number of events, none or more, not Ratio"),
            ("a truth", lambda: tally(count=True), "whole number of events, none or more, not True"),
            ("fewer than none", lambda: tally(count=-1), "whole number of events, none or more, not -1"),
            ("more than can be kept", lambda: tally(count=2**63), "none or more, not 9223372036854775808"),
            (
                "more than the whole cause",
                lambda: Attribution(source="s", source_id="1", incident="I", party="p", share=Ratio(11, 10)),
                "a party's share in a cause lies between 0 and 1: 1.1",
            ),
            (
                "a cause of nothing",
                lambda: Attribution(source="s", source_id="1", party="p", share=Ratio(1)),
                "an attribution needs an incident or a stretch",
            ),
            (
                "a cause that never ends",
                lambda: Attribution(source="s", source_id="1", party="p", share=Ratio(1), start=AT),
                "a stretch of an attribution has a start and an end",
            ),
        ],
    )
    def test_refuses_nonsense(self, _case: str, make: Callable[[], Record], sentence: str) -> None:
        with pytest.raises(ValueError, match=sentence.replace("(", r"\(").replace("+", r"\+")):
            make()

    def test_takes_every_instant_that_calendars_answer_for(self) -> None:
        first, last = datetime(1900, 1, 1, tzinfo=UTC), datetime(2199, 12, 31, 23, 59, 59, tzinfo=UTC)
        assert (state(start=first, end=last).start, state(start=first, end=last).end) == (first, last)

    def test_keeps_instants_in_utc(self) -> None:
        berlin = timezone(timedelta(hours=1))
        assert state(start=AT.astimezone(berlin)).start.tzinfo is UTC
        assert state(start=AT.astimezone(berlin)) == state()

    def test_is_the_same_in_whatever_order_its_labels_came(self) -> None:
        assert state(labels=(("b", "2"), ("a", "1"))) == state(labels=(("a", "1"), ("b", "2")))


class TestSeenAgain:
    def test_is_known_up_to_when_it_was_seen_last(self) -> None:
        assert state(seen_until=LATER).latest == LATER
        assert (state().latest, state(end=LATER).latest) == (AT, LATER)

    @pytest.mark.parametrize(
        ("more", "why"),
        [
            ({"end": LATER, "seen_until": LATER}, "a state that has an end needs no seen_until"),
            (
                {"start": LATER, "seen_until": AT},
                "a state was seen last before it starts: 2026-03-06T18:00:00Z .. 2026-03-06T16:00:00Z",
            ),
        ],
    )
    def test_has_no_end_and_comes_after_the_start(self, more: dict[str, datetime], why: str) -> None:
        with pytest.raises(ValueError, match=re.escape(why)):
            state(**more)

    @pytest.mark.parametrize("count", [0, -1, True, 2**63])
    def test_stands_for_a_number_of_samples(self, count: int) -> None:
        with pytest.raises(ValueError, match="a gauge stands for a whole number of samples"):
            Gauge(source="s", source_id="1", subject="till", of="load", value=Ratio(1), unit="", at=AT, count=count)


class TestDigest:
    def test_is_over_canonical_json_without_the_time_of_recording(self) -> None:
        record = state(end=LATER, labels=(("site", "mill"),), recorded_at=LATER, observed_at=AT)
        text = (
            '{"end":"2026-03-06T18:00:00Z","kind":"state","labels":{"site":"mill"},'
            '"observed_at":"2026-03-06T16:00:00Z","source":"probes","source_id":"1",'
            '"start":"2026-03-06T16:00:00Z","status":"up","subject":"till"}'
        )
        assert record.digest == hashlib.sha256(text.encode()).hexdigest()
        assert replace(record, recorded_at=None).digest == record.digest

    def test_of_a_number_is_over_numerator_and_denominator(self) -> None:
        gauge = Gauge(source="s", source_id="1", subject="till", of="latency", value=Ratio(5, 2), unit="ms", at=AT)
        text = (
            '{"at":"2026-03-06T16:00:00Z","kind":"gauge","of":"latency","source":"s",'
            '"source_id":"1","subject":"till","unit":"ms","value":"5/2"}'
        )
        assert gauge.digest == hashlib.sha256(text.encode()).hexdigest()

    def test_is_over_a_text_that_says_the_record(self) -> None:
        record = state(labels=(("site", "mill"),), seen_until=LATER, observed_at=AT)
        assert evidence_of(json.loads(record.canonical)) == record

    def test_differs_with_every_field(self) -> None:
        changed = [state(), state(end=LATER), state(incident="I"), state(status=Status.DOWN), state(subject="oven")]
        assert len({record.digest for record in changed}) == 5


class TestKinds:
    def test_name_every_form(self) -> None:
        forms = {
            "state": State,
            "gauge": Gauge,
            "tally": Tally,
            "transition": Transition,
            "exclusion": Exclusion,
            "attribution": Attribution,
            "statement": Statement,
            "correction": Correction,
        }
        assert forms == KINDS
