"""The report of a review: every text that page and PDF show, in the order of reading."""

from __future__ import annotations

from makegood.cli.report import drawings, shown, tables
from makegood.cli.report.content import Chart, Figure, OutcomePart, PeriodPart, Report, Step, VerdictPart
from makegood.cli.report.glossary import GLOSSARY
from makegood.cli.report.origin import Origin
from makegood.engine.review.figures import PeriodFigures, Rulings
from makegood.engine.review.review import Review
from makegood.engine.review.series import Point, Series
from makegood.engine.review.summary import summary
from makegood.engine.review.wording import counted, period_name, share
from makegood.engine.vocabulary.amount import Amount

_BELOW = "The table below has every figure."


def report(review: Review, origin: Origin) -> Report:
    """Return the report of a review, made at the time and from the seal that ``origin`` names."""
    agreement = review.agreement
    return Report(
        title=agreement.title,
        agreement=agreement.agreement,
        provider=agreement.parties.provider.shown,
        customer=agreement.parties.customer.shown,
        stretch=_stretch(review),
        generated=shown.day(origin.generated_at),
        seal=origin.seal,
        origin=_origin(origin),
        figures=_figures(review),
        summary=summary(review),
        overview=tables.overview(review),
        trend=tables.trend(review),
        outcomes=tuple(_outcome(review, each, position) for position, each in enumerate(review.outcomes)),
        credits_chart=_credits_chart(review) if review.credited_by_outcomes else None,
        credits=tables.credits(review) if review.has_money else None,
        rights=tables.rights(review),
        periods=tuple(_period(review, each) for each in review.periods),
        settlement=tables.settlement(review) if review.postings else None,
        evidence=tables.evidence(review) if review.evidence else None,
        coverage=tables.coverage(review),
        verification=_verification(review, origin),
        glossary=GLOSSARY,
    )


def _stretch(review: Review) -> str:
    if not review.periods:
        return "no period judged yet"
    first, last = review.periods[0].period, review.periods[-1].period
    return period_name(first) if first == last else f"{period_name(first)} to {period_name(last)}"


def _origin(origin: Origin) -> tuple[tuple[str, str], ...]:
    return (
        ("Generated", shown.day(origin.generated_at)),
        ("By", origin.by or f"makegood {origin.makegood}"),
        ("Seal", origin.seal or "not sealed yet"),
        ("Snapshot", str(origin.snapshot)),
        ("Agreement document", origin.document),
        ("Its SHA-256", origin.digest),
        ("Software", f"makegood {origin.makegood}, time zones {origin.tzdata}"),
    )


def _figures(review: Review) -> tuple[Figure, ...]:
    rest = f"{review.rulings.missed:,} missed, {review.rulings.undecided:,} undecided"
    figures = [Figure("Verdicts met", f"{review.rulings.met:,} of {review.rulings.total:,}", rest)]
    if review.has_money:
        part, charged = review.credited_share, review.credited.minor < 0
        moved = -review.credited if charged else review.credited
        number = len(review.periods)
        of_fees = f"{share(-part if charged else part)} of the fees" if part is not None else "no fee"
        figures += [
            Figure("Charged" if charged else "Credited", str(moved), of_fees),
            Figure("Fees", str(review.fees), f"{number:,} {tables.period_word(review, number)}"),
        ]
    if review.at_risk:
        left = review.credited_by_outcomes.value / review.at_risk.value
        figures.append(Figure("At risk", str(review.at_risk), f"{share(left)} of it credited"))
    if review.adjustments:
        total = Amount.total((posting.amount for posting in review.adjustments), review.credited.currency)
        figures.append(Figure("Adjustments", str(total), counted(len(review.adjustments), "line")))
    records = sum(each.records for each in review.evidence)
    figures.append(Figure("Evidence", f"{records:,}", "record" if records == 1 else "records"))
    return tuple(figures)


def _outcome(review: Review, series: Series, position: int) -> OutcomePart:
    return OutcomePart(
        anchor=f"outcome-{position}",
        name=series.outcome,
        promise=series.terms.promise,
        facts=_facts(review, series),
        chart=_values_chart(review, series, position),
        table=tables.values(review, series),
        parts_chart=_parts_chart(series, position) if len(series.parts) > 1 else None,
        parts=tables.parts(series) if series.parts else None,
        causes=tables.causes(review, series) if series.causes and not series.parts else None,
        readings=tuple(
            tables.readings(review, used, only=len(series.readings) == 1) for used in series.readings if used.readings
        ),
    )


def _facts(review: Review, series: Series) -> tuple[tuple[str, str], ...]:
    facts = [
        ("Measure", f"{series.terms.measure.kind}: {series.terms.measure.title}"),
        ("Target", shown.target(series.points[-1].target)),
        ("Rulings", _counts(series.rulings)),
    ]
    if series.terms.stake is not None:
        facts.append(("Credited", str(series.credited)))
    if series.trend is not None:
        many = tables.period_word(review, 3)
        before, recent = (shown.value(each, series.unit) for each in (series.trend.before, series.trend.recent))
        averages = f"{recent} on average in the last three {many}, {before} in the three before"
        facts.append(("Trend", f"{series.trend.direction.value}: {averages}"))
    return tuple(facts)


def _counts(rulings: Rulings) -> str:
    named = ((rulings.met, "met"), (rulings.missed, "missed"), (rulings.undecided, "undecided"))
    return ", ".join(f"{number:,} {word}" for number, word in named if number)


def _values_chart(review: Review, series: Series, position: int) -> Chart:
    word = tables.period_word(review)
    aim = shown.target(series.points[-1].target)
    occurring = [word for ruling, word in shown.WORD.items() if any(point.ruling is ruling for point in series.points)]
    return Chart(
        name=drawings.values_name(position),
        label=f"{series.outcome} by {word} against the target {aim}: {_counts(series.rulings)}. {_BELOW}",
        caption=f"{series.outcome} by {word}",
        legend=(*((name, name) for name in occurring), ("target", f"target {aim}")),
        height=drawings.VALUES_HEIGHT,
    )


def _parts_chart(series: Series, position: int) -> Chart:
    by = series.terms.measure.by or "part"
    worst = f"most in {series.parts[0].label}: {shown.wrong(series, series.parts[0])}"
    return Chart(
        name=drawings.parts_name(position),
        label=f"What went wrong in {series.outcome} by {by}; {worst}. {_BELOW}",
        caption=f"What went wrong, by {by}, all periods together",
        legend=(),
        height=drawings.parts_height(series),
    )


def _credits_chart(review: Review) -> Chart:
    word, currency = tables.period_word(review), review.agreement.money.currency
    legend = tuple(
        (f"stack-{position % 6 + 1}", each.outcome) for position, each in enumerate(review.outcomes) if each.credited
    )
    return Chart(
        name=drawings.CREDITS,
        label=f"Credits by {word} in {currency}, {review.credited_by_outcomes} in all. {_BELOW}",
        caption=f"Credits by {word} in {currency}",
        legend=legend,
        height=drawings.VALUES_HEIGHT,
    )


def _period(review: Review, figures: PeriodFigures) -> PeriodPart:
    period = figures.period
    points = [(each, point) for each in review.outcomes for point in each.points if point.period == period]
    money = f"{figures.credited} credited" if figures.credited else "no credit"
    if figures.credited.minor < 0:
        money = f"{-figures.credited} charged"
    part = ", a part of its whole" if period.partial else ""
    hours = counted(period.seconds // 3600, "hour")
    return PeriodPart(
        anchor=tables.anchor_of(period),
        name=period_name(period),
        line=f"{_counts(figures.rulings) or 'nothing judged'}{f'; {money}' if review.has_money else ''}",
        dates=f"{period.first_day} to {period.last_day}, {period.zone}, {hours}{part}",
        verdicts=tuple(_verdict(series, point) for series, point in points),
        remedies=_remedies(figures),
    )


def _remedies(figures: PeriodFigures) -> tuple[Step, ...]:
    """Return how the credits of a period came about; nothing if no outcome pays, not even before the caps."""
    computed = figures.credits
    paying = [credit for credit in computed.credits if credit.raw or credit.amount] if computed else []
    if computed is None or not paying:
        return ()
    told = {verdict.reason for verdict in figures.judgement.verdicts}
    return tuple(shown.steps(reason, told) for reason in (*(credit.reason for credit in paying), computed.reason))


def _verdict(series: Series, point: Point) -> VerdictPart:
    verdict = point.verdict
    measured = verdict.measurement
    details = [shown.detail(series, verdict), measured.undecided]
    if measured.coverage is not None:
        details.append(f"coverage {measured.coverage.percent(2)}")
    return VerdictPart(
        outcome=series.outcome,
        ruling=shown.WORD[verdict.ruling],
        value=shown.exact(verdict),
        target=shown.target(verdict.target),
        detail="; ".join(each for each in details if each),
        credit=str(point.credit) if point.credit else "",
        readings=tables.reading_table(verdict.readings, f"Readings used for {series.outcome}"),
        reason=shown.steps(verdict.reason),
    )


def _verification(review: Review, origin: Origin) -> tuple[tuple[str, str], ...]:
    """Return the commands that a reader gives, each with what it does."""
    commands = [
        ("Check the chain of the evidence and recompute every verdict and cent:", f"makegood verify {origin.bundle}")
    ]
    paid = [(point.credit.minor, each.outcome, point) for each in review.outcomes for point in each.points]
    largest = max(paid, key=lambda each: each[0], default=None)
    if largest and largest[0] > 0:
        line = f"{largest[2].period.label}/{largest[1]}"
        commands.append(
            (f"Explain the largest credit, {line}, down to its evidence:", f"makegood explain {line} {origin.document}")
        )
    return tuple(commands)
