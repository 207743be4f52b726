"""``makegood lint``: what check says, and what wants a second thought."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from makegood.engine.agreement.catalogue import GOOD
from tests.cli.door import UP, makegood

ROOT = Path(__file__).resolve().parents[2]
MAPPINGS = ROOT / "examples" / "mappings"


class TestLint:
    @pytest.fixture(autouse=True)
    def _folder(self, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
        monkeypatch.chdir(tmp_path)
        Path("shop.yaml").write_text(GOOD, encoding="utf-8")

    def codes(self, *words: str | Path) -> list[str]:
        answer = makegood("lint", *words, "--json")
        assert answer.err == ""
        return [finding["code"] for document in answer.json["documents"] for finding in document["findings"]]

    def test_gives_advice_where_check_finds_nothing(self) -> None:
        assert makegood("check", "shop.yaml").out == "1 document: 0 errors, 0 warnings, 0 notes.\n"
        answer = makegood("lint", "shop.yaml")
        assert answer.code == 0
        assert "MG802 warning: 99 % pays 50 %, a breath better pays 10 % (put a step between them)\n" in answer.out
        assert answer.out.endswith("1 document: 0 errors, 1 warning, 5 notes.\n")

    def test_says_what_check_says_and_no_advice_until_it_is_mended(self) -> None:
        Path("bad.yaml").write_text(GOOD.replace(">= 99.9%", ">= 101%"), encoding="utf-8")
        assert makegood("lint", "bad.yaml").code == 1
        assert self.codes("bad.yaml") == ["MG323", "MG335"]

    def test_checks_against_what_stands_behind(self) -> None:
        Path("behind.yaml").write_text(
            GOOD.replace("acme-web-shop", "behind")
            .replace("parties: {provider: northwind, customer: acme}", "parties: {provider: x, customer: northwind}")
            .replace("makegood:", "kind: underpinning\nmakegood:"),
            encoding="utf-8",
        )
        names = [
            each["file"] for each in makegood("lint", "shop.yaml", "--with", "behind.yaml", "--json").json["documents"]
        ]
        assert names == ["shop.yaml", "behind.yaml"]
        assert "MG802" in self.codes("shop.yaml", "--with", "behind.yaml")

    def test_lets_warnings_count_if_asked(self) -> None:
        assert makegood("lint", "shop.yaml", "--strict").code == 1

    def test_compares_with_mappings(self) -> None:
        assert "MG820" in self.codes("shop.yaml", "--evidence", MAPPINGS / "uci-incident-log.yaml")
        desk = ROOT / "examples" / "service-desk.yaml"
        assert "MG820" not in self.codes(desk, "--evidence", MAPPINGS / "uci-incident-log.yaml")

    def test_compares_with_the_past(self) -> None:
        lines = [
            {
                "kind": "state",
                "source": "probe",
                "source_id": str(hour),
                "subject": subject,
                "status": "up",
                "start": f"2026-01-01T{hour:02}:30:00Z",
            }
            for hour in range(20)
            for subject in ("front", "till")
            if subject == "front" or hour % 2
        ]
        for number, line in enumerate(lines):
            line["source_id"] = str(number)
        Path("up.jsonl").write_text("".join(json.dumps(line) + "\n" for line in lines), encoding="utf-8")
        assert makegood("import", "up.jsonl").code == 0
        assert "MG831" in self.codes("shop.yaml", "--evidence", "vault")

    @pytest.mark.parametrize(
        ("_case", "words", "sentence"),
        [
            ("nothing there", ["--evidence", "nowhere"], "nowhere is neither a mapping nor a vault"),
            ("two vaults", ["--evidence", "vault", "--evidence", "vault"], "two vaults were named"),
        ],
    )
    def test_refuses_evidence_that_is_none(self, _case: str, words: list[str], sentence: str) -> None:
        Path("one.jsonl").write_text(json.dumps(UP) + "\n", encoding="utf-8")
        assert makegood("import", "one.jsonl").code == 0
        answer = makegood("lint", "shop.yaml", *words)
        assert answer.code == 2
        assert answer.err.startswith(f"makegood: {sentence}.\n")
