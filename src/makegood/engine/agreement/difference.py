"""Difference: what changed between two texts, term by term and in words."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import MISSING, dataclass
from itertools import zip_longest

from makegood.engine.agreement.grammar import ListOf, MapOf, Shape, clauses_of, is_form
from makegood.engine.agreement.places import Path, dotted
from makegood.engine.agreement.prose import Section, service_level_text
from makegood.engine.agreement.readings import shown
from makegood.engine.agreement.shapes import Scalar
from makegood.engine.agreement.terms import Agreement
from makegood.engine.vocabulary.ratio import Ratio


@dataclass(frozen=True, slots=True)
class Change:
    """One term that differs; ``before`` or ``after`` is empty if there was, or is, none.

    ``by_default`` tells on each side whether the text left the term to the house default.
    """

    path: Path
    before: str
    after: str
    by_default: tuple[bool, bool] = (False, False)

    @property
    def term(self) -> str:
        return dotted(self.path)

    def __str__(self) -> str:
        if not self.before:
            return f"{self.term} is new: {self.after}"
        if not self.after:
            return f"{self.term} is gone: {self.before}"
        before, after = (
            f"{text} (house default)" if default else text
            for text, default in zip((self.before, self.after), self.by_default, strict=True)
        )
        return f"{self.term}: {before} becomes {after}"


@dataclass(frozen=True, slots=True)
class Rewording:
    """What the text that people sign says differently in one section."""

    title: str
    gone: tuple[str, ...]
    new: tuple[str, ...]


def changes(before: Agreement, after: Agreement) -> tuple[Change, ...]:
    """Return the terms that differ, in the order of the language.

    >>> from makegood.engine.agreement.catalogue import GOOD
    >>> from makegood.engine.agreement.document import read
    >>> print(*changes(read(GOOD).agreement, read(GOOD.replace("percent: 10%", "percent: 12%")).agreement))
    money.at_risk.percent: 10 % becomes 12 %
    """
    found = []
    for change in _of_forms(before, after, ()):
        default = (change.term not in before.written, change.term not in after.written)
        both = bool(change.before and change.after)
        found.append(Change(change.path, change.before, change.after, default if both else (False, False)))
    return tuple(found)


def rewordings(before: Agreement, after: Agreement) -> tuple[Rewording, ...]:
    """Return what the service level text says differently, section by section."""
    texts = [{section.title: _sentences(section) for section in service_level_text(each)} for each in (before, after)]
    found = []
    for title in dict.fromkeys((*texts[1], *texts[0])):
        old, new = (text.get(title, ()) for text in texts)
        gone, added = tuple(s for s in old if s not in new), tuple(s for s in new if s not in old)
        if gone or added:
            found.append(Rewording(title, gone, added))
    return tuple(found)


def _sentences(section: Section) -> tuple[str, ...]:
    return (*section.paragraphs, *(" | ".join(row) for row in section.table))


def _of_forms(before: object, after: object, path: Path) -> Iterator[Change]:
    """Yield the differences of two forms of one kind."""
    for key, (entry, declared) in clauses_of(type(before)).items():
        was, is_ = getattr(before, entry.name), getattr(after, entry.name)
        yield from _of_values(was, is_, (*path, key), declared.shape)


def _of_values(was: object, is_: object, path: Path, shape: Shape) -> Iterator[Change]:
    if was == is_:
        return
    if is_form(was) and type(was) is type(is_):
        yield from _of_forms(was, is_, path)
    elif isinstance(was, dict) and isinstance(is_, dict):
        for key in dict.fromkeys((*was, *is_)):
            yield from _of_values(was.get(key), is_.get(key), (*path, key), _inner(shape))
    elif isinstance(was, tuple) and isinstance(is_, tuple) and any(map(is_form, (*was, *is_))):
        for number, (mine, other) in enumerate(zip_longest(was, is_)):
            yield from _of_values(mine, other, (*path, number), _inner(shape))
    else:
        yield Change(path, _text(was, shape), _text(is_, shape))


def _inner(shape: Shape) -> Shape:
    """Return the shape of what a list or a map holds."""
    return shape.item if isinstance(shape, ListOf | MapOf) else shape


def _text(value: object, shape: Shape) -> str:
    """Return a value as a person reads it; of a form what differs from its defaults."""
    if value is None:
        return ""
    if is_form(value):
        return ", ".join(f"{key} {text}" for key, text in _told(value))
    scalar = _inner(shape)
    if isinstance(value, Ratio) and isinstance(scalar, Scalar) and "percentage" not in scalar.name:
        return value.grouped
    if isinstance(value, dict):
        return ", ".join(f"{key} {_text(each, scalar)}" for key, each in value.items())
    if isinstance(value, tuple):
        return ", ".join(_text(each, scalar) for each in value)
    return shown(value)


def _told(form: object) -> Iterator[tuple[str, str]]:
    """Yield the clauses of a form that say something else than their default, and what they say."""
    for key, (entry, declared) in clauses_of(type(form)).items():
        value = getattr(form, entry.name)
        default = entry.default_factory() if entry.default_factory is not MISSING else entry.default
        if value != default:
            yield key, _text(value, declared.shape)
