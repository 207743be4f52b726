"""A list as a file: CSV for people, XLSX for those who calculate, Parquet for programs."""

from __future__ import annotations

import csv
import io
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass
from datetime import date, datetime
from operator import attrgetter
from typing import Final

import pyarrow as pa
import pyarrow.parquet as pq
from django.http import Http404, HttpResponse
from openpyxl import Workbook
from openpyxl.cell.cell import ILLEGAL_CHARACTERS_RE

_LEADING: Final = ("=", "+", "-", "@", "\t", "\r")
"""What a spreadsheet would take for a formula."""


@dataclass(frozen=True, slots=True)
class Listed:
    """The heads and the rows of a list; an empty list has heads, too."""

    heads: tuple[str, ...]
    rows: tuple[tuple[object, ...], ...]


def listed(found: Iterable[object], *names: str, **elsewhere: str) -> Listed:
    """List objects by their attributes; ``elsewhere`` names heads that are reached by dots, as in ``by="person.name"``.

    >>> listed([date(2026, 3, 1)], "year", "month", born_in="__class__.__name__")
    Listed(heads=('born_in', 'year', 'month'), rows=(('date', 2026, 3),))
    """
    columns: Mapping[str, str] = {**elsewhere, **{name: name for name in names}}
    reads = [attrgetter(each) for each in columns.values()]
    return Listed(tuple(columns), tuple(tuple(read(each) for read in reads) for each in found))


def as_file(content: Listed, *, name: str, ending: str) -> HttpResponse | None:
    """Return a list as a file to keep, or nothing for an ending that we do not write."""
    kind, write = _WRITERS.get(ending, ("", None))
    if write is None:
        return None
    answer = HttpResponse(write(content), content_type=kind)
    answer["Content-Disposition"] = f'attachment; filename="{name}.{ending}"'
    return answer


def handed_out(content: Listed | None, *, name: str, ending: str) -> HttpResponse:
    """Return a list as a file; where there is no list or no such file, there is nothing."""
    answer = content and as_file(content, name=name, ending=ending)
    if not answer:
        raise Http404
    return answer


def _csv(content: Listed) -> bytes:
    target = io.StringIO()
    writer = csv.writer(target)
    writer.writerow(content.heads)
    writer.writerows([_plain(value) for value in row] for row in content.rows)
    return target.getvalue().encode("utf-8-sig")


def _xlsx(content: Listed) -> bytes:
    book = Workbook(write_only=True)
    sheet = book.create_sheet("Makegood")
    sheet.append(content.heads)
    for row in content.rows:
        sheet.append([value if isinstance(value, int) else _plain(value) for value in row])
    target = io.BytesIO()
    book.save(target)
    return target.getvalue()


def _parquet(content: Listed) -> bytes:
    columns = zip(*content.rows, strict=True) if content.rows else ([] for _ in content.heads)
    target = io.BytesIO()
    pq.write_table(
        pa.table({head: _array(column) for head, column in zip(content.heads, columns, strict=True)}), target
    )
    return target.getvalue()


def _array(column: Iterable[object]) -> pa.Array:
    """Return a column with its type; one that holds nothing but emptiness is text."""
    values = [*_known(column)]
    return pa.array(values, pa.string() if all(each is None for each in values) else None)


def _known(column: Iterable[object]) -> Iterator[object]:
    for each in column:
        yield each if each is None or isinstance(each, str | int | datetime | date) else str(each)


def _plain(value: object) -> str:
    """Return a value as text that no spreadsheet takes for a formula."""
    if isinstance(value, datetime):
        return value.isoformat(timespec="seconds")
    text = "" if value is None else ILLEGAL_CHARACTERS_RE.sub("\ufffd", str(value))
    return f"'{text}" if text.startswith(_LEADING) and not isinstance(value, int) else text


_WRITERS: Final[dict[str, tuple[str, Callable[[Listed], bytes]]]] = {
    "csv": ("text/csv; charset=utf-8", _csv),
    "xlsx": ("application/vnd.openxmlformats-officedocument.spreadsheetml.sheet", _xlsx),
    "parquet": ("application/vnd.apache.parquet", _parquet),
}
