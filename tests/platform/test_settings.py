"""Every setting is documented where people look for it, with its default."""

from __future__ import annotations

import ast
import os
import re
import subprocess
import sys
from pathlib import Path

from tests.architecture.tree import ROOT

SETTINGS = ROOT / "src" / "makegood" / "platform" / "settings.py"
PAGE = ROOT / "docs" / "reference" / "settings.md"
SAID_IN_WORDS = {"MAKEGOOD_SECRET_KEY", "MAKEGOOD_SENDER", "MAKEGOOD_MOST_BYTES_UPLOADED"}


def read_by(file: Path) -> dict[str, str]:
    """Return the names that a file reads from the environment, with their defaults."""
    calls = [each for each in ast.walk(ast.parse(file.read_text("utf-8"))) if isinstance(each, ast.Call)]
    found = {}
    for call in calls:
        if isinstance(call.func, ast.Attribute) and ast.unparse(call.func.value) == "env":
            name, default = call.args
            assert isinstance(name, ast.Constant)
            value = default.value if isinstance(default, ast.Constant) else ast.unparse(default)
            found[str(name.value)] = str(value)
    return found


def documented() -> dict[str, str]:
    rows = re.findall(r"^\| `([A-Z_]+)` \| (.+?) \| .+ \|$", PAGE.read_text("utf-8"), re.MULTILINE)
    return {name: default.strip("`") for name, default in rows}


class TestSettings:
    def test_are_all_on_the_page_and_no_others(self) -> None:
        assert sorted(documented()) == sorted(read_by(SETTINGS))

    def test_have_the_default_that_the_page_says(self) -> None:
        wanted = {name: default for name, default in read_by(SETTINGS).items() if name not in SAID_IN_WORDS}
        shown = {name: "" if default == "–" else default for name, default in documented().items()}
        empty = {"[]": "", "": ""}
        plain = {name: empty.get(default, default) for name, default in wanted.items()}
        assert {name: empty.get(shown[name], shown[name]) for name in wanted} == plain

    def test_are_all_in_the_example_that_exist(self) -> None:
        example = (ROOT / "deploy" / "settings.example").read_text("utf-8")
        assert set(re.findall(r"^([A-Z_]+)=", example, re.MULTILINE)) <= set(documented())

    def test_put_mails_into_the_folder_that_was_said(self) -> None:
        said = os.environ | {"MAKEGOOD_MAIL": "file:/somewhere/mails", "MAKEGOOD_SECRET_KEY": "x"}
        asked = "import makegood.platform.settings as kept; print(kept.EMAIL_FILE_PATH)"
        done = subprocess.run(
            [sys.executable, "-c", asked], env=said, capture_output=True, text=True, timeout=60, check=True
        )
        assert done.stdout.strip() == "/somewhere/mails"
