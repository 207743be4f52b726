"""Checks of published tables: what lies in no row, in two, on the wrong side, or pays less for worse."""

from __future__ import annotations

from collections.abc import Iterator
from itertools import combinations, islice

from makegood.engine.agreement import stake_codes
from makegood.engine.agreement import table_codes as codes
from makegood.engine.agreement.draft import Draft
from makegood.engine.agreement.places import Path
from makegood.engine.agreement.rates import pays_less
from makegood.engine.agreement.shapes import Target
from makegood.engine.agreement.tables import Row, Span, Table, merged
from makegood.engine.vocabulary.finding import Finding

MOST_ROWS = codes.MOST_ROWS


def _tables(draft: Draft) -> Iterator[tuple[Path, Target, Table]]:
    """Yield the path, the target and the table of each stake that has one."""
    for name, outcome in draft.outcomes.items():
        if outcome.stake is not None and outcome.stake.table is not None:
            yield ("outcomes", name, "stake", "table"), outcome.target, outcome.stake.table


def _comparable(draft: Draft) -> Iterator[tuple[Path, Target, Table]]:
    """Yield those that are short enough, and whose levels have the unit of their target."""
    for path, target, table in _tables(draft):
        if len(table.rows) > MOST_ROWS:
            continue
        levels = [level for row in table.rows for level in row.bounds.values()]
        levels += [level for level in (table.least, table.most) if level is not None]
        if all(level.unit is target.level.unit for level in levels):
            yield path, target, table


def length(draft: Draft) -> Iterator[Finding]:
    """A table has no more rows than a person can compare."""
    for path, _, table in _tables(draft):
        if len(table.rows) > MOST_ROWS:
            text = f"the table has {len(table.rows)} rows, {MOST_ROWS} are the most"
            yield codes.TOO_MANY_ROWS.at(draft.at(*path, "rows"), text, "write per_unit, if it rises evenly")


def units(draft: Draft) -> Iterator[Finding]:
    """The levels of a table have the unit of the target."""
    for path, target, table in _tables(draft):
        written: list[tuple[Path, str, str]] = [
            ((*path, "rows", number, key), f"{key.replace('_', ' ')} {level}", level.unit)
            for number, row in enumerate(table.rows)
            for key, level in row.bounds.items()
        ]
        ends = (("least", table.least), ("most", table.most))
        written += [((*path, key), f"{key} {level}", level.unit) for key, level in ends if level is not None]
        for at, shown, unit in written:
            if unit != target.level.unit:
                text = f"{shown} is a {unit}, the target {target} is a {target.level.unit}"
                yield stake_codes.TIER_UNIT.at(draft.at(*at), text, "write both in the same unit")


def direction(draft: Draft) -> Iterator[Finding]:
    """The target is met by the better values."""
    for path, target, table in _comparable(draft):
        if table.higher_is_better(target) is not target.higher_is_better:
            text = f"{table.better} values are better, and the target {target} is met by the others"
            yield codes.TARGET_DIRECTION.at(draft.at(*path[:2], "target"), text, "check the sign")


def gaps(draft: Draft) -> Iterator[Finding]:
    """Every value that misses the target lies in a row."""
    for path, target, table in _comparable(draft):
        uncovered = (
            (piece, table.first(piece.inside) is None and not target.is_met_by(piece.inside))
            for piece in table.pieces(target)
        )
        for gap in merged(uncovered):
            text = f"{gap.words(target.level.unit)}: missed, and in no row"
            yield codes.TABLE_GAP.at(draft.at(*path, "rows"), text, "read literally, such a miss pays nothing")


def rows(draft: Draft) -> Iterator[Finding]:
    """Each row covers missed values, and no row covers those of another."""
    for path, target, table in _comparable(draft):
        pieces, unit = table.pieces(target), target.level.unit
        for number, row in enumerate(table.rows):
            place = draft.at(*path, "rows", number)
            if not any(row.covers(piece.inside) for piece in pieces):
                yield codes.ROW_OF_NOTHING.at(place, f"no value is {row}", "check its bounds")
            met = ((piece, row.covers(piece.inside) and target.is_met_by(piece.inside)) for piece in pieces)
            for span in merged(met):
                text = f"{span.words(unit)}: in this row, and meets the target {target}"
                yield codes.ROW_OF_MET_VALUES.at(place, text, "met values pay nothing")
        for (_, first), (number, second) in combinations(enumerate(table.rows), 2):
            for span in merged(_shared(pieces, first, second)):
                text = f"{span.words(unit)}: in this row, and in one before it"
                place = draft.at(*path, "rows", number)
                yield codes.TABLE_OVERLAP.at(place, text, "the row that comes first pays")


def _shared(pieces: tuple[Span, ...], first: Row, second: Row) -> Iterator[tuple[Span, bool]]:
    for piece in pieces:
        yield piece, first.covers(piece.inside) and second.covers(piece.inside)


def monotony(draft: Draft) -> Iterator[Finding]:
    """No row pays less than one for better values."""
    for path, target, table in _comparable(draft):
        reach = [_reach(row, table, target) for row in table.rows]
        for number, worse in enumerate(table.rows):
            better = (
                row
                for row, reached in zip(table.rows, reach, strict=True)
                if _below(reach[number], reached) and pays_less(worse.credit, row.credit)
            )
            for row in islice(better, 1):
                text = f"{worse} pays {worse.credit}, but {row} pays {row.credit}"
                place = draft.at(*path, "rows", number, "credit")
                yield codes.TABLE_NOT_MONOTONIC.at(place, text, "let a worse miss pay as much or more")


def _below(worse: tuple[int, int] | None, better: tuple[int, int] | None) -> bool:
    """Tell whether a row lies below another: its worst or its best value is worse, and neither is better."""
    return (
        worse is not None and better is not None and worse != better and worse[0] <= better[0] and worse[1] <= better[1]
    )


def _reach(row: Row, table: Table, target: Target) -> tuple[int, int] | None:
    """Return the worst and the best piece that a row covers, by their ranks: a higher rank is better."""
    pieces = table.pieces(target)
    ordered = pieces if table.higher_is_better(target) else tuple(reversed(pieces))
    ranks = [rank for rank, piece in enumerate(ordered) if row.covers(piece.inside)]
    return (min(ranks), max(ranks)) if ranks else None
