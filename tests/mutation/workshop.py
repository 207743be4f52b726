"""The copy in which the law is changed: what mutmut is told, and what it found."""

from __future__ import annotations

import json
import shutil
import subprocess
import sys
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
ENGINE = ROOT / "src" / "makegood" / "engine"
ROOMS = ("judging", "money")
# Every trial runs the same examples, and few: a mutant that only a thousand find would come and go.
PROFILE = """

from hypothesis import HealthCheck

settings.register_profile(
    "mutation", derandomize=True, database=None, deadline=None, max_examples=25, suppress_health_check=list(HealthCheck)
)
settings.load_profile("mutation")
"""
# How mutmut calls the ways in which a trial can end; a mutant on which a test never ends was noticed as well.
ENDS: dict[str, set[int | None]] = {
    "killed": {1, 3},
    "survived": {0},
    "untested": {5, 33},
    "timed out": {24, 36, 152, 255, -24},
    "not tried": {None},
}
NOTICED = ("killed", "timed out")


@dataclass(frozen=True)
class Trial:
    """One change of the law by mutmut's name for it, the file that it is in, and how it ended."""

    name: str
    file: Path
    end: str

    @property
    def noticed(self) -> bool:
        return self.end in NOTICED


@dataclass(frozen=True)
class Workshop:
    """A copy of the repository in ``folder`` in which ``files`` of the law are changed."""

    folder: Path
    files: Sequence[Path]

    @property
    def rounds(self) -> list[list[str]]:
        """The tests to ask: those of the rooms that are changed, which are fast, and then all that could notice."""
        own, law = ({f"tests/engine/{room}" for room in rooms} for rooms in (self._rooms, ROOMS))
        return [sorted(own), [*sorted(own | law), "tests/stories", "tests/properties", *self._names]]

    def trials(self) -> Iterator[Trial]:
        """Read every change, by file and name, with how it ended."""
        for file in self._names:
            meta = self._meta(file)
            known = json.loads(meta.read_text("utf-8"))["exit_code_by_key"] if meta.exists() else {}
            for name, code in sorted(known.items()):
                yield Trial(name, Path(file), _end(code))

    def copy(self) -> None:
        """Copy what is under version control or about to be; law that is the same already keeps its results."""
        for tests in ("tests", "mutants/tests"):
            shutil.rmtree(self.folder / tests, ignore_errors=True)
        listed = subprocess.run(
            ["git", "ls-files", "-co", "--exclude-standard", "-z"], cwd=ROOT, check=True, capture_output=True, text=True
        )
        for name in filter(None, listed.stdout.split("\0")):
            if (ROOT / name).is_file():
                _write(self.folder / name, (ROOT / name).read_bytes())
        with (self.folder / "tests" / "conftest.py").open("a", encoding="utf-8") as file:
            file.write(PROFILE)

    def ask(self, tests: Sequence[str], *, children: int) -> None:
        """Ask these tests about every change that none has noticed yet."""
        self._configure(tests)
        # Without its statistics mutmut takes the results for its own, though others were asked before.
        (self.folder / "mutants" / "mutmut-stats.json").unlink(missing_ok=True)
        for file in self._names:
            _reopen(self._meta(file))
        done = subprocess.run(
            [sys.executable, "-m", "mutmut", "run", "--max-children", str(children)],
            cwd=self.folder,
            capture_output=True,
            text=True,
            check=False,
        )
        if done.returncode:
            sys.stderr.write(done.stdout[-4000:] + done.stderr[-4000:])
            sys.exit(done.returncode)

    @property
    def _rooms(self) -> set[str]:
        return {file.relative_to(ENGINE).parts[0] for file in self.files}

    @property
    def _names(self) -> list[str]:
        return [file.relative_to(ROOT).as_posix() for file in self.files]

    def _meta(self, name: str) -> Path:
        return self.folder / "mutants" / f"{name}.meta"

    def _configure(self, tests: Sequence[str]) -> None:
        """Tell mutmut which files to change, and which tests could notice."""
        options = {
            "source_paths": ["src"],
            "only_mutate": self._names,
            "also_copy": ["tests", "examples", "docs", "benchmarks"],
            "pytest_add_cli_args_test_selection": list(tests),
            "pytest_add_cli_args": ["-p", "no:cacheprovider"],
            "use_git_change_detection": False,
        }
        lines = [f"{key} = {json.dumps(value)}" for key, value in options.items()]
        told = (ROOT / "pyproject.toml").read_text("utf-8") + "\n[tool.mutmut]\n" + "\n".join(lines) + "\n"
        (self.folder / "pyproject.toml").write_text(told, "utf-8")


def _write(target: Path, content: bytes) -> None:
    if not target.is_file() or target.read_bytes() != content:
        target.parent.mkdir(parents=True, exist_ok=True)
        target.write_bytes(content)


def _reopen(meta: Path) -> None:
    """Forget how the changes went that were not noticed, so that mutmut tries them again."""
    if meta.exists():
        kept = json.loads(meta.read_text("utf-8"))
        codes = kept["exit_code_by_key"]
        kept["exit_code_by_key"] = {name: code if _end(code) in NOTICED else None for name, code in codes.items()}
        meta.write_text(json.dumps(kept, indent=4), "utf-8")


def _end(code: int | None) -> str:
    return next((end for end, codes in ENDS.items() if code in codes), f"ended with {code}")
