import shutil
import subprocess
from dataclasses import replace
from pathlib import Path

import pytest

from makegood.cli.refusal import Refusal
from makegood.cli.report.write import write_report
from makegood.engine.review.review import Review, review
from tests.cli.report.sample import ORIGIN, TAG, hostile
from tests.engine.review.sample import AGREEMENT, year

needs_poppler = pytest.mark.skipif(shutil.which("pdftotext") is None, reason="pdftotext and pdfinfo are not installed")


def words(path: Path) -> str:
    text = subprocess.run(["pdftotext", "-layout", path, "-"], capture_output=True, check=True).stdout.decode()
    return " ".join(text.split())


def pages(path: Path) -> int:
    facts = subprocess.run(["pdfinfo", path], capture_output=True, check=True).stdout.decode()
    return int(facts.split("Pages:")[1].split()[0])


class TestWritingAReport:
    def test_writes_both_files_into_a_new_folder(self, tmp_path: Path) -> None:
        written = write_report(year(1), origin=ORIGIN, directory=tmp_path / "2025" / "report")
        assert written == (tmp_path / "2025/report/report.html", tmp_path / "2025/report/report.pdf")
        assert written.html.read_bytes()[:15] == b"<!DOCTYPE html>"
        assert written.pdf.read_bytes()[:5] == b"%PDF-"

    def test_writes_the_same_bytes_twice(self, tmp_path: Path) -> None:
        first, second = (write_report(year(), origin=ORIGIN, directory=tmp_path / name) for name in ("a", "b"))
        assert first.html.read_bytes() == second.html.read_bytes()
        assert first.pdf.read_bytes() == second.pdf.read_bytes()

    def test_refuses_a_folder_that_is_none(self, tmp_path: Path) -> None:
        (tmp_path / "taken").write_text("a file")
        with pytest.raises(Refusal) as refused:
            write_report(year(1), origin=ORIGIN, directory=tmp_path / "taken")
        assert refused.value.sentence == f"the report cannot be written to {tmp_path / 'taken'}: File exists"

    @pytest.mark.parametrize(
        ("_case", "shown"),
        [
            ("24 months", year(24)),
            ("one month", year(1)),
            ("nothing judged", review(agreement=AGREEMENT, judgements=[])),
        ],
    )
    def test_takes_any_length(self, _case: str, shown: Review, tmp_path: Path) -> None:
        assert write_report(shown, origin=ORIGIN, directory=tmp_path).pdf.stat().st_size > 0


class TestTheOrigin:
    def test_needs_an_aware_instant(self) -> None:
        with pytest.raises(ValueError, match=r"^a report is generated at an aware instant$"):
            replace(ORIGIN, generated_at=ORIGIN.generated_at.replace(tzinfo=None))

    def test_may_be_without_a_seal(self, tmp_path: Path) -> None:
        written = write_report(year(1), origin=replace(ORIGIN, seal=""), directory=tmp_path)
        assert "not sealed yet" in written.html.read_text("utf-8")


@needs_poppler
class TestThePdf:
    def test_tells_the_whole_story(self, tmp_path: Path) -> None:
        text = words(write_report(year(), origin=ORIGIN, directory=tmp_path).pdf)
        for sentence in (
            "Managed ERP for Acme",
            "In 12 months 28 of 36 verdicts were met, 7 were missed and 1 was undecided.",
            "February 2025 missed 98.95 % missed 99.13 % missed 83.33 % 600.00",
            "measure.unknown.as down house default",
            "makegood verify acme-erp-2025.bundle",
            "acme-erp, seal 9f2c4a1be07d53c8…",
            "1 of 11",
        ):
            assert " ".join(sentence.split()) in text

    def test_has_its_pages(self, tmp_path: Path) -> None:
        assert pages(write_report(year(), origin=ORIGIN, directory=tmp_path).pdf) == 11

    def test_shows_hostile_texts_as_texts(self, tmp_path: Path) -> None:
        text = words(write_report(hostile(), origin=ORIGIN, directory=tmp_path).pdf)
        assert '#panic("x") *bold* $1/0$ `raw` @label <tag> //' in text
        assert TAG.split()[0] in text.replace(" ", "")
