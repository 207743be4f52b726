"""Limits and pools in bulk: many amounts split by largest remainder, many sums held to a limit, to the minor unit."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final, Self

import numpy as np

from makegood.vault.probes.columns import Column

LARGEST: Final = 2**63 - 1
NO_LIMIT: Final = LARGEST


@dataclass(frozen=True, slots=True, eq=False)
class Groups:
    """Rows that belong together and stand together, as the verdicts of one agreement and period.

    Unit: ``sizes`` are the rows of each group and ``starts`` the first of them (int64).
    """

    sizes: Column
    starts: Column

    @classmethod
    def of(cls, sizes: Column) -> Self:
        """Return groups of these sizes, one after the other.

        :raises ValueError: if a group has no row
        """
        if len(sizes) and sizes.min() < 1:
            raise ValueError("each group has at least one row")
        return cls(sizes, np.cumsum(sizes) - sizes)

    def only(self, chosen: Column | slice) -> Groups:
        """Return the chosen groups, without the rows of the others."""
        return Groups.of(self.sizes[chosen])

    def spread(self, each: Column) -> Column:
        """Return what holds for a group for each of its rows."""
        return np.repeat(each, self.sizes)

    def sums(self, amounts: Column) -> Column:
        """Return the sum of each group; in unbounded integers if one might not fit into int64."""
        if most(amounts) * most(self.sizes) > LARGEST:
            amounts = amounts.astype(object)
        return np.add.reduceat(amounts, self.starts) if len(self.starts) else amounts


def most(column: Column) -> int:
    """Return the greatest size of a column, 0 if it is empty; a Python integer, so that products of it are exact."""
    return max(abs(int(column.max())), abs(int(column.min()))) if column.size else 0


def apportioned(amounts: Column, weights: Column, groups: Groups) -> Column:
    """Return, for each row, its part of the amount of its group, in proportion to the weights.

    Unit: minor units (int64); ``amounts`` one a group, ``weights`` one a row; parts add up to their amount exactly.
    Rule: that of ``engine.money.apportionment``: by largest remainder, on a tie to the row that stands first. So the
        rows of a group are in the order of their names.

    :raises ValueError: if an amount or weight is negative, or all weights of a group are zero
    """
    if (amounts < 0).any() or (weights < 0).any() or not groups.sums(weights).all():
        raise ValueError("amounts that are not negative are split, by weights that are not negative and not all zero")
    if max(most(amounts), most(groups.sizes)) * most(weights) <= LARGEST:
        return _split(amounts, weights, groups)
    heaviest = np.maximum.reduceat(weights, groups.starts)
    fits = heaviest <= LARGEST // np.maximum(np.maximum(amounts, groups.sizes), 1)
    rows = groups.spread(fits)
    parts = np.empty(len(weights), np.int64)
    parts[rows] = _split(amounts[fits], weights[rows], groups.only(fits))
    parts[~rows] = _split(amounts[~fits].astype(object), weights[~rows].astype(object), groups.only(~fits))
    return parts


def capped(amounts: Column, limits: Column, groups: Groups, concerned: Column | None = None) -> Column:
    """Return amounts after a limit on the sum of each group.

    Unit: minor units (int64); ``limits`` one a group, ``NO_LIMIT`` where there is none.
    Rule: that of ``engine.money.cap``: a sum up to the limit stays, a greater one is split anew by largest remainder.
        ``concerned`` tells which rows the limit is about; without it all are.

    :raises ValueError: if an amount or limit is negative
    """
    weights = amounts if concerned is None else np.where(concerned, amounts, 0)
    exceeded = groups.sums(weights) > limits
    rows = np.flatnonzero(groups.spread(exceeded))
    reduced = amounts.copy()
    reduced[rows] = apportioned(limits[exceeded], weights.take(rows), groups.only(exceeded))
    return reduced if concerned is None else np.where(concerned, reduced, amounts)


def _split(amounts: Column, weights: Column, groups: Groups) -> Column:
    """Split amounts in the integers of the columns, which are wide enough for each amount times each of its weights."""
    whole = groups.spread(groups.sums(weights))
    products = groups.spread(amounts) * weights
    parts = products // whole
    rests = products - parts * whole
    left = amounts - groups.sums(parts)
    parts[_first(rests, left, groups)] += 1
    return parts


def _first(rests: Column, left: Column, groups: Groups) -> Column:
    """Return the rows of each group that have its largest remainders, as many as it has units left."""
    rows = np.flatnonzero(rests)
    group = groups.spread(np.arange(len(left)))[rows]
    span = most(rests) + 1
    wide = len(left) * span > LARGEST
    order = np.argsort((group.astype(object) if wide else group) * span - rests[rows], kind="stable")
    rows, group = rows[order], group[order]
    starts = np.searchsorted(group, np.arange(len(left)))
    return rows[np.arange(len(rows)) - starts[group] < left[group]]
