"""The house has the rooms it says it has, and nothing is kept in an attic."""

import tomllib
from typing import Any

from tests.architecture.rooms import ROOMS
from tests.architecture.tree import ENGINE, HOUSE, ROOT, files, sources

ATTICS = {"base", "common", "helper", "helpers", "manager", "managers", "misc", "util", "utils"}


def contracts() -> dict[str, dict[str, Any]]:
    settings = tomllib.loads((ROOT / "pyproject.toml").read_text("utf-8"))
    return {contract["name"]: contract for contract in settings["tool"]["importlinter"]["contracts"]}


def places(contract: dict[str, Any]) -> set[str]:
    return {name.strip(" ()") for layer in contract["layers"] for name in layer.split("|")}


class TestTheHouse:
    def test_has_only_rooms_that_are_declared(self) -> None:
        folders = {path.parent.relative_to(ROOT).as_posix() for path in files()} - {"."}
        unknown = {folder for folder in folders if folder not in ROOMS and not folder.endswith("/migrations")}
        assert not unknown, f"say in tests/architecture/rooms.py what these folders are for: {sorted(unknown)}"

    def test_says_of_each_room_what_it_is_for(self) -> None:
        assert [room for room, sentence in ROOMS.items() if not sentence.endswith(".")] == []

    def test_introduces_each_package_in_one_sentence(self) -> None:
        folders = {path.parent for path in files(HOUSE) if path.suffix == ".py"}
        silent = [
            source.name
            for source in sources(HOUSE)
            if source.path.name == "__init__.py" and not source.text.startswith('"""')
            if source.path.parent.name != "migrations"
        ]
        assert {folder / "__init__.py" for folder in folders} - set(files(HOUSE)) == set()
        assert silent == []

    def test_has_no_attic(self) -> None:
        modules = [path for path in files() if path.suffix == ".py"]
        assert [path.relative_to(ROOT).as_posix() for path in modules if ATTICS & {path.stem, path.parent.name}] == []


class TestTheImportContracts:
    def test_give_every_package_of_the_house_its_layer(self) -> None:
        packages = {path.parent.name for path in HOUSE.glob("*/__init__.py")}
        contract = contracts()["What is delivered stands in layers"]
        assert packages - places(contract) == set()
        assert contract["exhaustive"] is True

    def test_give_every_room_of_the_engine_its_place_in_the_river(self) -> None:
        rooms = {path.parent.name for path in ENGINE.glob("*/__init__.py")}
        contract = contracts()["The river: rooms of the engine look upstream only"]
        assert rooms - places(contract) == set()
        assert contract["exhaustive"] is True


class TestThePlatform:
    """Where a lower app must tell a higher one something it records an event; nothing happens behind one's back."""

    def test_has_no_signals_and_looks_no_model_up_by_name(self) -> None:
        platform = sources(HOUSE / "platform")
        signals = [
            s.place(node) for s in platform for node, name in s.imported() if "signals" in name or "dispatch" in name
        ]
        lookups = [s.name for s in platform if "get_model(" in s.text]
        assert signals + lookups == []
