import json
from pathlib import Path
from typing import Any

import pytest
from jsonschema import Draft202012Validator

from makegood.engine.agreement.catalogue import GOOD, completed
from makegood.engine.agreement.code import bad_outcome
from makegood.engine.agreement.document import read
from makegood.engine.agreement.nodes import Composition, ListNode, MapNode, Node, ScalarNode
from makegood.engine.agreement.places import Places
from makegood.engine.agreement.schema import json_schema, schema_text

ROOT = Path(__file__).resolve().parents[3]
SHIPPED = ROOT / "src" / "makegood" / "engine" / "agreement" / "agreement.schema.json"
EXAMPLES = sorted((ROOT / "examples").glob("*.yaml"))


def plain(node: Node | None) -> Any:
    """Return a node as an editor's YAML reader sees it."""
    match node:
        case MapNode():
            return {key.text: plain(value) for key, value in node.pairs}
        case ListNode():
            return [plain(item) for item in node.items]
        case ScalarNode(text=text, plain=True):
            try:
                return json.loads(text)
            except ValueError:
                return text
        case ScalarNode():
            return node.text
        case _:
            raise AssertionError(node)


def is_valid(text: str) -> bool:
    return Draft202012Validator(json_schema()).is_valid(plain(Composition(Places("a.yaml")).compose(text)))


class TestTheSchema:
    def test_is_one(self) -> None:
        Draft202012Validator.check_schema(json_schema())

    def test_is_shipped_as_it_is_now(self) -> None:
        assert SHIPPED.read_text("utf-8") == schema_text()

    def test_describes_every_key(self) -> None:
        schema = json_schema()
        forms = [schema, *schema["$defs"].values()]
        silent = [
            key
            for form in forms
            for key, each in form["properties"].items()
            if "description" not in each and "const" not in each
        ]
        assert silent == []

    def test_has_the_house_defaults(self) -> None:
        forms = json_schema()["$defs"]
        defaults = {key: each.get("default") for key, each in forms["Closing"]["properties"].items()}
        assert defaults == {
            "after": "5 business days",
            "calendar": None,
            "late_evidence": "adjust_next",
            "dispute_within": "30 days",
            "final": {},
        }
        assert forms["Unknown"]["properties"]["minimum_coverage"]["default"] == "0%"
        assert forms["Within"]["properties"]["closed"]["default"] == ["closed"]
        assert forms["Availability"]["properties"]["count"]["default"] == {}
        assert forms["Availability"]["properties"]["excluded"]["default"] == {}

    @pytest.mark.parametrize("path", EXAMPLES, ids=lambda path: path.stem)
    def test_accepts_the_examples(self, path: Path) -> None:
        assert is_valid(path.read_text("utf-8"))

    @pytest.mark.parametrize(
        "piece",
        [
            "",
            "calendars: {o: {days: {mon-fri: '08:00-18:00', sat: ['08:00-12:00']}, extra_open: {2026-01-04: []}}}\n",
            "services:\n  shop:\n    title: S\n    fee: {monthly: '1000.00'}\n    critical: true\n"
            "    made_of: {any_of: [a, {id: b, since: 2026-01-01}]}\n" + bad_outcome(),
            bad_outcome(measure="{kind: within, cases: order, limits: {P1: 4h, P2: 1h 30m}, priority: P1}"),
            bad_outcome(measure="{kind: count, of: orders}", target="<= 5", stake="{weight: 100%}"),
            bad_outcome(measure="{kind: ratio, of: 7.5, good: true}"),
            "caps: [{per: period, at: 25 %  of  monthly_fee}]\n",
        ],
    )
    def test_accepts_what_the_reader_accepts(self, piece: str) -> None:
        assert read(completed(piece)).agreement is not None
        assert is_valid(completed(piece))

    @pytest.mark.parametrize(
        ("_case", "piece"),
        [
            ("an unknown key", "colour: red\n"),
            ("an unknown key inside", "money: {currency: EUR, round: up}\n"),
            ("an unknown key of one of several forms", bad_outcome(measure="{kind: availability, of: shop, good: x}")),
            ("an unknown kind", bad_outcome(measure="{kind: speed, of: shop}")),
            ("another version", "makegood: agreement/2\n"),
            ("a missing key", "parties: {provider: a}\n"),
            ("a wrong form", "parties: a\n"),
            ("a wrong word", "per_incident: lowest\n"),
            ("a number out of range", "term: {from: 2026-01-01, months: 0, timezone: UTC}\n"),
            ("none of several keys", "term: {from: 2026-01-01, timezone: UTC}\n"),
            ("two of several keys", "term: {from: 2026-01-01, until: 2027-01-01, months: 12, timezone: UTC}\n"),
            ("two that exclude each other", bad_outcome(stake="{weight: 100%, of: 5.00 EUR}")),
            ("an empty list", bad_outcome(stake="{weight: 100%, tiers: []}")),
            ("an empty map", "outcomes: {}\n"),
            ("a wrong unit", "closing: {after: 5}\n"),
            ("less than nothing", "services: {shop: {title: S, fee: {monthly: -1}, critical: true}}\n" + bad_outcome()),
            ("an identifier below zero", "agreement: -1\n"),
            ("no zone", "term: {from: 2026-01-01, months: 12, timezone: '18:00'}\n"),
            ("a key that is no day", "calendars: {office: {days: {monday: '08:00-18:00'}}}\n"),
        ],
    )
    def test_refuses_what_the_reader_refuses(self, _case: str, piece: str) -> None:
        assert read(completed(piece)).agreement is None
        assert not is_valid(completed(piece))

    def test_accepts_the_good_agreement_as_json(self) -> None:
        data = plain(Composition(Places("a.yaml")).compose(GOOD))
        assert Draft202012Validator(json_schema()).is_valid(data)
        assert read(json.dumps(data)).findings == ()
