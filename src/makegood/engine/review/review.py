"""The review: everything that a report shows, as exact figures."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime

from makegood.engine.agreement.terms import Agreement
from makegood.engine.agreement.versions import outcomes_of
from makegood.engine.judging.verdict import Judgement
from makegood.engine.money.credit import PeriodCredits
from makegood.engine.money.settlement import Posting, PostingKind
from makegood.engine.review.figures import PeriodFigures, Rulings, period_figures
from makegood.engine.review.series import Series, series
from makegood.engine.review.trend import Trend, trend
from makegood.engine.vocabulary.amount import Amount
from makegood.engine.vocabulary.ratio import Ratio


@dataclass(frozen=True, slots=True)
class EvidenceCount:
    """How many records of one kind there are, and from when to when they speak; no records have no instants."""

    kind: str
    records: int
    first: datetime | None = None
    last: datetime | None = None


@dataclass(frozen=True, slots=True)
class Review:
    """An agreement in review; periods in order of time, outcomes in the order of the agreement."""

    agreement: Agreement
    periods: tuple[PeriodFigures, ...]
    outcomes: tuple[Series, ...]
    rulings: Rulings
    fees: Amount
    at_risk: Amount
    credited: Amount
    postings: tuple[Posting, ...]
    evidence: tuple[EvidenceCount, ...]
    worst: tuple[PeriodFigures, ...]
    trend: Trend | None

    @property
    def credited_share(self) -> Ratio | None:
        """The credits as a share of the fees, None if there are no fees."""
        return self.credited.value / self.fees.value if self.fees else None

    @property
    def other_terms(self) -> Amount:
        """What was credited by terms that are no outcome; negative if they charged."""
        return Amount.total((each.other_terms for each in self.periods), self.credited.currency)

    @property
    def credited_by_outcomes(self) -> Amount:
        """What was credited because outcomes were missed."""
        return self.credited - self.other_terms

    @property
    def has_money(self) -> bool:
        """Whether there is money on any outcome, or any was credited."""
        return bool(self.credited) or any(each.terms.stake is not None for each in self.outcomes)

    @property
    def adjustments(self) -> tuple[Posting, ...]:
        """The postings that restate an earlier one."""
        return tuple(posting for posting in self.postings if posting.kind is PostingKind.ADJUSTMENT)

    @property
    def unbooked(self) -> Amount:
        """What the periods in review credit beyond what was booked for them; negative if too much was booked."""
        labels = {each.label for each in self.periods}
        booked = (posting.amount for posting in self.postings if posting.for_period in labels)
        return self.credited - Amount.total(booked, self.credited.currency)


def review(
    *,
    agreement: Agreement,
    judgements: Iterable[Judgement],
    computed: Iterable[PeriodCredits] = (),
    postings: Iterable[Posting] = (),
    evidence: Iterable[EvidenceCount] = (),
) -> Review:
    """Return the review of an agreement over the periods that were judged.

    Unit: counts of verdicts; amounts in the agreement's currency; shares exact.
    Rule: each period is judged once, credits belong to a judged period and verdicts to a promised outcome; what does
        not is refused, because a report that leaves something out would be wrong without saying so.
    """
    currency = agreement.money.currency
    figures = _figures(agreement, list(judgements), list(computed))
    found = (series(name, terms, figures, currency) for name, terms in outcomes_of(agreement).items())
    return Review(
        agreement=agreement,
        periods=figures,
        outcomes=tuple(each for each in found if each is not None),
        rulings=Rulings.of(verdict.ruling for each in figures for verdict in each.judgement.verdicts),
        fees=Amount.total((each.fee for each in figures), currency),
        at_risk=Amount.total((each.at_risk for each in figures), currency),
        credited=Amount.total((each.credited for each in figures), currency),
        postings=tuple(postings),
        evidence=tuple(evidence),
        worst=_worst(figures),
        trend=trend(figures),
    )


def _figures(
    agreement: Agreement, judgements: Sequence[Judgement], computed: Sequence[PeriodCredits]
) -> tuple[PeriodFigures, ...]:
    by_label = {each.period.label: each for each in computed}
    labels = [judgement.period.label for judgement in judgements]
    if len(set(labels)) < len(labels) or len(by_label) < len(computed):
        raise ValueError("a period is in the review twice")
    if stray := sorted(set(by_label) - set(labels)):
        raise ValueError(f"credits of {', '.join(stray)} have no judgement")
    judged = {verdict.outcome for judgement in judgements for verdict in judgement.verdicts}
    if stray := sorted(judged - set(outcomes_of(agreement))):
        raise ValueError(f"{agreement.agreement} does not promise {', '.join(stray)}")
    in_order = sorted(judgements, key=lambda judgement: judgement.period.interval)
    currency = agreement.money.currency
    return tuple(period_figures(each, by_label.get(each.period.label), currency) for each in in_order)


def _worst(figures: Sequence[PeriodFigures]) -> tuple[PeriodFigures, ...]:
    """Return the periods that credit most and, with the same credit, missed most; several only if they are equal."""

    def harm(each: PeriodFigures) -> tuple[int, int]:
        return each.credited.minor, each.rulings.missed

    most = max(map(harm, figures), default=(0, 0))
    return tuple(each for each in figures if harm(each) == most) if most > (0, 0) else ()
