"""Hints: what a word that is not known was probably meant to be."""

from __future__ import annotations

from collections.abc import Sequence
from difflib import get_close_matches

LONGEST_WORD = 60
MOST_WORDS = 40


def use_one_of(word: str, known: Sequence[str]) -> str:
    """Return the known word that looks like this one, or all that are known; nothing if they are too many to read.

    >>> use_one_of("custmer", ["provider", "customer"]), use_one_of("x", ["provider", "customer"])
    ('did you mean customer?', 'use one of provider, customer')
    """
    if len(word) > LONGEST_WORD or not 0 < len(known) <= MOST_WORDS:
        return ""
    close = get_close_matches(word, known, n=1)
    return f"did you mean {close[0]}?" if close else f"use one of {', '.join(known)}"
