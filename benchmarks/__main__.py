"""Run every benchmark: each module beside this one that has a function ``comparisons()``."""

import platform
from collections.abc import Iterator
from importlib import import_module
from pathlib import Path

from benchmarks.comparison import Comparison

HERE = Path(__file__).parent


def found() -> Iterator[Comparison]:
    for path in sorted(HERE.glob("*.py")):
        if not path.name.startswith("__"):
            comparisons = getattr(import_module(f"benchmarks.{path.stem}"), "comparisons", None)
            if comparisons:
                yield from comparisons()


def main() -> None:
    rows = []
    for comparison in found():
        rows.append(f"| {comparison.what} | {comparison.ratio():.2f} x | {comparison.against} |")
        print(rows[-1])
    if not rows:
        print("bench: no benchmark yet")
        return
    head = [
        "# Benchmarks",
        "",
        f"Python {platform.python_version()} on {platform.machine()}; `./run bench` writes this page.",
        "",
    ]
    table = ["| what | time | compared with |", "|---|---|---|", *rows]
    (HERE / "RESULTS.md").write_text("\n".join([*head, *table, ""]), encoding="utf-8")


if __name__ == "__main__":
    main()
