"""The UCI incident log, from the published text to the cent; figures are those of the public record."""

from __future__ import annotations

from collections import Counter
from datetime import UTC, datetime

import pytest

from makegood.engine.agreement.document import read
from makegood.engine.agreement.schedule import periods_of
from makegood.engine.agreement.terms import Agreement
from makegood.engine.evidence.body import Evidence
from makegood.engine.judging.asked import Asked
from makegood.engine.judging.judge import judge_periods
from makegood.engine.judging.verdict import Ruling
from makegood.engine.money.credits import period_credits
from makegood.vault.intake import Intake, import_file
from makegood.vault.measuring.evidence.measured import measured_evidence
from makegood.vault.vault import Vault
from tests.both_ways import said
from tests.real.shared import ROOT, data

NOW = datetime(2026, 11, 22, tzinfo=UTC)
TEXT = (ROOT / "examples" / "service-desk.yaml").read_text(encoding="utf-8")
LIMITS = "limits: {P1: 4h, P2: 8h, P3: 72h, P4: 120h}"
LEFT_OUT, MISSED = "missing_stop: left_out", "missing_stop: missed"
BUSINESS = '\ncalendars:\n  office: {days: {mon-fri: "09:00-17:00"}}\n\nservices:\n'


@pytest.fixture(scope="module")
def imported(tmp_path_factory: pytest.TempPathFactory) -> tuple[Vault, Intake]:
    vault = Vault.create(tmp_path_factory.mktemp("uci") / "vault")
    log = data("uci_incident_log/incident_event_log.csv.gz")
    return vault, import_file(vault, ROOT / "examples" / "mappings" / "uci-incident-log.yaml", log, now=NOW)


@pytest.fixture(scope="module")
def evidence(imported: tuple[Vault, Intake]) -> Evidence:
    return imported[0].evidence()


def agreement(text: str) -> Agreement:
    document = read(text)
    assert document.agreement is not None, [str(finding) for finding in document.findings]
    return document.agreement


def year(priority: str, *, text: str = TEXT) -> Agreement:
    """The same desk judged over the whole log at once, for one priority."""
    once = text.replace("period: {every: month, starts_on: 1}", "period: {every: year}")
    once = once.replace("limits:", f"priority: {priority}\n      limits:").replace(
        "low_volume: {below: 100, gives: undecided}", "low_volume: {below: 1, gives: undecided}"
    )
    return agreement(once)


def in_business_hours(text: str) -> str:
    return text.replace("\nservices:\n", BUSINESS).replace("on: always", "on: office")


class TestIncidentLog:
    def test_keeps_every_incident_and_names_those_without_a_stop(
        self, imported: tuple[Vault, Intake], evidence: Evidence
    ) -> None:
        vault, report = imported
        assert report.rows == 141_712
        assert len(evidence.cases["incident"]) == 24_918
        assert not report.bad
        assert {what: named.count for what, named in report.named.items()} == {"without stop time": 1_556}
        assert vault.head > 0

    def test_changes_nothing_when_it_comes_again(self, imported: tuple[Vault, Intake]) -> None:
        vault, first = imported
        head = vault.head
        again = import_file(
            vault,
            ROOT / "examples" / "mappings" / "uci-incident-log.yaml",
            data("uci_incident_log/incident_event_log.csv.gz"),
            now=NOW,
        )
        assert (again.added, again.known, vault.head) == (0, first.added, head)

    @pytest.mark.parametrize(
        ("_case", "text", "expected"),
        [
            (
                "24 hours round the clock",
                TEXT.replace(LIMITS, "limits: {P1: 24h, P2: 24h, P3: 24h, P4: 24h}"),
                {"P1": (81, 270), "P2": (171, 408), "P3": (11_446, 23_466), "P4": (374, 774)},
            ),
            (
                "8 business hours",
                TEXT.replace(LIMITS, "limits: {P1: 8h, P2: 8h, P3: 8h, P4: 8h}")
                .replace("\nservices:\n", BUSINESS)
                .replace("on: always", "on: office"),
                {"P1": (87, 270), "P2": (193, 408), "P3": (11_895, 23_466), "P4": (382, 774)},
            ),
        ],
    )
    def test_gives_the_published_counts_by_final_priority(
        self, _case: str, text: str, expected: dict[str, tuple[int, int]], evidence: Evidence
    ) -> None:
        found = {}
        for priority in expected:
            terms = year(priority, text=text.replace("missing_stop: left_out", "missing_stop: missed"))
            sums: Counter[str] = Counter()
            for judgement in judge_periods(terms, periods_of(terms), evidence):
                measured = judgement.of("resolution").measurement
                sums.update(good=measured.good, total=measured.total)
            found[priority] = (sums["good"], sums["total"])
        assert found == expected

    def test_comes_to_the_cents_of_the_agreement(self, evidence: Evidence) -> None:
        terms = agreement(TEXT)
        found = {}
        for judgement in judge_periods(terms, periods_of(terms)[:5], evidence):
            verdict = judgement.of("resolution")
            value = verdict.measurement.value
            found[judgement.period.label] = (
                verdict.ruling,
                value.percent(4) if value is not None else "",
                str(period_credits(terms, judgement).total),
            )
        june = found.pop("2016-06")
        assert found == {
            "2016-02": (Ruling.MISSED, "58.5859 %", "2,000.00 EUR"),
            "2016-03": (Ruling.MISSED, "49.8115 %", "11,000.00 EUR"),
            "2016-04": (Ruling.MET, "70.7760 %", "0.00 EUR"),
            "2016-05": (Ruling.MET, "73.0395 %", "0.00 EUR"),
        }
        assert (june[0], june[2]) == (Ruling.UNDECIDED, "0.00 EUR")

    @pytest.mark.parametrize(
        ("_case", "text", "good", "total", "credit", "reading"),
        [
            (
                "a missing stop counts as missed",
                TEXT.replace("missing_stop: left_out", "missing_stop: missed"),
                4_095,
                8_995,
                "15,000.00 EUR",
                ("missing_stop", "missed"),
            ),
            (
                "the clock runs in business hours",
                TEXT.replace("\nservices:\n", BUSINESS).replace("on: always", "on: office"),
                None,
                8_221,
                "0.00 EUR",
                ("clock.on", "office"),
            ),
        ],
    )
    def test_gives_other_figures_under_other_readings_and_says_which(
        self,
        _case: str,
        text: str,
        good: int | None,
        total: int,
        credit: str,
        reading: tuple[str, str],
        evidence: Evidence,
    ) -> None:
        terms = agreement(text)
        march = periods_of(terms)[1]
        judgement = judge_periods(terms, [march], evidence)[0]
        verdict = judgement.of("resolution")
        assert verdict.measurement.total == total
        if good is not None:
            assert verdict.measurement.good == good
        assert str(period_credits(terms, judgement).total) == credit
        assert reading in {(each.term, each.value) for each in verdict.readings}

    @pytest.mark.parametrize(
        ("_case", "terms"),
        [
            ("as it is agreed", agreement(TEXT)),
            ("a missing stop counts as missed", agreement(TEXT.replace(LEFT_OUT, MISSED))),
            ("the clock runs in business hours", agreement(in_business_hours(TEXT))),
            (
                "P3 in a year of 24 hours round the clock",
                year("P3", text=TEXT.replace(LIMITS, "limits: {P3: 24h}").replace(LEFT_OUT, MISSED)),
            ),
            (
                "P1 in a year of 8 business hours",
                year("P1", text=in_business_hours(TEXT.replace(LIMITS, "limits: {P1: 8h}").replace(LEFT_OUT, MISSED))),
            ),
        ],
    )
    def test_gives_the_same_figures_and_cents_when_it_is_measured(
        self, _case: str, terms: Agreement, imported: tuple[Vault, Intake], evidence: Evidence
    ) -> None:
        measured = measured_evidence(imported[0].contents(), Asked.of(terms))
        assert len(measured.cases["incident"]) < len(evidence.cases["incident"])
        assert said(terms, measured) == said(terms, evidence)
