"""Texts of others as PostgreSQL takes them."""

from __future__ import annotations

from typing import Any

_NUL = "\x00"
_INSTEAD = "\ufffd"


def storable(value: Any) -> Any:
    r"""Return JSON-ready data without the one character that PostgreSQL cannot keep; a question mark stands for it.

    >>> storable({"source_id": "a\x00b", "parts": ["c", 1]})
    {'source_id': 'a\ufffdb', 'parts': ['c', 1]}
    """
    match value:
        case str():
            return value.replace(_NUL, _INSTEAD)
        case dict():
            return {storable(name): storable(each) for name, each in value.items()}
        case list() | tuple():
            return [storable(each) for each in value]
        case _:
            return value
