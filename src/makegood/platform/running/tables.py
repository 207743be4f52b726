"""The tables of the database as text, each in the order of its keys: the same rows give the same bytes anywhere."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from graphlib import TopologicalSorter
from typing import Any

from psycopg import Cursor, sql

WRITES_ALIKE = (
    "SET LOCAL datestyle TO 'ISO, YMD'",
    "SET LOCAL timezone TO 'UTC'",
    "SET LOCAL intervalstyle TO 'postgres'",
    "SET LOCAL bytea_output TO 'hex'",
    "SET LOCAL extra_float_digits TO 1",
    "SET LOCAL statement_timeout TO 0",
)


@dataclass(frozen=True, slots=True)
class Table:
    """A table with the columns that are stored and those it is ordered by."""

    name: str
    columns: tuple[str, ...]
    key: tuple[str, ...]


def tables(cursor: Cursor[tuple[Any, ...]]) -> list[Table]:
    """Return the tables of this database, those that others refer to first."""
    cursor.execute(
        """
        SELECT t.relname,
               (SELECT array_agg(a.attname::text ORDER BY a.attnum) FROM pg_attribute a
                 WHERE a.attrelid = t.oid AND a.attnum > 0 AND NOT a.attisdropped AND a.attgenerated = ''),
               (SELECT array_agg(a.attname::text ORDER BY a.attnum) FROM pg_index i
                  JOIN pg_attribute a ON a.attrelid = t.oid AND a.attnum = ANY (i.indkey)
                 WHERE i.indrelid = t.oid AND i.indisprimary),
               (SELECT array_agg(DISTINCT o.relname::text) FROM pg_constraint c JOIN pg_class o ON o.oid = c.confrelid
                 WHERE c.conrelid = t.oid AND c.contype = 'f' AND o.oid <> t.oid)
          FROM pg_class t
         WHERE t.relkind = 'r' AND t.relnamespace = current_schema()::regnamespace
         ORDER BY t.relname
        """
    )
    found: dict[str, Table] = {}
    behind: dict[str, list[str]] = {}
    for name, columns, key, needs in cursor.fetchall():
        found[name] = Table(name, _names(columns), _names(key or columns))
        behind[name] = list(_names(needs or ()))
    return [found[name] for name in TopologicalSorter(behind).static_order()]


def rows_of(cursor: Cursor[tuple[Any, ...]], table: Table) -> Iterator[bytes]:
    """Yield the rows of a table as PostgreSQL's COPY writes them."""
    query = sql.SQL("COPY (SELECT {} FROM {} ORDER BY {}) TO STDOUT").format(
        _listed(table.columns), sql.Identifier(table.name), sql.SQL(", ").join(map(_alike, table.key))
    )
    with cursor.copy(query) as copy:
        for block in copy:
            yield bytes(block)


def put_rows(cursor: Cursor[tuple[Any, ...]], table: Table, rows: Iterable[bytes]) -> None:
    """Put rows into a table as ``rows_of`` gave them."""
    query = sql.SQL("COPY {} ({}) FROM STDIN").format(sql.Identifier(table.name), _listed(table.columns))
    with cursor.copy(query) as copy:
        for block in rows:
            copy.write(block)


def counters(cursor: Cursor[tuple[Any, ...]]) -> dict[str, int]:
    """Return the last number that each counter gave; those that gave none yet are left out."""
    cursor.execute(
        "SELECT sequencename::text, last_value FROM pg_sequences"
        " WHERE schemaname = current_schema() AND last_value IS NOT NULL ORDER BY 1"
    )
    return {str(name): int(value) for name, value in cursor.fetchall()}


def set_counters(cursor: Cursor[tuple[Any, ...]], given: dict[str, int]) -> None:
    """Let each counter go on behind the last number that it gave."""
    for name, value in given.items():
        cursor.execute("SELECT setval(quote_ident(%s)::regclass, %s)", [name, value])


def _listed(names: Iterable[str]) -> sql.Composed:
    return sql.SQL(", ").join(map(sql.Identifier, names))


def _alike(name: str) -> sql.Composed:
    """Return how a column is sorted, which must not depend on the language of a server."""
    return sql.SQL('{}::text COLLATE "C"').format(sql.Identifier(name))


def _names(value: Iterable[str]) -> tuple[str, ...]:
    return tuple(map(str, value))
