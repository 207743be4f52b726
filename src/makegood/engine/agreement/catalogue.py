"""The catalogue of findings: every code, and for each a document that shows it."""

from __future__ import annotations

import re

from makegood.engine.agreement.amendment_codes import AMENDMENT_CODES
from makegood.engine.agreement.case_codes import CASE_CODES
from makegood.engine.agreement.code import Code
from makegood.engine.agreement.desk_codes import DESK_CODES
from makegood.engine.agreement.form_codes import FORM_CODES
from makegood.engine.agreement.governance_codes import GOVERNANCE_CODES
from makegood.engine.agreement.hours_codes import HOURS_CODES
from makegood.engine.agreement.incentive_codes import INCENTIVE_CODES
from makegood.engine.agreement.measure_codes import MEASURE_CODES
from makegood.engine.agreement.money_codes import MONEY_CODES
from makegood.engine.agreement.reference_codes import REFERENCE_CODES
from makegood.engine.agreement.sequence_codes import SEQUENCE_CODES
from makegood.engine.agreement.stake_codes import STAKE_CODES
from makegood.engine.agreement.table_codes import TABLE_CODES
from makegood.engine.agreement.value_codes import VALUE_CODES
from makegood.engine.agreement.way_codes import WAY_CODES

CODES: tuple[Code, ...] = (
    *FORM_CODES,
    *REFERENCE_CODES,
    *MEASURE_CODES,
    *STAKE_CODES,
    *VALUE_CODES,
    *MONEY_CODES,
    *CASE_CODES,
    *SEQUENCE_CODES,
    *TABLE_CODES,
    *WAY_CODES,
    *INCENTIVE_CODES,
    *AMENDMENT_CODES,
    *GOVERNANCE_CODES,
    *DESK_CODES,
    *HOURS_CODES,
)

GOOD = """\
makegood: agreement/1
agreement: acme-web-shop
title: The web shop of Acme
parties: {provider: northwind, customer: acme}
term: {from: 2026-01-01, months: 12, timezone: Europe/Berlin}
money: {currency: EUR, at_risk: {percent: 10%, of: monthly_fee}}
services:
  shop: {title: The shop, fee: {monthly: 1000.00}, critical: true, made_of: {all_of: [front, till]}}
outcomes:
  open:
    promise: The shop is open day and night.
    measure: {kind: availability, of: shop, count: {ignore_shorter_than: 60s}}
    target: ">= 99.9%"
    stake: {weight: 100%, tiers: [{below: 99.9%, credit: 10%}, {below: 99%, credit: 50%}]}
"""

_TOP_LEVEL = re.compile(r"^([a-z_]+):.*\n(?:[ ].*\n)*", re.MULTILINE)


def example(code: Code) -> str:
    """Return a whole document that shows a finding."""
    return completed(code.bad)


def completed(piece: str) -> str:
    """Return a piece of a document with what a good agreement has besides; the piece comes first."""
    written = {block[1] for block in _TOP_LEVEL.finditer(piece)}
    return piece + "".join(block[0] for block in _TOP_LEVEL.finditer(GOOD) if block[1] not in written)
