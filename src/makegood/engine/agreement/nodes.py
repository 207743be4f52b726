"""YAML as text with places: a document is composed to nodes in which every scalar is still what was typed.

Nothing is resolved: no number becomes a float, no date a date, ``no`` stays ``no``. Anchors, aliases and tags are
refused, so that a document is never larger than its file.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass, field, replace

from ruamel.yaml import YAML
from ruamel.yaml.error import MarkedYAMLError, YAMLError
from ruamel.yaml.events import (
    AliasEvent,
    DocumentStartEvent,
    Event,
    MappingEndEvent,
    MappingStartEvent,
    NodeEvent,
    ScalarEvent,
    SequenceEndEvent,
)

from makegood.engine.agreement import form_codes as codes
from makegood.engine.agreement.code import Code
from makegood.engine.agreement.places import Mark, Path, Places
from makegood.engine.vocabulary.finding import Finding

# Everything but printable characters, tab and line ends; then what moves lines or turns the direction of reading.
_NO_TEXT = re.compile(
    "[^\t\n\r\x20-\x7e\xa0-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]|[\u2028\u2029\u202a-\u202e\u2066-\u2069\ufeff]"
)

# What people write most often that YAML reads otherwise, by a sign of it in the parser's words.
_REMEDIES = (
    ("block scalar", 'put a text that begins with > or | into quotes, as in ">= 99.9%"'),
    ("mapping values are not allowed here", "put a text with a colon into quotes; check the indentation"),
    (r"'\t'", "indent with spaces, not with tabs"),
    (r"'%'", "put a text that begins with % into quotes"),
)


@dataclass(frozen=True, slots=True)
class ScalarNode:
    """A single value, as typed; ``plain`` if without quotes."""

    text: str
    mark: Mark
    plain: bool

    @property
    def is_nothing(self) -> bool:
        return self.plain and self.text in {"", "~", "null"}


@dataclass(frozen=True, slots=True)
class ListNode:
    """A list."""

    items: tuple[Node, ...]
    mark: Mark


@dataclass(frozen=True, slots=True)
class MapNode:
    """A map in the order of the document; a key may stand in it twice."""

    pairs: tuple[tuple[ScalarNode, Node], ...]
    mark: Mark


@dataclass(frozen=True, slots=True)
class RefusedNode:
    """What was refused already; nobody needs to hear of it again."""

    mark: Mark


Node = ScalarNode | ListNode | MapNode | RefusedNode


class _Stop(Exception):
    """Composing cannot go on; the finding is already there."""


@dataclass(slots=True)
class Composition:
    """One pass over a document; ``findings`` are what was refused on the way."""

    places: Places
    findings: list[Finding] = field(default_factory=list)

    def compose(self, text: str) -> Node | None:
        """Return the document as a node; None if it cannot be read on."""
        documents = self._composed(text, several=False)
        return None if documents is None else documents[0]

    def compose_all(self, text: str) -> tuple[Node, ...] | None:
        """Return all documents of a file, which lines of three dashes set apart; None if it cannot be read on."""
        return self._composed(text, several=True)

    def _composed(self, text: str, *, several: bool) -> tuple[Node, ...] | None:
        try:
            self._refuse_what_is_no_text(text)
            documents = tuple(self._documents(self._events(text.removeprefix("\ufeff")), several=several))
        except _Stop:
            return None
        return documents or (ScalarNode("", (1, 1), plain=True),)

    def _refuse_what_is_no_text(self, text: str) -> None:
        if len(text) > codes.LARGEST_DOCUMENT:
            found = f"the document has {len(text):,} characters, {codes.LARGEST_DOCUMENT:,} are the most"
            self._refuse(codes.TOO_LARGE, (1, 1), (), found)
            raise _Stop
        odd = _NO_TEXT.search(text, 1 if text.startswith("\ufeff") else 0)
        if odd is not None:
            before = re.split("\r\n|\r|\n", text[: odd.start()])
            mark = len(before), len(before[-1]) + 1
            self._refuse(codes.NOT_TEXT, mark, (), f"{_named(odd[0])} has no place in a document", "delete it")
            raise _Stop

    def _events(self, text: str) -> Iterator[Event]:
        yaml = YAML(typ="base", pure=True)
        try:
            yield from yaml.parse(text)
        except MarkedYAMLError as error:
            mark = error.problem_mark or error.context_mark
            begun = error.context_mark
            since = f"(begun in line {begun.line + 1})" if begun is not None and begun.line != mark.line else ""
            problem = " ".join(filter(None, (error.context, since, error.problem)))
            self._not_yaml((mark.line + 1, mark.column + 1), problem)
        except (YAMLError, ValueError) as error:
            self._not_yaml((yaml.reader.line + 1, yaml.reader.column + 1), str(error))

    def _not_yaml(self, mark: Mark, problem: str) -> None:
        hint = next((hint for sign, hint in _REMEDIES if sign in problem), "check quotes, brackets and indentation")
        self._refuse(codes.NOT_YAML, mark, (), f"this is not YAML: {problem}", hint)
        raise _Stop

    def _documents(self, events: Iterator[Event], *, several: bool) -> Iterator[Node]:
        begun = False
        for event in events:
            if isinstance(event, DocumentStartEvent):
                if begun and not several:
                    text = "a second document begins here"
                    self._refuse(codes.SEVERAL_DOCUMENTS, _mark(event), (), text, "put it into a file of its own")
                    raise _Stop
                begun = True
            if isinstance(event, NodeEvent):
                yield self._node(event, events, ())

    def _node(self, event: Event, events: Iterator[Event], path: Path) -> Node:
        """Return the node that begins with ``event``."""
        mark = _mark(event)
        if isinstance(event, AliasEvent):
            self._refuse_syntax(mark, path, f"alias *{event.anchor}")
            return RefusedNode(mark)
        for what, sign in (("anchor", "&"), ("ctag", "")):
            name = getattr(event, what, None)
            if name is not None:
                shown = str(name).replace("tag:yaml.org,2002:", "!!")
                self._refuse_syntax(mark, path, f"{what.removeprefix('c')} {sign}{shown}")
        if isinstance(event, ScalarEvent):
            return self._scalar(event, path)
        if len(path) >= codes.DEEPEST_LEVEL:
            text = f"lists and maps are nested more than {codes.DEEPEST_LEVEL} levels deep here"
            self._refuse(codes.TOO_DEEP, mark, path, text)
            raise _Stop
        if isinstance(event, MappingStartEvent):
            return MapNode(tuple(self._pairs(events, path)), mark)
        return ListNode(tuple(self._items(events, path)), mark)

    def _scalar(self, event: ScalarEvent, path: Path) -> Node:
        mark = _mark(event)
        odd = _NO_TEXT.search(event.value)
        if odd is not None:
            self._refuse(codes.NOT_TEXT, mark, path, f"{_named(odd[0])} has no place in a document", "delete it")
            return RefusedNode(mark)
        return ScalarNode(event.value, mark, plain=event.style is None)

    def _items(self, events: Iterator[Event], path: Path) -> Iterator[Node]:
        for number, event in enumerate(events):
            if isinstance(event, SequenceEndEvent):
                return
            yield self._node(event, events, (*path, number))

    def _pairs(self, events: Iterator[Event], path: Path) -> Iterator[tuple[ScalarNode, Node]]:
        for event in events:
            if isinstance(event, MappingEndEvent):
                return
            key = self._node(event, events, (*path, "?"))
            word = key if isinstance(key, ScalarNode) and len(key.text) <= codes.LONGEST_KEY else None
            value = self._node(next(events), events, path if word is None else (*path, word.text))
            if isinstance(value, ScalarNode) and value.plain and not value.text:
                value = replace(value, mark=key.mark)  # nothing has no place of its own
            if word is not None:
                yield word, value
            elif isinstance(key, ScalarNode):
                found = f"a key has {len(key.text):,} characters, {codes.LONGEST_KEY} are the most"
                self._refuse(codes.WRONG_FORM, key.mark, path, found)
            elif not isinstance(key, RefusedNode):
                self._refuse(codes.WRONG_FORM, key.mark, path, "a key is a single word, not a list or a map")

    def _refuse_syntax(self, mark: Mark, path: Path, what: str) -> None:
        self._refuse(codes.REFERENCE_SYNTAX, mark, path, f"the {what} is refused", "write out what is meant")

    def _refuse(self, code: Code, mark: Mark, path: Path, text: str, hint: str = "") -> None:
        self.findings.append(code.at(self.places.at(mark, path), text, hint))
        if len(self.findings) == codes.MOST_REFUSED:
            raise _Stop


def _mark(event: Event) -> Mark:
    return event.start_mark.line + 1, event.start_mark.column + 1


def _named(character: str) -> str:
    return f"the character U+{ord(character):04X}"
