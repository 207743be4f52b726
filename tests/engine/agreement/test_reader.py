from dataclasses import dataclass
from typing import Any, ClassVar

import pytest

from makegood.engine.agreement.grammar import (
    Form,
    ListOf,
    MapOf,
    OneOf,
    ScalarOr,
    at_most_one,
    clause,
    exactly_one,
)
from makegood.engine.agreement.places import Places
from makegood.engine.agreement.reader import Reading, read_document
from makegood.engine.agreement.shapes import FLAG, SLUG, TEXT, whole


@dataclass(frozen=True, slots=True, kw_only=True)
class Wheel:
    inches: int = clause(whole(1, 40), "How large.")
    spare: bool = clause(FLAG, "Whether it is a spare.", default=False)


@dataclass(frozen=True, slots=True, kw_only=True)
class Engine:
    power: int = clause(whole(1, 999), "How strong.")


@dataclass(frozen=True, slots=True, kw_only=True)
class Pedals:
    pairs: int = clause(whole(1, 9), "How many.")


@dataclass(frozen=True, slots=True, kw_only=True)
class Owner:
    rules: ClassVar = (at_most_one("first", "last"),)

    first: str = clause(TEXT, "First name.", default="")
    last: str = clause(TEXT, "Last name.", default="")


@dataclass(frozen=True, slots=True, kw_only=True)
class Car:
    rules: ClassVar = (exactly_one("plate", "frame"),)

    lang: str = clause(TEXT, "The language.")
    plate: str = clause(SLUG, "Its plate.", default="")
    frame: str = clause(SLUG, "Its number.", default="")
    wheels: tuple[Wheel, ...] = clause(ListOf(ScalarOr(whole(1, 40), Form(Wheel)), least=2), "Its wheels.", default=())
    drive: Engine | Pedals | None = clause(
        OneOf("kind", {"engine": Form(Engine), "pedals": Form(Pedals)}), "What drives it.", default=None
    )
    owners: dict[str, Owner] = clause(MapOf(SLUG, Form(Owner)), "Who owned it.", factory=dict)
    seats: dict[str, int] = clause(MapOf(SLUG, whole(1, 9), least=1), "Seats by row.", factory=dict)
    colours: tuple[str, ...] = clause(ListOf(SLUG, or_one=True), "Its colours.", default=())
    keys: Any = clause(ScalarOr(whole(1, 9), ListOf(SLUG)), "How many keys, or which.", default=None)
    from_: str = clause(SLUG, "Where it is from.", key="from", default="")
    odd: Owner | None = clause(Form(Owner), "An odd one.", default=None)
    sold: bool = False

    def __post_init__(self) -> None:
        if self.from_ == "nowhere":
            raise ValueError("a car comes from somewhere")


@dataclass(frozen=True, slots=True, kw_only=True)
class Garage:
    lang: str = clause(TEXT, "The language.")
    car: Car = clause(Form(Car), "The car in it.")


def reading(text: str) -> Reading[Car]:
    return read_document(f"lang: car/1\nplate: B-1\n{text}", "car.yaml", Car, "car/1", key="lang")


def car(text: str) -> Car:
    read = reading(text)
    assert read.findings == ()
    assert read.broken == frozenset()
    assert read.value is not None
    return read.value


def findings(text: str) -> list[str]:
    read = reading(text)
    assert read.value is None
    return [str(finding).removeprefix("car.yaml:") for finding in read.findings]


class TestReading:
    def test_leaves_to_each_key_its_default(self) -> None:
        assert car("") == Car(lang="car/1", plate="B-1")

    def test_reads_every_shape(self) -> None:
        assert car(
            "wheels: [15, {inches: 16, spare: true}]\n"
            "drive: {power: 90, kind: engine}\n"
            "owners: {ann: {first: Ann}, bob: {}}\n"
            "seats: {front: 2, back: 3}\n"
            "colours: [red, blue]\n"
            "keys: [a, b]\n"
            "from: Rome\n"
        ) == Car(
            lang="car/1",
            plate="B-1",
            wheels=(Wheel(inches=15), Wheel(inches=16, spare=True)),
            drive=Engine(power=90),
            owners={"ann": Owner(first="Ann"), "bob": Owner()},
            seats={"front": 2, "back": 3},
            colours=("red", "blue"),
            keys=("a", "b"),
            from_="Rome",
        )

    def test_lets_one_thing_stand_without_brackets(self) -> None:
        assert car("colours: red").colours == ("red",)
        assert car("keys: 2").keys == 2

    def test_reads_json(self) -> None:
        text = (
            '{"lang": "car/1", "plate": "B-1", "drive": {"kind": "pedals", "pairs": 2}, "wheels": [15, {"inches": 16}]}'
        )
        read = read_document(text, "car.json", Car, "car/1", key="lang")
        wheels = (Wheel(inches=15), Wheel(inches=16))
        assert read.value == Car(lang="car/1", plate="B-1", drive=Pedals(pairs=2), wheels=wheels)

    def test_remembers_what_was_written(self) -> None:
        read = reading("wheels: [15, {inches: 16}]\nowners: {a.b: {first: Ann}}")
        assert read.places.written == {
            *("", "lang", "plate", "wheels", "wheels[0]", "wheels[1]", "wheels[1].inches"),
            *("owners", 'owners."a.b"', 'owners."a.b".first'),
        }

    def test_has_no_key_for_a_field_that_is_no_clause(self) -> None:
        assert findings("sold: true") == [
            "3:1: MG107 error: 'sold' is not a key of a document of this language (use one of lang, plate, frame,"
            " wheels, drive, owners, seats, colours, keys, from, odd)"
        ]

    def test_says_what_a_comma_in_a_number_does(self) -> None:
        assert findings("drive: {kind: engine, power: 1,5}") == [
            "3:32: MG107 error: '5' is not a key of drive (a comma ends the value before it; write numbers with a point,"
            " and without commas)",
        ]

    def test_points_at_the_key_that_has_no_value(self) -> None:
        assert findings("drive:\n  kind: engine\n  power:\nfrom: Rome\n") == [
            "5:3: MG110 error: drive.power has no value (write one, or leave the key out)"
        ]

    @pytest.mark.parametrize(
        ("_case", "text", "broken"),
        [
            ("a key written twice", "seats: {a: 1, a: 2}", {"seats"}),
            ("a number cut by a comma", "drive: {kind: engine, power: 1,5}", {"drive"}),
            ("a key that was meant to be another", "seat: {a: 1}", {"seats"}),
            ("a key that nobody knows", "zzz: 1", set()),
        ],
    )
    def test_remembers_what_is_not_as_it_was_meant(self, _case: str, text: str, broken: set[str]) -> None:
        assert reading(text).broken == broken

    def test_goes_on_after_each_finding(self) -> None:
        assert findings("wheels: [15, x, 99]\ncolour: red\ndrive: {kind: sail}\nodd: [1]\n") == [
            "3:14: MG111 error: wheels[1]: 'x' is not a whole number from 1 to 40",
            "3:17: MG111 error: wheels[2]: '99' is not a whole number from 1 to 40",
            "4:1: MG107 error: 'colour' is not a key of a document of this language (did you mean colours?)",
            "5:15: MG111 error: drive.kind: 'sail' is not known here (use one of engine, pedals)",
            "6:6: MG110 error: odd is a list; a map is wanted, with first, last",
        ]


class TestFindingForm:
    @pytest.mark.parametrize(
        ("_case", "text", "found"),
        [
            (
                "a list for a scalar",
                "from: [a]",
                "3:7: MG110 error: from is a list; a single value is wanted: identifier",
            ),
            ("a scalar for a list", "wheels: 4", "3:9: MG110 error: wheels is a single value; a list is wanted"),
            ("a scalar for a map", "owners: ann", "3:9: MG110 error: owners is a single value; a map is wanted"),
            ("a list for one of", "drive: []", "3:8: MG110 error: drive is a list; a map is wanted"),
            ("a map for a list", "keys: {a: b}", "3:7: MG110 error: keys is a map; a list is wanted"),
            (
                "a list for a tag",
                "drive: {kind: []}",
                "3:15: MG110 error: drive.kind is a list; a single value is wanted: one of engine, pedals",
            ),
            ("no value", "from:", "3:1: MG110 error: from has no value (write one, or leave the key out)"),
            ("null", "from: null", "3:7: MG110 error: from has no value (write one, or leave the key out)"),
            (
                "a word in quotes is no null",
                "from: 'null'\nx: 1",
                "4:1: MG107 error: 'x' is not a key of a document of",
            ),
            ("a missing key", "drive: {kind: engine}", "3:1: MG109 error: drive.power is missing (how strong)"),
            (
                "a missing tag",
                "drive: {power: 9}",
                "3:1: MG109 error: drive.kind is missing (use one of engine, pedals)",
            ),
            (
                "a missing key in a list",
                "wheels: [1, {}]",
                "3:13: MG109 error: wheels[1].inches is missing (how large)",
            ),
            ("too few in a list", "wheels: [15]", "3:9: MG111 error: wheels needs 2 entries, it has 1"),
            ("too few in a map", "seats: {}", "3:8: MG111 error: seats needs 1 entry, it has 0"),
            (
                "a bad key",
                "seats: {a b: 2}",
                "3:9: MG111 error: seats.\"a b\": 'a b' is not an identifier (use letters",
            ),
            (
                "a key twice",
                "from: a\nfrom: b",
                "4:1: MG108 error: from stands here twice, first in line 3 (delete one of the two)",
            ),
            (
                "two that exclude each other",
                "odd: {first: A, last: B}",
                "3:17: MG116 error: odd has both first and last; only one of first and last can hold (delete the one",
            ),
            (
                "exactly one, and there are two",
                "frame: x",
                "3:1: MG116 error: the document has both plate and frame; only one of plate and frame can hold",
            ),
            (
                "a value that is too long",
                f"from: {'x' * 81}",
                "3:7: MG111 error: from has 81 characters, 80 are the most",
            ),
            (
                "what the form itself refuses",
                "from: nowhere",
                "1:1: MG111 error: the document: a car comes from somewhere",
            ),
            (
                "a long unknown word",
                f"{'x' * 70}: 1",
                f"3:1: MG107 error: '{'x' * 60}…' is not a key of a document of this language",
            ),
            ("a tag that is refused", "drive: {kind: *x}", "3:15: MG106 error: the alias *x is refused"),
            ("a form that is refused", "odd: *x", "3:6: MG106 error: the alias *x is refused"),
        ],
    )
    def test_names_what_is_wrong(self, _case: str, text: str, found: str) -> None:
        (only,) = findings(text)
        assert only.startswith(found)

    def test_asks_for_one_of_several_keys(self) -> None:
        read = read_document("lang: car/1", "car.yaml", Car, "car/1", key="lang")
        assert [str(finding) for finding in read.findings] == [
            "car.yaml:1:1: MG115 error: the document has none of plate and frame (write one of them)"
        ]

    @pytest.mark.parametrize(
        ("_case", "text", "found"),
        [
            ("nothing", "", "1:1: MG110 error: the document is empty"),
            ("a list", "[a]", "1:1: MG110 error: the document is a list; a map is wanted, with lang, car"),
            ("an alias", "*x", "1:1: MG106 error: the alias *x is refused"),
            ("another version", "lang: car/2", "1:7: MG114 error: 'car/2' is not a language that this program reads"),
            ("a version that is no word", "lang: []\ncar: {lang: x, plate: a}", "1:7: MG110 error: lang is a list"),
            ("a form within that refuses itself", "lang: car/1\ncar: {lang: x, plate: a, from: nowhere}", "2:1: MG111"),
        ],
    )
    def test_needs_a_document_of_the_language(self, _case: str, text: str, found: str) -> None:
        read = read_document(text, "car.yaml", Garage, "car/1", key="lang")
        assert read.value is None
        assert [str(finding).removeprefix("car.yaml:")[: len(found)] for finding in read.findings] == [found]


class TestReadingOn:
    """What is whole is handed on, so that it can be checked before the rest is mended."""

    def test_hands_on_the_parts_that_are_whole(self) -> None:
        read = reading("from: Rome\nwheels: [x, 15]\nseats: {front: 0}\ndrive: {}\n")
        assert {name: value for name, value in read.parts.items() if value} == {
            "lang": "car/1",
            "plate": "B-1",
            "from_": "Rome",
        }
        assert read.broken == {"wheels", "seats", "drive"}

    def test_leaves_a_broken_entry_out_of_a_map_of_forms(self) -> None:
        read = reading("owners: {ann: {first: []}, bob: {first: Bob}}")
        assert read.parts["owners"] == {"bob": Owner(first="Bob")}
        assert read.broken == {"owners"}

    def test_does_not_take_an_unknown_key_for_a_broken_form(self) -> None:
        read = reading("owners: {ann: {first: Ann, middle: M}}")
        assert read.parts["owners"] == {"ann": Owner(first="Ann")}
        assert read.broken == frozenset()

    def test_knows_the_places_of_what_is_broken(self) -> None:
        read = reading("owners: {ann: {first: []}}")
        assert ("owners", "ann") in read.places

    def test_has_nothing_to_hand_on_of_what_is_not_yaml(self) -> None:
        read = read_document("[", "car.yaml", Car, "car/1", key="lang")
        assert (read.parts, read.places) == ({}, Places("car.yaml"))
