"""``makegood new``: a template becomes an agreement of one's own."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from makegood.engine.agreement.document import read
from tests.cli.door import makegood

TEMPLATES = sorted((Path(__file__).resolve().parents[2] / "examples" / "templates").glob("*.yaml"))


class TestNew:
    @pytest.fixture(autouse=True)
    def _folder(self, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
        monkeypatch.chdir(tmp_path)

    def test_names_the_templates_with_what_they_are(self) -> None:
        answer = makegood("new", "--list")
        assert (answer.code, answer.err) == (0, "")
        assert re.search(r"managed-backup +Managed backup and recovery: five work-streams, five figures", answer.out)
        named = makegood("new", "--list", "--json").json["templates"]
        assert [each["name"] for each in named] == [path.stem for path in TEMPLATES]

    @pytest.mark.parametrize("path", TEMPLATES, ids=lambda path: path.stem)
    def test_fills_every_template_and_keeps_its_comments(self, path: Path) -> None:
        words = ["--customer", "acme", "--provider", "us", "--provider-name", "Us & Co", "--from", "2027-04-01"]
        answer = makegood("new", path.stem, *words, "--set", "agreement=acme-2027", "--to", "mine.yaml")
        assert (answer.code, answer.err) == (0, "")
        assert answer.out == "mine.yaml is written. Read it through, then: makegood check mine.yaml\n"
        text = Path("mine.yaml").read_text("utf-8")
        terms = read(text).agreement
        assert terms is not None
        assert (terms.agreement, terms.term.from_.isoformat()) == ("acme-2027", "2027-04-01")
        assert (terms.parties.customer.id, terms.parties.customer.name) == ("acme", "acme")
        assert (terms.parties.provider.id, terms.parties.provider.name) == ("us", "Us & Co")
        assert text.count("#") == path.read_text("utf-8").count("#")

    def test_writes_the_template_as_it_is_if_nothing_is_named(self) -> None:
        assert makegood("new", "slack", "--json").json["file"] == "slack.yaml"
        template = next(path for path in TEMPLATES if path.stem == "slack")
        assert Path("slack.yaml").read_text("utf-8") == template.read_text("utf-8")

    @pytest.mark.parametrize(
        ("words", "code", "sentence", "remedy"),
        [
            ([], 2, "no template was named", "`makegood new --list` names them."),
            (["slak"], 2, "there is no template slak", "`makegood new --list` names them."),
            (["slack", "--set", "months"], 2, "'months' sets nothing", "Write --set term.months=24."),
            (
                ["slack", "--set", "term.months=12x"],
                1,
                "with these values the agreement has errors",
                "Correct them.",
            ),
            (
                ["slack", "--set", "fee.monthly=5"],
                2,
                "the template has no value fee.monthly",
                "It has, for example, services.workspace.fee.monthly.",
            ),
            (
                ["slack", "--to", "no/slack.yaml"],
                2,
                "there is no folder no",
                "Make it, or name another file with --to.",
            ),
        ],
    )
    def test_refuses_and_writes_nothing(self, words: list[str], code: int, sentence: str, remedy: str) -> None:
        answer = makegood("new", *words)
        assert (answer.code, answer.err) == (code, f"makegood: {sentence}.\n{remedy}\n")
        assert list(Path().iterdir()) == []

    def test_never_writes_over_a_file(self) -> None:
        Path("slack.yaml").write_text("mine", encoding="utf-8")
        answer = makegood("new", "slack")
        assert (answer.code, answer.err) == (
            3,
            "makegood: slack.yaml is there already.\nName another file with --to.\n",
        )
        assert Path("slack.yaml").read_text("utf-8") == "mine"

    def test_shows_some_values_if_none_is_called_alike(self) -> None:
        answer = makegood("new", "slack", "--set", "titel=x")
        assert "It has, for example, makegood, agreement, title, kind, parties.provider.id" in answer.err
