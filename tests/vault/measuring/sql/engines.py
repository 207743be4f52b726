"""Engines that understand our SQL: DuckDB in this process, and Sail, which speaks Spark's, through Arrow Flight SQL."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any, Protocol

import duckdb
import pyarrow as pa
import pyarrow.parquet as pq
from pyarrow import flight
from pysail.flight import FlightSqlServer

Rows = list[tuple[Any, ...]]


class Engine(Protocol):
    def rows(self, query: str, tables: Mapping[str, pa.Table]) -> Rows:
        """Return the rows of the answer, given the tables that the query names."""


class DuckDB:
    """A data base in memory, while the ``with`` statement lasts."""

    def __init__(self, connection: duckdb.DuckDBPyConnection) -> None:
        self._connection = connection

    @classmethod
    @contextmanager
    def started(cls) -> Iterator[DuckDB]:
        with duckdb.connect() as connection:
            yield cls(connection)

    def rows(self, query: str, tables: Mapping[str, pa.Table]) -> Rows:
        for name, table in tables.items():
            self._connection.register(name, table)
        return _rows(self._connection.sql(query).to_arrow_table())


class Sail:
    """A server of its own, while the ``with`` statement lasts; tables reach it as files."""

    def __init__(self, client: flight.FlightClient) -> None:
        self._client = client

    @classmethod
    @contextmanager
    def started(cls) -> Iterator[Sail]:
        server = FlightSqlServer()
        server.start(background=True)
        try:
            _, port = server.listening_address
            with flight.FlightClient(f"grpc://127.0.0.1:{port}") as client:
                yield cls(client)
        finally:
            server.stop()

    def rows(self, query: str, tables: Mapping[str, pa.Table]) -> Rows:
        with TemporaryDirectory() as folder:
            for name, table in tables.items():
                path = Path(folder) / f"{name}.parquet"
                pq.write_table(table, path)
                self.answer(f"CREATE OR REPLACE TEMPORARY VIEW {name} USING parquet OPTIONS (path '{path}')")
            return _rows(self.answer(query))

    def answer(self, query: str) -> pa.Table:
        # A message of Flight SQL: Any(type_url, value=CommandStatementQuery(query)). A driver for it would be one more
        # dependency, for two fields.
        name = b"type.googleapis.com/arrow.flight.protocol.sql.CommandStatementQuery"
        command = _field(1, name) + _field(2, _field(1, query.encode()))
        info = self._client.get_flight_info(flight.FlightDescriptor.for_command(command))
        return pa.concat_tables([self._client.do_get(each.ticket).read_all() for each in info.endpoints])


def _field(number: int, content: bytes) -> bytes:
    """Return a field of a protobuf message that holds bytes."""
    length, rest = b"", len(content)
    while rest > 127:
        length, rest = length + bytes([rest & 127 | 128]), rest >> 7
    return bytes([number << 3 | 2]) + length + bytes([rest]) + content


def _rows(table: pa.Table) -> Rows:
    wide = {str(kind) for kind in table.schema.types} - {"int32", "int64", "string"}
    assert not wide, f"an answer has whole numbers and names, not {wide}"
    return [tuple(row.values()) for row in table.to_pylist()]
