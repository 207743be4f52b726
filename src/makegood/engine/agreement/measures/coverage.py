"""Coverage as a measure: the share of items that are as they should be."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from enum import StrEnum
from typing import ClassVar

from makegood.engine.agreement.deadlines import DEADLINE, Deadline, is_nothing
from makegood.engine.agreement.grammar import Form, ListOf, MapOf, at_most_one, clause, exactly_one
from makegood.engine.agreement.measures.parts import (
    ALWAYS,
    EMPTY,
    EXCLUDED,
    ExclusionClause,
    Measure,
    Sentence,
    WhenEmpty,
    any_of,
    exclusions_in_words,
)
from makegood.engine.agreement.places import Path
from makegood.engine.agreement.shapes import SLUG, TARGET, TIME, Target, choice, whole
from makegood.engine.vocabulary.duration import Duration


class Seen(StrEnum):
    """When items are looked at."""

    END_OF_PERIOD = "end_of_period"
    THROUGHOUT = "throughout"


SEEN = {
    Seen.END_OF_PERIOD: "Items are looked at in the last second of the period; each counts alike.",
    Seen.THROUGHOUT: "Items are looked at throughout the period; each counts by its time.",
}


@dataclass(frozen=True, slots=True, kw_only=True)
class ByDeadline:
    """Whatever is open for an item is done by its deadline."""

    rules: ClassVar = (exactly_one("limit", "limits"),)

    cases: str = clause(SLUG, "The kind of case, as in `patch`: one for each item and thing to be done.")
    from_: str = clause(SLUG, "The state from which its time runs.", key="from", default="opened")
    to: str = clause(SLUG, "The state in which it is done.", default="done")
    limit: Deadline | None = clause(
        DEADLINE, "One deadline for all, as in `3 business days` or `3 months`.", default=None
    )
    limits: dict[str, Deadline] = clause(
        MapOf(SLUG, DEADLINE, least=1), "A deadline for each priority; others have none.", factory=dict
    )
    item: str = clause(SLUG, "The label that names the item; without it each case is one.", default="")


@dataclass(frozen=True, slots=True, kw_only=True)
class Fresh:
    """The last success of an item is not too long ago."""

    cases: str = clause(SLUG, "The kind of case, as in `backup` or `restore-test`.")
    done: tuple[str, ...] = clause(ListOf(SLUG, or_one=True, least=1), "The states that are a success.")
    within: Deadline = clause(DEADLINE, "How long a success lasts, as in `24h` or `3 months`.")
    item: str = clause(SLUG, "The label that names the item; without it each case is one.", default="")


@dataclass(frozen=True, slots=True, kw_only=True)
class Current:
    """The last sample of an item is good, and not too old."""

    of: str = clause(SLUG, "The gauge; its subjects are the items.")
    good_when: Target = clause(TARGET, 'The samples that are good, as in `"<= 24h"` for the age of definitions.')
    after: Duration = clause(TIME, "How long a sample holds without a new one.")


@dataclass(frozen=True, slots=True, kw_only=True)
class Coverage(Measure):
    """The share of items that are as they should be."""

    kind: ClassVar[str] = "coverage"
    title: ClassVar[str] = "the share of items that are as they should be"

    rules: ClassVar = (exactly_one("by_deadline", "fresh", "current"), at_most_one("items", "listed"))

    by_deadline: ByDeadline | None = clause(Form(ByDeadline), "What is open is done by its deadline.", default=None)
    fresh: Fresh | None = clause(Form(Fresh), "The last success is not too long ago.", default=None)
    current: Current | None = clause(Form(Current), "The last sample is good, and not too old.", default=None)
    seen: Seen = clause(
        choice(Seen),
        "Whether items are looked at at the `end_of_period`, or `throughout` it, by their time.",
        default=Seen.END_OF_PERIOD,
    )
    items: int | None = clause(
        whole(1, 10**9), "How many items there are; those of which nothing is recorded are not good.", default=None
    )
    listed: tuple[str, ...] = clause(
        ListOf(SLUG), "Or which items there are; those of which nothing is recorded are not good.", default=()
    )
    retired: tuple[str, ...] = clause(
        ListOf(SLUG, or_one=True), "States of a case with which an item is no longer one.", default=()
    )
    on: str = clause(SLUG, "With `throughout`: the calendar whose hours count.", default="always")
    excluded: dict[str, ExclusionClause] = clause(EXCLUDED, "Causes that do not count, by name.", factory=dict)
    empty: WhenEmpty = clause(choice(WhenEmpty), "The ruling when there is no item.", default=WhenEmpty.UNDECIDED)

    @property
    def upside_down(self) -> str:
        return "a share of good items {} would be met by items that are not"

    @property
    def what(self) -> str:
        if self.current is not None:
            return f"items with {self.current.of}"
        rule = self.by_deadline or self.fresh
        return f"items ({rule.cases})" if rule is not None else "items"

    @property
    def when_empty(self) -> WhenEmpty:
        return self.empty

    @property
    def exclusions(self) -> Mapping[str, ExclusionClause]:
        return self.excluded

    @property
    def calendars(self) -> tuple[tuple[str, Path], ...]:
        return ((self.on, ("on",)),)

    @property
    def zeros(self) -> tuple[Path, ...]:
        found: list[Path] = []
        if self.by_deadline is not None:
            limits = self.by_deadline.limits
            found += [("by_deadline", "limit")] if self.by_deadline.limit and is_nothing(self.by_deadline.limit) else []
            found += [("by_deadline", "limits", name) for name, limit in limits.items() if is_nothing(limit)]
        if self.fresh is not None and is_nothing(self.fresh.within):
            found.append(("fresh", "within"))
        if self.current is not None and not self.current.after.seconds:
            found.append(("current", "after"))
        return tuple(found)

    @property
    def meaning(self) -> str:
        return f"Its value is the share of {self.what} {' '.join(_rule(self))}."

    def sentences(self) -> Iterator[Sentence]:
        yield from _rule_terms(self)
        yield ("seen",), SEEN[self.seen]
        yield ("items", "listed"), _population(self)
        ends = (
            f"With the state {any_of(self.retired)} an item is no longer one." if self.retired else "Items stay items."
        )
        yield ("retired",), ends
        hours = (
            "Every hour of every day counts."
            if self.on == ALWAYS
            else f"Only the hours of the calendar {self.on} count."
        )
        yield ("on",), hours
        yield ("empty",), f"If there is no item, {EMPTY[self.empty]}"
        yield from exclusions_in_words(self.excluded)


def _rule(measure: Coverage) -> Iterator[str]:
    if measure.by_deadline is not None:
        rule = measure.by_deadline
        limits = "; ".join(f"{name}: {limit.words}" for name, limit in rule.limits.items())
        yield f"for which whatever was {rule.from_} is {rule.to}"
        yield f"within {rule.limit.words}" if rule.limit is not None else f"by the deadline of its priority ({limits})"
    if measure.fresh is not None:
        yield f"with {any_of(measure.fresh.done)} within the last {measure.fresh.within.words}"
    if measure.current is not None:
        yield f"whose last sample is {measure.current.good_when}"


def _rule_terms(measure: Coverage) -> Iterator[Sentence]:
    if measure.by_deadline is None:
        yield ("by_deadline",), "No deadlines are looked at."
    else:
        rule = measure.by_deadline
        text = f"The cases ({rule.cases}) run from {rule.from_} to {rule.to}; the first priority of each decides."
        yield ("by_deadline.cases", "by_deadline.from", "by_deadline.to"), text
        yield ("by_deadline.item",), _item(rule.item)
    if measure.fresh is None:
        yield ("fresh",), "No last success is looked at."
    else:
        success = f"A success is a case ({measure.fresh.cases}) that became {any_of(measure.fresh.done)}"
        text = f"{success}; it lasts {measure.fresh.within.words}."
        yield ("fresh.cases", "fresh.done", "fresh.within"), text
        yield ("fresh.item",), _item(measure.fresh.item)
    if measure.current is None:
        yield ("current",), "No samples are looked at."
    else:
        text = f"A sample of {measure.current.of} is good if it is {measure.current.good_when}"
        yield (
            ("current.of", "current.good_when", "current.after"),
            f"{text}; it holds for {measure.current.after.words} at most.",
        )


def _item(label: str) -> str:
    return f"An item is what the label {label} names." if label else "Each case is an item."


def _population(measure: Coverage) -> str:
    if measure.items is not None:
        return f"There are {measure.items:,} items; those of which nothing is recorded are not good."
    if measure.listed:
        return f"The items are {', '.join(measure.listed)}; those of which nothing is recorded are not good."
    return "The items are those that evidence names."
