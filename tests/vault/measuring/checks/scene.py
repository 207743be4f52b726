"""Checks of a few days as a vault takes them, and what the law says of each."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from pathlib import Path

from hypothesis import strategies as st

from makegood.engine.agreement.document import read
from makegood.engine.agreement.measures.availability import Availability, Unknown
from makegood.engine.agreement.measures.parts import ExclusionClause
from makegood.engine.agreement.measures.quantile import Quantile
from makegood.engine.agreement.schedule import calendar_of
from makegood.engine.agreement.shapes import Unit
from makegood.engine.agreement.terms import Agreement
from makegood.engine.evidence.body import Evidence
from makegood.engine.evidence.probes import STATUSES, Probe, Series
from makegood.engine.evidence.records import AnyRecord, Correction, Exclusion
from makegood.engine.judging.availability import AvailabilityIndicator
from makegood.engine.judging.quantile import GaugeIndicator
from makegood.engine.vocabulary.duration import Duration
from makegood.engine.vocabulary.interval import Interval
from makegood.engine.vocabulary.period import Period
from makegood.engine.vocabulary.ratio import Ratio
from makegood.vault.measuring.checks.asked import ChecksAsked
from makegood.vault.measuring.checks.figures import CheckFigures
from makegood.vault.measuring.checks.table import CheckTable
from makegood.vault.measuring.schedule.threads import Threads
from makegood.vault.probes.columns import ProbeColumns, instant_of
from makegood.vault.vault import Vault
from tests.cli.door import AGREEMENT

NOW = datetime(2026, 11, 22, 12, tzinfo=UTC)
FRIDAY = 1_772_755_200  # 2026-03-06
DAY, HOUR = 86_400, 3_600
SHOP = Series("monitoring", "shop", "http", "time", "ms")
MOVED = replace(SHOP, labels=(("site", "mill"),))  # the same timeline, from where the shop has moved to
SIZE = replace(SHOP, of="size", unit="kB")  # the same timeline, by whoever measured something else
PING = Series("monitoring", "shop", "ping")
WEB = Series("watcher", "web", "", "load", "", (("site", "mill"),))
LINES = ((SHOP, MOVED, SIZE), (PING,), (WEB,))


def agreement() -> Agreement:
    """Return an agreement with office hours in Berlin, on weekdays."""
    terms = read(AGREEMENT).agreement
    assert terms is not None
    return terms


TERMS = agreement()


def span(start: int, end: int) -> Interval:
    """Return the time between two seconds after the midnight of the Friday."""
    return Interval(instant_of(FRIDAY + start), instant_of(FRIDAY + end))


def asked(start: int = 0, end: int = DAY, *, on: str = "always", **more: object) -> ChecksAsked:
    """Return what is asked of the time between two seconds after the midnight of the Friday."""
    whole = span(start, end)
    return ChecksAsked(span=whole, agreed=calendar_of(TERMS, on).open_in(whole), **more)  # type: ignore[arg-type]


def rows(vault: Vault, question: ChecksAsked, workers: int = 1) -> tuple[CheckFigures, ...]:
    return CheckTable.of(vault.contents(), question).figures(Threads(workers), workers)


Batch = Sequence[AnyRecord] | Sequence[Probe]


@dataclass(frozen=True)
class Evident:
    """Batches as a vault takes them; it is sealed after those with these numbers."""

    batches: Sequence[Batch]
    sealed: frozenset[int] = frozenset()
    buckets: int = 1
    compacted: bool = False

    def kept(self, folder: Path) -> Vault:
        """Return a vault with all of it."""
        vault = Vault.create(folder / "vault", buckets=self.buckets)
        with vault.writer(now=NOW) as writer:
            for number, batch in enumerate(self.batches):
                probes = [each for each in batch if isinstance(each, Probe)]
                if probes:
                    writer.append_probes(ProbeColumns.of(probes))
                else:
                    writer.append([each for each in batch if not isinstance(each, Probe)])
                if number in self.sealed:
                    writer.seal()
        if self.compacted:
            vault.compact(now=NOW)
        return vault


@st.composite
def evident(draw: st.DrawFn) -> Evident:
    """Any probes of four days, some of them late, withdrawn or excluded."""
    places = st.tuples(st.sampled_from(LINES), st.integers(-2 * DAY // 1800, 2 * DAY // 1800))
    found = st.tuples(st.integers(0, 8), st.sampled_from(STATUSES), st.none() | st.integers(1, 9))
    probes = [
        _probe(line[max(0, which - 6) % len(line)], 1800 * place, status, value)
        for (line, place), (which, status, value) in draw(st.dictionaries(places, found, max_size=40)).items()
    ]
    if draw(st.booleans()):
        probes.sort(key=lambda each: each.at)
    cut, late = sorted((draw(st.integers(0, len(probes))), draw(st.integers(0, len(probes)))))
    every: list[Batch] = [
        probes[:cut],
        probes[cut:late],
        probes[late:],
        _corrections(draw, probes),
        draw(st.lists(exclusions(), max_size=3, unique_by=lambda each: each.source_id)),
    ]
    sealed = draw(st.frozensets(st.integers(0, 4)))
    return Evident([each for each in every if each], sealed, draw(st.sampled_from([1, 3])), draw(st.booleans()))


def _probe(series: Series, second: int, status: object, value: int | None) -> Probe:
    return Probe(series, instant_of(FRIDAY + second), status, Ratio(value) if series.of and value else None)  # type: ignore[arg-type]


def _corrections(draw: st.DrawFn, probes: Sequence[Probe]) -> list[AnyRecord]:
    ids = [record.id for each in probes for record in each.records]
    gone = draw(st.lists(st.sampled_from(ids), max_size=3, unique=True)) if ids else []
    return [correction(each) for each in gone]


def correction(withdrawn: str, number: int = 0) -> Correction:
    """Return the correction of a record."""
    source, _, name = withdrawn.partition("#")
    return Correction(source="desk", source_id=f"{withdrawn} {number}", of=source, corrects=name, reason="not so")


@st.composite
def exclusions(draw: st.DrawFn) -> Exclusion:
    start = draw(st.integers(-DAY, DAY))
    return Exclusion(
        source="desk",
        source_id=str(draw(st.integers(0, 99))),
        cause=draw(st.sampled_from(["maintenance", "weather"])),
        start=instant_of(FRIDAY + start),
        end=instant_of(FRIDAY + start + draw(st.integers(0, 6 * HOUR))),
        subject=draw(st.sampled_from(["", "shop", "web"])),
        case=draw(st.sampled_from(["", "", "", "T-1"])),
        labels=draw(st.sampled_from([(), (), (("site", "mill"),)])),
    )


def law(vault: Vault, question: ChecksAsked, row: CheckFigures, on: str) -> tuple[Ratio | None, Ratio | None]:
    """Return the availability and the quantile of one timeline, as an agreement would have them judged."""
    evidence = _of(Evidence.of(vault.records()), row)
    excluded = {cause: ExclusionClause() for cause in question.causes}
    after = None if question.after is None else Duration(question.after)
    period = Period("", question.span, question.span, "UTC", question.span.start.date(), question.span.end.date())
    available = Availability(of=row.subject, on=on, excluded=excluded, unknown=Unknown(after=after))
    value = None
    if len(row.values) == 1 and question.share is not None:
        ((of, _),) = row.values
        measure = Quantile(of=of, on=on, quantile=question.share, in_=Unit.NUMBER, excluded=excluded)
        value = GaugeIndicator.of(TERMS, measure, evidence, higher=False).measured(period).value
    return AvailabilityIndicator.of(TERMS, available, evidence).measured(period).value, value


def _of(evidence: Evidence, row: CheckFigures) -> Evidence:
    """Return the evidence of one timeline, its values without their units."""
    states = [each for each in evidence.states.get(row.subject, ()) if each.source == row.origin]
    gauges = {
        name: [replace(each, unit="") for each in found if (each.source, each.subject) == (row.origin, row.subject)]
        for name, found in evidence.gauges.items()
    }
    return replace(evidence, states={row.subject: states}, gauges=gauges)
