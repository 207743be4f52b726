"""Templates: texts with the columns of a row in braces, such as ``{carrier}{flight}/{origin}``."""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import datetime

from makegood.engine.agreement import form_codes
from makegood.engine.agreement.shapes import LONGEST_TEXT, Scalar, Unreadable

_PIECE = re.compile(r"\{([^{}]+)\}|\{\{|\}\}|[^{}]+|[{}]")
_DIRECTIVE = re.compile(r"%(.?)", re.DOTALL)
_DIRECTIVES = "dmyYHIMSfpbBzj%"

ISO, UNIX, UNIX_MS = "iso", "unix", "unix_ms"


@dataclass(frozen=True, slots=True)
class Template:
    """A text in which ``columns`` stand where ``pattern`` has empty braces.

    >>> Template.parse("{carrier}{flight}")
    Template(pattern='{}{}', columns=('carrier', 'flight'))
    """

    pattern: str
    columns: tuple[str, ...]

    @classmethod
    def parse(cls, text: str) -> Template:
        """Return the template that a person wrote; a brace that is meant as such is written twice.

        :raises ValueError: if a brace has no partner
        """
        pattern, columns = "", []
        for piece in _PIECE.finditer(text):
            if piece[1]:
                pattern += "{}"
                columns.append(piece[1])
            elif piece[0] in "{}":
                raise ValueError(f"a brace has no partner in {text!r}")
            else:
                pattern += piece[0]
        return cls(pattern, tuple(columns))

    @property
    def constant(self) -> str | None:
        """The text itself, if it names no column."""
        return None if self.columns else self.pattern.format()


def _read_template(text: str) -> Template:
    try:
        return Template.parse(text)
    except ValueError as error:
        raise Unreadable(
            form_codes.WRONG_VALUE, str(error), "write columns like {number}, and a brace itself twice"
        ) from None


def _read_column(text: str) -> str:
    if not text.strip() or "{" in text or "}" in text:
        raise Unreadable(form_codes.WRONG_VALUE, f"{text!r} is not the name of a column", "write it without braces")
    return text


def _read_time_format(text: str) -> str:
    if text in (ISO, UNIX, UNIX_MS):
        return text
    found = [directive for directive in _DIRECTIVE.findall(text) if directive != "%"]
    unknown = [directive for directive in found if not directive or directive not in _DIRECTIVES]
    # Without a year every time would lie in 1900, and what stands twice nobody can read.
    if unknown or len(set(found)) < len(found) or not {"y", "Y"} & set(found):
        form = f"a form such as %d/%m/%Y %H:%M, made of %{' %'.join(_DIRECTIVES)}"
        hint = f"use iso, unix, unix_ms or {form}, with a year and each part once"
        raise Unreadable(form_codes.WRONG_VALUE, f"{text!r} is not a time format", hint)
    return text


def _read_file_name(text: str) -> str:
    if not re.fullmatch(r"[^/\\\0]+", text) or text in (".", ".."):
        hint = "write its name alone; it lies beside the file that is imported"
        raise Unreadable(form_codes.WRONG_VALUE, f"{text!r} is not the name of a file", hint)
    return text


def parse_time(text: str, time_format: str) -> datetime:
    """Return the moment that a cell says; without an offset if it has none.

    :raises ValueError: if it is not written so
    """
    if time_format == ISO:
        return datetime.fromisoformat(text)
    if time_format in (UNIX, UNIX_MS):
        number = re.fullmatch(r"(-?[0-9]{1,15})(?:\.[0-9]*)?", text)
        if number is None:
            raise ValueError
        return _EPOCH + int(number[1]) * (_SECOND if time_format == UNIX else _MILLISECOND)
    return datetime.strptime(text, time_format)  # noqa: DTZ007 - wall time, its zone is the mapping's


_EPOCH = datetime.fromisoformat("1970-01-01T00:00:00Z")
_SECOND = _EPOCH.replace(second=1) - _EPOCH
_MILLISECOND = _SECOND / 1000

ANY_TEXT = Scalar("text, which may be empty", lambda text: text, {"type": ["string", "number"]}, longest=LONGEST_TEXT)
TEMPLATE = Scalar("text with {columns}", _read_template, {"type": ["string", "number"]}, longest=LONGEST_TEXT)
COLUMN = Scalar("name of a column", _read_column, {"type": ["string", "number"]}, longest=200)
TIME_FORMAT = Scalar("time format", _read_time_format, {"type": "string"})
FILE_NAME = Scalar("name of a file", _read_file_name, {"type": "string"}, longest=255)
