"""Amounts as people read them."""

from __future__ import annotations

from decimal import Decimal
from functools import lru_cache

from babel.numbers import format_decimal
from django.utils import translation

from makegood.engine.vocabulary.currencies import EXPONENTS, exponent


def shown(minor: int, unit: str) -> str:
    """Show an amount exactly, in the language that is active: ``1,200.00 EUR``.

    Unit: minor units of a currency by its ISO 4217 exponent; of other units, such as minutes, whole ones.
    """
    return _shown(minor, unit, (translation.get_language() or "en").replace("-", "_"))


@lru_cache(maxsize=4096)
def _shown(minor: int, unit: str, locale: str) -> str:
    decimals = exponent(unit) if unit in EXPONENTS else 0
    pattern = "#,##0" + ("." + "0" * decimals if decimals else "")
    return f"{format_decimal(Decimal(minor).scaleb(-decimals), format=pattern, locale=locale)} {unit}"
