from __future__ import annotations

import sys
from typing import Any

import pytest

from makegood.vault.measuring.compiling import compiled
from makegood.vault.measuring.status import arrays
from makegood.vault.measuring.status.measure import fastest


class TestFastest:
    def test_is_numpy_where_numba_is_not_installed(self, monkeypatch: pytest.MonkeyPatch) -> None:
        nothing: Any = None
        monkeypatch.setitem(sys.modules, "numba", nothing)
        fastest.cache_clear()
        try:
            assert fastest() is arrays.add
        finally:
            fastest.cache_clear()


class TestCompiled:
    def test_is_compiled_anew_if_it_cannot_be_kept(self) -> None:
        """A function that was never in a file has no place beside it."""
        held: dict[str, object] = {}
        exec("def twice(number): return 2 * number", held)  # noqa: S102
        twice = held["twice"]
        assert callable(twice)
        assert compiled(twice)(21) == 42
