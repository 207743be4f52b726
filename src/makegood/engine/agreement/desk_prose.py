"""The service desk and the hours that the fee includes, in prose."""

from __future__ import annotations

from collections.abc import Iterator

from makegood.engine.agreement.desk import Desk, Level
from makegood.engine.agreement.governance_prose import Row, Told
from makegood.engine.agreement.hours import FlexHours, Hours, SupportHours
from makegood.engine.agreement.measure_prose import agreed
from makegood.engine.agreement.schedule import ALWAYS
from makegood.engine.agreement.terms import Agreement


def desk_in_words(agreement: Agreement) -> Iterator[Told]:
    """Yield how cases are handled: priorities, updates, escalation, closing, and what the fee covers."""
    desk = agreement.desk
    if desk is not None:
        source = agreed("desk.priorities" in agreement.written)
        text = f"The priority of a case follows from its impact and its urgency ({source})."
        yield "Priorities of cases", (text,), matrix_rows(desk)
        if desk.updates:
            yield "Updates on open cases", (_updates_on(agreement, desk),), update_rows(desk)
        source = agreed("desk.escalation" in agreement.written)
        text = f"These hear of a case when a part of one of its limits is used up ({source})."
        yield "Escalation of cases", (text,), escalation_rows(desk)
        yield "Closing and cover of cases", (_closing(agreement, desk), *_cover(desk)), ()
    if agreement.hours is not None:
        yield "Hours that the fee includes", tuple(hours_in_words(agreement)), ()


def matrix_rows(desk: Desk) -> tuple[Row, ...]:
    """Return the priorities as a table: a row for each impact, a column for each urgency.

    >>> matrix_rows(Desk())[1]
    ('high', 'critical', 'high', 'normal')
    """
    head = ("Impact", *(f"Urgency {urgency}" for urgency in Level))
    return (head, *((str(impact), *(desk.matrix[impact][urgency] for urgency in Level)) for impact in Level))


def update_rows(desk: Desk) -> tuple[Row, ...]:
    """Return how often the customer hears of open cases as a table."""
    return (("Priority", "An update every"), *((name, span.words) for name, span in desk.updates.items()))


def escalation_rows(desk: Desk) -> tuple[Row, ...]:
    """Return who hears of a case as a table, from the smallest part of a limit on.

    >>> escalation_rows(Desk())[1]
    ('50 %', 'owner of the case')
    """
    return (("Of the limit", "Who hears of it"), *((each.at.percent(), each.to) for each in desk.levels))


def hours_in_words(agreement: Agreement) -> Iterator[str]:
    """Yield which hours the fee includes, as sentences."""
    hours, written = agreement.hours or Hours(), agreement.written
    if hours.support is not None:
        yield from _support(hours.support, "hours.support.step" in written)
    if hours.flex is not None:
        yield from _flex(hours.flex, "hours.flex.block" in written, "hours.flex.cap" in written)
    yield f"Work beyond {'these hours' if hours != Hours() else 'the services'} is charged."


def _support(support: SupportHours, step: bool) -> Iterator[str]:
    yield f"Each period includes {support.each_period.words} of support. What is not used is lost with the period."
    yield f"Support is counted in steps of {support.step.words}, begun ones as whole ({agreed(step)})."


def _flex(flex: FlexHours, block: bool, cap: bool) -> Iterator[str]:
    yield (
        f"Each period adds {flex.each_period.words} of flex time for work that is planned. It is saved up to at most"
        f" {flex.cap.words} ({agreed(cap)}), and ends with the calendar year."
    )
    yield (
        f"Flex time is used where both agreed to, in blocks of {flex.block.words}, begun ones as whole"
        f" ({agreed(block)})."
    )


def _updates_on(agreement: Agreement, desk: Desk) -> str:
    hours = (
        "every hour of every day" if desk.updates_on == ALWAYS else f"in the hours of the calendar {desk.updates_on}"
    )
    source = agreed("desk.updates_on" in agreement.written)
    return f"The customer hears how an open case stands, counted {hours} ({source})."


def _closing(agreement: Agreement, desk: Desk) -> str:
    source = agreed("desk.confirmed_after" in agreement.written)
    return (
        "A resolved case is closed when the customer confirms it, or has not rejected it for"
        f" {desk.confirmed_after.words} ({source})."
    )


def _cover(desk: Desk) -> Iterator[str]:
    if desk.billable:
        yield (
            f"The fee does not cover these kinds of case: {', '.join(desk.billable)}. They are charged, and begin when"
            " the customer permits it."
        )
    if desk.out_of_cover:
        yield f"The provider hands these kinds of case back to the customer: {', '.join(desk.out_of_cover)}."
