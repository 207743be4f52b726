"""What came in, what is missing, and what people say of it, for those who may see it."""

from __future__ import annotations

import hashlib
from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from itertools import pairwise
from pathlib import Path

from django.conf import settings
from django.core.cache import cache
from django.db.models import QuerySet

from makegood.engine.agreement import schedule
from makegood.engine.agreement.document import Document
from makegood.engine.agreement.measures.kept import Kept
from makegood.engine.agreement.terms import Agreement
from makegood.engine.agreement.versions import newest
from makegood.engine.evidence.body import Evidence
from makegood.engine.evidence.disputes import until
from makegood.engine.evidence.records import AnyRecord, Gauge, State, Statement, Tally, Transition
from makegood.engine.judging.asked import Asked
from makegood.engine.vocabulary.period import Period
from makegood.platform.agreement.contracts.models import Contract
from makegood.platform.agreement.contracts.queries import activated, contracts, sources, terms_of
from makegood.platform.evidence.intake.models import OURS, Batch, Dispute, Exclusion, Receiver, Reception
from makegood.platform.tenancy.viewer import Role, Site, Viewer
from makegood.vault.book import Book
from makegood.vault.layout import FORMAT_FILE
from makegood.vault.vault import Vault

STATED = "statement-"
"""How the keys of batches begin that hold a value that somebody attested."""
_ENOUGH = 200
_SHORTEST_SILENCE = timedelta(hours=1)


def batches(*, viewer: Viewer, contract: Contract) -> QuerySet[Batch]:
    """Return what came in for a contract, the latest first."""
    return Batch.objects.filter(contract__in=_seen(viewer, contract))


def stated_values(*, viewer: Viewer, contract: Contract) -> QuerySet[Batch]:
    """Return the values that people attested with their names, the latest first."""
    return batches(viewer=viewer, contract=contract).filter(key__startswith=STATED)


def causes_found(*, viewer: Viewer, contract: Contract) -> QuerySet[Batch]:
    """Return who was found to have caused what went wrong for a contract, the latest first, for staff alone."""
    if viewer.site is not Site.CONSOLE or not _seen(viewer, contract).exists():
        return Batch.objects.none()
    return Batch.objects.filter(contract__in=_seen(viewer, None), key__startswith=attributions_to(contract))


def attributions_to(contract: Contract) -> str:
    """Return how the identifiers of attributions begin that are about what went wrong for a contract."""
    return f"attribution-{contract.pk}-"


def exclusions(*, viewer: Viewer, contract: Contract | None = None) -> QuerySet[Exclusion]:
    """Return exclusions of one contract or of all, proposed and decided, the latest first."""
    found = Exclusion.objects.filter(contract__in=_seen(viewer, contract))
    return found.select_related("contract", "proposed_by", "proposed_for", "decided_by")


def disputes(*, viewer: Viewer, contract: Contract | None = None) -> QuerySet[Dispute]:
    """Return disputes of one contract or of all with what was said about them, the latest first."""
    found = Dispute.objects.filter(contract__in=_seen(viewer, contract))
    found = found.select_related("contract", "raised_by", "raised_for", "decided_by")
    return found.prefetch_related("remarks__person", "remarks__organisation")


def is_disputed(*, contract: Contract, records: str) -> bool:
    """Tell whether a record whose name begins so is disputed, or was corrected by a dispute; whoever calls sees it."""
    found = Dispute.objects.filter(contract=contract, record__startswith=records)
    return found.exclude(state=Dispute.State.REJECTED).exists()


def receivers(*, viewer: Viewer, contract: Contract) -> QuerySet[Receiver]:
    """Return where tools post evidence of a contract, ended ones too, for those of the house who look after it."""
    keeps = viewer.scopes is None and viewer.site is Site.CONSOLE
    if not keeps or not viewer.has(Role.OWNER, Role.SERVICE_MANAGER, Role.AUDITOR):
        return Receiver.objects.none()
    return Receiver.objects.filter(contract__in=_seen(viewer, contract)).select_related("contract", "created_by")


def receptions(*, viewer: Viewer, receiver: Receiver) -> QuerySet[Reception]:
    """Return what came to a receiver, the latest first."""
    seen = receivers(viewer=viewer, contract=receiver.contract).filter(pk=receiver.pk)
    return Reception.objects.filter(receiver__in=seen).select_related("batch")


def receiver_of(*, token: str) -> Receiver | None:
    """Return the receiver at an address, while it has not ended."""
    found = Receiver.objects.filter(token=token, ended_at=None)
    return found.select_related("contract__provider", "contract__customer").first()


@dataclass(frozen=True, slots=True)
class Arrived:
    """What came of something that the agreement asks for, from one source; without a source nothing ever came.

    ``what`` is its name in the evidence, and ``outcomes`` are those that are judged by it. ``declared`` are the sources
    that were to report it. ``missing_since`` is when it fell silent, by its own usual pace; None if it did not.
    """

    what: str
    outcomes: tuple[str, ...]
    declared: tuple[str, ...]
    source: str = ""
    records: int = 0
    last_at: datetime | None = None
    missing_since: datetime | None = None


def coverage_board(*, viewer: Viewer, contract: Contract, now: datetime) -> tuple[Arrived, ...]:
    """Return for each thing that an agreement asks for what came of it, from which source, and what is missing.

    A source is silent when three times its usual pause has passed since its last record, and an hour at least.
    """
    if not _seen(viewer, contract).exists() or not activated(contract=contract):
        return ()
    document, agreement = terms_of(contract=contract)
    vault = open_vault(contract=contract)
    came = _came(vault, document, agreement) if vault is not None else {}
    declared: dict[str, list[str]] = defaultdict(list)
    for each in sources(viewer=viewer, contract=contract):
        declared[each.reports].append(each.name)
    began = schedule.periods_of(agreement)[0].interval.start
    rows = []
    for what, outcomes in _asked(agreement).items():
        said = tuple(declared.get(what, ()))
        for source, pace in came.get(what, {"": _Pace()}).items():
            silent = _silent(source, pace, began, now)
            rows.append(Arrived(what, outcomes, said, source, pace.records, pace.last_at, silent))
    return tuple(rows)


def _silent(source: str, pace: _Pace, began: datetime, now: datetime) -> datetime | None:
    """Return since when a source is silent; nothing at all is missed from the beginning, our own decisions never."""
    if not source:
        return began if began < now else None
    return None if source == OURS else pace.silent_since(now)


def causes(agreement: Agreement) -> tuple[str, ...]:
    """Return the causes that an agreement excludes for any of its outcomes."""
    found = (getattr(each.measure, "excluded", {}) for each in newest(agreement).outcomes.values())
    return tuple(dict.fromkeys(cause for clauses in found for cause in clauses))


def disputable_until(*, contract: Contract, period: Period) -> datetime:
    """Return the instant up to which the verdicts of a period can be disputed."""
    agreement = terms_of(contract=contract)[1]
    vault = open_vault(contract=contract)
    closed_at = Book.open(vault, agreement.agreement).closed_at.get(period.label) if vault is not None else None
    return schedule.disputable_until(agreement, period) if closed_at is None else until(agreement, period, closed_at)


def vault_folder(contract: Contract) -> Path:
    """Return where the vault of a contract lies, or will lie."""
    return Path(settings.VAULTS) / str(contract.pk)


def open_vault(*, contract: Contract) -> Vault | None:
    """Return the vault of a contract for reading; there is none until evidence came in."""
    folder = vault_folder(contract)
    return Vault.open(folder) if (folder / FORMAT_FILE).exists() else None


def _seen(viewer: Viewer, contract: Contract | None) -> QuerySet[Contract]:
    """Return the contracts whose evidence somebody may see."""
    found = contracts(viewer=viewer)
    if viewer.scopes is not None and "evidence:read" not in viewer.scopes:
        return found.none()
    return found if contract is None else found.filter(pk=contract.pk)


@dataclass(frozen=True, slots=True)
class _Pace:
    """How many records a source has of something, when the last was, and how long it usually pauses."""

    records: int = 0
    last_at: datetime | None = None
    usual: timedelta = timedelta()

    @classmethod
    def of(cls, moments: Sequence[datetime]) -> _Pace:
        latest = sorted(moments)[-_ENOUGH:]
        pauses = sorted(later - earlier for earlier, later in pairwise(latest))
        return cls(len(moments), latest[-1], pauses[len(pauses) // 2] if pauses else timedelta())

    def silent_since(self, now: datetime) -> datetime | None:
        patience = max(3 * self.usual, _SHORTEST_SILENCE)
        return self.last_at if self.last_at is not None and self.last_at + patience < now else None


def _asked(agreement: Agreement) -> dict[str, tuple[str, ...]]:
    """Return the names that evidence is looked for under, each with the outcomes that are judged by it."""
    found: dict[str, list[str]] = defaultdict(list)
    for name, outcome in newest(agreement).outcomes.items():
        if not isinstance(outcome.measure, Kept):
            for what in _parts(agreement, outcome.measure.what):
                found[what].append(name)
    return {what: tuple(names) for what, names in found.items()}


def _parts(agreement: Agreement, name: str) -> tuple[str, ...]:
    """Return the subjects that stand for a service: its parts where it has any, else itself."""
    service = newest(agreement).services.get(name)
    parts = [part.id for part in service.made_of.parts] if service is not None and service.made_of is not None else []
    return tuple(each for part in parts for each in _parts(agreement, part)) or (name,)


def _came(vault: Vault, document: Document, agreement: Agreement) -> Mapping[str, Mapping[str, _Pace]]:
    """Return the pace of each source by what it reports; it is counted once for each entry of the vault."""
    head = vault.head
    key = hashlib.sha256(f"{vault.path} {head} {document.digest}".encode()).hexdigest()
    found: Mapping[str, Mapping[str, _Pace]] | None = cache.get(key)
    if found is None:
        found = _counted(vault.evidence(head, asked=Asked.of(agreement)), agreement)
        cache.set(key, found)
    return found


def _counted(evidence: Evidence, agreement: Agreement) -> dict[str, dict[str, _Pace]]:
    found: dict[str, dict[str, _Pace]] = {}
    for name in _asked(agreement):
        moments: dict[str, list[datetime]] = defaultdict(list)
        for each in _records(evidence, name):
            moments[each.source].append(_latest(each))
        if moments:
            found[name] = {source: _Pace.of(each) for source, each in sorted(moments.items())}
    return found


def _latest(record: AnyRecord) -> datetime:
    """Return the last moment that a record tells of."""
    match record:
        case State():
            return record.latest
        case Tally():
            return record.end
        case Gauge() | Transition() | Statement():
            return record.at
        case _:
            raise ValueError(f"nothing is measured by a {record.kind}")


def _records(evidence: Evidence, name: str) -> Iterator[AnyRecord]:
    """Yield all records under a name, whatever they are."""
    yield from evidence.states.get(name, ())
    yield from evidence.tallies.get(name, ())
    yield from evidence.gauges.get(name, ())
    yield from evidence.statements.get(name, ())
    for steps in evidence.cases.get(name, {}).values():
        yield from steps
