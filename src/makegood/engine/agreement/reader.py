"""Reading: a document becomes values of the grammar's forms, and everything that is wrong with it becomes findings.

The reader knows no key of any language. It follows the shapes that a form declares, goes on after each finding, and
so reports all of them at once; it serves every document that people write for Makegood.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import MISSING, Field, dataclass, field
from enum import Enum
from typing import Any, Generic, TypeVar

from makegood.engine.agreement import form_codes as codes
from makegood.engine.agreement.code import Code
from makegood.engine.agreement.grammar import (
    Clause,
    Form,
    ListOf,
    MapOf,
    OneOf,
    OnlyOne,
    ScalarOr,
    Shape,
    clauses_of,
    is_required,
    rules_of,
)
from makegood.engine.agreement.hints import use_one_of
from makegood.engine.agreement.nodes import Composition, ListNode, MapNode, Node, RefusedNode, ScalarNode
from makegood.engine.agreement.places import Mark, Path, Places, dotted
from makegood.engine.agreement.shapes import Scalar, Unreadable
from makegood.engine.vocabulary.finding import Finding

LONGEST_SHOWN = 60

Instance = TypeVar("Instance")
Clauses = Mapping[str, tuple[Field[Any], Clause]]


class _Unreadable(Enum):
    """Stands where a value would stand that has findings instead."""

    UNREADABLE = "unreadable"


UNREADABLE = _Unreadable.UNREADABLE


@dataclass(frozen=True, slots=True)
class Reading(Generic[Instance]):
    """What came of a document: its value, None if it has findings; and what could be read of it all the same.

    ``parts`` are the document's clauses by the names of their fields, without those that are broken. An entry of a
    map of forms that is broken is left out of it; ``broken`` names the clauses in which that or worse happened.
    """

    value: Instance | None
    findings: tuple[Finding, ...]
    places: Places
    parts: Mapping[str, Any]
    broken: frozenset[str]


def read_document(text: str, file: str, form: type[Instance], version: str, key: str = "makegood") -> Reading[Instance]:
    """Read a document whose ``key`` names the ``version`` of the language that ``form`` is the whole of."""
    places = Places(file)
    composition = Composition(places)
    node = composition.compose(text)
    reader = Reader(places, composition.findings)
    parts: dict[str, Any] = {}
    if node is not None and reader.speaks(node, key, version):
        parts = reader.clauses(form, node, ())
        missing = [entry.name for entry, _ in clauses_of(form).values() if entry.name not in parts]
        reader.broken.update(missing)
    value = None if node is None or reader.findings else reader.built(form, parts, node.mark, ())
    findings = tuple(sorted(reader.findings))
    return Reading(None if findings else value, findings, places, parts, frozenset(reader.broken))


@dataclass(slots=True)
class Reader:
    """One pass over the nodes of a document; ``findings`` and ``places`` fill as it goes."""

    places: Places
    findings: list[Finding] = field(default_factory=list)
    broken: set[str] = field(default_factory=set)

    def speaks(self, node: Node, key: str, version: str) -> bool:
        """Tell whether the document is in the language; what is wrong with another one nobody here can say."""
        if not isinstance(node, MapNode):
            return True
        for written, value in node.pairs:
            if written.text == key and isinstance(value, ScalarNode) and value.text != version:
                text = f"{_cut(value.text)!r} is not a language that this program reads"
                self.refuse(codes.UNKNOWN_VERSION, value.mark, (key,), text, f"write {key}: {version}")
                return False
        return True

    def value(self, shape: Shape, node: Node, path: Path) -> Any:
        """Return what a node says by its shape, or UNREADABLE."""
        self.places.values[path] = node.mark
        if isinstance(node, RefusedNode):
            return UNREADABLE
        if isinstance(node, ScalarNode) and node.is_nothing:
            hint = "write one, or leave the key out"
            return self.refuse(codes.WRONG_FORM, node.mark, path, f"{_named(path)} has no value", hint)
        match shape:
            case Scalar():
                return self.scalar(shape, node, path)
            case Form():
                return self.form(shape.of, node, path)
            case ListOf():
                return self.items(shape, node, path)
            case MapOf():
                return self.entries(shape, node, path)
            case OneOf():
                return self.one_of(shape, node, path)
            case _:
                return self.scalar_or(shape, node, path)

    def scalar(self, shape: Scalar, node: Node, path: Path) -> Any:
        if not isinstance(node, ScalarNode):
            return self.wrong_form(node, path, f"a single value is wanted: {shape.name}")
        if len(node.text) > shape.longest:
            text = f"{_named(path)} has {len(node.text):,} characters, {shape.longest:,} are the most"
            return self.refuse(codes.WRONG_VALUE, node.mark, path, text)
        try:
            return shape.read(node.text)
        except Unreadable as error:
            return self.refuse(error.code, node.mark, path, f"{_named(path)}: {error.text}", error.hint)

    def scalar_or(self, shape: ScalarOr, node: Node, path: Path) -> Any:
        """A single value stands for the first clause of the form, the only one that then is written."""
        if not isinstance(node, ScalarNode):
            return self.value(shape.other, node, path)
        value = self.scalar(shape.scalar, node, path)
        if value is UNREADABLE or not isinstance(shape.other, Form):
            return value
        first, _ = next(iter(clauses_of(shape.other.of).values()))
        return shape.other.of(**{first.name: value})

    def items(self, shape: ListOf, node: Node, path: Path) -> Any:
        if isinstance(node, ListNode):
            values = [self.value(shape.item, item, (*path, number)) for number, item in enumerate(node.items)]
            if len(values) < shape.least:
                return self.too_few(shape.least, len(values), node, path)
            return UNREADABLE if any(value is UNREADABLE for value in values) else tuple(values)
        if shape.or_one:
            value = self.value(shape.item, node, path)
            return value if value is UNREADABLE else (value,)
        return self.wrong_form(node, path, "a list is wanted")

    def entries(self, shape: MapOf, node: Node, path: Path) -> Any:
        """Entries that are forms stand on their own: a broken one is left out, and its root remembered as broken."""
        if not isinstance(node, MapNode):
            return self.wrong_form(node, path, "a map is wanted")
        found = {}
        whole = True
        for key, value in self.once(node, path):
            name = self.scalar(shape.key, key, (*path, key.text))
            read = self.value(shape.item, value, (*path, key.text))
            if name is UNREADABLE or read is UNREADABLE:
                whole = False
            else:
                found[name] = read
        if len(node.pairs) < shape.least:
            return self.too_few(shape.least, len(node.pairs), node, path)
        if not whole:
            self.broken.add(str(path[0]) if path else "")
        return found if whole or isinstance(shape.item, Form) else UNREADABLE

    def one_of(self, shape: OneOf, node: Node, path: Path) -> Any:
        if not isinstance(node, MapNode):
            return self.wrong_form(node, path, "a map is wanted")
        tag = next((value for key, value in node.pairs if key.text == shape.tag), None)
        listed = ", ".join(shape.forms)
        if tag is None:
            text = f"{_named((*path, shape.tag))} is missing"
            return self.refuse(
                codes.MISSING_KEY,
                self.places.keys.get(path, node.mark),
                (*path, shape.tag),
                text,
                f"use one of {listed}",
            )
        self.places.values[*path, shape.tag] = tag.mark
        if isinstance(tag, RefusedNode):
            return UNREADABLE
        if not isinstance(tag, ScalarNode):
            return self.wrong_form(tag, (*path, shape.tag), f"a single value is wanted: one of {listed}")
        if tag.text not in shape.forms:
            text = f"{_named((*path, shape.tag))}: {_cut(tag.text)!r} is not known here"
            return self.refuse(
                codes.WRONG_VALUE, tag.mark, (*path, shape.tag), text, use_one_of(tag.text, [*shape.forms])
            )
        return self.form(shape.forms[tag.text].of, node, path, tag=shape.tag)

    def form(self, form: type, node: Node, path: Path, tag: str = "") -> Any:
        if not isinstance(node, MapNode):
            return self.wrong_form(node, path, f"a map is wanted, with {_listed(form)}")
        values = self.clauses(form, node, path, tag)
        if any(entry.name not in values for entry, _ in clauses_of(form).values()):
            return UNREADABLE
        return self.built(form, values, self.places.keys.get(path, node.mark), path)

    def built(self, form: type, values: Mapping[str, Any], mark: Mark, path: Path) -> Any:
        """Return the form; what a form refuses at its birth is a finding too."""
        try:
            return form(**values)
        except ValueError as error:
            return self.refuse(codes.WRONG_VALUE, mark, path, f"{_named(path)}: {error}")

    def clauses(self, form: type, node: Node, path: Path, tag: str = "") -> dict[str, Any]:
        """Return the clauses of a form by the names of their fields, with defaults but without what is broken."""
        self.places.values[path] = node.mark
        if not isinstance(node, MapNode):
            if not isinstance(node, RefusedNode):
                self.wrong_form(node, path, f"a map is wanted, with {_listed(form)}")
            return {}
        clauses = clauses_of(form)
        values = {}
        for key, value in self.once(node, path):
            if key.text in clauses:
                entry, declared = clauses[key.text]
                values[entry.name] = self.value(declared.shape, value, (*path, key.text))
            elif key.text != tag:
                self.unknown_key(key, value, path, [*clauses, *filter(None, [tag])])
        for rule in rules_of(form):
            values |= self.broken_rule(rule, clauses, node, path)
        for name, (entry, declared) in clauses.items():
            if entry.name not in values:
                values[entry.name] = self.default(name, entry, declared, node, path)
        return {name: value for name, value in values.items() if value is not UNREADABLE}

    def broken_rule(self, rule: OnlyOne, clauses: Clauses, node: MapNode, path: Path) -> dict[str, Any]:
        """Return UNREADABLE for each field that cannot stand because of the rule."""
        written = [key for key in rule.keys if (*path, key) in self.places]
        listed = f"{', '.join(rule.keys[:-1])} and {rule.keys[-1]}"
        unreadable = {}
        if not written and rule.required:
            text = f"{_named(path)} has none of {listed}"
            mark = self.places.keys.get(path, node.mark)
            unreadable[rule.keys[0]] = self.refuse(codes.NONE_OF_KEYS, mark, path, text, "write one of them")
        for key in written[1:]:
            text = f"{_named(path)} has both {written[0]} and {key}; only one of {listed} can hold"
            mark = self.places.keys[*path, key]
            unreadable[key] = self.refuse(
                codes.SEVERAL_KEYS, mark, (*path, key), text, "delete the one that is not meant"
            )
        return {clauses[key][0].name: value for key, value in unreadable.items()}

    def default(self, name: str, entry: Field[Any], declared: Clause, node: MapNode, path: Path) -> Any:
        if is_required(entry):
            at = (*path, name)
            mark = self.places.keys.get(path, node.mark)
            return self.refuse(codes.MISSING_KEY, mark, at, f"{_named(at)} is missing", _hint(declared.doc))
        return entry.default if entry.default_factory is MISSING else entry.default_factory()

    def once(self, node: MapNode, path: Path) -> Iterator[tuple[ScalarNode, Node]]:
        """Yield each key of a map with its value, and report those that stand in it twice."""
        first: dict[str, Mark] = {}
        for key, value in node.pairs:
            at = (*path, key.text)
            if key.text in first:
                text = f"{_named(at)} stands here twice, first in line {first[key.text][0]}"
                self.refuse(codes.DUPLICATE_KEY, key.mark, at, text, "delete one of the two")
                self.broken.add(str(at[0]))
            else:
                first[key.text] = key.mark
                self.places.keys[at] = key.mark
                yield key, value

    def unknown_key(self, key: ScalarNode, value: Node, path: Path, known: list[str]) -> None:
        where = _named(path) if path else "a document of this language"
        text = f"{_cut(key.text)!r} is not a key of {where}"
        hint = use_one_of(key.text, known)
        if key.text[:1].isdecimal() and isinstance(value, ScalarNode) and value.is_nothing:
            hint = "a comma ends the value before it; write numbers with a point, and without commas"
            self.broken.add(str((*path, key.text)[0]))
        elif not path:
            self.broken.update(word for word in known if hint == f"did you mean {word}?")
        self.refuse(codes.UNKNOWN_KEY, key.mark, (*path, key.text), text, hint)

    def too_few(self, least: int, number: int, node: Node, path: Path) -> _Unreadable:
        entries = "entry" if least == 1 else "entries"
        text = f"{_named(path)} needs {least} {entries}, it has {number}"
        return self.refuse(codes.WRONG_VALUE, node.mark, path, text)

    def wrong_form(self, node: Node, path: Path, wanted: str) -> _Unreadable:
        empty = isinstance(node, ScalarNode) and node.is_nothing
        text = f"{_named(path)} is {'empty' if empty else _FORMS[type(node)]}; {wanted}"
        return self.refuse(codes.WRONG_FORM, node.mark, path, text)

    def refuse(self, code: Code, mark: Mark, path: Path, text: str, hint: str = "") -> _Unreadable:
        self.findings.append(code.at(self.places.at(mark, path), text, hint))
        return UNREADABLE


_FORMS = {ScalarNode: "a single value", ListNode: "a list", MapNode: "a map"}


def _named(path: Path) -> str:
    return _cut(dotted(path)) if path else "the document"


def _cut(text: str) -> str:
    return text if len(text) <= LONGEST_SHOWN else f"{text[:LONGEST_SHOWN]}…"


def _listed(form: type) -> str:
    return ", ".join(clauses_of(form))


def _hint(doc: str) -> str:
    return doc[0].lower() + doc[1:].rstrip(".")
