"""Reading files that other tools wrote: rows as they come, with their line, whatever the file is packed in.

Every cell is a text or None; numbers keep the digits they were written with. Nothing is read into memory as a whole.
"""

from __future__ import annotations

import csv
import gzip
import io
import json
import zipfile
import zlib
from collections.abc import Callable, Iterator, Sequence
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass
from functools import partial
from operator import itemgetter
from pathlib import Path
from typing import IO, Any, Generic, TypeVar, cast

import pyarrow as pa
import pyarrow.parquet as pq

from makegood.engine.agreement.code import Code
from makegood.engine.evidence import codes
from makegood.engine.evidence.mapping import Delimiter, Encoding, FileFormat
from makegood.engine.evidence.translate import Row
from makegood.engine.vocabulary.finding import Finding, Place

Found = TypeVar("Found")

LONGEST_LINE = 10_000_000
ROWS_AT_ONCE = 10_000

_ENCRYPTED = 0x1
_DELIMITERS = {Delimiter.COMMA: ",", Delimiter.SEMICOLON: ";", Delimiter.TAB: "\t", Delimiter.BAR: "|"}
_ENDINGS = {
    ".csv": FileFormat.CSV,
    ".tsv": FileFormat.CSV,
    ".txt": FileFormat.CSV,
    ".jsonl": FileFormat.JSONL,
    ".ndjson": FileFormat.JSONL,
    ".parquet": FileFormat.PARQUET,
}


class UnreadableFile(Exception):
    """The file cannot be read, or not any further; ``finding`` says where and why."""

    def __init__(self, finding: Finding) -> None:
        super().__init__(str(finding))
        self.finding = finding


@dataclass(frozen=True, slots=True)
class BadLine:
    """A line that is no row, and why."""

    text: str


@dataclass(frozen=True, slots=True)
class Shape:
    """How a file is written, and which columns are wanted of it."""

    columns: frozenset[str]
    format: FileFormat | None = None
    delimiter: Delimiter = Delimiter.COMMA
    encoding: Encoding = Encoding.UTF_8


@dataclass(frozen=True)
class Rows(Generic[Found]):
    """What an open file holds, with the lines it stands in, and how many of its ``size`` bytes are ``done``."""

    lines: Iterator[tuple[int, Found | BadLine]]
    size: int
    done: Callable[[], int]


@contextmanager
def open_rows(path: Path, shape: Shape) -> Iterator[Rows[Row]]:
    """Open a file of rows: CSV or JSON Lines, also packed with gzip or as the one file of a ZIP archive, or Parquet.

    :raises UnreadableFile: if it is none of these, or damaged, or lacks a column; also later, while it is read
    """
    with ExitStack() as stack:
        with _refusing(path):
            rows = _rows(stack, path, shape)
        yield rows


@contextmanager
def open_objects(path: Path) -> Iterator[Rows[dict[str, object]]]:
    """Open JSON Lines whose objects are wanted as they are; numbers with decimals stay texts.

    :raises UnreadableFile: as ``open_rows`` does
    """
    with ExitStack() as stack:
        with _refusing(path):
            text, raw = _open_text(stack, path, Encoding.UTF_8)
        yield Rows(_guarded(_json_objects(text, path), path), path.stat().st_size, raw.tell)


def _rows(stack: ExitStack, path: Path, shape: Shape) -> Rows[Row]:
    form = shape.format or _format_of(path)
    if form is FileFormat.PARQUET:
        return _parquet(stack.enter_context(_open(path)), path, shape)
    text, raw = _open_text(stack, path, shape.encoding)
    lines = _csv_rows(text, path, shape) if form is FileFormat.CSV else _json_rows(text, path, shape)
    return Rows(_guarded(lines, path), path.stat().st_size, raw.tell)


def unreadable(
    path: Path, text: str, hint: str = "", *, line: int = 1, code: Code = codes.UNREADABLE_FILE
) -> UnreadableFile:
    return UnreadableFile(code.at(Place(str(path), line, 1), text, hint))


def _format_of(path: Path) -> FileFormat:
    ending = Path(path.stem).suffix if path.suffix in (".gz", ".zip") else path.suffix
    if ending.lower() not in _ENDINGS:
        raise unreadable(
            path, f"{path.name} does not say what it is", "write format: csv, jsonl or parquet in the mapping"
        )
    return _ENDINGS[ending.lower()]


@contextmanager
def _refusing(path: Path) -> Iterator[None]:
    """Turn what goes wrong with the file itself into a finding."""
    try:
        yield
    except (gzip.BadGzipFile, EOFError, zlib.error, zipfile.BadZipFile) as error:
        raise unreadable(path, f"{path.name} is damaged ({error})", "fetch it again") from None
    except NotImplementedError as error:
        raise unreadable(path, f"{path.name} cannot be unpacked ({error})", "unpack it, and import its file") from None
    except pa.ArrowException as error:
        raise unreadable(
            path, f"{path.name} is not a Parquet file ({error})", "check the format, or fetch it again"
        ) from None


def _guarded(lines: Iterator[tuple[int, Found]], path: Path) -> Iterator[tuple[int, Found]]:
    """Yield the lines; what goes wrong on the way is told with the line after which it did."""
    line = 0
    try:
        with _refusing(path):
            for line, found in lines:
                yield line, found
    except UnicodeDecodeError as error:
        text = f"somewhere after line {line} stands a byte that is not {error.encoding}"
        raise unreadable(path, text, "write its encoding in the mapping, such as windows-1252", line=line + 1) from None


def _open(path: Path) -> IO[bytes]:
    try:
        return path.open("rb")
    except OSError as error:
        raise unreadable(path, f"{path} cannot be read ({error.strerror})", "check its name and permissions") from None


def _open_text(stack: ExitStack, path: Path, encoding: Encoding) -> tuple[io.TextIOWrapper, IO[bytes]]:
    """Return the text of a file, and the file itself, whose position tells the progress."""
    raw = stack.enter_context(_open(path))
    plain = raw
    if path.suffix == ".gz":
        plain = cast("IO[bytes]", stack.enter_context(gzip.GzipFile(fileobj=raw)))
    elif path.suffix == ".zip":
        archive = stack.enter_context(zipfile.ZipFile(raw))
        members = [member for member in archive.infolist() if not member.is_dir()]
        if len(members) != 1:
            raise unreadable(path, f"{path.name} holds {len(members)} files", "unpack it and import one of them")
        if members[0].flag_bits & _ENCRYPTED:
            raise unreadable(path, f"{path.name} is locked with a password", "unpack it, and import its file")
        plain = stack.enter_context(archive.open(members[0]))
    # The invisible mark with which some programs begin a file is no part of its first column.
    marked = "utf-8-sig" if encoding is Encoding.UTF_8 else encoding.value
    return stack.enter_context(io.TextIOWrapper(plain, encoding=marked, newline="")), raw


def _text_lines(text: io.TextIOWrapper, path: Path) -> Iterator[str]:
    for number, line in enumerate(iter(partial(text.readline, LONGEST_LINE), ""), start=1):
        if len(line) == LONGEST_LINE:
            raise unreadable(path, f"line {number} does not end", "check that this is the right file", line=number)
        yield line


def _csv_rows(text: io.TextIOWrapper, path: Path, shape: Shape) -> Iterator[tuple[int, Row | BadLine]]:
    reader = csv.reader(_text_lines(text, path), delimiter=_DELIMITERS[shape.delimiter], strict=True)
    try:
        header = next(reader, [])
    except csv.Error as error:
        raise unreadable(path, f"the header cannot be read ({error})") from None
    if not header:
        raise unreadable(path, f"{path.name} is empty", "a CSV file begins with the names of its columns")
    _refuse_missing(path, shape, header)
    names = sorted(shape.columns)
    chosen = [header.index(name) for name in names]
    # With a single index itemgetter gives no tuple.
    pick = itemgetter(*chosen) if len(chosen) > 1 else lambda cells: [cells[index] for index in chosen]
    while True:
        line = reader.line_num + 1
        try:
            cells = next(reader)
        except StopIteration:
            return
        except csv.Error as error:
            # A quote that is not closed takes the lines behind it with it: each of them is a row that was not read.
            for lost in range(line, reader.line_num + 1):
                yield (
                    lost,
                    BadLine(f"the line is not CSV ({error})" if lost == line else f"the quote in line {line} took it"),
                )
            continue
        if len(cells) == len(header):
            yield line, dict(zip(names, pick(cells), strict=True))
        elif cells:
            yield line, BadLine(f"the line has {len(cells)} cells, the header has {len(header)}")


def _refuse_missing(path: Path, shape: Shape, there: list[str]) -> None:
    missing = sorted(shape.columns - set(there))
    if missing:
        columns = f"there is no column {', '.join(missing)}"
        raise unreadable(path, columns, f"the columns are {', '.join(there)}", code=codes.NO_SUCH_COLUMN)
    twice = sorted(name for name in shape.columns if there.count(name) > 1)
    if twice:
        raise unreadable(path, f"there are several columns {', '.join(twice)}", "give each its own name")


def _json_rows(text: io.TextIOWrapper, path: Path, shape: Shape) -> Iterator[tuple[int, Row | BadLine]]:
    never_seen = set(shape.columns)
    line = 0
    for line, found in _json_objects(text, path):
        if isinstance(found, BadLine):
            yield line, found
            continue
        cells = dict(_cells(found, ""))
        never_seen -= cells.keys()
        yield line, {name: cells.get(name) for name in shape.columns}
    if never_seen and line:
        columns = f"no line has the key {', '.join(sorted(never_seen))}"
        raise unreadable(path, columns, "compare with the keys in the file", code=codes.NO_SUCH_COLUMN)


def _json_objects(text: io.TextIOWrapper, path: Path) -> Iterator[tuple[int, dict[str, Any] | BadLine]]:
    line = 0
    for line, written in enumerate(_text_lines(text, path), start=1):
        if not written.strip():
            continue
        try:
            found = json.loads(written, parse_float=str, parse_constant=_constant, object_pairs_hook=_object)
        except _KeyTwice as error:
            yield line, BadLine(f"the line has the key {error} twice")
            continue
        except (ValueError, RecursionError):
            yield line, BadLine("the line is not JSON")
            continue
        if not isinstance(found, dict):
            yield line, BadLine("the line is JSON, but not an object")
        elif "\\u" in written and not _is_text(found):
            yield line, BadLine("the line holds half a character")
        else:
            yield line, found
    if line == 0:
        raise unreadable(path, f"{path.name} is empty", "a JSON Lines file has one object a line")


def _cells(found: dict[str, Any], prefix: str) -> Iterator[tuple[str, str | None]]:
    """Yield the values of an object as cells; what is nested has a name with a point, such as ``service.name``."""
    for key, value in found.items():
        match value:
            case dict():
                yield from _cells(value, f"{prefix}{key}.")
            case bool():
                yield f"{prefix}{key}", str(value).lower()
            case list():
                yield f"{prefix}{key}", json.dumps(value, ensure_ascii=False)
            case _:
                yield f"{prefix}{key}", None if value is None else str(value)


class _KeyTwice(ValueError):
    """An object says two things under one key; which of them counts nobody can know."""


def _object(pairs: Sequence[tuple[str, Any]]) -> dict[str, Any]:
    found = dict(pairs)
    if len(found) < len(pairs):
        keys = [key for key, _ in pairs]
        raise _KeyTwice(next(repr(key) for key in keys if keys.count(key) > 1))
    return found


def _constant(word: str) -> str | None:
    """Return what stands for ``NaN``, which is how programs write a number that is not known, and for ``Infinity``."""
    return None if word == "NaN" else word


def _is_text(found: dict[str, Any]) -> bool:
    try:
        json.dumps(found, ensure_ascii=False).encode()
    except UnicodeEncodeError:
        return False
    return True


def _parquet(raw: IO[bytes], path: Path, shape: Shape) -> Rows[Row]:
    file = pq.ParquetFile(raw)
    schema = file.schema_arrow
    _refuse_missing(path, shape, schema.names)
    nested = sorted(name for name in shape.columns if pa.types.is_nested(schema.field(name).type))
    if nested:
        raise unreadable(
            path, f"the column {', '.join(nested)} holds lists or maps", "import a file with plain columns"
        )
    size, total = path.stat().st_size, max(file.metadata.num_rows, 1)
    read = 0

    def rows() -> Iterator[tuple[int, Row | BadLine]]:
        nonlocal read
        for batch in file.iter_batches(ROWS_AT_ONCE, columns=sorted(shape.columns)):
            cells = [_texts(column) for column in batch.columns]
            names = batch.schema.names
            for number, row in enumerate(zip(*cells, strict=True), start=read + 1):
                yield number, dict(zip(names, row, strict=True))
            read += batch.num_rows

    return Rows(_guarded(rows(), path), size, lambda: size * read // total)


def _texts(column: pa.Array) -> list[str | None]:
    """Return the cells of a column as texts; a double that is not a number says that it is not known."""
    texts: list[str | None] = column.cast(pa.string()).to_pylist()
    if pa.types.is_floating(column.type):
        return [None if text == "nan" else text for text in texts]
    return texts
