"""The simulation: what a promise may cost in a year, by the ordinary law on years drawn from the past."""

from __future__ import annotations

import hashlib
from collections import Counter
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from itertools import islice

from makegood.engine.agreement.terms import Agreement
from makegood.engine.judging.verdict import Judgement, Ruling
from makegood.engine.money.account import account_credits
from makegood.engine.money.credit import PeriodCredits
from makegood.engine.review.bootstrap import resampled, usual_block
from makegood.engine.review.distribution import Distribution
from makegood.engine.review.jeffreys import Chance, jeffreys
from makegood.engine.review.replay import redated, year_of
from makegood.engine.review.unrelated import settles_each_period_alone
from makegood.engine.vocabulary.amount import Amount
from makegood.engine.vocabulary.ratio import Ratio

YEARS = 1_000
FEW = 5  # fewer misses than this say little about how often there will be some
LIMITS = ("at-risk", "caps")  # the rules whose step stands in a credit that a limit has reduced

Drawn = tuple[int, ...]
Progress = Callable[[int, int], None]


@dataclass(frozen=True, slots=True)
class Draw:
    """How years are drawn: so many, in blocks of so many periods, from this seed."""

    years: int
    block: int
    seed: int

    @classmethod
    def of(cls, number: int, *, years: int = YEARS, block: int | None = None, seed: int = 1) -> Draw:
        """Return how years are drawn from so many observed periods.

        >>> Draw.of(36)
        Draw(years=1000, block=3, seed=1)
        """
        return cls(years, usual_block(number) if block is None else block, seed)


@dataclass(frozen=True, slots=True)
class Year:
    """What one year came to: the sum of all credits, that of each line, and in how many periods a limit was reached.

    ``rights`` are those that arose for the customer, as to terminate after chronic failure, each once.
    """

    total: Amount
    lines: dict[str, Amount]
    limited: int
    rights: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Risk:
    """The years that were drawn, in the order of drawing, from ``observed`` periods; each has ``periods`` periods."""

    draw: Draw
    observed: int
    periods: int
    fee: Amount
    years: tuple[Year, ...]

    @property
    def year(self) -> Distribution:
        """The credits of a year."""
        return Distribution.of([year.total for year in self.years])

    @property
    def lines(self) -> dict[str, Distribution]:
        """The credits of a year, line by line."""
        names = dict.fromkeys(name for year in self.years for name in year.lines)
        nothing = Amount.zero(self.fee.currency)
        return {name: Distribution.of([year.lines.get(name, nothing) for year in self.years]) for name in names}

    @property
    def limited(self) -> Ratio:
        """The share of the years in which a cap, or the amount at risk, reduced a credit at least once."""
        return Ratio(sum(year.limited > 0 for year in self.years), len(self.years))

    @property
    def limited_periods(self) -> Ratio:
        """The share of the periods in which it did."""
        return Ratio(sum(year.limited for year in self.years), len(self.years) * self.periods)

    @property
    def rights(self) -> dict[str, Ratio]:
        """The share of the years in which a right arose, for each right that did."""
        found = Counter(right for year in self.years for right in year.rights)
        return {right: Ratio(number, len(self.years)) for right, number in sorted(found.items())}

    @property
    def digest(self) -> str:
        """SHA-256 over the sums of all years in order: the same everywhere for the same evidence, terms and draw."""
        words = (f"{self.draw.seed}:{self.draw.block}", *(str(year.total.minor) for year in self.years))
        return hashlib.sha256("\n".join(words).encode("ascii")).hexdigest()


def simulate(
    agreement: Agreement, judgements: Sequence[Judgement], draw: Draw, progress: Progress | None = None
) -> Risk:
    """Return what an agreement comes to in years that are drawn from judged periods.

    Unit: amounts in the agreement's currency; a year has 12 months, 4 quarters, 52 weeks or 1 year.
    Rule: a year is drawn by the circular block bootstrap of whole periods, with all their verdicts together. Each drawn
        period takes the date of its place in the year, which begins with the first whole period of the term; then the
        ordinary credits run over the year, with everything in them that remembers. Each year begins without a past.
    """
    terms, targets = year_of(agreement)
    sequences = islice(
        resampled(number=len(judgements), length=len(targets), block=draw.block, seed=draw.seed), draw.years
    )
    settled = _Settled(terms, [[redated(each, target) for target in targets] for each in judgements])
    years = []
    for number, sequence in enumerate(sequences, 1):
        years.append(settled.year(sequence))
        if progress is not None:
            progress(number, draw.years)
    fee = Amount.total((each.fee for each in settled.credits((0,) * len(targets))), agreement.money.currency)
    return Risk(draw, len(judgements), len(targets), fee, tuple(years))


def chances(judgements: Sequence[Judgement]) -> dict[str, Chance]:
    """Return for each outcome how often it was missed of the periods in which it was decided.

    Unit: shares of periods, with a Jeffreys interval of 95 %.
    Rule: what is undecided says nothing about the chance of a miss; periods are taken as independent.
    """
    rulings: dict[str, list[Ruling]] = {}
    for judgement in judgements:
        for verdict in judgement.verdicts:
            rulings.setdefault(verdict.outcome, []).append(verdict.ruling)
    return {
        outcome: jeffreys(given.count(Ruling.MISSED), len(given) - given.count(Ruling.UNDECIDED))
        for outcome, given in rulings.items()
    }


class _Settled:
    """The credits of drawn years; where no period looks at another each is settled once for each of its dates."""

    def __init__(self, agreement: Agreement, dated: list[list[Judgement]]) -> None:
        self.agreement = agreement
        self.dated = dated
        self.alone = settles_each_period_alone(agreement)
        self.known: dict[tuple[int, int], tuple[PeriodCredits, ...]] = {}

    def credits(self, sequence: Drawn) -> tuple[PeriodCredits, ...]:
        """Return the credits of the observed periods in this sequence."""
        if not self.alone:
            return account_credits(self.agreement, [self.dated[each][place] for place, each in enumerate(sequence)])
        found: list[PeriodCredits] = []
        for place, each in enumerate(sequence):
            if (each, place) not in self.known:
                self.known[each, place] = account_credits(self.agreement, (self.dated[each][place],))
            found += self.known[each, place]
        return tuple(found)

    def year(self, sequence: Drawn) -> Year:
        """Return what a sequence comes to."""
        lines: dict[str, Amount] = {}
        rights: set[str] = set()
        limited = 0
        nothing = Amount.zero(self.agreement.money.currency)
        for credits in self.credits(sequence):
            for credit in credits.credits:
                lines[credit.outcome] = lines.get(credit.outcome, nothing) + credit.amount
            limited += is_limited(credits)
            rights |= {right.gives for right in credits.rights}
        return Year(Amount.total(lines.values(), nothing.currency), lines, limited, tuple(sorted(rights)))


def is_limited(credits: PeriodCredits) -> bool:
    """Tell whether a limit on several credits together, a cap or the amount at risk, reduced one of the period."""
    return any(step.rule in LIMITS for credit in credits.credits for step in credit.reason.children)
