"""Mutation testing: ``./run mutate [PATH…]`` changes the law line by line and asks whether a test notices.

Each path is a file or a room below ``src/makegood/engine``; without one, judging and money. The work is done in a copy in a
temporary folder, so nothing here is touched. What survived is printed as a difference; the last line is the score.
"""

from __future__ import annotations

import argparse
import json
import subprocess
import sys
import tempfile
from collections import Counter
from collections.abc import Iterator, Sequence
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
KILLED, SURVIVED, UNTESTED, TIMED_OUT = {1, 3}, {0}, {5, 33}, {24, 36, 152, 255, -24}


def main() -> int:
    parser = argparse.ArgumentParser(prog="./run mutate", description=__doc__)
    parser.add_argument("paths", nargs="*", type=Path)
    parser.add_argument("--children", type=int, default=1, help="how many trials at once")
    parser.add_argument("--tests", nargs="+", default=[], help="which tests to ask; without it all that could notice")
    asked = parser.parse_args()
    files = sorted(set(_files(asked.paths or [ENGINE / room for room in ROOMS])))
    with tempfile.TemporaryDirectory(prefix="makegood-mutate-") as folder:
        copy = Path(folder)
        _copied(copy)
        _configured(copy, files, asked.tests)
        _mutmut(copy, "run", "--max-children", str(asked.children))
        return _told(copy, files)


def _files(paths: Sequence[Path]) -> Iterator[Path]:
    for path in paths:
        whole = path.resolve() if path.exists() else ENGINE / path
        yield from whole.rglob("*.py") if whole.is_dir() else [whole]


def _copied(folder: Path) -> None:
    """Copy what is under version control or about to be."""
    listed = subprocess.run(
        ["git", "ls-files", "-co", "--exclude-standard", "-z"], cwd=ROOT, check=True, capture_output=True, text=True
    )
    for name in filter(None, listed.stdout.split("\0")):
        if (ROOT / name).is_file():
            target = folder / name
            target.parent.mkdir(parents=True, exist_ok=True)
            target.write_bytes((ROOT / name).read_bytes())


def _configured(folder: Path, files: Sequence[Path], chosen: Sequence[str]) -> None:
    """Tell mutmut which files to change, and which tests could notice."""
    names = [file.relative_to(ROOT).as_posix() for file in files]
    rooms = {file.relative_to(ENGINE).parts[0] for file in files}
    tests = chosen or [*sorted(f"tests/engine/{room}" for room in rooms), "tests/stories", "tests/properties", *names]
    options = {
        "source_paths": ["src"],
        "only_mutate": names,
        "also_copy": ["tests", "examples", "docs", "benchmarks"],
        "pytest_add_cli_args_test_selection": list(tests),
        "pytest_add_cli_args": ["-p", "no:cacheprovider"],
        "use_git_change_detection": False,
    }
    lines = [f"{key} = {json.dumps(value)}" for key, value in options.items()]
    with (folder / "pyproject.toml").open("a", encoding="utf-8") as file:
        file.write("\n[tool.mutmut]\n" + "\n".join(lines) + "\n")
    with (folder / "tests" / "conftest.py").open("a", encoding="utf-8") as file:
        file.write(PROFILE)


def _mutmut(folder: Path, *words: str) -> str:
    done = subprocess.run(
        [sys.executable, "-m", "mutmut", *words], cwd=folder, capture_output=True, text=True, check=False
    )
    if done.returncode:
        sys.stderr.write(done.stdout[-4000:] + done.stderr[-4000:])
        sys.exit(done.returncode)
    return done.stdout


def _told(folder: Path, files: Sequence[Path]) -> int:
    """Print every survivor and the score; 1 if there are survivors."""
    ends: Counter[str] = Counter()
    for file in files:
        meta = folder / "mutants" / file.relative_to(ROOT).with_name(f"{file.name}.meta")
        results = json.loads(meta.read_text("utf-8"))["exit_code_by_key"] if meta.exists() else {}
        for name, code in sorted(results.items()):
            end = _end(code)
            ends[end] += 1
            if end in ("survived", "untested"):
                sys.stdout.write(f"--- {end}\n{_mutmut(folder, 'show', name)}\n")
    trials = sum(ends.values())
    noticed = ends["killed"] + ends["timed out"]
    listed = ", ".join(f"{number:,} {end}" for end, number in sorted(ends.items()))
    share = f"{100 * noticed / trials:.1f} %" if trials else "nothing to change"
    sys.stdout.write(f"{len(files)} files, {trials:,} mutants: {listed}. Score: {share}\n")
    return 1 if ends["survived"] or ends["untested"] else 0


def _end(code: int | None) -> str:
    for end, codes in (("killed", KILLED), ("survived", SURVIVED), ("untested", UNTESTED), ("timed out", TIMED_OUT)):
        if code in codes:
            return end
    return "not tried" if code is None else f"ended with {code}"


if __name__ == "__main__":
    sys.exit(main())
