"""The evidence that an agreement asks for, measured: reduced where it lies, and judged like any other."""

from __future__ import annotations

from collections.abc import Container, Iterator

from makegood.engine.evidence.body import Evidence, withdrawals
from makegood.engine.evidence.records import KINDS, Correction, Exclusion, State, Tally, Transition
from makegood.engine.judging.asked import Asked
from makegood.engine.judging.reduced import reduced
from makegood.vault.contents import Contents
from makegood.vault.entry import Form
from makegood.vault.manifest import PROBES
from makegood.vault.measuring.evidence.cases import CaseCounts
from makegood.vault.measuring.evidence.probes import ProbeReduction
from makegood.vault.measuring.evidence.tables import tables_of
from makegood.vault.measuring.evidence.tallies import TallySums
from makegood.vault.measuring.evidence.time import ExcludedTime
from makegood.vault.probes.columns import ProbeColumns, joined


def measured_evidence(
    contents: Contents, asked: Asked, until: int | None = None, *, without: Container[str] = frozenset()
) -> Evidence:
    """Return evidence that gives the same verdicts on what is ``asked`` as all of it up to an entry.

    It is read part by part, and of each part only what decides is kept; ``without`` corrections that are void.

    :raises NoSuchEntry: if there is no entry of that number
    :raises VaultDamaged: if a segment or an entry of the log is not what was written
    """
    last = contents.until(until)
    found = list(contents.records(last, KINDS.keys() - {Tally.kind, Transition.kind}))
    withdrawn = withdrawals(each for each in found if isinstance(each, Correction) and each.id not in without)
    kept = [each for each in found if each.id not in withdrawn]
    exclusions = [each for each in kept if isinstance(each, Exclusion)]
    excluded = ExcludedTime.of(exclusions)
    mixed = {(each.source, each.subject) for each in kept if isinstance(each, State)}
    probes = ProbeReduction(asked, excluded, withdrawn, mixed)
    columns = joined(list(_probes(contents, probes, last)))
    tallies = TallySums(asked, excluded).records(tables_of(contents, Tally.kind, last, withdrawn))
    counts = CaseCounts(asked, {each.case for each in exclusions} - {""})
    transitions, counted = counts.reduced(tables_of(contents, Transition.kind, last, withdrawn))
    records = [*reduced([*kept, *probes.one_by_one(columns)], asked), *probes.records(columns), *tallies, *transitions]
    return Evidence.of(records, snapshot=last, without=without, counted=tuple(counted))


def _probes(contents: Contents, probes: ProbeReduction, until: int) -> Iterator[ProbeColumns]:
    """Yield the probes that are asked, part by part."""
    for segment in contents.manifest.of_kind(PROBES):
        if segment.first <= until:
            yield probes.wanted(contents.probes(segment, until))
    for file, frame in contents.frames:
        if frame.entry.form is Form.PROBES and frame.entry.sequence <= until:
            yield probes.wanted(contents.logged_probes(file, frame))
