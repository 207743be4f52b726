"""Scope: what is in and out of an agreement, and where, when and how it is provided."""

from __future__ import annotations

from dataclasses import dataclass

from makegood.engine.agreement.grammar import ListOf, clause
from makegood.engine.agreement.shapes import SLUG, TITLE

LINES = ListOf(TITLE, or_one=True, least=1)


@dataclass(frozen=True, slots=True, kw_only=True)
class Scope:
    """The boundaries of the engagement, by functions and services."""

    in_: tuple[str, ...] = clause(LINES, "What the provider does, line by line.", key="in", default=())
    out: tuple[str, ...] = clause(LINES, "What it does not do, line by line.", default=())
    where: tuple[str, ...] = clause(LINES, "The places at which it is provided.", default=())
    when: str = clause(SLUG, "The calendar of its hours, or `always`.", default="")
    how: tuple[str, ...] = clause(LINES, "The channels by which the provider is reached.", default=())
