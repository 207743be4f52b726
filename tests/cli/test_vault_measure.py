"""The checks of a vault from a terminal: what each found in a month, as a table, CSV and JSON."""

from __future__ import annotations

from pathlib import Path

import pytest

from makegood.cli.output import out
from makegood.engine.evidence.probes import Probe, Series
from makegood.engine.evidence.records import Exclusion, Status
from makegood.engine.vocabulary.ratio import Ratio
from makegood.vault.probes.columns import ProbeColumns, instant_of
from makegood.vault.vault import Vault
from tests.cli.door import AGREEMENT, Answer, makegood
from tests.vault.samples import NOW

FRIDAY, QUARTER = 1_772_755_200, 900  # 2026-03-06
SHOP = Series("monitoring", "shop", "http", "response-time", "ms")
TILL = Series("watcher", "till")


def kept(folder: Path) -> Vault:
    """Return a vault with a day of two checks, the second half of it still in the log, and an hour of maintenance."""
    found = [
        *(
            Probe(SHOP, instant_of(FRIDAY + QUARTER * n), Status.DOWN if 40 <= n < 48 else Status.UP, Ratio(n, 4))
            for n in range(96)
        ),
        *(Probe(TILL, instant_of(FRIDAY + QUARTER * n), Status.DEGRADED if n < 4 else Status.UP) for n in range(72)),
    ]
    start = FRIDAY + 40 * QUARTER
    vault = Vault.create(folder)
    with vault.writer(now=NOW) as writer:
        writer.append_probes(ProbeColumns.of(each for each in found if each.at < instant_of(FRIDAY + 43_200)))
        writer.seal()
        writer.append_probes(ProbeColumns.of(each for each in found if each.at >= instant_of(FRIDAY + 43_200)))
        writer.append(
            [
                Exclusion(
                    source="desk",
                    source_id="1",
                    cause="maintenance",
                    subject="shop",
                    start=instant_of(start),
                    end=instant_of(start + 3600),
                )
            ]
        )
    return vault


@pytest.fixture(scope="module")
def vault(tmp_path_factory: pytest.TempPathFactory) -> Vault:
    return kept(tmp_path_factory.mktemp("checks") / "vault")


DAY = ("--from", "2026-03-06", "--to", "2026-03-06")


def measured(vault: Vault, *words: str | Path) -> Answer:
    return makegood("vault", "measure", "--vault", vault.path, *words)


def rows(answer: Answer) -> list[list[str]]:
    """Return the words of each line of the table."""
    assert (answer.code, answer.err) == (0, "")
    return [line.split() for line in answer.out.splitlines() if line.startswith(" ")]


class TestTheTable:
    def test_has_the_worst_check_first(self, vault: Vault) -> None:
        answer = measured(vault, *DAY, "--after", "15m")
        assert [each for each in rows(answer) if each] == [
            ["check", "available", "degraded", "down", "unknown"],
            ["─" * len(rows(answer)[2][0])],
            ["till", "watcher", "75.0000", "%", "1:00:00", "6:00:00"],
            ["shop", "monitoring/http", "91.6666", "%", "2:00:00"],
        ]
        assert answer.out.splitlines()[-2:] == [
            "2 checks, 1 of them down.",
            "Degraded counts as up, silence as down; time is hours:minutes:seconds.",
        ]

    def test_has_what_was_asked_and_fits_a_terminal(self, vault: Vault) -> None:
        words = ("--probes", "--windows", "1h", "--quantile", "95%", "--exclude", "maintenance")
        answer = measured(vault, *DAY, *words)
        assert [each for each in rows(answer) if each][0::2] == [
            ["check", "available", "degraded", "down", "probes", "bad", "95", "%"],
            ["shop", "monitoring/http", "95.6521", "%", "1:00:00", "92", "1", "22.75", "ms"],
        ]
        assert [each for each in rows(answer) if each][3] == ["till", "watcher", "100.0000", "%", "1:00:00", "72", "0"]
        assert max(map(len, answer.out.splitlines())) <= 80
        assert answer.out.splitlines()[-3:] == [
            "Bad are windows of 1h in which fewer than 90 % of the probes were good.",
            "Degraded counts as up, silence as down; time is hours:minutes:seconds.",
            "1 exclusion for maintenance taken out.",
        ]

    def test_is_wider_than_a_terminal_in_which_figures_would_be_cut(
        self, vault: Vault, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        monkeypatch.setattr(out, "width", 40)
        shop = next(each for each in rows(measured(vault, *DAY, "--after", "15m", "--probes")) if each[:1] == ["shop"])
        assert shop == ["shop", "91.6666", "%", "2:00:00", "96"]

    def test_says_what_it_does_not_show(self, vault: Vault) -> None:
        answer = measured(vault, "--month", "2026-04", "--after", "1h", "--worst", "1")
        assert rows(answer)[3] == ["shop", "monitoring/http", "no", "evidence", "720:00:00"]
        assert answer.out.splitlines()[-3:-1] == [
            "2 checks, none of them down. The worst 1 are shown; --csv and --json have all.",
            "Of 2 checks nothing is known in this time.",
        ]
        assert measured(vault, "--month", "2026-02").out == "No check was heard of before the end of this time.\n"

    def test_says_which_checks_have_no_quantile(self, tmp_path: Path) -> None:
        vault = Vault.create(tmp_path / "vault")
        with vault.writer(now=NOW) as writer:
            for number, of in enumerate(("load", "size")):
                series = Series("monitoring", "shop", "http", of)
                writer.append_probes(ProbeColumns.of([Probe(series, instant_of(FRIDAY + number), Status.UP, Ratio(1))]))
        sentence = "1 check measured several things, and has no quantile."
        assert sentence in measured(vault, *DAY, "--quantile", "50%").out.splitlines()
        assert sentence not in measured(vault, *DAY).out


class TestCsv:
    def test_has_whole_seconds_and_decimal_numbers(self, vault: Vault, tmp_path: Path) -> None:
        file = tmp_path / "checks.csv"
        words = ("--quantile", "1/2", "--windows", "1h", "--csv", file)
        assert measured(vault, *DAY, *words).out == f"2 checks written to {file}.\n"
        header, *lines = file.read_text(encoding="utf-8").splitlines()
        assert header == (
            "source,check,subject,of,unit,availability,counted_seconds,up_seconds,degraded_seconds,down_seconds,"
            "unknown_seconds,up_probes,degraded_probes,down_probes,unknown_probes,windows,bad_windows,quantile"
        )
        assert lines == [
            "monitoring,http,shop,response-time,ms,0.916666666,86400,79200,0,7200,0,88,0,8,0,24,2,11.75",
            "watcher,,till,,,1.000000000,86400,82800,3600,0,0,68,4,0,0,18,0,",
        ]
        assert measured(vault, *DAY, "--worst", "1", "--csv", file).out == f"1 check written to {file}.\n"
        assert file.read_text(encoding="utf-8").splitlines()[1:] == [
            "monitoring,http,shop,response-time,ms,0.916666666,86400,79200,0,7200,0,,,,,,,"
        ]


class TestJson:
    def test_is_exact(self, vault: Vault) -> None:
        words = ("--subject", "shop", "--source", "monitoring", "--probes", "--exclude", "maintenance", "--json")
        assert measured(vault, *DAY, *words).json == {
            "from": "2026-03-06T00:00:00Z",
            "to": "2026-03-07T00:00:00Z",
            "exclusions": 1,
            "checks": [
                {
                    "source": "monitoring",
                    "check": "http",
                    "subject": "shop",
                    "of": "response-time",
                    "unit": "ms",
                    "availability": "0.956521739",
                    "counted_seconds": 82_800,
                    "seconds": {"up": 79_200, "degraded": 0, "down": 3_600, "unknown": 0},
                    "probes": {"up": 88, "degraded": 0, "down": 4, "unknown": 0},
                    "windows": None,
                    "bad_windows": None,
                    "quantile": None,
                }
            ],
        }

    def test_counts_the_time_of_a_calendar(self, vault: Vault, tmp_path: Path) -> None:
        file = tmp_path / "till.yaml"
        file.write_text(AGREEMENT, encoding="utf-8")
        shop = measured(vault, *DAY, "--subject", "shop", "--calendar", f"{file}:shop", "--json").json["checks"]
        assert [each["counted_seconds"] for each in shop] == [36_000]
        every = measured(vault, *DAY, "--calendar", f"{file}:always", "--json").json
        assert every["from"] == "2026-03-05T23:00:00Z"

    @pytest.mark.parametrize("scheduler", ["threads", "processes"])
    def test_is_the_same_from_every_scheduler(self, scheduler: str, vault: Vault) -> None:
        words = ("--quantile", "95%", "--windows", "5m", "--json")
        expected = measured(vault, *DAY, *words, "--workers", "1").out
        assert measured(vault, *DAY, *words, "--scheduler", scheduler, "--workers", "2").out == expected


class TestARefusal:
    @pytest.mark.parametrize(
        ("words", "sentence"),
        [
            ((), "no time is named"),
            (("--month", "2026-03", "--from", "2026-03-01"), "no time is named"),
            (("--from", "2026-03-01"), "no time is named"),
            (("--month", "March"), "March is neither a month nor a day"),
            (("--from", "2026-03-01", "--to", "soon"), "soon is neither a month nor a day"),
            (("--from", "2026-03-02", "--to", "2026-03-01"), "2026-03-01 comes before 2026-03-02"),
            (("--month", "2026-03", "--after", "a while"), "--after: 'a while' is not a duration"),
            (("--month", "2026-03", "--windows", "0s"), "--windows is no time at all"),
            (("--month", "2026-03", "--quantile", "most"), "--quantile: 'most' is not a number"),
            (("--month", "2026-03", "--quantile", "101%"), "--quantile is a share, from 0% to 100%, not 101%"),
            (("--month", "2026-03", "--windows", "5m", "--level", "-1%"), "--level is a share"),
            (("--month", "2026-03", "--calendar", "office"), "office names no calendar"),
            (("--month", "9999-12"), "9999-12 is further away than evidence can be"),
            (("--from", "1900-12-31", "--to", "2026-03-01"), "1900-12-31 is further away than evidence can be"),
            (("--month", "2026-03", "--csv", "figures.csv", "--json"), "--json and --csv are two answers"),
        ],
    )
    def test_says_what_was_not_understood(self, words: tuple[str, ...], sentence: str, vault: Vault) -> None:
        answer = measured(vault, *words)
        assert answer.code == 2
        assert sentence in answer.err

    def test_names_the_calendars_that_there_are(self, vault: Vault, tmp_path: Path) -> None:
        file = tmp_path / "till.yaml"
        file.write_text(AGREEMENT, encoding="utf-8")
        answer = measured(vault, *DAY, "--calendar", f"{file}:night")
        assert (answer.code, answer.err) == (
            2,
            f"makegood: {file} has no calendar night.\nIt has always, shop.\n",
        )

    def test_names_the_day_whose_probes_were_removed(self, tmp_path: Path) -> None:
        vault = kept(tmp_path / "vault")
        vault.seal(now=NOW)
        vault.retain(before=instant_of(FRIDAY + 2 * 86_400).date(), kinds={"probes"}, reason="old", now=NOW)
        answer = measured(vault, *DAY, "--probes")
        assert (answer.code, answer.err) == (
            3,
            "makegood: the probes of 2026-03-06 are needed, and were removed by retention; ask for time alone, or for"
            " later days.\n",
        )
        assert measured(vault, *DAY, "--after", "15m", "--json").json["checks"][0]["seconds"]["unknown"] == 21_600
