"""Amendments as terms: which text a version replaces, from when on; and what is final against whom."""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import date
from enum import StrEnum

from makegood.engine.agreement import form_codes as codes
from makegood.engine.agreement.grammar import clause
from makegood.engine.agreement.shapes import DATE, FLAG, SPAN, TEXT, Scalar, Unreadable, choice, pattern, whole
from makegood.engine.vocabulary.duration import Days, Duration

LATEST_VERSION = 9999

_DIGEST = "[0-9a-f]{16,64}"


def _digest(text: str) -> str:
    if not re.fullmatch(_DIGEST, text):
        raise Unreadable(
            codes.WRONG_VALUE,
            f"{text!r} is not a digest",
            "write the first 16 digits or more of what makegood check --json says of the earlier text",
        )
    return text


DIGEST = Scalar("SHA-256 of a text, at least its first 16 digits", _digest, pattern(_DIGEST))


class FinalFor(StrEnum):
    """Against whom a credit is final once its time has passed."""

    CUSTOMER = "customer"
    BOTH = "both"
    NOBODY = "nobody"


@dataclass(frozen=True, slots=True, kw_only=True)
class Amendment:
    """What this text amends: a later version is a complete text, in force from a day on."""

    version: int = clause(whole(2, LATEST_VERSION), "The number of this version; the first text is 1.")
    effective: date = clause(DATE, "The first day on which it is in force.")
    amends: str = clause(DIGEST, "The digest of the text that it replaces from then on.")
    reason: str = clause(TEXT, "Why it was agreed.", default="")
    retroactive: bool = clause(
        FLAG,
        "Whether it also governs periods that were closed before it was agreed; the differences are then booked.",
        default=False,
    )


@dataclass(frozen=True, slots=True, kw_only=True)
class Final:
    """When a booked credit can no longer be changed, and in whose favour."""

    for_: FinalFor = clause(
        choice(FinalFor),
        "`customer`: nothing is taken back from the customer any more, and more may still be given; `both`: nothing"
        " changes in either direction; `nobody`: corrections go on for ever.",
        key="for",
        default=FinalFor.CUSTOMER,
    )
    after: Duration | Days | None = clause(
        SPAN,
        "How long after the period's statement was booked; without it as long as verdicts can be disputed.",
        default=None,
    )
