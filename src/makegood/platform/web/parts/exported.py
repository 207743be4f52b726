"""Lists as files: CSV for people, XLSX for those who calculate, Parquet for programs. All sites have them."""

from __future__ import annotations

import csv
import io
from collections.abc import Callable, Iterable, Sequence
from datetime import datetime
from typing import Any, Final

import pyarrow as pa
import pyarrow.parquet as pq
from django.http import Http404, HttpResponse
from django.shortcuts import get_object_or_404
from django.urls import URLPattern, path
from openpyxl import Workbook
from openpyxl.cell.cell import ILLEGAL_CHARACTERS_RE

from makegood.platform.agreement.contracts.models import Contract
from makegood.platform.agreement.contracts.queries import contracts
from makegood.platform.evidence.intake.queries import batches, disputes, exclusions
from makegood.platform.judging.periods.queries import periods
from makegood.platform.judging.verdicts.queries import latest_verdicts, sees_money
from makegood.platform.money.settlement.queries import corrective_actions, statements
from makegood.platform.tenancy.viewer import Site, Viewer
from makegood.platform.web.doors import Request, door

Row = dict[str, Any]
_LEADING: Final = ("=", "+", "-", "@", "\t", "\r")
"""What a spreadsheet would take for a formula."""


def addresses(site: Site) -> list[URLPattern]:
    """Return the addresses of these files at a site."""
    return [path("agreements/<slug:slug>/export/<slug:what>.<slug:ending>", door(site)(export), name="export")]


def export(request: Request, slug: str, what: str, ending: str) -> HttpResponse:
    """Hand out a list of an agreement as a file."""
    contract = get_object_or_404(contracts(viewer=request.viewer), slug=slug)
    rows, write = _LISTS.get(what), _WRITERS.get(ending)
    if rows is None or write is None:
        raise Http404
    listed = rows(request.viewer, contract)
    if listed is None:
        raise Http404
    answer = HttpResponse(write[1](listed), content_type=write[0])
    answer["Content-Disposition"] = f'attachment; filename="{slug}-{what}.{ending}"'
    return answer


def _periods(viewer: Viewer, contract: Contract) -> list[Row]:
    money = sees_money(viewer=viewer, contract=contract)
    names = ("label", "starts_at", "ends_at", "closes_at", "state", "closed_at")
    amounts = ("fee", "at_risk", "credit", "currency") if money else ()
    return _listed(periods(viewer=viewer, contract=contract), (*names, *amounts))


def _verdicts(viewer: Viewer, contract: Contract) -> list[Row]:
    names = ["outcome", "stage", "ruling", "shown", "target", "coverage", "snapshot", "digest", "judged_at"]
    names += ["credit", "currency"] if sees_money(viewer=viewer, contract=contract) else []
    found = latest_verdicts(viewer=viewer, contract=contract)
    return [{"period": each.period.label, **row} for each, row in zip(found, _listed(found, names), strict=True)]


def _statements(viewer: Viewer, contract: Contract) -> list[Row] | None:
    if not sees_money(viewer=viewer, contract=contract):
        return None
    return [
        {
            "statement": each.run,
            "issued_at": each.issued_at,
            "in_period": line["in_period"],
            "for_period": line["for_period"],
            "line": line["outcome"],
            "cause": line["cause"],
            "minor": line["amount"]["minor"],
            "currency": line["amount"]["currency"],
        }
        for each in statements(viewer=viewer, contract=contract)
        for line in each.lines
    ]


def _evidence(viewer: Viewer, contract: Contract) -> list[Row]:
    names = ("received_at", "name", "source", "received_by", "records", "known", "refused", "sha256", "entry")
    return _listed(batches(viewer=viewer, contract=contract), names)


def _disputes(viewer: Viewer, contract: Contract) -> list[Row]:
    names = ("raised_at", "period", "outcome", "record", "reason", "state", "answer_by", "decided_at", "decision")
    return _listed(disputes(viewer=viewer, contract=contract), names)


def _exclusions(viewer: Viewer, contract: Contract) -> list[Row]:
    names = ("cause", "subject", "starts_at", "ends_at", "reason", "announced_at", "state", "decided_at")
    return _listed(exclusions(viewer=viewer, contract=contract), names)


def _actions(viewer: Viewer, contract: Contract) -> list[Row]:
    names = ("outcome", "cause", "action", "due_date", "done_at", "written_at")
    return _listed(corrective_actions(viewer=viewer, contract=contract), names)


def _listed(found: Iterable[object], names: Sequence[str]) -> list[Row]:
    return [{name: getattr(each, name) for name in names} for each in found]


def _csv(rows: Sequence[Row]) -> bytes:
    target = io.StringIO()
    writer = csv.writer(target)
    writer.writerow(_heads(rows))
    writer.writerows([_plain(value) for value in row.values()] for row in rows)
    return target.getvalue().encode("utf-8-sig")


def _xlsx(rows: Sequence[Row]) -> bytes:
    book = Workbook(write_only=True)
    sheet = book.create_sheet("Makegood")
    sheet.append(_heads(rows))
    for row in rows:
        sheet.append([value if isinstance(value, int) else _plain(value) for value in row.values()])
    target = io.BytesIO()
    book.save(target)
    return target.getvalue()


def _parquet(rows: Sequence[Row]) -> bytes:
    target = io.BytesIO()
    pq.write_table(pa.Table.from_pylist([*rows]), target)
    return target.getvalue()


def _heads(rows: Sequence[Row]) -> list[str]:
    return list(rows[0]) if rows else []


def _plain(value: object) -> str:
    """Return a value as text that no spreadsheet takes for a formula."""
    if isinstance(value, datetime):
        return value.isoformat(timespec="seconds")
    text = "" if value is None else ILLEGAL_CHARACTERS_RE.sub("\ufffd", str(value))
    return f"'{text}" if text.startswith(_LEADING) and not isinstance(value, int) else text


_LISTS: Final[dict[str, Callable[[Viewer, Contract], list[Row] | None]]] = {
    "periods": _periods,
    "verdicts": _verdicts,
    "statements": _statements,
    "evidence": _evidence,
    "disputes": _disputes,
    "exclusions": _exclusions,
    "actions": _actions,
}
_WRITERS: Final[dict[str, tuple[str, Callable[[Sequence[Row]], bytes]]]] = {
    "csv": ("text/csv; charset=utf-8", _csv),
    "xlsx": ("application/vnd.openxmlformats-officedocument.spreadsheetml.sheet", _xlsx),
    "parquet": ("application/vnd.apache.parquet", _parquet),
}
