"""The tutorial is what it says: its files are written, its commands typed, its answers compared."""

from __future__ import annotations

import re
import shlex
from pathlib import Path

import pytest

from tests.cli.door import makegood

TUTORIAL = Path(__file__).resolve().parents[2] / "docs" / "tutorials" / "first-agreement.md"


class TestTutorial:
    def test_can_be_followed_to_the_letter(self, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
        monkeypatch.chdir(tmp_path)
        commands = 0
        text = TUTORIAL.read_text(encoding="utf-8")
        for language, name, body in re.findall(r"^```(\w+)(?: (\S+))?\n(.*?)^```$", text, re.MULTILINE | re.DOTALL):
            if name:
                Path(name).write_text(body, encoding="utf-8")
            elif language == "console":
                for command, expected in re.findall(r"^\$ makegood (.*)\n((?:[^$\n].*\n)*)", body, re.MULTILINE):
                    answer = makegood(*shlex.split(command))
                    assert answer.code == 0, answer.err
                    assert not expected or answer.out == expected
                    commands += 1
        assert commands == 9

    def test_ends_with_the_credit_that_it_names(self, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
        self.test_can_be_followed_to_the_letter(tmp_path, monkeypatch)
        answer = makegood("explain", "2026-03/reachable", "host.yaml", "--json")
        assert answer.json["amount"] == "40.00 EUR"
        assert [miss["evidence"] for miss in answer.json["verdict"]["misses"]] == [["probe#2"], ["probe#3"]]
