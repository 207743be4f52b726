"""Files and records of evidence."""

from __future__ import annotations

import hashlib
from collections.abc import Iterable, Iterator
from contextlib import suppress
from dataclasses import replace
from datetime import datetime
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Final

from makegood.engine.evidence.document import read_mapping
from makegood.engine.evidence.kinds import EVIDENCE
from makegood.engine.evidence.mapping import EvidenceMapping
from makegood.engine.evidence.probes import Probe
from makegood.engine.evidence.records import Attribution, Gauge, State, Tally, Transition
from makegood.engine.vocabulary.finding import Finding, Place
from makegood.platform.agreement.contracts.models import Contract
from makegood.platform.evidence.intake.events import EVIDENCE_ARRIVED
from makegood.platform.evidence.intake.models import OURS, Batch
from makegood.platform.evidence.intake.operations.sides import UnableToTakeEvidence, other_side, side_of
from makegood.platform.evidence.intake.operations.vaults import patiently, writing
from makegood.platform.jobs import enqueue
from makegood.platform.storable import storable
from makegood.platform.tenancy.trail.operations import operation, record
from makegood.platform.tenancy.viewer import Role, Site, Viewer
from makegood.vault.intake import Intake, import_file
from makegood.vault.reading import BadLine, UnreadableFile, open_objects
from makegood.vault.vault import Vault

SCOPE: Final = "evidence:write"
MEASURED: Final = frozenset(each.kind for each in (State, Gauge, Tally, Transition, Probe))
"""What was measured. All else is somebody's word: of a file only the house's counts, others give theirs on a page."""

_SENDERS = (Role.OWNER, Role.SERVICE_MANAGER, Role.ENGINEER)
_NEED_MAPPING = frozenset({".csv", ".tsv", ".parquet"})


class KeyUsedOtherwise(UnableToTakeEvidence):
    def __init__(self, key: str) -> None:
        super().__init__(f"the key {key} was used for other content; a key belongs to one batch for ever")


class NothingAccepted(UnableToTakeEvidence):
    """Nothing of a file could be taken; ``findings`` say where and why."""

    def __init__(self, sentence: str, findings: tuple[Finding, ...] = ()) -> None:
        super().__init__(sentence)
        self.findings = findings


@operation("receive evidence", about="contract")
def receive_file(
    *,
    contract: Contract,
    file: Path,
    name: str,
    mapping: str | None,
    key: str,
    by: Viewer,
    now: datetime,
    source: str = "",
    words: bool = True,
) -> Batch:
    """Take a file into the vault: by the text of a mapping or, without one, as JSON Lines in our own form.

    The ending of ``file`` says what it is; ``name`` is what people call it. Under the same ``key`` the same bytes are
    taken once, and without a key their digest is it. Rows that cannot be taken are counted and named in the batch.
    Without ``words`` a file that no mapping reads has what was measured, and nothing that is somebody's word.

    :raises KeyUsedOtherwise: if the key belongs to other bytes
    :raises NothingAccepted: if the mapping has findings, or nothing of the file could be taken
    """
    allowed = _allowed(contract, by) if words or mapping is not None else _allowed(contract, by) & MEASURED
    with file.open("rb") as content:
        sha256 = hashlib.file_digest(content, "sha256").hexdigest()
    with writing(contract) as vault:
        before = Batch.objects.filter(contract=contract, key=key or sha256).first()
        if before is not None:
            if before.sha256 != sha256:
                raise KeyUsedOtherwise(key)
            return before
        terms = _mapping(mapping)
        _refuse_words(file, name, terms, allowed)
        report = _imported(vault, mapping, file, name, now)
        made = Batch.objects.create(
            contract=contract,
            key=key or sha256,
            source=source or (terms.source if terms is not None else ""),
            name=storable(name[:300]),
            sha256=sha256,
            records=report.added + report.known,
            known=report.known,
            refused=report.bad + report.conflicts,
            findings=storable([each.as_json() for each in report.findings]),
            entry=vault.head,
            received_at=now,
            received_by=by.name[:200],
        )
    _trail(made, by, now)
    tell_of_evidence(contract)
    return made


def receive_records(
    *, contract: Contract, lines: Iterable[str], key: str, by: Viewer, now: datetime, source: str = ""
) -> Batch:
    """Take records in our own form, one JSON object a line, as ``receive_file`` does."""
    with TemporaryDirectory(prefix="makegood-") as folder:
        file = Path(folder) / "records.jsonl"
        file.write_text("".join(f"{line.strip()}\n" for line in lines), "utf-8")
        return receive_file(
            contract=contract, file=file, name=file.name, mapping=None, key=key, source=source, by=by, now=now
        )


def _trail(made: Batch, by: Viewer, now: datetime) -> None:
    record(
        by=by,
        did="receive evidence",
        about=str(made.contract),
        now=now,
        organisation=other_side(made.contract, by.house),
        contract=made.contract.slug,
        batch=made.pk,
        name=made.name,
        records=made.records,
        refused_rows=made.refused,
    )


def tell_of_evidence(contract: Contract) -> None:
    """Have done what follows from new evidence."""
    enqueue(EVIDENCE_ARRIVED, once=f"{EVIDENCE_ARRIVED}: {contract.pk}", contract=contract.pk)


def _allowed(contract: Contract, by: Viewer) -> frozenset[str]:
    """Return the kinds of evidence that somebody may send.

    :raises NotYours: if there are none
    """
    if by.scopes is None:
        side_of(contract, by, *_SENDERS)
    else:
        side_of(contract, by, *Role)
        if SCOPE not in by.scopes:
            raise UnableToTakeEvidence(f"this key does not have the scope {SCOPE}; use one that has it")
    # Who caused what is said on the page: it is kept where only the affiliate that it is about can read it.
    return frozenset(EVIDENCE) - {Attribution.kind} if by.site is Site.CONSOLE else MEASURED


def _mapping(text: str | None) -> EvidenceMapping | None:
    if text is None:
        return None
    document = read_mapping(text)
    if document.mapping is None:
        raise NothingAccepted("the mapping has findings; mend them and send the file again", document.findings)
    if document.mapping.lookups:
        # They are read from beside the file, and here that is a folder of the server.
        raise NothingAccepted("a mapping with lookups needs its files beside it; import with the command line instead")
    return document.mapping


def _refuse_words(file: Path, name: str, mapping: EvidenceMapping | None, allowed: frozenset[str]) -> None:
    """Refuse a file that says what its sender may not say, or speaks for decisions that are made here."""
    if mapping is None and _NEED_MAPPING & set(file.suffixes):
        raise NothingAccepted(f"{name} needs a mapping, which says what its columns are")
    said = _said(file) if mapping is None else ((each.form.kind, mapping.source, "") for each in mapping.records)
    for kind, source, where in said:
        if source == OURS:
            raise NothingAccepted(f"{where}the source {OURS} is kept for what is decided here; name another")
        if kind in EVIDENCE and kind not in allowed:
            raise NothingAccepted(f"{where}a file of yours has no {kind}; say it on the page of the agreement")


def _said(file: Path) -> Iterator[tuple[object, object, str]]:
    """Yield kind, source and place of the records that a file has, as far as it can be read."""
    with suppress(UnreadableFile), open_objects(file) as rows:
        for line, found in rows.lines:
            if not isinstance(found, BadLine):
                yield found.get("kind"), found.get("source"), f"line {line}: "


def _imported(vault: Vault, mapping: str | None, file: Path, name: str, now: datetime) -> Intake:
    with TemporaryDirectory(prefix="makegood-") as folder:
        terms = None
        if mapping is not None:
            terms = Path(folder) / "mapping.yaml"
            terms.write_text(mapping, "utf-8")
        report = patiently(lambda: import_file(vault, terms, file, now=now))
    report.findings = [_named(each, file, name) for each in report.findings]
    if not report.added + report.known:
        raise NothingAccepted("nothing of this could be taken as evidence", tuple(report.findings))
    return report


def _named(finding: Finding, file: Path, name: str) -> Finding:
    """Return a finding that calls the file as people do."""
    place = finding.place and Place(name, finding.place.line, finding.place.column, finding.place.path)
    return replace(finding, place=place, text=finding.text.replace(str(file), name))
