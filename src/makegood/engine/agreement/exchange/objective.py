"""An objective of any language, as the draft of an agreement needs it."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from makegood.engine.agreement.exchange import codes
from makegood.engine.agreement.exchange.entry import Entry
from makegood.engine.agreement.exchange.window import Window
from makegood.engine.vocabulary.ratio import Ratio

GOOD = "good"

# What a cluster writes into the metadata of its objects.
OF_CLUSTER = (
    *("creationTimestamp", "deletionTimestamp", "finalizers", "generateName", "generation", "managedFields"),
    *("ownerReferences", "resourceVersion", "selfLink", "uid"),
)
OF_CLUSTER_ONLY = "it is what a cluster knows of its object"

# Terms of a measure under their keys in the language: single values, lists of words, or maps of such.
Terms = Mapping[str, object]


@dataclass(frozen=True, slots=True)
class Query:
    """A query of somebody else's tool, which nobody here can run: what it gives, and its text."""

    gives: str
    text: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Stream:
    """The evidence of an objective by the name that its records carry; two streams are one if all of this is equal."""

    name: str
    queries: tuple[Query, ...] = ()
    key: str = "of"

    @property
    def is_case(self) -> bool:
        return self.key == "cases"


@dataclass(frozen=True, slots=True, kw_only=True)
class Objective:
    """One promise of another language; ``source`` is where it stands, ``also`` what its promise has to say besides."""

    source: Entry
    origin: str
    name: str
    service: str
    title: str
    description: str
    also: str
    stream: Stream
    measure: Terms
    target: Ratio
    ceiling: bool = False
    window: Window | None = None

    @property
    def is_availability(self) -> bool:
        return self.measure["kind"] == "availability"


def percentage(share: Ratio) -> str:
    """Return a share as the language writes it, exactly.

    >>> percentage(Ratio(9995, 10000))
    '99.95%'
    """
    return f"{share * 100}%"


def share(source: Entry, key: str, number: Ratio, whole: int) -> Ratio:
    """Return a number of ``whole`` as a share.

    :raises LeftOut: if it is more than the whole
    """
    if number > whole:
        source.refuse(codes.NOT_UNDERSTOOD, f"{key}: {number} is more than {whole}", "check the unit", key)
    return number / whole
