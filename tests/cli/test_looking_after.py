"""The page on looking after a vault is what it says: its commands are typed, and their answers compared."""

from __future__ import annotations

import re
import shlex
import subprocess
from pathlib import Path

import pytest

from tests.cli.door import makegood
from tests.cli.test_vault_measure import kept

PAGE = Path(__file__).resolve().parents[2] / "docs" / "how-to" / "look-after-a-vault.md"


def lines(text: str) -> list[str]:
    """Return the lines of a text, without the blanks at their ends."""
    return [line.rstrip() for line in text.rstrip().splitlines()]


class TestLookingAfterAVault:
    def test_can_be_done_to_the_letter(self, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
        monkeypatch.chdir(tmp_path)
        monkeypatch.setenv("MAKEGOOD_VAULT", "evidence")
        kept(tmp_path / "evidence")
        text = PAGE.read_text(encoding="utf-8")
        commands = 0
        for body in re.findall(r"^```console\n(.*?)^```$", text, re.MULTILINE | re.DOTALL):
            for typed in re.split(r"^\$ ", body, flags=re.MULTILINE)[1:]:
                command, _, expected = typed.partition("\n")
                program, *words = shlex.split(command)
                if program == "makegood":
                    answer = makegood(*words)
                    assert (answer.code, answer.err) == (0, "")
                    assert not expected or lines(answer.out) == lines(expected)
                else:
                    subprocess.run([program, *words], check=True)
                commands += 1
        assert commands == 13
