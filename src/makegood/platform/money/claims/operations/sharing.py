"""Sharing: what an affiliate's own agreement credits is claimed once, however many customers it concerns."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Want:
    """What is to be claimed for one credit, at most, and the own credits of the affiliate that it can be taken from."""

    amount: int
    own: Mapping[str, int]


def shared(wants: Sequence[Want], taken: Mapping[str, int]) -> list[dict[str, int]]:
    """Return what each of some wants draws from the own credits of an affiliate, in the order given.

    Unit: minor units of one currency, by own credit.
    Rule: each draws what is left by ``taken`` and by those before it, never more than it wants and never more than an
        own credit is by the evidence of the same customer; of several own credits the first is drawn from first.
    Source: docs/decisions/2026-11-23-an-own-credit-is-claimed-once.md

    >>> shared([Want(300, {"2026-01/open": 400}), Want(300, {"2026-01/open": 400})], {})
    [{'2026-01/open': 300}, {'2026-01/open': 100}]
    """
    gone = dict(taken)
    found = []
    for want in wants:
        left, drawn = want.amount, {}
        for name in sorted(want.own):
            part = min(left, want.own[name] - gone.get(name, 0))
            if part > 0:
                drawn[name] = part
                gone[name] = gone.get(name, 0) + part
                left -= part
        found.append(drawn)
    return found


def beyond_statements(*, accepted: int, own: int) -> int:
    """Return what accepted claims on an own credit come to beyond what the affiliate's own statements credit.

    Unit: minor units.
    Rule: what is due is the larger of the two, never their sum; statements that take something back credit nothing.
    Source: docs/decisions/2026-11-23-an-own-credit-is-claimed-once.md

    >>> beyond_statements(accepted=400, own=300), beyond_statements(accepted=400, own=2_000)
    (100, 0)
    """
    return max(accepted - max(own, 0), 0)
