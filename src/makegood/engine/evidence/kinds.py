"""The kinds of evidence, records and probes: what is said of one of each kind, and what is made of that."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import Field, fields
from datetime import datetime
from functools import lru_cache
from typing import Any, Final, cast

from makegood.engine.evidence.probes import Probe, Series
from makegood.engine.evidence.records import KINDS, AnyRecord, Labels, Record, Status
from makegood.engine.vocabulary.ratio import Ratio

AnyEvidence = AnyRecord | Probe

EVIDENCE: Final[Mapping[str, type[Record | Probe]]] = {**KINDS, Probe.kind: Probe}

_REMEMBERED = 65_536  # a log says the same series again and again


def said_of(form: type[Record | Probe]) -> dict[str, Field[Any]]:
    """Return what is said of evidence of a kind, by name; of a probe that is what is said of its series, too."""
    if form is Probe:
        return {entry.name: entry for entry in (*fields(Series), *fields(Probe)) if entry.name != "series"}
    return {entry.name: entry for entry in fields(form) if entry.name != "recorded_at"}


def maker_of(form: type[Record | Probe]) -> Callable[..., AnyEvidence]:
    """Return what makes evidence of a kind of what is said of it; it raises ``ValueError`` at nonsense."""
    return probe_of if form is Probe else cast("Callable[..., AnyRecord]", form)


def probe_of(
    *,
    source: str,
    subject: str,
    at: datetime,
    status: Status,
    check: str = "",
    of: str = "",
    unit: str = "",
    value: Ratio | None = None,
    labels: Labels = (),
) -> Probe:
    """Return the probe of a series that need not have been known before.

    :raises ValueError: if it says nothing, or not enough
    """
    return Probe(_series(source, subject, check, of, unit, labels), at, status, value)


_series = lru_cache(_REMEMBERED)(Series)
