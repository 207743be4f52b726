"""Texts as they are printed."""

from __future__ import annotations

import re
from typing import Final

# Control characters have no place in print, and those that turn the direction of text could make it lie.
_UNSEEN: Final = re.compile(
    "[\\x00-\\x08\\x0b-\\x1f\\x7f-\\x9f\\u200e\\u200f\\u202a-\\u202e\\u2066-\\u2069\\ud800-\\udfff\\ufffe\\uffff]"
)
_UNIT: Final = re.compile(r"(?<=[0-9]) (?=%|[A-Z]{3}(?![A-Za-z]))|(?<=[≥≤<>]) (?=[0-9])")
_MINUS: Final = re.compile(r"(?:^|(?<= ))-(?=[0-9][0-9,]*\.[0-9])")


def typeset(value: object) -> object:
    """Return texts, wherever they are in the value, as they are printed.

    A number stays on one line with its unit and has a true minus; a character that cannot be seen gives way to a mark.
    """
    match value:
        case str():
            return _UNIT.sub("\u00a0", _MINUS.sub("\u2212", _UNSEEN.sub("\ufffd", value)))
        case dict():
            return {key: typeset(each) for key, each in value.items()}
        case list() | tuple():
            return [typeset(each) for each in value]
        case _:
            return value
