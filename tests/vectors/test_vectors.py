"""Every vector that the language can say comes out to the cent; what it cannot say yet is skipped by name."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.vectors.__main__ import Vector, tried, vectors

FILE = Path(__file__).resolve().parents[2].parent / "shared" / "vectors" / "service-levels.json"
# What the language has no term for yet. A vector leaves this list when it can be said, and none comes back to it.
UNSAID: set[str] = set()
KNOWN = vectors(FILE) if FILE.exists() else []


class TestVectors:
    @pytest.mark.skipif(not KNOWN, reason="the vectors do not lie beside the repository")
    @pytest.mark.parametrize("vector", KNOWN, ids=lambda vector: vector["id"])
    def test_come_out_as_expected(self, vector: Vector) -> None:
        _, wrong = tried(vector)
        if vector["id"] in UNSAID:
            assert wrong, "it can be said now: take it off the list"
            pytest.skip(f"the language {wrong[0].replace('say: ', 'say ')} yet")
        assert wrong == []
