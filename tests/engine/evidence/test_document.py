from __future__ import annotations

import pytest

from makegood.engine.evidence.document import columns_of, read_mapping
from makegood.engine.evidence.mapping import (
    Case,
    Delimiter,
    Encoding,
    EvidenceMapping,
    FileFormat,
    Moment,
    Number,
    ProbeEntry,
    StateEntry,
    TallyEntry,
)
from makegood.engine.evidence.template import Template

PROBE = "records:\n  - {kind: probe, subject: '{h}', status: up, at: '{t}'}\n"
HEAD = "makegood: mapping/1\nmapping: m\nsource: s\n"
ENTRY = "records:\n  - {kind: state, id: '{n}', subject: till, status: down, start: '{t}'}\n"


def read(text: str) -> EvidenceMapping:
    document = read_mapping(text)
    assert document.mapping is not None, [str(finding) for finding in document.findings]
    return document.mapping


class TestMapping:
    def test_has_house_defaults(self) -> None:
        mapping = read(HEAD + ENTRY)
        assert mapping == EvidenceMapping(
            makegood="mapping/1",
            mapping="m",
            source="s",
            records=(
                StateEntry(
                    id=Template("{}", ("n",)),
                    subject=Template("till", ()),
                    status=Template("down", ()),
                    start=Moment(time=Template("{}", ("t",))),
                ),
            ),
        )
        assert (mapping.delimiter, mapping.encoding, mapping.format) == (Delimiter.COMMA, Encoding.UTF_8, None)
        assert (mapping.unknown, mapping.timezone, mapping.time_format) == (("",), "UTC", "iso")

    def test_may_be_written_at_length(self) -> None:
        mapping = read(
            HEAD
            + "format: jsonl\n"
            + "records:\n  - {kind: tally, id: '{n}', subject: a, of: orders, result: [{when: {x: unknown}, is: lost},"
            + " {is: '{x}'}], start: {time: '{t}', format: unix, plus: '{d}s'}}\n"
        )
        assert mapping.format is FileFormat.JSONL
        (entry,) = mapping.records
        assert isinstance(entry, TallyEntry)
        assert isinstance(entry.result, tuple)
        assert entry.result[1] == Case(is_=Template("{}", ("x",)))
        assert entry.start == Moment(time=Template("{}", ("t",)), format="unix", plus=Template("{}s", ("d",)))
        assert entry.count == Template("1", ())

    def test_needs_no_identifier_for_probes(self) -> None:
        (entry,) = read(HEAD + PROBE.replace("up,", "up, of: load, value: {number: '{v}', decimals: 2},")).records
        assert entry == ProbeEntry(
            subject=Template("{}", ("h",)),
            status=Template("up", ()),
            at=Moment(time=Template("{}", ("t",))),
            of=Template("load", ()),
            value=Number(number=Template("{}", ("v",)), decimals=2),
        )


class TestReadMapping:
    @pytest.mark.parametrize(
        ("_case", "text", "expected"),
        [
            (
                "nothing",
                "makegood: mapping/1\n",
                [
                    "m.yaml:1:1: MG109 error: mapping is missing (its identifier)",
                    "m.yaml:1:1: MG109 error: records is missing (the records that a row leaves)",
                    "m.yaml:1:1: MG109 error: source is missing (the name of the source that its records carry)",
                ],
            ),
            (
                "an unknown kind",
                HEAD + "records:\n  - {kind: tallly, id: '{n}'}\n",
                ["m.yaml:5:12: MG111 error: records[0].kind: 'tallly' is not known here (did you mean tally?)"],
            ),
            (
                "an id without a column",
                HEAD + ENTRY.replace("'{n}'", "outage"),
                [
                    (
                        "m.yaml:5:23: MG401 error: the id outage is the same for every row"
                        " (name the column that numbers the rows, as in {number})"
                    )
                ],
            ),
            (
                "two entries with one id",
                HEAD + ENTRY + ENTRY.removeprefix("records:\n"),
                [
                    (
                        "m.yaml:6:23: MG401 error: another entry gives its records the same id"
                        " (add a word to the id, as in {number}/resolved)"
                    )
                ],
            ),
            (
                "a status that is none",
                HEAD + ENTRY.replace("down", "dwon"),
                ["m.yaml:5:53: MG402 error: 'dwon' is not a status (use one of up, degraded, down, unknown)"],
            ),
            (
                "a case with a status that is none",
                HEAD + ENTRY.replace("down", "[{when: {x: 1}, is: up}, {is: dwon}]"),
                ["m.yaml:5:83: MG402 error: 'dwon' is not a status (use one of up, degraded, down, unknown)"],
            ),
            (
                "a number that is none",
                HEAD
                + "records:\n  - {kind: tally, id: '{n}', subject: a, of: b, result: c, count: many, start: '{t}'}\n",
                ["m.yaml:5:67: MG402 error: 'many' is not a number (write one, or a column)"],
            ),
            (
                "a count that is no whole number",
                HEAD
                + "records:\n  - {kind: tally, id: '{n}', subject: a, of: b, result: c, count: 150%, start: '{t}'}\n",
                [
                    (
                        "m.yaml:5:67: MG402 error: '150%' is no number of events"
                        " (write a whole number, none or more, or a column)"
                    )
                ],
            ),
            (
                "a time plus what is no duration",
                HEAD + ENTRY.replace("'{t}'", "{time: '{t}', plus: 2 days}"),
                ["m.yaml:5:86: MG402 error: '2 days' is not a duration (write it like 15m, 4h or {minute}m)"],
            ),
            (
                "a time that may be unknown where one is needed",
                HEAD + ENTRY.replace("'{t}'", "{time: '{t}', optional: true}"),
                [
                    (
                        "m.yaml:5:90: MG111 error: a state has no empty start"
                        " (leave it out; missing: says what becomes of rows without the time)"
                    )
                ],
            ),
            (
                "a sample that was not taken",
                HEAD
                + "records:\n  - {kind: gauge, id: '{n}', subject: a, of: b, value: '{v}', unit: s, at: '{t}', count: 0}\n",
                [
                    (
                        "m.yaml:5:90: MG402 error: '0' is no number of samples"
                        " (write a whole number, one or more, or a column)"
                    )
                ],
            ),
            (
                "a probe that is the same for every row",
                HEAD + PROBE.replace("{h}", "till").replace("'{t}'", "{time: 2026-03-06, plus: 1h}"),
                [
                    (
                        "m.yaml:5:52: MG401 error: check, subject and time are the same for every row"
                        " (name the column that has the time, as in {time})"
                    )
                ],
            ),
            (
                "two entries with the same probes",
                HEAD + PROBE + PROBE.removeprefix("records:\n").replace("up", "down"),
                [
                    (
                        "m.yaml:6:53: MG401 error: another entry gives its probes the same check, subject and time"
                        " (name the check of each, as in check: dns)"
                    )
                ],
            ),
            (
                "a probe with a status that is none",
                HEAD + PROBE.replace("up", "ok"),
                ["m.yaml:5:43: MG402 error: 'ok' is not a status (use one of up, degraded, down, unknown)"],
            ),
            (
                "a probe with a value of nothing",
                HEAD + PROBE.replace("up,", "up, value: '{v}',"),
                ["m.yaml:5:5: MG109 error: of is missing (say what the value is of)"],
            ),
            (
                "a probe with a unit of nothing",
                HEAD + PROBE.replace("up,", "up, unit: s,"),
                ["m.yaml:5:5: MG109 error: of is missing (say what the value is of)"],
            ),
            (
                "a probe with too fine a value",
                HEAD + PROBE.replace("up,", "up, of: load, value: 0.1234567,"),
                ["m.yaml:5:57: MG402 error: '0.1234567' has more than six decimals (write fewer, or a column)"],
            ),
            (
                "a probe with a value that is no number",
                HEAD + PROBE.replace("up,", "up, of: load, value: {number: fast},"),
                ["m.yaml:5:73: MG402 error: 'fast' is not a number (write one, or a column)"],
            ),
            (
                "a probe without a time",
                HEAD + PROBE.replace(", at: '{t}'", ""),
                ["m.yaml:5:5: MG109 error: records[0].at is missing (when)"],
            ),
            (
                "lookups in a circle",
                HEAD
                + "lookups: {a: {file: f.csv, key: k, value: v, by: b}, b: {file: f.csv, key: a, value: v},"
                + " c: {file: f.csv, key: a, value: v}}\n"
                + ENTRY,
                [
                    (
                        "m.yaml:4:14: MG111 error: the lookup a needs itself to be looked up"
                        " (give it another name than its column has, or write by: and the column)"
                    ),
                    (
                        "m.yaml:4:57: MG111 error: the lookup b needs itself to be looked up"
                        " (give it another name than its column has, or write by: and the column)"
                    ),
                ],
            ),
            (
                "rows kept by what is looked up",
                HEAD + "lookups: {a: {file: f.csv, key: k, value: v}}\nkeep: {last_row_per: a}\n" + ENTRY,
                [
                    (
                        "m.yaml:5:22: MG111 error: a is looked up, and rows are kept by what stands in the file itself"
                        " (name a column of the file)"
                    )
                ],
            ),
            (
                "parts that nothing separates",
                HEAD + ENTRY.replace("id:", "for_each: {column: c, separator: '', name: p}, id:"),
                ["m.yaml:5:52: MG111 error: nothing stands between the parts (write what separates them)"],
            ),
            (
                "a lookup by a part that only another entry has",
                HEAD
                + "lookups: {a: {file: f.csv, key: k, value: v, by: p}}\n"
                + ENTRY.replace("id: '{n}'", "for_each: {column: c, separator: '+', name: p}, id: '{n}/{a}'")
                + ENTRY.removeprefix("records:\n").replace("till", "'{a}'"),
                [
                    (
                        "m.yaml:7:5: MG111 error: the lookup a is by p, which is a part that this entry does not have"
                        " (write for_each in this entry too)"
                    )
                ],
            ),
        ],
    )
    def test_finds_what_is_wrong_and_where(self, _case: str, text: str, expected: list[str]) -> None:
        document = read_mapping(text, "m.yaml")
        assert document.mapping is None
        assert [str(finding) for finding in document.findings] == expected

    def test_lets_two_entries_share_an_id_under_different_conditions(self) -> None:
        both = ENTRY.replace("id:", "when: {x: known}, id:") + ENTRY.removeprefix("records:\n")
        assert len(read(HEAD + both).records) == 2

    def test_lets_two_checks_of_a_row_have_one_time(self) -> None:
        both = PROBE.replace("subject:", "check: dns, subject:") + PROBE.removeprefix("records:\n")
        assert len(read(HEAD + both).records) == 2

    def test_takes_numbers_where_they_may_stand(self) -> None:
        text = (
            "records:\n"
            "  - {kind: gauge, id: '{n}/g', subject: a, of: load, value: 0.5, unit: '1', at: '{t}', labels: {a: x}}\n"
            "  - {kind: attribution, id: '{n}/a', incident: i, party: p, share: '50%'}\n"
            "  - {kind: probe, subject: a, status: up, at: '{t}', of: load, value: '0.123456'}\n"
        )
        assert len(read(HEAD + text).records) == 3


class TestColumns:
    def test_are_the_file_s_own_where_an_entry_has_no_such_part(self) -> None:
        listing = ENTRY.replace("id: '{n}'", "for_each: {column: c, separator: '+', name: p}, id: '{n}/{p}'")
        other = ENTRY.removeprefix("records:\n").replace("till", "'{p}'")
        assert columns_of(read(HEAD + listing)) == {"n", "t", "c"}
        assert columns_of(read(HEAD + listing + other)) == {"n", "t", "c", "p"}
        assert columns_of(read(HEAD + listing.replace("name: p", "name: c").replace("{p}", "{c}"))) == {"n", "t", "c"}

    def test_are_all_that_probes_are_made_of(self) -> None:
        mapping = read(
            HEAD
            + "records:\n"
            + "  - kind: probe\n"
            + "    source: '{a}'\n"
            + "    check: '{b}'\n"
            + "    subject: [{when: {c: 1}, is: '{d}'}]\n"
            + "    status: '{e}'\n"
            + "    at: {time: '{f}', plus: '{g}s'}\n"
            + "    of: '{h}'\n"
            + "    value: {number: '{i}', optional: true}\n"
            + "    unit: '{j}'\n"
            + "    labels: {x: '{k}'}\n"
        )
        assert columns_of(mapping) == frozenset("abcdefghijk")

    def test_are_all_that_are_read_of_the_file(self) -> None:
        mapping = read(
            HEAD
            + "keep: {last_row_per: a}\n"
            + "lookups: {seats: {file: f.csv, key: k, value: v, by: b}, doors: {file: f.csv, key: c, value: v}}\n"
            + "records:\n"
            + "  - kind: tally\n"
            + "    id: '{d}{part}'\n"
            + "    when: [{e: known}, {f: known}]\n"
            + "    missing: {g: nothing}\n"
            + "    for_each: {column: h, separator: ',', name: part}\n"
            + "    subject: '{i}'\n"
            + "    of: '{seats}{doors}'\n"
            + "    result: [{when: {j: 1}, is: '{k}'}]\n"
            + "    start: {time: '{l}', plus: '{m}s'}\n"
            + "    end: '{n}'\n"
            + "    labels: {x: '{o}', y: [{is: '{p}'}]}\n"
        )
        assert columns_of(mapping) == frozenset("abcdefghijklmnop")
