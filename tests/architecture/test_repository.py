"""What is committed names no machine and no registry, and is called by names that can be found again."""

import re
import tomllib

import pytest

from tests.architecture.tree import HOUSE, ROOT, files

TEXTS = {
    "",
    ".cfg",
    ".css",
    ".csv",
    ".html",
    ".json",
    ".jsonl",
    ".lock",
    ".md",
    ".py",
    ".sh",
    ".svg",
    ".toml",
    ".typ",
    ".yaml",
    ".yml",
}
FRAGMENT = re.compile(r"[a-z0-9-]+\.(?:feature|fix|money|docs)\.md")
DECISION = re.compile(r"20\d\d-[01]\d-[0-3]\d-[a-z0-9-]+\.md")


class TestTheRepository:
    @pytest.mark.parametrize(
        ("_case", "pattern"),
        [
            ("a path of one machine", r"(?<![\w.:/])/(?:root|home|work|farm|Users)/\w"),
            ("the address of a registry", r"pypi[.]org|pythonhosted[.]org|npmjs[.]|deb[.]debian[.]org"),
        ],
    )
    def test_names_nothing_that_only_some_can_reach(self, _case: str, pattern: str) -> None:
        texts = [path for path in files() if path.suffix in TEXTS]
        assert [
            path.relative_to(ROOT).as_posix() for path in texts if re.search(pattern, path.read_text("utf-8"))
        ] == []

    def test_names_changelog_fragments_by_kind(self) -> None:
        names = [path.name for path in files(ROOT / "changelog.d")]
        assert [name for name in names if name != "README.md" and not FRAGMENT.fullmatch(name)] == []

    def test_names_decisions_by_date(self) -> None:
        names = [path.name for path in files(ROOT / "docs" / "decisions")]
        assert [name for name in names if name != "index.md" and not DECISION.fullmatch(name)] == []

    def test_asks_full_coverage_of_what_decides_or_keeps(self) -> None:
        coverage = tomllib.loads((ROOT / "pyproject.toml").read_text("utf-8"))["tool"]["coverage"]
        built = {f"makegood.{room}" for room in ("engine", "vault", "wire") if (HOUSE / room).exists()}
        assert set(coverage["run"]["source_pkgs"]) == built
        assert (coverage["run"]["branch"], coverage["report"]["fail_under"]) == (True, 100)

    def test_keeps_the_glossary_in_the_order_of_the_alphabet(self) -> None:
        glossary = (ROOT / "docs" / "reference" / "glossary.md").read_text("utf-8")
        words = [word.casefold().replace("-", " ") for word in re.findall(r"^\*\*(.+?)\.\*\*", glossary, re.MULTILINE)]
        assert words == sorted(set(words))
