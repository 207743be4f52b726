"""The colours of reports: one table for page, charts and PDF, safe for people who see few of them.

No colour carries meaning alone: rulings are words, marks differ in shape, and every chart has its table. Text has a
contrast of at least 4.5 to 1 on both grounds, marks of at least 3 to 1 (a test computes them).
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final


@dataclass(frozen=True, slots=True)
class Token:
    """One colour by its role: on white paper, and on a dark screen."""

    name: str
    light: str
    dark: str


PAPER: Final = Token("paper", "#ffffff", "#12161c")
RAISED: Final = Token("raised", "#f5f7f9", "#1b212a")
INK: Final = Token("ink", "#1a2129", "#e8ecf1")
MUTED: Final = Token("muted", "#55606e", "#a5b0bd")
LINE: Final = Token("line", "#d8dde3", "#333c48")
ACCENT: Final = Token("accent", "#0b5c8a", "#6cb8e6")
MET: Final = Token("met", "#0b6b8b", "#5cc0e0")
MISSED: Final = Token("missed", "#b3401a", "#ff9d6b")
UNDECIDED: Final = Token("undecided", "#5f6670", "#b4bcc6")

# Outcomes in a stack; blue, ochre, green, purple, rose, grey differ in lightness too.
STACK: Final = (
    Token("stack-1", "#245f94", "#74b0e4"),
    Token("stack-2", "#c47f12", "#f0b95b"),
    Token("stack-3", "#2e8b70", "#5fc9a9"),
    Token("stack-4", "#80509f", "#c79be3"),
    Token("stack-5", "#b04a76", "#f08db6"),
    Token("stack-6", "#767c84", "#9aa3ad"),
)

TOKENS: Final = (PAPER, RAISED, INK, MUTED, LINE, ACCENT, MET, MISSED, UNDECIDED, *STACK)


def stack(position: int) -> Token:
    """Return the colour of an outcome by its position; beyond six they repeat, in the same order as the legend."""
    return STACK[position % len(STACK)]


def variables(*, dark: bool) -> str:
    """Return the colours as CSS variables."""
    return " ".join(f"--{token.name}: {token.dark if dark else token.light};" for token in TOKENS)
