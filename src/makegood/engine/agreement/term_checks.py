"""Checks of parties and term."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from datetime import time, timedelta

from makegood.engine.agreement import measure_codes as codes
from makegood.engine.agreement import reference_codes
from makegood.engine.agreement.draft import Draft
from makegood.engine.agreement.schedule import end_of_term
from makegood.engine.agreement.terms import TermOfAgreement
from makegood.engine.vocabulary.finding import Finding
from makegood.engine.vocabulary.period import Every

LONGEST_ADVISABLE_MONTHS = 36


def term(draft: Draft) -> Iterator[Finding]:
    """The term ends after it begins, is not too long, and its periods start on days that there are."""
    term = draft.agreement.term
    end = end_of_term(term)
    if end <= term.from_:
        text = f"the term ends on {end} and begins on {term.from_}"
        yield codes.TERM_ENDS_FIRST.at(draft.at("term", "until"), text, "until is the day after the last day")
    elif periods_end_first(term):
        text = f"the term ends at {term.ends_at} on the day on which it begins at {term.starts_at or '00:00:00'}"
        yield codes.TERM_ENDS_FIRST.at(draft.at("term", "ends_at"), text, "write a later time")
    elif end > end_of_term(replace(term, until=None, months=LONGEST_ADVISABLE_MONTHS)):
        key = "months" if term.until is None else "until"
        text = f"the term is longer than {LONGEST_ADVISABLE_MONTHS} months"
        yield codes.LONG_TERM.at(draft.at("term", key), text, "consider a shorter term that is extended")
    if term.period.every is Every.WEEK and term.period.starts_on > 7:
        place = draft.at("term", "period", "starts_on")
        text = f"a week has no day {term.period.starts_on}"
        yield codes.NO_SUCH_DAY_OF_WEEK.at(place, text, "write 1 for Monday to 7 for Sunday")


def periods_end_first(term: TermOfAgreement) -> bool:
    """Tell whether a term of one day ends before it begins."""
    one_day = end_of_term(term) - term.from_ == timedelta(days=1)
    return one_day and term.ends_at is not None and term.ends_at <= (term.starts_at or time())


def parties(draft: Draft) -> Iterator[Finding]:
    """A promise has two sides."""
    parties = draft.agreement.parties
    if parties.provider.id == parties.customer.id:
        text = f"{parties.provider.id} is both provider and customer"
        yield reference_codes.ONE_PARTY.at(draft.at("parties", "customer"), text, "correct one of the two")
