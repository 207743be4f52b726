"""What is new in an answer, and what it repeats of the mail before."""

from __future__ import annotations

import re
from typing import Final

_WROTE: Final = re.compile(
    r"(On|Am|Le|El|Il|Op)\s.{1,300}(wrote|schrieb|écrit|escribió|scritto|schreef)\b.{0,200}:|[^\n]{1,200}\swrote:",
    re.DOTALL,
)
"""How programs announce what they quote, on one line or broken into up to three."""
_DIVIDER: Final = re.compile(
    r"-{2,}\s*(Original Message|Ursprüngliche Nachricht|Original-Nachricht|Forwarded message|Weitergeleitete Nachricht)"
    r"\s*-{2,}|_{20,}",
    re.IGNORECASE,
)
_HEADS: Final = re.compile(r"\*?(From|Von)\*?:\s.+", re.IGNORECASE)
_MORE_HEADS: Final = re.compile(r"\*?(Sent|Gesendet|Date|Datum|To|An|Subject|Betreff)\*?:\s?.*", re.IGNORECASE)
_SIGNATURE: Final = re.compile(r"-- ?")
_MOST_LINES: Final = 50_000


def parted(text: str) -> tuple[str, str]:
    r"""Return what is new in a text, and what it repeats; where answers stand between quoted lines, all is new.

    >>> parted("It works.\n\nOn Monday, Eva wrote:\n> Does it work?")
    ('It works.', 'On Monday, Eva wrote:\n> Does it work?')
    >>> parted("> Does it work?\nYes.")
    ('> Does it work?\nYes.', '')
    """
    lines = text.split("\n", _MOST_LINES)
    own = _last_own_line(lines)
    for number in range(len(lines)):
        if _repeats_from(lines, number, own):
            new, old = "\n".join(lines[:number]).strip(), "\n".join(lines[number:]).strip()
            return (new, old) if new else (text.strip(), "")
    return text.strip(), ""


def _repeats_from(lines: list[str], number: int, own: int) -> bool:
    line = lines[number].strip()
    if not line:
        return False
    if _SIGNATURE.fullmatch(lines[number].rstrip("\n")) and number:
        return True
    if _DIVIDER.fullmatch(line):
        return True
    if _HEADS.fullmatch(line):
        return sum(bool(_MORE_HEADS.fullmatch(each.strip())) for each in lines[number + 1 : number + 6]) >= 2
    if line.startswith(">"):
        return number > own
    announced = (lines[number:end] for end in range(number + 1, min(number + 4, len(lines) + 1)))
    return line[:1].isalnum() and any(
        _WROTE.fullmatch("\n".join(each).strip()) and number + len(each) > own for each in announced
    )


def _last_own_line(lines: list[str]) -> int:
    """Return which line is the last that is not quoted; a signature at the end does not count."""
    signed = next((number for number, each in enumerate(lines) if _SIGNATURE.fullmatch(each)), len(lines))
    own = (number for number in range(signed - 1, -1, -1) if lines[number].strip() and not _is_quoted(lines[number]))
    return next(own, -1)


def _is_quoted(line: str) -> bool:
    return line.lstrip().startswith(">")
