"""The year of tests/engine/review with where it comes from, and the same with texts that mean harm."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime

from makegood.cli.report.origin import Origin
from makegood.engine.agreement.terms import Organisation, Parties
from makegood.engine.judging.verdict import Judgement, Part
from makegood.engine.review.review import Review, review
from makegood.engine.vocabulary.reason import Reason
from tests.engine.review.sample import AGREEMENT, EVIDENCE, YEAR, credits_of, judgement, months, posted

ORIGIN = Origin(
    generated_at=datetime(2026, 1, 9, 8, 30, tzinfo=UTC),
    snapshot=4711,
    seal="9f2c4a1be07d53c86a1f0e4b7d92c35e8f60a1b4c7d2e9f3051a6b8c9d0e1f2a",
    document="acme-erp.yaml",
    digest="4be1c07a9d5f3e2b8c6a0d1f7e4b9c2a5d8f3e6b1c4a7d0f9e2b5c8a1d4f7e0b",
    bundle="acme-erp-2025.bundle",
    makegood="0.1.0",
    tzdata="2026.3",
)
TAG = '</title></style></svg><script>alert("x")</script><img src=x onerror=alert(1)>'
TYPST = '#panic("x") *bold* $1/0$ `raw` @label <tag> //'
UNSEEN = "safe\u202egnirts\x07\x00"


def hostile() -> Review:
    """Return a month in which every text that others write tries to be something else."""
    month = months(1)[0]
    judged = judgement(month, YEAR[1])
    first = judged.verdicts[0]
    parts = (Part(TAG, 1, 10), Part(TYPST, 1, 9), Part(UNSEEN, 1, 8))
    reason = Reason(TAG, TYPST, (Reason(UNSEEN, TAG, evidence=(TAG, TYPST)),), rule=TAG)
    measured = replace(first.measurement, parts=parts, undecided=TAG)
    verdicts = (replace(first, measurement=measured, reason=reason), *judged.verdicts[1:])
    parties = Parties(provider=Organisation(id="p", name=TYPST), customer=Organisation(id="c", name=TAG))
    outcomes = {name: replace(terms, promise=TAG + TYPST) for name, terms in AGREEMENT.outcomes.items()}
    computed = credits_of(month, YEAR[1][4])
    return review(
        agreement=replace(AGREEMENT, title=TAG + TYPST, parties=parties, outcomes=outcomes),
        judgements=[Judgement("acme-erp", month, 1, verdicts)],
        computed=[computed],
        postings=[replace(posted([computed])[0], cause=TAG + TYPST + UNSEEN)],
        evidence=EVIDENCE,
    )
