"""Filling: new values at known places of a document, which otherwise stays as it was typed, comments and all."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator, Mapping

from makegood.engine.agreement.nodes import Composition, ListNode, MapNode, Node, ScalarNode
from makegood.engine.agreement.places import Path, Places, dotted

_QUOTED = re.compile(r'"(?:\\.|[^"\\])*"|\'(?:\'\'|[^\'])*\'')
_PLAIN = re.compile(r"[A-Za-z0-9][A-Za-z0-9_.%/+-]*( [A-Za-z0-9_.%/+&-]+)*")


class UnableToFill(Exception):
    """The document has no such value in one line; ``paths`` are the values that it has."""

    def __init__(self, path: str, paths: tuple[str, ...]) -> None:
        super().__init__(f"there is no value {path} to fill")
        self.path = path
        self.paths = paths


def filled(text: str, values: Mapping[str, str]) -> str:
    r"""Return a document with other values at dotted paths.

    :raises UnableToFill: if the document has no single value at a path, or one that goes over several lines

    >>> filled("title: Old   # the title\nparties: {provider: x, customer: y}\n", {"parties.customer": "acme"})
    'title: Old   # the title\nparties: {provider: x, customer: acme}\n'
    """
    root = Composition(Places("")).compose(text)
    written = {dotted(path): node for path, node in _scalars(root, ())}
    for path in values:
        if path not in written:
            raise UnableToFill(path, tuple(written))
    lines = text.splitlines(keepends=True)
    for path in sorted(values, key=lambda path: written[path].mark, reverse=True):
        number, column = written[path].mark
        before, rest = lines[number - 1][: column - 1], lines[number - 1][column - 1 :]
        length = _length(rest, written[path])
        if not length:
            raise UnableToFill(path, tuple(written))
        lines[number - 1] = before + _typed(values[path]) + rest[length:]
    return "".join(lines)


def values_of(text: str) -> dict[str, str]:
    """Return every single value of a document by its dotted path."""
    return {dotted(path): node.text for path, node in _scalars(Composition(Places("")).compose(text), ())}


def _scalars(node: Node | None, path: Path) -> Iterator[tuple[Path, ScalarNode]]:
    """Yield every single value with its path."""
    if isinstance(node, MapNode):
        for key, value in node.pairs:
            yield from _scalars(value, (*path, key.text))
    elif isinstance(node, ListNode):
        for number, item in enumerate(node.items):
            yield from _scalars(item, (*path, number))
    elif isinstance(node, ScalarNode) and not node.is_nothing:
        yield path, node


def _length(rest: str, node: ScalarNode) -> int:
    """Return how many characters a value takes of the rest of its line; 0 if it goes on in the next."""
    if node.plain:
        return len(node.text) if rest.startswith(node.text) else 0
    found = _QUOTED.match(rest)
    return len(found[0]) if found else 0


def _typed(value: str) -> str:
    return value if _PLAIN.fullmatch(value) else json.dumps(value, ensure_ascii=False)
