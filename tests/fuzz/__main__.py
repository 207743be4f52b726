"""A long run: ``python -m tests.fuzz [--seconds N] [--seed N] [--bytes]``.

Without ``--bytes`` documents are damaged in their structure. With it, libFuzzer (atheris) tears their bytes, led by which
lines of the language they reach. Whatever breaks is printed with the document that did it, and the run ends with 1.
"""

from __future__ import annotations

import argparse
import sys
import tempfile
import time
import traceback
from collections import Counter
from collections.abc import Callable
from pathlib import Path
from random import Random


def main() -> int:
    parser = argparse.ArgumentParser(prog="python -m tests.fuzz", description=__doc__)
    parser.add_argument("--seconds", type=int, default=60)
    parser.add_argument("--seed", type=int, default=0)
    parser.add_argument("--bytes", action="store_true", help="tear bytes with libFuzzer")
    asked = parser.parse_args()
    return _torn_bytes(asked.seconds, asked.seed) if asked.bytes else _damaged(asked.seconds, asked.seed)


def _damaged(seconds: int, seed: int) -> int:
    from tests.fuzz.damage import MAPPINGS, SEEDS, damaged
    from tests.fuzz.trial import endure, endure_mapping

    random = Random(seed)  # noqa: S311  # a failure has to come again
    end = time.monotonic() + seconds
    seen: Counter[str] = Counter()
    broken: dict[str, str] = {}
    while time.monotonic() < end:
        mapping = random.random() < 0.1
        text = damaged(
            random.choice(MAPPINGS if mapping else SEEDS), random.choice((1, 1, 2, 2, 3, 6)), random.randrange
        )
        try:
            if mapping:
                endure_mapping(text)
                seen["mappings"] += 1
            else:
                seen["agreements" if endure(text).agreement is not None else "documents with errors"] += 1
        except Exception:  # noqa: BLE001  # whatever breaks is what is looked for
            told = traceback.format_exc()
            broken.setdefault(_where(told), f"{told}\n{text}\n")
            seen["broken"] += 1
    for where, told in broken.items():
        sys.stdout.write(f"--- {where}\n{told}\n")
    sys.stdout.write(", ".join(f"{number:,} {what}" for what, number in sorted(seen.items())) + "\n")
    return 1 if broken else 0


def _where(told: str) -> str:
    """Return the last line of ours in a traceback, by which broken things are told apart."""
    lines = [line.strip() for line in told.splitlines() if line.strip().startswith("File ")]
    return lines[-1] if lines else told


def _torn_bytes(seconds: int, seed: int) -> int:
    import atheris

    with atheris.instrument_imports(include=["makegood.engine"]):
        from tests.fuzz.damage import SEEDS
        from tests.fuzz.trial import endure
    with tempfile.TemporaryDirectory() as corpus:
        for number, text in enumerate(SEEDS):
            Path(corpus, f"{number}.yaml").write_text(text, encoding="utf-8")
        options = [f"-max_total_time={seconds}", f"-seed={seed + 1}", "-max_len=6000", "-print_final_stats=1"]
        atheris.Setup([sys.argv[0], *options, corpus], _only(endure))
        atheris.Fuzz()
    return 0


def _only(trial: Callable[[bytes], object]) -> Callable[[bytes], None]:
    def run(content: bytes) -> None:
        trial(content)

    return run


if __name__ == "__main__":
    sys.exit(main())
