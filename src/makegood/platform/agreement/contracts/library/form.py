"""A form over the text of an agreement: its single values by their place, changed without touching the rest."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Final

from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from makegood.engine.agreement.filling import UnableToFill, filled, values_of
from makegood.engine.agreement.terms import Kind

_NAME: Final = r'[a-z0-9-]+|"[^"]+"'


@dataclass(frozen=True, slots=True)
class Field:
    """A value of the text: where it stands, what it is called, and how it is typed."""

    path: str
    label: str
    value: str
    kind: str = "text"
    choices: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Group:
    """Values that belong together."""

    title: str
    fields: tuple[Field, ...]


class UnableToApply(Exception):
    """A value of the form has no place in the text; the sentence names it."""


_WHOLE: Final[tuple[tuple[str, str | Promise, str], ...]] = (
    ("title", gettext_lazy("title"), "text"),
    ("agreement", gettext_lazy("identifier"), "text"),
    ("kind", gettext_lazy("kind"), "choice"),
)
_PARTIES: Final[tuple[tuple[str, str | Promise, str], ...]] = (
    ("parties.provider", gettext_lazy("provider"), "party"),
    ("parties.provider.id", gettext_lazy("provider"), "party"),
    ("parties.provider.name", gettext_lazy("name of the provider in documents"), "text"),
    ("parties.customer", gettext_lazy("customer"), "party"),
    ("parties.customer.id", gettext_lazy("customer"), "party"),
    ("parties.customer.name", gettext_lazy("name of the customer in documents"), "text"),
)
_TERM: Final[tuple[tuple[str, str | Promise, str], ...]] = (
    ("term.from", gettext_lazy("first day"), "date"),
    ("term.until", gettext_lazy("day after the last"), "date"),
    ("term.months", gettext_lazy("months"), "number"),
    ("term.timezone", gettext_lazy("time zone"), "text"),
    ("amendment.effective", gettext_lazy("this version is in force from"), "date"),
    ("amendment.reason", gettext_lazy("why it is amended"), "text"),
)
_MONEY: Final[tuple[tuple[str, str | Promise, str], ...]] = (
    ("money.currency", gettext_lazy("currency"), "text"),
    ("money.at_risk.percent", gettext_lazy("share of the fee at risk"), "text"),
)
_DESK: Final[tuple[tuple[str, str | Promise, str], ...]] = (
    ("desk.updates_on", gettext_lazy("calendar of updates"), "text"),
    ("desk.confirmed_after", gettext_lazy("a resolved case is closed after"), "text"),
    ("hours.support.each_period", gettext_lazy("support in each period"), "text"),
    ("hours.flex.each_period", gettext_lazy("flex time in each period"), "text"),
    ("hours.flex.cap", gettext_lazy("flex time saved up at most"), "text"),
)
_UPDATES: Final = re.compile(r"desk\.updates\.(.+)")
_FEES: Final = re.compile(rf"services\.({_NAME})\.fee\.monthly")
_CAPS: Final = re.compile(r"caps\[(\d+)\]\.at")
_OUTCOME: Final = re.compile(rf"outcomes\.({_NAME})\.(.+)")
_PIECES: Final[tuple[tuple[re.Pattern[str], str | Promise], ...]] = (
    (re.compile(r"promise"), gettext_lazy("promise")),
    (re.compile(r"target"), gettext_lazy("target")),
    (re.compile(r"measure\.limit"), gettext_lazy("limit")),
    (re.compile(r"measure\.limits\.(.+)"), gettext_lazy("limit for %s")),
    (re.compile(r"stake\.weight"), gettext_lazy("weight")),
    (re.compile(r"stake\.at_most"), gettext_lazy("credit at most")),
    (re.compile(r"stake\.per_unit\.credit"), gettext_lazy("credit for each unit")),
    (re.compile(r"stake\.per_event\.credit"), gettext_lazy("credit for each event")),
    (re.compile(r"stake\.tiers\[(\d+)\]\.below"), gettext_lazy("tier %s: below")),
    (re.compile(r"stake\.tiers\[(\d+)\]\.credit"), gettext_lazy("tier %s: credit")),
)


def groups_of(text: str, parties: tuple[str, ...] = ()) -> tuple[Group, ...]:
    """Return the values of a text that a form shows; of one that is no YAML none. ``parties`` may be chosen."""
    has = values_of(text)
    money = (
        *_named(has, _MONEY, parties),
        *_matched(has, _FEES, _("monthly fee of %s")),
        *_matched(has, _CAPS, _("cap %s")),
    )
    desk = (*_matched(has, _UPDATES, _("update on cases of priority %s every")), *_named(has, _DESK, parties))
    found = (
        Group(_("Agreement"), tuple(_named(has, _WHOLE, parties))),
        Group(_("Parties"), tuple(_named(has, _PARTIES, parties))),
        Group(_("Term"), tuple(_named(has, _TERM, parties))),
        Group(_("Money"), money),
        *_outcomes(has),
        Group(_("Service desk"), desk),
    )
    return tuple(group for group in found if group.fields)


def applied(text: str, values: Mapping[str, str]) -> str:
    """Return a text with other values at some places.

    :raises UnableToApply: if a value has no place there
    """
    try:
        return filled(text, {path: " ".join(value.split()) for path, value in values.items()})
    except UnableToFill as refusal:
        raise UnableToApply(_("“%s” cannot be changed in the form; change it in the text.") % refusal.path) from None


def _named(
    has: Mapping[str, str], wanted: tuple[tuple[str, str | Promise, str], ...], parties: tuple[str, ...]
) -> Iterator[Field]:
    for path, label, kind in wanted:
        if path not in has:
            continue
        if kind == "choice":
            yield Field(path, str(label), has[path], "choice", tuple(each.value for each in Kind))
        elif kind == "party" and parties:
            yield Field(path, str(label), has[path], "choice", tuple(dict.fromkeys((has[path], *parties))))
        else:
            yield Field(path, str(label), has[path], kind if kind in {"date", "number"} else "text")


def _matched(has: Mapping[str, str], pattern: re.Pattern[str], label: str) -> Iterator[Field]:
    for path, value in has.items():
        found = pattern.fullmatch(path)
        if found:
            yield Field(path, label % _counted(found[1]), value)


def _outcomes(has: Mapping[str, str]) -> Iterator[Group]:
    fields: dict[str, list[Field]] = {}
    for path, value in has.items():
        found = _OUTCOME.fullmatch(path)
        for piece, label in _PIECES if found is not None else ():
            match = piece.fullmatch(found[2]) if found is not None else None
            if found is not None and match is not None:
                shown = str(label) % _counted(match[1]) if match.groups() else str(label)
                fields.setdefault(found[1], []).append(Field(path, shown, value))
    for name, each in fields.items():
        yield Group(_("Outcome %s") % name, tuple(each))


def _counted(which: str) -> str:
    """Return a name, or the number of something in a list as people count."""
    return str(int(which) + 1) if which.isdigit() else which
