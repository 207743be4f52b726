"""Objectives of other tools, from a terminal: the draft that is made of them, and the verdict that it gets."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from makegood.engine.agreement.document import read
from tests.cli.door import makegood, opened_shop

ROOT = Path(__file__).resolve().parents[2]
EXAMPLES = ROOT / "tests" / "engine" / "agreement" / "exchange"
SLOTH = """\
version: prometheus/v1
service: shop
slos:
  - {name: requests, objective: 99.9, sli: {events: {error_query: sum(errors), total_query: sum(requests)}}}
"""


@pytest.fixture
def slos(tmp_path: Path) -> Path:
    file = tmp_path / "slos.yaml"
    file.write_text(SLOTH, encoding="utf-8")
    return file


class TestImport:
    def test_prints_the_draft_and_tells_the_findings_apart_from_it(self) -> None:
        answer = makegood("slo", "import", *(EXAMPLES / name for name in ("openslo.yaml", "sloth.yaml", "pyrra.yaml")))
        assert answer.code == 0
        document = read(answer.out)
        assert document.findings == ()
        assert document.agreement is not None
        assert len(document.agreement.outcomes) == 13
        assert answer.err.splitlines()[-1] == "13 objectives carried over, 10 findings to read."
        assert "openslo.yaml:71:7: MG610 warning: " in answer.err

    def test_writes_a_file_that_check_accepts(self, slos: Path, tmp_path: Path) -> None:
        draft = tmp_path / "draft.yaml"
        answer = makegood("slo", "import", slos, "--output", draft)
        assert (answer.code, answer.out) == (0, "")
        assert answer.err.endswith(f"1 objective carried over, 0 findings to read; written to {draft}.\n")
        assert makegood("check", draft).out == "1 document: 0 errors, 0 warnings, 0 notes.\n"

    def test_starts_on_the_first_of_the_next_month(self, slos: Path, monkeypatch: pytest.MonkeyPatch) -> None:
        from datetime import UTC, datetime

        monkeypatch.setattr("makegood.cli.clock.now", lambda: datetime(2026, 12, 31, 23, tzinfo=UTC))
        assert "  from: 2027-01-01  # placeholder\n" in makegood("slo", "import", slos).out

    def test_takes_what_objectives_do_not_say(self, slos: Path) -> None:
        words = "--agreement shop-2027 --provider northwind --customer acme --from 2027-04-01 --months 6 --currency CHF --timezone Europe/Zurich --period week"
        out = makegood("slo", "import", slos, *words.split()).out
        assert "agreement: shop-2027  # placeholder\n" in out
        assert "parties: {provider: northwind, customer: acme}  # placeholders\n" in out
        assert (
            "  from: 2027-04-01  # placeholder\n  months: 6  # placeholder\n  timezone: Europe/Zurich\n  period: {every: week}\n"
            in out
        )
        assert "money: {currency: CHF}  # placeholder\n" in out

    def test_says_by_its_exit_code_that_something_was_left_out(self, slos: Path) -> None:
        slos.write_text(SLOTH + "  - {name: latency, objective: fast}\n", encoding="utf-8")
        answer = makegood("slo", "import", slos)
        assert answer.code == 1
        assert read(answer.out).agreement is not None
        assert (
            "slos.yaml:5:21: MG602 error: objective: 'fast' is no decimal number (write it like 99.9)\n" in answer.err
        )

    def test_makes_no_draft_of_nothing(self, slos: Path, tmp_path: Path) -> None:
        slos.write_text("kind: SLO\n", encoding="utf-8")
        answer = makegood("slo", "import", slos, "-o", tmp_path / "draft.yaml")
        assert (answer.code, answer.out) == (1, "")
        assert answer.err.splitlines()[-2:] == [
            "MG606 error: there is no objective",
            "0 objectives carried over, 2 findings to read.",
        ]
        assert not (tmp_path / "draft.yaml").exists()

    def test_has_no_draft_with_words_that_an_agreement_refuses(self, slos: Path) -> None:
        answer = makegood("slo", "import", slos, "--timezone", "Moon")
        assert (answer.code, answer.out) == (1, "")
        assert "the draft:" in answer.err

    def test_is_one_document_as_json(self, slos: Path) -> None:
        answer = makegood("slo", "import", slos, "--json")
        assert read(answer.json["document"]).agreement is not None
        assert (answer.json["objectives"], [each["code"] for each in answer.json["findings"]]) == (1, ["MG613"])

    @pytest.mark.parametrize(
        ("words", "sentence"),
        [
            (["missing.yaml"], "there is no file missing.yaml"),
            (["{slos}", "--from", "soon"], "'soon' is no day"),
        ],
    )
    def test_refuses_what_it_cannot_use(self, words: list[str], sentence: str, slos: Path) -> None:
        answer = makegood("slo", "import", *(word.replace("{slos}", str(slos)) for word in words))
        assert (answer.code, answer.err.splitlines()[0]) == (2, f"makegood: {sentence}.")

    def test_refuses_what_is_no_text(self, slos: Path) -> None:
        slos.write_bytes(b"version: \xff")
        answer = makegood("slo", "import", slos)
        assert (answer.code, answer.err.splitlines()[0]) == (
            3,
            f"makegood: {slos} is not UTF-8 text: byte 9 does not fit.",
        )


class TestExport:
    def test_prints_openslo_and_tells_the_findings_apart_from_it(self, tmp_path: Path) -> None:
        answer = makegood("slo", "export", opened_shop(tmp_path).agreement)
        assert answer.code == 0
        assert answer.out.count("apiVersion: openslo/v1\n") == 3
        assert "MG631 warning: OpenSLO has no word for on: shop\n" in answer.err
        assert answer.err.splitlines()[-1] == "1 objective carried over, 2 findings to read."

    def test_can_be_imported_again(self, tmp_path: Path) -> None:
        file = tmp_path / "objectives.yaml"
        assert makegood("slo", "export", opened_shop(tmp_path).agreement, "-o", file).out == ""
        assert (
            'measure: {kind: availability, of: till}\n    target: ">= 99.9%"\n' in makegood("slo", "import", file).out
        )

    def test_refuses_an_agreement_with_errors(self, slos: Path) -> None:
        assert makegood("slo", "export", slos).code == 1


class TestTheHowTo:
    def test_leads_from_an_objective_to_a_verdict(self, slos: Path, tmp_path: Path) -> None:
        page = (ROOT / "docs" / "how-to" / "import-slos.md").read_text("utf-8")
        rows, mapping = (
            re.sub("^   ", "", found, flags=re.MULTILINE)
            for found in re.findall(r"^   ```(?:csv|yaml)\n(.*?)^   ```$", page, re.DOTALL | re.MULTILINE)
        )
        (tmp_path / "requests.csv").write_text(rows, encoding="utf-8")
        (tmp_path / "mapping.yaml").write_text(mapping, encoding="utf-8")
        draft, vault = tmp_path / "draft.yaml", tmp_path / "vault"
        makegood("slo", "import", slos, "-o", draft, "--from", "2026-01-01", "--timezone", "UTC")
        brought = makegood(
            "import", tmp_path / "requests.csv", "--mapping", tmp_path / "mapping.yaml", "--vault", vault
        )
        assert brought.code == 0, brought.out
        judged = makegood("judge", draft, "--vault", vault, "--json")
        assert judged.code == 0, judged.err
        verdict = judged.json["judgements"][0]["verdicts"][0]
        assert (verdict["outcome"], verdict["ruling"], verdict["value"]) == ("shop-requests", "MISSED", "2377/2380")


class TestTheReference:
    def test_lists_both_commands(self) -> None:
        from makegood.cli.reference import command_page

        headings = [line for line in command_page().splitlines() if line.startswith("## makegood slo")]
        assert headings == ["## makegood slo import", "## makegood slo export"]
