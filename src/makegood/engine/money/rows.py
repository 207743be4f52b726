"""Rows: the credit of a table that somebody published."""

from __future__ import annotations

from makegood.engine.agreement.shapes import Target
from makegood.engine.agreement.tables import Row, Table
from makegood.engine.vocabulary.ratio import Ratio


def matching_row(table: Table, target: Target, value: Ratio | None) -> Row | None:
    """Return the row that decides the credit of a missed value, or None if it lies in none.

    Unit: the row.
    Rule: the table is read literally: the first row that covers the value decides, with each bound exactly as it is
        written. A miss without a value takes the row nearest to the good values.
    Source: docs/explanation/money/tables.md

    >>> from makegood.engine.agreement.rates import RATE
    >>> from makegood.engine.agreement.shapes import LEVEL, TARGET
    >>> mild = Row(above=LEVEL.read("99%"), up_to=LEVEL.read("99.9%"), credit=RATE.read("10%"))
    >>> bad = Row(below=LEVEL.read("99%"), credit=RATE.read("25%"))
    >>> table, target = Table(rows=(mild, bad)), TARGET.read(">= 99.9%")
    >>> matching_row(table, target, Ratio.parse("99%")) is None
    True
    >>> str(matching_row(table, target, Ratio.parse("98.9%")).credit)
    '25 %'
    """
    return table.mildest(target) if value is None else table.first(value)
