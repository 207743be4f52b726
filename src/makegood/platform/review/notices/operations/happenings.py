"""Events for programs: what each says, as far as the organisation that is told may see it."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from datetime import datetime
from functools import partial
from typing import Any, Final

from makegood.platform.agreement.contracts.models import Contract
from makegood.platform.agreement.contracts.queries import contracts, versions
from makegood.platform.evidence.intake.models import Dispute, Exclusion
from makegood.platform.evidence.intake.queries import batches, disputes, exclusions
from makegood.platform.judging.verdicts.queries import ruling_before, verdict
from makegood.platform.money.claims.queries import claims
from makegood.platform.money.settlement.queries import statements
from makegood.platform.review.reports.queries import reports
from makegood.platform.tenancy.hooks.models import Event
from makegood.platform.tenancy.trail.models import Entry
from makegood.platform.tenancy.viewer import Viewer

Data = dict[str, Any]
_LONGEST: Final = 4_000


def turned(viewer: Viewer, pk: int) -> Data | None:
    """Return what a program hears of a verdict on an open period, if it is ruled otherwise than the one before."""
    found = verdict(viewer=viewer, pk=pk)
    before = ruling_before(viewer=viewer, verdict=found) if found is not None else None
    if found is None or before is None or before == found.ruling:
        return None
    return {
        **_agreement(found.period.contract),
        "period": found.period.label,
        "outcome": found.outcome,
        "ruling": found.ruling,
        "ruling_before": before,
        "value": found.shown,
        "target": found.target,
        "judged_at": _instant(found.judged_at),
    }


def _evidence(viewer: Viewer, entry: Entry) -> Iterator[Data]:
    contract = _named(viewer, entry)
    found = contract and batches(viewer=viewer, contract=contract).filter(pk=entry.details["batch"]).first()
    if contract and found:
        yield {
            **_agreement(contract),
            "batch": found.pk,
            "name": found.name,
            "records": found.records,
            "known_before": found.known,
            "refused_rows": found.refused,
            "received_at": _instant(found.received_at),
        }


def _dispute(viewer: Viewer, entry: Entry) -> Iterator[Data]:
    found = disputes(viewer=viewer).filter(pk=entry.details["dispute"]).first()
    if found:
        yield _disputed(found)


def _remark(viewer: Viewer, entry: Entry) -> Iterator[Data]:
    found = disputes(viewer=viewer).filter(pk=entry.details["dispute"]).first()
    said = [each for each in found.remarks.all() if each.written_at <= entry.at] if found else []
    if found and said:
        last = said[-1]
        yield {**_disputed(found), "remark": last.text[:_LONGEST], "remark_of": last.organisation.slug}


def _disputed(dispute: Dispute) -> Data:
    return {
        **_agreement(dispute.contract),
        "dispute": dispute.pk,
        "period": dispute.period,
        "outcome": dispute.outcome,
        "record": dispute.record,
        "reason": dispute.reason[:_LONGEST],
        "raised_for": dispute.raised_for.slug,
        "answer_by": _instant(dispute.answer_by),
        "state": dispute.state,
        "decision": dispute.decision[:_LONGEST],
    }


def _exclusion(viewer: Viewer, entry: Entry) -> Iterator[Data]:
    found = exclusions(viewer=viewer).filter(pk=entry.details["exclusion"]).first()
    if found:
        yield _excluded(found)


def _excluded(exclusion: Exclusion) -> Data:
    return {
        **_agreement(exclusion.contract),
        "exclusion": exclusion.pk,
        "cause": exclusion.cause,
        "subject": exclusion.subject,
        "from": _instant(exclusion.starts_at),
        "until": _instant(exclusion.ends_at),
        "reason": exclusion.reason[:_LONGEST],
        "proposed_for": exclusion.proposed_for.slug,
        "state": exclusion.state,
    }


def _statements(viewer: Viewer, entry: Entry, *, closes: bool) -> Iterator[Data]:
    contract = _named(viewer, entry)
    if contract is None:
        return
    found = statements(viewer=viewer, contract=contract).filter(run__in=entry.details["statements"], closes=closes)
    for each in found:
        yield {
            **_agreement(contract),
            "period": each.period.label,
            "run": each.run,
            "total": each.total,
            "currency": each.currency,
            "digest": each.digest,
        }


def _report(viewer: Viewer, entry: Entry) -> Iterator[Data]:
    found = reports(viewer=viewer).filter(pk=entry.details.get("report")).first()
    if found:
        yield {
            **_agreement(found.period.contract),
            "report": found.pk,
            "number": found.number,
            "period": found.period.label,
            "sha256": found.sha256,
        }


def _claim(viewer: Viewer, entry: Entry) -> Iterator[Data]:
    for each in claims(viewer=viewer):
        if each.pk == entry.details["claim"]:
            yield {
                **_agreement(each.recovery.underpinning),
                "claim": each.pk,
                "outcome": each.recovery.outcome,
                "amount": each.amount,
                "currency": each.currency,
                "state": each.state,
                "answer": each.answer[:_LONGEST],
            }


def _version(viewer: Viewer, entry: Entry) -> Iterator[Data]:
    contract = contracts(viewer=viewer).filter(slug=entry.about).first()
    seen = versions(viewer=viewer, contract=contract) if contract else None
    found = seen.filter(digest=entry.details["digest"]).order_by("-pk").first() if seen is not None else None
    if contract and found:
        signed = {"signed_for": entry.details["party"]} if "party" in entry.details else {}
        yield {
            **_agreement(contract),
            "version": found.number,
            "digest": found.digest,
            "state": found.state,
            **signed,
        }


def _named(viewer: Viewer, entry: Entry) -> Contract | None:
    """Return the contract that an entry names, if it exists for a viewer."""
    return contracts(viewer=viewer).filter(slug=entry.details.get("contract", "")).first()


def _agreement(contract: Contract) -> Data:
    return {"agreement": contract.slug, "title": contract.title}


def _instant(at: datetime) -> str:
    return f"{at:%Y-%m-%dT%H:%M:%SZ}"


Told = Callable[[Viewer, Entry], Iterator[Data]]
HAPPENINGS: Final[dict[str, tuple[tuple[Event, Told], ...]]] = {
    "receive evidence": ((Event.EVIDENCE_RECEIVED, _evidence),),
    "raise dispute": ((Event.DISPUTE_RAISED, _dispute),),
    "remark": ((Event.DISPUTE_ANSWERED, _remark),),
    "decide dispute": ((Event.DISPUTE_DECIDED, _dispute),),
    "propose exclusion": ((Event.EXCLUSION_PROPOSED, _exclusion),),
    "decide exclusion": ((Event.EXCLUSION_DECIDED, _exclusion),),
    "close periods": (
        (Event.PERIOD_CLOSED, partial(_statements, closes=True)),
        (Event.STATEMENT_RESTATED, partial(_statements, closes=False)),
    ),
    "make report": ((Event.REPORT_READY, _report),),
    "make claim": ((Event.CLAIM_MADE, _claim),),
    "answer claim": ((Event.CLAIM_ANSWERED, _claim),),
    "offer version": ((Event.VERSION_OFFERED, _version),),
    "sign version": ((Event.VERSION_SIGNED, _version),),
    "activate contract": ((Event.VERSION_ACTIVATED, _version),),
}
"""By what the trail says was done: the events that follow, and what a viewer hears of them."""
