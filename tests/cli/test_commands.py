from __future__ import annotations

import json
import os
import re
import sys
from pathlib import Path
from subprocess import PIPE, run

import pytest

from makegood.cli.output import out
from tests.cli.door import AGREEMENT, DISPUTE, DOWN, EXCUSE, UP, Shop, makegood, opened_shop


@pytest.fixture
def shop(tmp_path: Path) -> Shop:
    return opened_shop(tmp_path)


class TestCheck:
    def test_passes_a_sound_agreement(self, shop: Shop) -> None:
        answer = makegood("check", shop.agreement)
        assert (answer.code, answer.out) == (0, "1 document: 0 errors, 0 warnings, 0 notes.\n")

    def test_says_everything_that_is_wrong_at_once_with_its_place(self, tmp_path: Path) -> None:
        file = tmp_path / "till.yaml"
        file.write_text(
            AGREEMENT.replace('target: ">= 99.9%"', 'target: ">= 99.9"').replace("credit: 25%", "credit: 2%"),
            encoding="utf-8",
        )
        answer = makegood("check", file)
        assert answer.code == 1
        lines = [line.removeprefix(f"{file}:") for line in answer.out.splitlines()]
        assert [line.split(" ")[0] for line in lines[:-1]] == sorted(line.split(" ")[0] for line in lines[:-1])
        assert any(line.startswith("15:13: ") for line in lines)
        document = makegood("check", file, "--json").json["documents"][0]
        assert [finding["severity"] for finding in document["findings"]].count("error") >= 1

    def test_takes_warnings_for_errors_when_it_is_strict(self, tmp_path: Path) -> None:
        file = tmp_path / "till.yaml"
        file.write_text(AGREEMENT.replace(", critical: true", ""), encoding="utf-8")
        assert makegood("check", file).code == 0
        assert makegood("check", file, "--strict").code == 1


class TestText:
    def test_writes_the_promise_and_its_readings(self, shop: Shop) -> None:
        answer = makegood("text", shop.agreement)
        assert answer.code == 0
        assert "The till can be used whenever the shop is open." in answer.out

    def test_has_the_same_sections_as_json(self, shop: Shop) -> None:
        sections = makegood("text", shop.agreement, "--json").json["sections"]
        assert all(section["title"] and section["text"] for section in sections)


class TestSchema:
    def test_is_a_json_schema(self) -> None:
        assert makegood("schema").json["$schema"] == "https://json-schema.org/draft/2020-12/schema"


class TestImport:
    def test_changes_nothing_the_second_time(self, shop: Shop) -> None:
        again = shop.bring(UP, DOWN)
        assert again.code == 0
        assert (
            makegood("import", shop.folder / "records.jsonl", "--vault", shop.vault, "--json").json["files"][0]["known"]
            == 2
        )

    def test_takes_probes_and_judges_by_them(self, tmp_path: Path) -> None:
        shop = Shop(tmp_path)
        shop.agreement.write_text(AGREEMENT, encoding="utf-8")
        probe = {"kind": "probe", "source": "ping", "subject": "till"}
        found = (("2025-12-31T23:00Z", "up"), ("2026-03-06T16:00Z", "down"), ("2026-03-06T18:00Z", "up"))
        lines = [{**probe, "at": at, "status": status} for at, status in found]
        answer = shop.bring(*lines)
        assert (answer.code, answer.out) == (0, "records.jsonl: 3 rows; 3 probes new, 0 known. Entry 1.\n")
        assert "Nothing new." in shop.bring(*lines).out
        again = makegood("import", shop.folder / "records.jsonl", "--vault", shop.vault, "--json").json["files"][0]
        assert (again["records"], again["known"]) == ({"probe": 3}, 3)
        judged = shop("judge", "--period", "2026-03", "--why")
        assert "99.5455 %" in judged.out
        assert "ping#till@2026-03-06T16:00:00Z" in judged.out

    def test_takes_records_and_probes_from_one_file(self, shop: Shop) -> None:
        probe = {"kind": "probe", "source": "ping", "subject": "till", "at": "2026-03-06T16:00Z", "status": "down"}
        assert "; 1 record or probe new, 1 known. Entry 2." in shop.bring(UP, probe).out
        answer = shop.bring({**UP, "status": "down"}, {**probe, "status": "up"})
        assert answer.code == 1
        assert "records.jsonl:2:1: MG507 error: ping has sent till@2026-03-06T16:00:00Z before" in answer.out
        assert "2 records and probes refused: known with other content; send a correction" in answer.out

    def test_names_and_counts_what_is_no_record_and_keeps_the_rest(self, shop: Shop) -> None:
        file = shop.folder / "more.jsonl"
        file.write_text(json.dumps(EXCUSE) + '\n{"kind": "ticket"}\nnot json\n', encoding="utf-8")
        answer = makegood("import", file, "--vault", shop.vault)
        assert answer.code == 1
        assert "more.jsonl:2" in answer.out + answer.err
        assert "more.jsonl:3" in answer.out + answer.err
        assert "1 record" in answer.out

    def test_refuses_another_content_under_a_known_identity(self, shop: Shop) -> None:
        answer = shop.bring({**DOWN, "subject": "oven"})
        assert answer.code == 1
        assert "1 record refused: known with other content; send a correction" in answer.out


class TestJudge:
    def test_prints_a_row_for_each_period_and_outcome(self, shop: Shop) -> None:
        answer = shop("judge", "--period", "2026-03", "--why")
        assert answer.code == 0
        assert "99.5455 %" in answer.out
        assert "MISSED" in answer.out
        assert "probe#2" in answer.out

    def test_cuts_a_running_period_at_the_present(self, shop: Shop) -> None:
        answer = shop("judge", "--as-of", "2026-03-07", "--json")
        assert [each["provisional"] for each in answer.json["judgements"]] == [False, False, True]
        assert answer.json["judgements"][2]["verdicts"][0]["total"] == 5 * 10 * 3600

    def test_names_the_periods_that_there_are(self, shop: Shop) -> None:
        answer = shop("judge", "--period", "2027-03")
        assert answer.code == 2
        assert "Its periods run from 2026-01 to 2026-06." in answer.err

    def test_refuses_a_period_that_has_not_begun(self, shop: Shop) -> None:
        assert shop("judge", "--period", "2026-04", "--as-of", "2026-02-01").code == 3


class TestSettle:
    def test_books_once(self, shop: Shop) -> None:
        first = shop("settle", "--as-of", "2026-04-20", "--json").json
        assert [each["in_period"] for each in first["statements"]] == ["2026-01", "2026-02", "2026-03"]
        assert first["statements"][2]["postings"][0]["amount"] == "60.00 EUR"
        again = shop("settle", "--as-of", "2026-04-20")
        assert (again.code, again.out) == (
            0,
            "Nothing to book: every closed period stands as it was settled."
            " 2026-04 closes on 2026-05-07 at 22:00 UTC.\n",
        )

    def test_books_the_difference_when_a_dispute_is_accepted(self, shop: Shop) -> None:
        shop.bring(EXCUSE)
        assert "0.00 EUR" in shop("settle", "--as-of", "2026-04-20").out
        shop.bring(DISPUTE)
        answer = shop("settle", "--as-of", "2026-04-21", "--json").json
        assert answer["statements"] == [
            {
                "in_period": "2026-04",
                "closes": False,
                "postings": [
                    {
                        "id": "2026-03/till-availability/2",
                        "outcome": "till-availability",
                        "for_period": "2026-03",
                        "kind": "adjustment",
                        "amount": "60.00 EUR",
                        "snapshot": 3,
                        "cause": answer["statements"][0]["postings"][0]["cause"],
                    }
                ],
                "rights": [],
            }
        ]

    def test_books_nothing_on_a_dry_run(self, shop: Shop) -> None:
        assert "Nothing was booked" in shop("settle", "--as-of", "2026-04-20", "--dry-run").out
        assert not (shop.vault / "book" / "bakery-till.jsonl").exists()

    def test_closes_no_period_before_its_time(self, shop: Shop) -> None:
        answer = shop("settle", "--as-of", "2126-01-01")
        assert answer.code == 2
        assert "lies in the future" in answer.err

    def test_refuses_another_text_of_a_settled_agreement(self, shop: Shop) -> None:
        shop("settle", "--as-of", "2026-04-20")
        shop.agreement.write_text(AGREEMENT.replace("1200.00", "1300.00"), encoding="utf-8")
        answer = shop("settle", "--as-of", "2026-05-20")
        assert answer.code == 3
        assert "is not the text that was settled" in answer.err


class TestExplain:
    def test_goes_from_the_cent_to_the_row_of_evidence(self, shop: Shop) -> None:
        shop("settle", "--as-of", "2026-04-20")
        answer = makegood("explain", "2026-03/till-availability", shop.agreement, "--vault", shop.vault)
        assert answer.code == 0
        for told in ("60.00 EUR", "in the statement of 2026-03", "MISSED", "house default", "INC-7", "probe#2"):
            assert told in answer.out

    def test_leaves_no_word_out_where_lines_are_short(self, shop: Shop, monkeypatch: pytest.MonkeyPatch) -> None:
        monkeypatch.setattr(out, "width", 40)
        answer = makegood("explain", "2026-03/till-availability", shop.agreement, "--vault", shop.vault)
        words = " ".join(re.sub(r"[│├└─]", " ", answer.out).split())
        assert "The till can be used whenever the shop is open." in words
        assert all(len(line) <= 40 for line in answer.out.splitlines())

    def test_tells_what_a_period_would_come_to_before_it_is_settled(self, shop: Shop) -> None:
        answer = makegood("explain", "2026-03/till-availability", shop.agreement, "--vault", shop.vault)
        assert "Not settled yet" in answer.out

    def test_explains_each_line_from_the_snapshot_that_it_saw(self, shop: Shop) -> None:
        shop.bring(EXCUSE)
        shop("settle", "--as-of", "2026-04-20")
        shop.bring(DISPUTE)
        shop("settle", "--as-of", "2026-04-21")
        words = ("explain", shop.agreement, "--vault", shop.vault, "--json")
        second = makegood(words[0], "2026-03/till-availability/2", *words[1:]).json
        assert (second["amount"], second["verdict"]["ruling"]) == ("60.00 EUR", "MISSED")
        assert [each["amount"] for each in second["booked"]] == ["0.00 EUR", "60.00 EUR"]

    def test_refuses_a_period_that_has_not_begun(self, shop: Shop) -> None:
        shop.agreement.write_text(AGREEMENT.replace("from: 2026", "from: 2090"), encoding="utf-8")
        answer = makegood("explain", "2090-03/till-availability", shop.agreement, "--vault", shop.vault)
        assert (answer.code, "the period 2090-03 has not begun" in answer.err) == (2, True)

    def test_says_which_lines_there_are(self, shop: Shop) -> None:
        answer = makegood("explain", "2026-03/oven", shop.agreement, "--vault", shop.vault)
        assert answer.code == 2
        assert "Nothing was booked yet." in answer.err


class TestReport:
    def test_writes_one_page_and_one_pdf(self, shop: Shop) -> None:
        shop("settle", "--as-of", "2026-04-20")
        answer = shop("report", "--to", shop.folder / "report", "--json")
        assert answer.code == 0, answer.err
        html, pdf = Path(answer.json["html"]), Path(answer.json["pdf"])
        assert html.read_text(encoding="utf-8").startswith("<!DOCTYPE html>")
        assert pdf.read_bytes().startswith(b"%PDF-")


class TestBundle:
    def test_is_verified_by_whoever_has_it(self, shop: Shop) -> None:
        shop("settle", "--as-of", "2026-04-20")
        bundle = shop.folder / "till.bundle"
        seal = shop("bundle", "--to", bundle, "--json").json["seal"]
        answer = makegood("verify", bundle, "--seal", seal[:16])
        assert (answer.code, answer.out.splitlines()[-1]) == (0, f"Verified. Seal {seal}")
        assert makegood("verify", bundle, "--json").json["verified"] is True

    def test_stands_for_agreement_and_vault(self, shop: Shop) -> None:
        shop("settle", "--as-of", "2026-04-20")
        bundle = shop.folder / "till.bundle"
        shop("bundle", "--to", bundle)
        answer = makegood("explain", "2026-03/till-availability", bundle)
        assert "60.00 EUR in the statement of 2026-03" in answer.out

    def test_is_refused_before_anything_was_settled(self, shop: Shop) -> None:
        answer = shop("bundle", "--to", shop.folder / "till.bundle")
        assert (answer.code, (shop.folder / "till.bundle").exists()) == (3, False)

    def test_is_not_verified_under_another_seal(self, shop: Shop) -> None:
        shop("settle", "--as-of", "2026-04-20")
        bundle = shop.folder / "till.bundle"
        shop("bundle", "--to", bundle)
        answer = makegood("verify", bundle, "--seal", "0" * 64)
        assert answer.code == 4
        assert "NOT VERIFIED" in answer.out


class TestRefusals:
    @pytest.mark.parametrize(
        ("_case", "words", "code", "sentence"),
        [
            ("no such agreement", ("judge", "nowhere.yaml"), 2, "there is no file nowhere.yaml"),
            ("no agreement but a folder", ("check", "{folder}"), 3, "cannot be read: Is a directory"),
            ("a name in brackets", ("import", "[/red].jsonl"), 2, "there is no file [/red].jsonl."),
            (
                "a day out of time",
                ("judge", "{agreement}", "--vault", "{vault}", "--as-of", "0001-01-01"),
                2,
                "neither",
            ),
            ("a table without a mapping", ("import", "{folder}/rows.csv.gz"), 2, "needs a mapping"),
            (
                "no such line",
                ("explain", "2026-03/till-availability/7", "{agreement}", "--vault", "{vault}"),
                2,
                "no line",
            ),
            ("nothing to bundle", ("bundle", "{agreement}", "--vault", "{vault}", "--to", "."), 3, "settled yet"),
            ("no such bundle", ("verify", "nowhere.bundle"), 2, "there is no file nowhere.bundle"),
            ("no such word", ("jugde",), 2, "jugde"),
            ("no such day", ("judge", "{agreement}", "--vault", "{vault}", "--as-of", "soon"), 2, "neither a day nor"),
            ("no such vault", ("judge", "{agreement}", "--vault", "{folder}/none"), 3, "is not a vault"),
            ("no bundle at all", ("verify", "{agreement}"), 4, ""),
        ],
    )
    def test_are_sentences(self, _case: str, words: tuple[str, ...], code: int, sentence: str, shop: Shop) -> None:
        (shop.folder / "rows.csv.gz").touch()
        places = {"agreement": shop.agreement, "vault": shop.vault, "folder": shop.folder}
        answer = makegood(*(word.format(**places) for word in words))
        assert answer.code == code
        assert sentence in answer.err + answer.out
        assert "Traceback" not in answer.err + answer.out

    def test_read_a_bad_agreement_no_further(self, shop: Shop) -> None:
        shop.agreement.write_bytes(b"\xff\xfe")
        answer = shop("judge")
        assert answer.code == 3
        assert "is not UTF-8 text" in answer.err

    def test_print_the_findings_of_an_agreement_with_errors(self, shop: Shop) -> None:
        shop.agreement.write_text(AGREEMENT.replace("outcomes:", "outcome:"), encoding="utf-8")
        answer = shop("judge")
        assert answer.code == 1
        assert "outcomes is missing" in answer.out

    def test_are_one_json_document_for_who_asked_for_json(self, shop: Shop) -> None:
        (shop.folder / "bad.yaml").write_text(AGREEMENT.replace("outcomes:", "outcome:"), encoding="utf-8")
        answer = makegood("judge", shop.folder / "bad.yaml", "--json")
        assert (answer.code, answer.json["exit_code"], answer.json["remedy"]) == (1, 1, "Mend the places above.")
        assert "outcomes is missing" in json.dumps(answer.json["findings"])
        (shop.folder / "map.yaml").write_text("makegood: mapping/1\n", encoding="utf-8")
        words = ("import", shop.agreement, "--mapping", shop.folder / "map.yaml", "--vault", shop.folder / "new")
        assert makegood(*words, "--json").json["findings"][0]["code"] == "MG109"
        assert not (shop.folder / "new").exists()
        assert makegood("judge", shop.agreement, "--vault", shop.folder / "new", "--json").json["findings"] == []

    def test_book_nothing_in_a_bundle_and_overwrite_nothing_with_one(self, shop: Shop) -> None:
        shop("settle", "--as-of", "2026-04-20")
        before = shop.agreement.read_bytes()
        assert shop("bundle", "--to", shop.agreement).code == 2
        assert shop.agreement.read_bytes() == before
        assert shop("bundle", "--to", ".").code == 2
        bundle = shop.folder / "till.bundle"
        assert [shop("bundle", "--to", bundle).code for _ in range(2)] == [0, 0]
        assert makegood("settle", bundle).code == 2
        assert makegood("settle", bundle, "--dry-run").code == 0

    def test_tell_what_to_install(self, shop: Shop) -> None:
        code = "import sys; sys.modules['pyarrow'] = None; from makegood.cli.main import main; main()"
        answer = run([sys.executable, "-c", code, "check", shop.agreement], capture_output=True, text=True, check=False)
        assert (answer.returncode, answer.stdout) == (3, "")
        assert answer.stderr == (
            "makegood: the package pyarrow is not installed.\n"
            "Install makegood with what its command line needs: pip install 'makegood[vault,report]'\n"
        )

    @pytest.mark.parametrize("words", [("schema",), ("judge",), ("judge", "--json"), ("text",)])
    def test_are_none_when_nobody_reads_on(self, words: tuple[str, ...], shop: Shop) -> None:
        where = () if words == ("schema",) else (shop.agreement,)
        vault = ("--vault", shop.vault) if words[0] == "judge" else ()
        read_end, write_end = os.pipe()
        os.close(read_end)
        command = [sys.executable, "-c", "from makegood.cli.main import main; main()", *words, *where, *vault]
        answer = run(command, stdout=write_end, stderr=PIPE, check=False)
        os.close(write_end)
        assert (answer.returncode, answer.stderr) == (0, b"")
