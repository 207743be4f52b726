import json

from makegood.engine.vocabulary.finding import Finding, Place, Severity

PLACE = Place("acme.yaml", 3, 9, "outcomes.orders.target")


class TestAFinding:
    def test_reads_as_one_line(self) -> None:
        finding = Finding("MG101", Severity.ERROR, PLACE, "the target has no number", "write >= 99.5%")
        assert str(finding) == "acme.yaml:3:9: MG101 error: the target has no number (write >= 99.5%)"

    def test_leaves_out_what_it_does_not_have(self) -> None:
        assert str(Finding("MG001", Severity.NOTE, None, "nothing is promised")) == "MG001 note: nothing is promised"

    def test_is_plain_data_for_machines(self) -> None:
        finding = Finding("MG101", Severity.WARNING, PLACE, "odd", "see there")
        assert json.loads(json.dumps(finding.as_json())) == {
            "code": "MG101",
            "severity": "warning",
            "place": {"file": "acme.yaml", "line": 3, "column": 9, "path": "outcomes.orders.target"},
            "text": "odd",
            "hint": "see there",
        }
        assert Finding("MG001", Severity.NOTE, None, "odd").as_json()["place"] is None

    def test_is_sorted_by_place_and_then_code(self) -> None:
        whole = Finding("MG900", Severity.ERROR, None, "x")
        first = Finding("MG200", Severity.NOTE, Place("acme.yaml", 2, 40), "x")
        second = Finding("MG100", Severity.ERROR, PLACE, "x")
        third = Finding("MG200", Severity.ERROR, PLACE, "x")
        tenth = Finding("MG100", Severity.ERROR, Place("acme.yaml", 10, 1), "x")
        assert sorted([tenth, third, second, first, whole]) == [whole, first, second, third, tenth]
