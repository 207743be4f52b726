"""Every template is a good agreement that somebody can fill, and its story comes out as it is told."""

from __future__ import annotations

import re
from dataclasses import replace
from pathlib import Path

import pytest

from makegood.engine.agreement.document import read
from makegood.engine.agreement.prose import as_markdown, service_level_text
from makegood.engine.vocabulary.finding import Severity
from tests.kept import compare
from tests.stories.explained import KEPT
from tests.stories.story import Block, blocks
from tests.stories.test_stories import Telling

ROOT = Path(__file__).resolve().parents[2]
TEMPLATES = sorted((ROOT / "examples" / "templates").glob("*.yaml"))
STORIES = Path(__file__).parent / "templates"
CREDITED = re.compile(r"MISSED .*credit (?!0\.00 )")


class TestTemplate:
    @pytest.mark.parametrize("path", TEMPLATES, ids=lambda path: path.stem)
    def test_is_an_agreement_that_can_be_written_out(self, path: Path) -> None:
        document = read(path.read_text("utf-8"), path.name)
        assert document.agreement is not None, document.findings
        assert document.agreement.agreement == path.stem
        assert document.agreement.title in as_markdown(service_level_text(document.agreement))

    @pytest.mark.parametrize("path", TEMPLATES, ids=lambda path: path.stem)
    def test_says_in_its_first_line_what_it_is(self, path: Path) -> None:
        first, second, *_ = path.read_text("utf-8").splitlines()
        assert re.fullmatch(r"# [A-Z].{10,90}[^.]", first)
        assert second == "#"

    @pytest.mark.parametrize("path", TEMPLATES, ids=lambda path: path.stem)
    def test_is_faulty_only_where_what_was_published_is_and_says_so(self, path: Path) -> None:
        text = path.read_text("utf-8")
        faults = {each.code for each in read(text).findings if each.severity is not Severity.NOTE}
        assert faults == set(re.findall(r"^# Fault (MG\d+):", text, re.MULTILINE))
        assert not faults or "kind: underpinning" in text

    @pytest.mark.parametrize("path", TEMPLATES, ids=lambda path: path.stem)
    def test_has_a_story_that_ends_in_a_credit_in_the_words_that_are_kept(self, path: Path, tmp_path: Path) -> None:
        told = {"agreement": 0, "evidence": 0, "expect": 0}
        telling: Telling | None = None
        credited = False
        for block in blocks(STORIES / f"{path.stem}.md"):
            told[block.word] += 1
            if block.word == "agreement":
                assert block.argument == path.relative_to(ROOT).as_posix()
                telling = Telling(whole(block), path.name, tmp_path, faults=block.lines)
                continue
            assert telling is not None
            {"evidence": telling.evidence, "expect": telling.expect}[block.word](block)
            credited |= any(CREDITED.search(line) for line in block.lines)
        assert all(told.values())
        assert credited
        assert telling is not None
        compare(KEPT / "templates" / f"{path.stem}.txt", telling.words.lines)


class TestTemplates:
    def test_are_told_of_one_by_one(self) -> None:
        names = {path.stem for path in TEMPLATES}
        assert names == {path.stem for path in STORIES.glob("*.md")}
        assert names == {path.stem for path in (KEPT / "templates").glob("*.txt")}

    def test_have_the_blueprints_the_levels_and_at_least_eight_suppliers(self) -> None:
        names = {path.stem for path in TEMPLATES}
        assert {
            "managed-backup",
            "security-operations",
            "endpoint-protection",
            "monitoring-and-patching",
            "server-care-bronze",
            "server-care-silver",
            "server-care-gold",
        } <= names
        suppliers = [path for path in TEMPLATES if "kind: underpinning" in path.read_text("utf-8")]
        assert len(suppliers) >= 8


def whole(block: Block) -> Block:
    """Return the block with the text of the file that it names."""
    return replace(block, text=(ROOT / block.argument).read_text("utf-8"))
