"""Growth: documents of any length, one kind for each way in which a document can be long."""

from __future__ import annotations

import sys
from collections.abc import Callable, Mapping

from makegood.engine.agreement.catalogue import GOOD, completed
from makegood.engine.agreement.document import read

_OUTCOME = GOOD[GOOD.index("  open:") :]


def work(content: str | bytes) -> int:
    """Return how many calls reading a document takes, our own functions' and Python's; no clock is asked."""
    calls = 0

    def counted(_frame: object, event: str, _argument: object) -> None:
        nonlocal calls
        calls += event in ("call", "c_call")

    sys.setprofile(counted)
    try:
        read(content)
    finally:
        sys.setprofile(None)
    return calls


def _days(number: int) -> str:
    return ", ".join(f"20{10 + day // 336}-{1 + day // 28 % 12:02}-{1 + day % 28:02}" for day in range(number))


LONG: Mapping[str, Callable[[int], str]] = {
    "outcomes": lambda n: GOOD + "".join(_OUTCOME.replace("  open:", f"  o{each}:") for each in range(n)),
    "services": lambda n: completed(
        "services:\n  shop: {title: S, fee: {monthly: 1.00}, critical: true}\n"
        + "".join(f"  s{each}: {{title: S}}\n" for each in range(n))
    ),
    "components": lambda n: completed(
        "services:\n  shop:\n    title: S\n    fee: {monthly: 1.00}\n    made_of: {all_of: ["
        + ", ".join(f"c{each}" for each in range(n))
        + "]}\n"
    ),
    "days": lambda n: completed("calendars: {o: {days: {mon: '08:00-18:00'}, extra_closed: [" + _days(n) + "]}}\n"),
    "affiliates": lambda n: completed(
        "parties:\n  provider: a\n  customer: b\n  relies_on:\n"
        + "".join(f"    - {{affiliate: x{each}}}\n" for each in range(n))
    ),
    "caps": lambda n: completed("caps:\n" + "".join("  - {per: period, at: 50% of monthly_fee}\n" for _ in range(n))),
    "tiers": lambda n: GOOD.replace(
        "{below: 99%, credit: 50%}", ", ".join(f"{{below: {99 - each / 1000:.3f}%, credit: 50%}}" for each in range(n))
    ),
    "unknown keys": lambda n: completed("".join(f"key-{each}: 1\n" for each in range(n))),
    "keys that stand twice": lambda n: completed("title: One\n" * n),
    "wrong values": lambda n: completed("caps: [" + "{per: x, at: y}, " * n + "]\n"),
    "aliases": lambda n: completed("x: &a [1]\ny: [" + "*a, " * n + "]\n"),
    "anchors": lambda n: completed("y: [" + "&a 1, " * n + "]\n"),
    "merges": lambda n: completed("".join(f"k{each}: {{<<: *a}}\n" for each in range(n))),
    "tags": lambda n: completed("y: [" + "!!str 1, " * n + "]\n"),
    "comments": lambda n: "# so\n" * n + GOOD,
    "empty lines": lambda n: "\n" * n + GOOD,
    "text": lambda n: completed("title: " + "so " * n * 20 + "\n"),
    "quoted text": lambda n: completed('title: "' + "so\\n " * n * 20 + '"\n'),
    "folded text": lambda n: completed("title: >\n" + "  so\n" * n * 20),
    "digits": lambda n: completed("term: {months: " + "1" * n + "}\n"),
    "brackets": lambda n: "[" * n * 60 + "]" * n * 60,
    "indents": lambda n: "".join(" " * each + "a:\n" for each in range(n // 5)),
    "documents": lambda n: "---\n" * n,
    "questions": lambda n: "? " * n * 2,
    "dashes": lambda n: "- " * n * 2,
    "nothing but bytes": lambda n: "\x00" * n,
}
