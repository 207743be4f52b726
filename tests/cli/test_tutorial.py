"""The tutorials are what they say: their files are written, their commands typed, their answers compared."""

from __future__ import annotations

import re
import shlex
from pathlib import Path

import pytest

from tests.cli.door import makegood

TUTORIALS = Path(__file__).resolve().parents[2] / "docs" / "tutorials"
FAILS = "fails"


def followed(tutorial: str) -> int:
    """Do what a tutorial says, in the present folder, and return how many commands that took.

    A block that names a file is written to it; a second one for the same file goes on below the first.
    """
    commands, written = 0, set()
    text = (TUTORIALS / tutorial).read_text(encoding="utf-8")
    for language, name, body in re.findall(r"^```(\w+)(?: (\S+))?\n(.*?)^```$", text, re.MULTILINE | re.DOTALL):
        if language == "console":
            for command, expected in re.findall(r"^\$ makegood (.*)\n((?:[^$\n].*\n)*)", body, re.MULTILINE):
                answer = makegood(*shlex.split(command))
                assert answer.code == (1 if name == FAILS else 0), answer.err
                assert not expected or answer.out == expected
                commands += 1
        elif name:
            with Path(name).open("a" if name in written else "w", encoding="utf-8") as file:
                file.write(body)
            written.add(name)
    return commands


class TestTutorials:
    @pytest.fixture(autouse=True)
    def _folder(self, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
        monkeypatch.chdir(tmp_path)

    @pytest.mark.parametrize(("tutorial", "commands"), [("web-host.md", 8), ("first-agreement.md", 9)])
    def test_can_be_followed_to_the_letter(self, tutorial: str, commands: int) -> None:
        assert followed(tutorial) == commands

    def test_are_all_followed_here(self) -> None:
        assert {path.name for path in TUTORIALS.glob("*.md")} == {"index.md", "web-host.md", "first-agreement.md"}

    @pytest.mark.parametrize(
        ("tutorial", "amount", "evidence"),
        [
            ("web-host.md", "100.00 EUR", [["our-monitor#3"], ["our-monitor#4"]]),
            ("first-agreement.md", "40.00 EUR", [["probe#2"], ["probe#3"]]),
        ],
    )
    def test_end_with_the_credit_that_they_name(self, tutorial: str, amount: str, evidence: list[list[str]]) -> None:
        followed(tutorial)
        answer = makegood("explain", "2026-03/reachable", "host.yaml", "--json")
        assert answer.json["amount"] == amount
        assert [miss["evidence"] for miss in answer.json["verdict"]["misses"]] == evidence

    def test_take_no_more_words_than_fifteen_minutes_have(self) -> None:
        text = (TUTORIALS / "web-host.md").read_text(encoding="utf-8")
        minutes = {"one": 1, "three": 3, "four": 4}
        named = re.findall(r"^## .*\((one|three|four) minutes?\)$", text, re.MULTILINE)
        assert sum(minutes[word] for word in named) == 15
        assert len(text.split()) < 15 * 100
