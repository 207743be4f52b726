"""The agreement in prose: the text that people sign, written from the same terms that are judged and settled.

Nothing is in the text that is not in the terms, and no reading that may change money is left out of it: what the
document did not write stands in the text as the house default.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import date, datetime, timedelta

from makegood.engine.agreement.calendars import CalendarTerm
from makegood.engine.agreement.desk_prose import desk_in_words
from makegood.engine.agreement.governance_prose import roles_in_words, working_in_words
from makegood.engine.agreement.incentive_prose import (
    bonus_in_words,
    claims_in_words,
    incentives_in_words,
    termination_in_words,
)
from makegood.engine.agreement.measure_prose import agreed, measured, readings_in_words
from makegood.engine.agreement.measures.within import Within
from makegood.engine.agreement.money_prose import (
    ROUNDING,
    closing_in_words,
    money_in_words,
    sequences_in_words,
)
from makegood.engine.agreement.relation_prose import amendment_in_words, value_shares_in_words
from makegood.engine.agreement.schedule import end_of_term
from makegood.engine.agreement.stake_prose import stake_in_words, tiers_in_words
from makegood.engine.agreement.terms import Agreement, Component, Kind, MadeOf, Outcome, PeriodTerm, TermOfAgreement
from makegood.engine.vocabulary.amount import Amount
from makegood.engine.vocabulary.calendar import Window
from makegood.engine.vocabulary.period import Every
from makegood.engine.vocabulary.times import show_instant

Row = tuple[str, ...]

_MONTHS = (
    *("January", "February", "March", "April", "May", "June"),
    *("July", "August", "September", "October", "November", "December"),
)
_SIGNS = re.compile(r"^[#>|*+=~`-]")  # at the beginning of a paragraph Markdown would read them as its own
_PERIODS = {
    Every.WEEK: "weeks",
    Every.MONTH: "months",
    Every.QUARTER: "quarters",
    Every.YEAR: "years",
    Every.TERM: "the whole term",
}
_KINDS = {
    Kind.LICENCE: "The provider grants a licence and supports it.",
    Kind.TIME_AND_MATERIALS: "The provider is paid for time and materials.",
    Kind.MANAGED_SERVICE: "The provider runs the services for the customer.",
    Kind.MANAGED_OUTCOME: "The provider is paid for outcomes: it promises results, and makes good when it misses them.",
    Kind.PARTNERSHIP: "The parties work towards common outcomes as partners.",
    Kind.UNDERPINNING: "The provider underpins what the customer has promised to others.",
}


@dataclass(frozen=True, slots=True)
class Section:
    """A part of the text; the first row of a table is its heading."""

    title: str
    paragraphs: tuple[str, ...]
    table: tuple[Row, ...] = ()


def service_level_text(agreement: Agreement) -> tuple[Section, ...]:
    """Return the text of an agreement, from the parties to the disputes.

    >>> from makegood.engine.agreement.catalogue import GOOD
    >>> from makegood.engine.agreement.document import read
    >>> print(service_level_text(read(GOOD).agreement)[0].paragraphs[0])
    This agreement, acme-web-shop, is made between northwind (the provider) and acme (the customer).
    """
    return (
        _parties(agreement),
        _term(agreement),
        *(Section("Amendment", told) for told in (amendment_in_words(agreement),) if told),
        *_calendars(agreement),
        _services(agreement),
        *(section for name in agreement.outcomes for section in _outcome(agreement, name)),
        Section("Credits", money_in_words(agreement)),
        *_sequences(agreement),
        *_rights(agreement),
        *(Section(*each) for each in value_shares_in_words(agreement)),
        Section("Closing, late evidence and disputes", closing_in_words(agreement)),
        *(Section(*each) for each in working_in_words(agreement)),
        *(Section(*each) for each in desk_in_words(agreement)),
    )


def as_markdown(sections: Iterable[Section]) -> str:
    """Return sections as Markdown.

    >>> print(as_markdown([Section("Fees", ("As follows.",), (("Service", "Fee"), ("Shop", "10.00 EUR")))]))
    ## Fees
    <BLANKLINE>
    As follows.
    <BLANKLINE>
    | Service | Fee |
    |---|---|
    | Shop | 10.00 EUR |
    <BLANKLINE>
    """
    return "\n".join(line for section in sections for line in _lines(section))


def _lines(section: Section) -> Iterator[str]:
    yield f"## {section.title}"
    yield ""
    for paragraph in section.paragraphs:
        yield _SIGNS.sub(r"\\\g<0>", paragraph)
        yield ""
    for number, row in enumerate(section.table):
        cells = " | ".join(cell.replace("|", r"\|") for cell in row)
        yield f"| {cells} |"
        if number == 0:
            yield "|" + "---|" * len(row)
    if section.table:
        yield ""


def _parties(agreement: Agreement) -> Section:
    parties = agreement.parties
    paragraphs = [
        (
            f"This agreement, {agreement.agreement}, is made between {parties.provider.shown} (the provider) and"
            f" {parties.customer.shown} (the customer)."
        ),
        _KINDS[agreement.kind],
    ]
    if parties.relies_on:
        # Affiliates stay behind the provider in everything that a customer reads.
        paragraphs.append("The provider relies on others, and answers for their work as for its own.")
    return Section(agreement.title, tuple(paragraphs))


def _term(agreement: Agreement) -> Section:
    term = agreement.term
    last = end_of_term(term) - timedelta(days=1)
    period = term.period
    written = "term.period.every" in agreement.written
    return Section(
        "Term",
        (
            (
                f"It runs from {_day(term.from_)} up to and including {_day(last)}{_hours_of(term)}. Days begin and end"
                f" by the clocks of {term.timezone}."
            ),
            (f"Outcomes are judged, and credits are settled, by {_rhythm(period)} ({agreed(written)})."),
        ),
    )


def _hours_of(term: TermOfAgreement) -> str:
    starts = f", beginning at {term.starts_at:%H:%M:%S}" if term.starts_at is not None else ""
    return starts + (f", ending at {term.ends_at:%H:%M:%S}" if term.ends_at is not None else "")


def _rhythm(period: PeriodTerm) -> str:
    if period.every is Every.TERM:
        return _PERIODS[period.every]
    within = "week" if period.every is Every.WEEK else "month"
    return f"{_PERIODS[period.every]} that start on day {period.starts_on} of the {within}"


def _calendars(agreement: Agreement) -> Iterator[Section]:
    if agreement.calendars:
        rows = tuple((name, _hours(term), _exceptions(term)) for name, term in agreement.calendars.items())
        text = f"Hours are those of the clocks of {agreement.term.timezone} unless another zone is named."
        yield Section("Calendars", (text,), (("Calendar", "Open", "Except"), *rows))


def _hours(term: CalendarTerm) -> str:
    hours = "; ".join(f"{days} {_windows(windows)}" for days, windows in term.days.items())
    return f"{hours} ({term.timezone})" if term.timezone else hours


def _windows(windows: tuple[Window, ...]) -> str:
    return ", ".join(map(str, windows)) or "closed"


def _exceptions(term: CalendarTerm) -> str:
    found = []
    if term.holidays is not None:
        where = "-".join(filter(None, (term.holidays.country, term.holidays.subdivision)))
        found.append(f"closed on the public holidays of {where}")
    found += [f"closed on {_day(day)}" for day in term.extra_closed]
    found += [f"also open on {_day(day)}: {_windows(windows)}" for day, windows in term.extra_open.items()]
    return "; ".join(found) or "no exceptions"


def _services(agreement: Agreement) -> Section:
    rows = []
    for name, service in agreement.services.items():
        fee = (
            f"{Amount.of(service.fee.monthly, agreement.money.currency)} a month" if service.fee else "none of its own"
        )
        rows.append((f"{service.title} ({name})", fee, "yes" if service.critical else "no", _made_of(service.made_of)))
    text = "The customer pays these fees; a service is critical if the customer's business stands still without it."
    return Section("Services and fees", (text,), (("Service", "Fee", "Critical", "Made of"), *rows))


def _made_of(made_of: MadeOf | None) -> str:
    if made_of is None:
        return "itself"
    if made_of.all_of:
        return f"{_listed(made_of.all_of)}: down when any of them is down"
    if made_of.weights:
        weights = ", ".join(f"{name} {share.percent()}" for name, share in made_of.weights.items())
        return f"{weights}: each carries its share"
    if made_of.any_of and made_of.at_least is not None:
        return f"{_listed(made_of.any_of)}: down when fewer than {made_of.at_least} of them are up"
    if made_of.any_of:
        return f"{_listed(made_of.any_of)}: down only when all of them are down"
    return f"{_listed(made_of.each)}: each counted by itself"


def _listed(components: tuple[Component, ...]) -> str:
    return ", ".join(f"{part.id} (from {_moment(part.since)})" if part.since else part.id for part in components)


def _moment(since: date) -> str:
    return show_instant(since) if isinstance(since, datetime) else _day(since)


def _outcome(agreement: Agreement, name: str) -> Iterator[Section]:
    """Yield the promise with its measure, how it is read, and what a miss pays."""
    outcome = agreement.outcomes[name]
    kind = "A headline outcome" if outcome.headline else "A supporting outcome"
    yield Section(
        f"Outcome: {name}",
        (
            outcome.promise,
            (
                f"{kind}{_belongs(agreement, outcome)}. {measured(outcome.measure, agreement)} The promise is kept if"
                f" the value is {_target(outcome)}; {_compared(outcome)}."
            ),
            *_low_volume(outcome),
            *((outcome.report.words,) if outcome.report is not None else ()),
        ),
    )
    rows = tuple((sentence, agreed(written)) for sentence, written in readings_in_words(agreement, name))
    yield Section(f"How {name} is counted", (), (("Reading", "Source"), *rows))
    yield Section(f"What {name} pays", stake_in_words(outcome), tiers_in_words(outcome))
    if outcome.bonus is not None:
        yield Section(f"What {name} earns", bonus_in_words(outcome))
    yield from (Section(*each) for each in roles_in_words(agreement, name))


def _sequences(agreement: Agreement) -> Iterator[Section]:
    if agreement.sequences:
        text = "These rules remember earlier periods. A contract year begins on the anniversary of the first day."
        yield Section("From period to period", (text,), (("Name", "Rule", "Source"), *sequences_in_words(agreement)))


def _rights(agreement: Agreement) -> Iterator[Section]:
    """Yield what the provider earns besides, what the customer has to claim, and what leaving costs."""
    if agreement.incentives:
        rows = incentives_in_words(agreement)
        yield Section("Incentives", ("These pay the provider.",), (("Name", "Rule", "Source"), *rows))
    for title, found in (("Claims", claims_in_words(agreement)), ("Termination", termination_in_words(agreement))):
        if found:
            yield Section(title, (), (("Rule", "Source"), *found))


def _target(outcome: Outcome) -> str:
    words = {">=": "at least", ">": "more than", "<=": "at most", "<": "less than", "=": "exactly"}
    return f"{words[outcome.target.comparison]} {outcome.target.level}"


def _compared(outcome: Outcome) -> str:
    precision = outcome.precision
    if precision is None:
        return "values are compared exactly and unrounded"
    places = f"{precision.decimals} decimal{'' if precision.decimals == 1 else 's'}"
    return f"before that it is rounded to {places}, {ROUNDING[precision.rounding]}"


def _belongs(agreement: Agreement, outcome: Outcome) -> str:
    service = agreement.services.get(outcome.service)
    if outcome.service and outcome.measure.subject == outcome.service:
        return ""  # its value names the service
    return f" of the service {service.title} ({outcome.service})" if service else ""


def _low_volume(outcome: Outcome) -> Iterator[str]:
    low_volume = outcome.low_volume
    if low_volume is None:
        return
    what = "cases" if isinstance(outcome.measure, Within) else outcome.measure.what
    if low_volume.gives is not None:
        then = f"the outcome is {low_volume.gives}"
    else:
        misses = "miss" if low_volume.allowed_misses == 1 else "misses"
        then = f"the outcome is met with at most {low_volume.allowed_misses:,} {misses}, and missed with more"
    yield f"In a period with fewer than {low_volume.below:,} {what} a percentage says little; then {then}."


def _day(day: date) -> str:
    return f"{day.day} {_MONTHS[day.month - 1]} {day.year}"
