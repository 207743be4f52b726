import json

import pytest

from makegood.engine.vocabulary.reason import Reason

OUTAGE = Reason("one outage", "2 h", evidence=("ticket-7", "ticket-8"))
AGREED = Reason("agreed time", "100 h")
TREE = Reason("availability", "98 %", (Reason("downtime", "2 h", (OUTAGE,)), AGREED), rule="availability")


class TestAReason:
    def test_reads_as_an_indented_tree(self) -> None:
        assert list(TREE.lines()) == [
            "availability: 98 % [availability]",
            "  downtime: 2 h",
            "    one outage: 2 h (evidence: ticket-7, ticket-8)",
            "  agreed time: 100 h",
        ]

    def test_starts_as_deep_as_told(self) -> None:
        assert list(Reason("no evidence").lines(indent=2)) == ["    no evidence"]

    def test_is_walked_in_reading_order(self) -> None:
        assert [reason.text for reason in TREE.walk()] == ["availability", "downtime", "one outage", "agreed time"]

    def test_survives_json(self) -> None:
        assert Reason.from_json(json.loads(json.dumps(TREE.as_json()))) == TREE

    def test_shows_every_key_to_machines(self) -> None:
        assert AGREED.as_json() == {
            "text": "agreed time",
            "value": "100 h",
            "children": [],
            "evidence": [],
            "rule": "",
        }

    def test_needs_no_more_than_a_text(self) -> None:
        assert Reason.from_json({"text": "agreed time"}) == Reason("agreed time")

    @pytest.mark.parametrize(
        ("_case", "data", "sentence"),
        [
            ("no text", {}, "a reason holds a str here, not None"),
            ("a number as value", {"text": "x", "value": 1}, "a reason holds a str here, not 1"),
            ("children in no list", {"text": "x", "children": {}}, "a reason holds a list here, not {}"),
            ("a child that is none", {"text": "x", "children": ["y"]}, "a reason holds a dict here, not 'y'"),
            ("evidence without id", {"text": "x", "evidence": [7]}, "a reason holds a str here, not 7"),
        ],
    )
    def test_refuses_what_is_none(self, _case: str, data: dict[str, object], sentence: str) -> None:
        with pytest.raises(ValueError, match=sentence):
            Reason.from_json(data)
