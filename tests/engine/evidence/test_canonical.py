from __future__ import annotations

import json
from datetime import UTC, datetime
from typing import Any

import pytest

from makegood.engine.evidence.canonical import NotEvidence, evidence_of
from makegood.engine.evidence.kinds import AnyEvidence
from makegood.engine.evidence.probes import Probe, Series
from makegood.engine.evidence.records import (
    Attribution,
    Correction,
    Exclusion,
    Gauge,
    State,
    Statement,
    Status,
    Tally,
    Transition,
)
from makegood.engine.vocabulary.ratio import Ratio

AT = datetime(2026, 3, 6, 16, tzinfo=UTC)
LATER = datetime(2026, 3, 6, 18, tzinfo=UTC)
WHO: dict[str, Any] = {"source": "s", "source_id": "1"}
PROBE: dict[str, object] = {
    "kind": "probe",
    "source": "s",
    "subject": "till",
    "status": "up",
    "at": "2026-03-06T17:00:00+01:00",
}


class TestEvidenceOf:
    @pytest.mark.parametrize(
        ("text", "expected"),
        [
            (
                '{"kind": "state", "subject": "till", "status": "down", "start": "2026-03-06T17:00:00+01:00",'
                ' "end": "2026-03-06T18:00:00Z", "labels": {"site": "mill", "city": "Ulm"}}',
                State(
                    **WHO,
                    subject="till",
                    status=Status.DOWN,
                    start=AT,
                    end=LATER,
                    labels=(("city", "Ulm"), ("site", "mill")),
                ),
            ),
            (
                '{"kind": "state", "subject": "till", "status": "up", "start": "2026-03-06T16:00:00Z", "end": null}',
                State(**WHO, subject="till", status=Status.UP, start=AT),
            ),
            (
                '{"kind": "tally", "subject": "", "of": "orders", "result": "accepted", "count": 7,'
                ' "start": "2026-03-06T16:00:00Z", "end": "2026-03-06T18:00:00Z"}',
                Tally(**WHO, subject="", of="orders", result="accepted", count=7, start=AT, end=LATER),
            ),
            (
                '{"kind": "transition", "case": "T-1", "of": "incident", "state": "opened", "at": "2026-03-06T16:00Z",'
                ' "priority": "P1", "observed_at": "2026-03-06T18:00Z"}',
                Transition(**WHO, case="T-1", of="incident", state="opened", at=AT, priority="P1", observed_at=LATER),
            ),
            (
                '{"kind": "exclusion", "cause": "weather", "start": "2026-03-06T16:00Z", "end": "2026-03-06T18:00Z"}',
                Exclusion(**WHO, cause="weather", start=AT, end=LATER),
            ),
            (
                '{"kind": "correction", "of": "s", "corrects": "0", "reason": "a slip"}',
                Correction(**WHO, of="s", corrects="0", reason="a slip"),
            ),
            (
                '{"kind": "gauge", "subject": "api", "of": "latency", "value": "0.25", "unit": "s", "at":'
                ' "2026-03-06T16:00Z"}',
                Gauge(**WHO, subject="api", of="latency", value=Ratio(1, 4), unit="s", at=AT),
            ),
            (
                '{"kind": "attribution", "incident": "I-1", "party": "hosting", "share": "1/3"}',
                Attribution(**WHO, incident="I-1", party="hosting", share=Ratio(1, 3)),
            ),
            (
                '{"kind": "statement", "subject": "staff", "of": "score", "value": 4, "unit": "points", "at":'
                ' "2026-03-06T16:00Z", "by": "M. Baker"}',
                Statement(**WHO, subject="staff", of="score", value=Ratio(4), unit="points", at=AT, by="M. Baker"),
            ),
        ],
    )
    def test_reads_each_kind_of_record(self, text: str, expected: AnyEvidence) -> None:
        assert evidence_of({**WHO, **json.loads(text)}) == expected

    @pytest.mark.parametrize(
        ("_case", "more", "expected"),
        [
            ("a status alone", {}, Probe(Series("s", "till"), AT, Status.UP)),
            (
                "everything",
                {"check": "http", "of": "latency", "unit": "s", "value": "0.123", "labels": {"b": "2", "a": "1"}},
                Probe(
                    Series("s", "till", "http", "latency", "s", (("a", "1"), ("b", "2"))),
                    AT,
                    Status.UP,
                    Ratio(123, 1000),
                ),
            ),
            (
                "nothing measured this time",
                {"of": "latency", "unit": "s", "value": None},
                Probe(Series("s", "till", "", "latency", "s"), AT, Status.UP),
            ),
        ],
    )
    def test_reads_a_probe(self, _case: str, more: dict[str, object], expected: Probe) -> None:
        assert evidence_of({**PROBE, **more}) == expected

    @pytest.mark.parametrize(
        ("_case", "more", "sentence"),
        [
            ("a wrong status", {"status": "ok"}, "status is 'ok': use one of up, degraded, down, unknown"),
            ("no time", {"at": "noon"}, "at is 'noon': 'noon' is not an instant; write it like 2026-03-02T08:00:00Z"),
            ("a far time", {"at": "9999-12-31T00:00Z"}, "at lies in the year 9999, outside of 1900 to 2199"),
            ("a value of nothing", {"value": "0.5"}, "a probe of till has a value and does not say what it is of"),
            ("a unit of nothing", {"unit": "s"}, "a series that names the unit s says what it measures"),
            (
                "seven decimals",
                {"of": "latency", "value": "0.1234567"},
                "a probe's value has at most six decimals: 0.1234567",
            ),
            ("no number", {"of": "latency", "value": "fast"}, "value is 'fast': 'fast' is not a number;"),
            (
                "an identifier",
                {"source_id": "7"},
                "a probe has no key source_id; its check, its subject and its time tell it apart",
            ),
            ("a key too many", {"lables": {}}, "a probe has no key lables; did you mean labels?"),
            ("another sign in its source", {"source": "a#b"}, "a series needs a source, without # in its name: 'a#b'"),
            ("another sign in its check", {"check": "a#b"}, "a check has no # in its name: 'a#b'"),
        ],
    )
    def test_says_what_is_wrong_with_a_probe(self, _case: str, more: dict[str, object], sentence: str) -> None:
        with pytest.raises(NotEvidence) as refusal:
            evidence_of({**PROBE, **more})
        assert str(refusal.value).startswith(sentence)

    @pytest.mark.parametrize("key", ["source", "subject", "status", "at"])
    def test_needs_of_a_probe_what_tells_it_apart_and_what_it_found(self, key: str) -> None:
        with pytest.raises(NotEvidence, match=rf"^a probe needs the key {key}$"):
            evidence_of({name: value for name, value in PROBE.items() if name != key})

    @pytest.mark.parametrize(
        ("_case", "plain", "sentence"),
        [
            ("no kind", {}, "kind is None; use one of state, gauge, tally, transition, exclusion, attribution,"),
            ("another kind", {"kind": "ticket"}, "kind is 'ticket'; use one of state,"),
            ("a missing key", {"kind": "correction", **WHO, "of": "s", "corrects": "1"}, "needs the key reason"),
            ("a key too many", {"kind": "correction", "reasn": ""}, "no key reasn; did you mean reason?"),
            ("a strange key", {"kind": "correction", "xyz": ""}, "a correction has no key xyz"),
            ("our own time", {"kind": "correction", "recorded_at": "2026-03-06T16:00Z"}, "no key recorded_at"),
            (
                "a number for a text",
                {"kind": "correction", "source": 7},
                "source is 7: a text is wanted",
            ),
            (
                "a time without zone",
                {"kind": "exclusion", **WHO, "cause": "x", "start": "2026-03-06T16:00:00"},
                "start is '2026-03-06T16:00:00': ",
            ),
            (
                "a binary float",
                {"kind": "gauge", **WHO, "subject": "a", "of": "b", "value": 1 / 4},
                "value is 0.25: a whole number is wanted",
            ),
            (
                "a flag",
                {"kind": "tally", **WHO, "subject": "", "of": "a", "result": "b", "count": True},
                "count is True: ",
            ),
            ("a wrong status", {"kind": "state", **WHO, "subject": "a", "status": "gone"}, "status is 'gone': "),
            (
                "labels in a list",
                {"kind": "state", **WHO, "subject": "a", "labels": ["x"], "status": "up", "start": "2026-03-06T16:00Z"},
                "labels is ['x']: an object of texts",
            ),
            ("a long text is cut", {"kind": "x" * 99}, "kind is '" + "x" * 56 + "…;"),
            (
                "an end before the start",
                {"kind": "exclusion", **WHO, "cause": "x", "start": "2026-03-06T16:00Z", "end": "2026-03-06T15:00Z"},
                "",
            ),
        ],
    )
    def test_says_what_is_wrong(self, _case: str, plain: dict[str, object], sentence: str) -> None:
        with pytest.raises(NotEvidence) as refusal:
            evidence_of(plain)
        assert sentence in str(refusal.value)
