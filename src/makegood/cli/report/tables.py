"""The tables of the report: each figure under the name of its column, each row named by its first cell."""

from __future__ import annotations

from collections.abc import Sequence

from makegood.cli.report import shown
from makegood.cli.report.content import Cell, Column, Table
from makegood.engine.agreement.shapes import Unit
from makegood.engine.judging.verdict import Part, Reading, Ruling
from makegood.engine.review.review import Review
from makegood.engine.review.series import ReadingsUsed, Series
from makegood.engine.review.summary import amount_of_misses
from makegood.engine.review.wording import every_word, period_name
from makegood.engine.vocabulary.amount import Amount
from makegood.engine.vocabulary.period import Period
from makegood.engine.vocabulary.ratio import Ratio

MOST_CAUSES = 10
MOST_PARTS = 20


def anchor_of(period: Period) -> str:
    """Return where the report speaks of a period."""
    return f"period-{period.label}"


def overview(review: Review) -> Table:
    """Return the rulings of all outcomes in all periods, and what each period credits."""
    currency = review.agreement.money.currency
    heads = [Column(period_word(review)), *(Column(each.outcome, wide=True) for each in review.outcomes)]
    rows = []
    for figures in review.periods:
        cells = [Cell(period_name(figures.period), to=anchor_of(figures.period))]
        for each in review.outcomes:
            found = [point for point in each.points if point.period.label == figures.label]
            cells.append(
                Cell(
                    shown.WORD[found[0].ruling],
                    below=shown.value(found[0].value, each.unit),
                    ruling=shown.WORD[found[0].ruling],
                )
                if found
                else Cell("–")
            )
        rows.append((*cells, *([Cell(shown.number(figures.credited))] if review.has_money else [])))
    if review.has_money:
        heads.append(Column(f"credit ({currency})", number=True))
        met = [Cell(f"{each.rulings.met} of {each.rulings.total} met") for each in review.outcomes]
        rows.append((Cell("all"), *met, Cell(shown.number(review.credited))))
    return Table(f"Rulings by {period_word(review)} and outcome", tuple(heads), tuple(rows), has_sum=review.has_money)


def values(review: Review, series: Series) -> Table:
    """Return the values of one outcome against its target; a count has no other integers behind it."""
    details = [shown.detail(series, point.verdict) for point in series.points]
    money = review.has_money and series.terms.stake is not None
    heads = [Column(period_word(review), wide=not any(details)), Column("value", number=True)]
    heads += [Column("from", wide=True)] if any(details) else []
    heads += [Column("target"), Column("ruling")]
    heads += [Column(f"credit ({series.credited.currency})", number=True)] if money else []
    rows = []
    for point, detail in zip(series.points, details, strict=True):
        ruling = shown.WORD[point.ruling]
        cells = [Cell(period_name(point.period), to=anchor_of(point.period)), Cell(shown.exact(point.verdict))]
        cells += [Cell(detail or "–")] if any(details) else []
        cells += [Cell(shown.target(point.target)), Cell(ruling, ruling=ruling)]
        rows.append((*cells, *([Cell(shown.number(point.credit))] if money else [])))
    return Table(f"{series.outcome} by {period_word(review)}", tuple(heads), tuple(rows))


def parts(series: Series) -> Table:
    """Return the parts of one outcome, those where most went wrong first."""
    by = series.terms.measure.by or "part"
    rows = [_part_row(series, part) for part in series.parts[:MOST_PARTS]]
    left = series.parts[MOST_PARTS:]
    if left:
        good, total = sum(part.good for part in left), sum(part.total for part in left)
        rows.append(_part_row(series, Part(f"{len(left):,} others", good, total)))
    heads = (
        Column(by, wide=True),
        Column("all", number=True),
        Column("went wrong", number=True),
        Column("share", number=True),
    )
    return Table(f"{series.outcome} by {by}, all periods together", heads, tuple(rows))


def causes(review: Review, series: Series) -> Table:
    """Return what the outcome was missed by, largest first."""
    shown_causes = series.causes[:MOST_CAUSES]
    rows = [
        (Cell(cause.name), Cell(amount_of_misses(series, cause.size)), Cell(f"{cause.periods:,}"))
        for cause in shown_causes
    ]
    left = series.causes[MOST_CAUSES:]
    if left:
        size = amount_of_misses(series, sum(cause.size for cause in left))
        rows.append((Cell(f"{len(left):,} others"), Cell(size), Cell("–")))
    size_of = "downtime" if series.terms.measure.size_unit is Unit.TIME else "misses"
    heads = (
        Column("cause", wide=True),
        Column(size_of, number=True),
        Column(f"missed {period_word(review, 2)}", number=True),
    )
    return Table(f"What {series.outcome} was missed by", heads, tuple(rows))


def credits(review: Review) -> Table:
    """Return fee, amount at risk and credits of each period."""
    paying = [each for each in review.outcomes if each.credited]
    currency = review.agreement.money.currency
    heads = [Column(period_word(review), wide=True), Column("fee", number=True), Column("at risk", number=True)]
    others = any(figures.other_terms for figures in review.periods)
    heads += [Column(each.outcome, number=True) for each in paying]
    heads += [Column("other terms", number=True)] * others + [Column("credited", number=True)]
    rows = [
        (
            Cell(period_name(figures.period), to=anchor_of(figures.period)),
            *_amounts([figures.fee, figures.at_risk]),
            *_amounts([figures.credit_of(each.outcome) for each in paying]),
            *_amounts([figures.other_terms] * others + [figures.credited]),
        )
        for figures in review.periods
    ]
    sums = [review.fees, review.at_risk, *(each.credited for each in paying)]
    sums += [Amount.total((figures.other_terms for figures in review.periods), currency)] * others
    rows.append((Cell("all"), *_amounts([*sums, review.credited])))
    caption = f"Credits in {currency}" + (", negative if charged" if others else "")
    return Table(caption, tuple(heads), tuple(rows), has_sum=True)


def rights(review: Review) -> Table | None:
    """Return the rights that arose beside money, None if there are none."""
    rows = [
        (Cell(period_name(figures.period), to=anchor_of(figures.period)), Cell(right.gives), Cell(right.reason.text))
        for figures in review.periods
        for right in (figures.credits.rights if figures.credits else ())
    ]
    heads = (Column(period_word(review), wide=True), Column("right of the customer"), Column("because", wide=True))
    return Table("Rights that arose", heads, tuple(rows)) if rows else None


def settlement(review: Review) -> Table:
    """Return the booked lines."""
    currency = review.agreement.money.currency
    heads = (
        Column("line", wide=True),
        Column("booked in"),
        Column("kind"),
        Column("cause", wide=True),
        Column("snapshot", number=True),
        Column(f"amount ({currency})", number=True),
    )
    rows = [
        (
            Cell(posting.id),
            Cell(posting.in_period),
            Cell(posting.kind.value),
            Cell(posting.cause or "–"),
            Cell(str(posting.snapshot)),
            Cell(shown.number(posting.amount)),
        )
        for posting in review.postings
    ]
    total = Amount.total((posting.amount for posting in review.postings), currency)
    rows.append((Cell("all"), Cell(""), Cell(""), Cell(""), Cell(""), Cell(shown.number(total))))
    return Table(
        "Booked lines; a negative amount is charged, or takes back what was credited too much",
        heads,
        tuple(rows),
        has_sum=True,
    )


def evidence(review: Review) -> Table:
    """Return how many records of each kind there are, and from when to when they speak."""
    rows = [
        (
            Cell(each.kind),
            Cell(f"{each.records:,}"),
            Cell(shown.day(each.first) if each.first else "–"),
            Cell(shown.day(each.last) if each.last else "–"),
        )
        for each in review.evidence
    ]
    heads = (
        Column("kind of record"),
        Column("records", number=True),
        Column("first", wide=True),
        Column("last", wide=True),
    )
    return Table("Evidence", heads, tuple(rows))


def coverage(review: Review) -> Table | None:
    """Return how well evidence covers agreed time, None if no outcome depends on time."""
    rows = []
    for each in review.outcomes:
        if each.lowest_coverage is not None:
            lowest = [point for point in each.points if point.verdict.measurement.coverage == each.lowest_coverage]
            undecided = sum(point.ruling is Ruling.UNDECIDED for point in each.points)
            named = f"{each.lowest_coverage.percent(2)} in {period_name(lowest[0].period)}"
            rows.append((Cell(each.outcome), Cell(named), Cell(str(undecided))))
    heads = (
        Column("outcome", wide=True),
        Column("lowest coverage", wide=True),
        Column("undecided verdicts", number=True),
    )
    return Table("Coverage of agreed time", heads, tuple(rows)) if rows else None


def trend(review: Review) -> Table | None:
    """Return the last three periods against the three before, None if there are fewer than six."""
    rows = [
        (
            Cell(each.outcome),
            Cell(shown.value(each.trend.before, each.unit)),
            Cell(shown.value(each.trend.recent, each.unit)),
            Cell(each.trend.direction.value),
        )
        for each in review.outcomes
        if each.trend is not None
    ]
    if review.trend is None or not rows:
        return None
    heads = (
        Column("outcome", wide=True),
        Column("three before", number=True),
        Column("last three", number=True),
        Column("direction"),
    )
    many = period_word(review, 3)
    return Table(f"Average values of the last three {many} against the three before", heads, tuple(rows))


def readings(review: Review, used: ReadingsUsed, *, only: bool) -> Table:
    """Return the readings that were used, and where there were several, in which periods."""
    where = f"all {period_word(review, 2)}" if only else ", ".join(used.periods)
    return reading_table(used.readings, f"Readings used in {where}")


def reading_table(given: Sequence[Reading], caption: str) -> Table:
    """Return readings with where they come from."""
    rows = [
        (Cell(each.term), Cell(each.value), Cell("as written" if each.written else "house default")) for each in given
    ]
    return Table(caption, (Column("term", wide=True), Column("value", wide=True), Column("source")), tuple(rows))


def period_word(review: Review, number: int = 1) -> str:
    """Return what the agreement's periods are called."""
    return every_word(review.agreement.term.period.every, number)


def _amounts(amounts: Sequence[Amount]) -> list[Cell]:
    return [Cell(shown.number(amount)) for amount in amounts]


def _part_row(series: Series, part: Part) -> tuple[Cell, ...]:
    lost = part.total - part.good
    share = Ratio(lost, part.total).percent(2) if part.good else "–"
    sizes = (amount_of_misses(series, part.total), amount_of_misses(series, lost))
    return (Cell(part.label), *map(Cell, sizes), Cell(share))
