from __future__ import annotations

from datetime import UTC, datetime
from typing import Any

import pytest

from makegood.engine.evidence.document import columns_of, read_mapping
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
from makegood.engine.evidence.translate import BadRow, Tables, Translation, Translator
from makegood.engine.vocabulary.ratio import Ratio

PROBE = "{kind: probe, subject: till, status: up, at: '{t}'}"
STATE = "{kind: state, id: '{n}', subject: till, status: down, start: '{t}'}"


def at(hour: int, minute: int = 0) -> datetime:
    return datetime(2026, 3, 6, hour, minute, tzinfo=UTC)


def down(number: str = "1", **more: Any) -> State:
    values = {"source": "s", "source_id": number, "subject": "till", "status": Status.DOWN, "start": at(8), **more}
    return State(**values)


def translate(entries: str, *, head: str = "", tables: Tables | None = None, **cells: str | None) -> Translation:
    """Translate one row; columns that it does not name are unknown."""
    document = read_mapping(f"makegood: mapping/1\nmapping: m\nsource: s\n{head}\nrecords:\n{entries}")
    assert document.mapping is not None, [str(finding) for finding in document.findings]
    row: dict[str, str | None] = dict.fromkeys(columns_of(document.mapping))
    return Translator(document.mapping, tables or {}).translate({**row, "n": "1", "t": "2026-03-06T08:00:00Z", **cells})


class TestTranslation:
    @pytest.mark.parametrize(
        ("entry", "expected"),
        [
            ("{kind: state, id: '{n}', subject: till, status: '{status}', start: '{t}'}", down()),
            (
                (
                    "{kind: state, id: '{n}', subject: till, status: down, start: '{t}', end: '{end}',"
                    " reported_at: '{t}', observed_at: '{end}', incident: 'I-{n}', labels: {site: mill, city: '{x}'}}"
                ),
                down(
                    end=at(10),
                    reported_at=at(8),
                    observed_at=at(10),
                    incident="I-1",
                    labels=(("city", "Ulm"), ("site", "mill")),
                ),
            ),
            (
                "{kind: gauge, id: '{n}', subject: till, of: load, value: '{value}', unit: '%', at: '{t}'}",
                Gauge(source="s", source_id="1", subject="till", of="load", value=Ratio(1, 8), unit="%", at=at(8)),
            ),
            (
                "{kind: state, id: '{n}', subject: till, status: down, start: '{t}', seen_until: '{end}'}",
                down(seen_until=at(10)),
            ),
            (
                "{kind: gauge, id: '{n}', subject: till, of: load, value: '{value}', unit: '%', at: '{t}', count: '{c}'}",
                Gauge(
                    source="s", source_id="1", subject="till", of="load", value=Ratio(1, 8), unit="%", at=at(8), count=7
                ),
            ),
            (PROBE, Probe(Series("s", "till"), at(8), Status.UP)),
            (
                (
                    "{kind: probe, source: 'from-{x}', check: http, subject: 'till-{n}', status: '{status}', at: '{end}',"
                    " of: load, value: '{value}', unit: '%', labels: {site: mill, city: '{x}'}}"
                ),
                Probe(
                    Series("from-Ulm", "till-1", "http", "load", "%", (("city", "Ulm"), ("site", "mill"))),
                    at(10),
                    Status.DOWN,
                    Ratio(1, 8),
                ),
            ),
            (
                "{kind: tally, id: '{n}', subject: till, of: orders, result: ok, start: '{t}'}",
                Tally(
                    source="s", source_id="1", subject="till", of="orders", result="ok", count=1, start=at(8), end=at(8)
                ),
            ),
            (
                (
                    "{kind: tally, id: '{n}', subject: till, of: orders, result: ok, count: '{c}',"
                    " start: '{t}', end: '{end}'}"
                ),
                Tally(
                    source="s",
                    source_id="1",
                    subject="till",
                    of="orders",
                    result="ok",
                    count=7,
                    start=at(8),
                    end=at(10),
                ),
            ),
            (
                "{kind: transition, id: '{n}', case: 'T-{n}', of: incident, state: opened, at: '{t}', priority: P1}",
                Transition(
                    source="s", source_id="1", case="T-1", of="incident", state="opened", at=at(8), priority="P1"
                ),
            ),
            (
                "{kind: exclusion, id: '{n}', cause: weather, start: '{t}', end: {time: '{t}', plus: 3h}, case: T-1}",
                Exclusion(source="s", source_id="1", cause="weather", start=at(8), end=at(11), case="T-1"),
            ),
            (
                "{kind: attribution, id: '{n}', incident: I-1, party: hosting, share: '{value}', by: us}",
                Attribution(source="s", source_id="1", incident="I-1", party="hosting", share=Ratio(1, 8), by="us"),
            ),
            (
                "{kind: statement, id: '{n}', subject: staff, of: score, value: 4, unit: points, at: '{t}', by: M}",
                Statement(
                    source="s",
                    source_id="1",
                    subject="staff",
                    of="score",
                    value=Ratio(4),
                    unit="points",
                    at=at(8),
                    by="M",
                ),
            ),
            (
                "{kind: correction, id: '{n}', of: probes, corrects: '17', reason: a test, at: '{t}'}",
                Correction(source="s", source_id="1", of="probes", corrects="17", reason="a test", at=at(8)),
            ),
        ],
    )
    def test_makes_every_kind_of_evidence(self, entry: str, expected: object) -> None:
        cells = {"status": "down", "end": "2026-03-06T11:00:00+01:00", "x": "Ulm", "value": "12.5%", "c": "7"}
        assert translate(f"  - {entry}", **cells) == Translation((expected,), (), 0)  # type: ignore[arg-type]

    def test_makes_a_record_for_each_entry_that_applies(self) -> None:
        entries = (
            f"  - {STATE.replace('id:', 'when: {x: [a, b]}, id:')}\n"
            f"  - {STATE.replace('{n}', '{n}/2').replace('id:', 'when: [{x: c}, {x: known, y: unknown}], id:')}\n"
        )
        assert translate(entries, x="a") == Translation((down(), down("1/2")), (), 0)
        assert translate(entries, x="a", y="1") == Translation((down(),), (), 1)
        assert translate(entries) == Translation((), (), 2)

    def test_names_what_is_missing_instead_of_recording_it(self) -> None:
        entry = STATE.replace("id:", "missing: {end: without an end}, id:")
        assert translate(f"  - {entry}", end="x") == Translation((down(),), (), 0)
        assert translate(f"  - {entry}") == Translation((), (("without an end", "1"),), 0)

    def test_names_a_probe_that_is_missing_by_what_tells_it_apart(self) -> None:
        entry = PROBE.replace("till", "'{host}'").replace("subject:", "check: dns, missing: {host: no host}, subject:")
        found = translate(f"  - {entry}", host=None)
        assert found == Translation((), (("no host", "dns ? 2026-03-06T08:00:00Z"),), 0)
        by_case = PROBE.replace("till", "[{is: '{host}'}]").replace("subject:", "missing: {host: no host}, subject:")
        assert translate(f"  - {by_case}", host=None).named == (("no host", "? 2026-03-06T08:00:00Z"),)

    def test_makes_a_probe_for_each_part_of_a_column(self) -> None:
        entry = PROBE.replace(
            "subject: till", "for_each: {column: parts, separator: '|', name: part}, subject: '{part}'"
        )
        found = translate(f"  - {entry}", parts="oven|till")
        assert found.evidence == tuple(Probe(Series("s", part), at(8), Status.UP) for part in ("oven", "till"))

    def test_looks_up_and_translates_what_a_probe_found(self) -> None:
        entry = PROBE.replace("up", "'{code}'").replace("till", "'{name}'")
        head = "words: {code: {'0': down}}\nlookups: {name: {file: hosts.csv, key: ip, value: host}}"
        found = translate(f"  - {entry}", head=head, tables={"name": {"10.0.0.1": "till"}}, ip="10.0.0.1", code="0")
        assert found.evidence == (Probe(Series("s", "till"), at(8), Status.DOWN),)

    @pytest.mark.parametrize(
        ("_case", "listed", "expected"),
        [
            ("two", "oven | till", ["oven", "till"]),
            ("one", "till", ["till"]),
            ("blanks between", "oven||", ["oven"]),
            ("none", "|", []),
        ],
    )
    def test_makes_a_record_for_each_part_of_a_column(self, _case: str, listed: str, expected: list[str]) -> None:
        entry = (
            "{kind: state, id: '{n}/{part}', for_each: {column: parts, separator: '|', name: part},"
            " missing: {parts: without parts}, subject: '{part}', status: down, start: '{t}'}"
        )
        found = translate(f"  - {entry}", parts=listed)
        assert found.evidence == tuple(down(f"1/{part}", subject=part) for part in expected)
        assert translate(f"  - {entry}") == Translation((), (("without parts", "1/?"),), 0)

    def test_takes_cells_that_mean_unknown_as_unknown(self) -> None:
        entry = STATE.replace("till", "[{when: {x: unknown}, is: nothing}, {is: '{x}'}]")
        head = "unknown: ['?', NA, '']"
        found = [translate(f"  - {entry}", head=head, x=cell).evidence[0] for cell in ("?", "NA", "", None, "oven")]
        assert found == [down(subject="nothing")] * 4 + [down(subject="oven")]

    def test_translates_words(self) -> None:
        entry = STATE.replace("down", "'{x}'")
        head = "unknown: '?'\nwords: {x: {out: down, back: up}}"
        assert translate(f"  - {entry}", head=head, x="out").evidence == (down(),)
        with pytest.raises(BadRow, match=r"^status: x is 'odd', for which the mapping has no word$"):
            translate(f"  - {entry}", head=head, x="odd")
        with pytest.raises(BadRow, match=r"^status: x is unknown$"):
            translate(f"  - {entry}", head=head, x="?")

    @pytest.mark.parametrize(
        ("_case", "key", "expected"),
        [("found", "N1", 55), ("not found", "N2", 150), ("unknown", None, 150)],
    )
    def test_looks_up_in_a_second_file(self, _case: str, key: str | None, expected: int) -> None:
        entry = "{kind: tally, id: '{n}', subject: a, of: seats, result: lost, count: '{seats}', start: '{t}'}"
        head = "lookups: {seats: {file: planes.csv, key: tailnum, value: seats, by: tail, otherwise: 150}}"
        (record,) = translate(f"  - {entry}", head=head, tables={"seats": {"N1": "55"}}, tail=key).evidence
        assert isinstance(record, Tally)
        assert record.count == expected

    def test_leaves_a_key_unknown_that_a_second_file_does_not_know(self) -> None:
        head = "lookups: {seats: {file: planes.csv, key: tailnum, value: seats}}"
        entry = STATE.replace("id:", "when: {seats: known}, id:")
        assert translate(f"  - {entry}", head=head, tables={"seats": {}}, tailnum="N1").not_applicable == 1


class TestNumbers:
    @pytest.mark.parametrize(
        ("_case", "value", "cell", "expected"),
        [
            ("exactly", "'{v}'", "0.123456", Ratio(123456, 10**6)),
            ("as a percentage", "'{v}'", "12.5%", Ratio(1, 8)),
            ("rounded", "{number: '{v}', decimals: 6}", "0.1234565", Ratio(123457, 10**6)),
            ("rounded away from zero", "{number: '{v}', decimals: 0}", "-0.5", Ratio(-1)),
            ("with fewer decimals than it may have", "{number: '{v}', decimals: 6}", "7", Ratio(7)),
            ("if it is known", "{number: '{v}', optional: true}", "7", Ratio(7)),
            ("not if it is unknown", "{number: '{v}', optional: true}", "", None),
        ],
    )
    def test_are_read(self, _case: str, value: str, cell: str, expected: Ratio | None) -> None:
        entry = PROBE.replace("up,", f"up, of: load, unit: s, value: {value},")
        (found,) = translate(f"  - {entry}", v=cell).evidence
        assert found == Probe(Series("s", "till", "", "load", "s"), at(8), Status.UP, expected)


class TestTimes:
    @pytest.mark.parametrize(
        ("_case", "head", "cell", "expected"),
        [
            ("with an offset", "", "2026-03-06T09:00:00+01:00", at(8)),
            ("without one", "timezone: Europe/Berlin", "2026-03-06 09:00", at(8)),
            ("part of a second", "", "2026-03-06T08:00:00.999Z", at(8)),
            ("a form", 'time_format: "%d/%m/%Y %H:%M"', "6/3/2026 08:00", at(8)),
            ("seconds since 1970", "time_format: unix", "1772784000", at(8)),
            (
                "a time that the wall showed twice means the first",
                "timezone: Europe/Berlin",
                "2025-10-26T02:30:00",
                datetime(2025, 10, 26, 0, 30, tzinfo=UTC),
            ),
            (
                "a time that the wall skipped means the change",
                "timezone: Europe/Berlin",
                "2026-03-29T02:30:00",
                datetime(2026, 3, 29, 1, tzinfo=UTC),
            ),
        ],
    )
    def test_are_read_as_instants(self, _case: str, head: str, cell: str, expected: datetime) -> None:
        assert translate(f"  - {STATE}", head=head, t=cell).evidence == (down(start=expected),)

    def test_may_have_a_form_and_a_duration_of_their_own(self) -> None:
        entry = STATE.replace("'{t}'", "{time: '{t}', format: unix, plus: '{m}m'}")
        assert translate(f"  - {entry}", t="1772784000", m="15").evidence == (down(start=at(8, 15)),)

    def test_may_stay_empty_when_the_mapping_says_so(self) -> None:
        entry = STATE.replace("start:", "end: {time: '{end}', optional: true}, start:")
        assert translate(f"  - {entry}").evidence == (down(),)
        assert translate(f"  - {entry}", end="2026-03-06T09:00:00Z").evidence == (down(end=at(9)),)


class TestABadRow:
    @pytest.mark.parametrize(
        ("_case", "entry", "cells", "sentence"),
        [
            ("unknown column", STATE.replace("till", "'{x}'"), {}, "subject: x is unknown"),
            ("unknown column among others", STATE.replace("till", "'{n}{x}'"), {}, "subject: x is unknown"),
            ("unknown identity", STATE, {"n": None}, "id: n is unknown"),
            ("no time", STATE, {"t": "soon"}, "start: 'soon' is not a time written as iso"),
            ("a time out of reach", STATE, {"t": "0001-01-01T00:00+01:00"}, "start: '0001-01-01T00:00"),
            (
                "no duration",
                STATE.replace("'{t}'", "{time: '{t}', plus: '{x}'}"),
                {"x": "long"},
                "start: 'long' is not a duration",
            ),
            (
                "a status that is none",
                STATE.replace("down", "'{x}'"),
                {"x": "odd"},
                "status: 'odd' is none of up, degraded, down, unknown",
            ),
            (
                "half an event",
                "{kind: tally, id: '{n}', subject: a, of: b, result: c, count: '{x}', start: '{t}'}",
                {"x": "0.5"},
                "count: '0.5' is not a whole number",
            ),
            (
                "no number",
                "{kind: tally, id: '{n}', subject: a, of: b, result: c, count: '{x}', start: '{t}'}",
                {"x": "many"},
                "count: 'many' is not a number",
            ),
            (
                "no number to compare",
                STATE.replace("id:", "when: {x: '<= 1'}, id:"),
                {"x": "few"},
                "x: 'few' is not a number",
            ),
            ("no case", STATE.replace("till", "[{when: {x: a}, is: b}]"), {"x": "c"}, "subject: no case applies"),
            (
                "a time after the last",
                STATE.replace("'{t}'", "{time: '{t}', plus: 3h}"),
                {"t": "9999-12-31T23:00:00Z"},
                "start: so much later there is no time any more",
            ),
            ("an unknown value", PROBE.replace("up,", "up, of: a, value: '{x}',"), {}, "value: x is unknown"),
            (
                "a value that is no number",
                PROBE.replace("up,", "up, of: a, value: '{x}',"),
                {"x": "fast"},
                "value: 'fast' is not a number",
            ),
            (
                "a value of seven decimals",
                PROBE.replace("up,", "up, of: a, value: '{x}',"),
                {"x": "0.1234567"},
                "a probe's value has at most six decimals: 0.1234567",
            ),
            (
                "a probe with a status that is none",
                PROBE.replace("up", "'{x}'"),
                {"x": "odd"},
                "status: 'odd' is none of up, degraded, down, unknown",
            ),
            ("a probe without a time", PROBE, {"t": None}, "at: t is unknown"),
            ("a probe in a far year", PROBE, {"t": "9999-12-31T00:00:00Z"}, "at lies in the year 9999, outside of"),
            ("a probe without a subject", PROBE.replace("till", "'{x}'"), {"x": None}, "subject: x is unknown"),
            (
                "ends before it starts",
                STATE.replace("start:", "end: '{x}', start:"),
                {"x": "2026-03-06T07:00:00Z"},
                "a state ends before it starts: 2026-03-06T08:00:00Z .. 2026-03-06T07:00:00Z",
            ),
        ],
    )
    def test_says_what_is_wrong(self, _case: str, entry: str, cells: dict[str, Any], sentence: str) -> None:
        with pytest.raises(BadRow) as refusal:
            translate(f"  - {entry}", **cells)
        assert str(refusal.value).startswith(sentence)
