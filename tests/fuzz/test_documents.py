"""Whatever a document says: never a traceback, and what is well-formed can be judged and paid."""

from __future__ import annotations

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from makegood.engine.agreement.document import read
from tests.fuzz.damage import AGREEMENTS, MAPPINGS, SEEDS, damaged, torn, tree, written
from tests.fuzz.trial import endure, endure_mapping

short = settings(max_examples=25, suppress_health_check=list(HealthCheck))
edits = st.integers(1, 6)


class TestADocument:
    @pytest.mark.parametrize("number", range(len(AGREEMENTS)))
    def test_is_the_same_when_taken_apart_and_written_down_again(self, number: int) -> None:
        before, after = read(AGREEMENTS[number]), read(written(tree(AGREEMENTS[number])))
        assert before.agreement == after.agreement
        assert sorted(each.code for each in before.findings) == sorted(each.code for each in after.findings)

    @short
    @given(st.sampled_from(SEEDS), edits, st.data())
    def test_becomes_an_agreement_to_live_by_or_findings(self, seed: str, number: int, data: st.DataObject) -> None:
        endure(damaged(seed, number, lambda below: data.draw(st.integers(0, below - 1))))

    @short
    @given(st.sampled_from(SEEDS), edits, st.data())
    def test_stands_bytes_that_were_torn(self, seed: str, number: int, data: st.DataObject) -> None:
        endure(torn(seed.encode(), number, lambda below: data.draw(st.integers(0, below - 1))))


class TestAMapping:
    @short
    @given(st.sampled_from(MAPPINGS), edits, st.data())
    def test_becomes_a_mapping_or_findings(self, seed: str, number: int, data: st.DataObject) -> None:
        endure_mapping(damaged(seed, number, lambda below: data.draw(st.integers(0, below - 1))))
