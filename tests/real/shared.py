"""Where public data lies, if it does: beside the repository, never in it."""

from __future__ import annotations

from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[2]
DATA = ROOT.parent / "shared" / "data"


def data(name: str) -> Path:
    """Return a public data file; the test is skipped where it is absent."""
    path = DATA / name
    if not path.exists():
        pytest.skip(f"the public data set {name} does not lie beside the repository")
    return path
