"""Findings of series MG76: spans that cannot be counted with, and flex hours that cannot be used."""

from __future__ import annotations

from makegood.engine.agreement.code import Code
from makegood.engine.vocabulary.finding import Severity

NO_TIME = Code(
    "MG760",
    Severity.ERROR,
    "step of no time",
    "Work is counted in steps, flex hours are used in blocks, and updates are due again and again: none of them can be"
    " no time at all.",
    "Write the length that is meant.",
    "hours: {support: {each_period: 1h, step: 0m}}\n",
)
CAP_BELOW_BLOCK = Code(
    "MG761",
    Severity.ERROR,
    "flex hours that can never be used",
    "No more is saved up than the cap, and that is less than one block.",
    "Write a higher cap, or a shorter block.",
    "hours: {flex: {each_period: 1h, block: 4h, cap: 3h}}\n",
)

HOURS_CODES = (NO_TIME, CAP_BELOW_BLOCK)
