"""A year of one agreement as verdicts, credits and postings, made by hand: what a report is tried on."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import UTC, date, datetime

from makegood.engine.agreement.measures.availability import Availability
from makegood.engine.agreement.measures.ratio import RatioOf
from makegood.engine.agreement.measures.within import Within
from makegood.engine.agreement.shapes import TARGET, Level, Share, Target, Unit
from makegood.engine.agreement.stakes import Stake, Tier
from makegood.engine.agreement.terms import (
    Agreement,
    AtRisk,
    Fee,
    Money,
    Organisation,
    Outcome,
    Parties,
    Service,
    TermOfAgreement,
)
from makegood.engine.judging.verdict import Judgement, Measurement, Miss, Part, Reading, Ruling, Verdict
from makegood.engine.money.credit import Credit, PeriodCredits
from makegood.engine.money.settlement import Posting, PostingKind
from makegood.engine.review.review import EvidenceCount, Review, review
from makegood.engine.vocabulary.amount import Amount
from makegood.engine.vocabulary.duration import Duration
from makegood.engine.vocabulary.period import Every, Period, periods
from makegood.engine.vocabulary.ratio import Ratio
from makegood.engine.vocabulary.reason import Reason

BERLIN = "Europe/Berlin"
FEE = Amount.parse("20,000.00 EUR")
AT_RISK = Amount.parse("2,400.00 EUR")
NOTHING = Amount.zero("EUR")

OUTCOMES = {
    "orders": Outcome(
        promise="Every order that customers enter is accepted.",
        measure=RatioOf(of="orders", good=("accepted",), by="channel"),
        target=TARGET.read(">= 99.5%"),
        stake=Stake(
            weight=Ratio(1, 2), tiers=(Tier(below=Level(Ratio(995, 1000), Unit.SHARE), credit=Share(Ratio(1, 4))),)
        ),
    ),
    "availability": Outcome(
        promise="The ERP can be used in office hours.",
        measure=Availability(of="erp", on="office"),
        target=TARGET.read(">= 99.9%"),
        stake=Stake(weight=Ratio(3, 10)),
    ),
    "p1-resolution": Outcome(
        promise="What stops the business is solved within four hours.",
        measure=Within(cases="incident", limit=Duration(4 * 3600), priority=("P1",)),
        target=TARGET.read(">= 95%"),
        stake=Stake(weight=Ratio(1, 5)),
    ),
}
AGREEMENT = Agreement(
    makegood="agreement/1",
    agreement="acme-erp",
    title="Managed ERP for Acme",
    parties=Parties(
        provider=Organisation(id="northwind-it", name="Northwind IT GmbH"),
        customer=Organisation(id="acme", name="Acme Industries AG"),
    ),
    term=TermOfAgreement(from_=date(2025, 1, 1), months=24, timezone=BERLIN),
    money=Money(currency="EUR", at_risk=AtRisk(percent=Ratio(12, 100))),
    services={"erp": Service(title="ERP", fee=Fee(monthly=Ratio(20000)), critical=True)},
    outcomes=OUTCOMES,
)
READINGS = {
    "orders": (
        Reading("measure.good", "accepted", written=True),
        Reading("measure.empty", "undecided", written=False),
        Reading("measure.by", "channel", written=True),
    ),
    "availability": (
        Reading("measure.on", "office", written=True),
        Reading("measure.count.granularity", "seconds", written=False),
        Reading("measure.count.ignore_shorter_than", "60s", written=True),
        Reading("measure.degraded", "up", written=False),
        Reading("measure.unknown.as", "down", written=False),
        Reading("measure.unknown.minimum_coverage", "99 %", written=True),
    ),
    "p1-resolution": (
        Reading("measure.limit", "4h", written=True),
        Reading("measure.population", "resolved_plus_open_overdue", written=False),
        Reading("measure.missing_stop", "missed", written=False),
        Reading("measure.reopened", "resume", written=False),
        Reading("measure.bound", "inclusive", written=False),
    ),
}

# One row a month: orders refused (web, EDI, telephone) of a number of orders; minutes of outage, None where the
# probes were silent; P1 incidents late and in total; what each outcome credits, in cents.
YEAR = [
    ((31, 12, 5), 14210, 4, (0, 7), (0, 0, 0)),
    ((96, 41, 9), 13877, 96, (1, 6), (30000, 18000, 12000)),
    ((28, 19, 4), 15032, 0, (0, 4), (0, 0, 0)),
    ((35, 22, 3), 14418, 9, (0, 5), (0, 0, 0)),
    ((40, 17, 6), 14675, None, (0, 3), (0, 0, 0)),
    ((29, 14, 2), 13990, 8, (1, 9), (0, 0, 12000)),
    ((33, 20, 5), 14833, 6, (0, 2), (0, 0, 0)),
    ((71, 28, 8), 12954, 47, (0, 4), (30000, 7200, 0)),
    ((30, 11, 7), 15120, 5, (0, 6), (0, 0, 0)),
    ((27, 16, 4), 15377, 3, (0, 5), (0, 0, 0)),
    ((44, 21, 5), 16012, 2, (2, 11), (0, 0, 12000)),
    ((38, 18, 6), 13644, 7, (0, 3), (0, 0, 0)),
]
AGREED_MINUTES = 11_000


def months(number: int = 12) -> tuple[Period, ...]:
    """Return so many months from January 2025 on."""
    years, rest = divmod(number, 12)
    return periods(
        start=date(2025, 1, 1), end=date(2025 + years, 1 + rest, 1), every=Every.MONTH, starts_on=1, zone=BERLIN
    )


def verdict(
    outcome: str, period: Period, measurement: Measurement, target: Target | None = None, ruling: Ruling | None = None
) -> Verdict:
    """Return a verdict whose ruling follows from value and target."""
    target = target or OUTCOMES[outcome].target
    if ruling is None:
        if measurement.value is None:
            ruling = Ruling.UNDECIDED
        else:
            ruling = Ruling.MET if target.is_met_by(measurement.value) else Ruling.MISSED
    reason = Reason(
        f"{outcome} is {ruling.value}: the value stands against the target {target}",
        "no value" if measurement.value is None else measurement.value.percent(4),
        (measurement.reason,),
        rule=f"judging.{outcome}",
    )
    return Verdict(outcome, period, ruling, target, measurement, READINGS.get(outcome, ()), reason)


def orders(period: Period, refused: tuple[int, int, int], total: int) -> Verdict:
    shares = (total * 6 // 10, total * 3 // 10, total - total * 6 // 10 - total * 3 // 10)
    rows = zip(("web", "EDI", "telephone"), refused, shares, strict=True)
    parts = tuple(Part(label, share - bad, share) for label, bad, share in rows)
    good = total - sum(refused)
    steps = tuple(
        Reason(f"orders by {part.label}", f"{part.good:,} of {part.total:,} accepted", evidence=(f"shop#{part.label}",))
        for part in parts
    )
    reason = Reason("accepted orders of all orders", f"{good:,} of {total:,}", steps, rule="ratio")
    return verdict("orders", period, Measurement(Ratio(good, total), Unit.SHARE, good, total, reason, parts=parts))


def availability(period: Period, minutes: int | None) -> Verdict:
    agreed = AGREED_MINUTES * 60
    if minutes is None:
        reason = Reason("known time of agreed time", "91.2 %", rule="coverage")
        why = "the state was known in 91.2 % of agreed time, at least 99 % is needed"
        silent = Measurement(None, Unit.SHARE, 0, agreed, reason, coverage=Ratio(912, 1000), undecided=why)
        return verdict("availability", period, silent)
    misses: tuple[Miss, ...] = ()
    if minutes:
        day = f"{period.label}-14"
        misses = (
            Miss(f"down {day} 09:00 for {minutes} minutes", minutes * 60, f"INC-{minutes:04}", (f"probe#{day}",)),
        )
    good = agreed - minutes * 60
    steps = tuple(Reason(miss.what, f"{minutes} minutes", evidence=miss.evidence) for miss in misses)
    reason = Reason("usable seconds of agreed seconds", f"{good:,} of {agreed:,}", steps, rule="availability")
    measured = Measurement(
        Ratio(good, agreed), Unit.SHARE, good, agreed, reason, misses=misses, coverage=Ratio(9987, 10000)
    )
    return verdict("availability", period, measured)


def resolution(period: Period, late: int, total: int) -> Verdict:
    misses = tuple(Miss(f"INC-{period.label}-{n}", 1, f"INC-{period.label}-{n}") for n in range(1, late + 1))
    steps = tuple(
        Reason(f"{miss.what} took longer than 4 h", "5 h 12 min", evidence=(f"desk#{miss.what}",)) for miss in misses
    )
    reason = Reason("incidents within their limit", f"{total - late} of {total}", steps, rule="within")
    measured = Measurement(Ratio(total - late, total), Unit.SHARE, total - late, total, reason, misses=misses)
    return verdict("p1-resolution", period, measured)


def judgement(period: Period, row: tuple[tuple[int, int, int], int, int | None, tuple[int, int], object]) -> Judgement:
    refused, total, minutes, (late, incidents), _ = row
    verdicts = (orders(period, refused, total), availability(period, minutes), resolution(period, late, incidents))
    return Judgement("acme-erp", period, 4711, verdicts)


def credits_of(period: Period, cents: Sequence[int], fee: Amount = FEE, at_risk: Amount = AT_RISK) -> PeriodCredits:
    found = tuple(
        Credit(
            outcome,
            Amount(minor, "EUR"),
            Amount(minor, "EUR"),
            Reason(
                f"credit for {outcome}",
                str(Amount(minor, "EUR")),
                (
                    Reason("amount at risk", str(at_risk), rule="at_risk"),
                    Reason("tier: a share of the outcome's weight", str(Amount(minor, "EUR")), rule="tiers"),
                ),
                rule="credit",
            ),
        )
        for outcome, minor in zip(OUTCOMES, cents, strict=True)
        if minor
    )
    total = Amount(sum(cents), "EUR")
    steps = (
        Reason("tier or per unit, then weight", str(total)),
        Reason("one credit per incident", "nothing to reduce"),
        Reason("period cap", "not reached"),
    )
    return PeriodCredits("acme-erp", period, fee, at_risk, found, total, Reason("order of remedies", str(total), steps))


def posted(computed: Sequence[PeriodCredits]) -> list[Posting]:
    """Return the postings of a year: each credit once; what August owes for orders was first booked too high."""
    too_much = Amount.parse("120.00 EUR")
    found, corrected = [], []
    for each in computed:
        label = each.period.label
        for credit in each.credits:
            amount = credit.amount
            if (label, credit.outcome) == ("2025-08", "orders"):
                amount += too_much
                cause = "late evidence: 31 orders were accepted after all"
                taken_back = (PostingKind.ADJUSTMENT, -too_much, 4588, cause)
                corrected.append(Posting("2025-08/orders/2", "orders", label, "2025-10", *taken_back))
            booked = (label, label, PostingKind.CREDIT, amount, 4300, "first settlement")
            found.append(Posting(f"{label}/{credit.outcome}", credit.outcome, *booked))
    return [*found, *corrected]


EVIDENCE = (
    EvidenceCount("tally", 174_142, datetime(2024, 12, 31, 23, tzinfo=UTC), datetime(2025, 12, 31, 22, 59, tzinfo=UTC)),
    EvidenceCount("state", 525_600, datetime(2024, 12, 31, 23, tzinfo=UTC), datetime(2025, 12, 31, 22, 59, tzinfo=UTC)),
    EvidenceCount(
        "transition", 388, datetime(2025, 1, 3, 8, 12, tzinfo=UTC), datetime(2025, 12, 30, 16, 40, tzinfo=UTC)
    ),
    EvidenceCount("correction", 1, datetime(2025, 10, 6, 9, tzinfo=UTC), datetime(2025, 10, 6, 9, tzinfo=UTC)),
)


def year(number: int = 12) -> Review:
    """Return the review of the first ``number`` months; after a year the rows repeat."""
    stretch = months(number)
    rows = [YEAR[index % len(YEAR)] for index in range(number)]
    computed = [credits_of(period, row[4]) for period, row in zip(stretch, rows, strict=True)]
    return review(
        agreement=AGREEMENT,
        judgements=[judgement(period, row) for period, row in zip(stretch, rows, strict=True)],
        computed=computed,
        postings=posted(computed),
        evidence=EVIDENCE,
    )
