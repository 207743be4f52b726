from __future__ import annotations

from pathlib import Path

import pytest

from makegood.engine.agreement.grammar import clauses_of
from makegood.engine.evidence.codes import EVIDENCE_CODES
from makegood.engine.evidence.document import read_mapping
from makegood.engine.evidence.mapping import ENTRIES, Case, EvidenceMapping, ForEach, Keep, Lookup, Moment, Number

ROOT = Path(__file__).resolve().parents[3]
PAGE = (ROOT / "docs" / "reference" / "mapping.md").read_text(encoding="utf-8")


class TestTheReferencePage:
    @pytest.mark.parametrize("form", [EvidenceMapping, Case, ForEach, Keep, Lookup, Moment, Number, *ENTRIES.values()])
    def test_has_every_key(self, form: type) -> None:
        assert [key for key in clauses_of(form) if key not in PAGE] == []

    def test_has_every_finding(self) -> None:
        assert [code.code for code in EVIDENCE_CODES if f"| {code.code} | {code.title}" not in PAGE] == []

    def test_shows_a_mapping_that_is_one(self) -> None:
        example = PAGE.split("```yaml\n", 1)[1].split("```", 1)[0]
        assert read_mapping(example).findings == ()
