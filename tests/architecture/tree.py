"""The repository as the architecture tests see it: folders, files and syntax trees."""

import ast
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cache
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
HOUSE = ROOT / "src" / "makegood"
ENGINE = HOUSE / "engine"

MADE_BY_TOOLS = {"__pycache__", "build", "demo", "dist", "node_modules"}
KEPT = {".ci"}


@dataclass(frozen=True, slots=True)
class Source:
    """One Python file, parsed once."""

    path: Path
    text: str
    tree: ast.Module

    @property
    def name(self) -> str:
        return self.path.relative_to(ROOT).as_posix()

    def place(self, node: ast.expr | ast.stmt) -> str:
        return f"{self.name}:{node.lineno}"

    def calls(self) -> Iterator[ast.Call]:
        return (node for node in ast.walk(self.tree) if isinstance(node, ast.Call))

    def functions(self) -> Iterator[ast.FunctionDef | ast.AsyncFunctionDef]:
        return (node for node in ast.walk(self.tree) if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef))

    def imported(self) -> Iterator[tuple[ast.stmt, str]]:
        """Yield each import statement with the whole name of what it imports from."""
        for node in ast.walk(self.tree):
            if isinstance(node, ast.Import):
                yield from ((node, alias.name) for alias in node.names)
            elif isinstance(node, ast.ImportFrom):
                yield from ((node, f"{node.module}.{alias.name}") for alias in node.names)


@cache
def sources(folder: Path) -> tuple[Source, ...]:
    """Return the Python files in and below a folder; none if the folder is not built yet."""
    return tuple(
        Source(path, text := path.read_text("utf-8"), ast.parse(text)) for path in files(folder) if path.suffix == ".py"
    )


@cache
def files(folder: Path = ROOT) -> tuple[Path, ...]:
    """Return the files in and below a folder, without those that tools made."""
    return tuple(sorted(_walk(folder))) if folder.exists() else ()


def _walk(folder: Path) -> Iterator[Path]:
    for path in folder.iterdir():
        if path.is_file():
            if not path.name.startswith(".coverage"):
                yield path
        elif path.name in KEPT or not (path.name in MADE_BY_TOOLS or path.name.startswith(".")):
            yield from _walk(path)


def written_name(node: ast.expr) -> str:
    """Return a dotted name as it is written: ``datetime.now`` for ``datetime.now(UTC)``'s function."""
    if isinstance(node, ast.Attribute):
        return f"{written_name(node.value)}.{node.attr}"
    return node.id if isinstance(node, ast.Name) else ""
