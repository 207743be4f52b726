"""Outcomes to add to a text, each a common promise with harmless figures."""

from __future__ import annotations

import re
from typing import Final

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

KINDS: Final[dict[str, str | Promise]] = {
    "ratio": _("a share of things that went well, such as orders accepted"),
    "within": _("cases done in time, such as incidents resolved"),
    "availability": _("time in which a service was usable"),
}
_TEXTS: Final = {
    "ratio": """\
  {name}:
    promise: Every order is accepted.
    measure: {kind: ratio, of: orders, good: accepted}
    target: ">= 99.5%"
    low_volume: {below: 200, allowed_misses: 1}
""",
    "within": """\
  {name}:
    promise: Urgent trouble is over within four hours.
    measure: {kind: within, cases: incident, priority: P1, limit: 4h, clock: {from: opened, to: resolved, on: always}}
    target: ">= 95%"
    low_volume: {below: 20, allowed_misses: 1}
""",
    "availability": """\
  {name}:
    promise: The service is there, day and night.
    measure: {kind: availability, of: {service}, on: always}
    target: ">= 99.5%"
""",
}
_BLOCK: Final = re.compile(r"^outcomes:[ \t]*(?:#.*)?\n(?:(?:[ #].*)?\n)*", re.MULTILINE)
_SERVICE: Final = re.compile(r"^services:[ \t]*(?:#.*)?\n(?:[ \t]*(?:#.*)?\n)* +([a-z0-9-]+):", re.MULTILINE)


def with_outcome(text: str, kind: str) -> str:
    """Return a text with one more outcome at the end of its outcomes; without a place for it, unchanged."""
    block = _BLOCK.search(text)
    if block is None or kind not in _TEXTS:
        return text
    taken = set(re.findall(r"^  ([a-z0-9-]+):", block[0], re.MULTILINE))
    name = next(each for number in range(1, 1000) if (each := f"{kind}-{number}") not in taken)
    service = _SERVICE.search(text)
    added = _TEXTS[kind].replace("{name}", name).replace("{service}", service[1] if service else "service")
    kept = block[0].rstrip("\n")
    trailing = block[0][len(kept) :] or "\n"
    return text[: block.start()] + kept + "\n\n" + added + trailing[1:] + text[block.end() :]
