"""The grammar's building blocks: clauses, and the shapes that they take.

An agreement is described once, by dataclasses whose fields are clauses. Reading, JSON Schema and reference page are
derived from that one description. The forms are: a scalar, a form (a dataclass), a list, a map, one of several
forms told apart by a key, and a choice by the kind of YAML node.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import MISSING, Field, dataclass, field, fields, is_dataclass
from typing import Any

from makegood.engine.agreement.shapes import Scalar


@dataclass(frozen=True)
class Form:
    """A map with known keys, read into the dataclass ``of``."""

    of: type


@dataclass(frozen=True)
class ListOf:
    """A list of at least so many entries of one shape; ``or_one`` lets a single entry stand without brackets."""

    item: Shape
    or_one: bool = False
    least: int = 0


@dataclass(frozen=True)
class MapOf:
    """A map of at least so many entries of one shape under free keys; kept in the order of the document."""

    key: Scalar
    item: Shape
    least: int = 0


@dataclass(frozen=True)
class OneOf:
    """One of several forms; the scalar under ``tag`` says which."""

    tag: str
    forms: Mapping[str, Form]


@dataclass(frozen=True)
class ScalarOr:
    """A scalar, or a longer form for those who need it; the scalar then stands for the form's first clause."""

    scalar: Scalar
    other: Form | ListOf | MapOf


Shape = Scalar | Form | ListOf | MapOf | OneOf | ScalarOr


@dataclass(frozen=True)
class Clause:
    """One key of a form: its shape, and in a sentence what it decides."""

    shape: Shape
    doc: str
    key: str = ""


@dataclass(frozen=True)
class OnlyOne:
    """Of these keys a form has only one; if it is not ``required``, none will do as well."""

    keys: tuple[str, ...]
    required: bool


def exactly_one(*keys: str) -> OnlyOne:
    """One of the keys must be written, and no other."""
    return OnlyOne(keys, required=True)


def at_most_one(*keys: str) -> OnlyOne:
    """One of the keys may be written, and then no other."""
    return OnlyOne(keys, required=False)


def rules_of(form: type) -> tuple[OnlyOne, ...]:
    """Return what a form says in its class variable ``rules`` about keys that exclude each other."""
    rules: tuple[OnlyOne, ...] = getattr(form, "rules", ())
    return rules


def clause(shape: Shape, doc: str, *, key: str = "", default: Any = MISSING, factory: Any = MISSING) -> Any:
    """A dataclass field that a document may write; without ``default`` or ``factory`` it must."""
    metadata = {"clause": Clause(shape, doc, key)}
    if factory is not MISSING:
        return field(default_factory=factory, metadata=metadata)
    return field(default=default, metadata=metadata)


def clauses_of(form: type) -> dict[str, tuple[Field[Any], Clause]]:
    """Return the clauses of a form by the key that the document uses, in the order of declaration.

    A field that is no clause is filled by the program, never by a document.
    """
    found = {}
    for entry in fields(form):
        declared: Clause | None = entry.metadata.get("clause")
        if declared is not None:
            found[declared.key or entry.name] = (entry, declared)
    return found


def is_form(value: object) -> bool:
    """Tell whether a value is a form of the grammar: a dataclass with clauses."""
    return is_dataclass(value) and any("clause" in entry.metadata for entry in fields(value))


def is_required(entry: Field[Any]) -> bool:
    """Tell whether a document must write this clause."""
    return entry.default is MISSING and entry.default_factory is MISSING
