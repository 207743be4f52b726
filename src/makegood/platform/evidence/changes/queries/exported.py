"""A change as a file that the other side keeps."""

from __future__ import annotations

from datetime import date, datetime
from typing import Any, Final

from makegood.platform.evidence.changes.models import Change, Review
from makegood.platform.evidence.changes.queries.seen import votes
from makegood.platform.tenancy.viewer import Viewer

_FACTS: Final = (
    "kind",
    "origin",
    "state",
    "service",
    "technology",
    "title",
    "need",
    "desired",
    "affected",
    "means",
    "deadline",
    "continuity",
    "cost",
    "currency",
    "budget",
    "priority",
    "impact",
    "components",
    "vulnerability",
    "package",
    "urgency",
    "proposed_at",
    "testing",
    "starts_at",
    "ends_at",
    "requested_at",
    "authorised_at",
    "released_at",
)


def exported(*, viewer: Viewer, change: Change) -> dict[str, Any]:
    """Return all that is kept of a change, ready for JSON: what was asked for, its steps, tests, votes and review.

    Votes are for the provider, and for whoever sits in the committee.
    """
    found: dict[str, Any] = {"number": change.pk, "customer": change.customer.slug}
    found |= {name: _plain(getattr(change, name)) for name in _FACTS}
    found["steps"] = [
        {"at": _plain(each.at), "state": each.state, "who": each.who, "why": each.why} for each in change.steps.all()
    ]
    found["tests"] = [
        {
            "at": _plain(each.at),
            "tested_by": each.tester,
            "what": each.what,
            "passed": each.passed,
            "environment": each.environment,
            "differences": each.differences,
        }
        for each in change.trials.all()
    ]
    found["committee"] = [
        {
            "round": each.round,
            "who": each.person.name,
            "expertise": each.expertise,
            "approves": each.vote.approves if hasattr(each, "vote") else None,
            "why": each.vote.why if hasattr(each, "vote") else "",
        }
        for each in votes(viewer=viewer, change=change, whole=True)
    ]
    found["overrides"] = [
        {"at": _plain(each.at), "against": each.against, "why": each.why} for each in change.overrides.all()
    ]
    review = Review.objects.filter(change=change).first()
    found["review"] = (
        None if review is None else {"at": _plain(review.at), "result": review.result, "text": review.text}
    )
    return found


def _plain(value: object) -> object:
    return value.isoformat() if isinstance(value, date | datetime) else value
