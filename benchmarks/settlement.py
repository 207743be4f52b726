"""Settling a million verdicts: tiers, a cap for each agreement and month, the largest remainder; every cent equal."""

from __future__ import annotations

import json
from collections.abc import Iterator
from dataclasses import dataclass
from decimal import ROUND_HALF_UP, Decimal
from functools import partial
from itertools import islice
from pathlib import Path
from typing import Any

import numpy as np

from benchmarks.race import Answer, Contestant, Race, Ratio, Size
from makegood.engine.agreement.measures.availability import Availability
from makegood.engine.agreement.shapes import TARGET, Level, Share, Unit
from makegood.engine.agreement.stakes import Stake, Tier
from makegood.engine.agreement.terms import Money
from makegood.engine.judging.verdict import Measurement
from makegood.engine.money.cap import capped
from makegood.engine.money.line import Line
from makegood.engine.money.stake import stake_credit
from makegood.engine.vocabulary.amount import Amount
from makegood.engine.vocabulary.ratio import Ratio as Exact
from makegood.engine.vocabulary.reason import Reason
from makegood.vault.measuring.settlement import VerdictColumns, settled
from makegood.vault.measuring.settlement_limits import Groups
from makegood.vault.measuring.settlement_terms import TermColumns, Terms

EURO = Money(currency="EUR")
TARGET_OF_ALL = TARGET.read(">= 99.9%")
STAKES = 200
# The law explains each cent, and is given this part of the work.
SAMPLE = 100
COLUMNS = ("sizes", "limits", "terms", "missed", "good", "total", "base")


@dataclass(frozen=True, slots=True)
class Scale:
    """A tier in parts per million: below which value it applies, and what it pays of the fee."""

    below: int
    credit: int


def races(size: Size) -> Iterator[Race]:
    verdicts = 1_000_000 if size is Size.FULL else 50_000
    yield Race(
        f"settle {verdicts:,} verdicts",
        partial(_write, verdicts),
        (
            Contestant("makegood, in bulk", _in_bulk, ready=_given_to_law),
            Contestant("Python Decimal", _with_decimals, ready=_given),
            Contestant(f"the law, 1 of {SAMPLE} periods", _by_law, ready=_given_to_law),
        ),
        (Ratio("Python Decimal", over="makegood, in bulk", at_least=10),),
    )


def _write(verdicts: int, folder: Path) -> None:
    """Write verdicts of agreements and months with 2 to 8 outcomes each; half are missed, half the caps reached."""
    random = np.random.default_rng(20250301)
    sizes = random.integers(2, 9, verdicts)
    sizes = sizes[: int(np.searchsorted(np.cumsum(sizes), verdicts)) + 1]
    sizes[-1] -= sizes.sum() - verdicts
    total = random.integers(1_000, 2_678_400, verdicts)
    columns = {
        "sizes": sizes,
        "limits": random.integers(10_000, 200_000, len(sizes)),
        "terms": random.integers(0, STAKES, verdicts),
        "missed": random.random(verdicts) < 0.5,
        "good": total - total * random.integers(0, 120, verdicts) // 1000,
        "total": total,
        "base": random.integers(1_000, 1_000_000, verdicts),
    }
    for name, column in columns.items():
        np.save(folder / f"{name}.npy", column)
    (folder / "stakes.json").write_text(json.dumps(_scales(random)), encoding="utf-8")


def _scales(random: np.random.Generator) -> list[list[tuple[int, int]]]:
    """Return the tiers of each stake, from mild to worst."""
    scales = []
    for number in range(STAKES):
        places = range(1 + number % 4)
        bounds = sorted((int(random.integers(880_000, 999_900)) for _ in places), reverse=True)
        credits = sorted(2_500 * int(random.integers(1, 200)) for _ in places)
        scales.append(list(zip(bounds, credits, strict=True)))
    return scales


def _stake(scale: list[Scale]) -> Stake:
    return Stake(
        tiers=tuple(
            Tier(below=Level(Exact(each.below, 10**6), Unit.SHARE), credit=Share(Exact(each.credit, 10**6)))
            for each in scale
        )
    )


def _given(folder: Path) -> dict[str, Any]:
    """Return the columns and the stakes that were written; reading them is not settling."""
    stakes = [[Scale(*each) for each in scale] for scale in json.loads((folder / "stakes.json").read_text("utf-8"))]
    return {name: np.load(folder / f"{name}.npy") for name in COLUMNS} | {"stakes": stakes}


def _given_to_law(folder: Path) -> dict[str, Any]:
    """Return the same, the stakes as an agreement has them."""
    given = _given(folder)
    return given | {"stakes": [_stake(scale) for scale in given["stakes"]]}


def _answer(cents: Any, sizes: Any) -> Answer:
    """Return all cents, and those of the periods that the law settles too."""
    return Answer({"cents": cents, "of the sample": cents[: sizes[: len(sizes) // SAMPLE].sum()]})


def _in_bulk(given: dict[str, Any]) -> Answer:
    verdicts = VerdictColumns(*(given[name] for name in ("terms", "missed", "good", "total", "base")))
    terms = TermColumns.of([Terms(stake, higher_is_better=True) for stake in given["stakes"]], EURO)
    return _answer(settled(verdicts, terms, given["limits"], Groups.of(given["sizes"])), given["sizes"])


def _with_decimals(given: dict[str, Any]) -> Answer:
    """Settle in the way of a careful script: cross multiplication, one rounding, the largest remainder."""
    scales = [[(each.below, Decimal(each.credit) / 10**6) for each in scale] for scale in given["stakes"]]
    one, nothing = Decimal(1), Decimal(0)
    rows = zip(*(given[name].tolist() for name in COLUMNS[2:]), strict=True)
    cents: list[int] = []
    for size, limit in zip(given["sizes"].tolist(), given["limits"].tolist(), strict=True):
        credits = []
        for terms, missed, good, total, base in islice(rows, size):
            share = nothing
            if missed:
                for below, credit in scales[terms]:
                    if good * 10**6 >= below * total:
                        break
                    share = credit
            credits.append((base * share).quantize(one, ROUND_HALF_UP) if share else nothing)
        cents.extend(map(int, _within(Decimal(limit), credits)))
    return _answer(np.array(cents), given["sizes"])


def _within(limit: Decimal, credits: list[Decimal]) -> list[Decimal]:
    whole = sum(credits, Decimal(0))
    if whole <= limit:
        return credits
    divided = [divmod(limit * credit, whole) for credit in credits]
    parts = [part for part, _ in divided]
    left = int(limit - sum(parts))
    for row in sorted(range(len(parts)), key=lambda row: -divided[row][1])[:left]:
        parts[row] += 1
    return parts


def _by_law(given: dict[str, Any]) -> Answer:
    """Settle the first periods by the functions of the law, with all their reasons."""
    number = len(given["sizes"]) // SAMPLE
    row, cents = 0, []
    for size, limit in zip(given["sizes"][:number].tolist(), given["limits"].tolist(), strict=False):
        lines = []
        for name in range(size):
            terms, missed, good, total, base = (given[each][row + name].item() for each in COLUMNS[2:])
            amount = _owed(given["stakes"][terms], Exact(good, total), base) if missed else Amount(0, "EUR")
            lines.append(Line(f"outcome-{name}", amount, amount, ()))
        remedied = capped(tuple(lines), Amount(limit, "EUR"), name="the period cap", rule="caps")
        cents += [line.amount.minor for line in remedied.lines]
        row += size
    return Answer({"of the sample": np.array(cents)})


def _owed(stake: Stake, value: Exact, base: int) -> Amount:
    measured = Measurement(value, Unit.SHARE, good=value.numerator, total=value.denominator, reason=Reason("measured"))
    fee = Amount(base, "EUR").value
    return stake_credit(stake, Availability(of="shop"), TARGET_OF_ALL, measured, base=fee, days=31, money=EURO).amount
