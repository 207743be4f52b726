"""Texts that are kept beside the tests that say them, so that a change of words shows in review.

``MAKEGOOD_WORDS=keep ./run test tests/stories tests/engine`` keeps what is said now; the difference is then for people to
read.
"""

from __future__ import annotations

import os
from collections.abc import Sequence
from pathlib import Path


def compare(file: Path, said: Sequence[str]) -> None:
    """Compare lines with those that are kept in a file, or keep them where that was asked for."""
    if os.environ.get("MAKEGOOD_WORDS") == "keep":
        file.parent.mkdir(parents=True, exist_ok=True)
        file.write_text("".join(f"{line}\n" for line in said), "utf-8")
    kept = file.read_text("utf-8").split("\n")[:-1] if file.is_file() else []
    assert list(said) == kept, f"if these words are meant: MAKEGOOD_WORDS=keep, and read the difference of {file.name}"
