"""Every vector that the language can say comes out to the cent; what it cannot say yet is skipped by name."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.vectors.__main__ import Vector, tried, vectors

FILE = Path(__file__).resolve().parents[2].parent / "shared" / "vectors" / "service-levels.json"
KNOWN = vectors(FILE) if FILE.exists() else []


class TestVectors:
    @pytest.mark.skipif(not KNOWN, reason="the vectors do not lie beside the repository")
    @pytest.mark.parametrize("vector", KNOWN, ids=lambda vector: vector["id"])
    def test_come_out_as_expected(self, vector: Vector) -> None:
        _, wrong = tried(vector)
        if wrong and wrong[0].startswith("cannot say: "):
            pytest.skip(f"the language {wrong[0].replace('say: ', 'say ')} yet")
        assert wrong == []
