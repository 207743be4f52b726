"""The Jeffreys interval: between what bounds a chance lies of which little was seen."""

from __future__ import annotations

from dataclasses import dataclass
from decimal import Context, Decimal
from math import factorial

from makegood.engine.vocabulary.ratio import Ratio

CONFIDENCE = Ratio(95, 100)
PLACES = 12  # so many decimals of a bound are right

# Arithmetic of its own, so that no setting of the program around it changes a digit.
_EXACT = Context(prec=50, Emin=-999_999_999, Emax=999_999_999)
_PI = Decimal("3.14159265358979323846264338327950288419716939937510582097494459230781640628620899")
_ENOUGH = Decimal(1).scaleb(-45)


@dataclass(frozen=True, slots=True)
class Chance:
    """How often something happened, and between what bounds the chance of it lies."""

    happened: int
    of: int
    low: Ratio
    high: Ratio

    @property
    def share(self) -> Ratio:
        """How often it happened, as a share; nothing is known of what was never tried."""
        return Ratio(self.happened, self.of) if self.of else Ratio(0)


def jeffreys(happened: int, of: int, confidence: Ratio = CONFIDENCE) -> Chance:
    """Return the chance of what happened so many times of so many.

    Unit: shares from 0 to 1, right to twelve decimals.
    Rule: the equal-tailed interval of Beta(happened + 1/2, of - happened + 1/2); what never happened may have no
        chance at all, so its lower bound is 0, and what always happened has the upper bound 1 (Brown, Cai and
        DasGupta 2001).

    >>> never = jeffreys(0, 12)
    >>> never.low.percent(2), never.high.percent(2)
    ('0.00 %', '18.53 %')
    """
    if not 0 <= happened <= of:
        raise ValueError(f"{happened} of {of} is no number of times")
    tail = (1 - confidence) / 2
    low = beta_quantile(tail, happened, of - happened) if happened else Ratio(0)
    high = beta_quantile(1 - tail, happened, of - happened) if happened < of else Ratio(1)
    return Chance(happened, of, low, high)


def beta_quantile(chance: Ratio, wins: int, losses: int) -> Ratio:
    """Return the value below which a Beta(wins + 1/2, losses + 1/2) lies with this chance.

    Unit: share from 0 to 1, to twelve decimals.
    Rule: found by halving on a grid of 10^-12, of two neighbours the upper one.

    >>> beta_quantile(Ratio(1, 2), 3, 3).decimal(11)
    '0.50000000000'
    """
    wanted = _EXACT.divide(Decimal(chance.numerator), Decimal(chance.denominator))
    low, high = 0, 10**PLACES
    while high - low > 1:
        middle = (low + high) // 2
        if beta_share(Ratio(middle, 10**PLACES), wins, losses) < wanted:
            low = middle
        else:
            high = middle
    return Ratio(high, 10**PLACES)


def beta_share(below: Ratio, wins: int, losses: int) -> Decimal:
    """Return the chance with which a Beta(wins + 1/2, losses + 1/2) lies below a value between 0 and 1.

    Unit: share from 0 to 1, right to forty decimals.
    Rule: the series of the incomplete beta function, on the side of the mean on which it converges fast.

    >>> f"{beta_share(Ratio(1, 2), 4, 4):.12f}"
    '0.500000000000'
    """
    if below * (wins + losses + 3) > wins + Ratio(3, 2):
        return _EXACT.subtract(Decimal(1), _lower(1 - below, losses, wins))
    return _lower(below, wins, losses)


def _lower(below: Ratio, wins: int, losses: int) -> Decimal:
    """Return x^a (1-x)^b / (a B(a, b)) × (1 + (a+b)/(a+1) x + (a+b)(a+b+1)/((a+1)(a+2)) x² + …)."""
    context = _EXACT
    x = context.divide(Decimal(below.numerator), Decimal(below.denominator))
    rest = context.subtract(Decimal(1), x)
    front = context.multiply(_half_power(x, wins), _half_power(rest, losses))
    front = context.divide(front, context.multiply(_beta(wins, losses), context.divide(Decimal(2 * wins + 1), 2)))
    sum_ = term = Decimal(1)
    step = 0
    while term > context.multiply(sum_, _ENOUGH):
        factor = context.divide(Decimal(2 * (wins + losses + 1 + step)), Decimal(2 * wins + 3 + 2 * step))
        term = context.multiply(term, context.multiply(factor, x))
        sum_ = context.add(sum_, term)
        step += 1
    return context.multiply(front, sum_)


def _half_power(x: Decimal, whole: int) -> Decimal:
    """Return x to the power of a whole number and a half."""
    return _EXACT.multiply(_EXACT.power(x, whole), _EXACT.sqrt(x))


def _beta(wins: int, losses: int) -> Decimal:
    """Return B(wins + 1/2, losses + 1/2), which is π times a fraction."""
    above = factorial(2 * wins) * factorial(2 * losses)
    below = 4 ** (wins + losses) * factorial(wins) * factorial(losses) * factorial(wins + losses)
    return _EXACT.multiply(_PI, _EXACT.divide(Decimal(above), Decimal(below)))
