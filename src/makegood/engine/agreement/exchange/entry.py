"""An entry: a map of somebody else's document, read so that nothing in it is passed over in silence."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import NoReturn

from makegood.engine.agreement import form_codes
from makegood.engine.agreement.code import Code
from makegood.engine.agreement.exchange import codes
from makegood.engine.agreement.nodes import ListNode, MapNode, Node, ScalarNode
from makegood.engine.agreement.places import Path, Places, dotted
from makegood.engine.vocabulary.finding import Finding, Place
from makegood.engine.vocabulary.ratio import Ratio

LONGEST_SHOWN = 60

_DECIMAL = re.compile(r"(?:[0-9]{1,15}\.?|[0-9]{0,15}\.[0-9]{1,20})")
_SECRET = re.compile(r"secret|passw|token|credential|api_?key|access_?key|private_?key", re.IGNORECASE)


class LeftOut(Exception):
    """The objective cannot be carried over; the finding that says why is already there."""


@dataclass(slots=True)
class Log:
    """What there is to say about one file."""

    file: str
    findings: list[Finding] = field(default_factory=list)

    def tell(self, code: Code, place: Place, text: str, hint: str = "") -> None:
        self.findings.append(code.at(place, text, hint))


@dataclass(slots=True, eq=False)
class Entry:
    """A map that is being read; every key that nobody took is reported when it is ``closed``."""

    log: Log
    node: MapNode
    path: Path
    values: dict[str, tuple[ScalarNode, Node]]
    taken: set[str] = field(default_factory=set)
    inside: dict[Path, Entry] = field(default_factory=dict)

    @classmethod
    def of(cls, log: Log, node: Node, path: Path) -> Entry:
        """Return a node as an entry.

        :raises LeftOut: if it is no map
        """
        if not isinstance(node, MapNode):
            place = Places(log.file).at(node.mark, path)
            log.tell(codes.NOT_UNDERSTOOD, place, f"{_named(path)} is no map", "write its keys below it")
            raise LeftOut
        entry = cls(log, node, path, {})
        for key, value in node.pairs:
            if key.text in entry.values:
                text = f"{key.text} stands here twice; the first one is used"
                log.tell(form_codes.DUPLICATE_KEY, entry.at(key.mark, key.text), text, "delete one of the two")
            else:
                entry.values[key.text] = key, value
        return entry

    def at(self, mark: tuple[int, int], *path: str | int) -> Place:
        return Places(self.log.file).at(mark, (*self.path, *path))

    def place(self, key: str = "") -> Place:
        """Return where a key stands, or the entry itself."""
        return self.at(self.values[key][0].mark, key) if key in self.values else self.at(self.node.mark)

    def has(self, key: str) -> bool:
        """Tell whether a key is written and has a value."""
        found = self.values.get(key)
        return found is not None and not (isinstance(found[1], ScalarNode) and found[1].is_nothing)

    def get(self, key: str) -> Node | None:
        """Take the value of a key; None if there is none."""
        self.taken.add(key)
        return self.values[key][1] if self.has(key) else None

    def text(self, *keys: str) -> str:
        """Take a single value, written under any of the keys; empty if there is none.

        :raises LeftOut: if it is a list or a map
        """
        found = ""
        for key in keys:
            node = self.get(key)
            if node is not None and not isinstance(node, ScalarNode):
                self.refuse(codes.NOT_UNDERSTOOD, f"{key} is a list or a map; a single value is wanted", key=key)
            if isinstance(node, ScalarNode):
                found = found or node.text.strip()
        return found

    def need(self, *keys: str) -> str:
        """Take a single value that has to be there.

        :raises LeftOut: if it is not
        """
        return self.text(*keys) or self.lacks(*keys)

    def lacks(self, *keys: str) -> NoReturn:
        """Say that one of some keys is missing.

        :raises LeftOut: always
        """
        self.refuse(codes.LACKS, f"{_named(self.path)} has no {' or '.join(keys)}", "write it")

    def number(self, key: str) -> Ratio | None:
        """Take an exact decimal number; None if there is none.

        :raises LeftOut: if it is something else
        """
        text = self.text(key)
        if not text:
            return None
        if not _DECIMAL.fullmatch(text):
            self.refuse(codes.NOT_UNDERSTOOD, f"{key}: {cut(text)!r} is no decimal number", "write it like 99.9", key)
        whole, _, decimals = text.partition(".")
        return Ratio.parse(f"{whole or 0}.{decimals or 0}")

    def entry(self, key: str) -> Entry | None:
        """Take a map as an entry of its own; None if there is none.

        :raises LeftOut: if it is no map
        """
        node = self.get(key)
        return None if node is None else self.enter(node, key)

    def inner(self, key: str) -> Entry:
        """Take a map that has to be there.

        :raises LeftOut: if it is not
        """
        return self.entry(key) or self.lacks(key)

    def items(self, key: str) -> list[tuple[Node, int]]:
        """Take a list with the number of each item; a key without a value is an empty one.

        :raises LeftOut: if it is no list
        """
        node = self.get(key)
        if node is None:
            return []
        if not isinstance(node, ListNode):
            self.refuse(codes.NOT_UNDERSTOOD, f"{key} is no list", "begin each entry with a dash", key)
        return [(item, number) for number, item in enumerate(node.items)]

    def words(self, key: str) -> tuple[str, ...]:
        """Take a list of single values; a single value is a list of one.

        :raises LeftOut: if it is something else
        """
        node = self.get(key)
        items = node.items if isinstance(node, ListNode) else () if node is None else (node,)
        words = tuple(item.text for item in items if isinstance(item, ScalarNode))
        if len(words) < len(items):
            self.refuse(codes.NOT_UNDERSTOOD, f"{key} is no list of words", "write one word an entry", key)
        return words

    def enter(self, node: Node, *path: str | int) -> Entry:
        """Return a node below this one as an entry.

        :raises LeftOut: if it is no map
        """
        if path not in self.inside:
            self.inside[path] = Entry.of(self.log, node, (*self.path, *path))
        return self.inside[path]

    def leave(self, *path: str | int) -> None:
        """Forget the entry of a node: nobody needs to hear what else is in it."""
        self.inside.pop(path, None)

    def tell(self, code: Code, text: str, hint: str = "", key: str = "") -> None:
        self.log.tell(code, self.place(key), text, hint)

    def refuse(self, code: Code, text: str, hint: str = "", key: str = "") -> NoReturn:
        """Say why the objective cannot be carried over.

        :raises LeftOut: always
        """
        self.tell(code, text, hint, key)
        raise LeftOut

    def pass_over(self, *keys: str, code: Code = codes.NOT_CARRIED, because: str) -> None:
        """Say of each key that is written why it is not carried over."""
        for key in keys:
            if self.get(key) is not None:
                self.tell(code, f"{key}: not carried over, since {because}", key=key)

    def close(self) -> None:
        """Report what nobody took, here and in the entries inside."""
        for key in self.values:
            if key not in self.taken:
                self.tell(codes.UNKNOWN_KEY, f"{cut(key)} is not known here, and is not carried over", key=key)
        for entry in self.inside.values():
            entry.close()

    def shown(self, key: str) -> str:
        """Take a value as a text for people, without what looks like a secret."""
        node = self.get(key)
        if isinstance(node, ScalarNode):
            return node.text.strip()
        return "" if node is None else "".join(self._flow(node, (key,)))

    def _flow(self, node: Node, path: Path) -> Iterator[str]:
        match node:
            case MapNode():
                between = "{"
                for key, value in node.pairs:
                    yield f"{between}{key.text}: "
                    yield from self._hidden(key, path) if _SECRET.search(key.text) else self._flow(value, path)
                    between = ", "
                yield "}" if between != "{" else "{}"
            case ListNode():
                for number, item in enumerate(node.items):
                    yield ", " if number else "["
                    yield from self._flow(item, path)
                yield "]" if node.items else "[]"
            case _:
                yield getattr(node, "text", "")

    def _hidden(self, key: ScalarNode, path: Path) -> Iterator[str]:
        text = f"{cut(key.text)} looks like a secret and is left out"
        self.log.tell(codes.SECRET, self.at(key.mark, *path, key.text), text, "change it if others could read the file")
        yield "(left out)"


def cut(text: str) -> str:
    """Return a text as short as a finding shows it."""
    return text if len(text) <= LONGEST_SHOWN else f"{text[:LONGEST_SHOWN]}…"


def quoted(text: str) -> str:
    """Return a text in quotes that YAML and JSON read back as it was."""
    return json.dumps(text, ensure_ascii=False)


def _named(path: Path) -> str:
    """Return what people call the end of a path; an entry of a list is called by its list."""
    end = path[-2:] if path and isinstance(path[-1], int) else path[-1:]
    return cut(dotted(end)) if end else "the document"
