"""Lakehouses: an export as a table of Delta or Iceberg, which are extras, or as a plain file of Parquet.

A table is written in one commit, as its rows come; what a kill leaves before it are files that no table names.
"""

from __future__ import annotations

import shutil
from collections.abc import Callable, Iterator
from contextlib import closing
from enum import StrEnum
from pathlib import Path
from typing import Final

import pyarrow as pa
import pyarrow.parquet as pq

from makegood.vault.durable import PART
from makegood.vault.export import Rows
from makegood.vault.refusals import UnableToUseVault, UnableToWrite

Writer = Callable[[Path, pa.RecordBatchReader], str]

_NAMESPACE = "makegood"
_FILE_SIZE = "67108864"  # bytes in memory, of which Iceberg's writer holds so many at a time


class TableFormat(StrEnum):
    PARQUET = "parquet"
    DELTA = "delta"
    ICEBERG = "iceberg"


class FormatNotInstalled(UnableToUseVault):
    def __init__(self, form: TableFormat) -> None:
        super().__init__(f"tables of {form} need one package more: pip install 'makegood[vault,{form}]'")
        self.form = form


class TargetNotEmpty(UnableToUseVault):
    def __init__(self, path: Path) -> None:
        super().__init__(f"{path} holds something already; name a new or an empty folder to export to")
        self.path = path


def new_folder(path: Path) -> None:
    """Make a folder to export to.

    :raises TargetNotEmpty: if it is there and holds anything: exporting twice would double rows
    :raises UnableToWrite: if it cannot be made
    """
    try:
        path.mkdir(parents=True, exist_ok=True)
        if any(path.iterdir()):
            raise TargetNotEmpty(path)
    except OSError as error:
        raise UnableToWrite(path, error) from error


def writer_of(form: TableFormat) -> Writer:
    """Return what writes tables of a format.

    :raises FormatNotInstalled: if the package for it is missing
    """
    try:
        return _WRITERS[form]()
    except ImportError:
        raise FormatNotInstalled(form) from None


def write_table(write: Writer, path: Path, rows: Rows) -> str:
    """Write rows as a table at a path where nothing is, and return by what it is opened: its folder, or a file.

    :raises UnableToUseVault: if a row cannot be read; then nothing is left of the table
    """
    failures: list[UnableToUseVault] = []

    def batches() -> Iterator[pa.RecordBatch]:
        try:
            yield from rows.batches
        except UnableToUseVault as error:
            failures.append(error)  # a writer may say in words of its own that it was given nothing
            raise

    path.mkdir()
    try:
        return write(path, pa.RecordBatchReader.from_batches(rows.schema, batches()))
    except Exception:
        shutil.rmtree(path)
        if failures:
            raise failures[0] from None
        raise


def _parquet() -> Writer:
    def write(path: Path, rows: pa.RecordBatchReader) -> str:
        file = path / f"{path.name}.parquet"
        part = file.with_name(file.name + PART)
        with pq.ParquetWriter(part, rows.schema, compression="zstd") as writer:
            for batch in rows:
                writer.write_batch(batch)
        part.replace(file)
        return str(file)

    return write


def _delta() -> Writer:
    from deltalake import write_deltalake  # noqa: PLC0415  # an extra

    def write(path: Path, rows: pa.RecordBatchReader) -> str:
        write_deltalake(path, rows)
        return str(path)

    return write


def _iceberg() -> Writer:
    from pyiceberg.catalog.sql import SqlCatalog  # noqa: PLC0415  # an extra

    def write(path: Path, rows: pa.RecordBatchReader) -> str:
        place = path.resolve().as_uri()
        # A table needs a catalogue while it is written; the one that will keep it is for its owner to name.
        with closing(SqlCatalog("export", uri="sqlite:///:memory:", warehouse=place)) as catalogue:
            catalogue.create_namespace(_NAMESPACE)
            name, properties = f"{_NAMESPACE}.{path.name}", {"write.target-file-size-bytes": _FILE_SIZE}
            table = catalogue.create_table(name, schema=rows.schema, location=place, properties=properties)
            table.append(rows)
            return str(table.metadata_location)

    return write


_WRITERS: Final[dict[TableFormat, Callable[[], Writer]]] = {
    TableFormat.PARQUET: _parquet,
    TableFormat.DELTA: _delta,
    TableFormat.ICEBERG: _iceberg,
}
