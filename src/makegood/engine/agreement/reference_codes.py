"""Findings of series MG2: names that lead nowhere, and calendars that cannot be."""

from __future__ import annotations

from makegood.engine.agreement.code import Code, bad_outcome
from makegood.engine.vocabulary.finding import Severity

UNKNOWN_CALENDAR = Code(
    "MG201",
    Severity.ERROR,
    "unknown calendar",
    "A measure, or closing, names a calendar that the agreement does not have.",
    "Add the calendar to `calendars`, or write `always` for every second.",
    "closing: {calendar: office}\n",
)
UNKNOWN_SERVICE = Code(
    "MG202",
    Severity.ERROR,
    "unknown service",
    "An outcome belongs to a service that the agreement does not have.",
    "Add the service to `services`, or correct the name.",
    bad_outcome(more="    service: shopp\n"),
)
UNKNOWN_SUBJECT = Code(
    "MG203",
    Severity.ERROR,
    "neither service nor component",
    "Availability is measured of a service of the agreement, or of a component that a service is made of.",
    "Correct the name, or add the component to `made_of` of its service.",
    bad_outcome(measure="{kind: availability, of: shop-window}"),
)
PRIORITY_WITHOUT_LIMIT = Code(
    "MG204",
    Severity.ERROR,
    "priority without a limit",
    "Cases of this priority count, but there is no limit that they could be inside of.",
    "Add the limit, or take the priority off the list.",
    bad_outcome(measure="{kind: within, cases: order, priority: [P1, P2], limits: {P1: 4h}}"),
)
LIMIT_WITHOUT_PRIORITY = Code(
    "MG205",
    Severity.WARNING,
    "limit for a priority that does not count",
    "There is a limit for a priority that `priority` leaves out; it changes nothing.",
    "Add the priority to the list, or delete its limit.",
    bad_outcome(measure="{kind: within, cases: order, priority: P1, limits: {P1: 4h, P2: 8h}}"),
)
RESERVED_NAME = Code(
    "MG206",
    Severity.ERROR,
    "a calendar called always",
    "`always` is every second, in every agreement; it cannot mean something else.",
    "Give the calendar another name.",
    "calendars: {always: {days: {mon-fri: 08:00-18:00}}}\n",
)
UNKNOWN_HOLIDAYS = Code(
    "MG207",
    Severity.ERROR,
    "unknown public holidays",
    "No public holidays are known for this country, or for this part of it.",
    "Use the codes of ISO 3166, as in `{country: DE, subdivision: BE}`, or list the days as `extra_closed`.",
    "calendars: {office: {days: {mon-fri: 08:00-18:00}, holidays: {country: DE, subdivision: XX}}}\n",
)
CONTRADICTORY_CALENDAR = Code(
    "MG208",
    Severity.ERROR,
    "contradictory calendar",
    "A calendar gives one day two sets of hours, overlapping hours, or both hours and a whole day closed.",
    "Write each day once, with its hours in order and apart from one another.",
    'calendars: {office: {days: {mon-fri: "08:00-18:00", fri: "08:00-14:00"}}}\n',
)
NEVER_OPEN = Code(
    "MG209",
    Severity.ERROR,
    "calendar that never opens",
    "The calendar has no open second in any week, so nothing can be measured or become due on it.",
    "Write its hours.",
    "calendars: {office: {days: {mon-fri: []}}}\n",
)
COMPONENT_TWICE = Code(
    "MG210",
    Severity.ERROR,
    "component listed twice",
    "A service lists the same component twice, so that its time would count twice.",
    "Delete one of the two.",
    "services: {shop: {title: The shop, fee: {monthly: 1000.00}, critical: true, made_of: {each: [front, front]}}}\n",
)
ONE_PARTY = Code(
    "MG211",
    Severity.ERROR,
    "both sides are the same organisation",
    "Provider and customer are the same organisation; a promise needs somebody to whom it is made.",
    "Correct one of the two names.",
    "parties: {provider: northwind, customer: northwind}\n",
)
AMBIGUOUS_NAME = Code(
    "MG212",
    Severity.ERROR,
    "service that is a component as well",
    "Availability is asked of a service that lists a service with components of its own among its components, so that"
    " nobody can tell whose state counts.",
    "Write `kind: composite`, which reads the whole tree, or list the components instead.",
    """\
services:
  shop: {title: The shop, fee: {monthly: 1000.00}, critical: true, made_of: {all_of: [till, door]}}
  till: {title: The till, made_of: {all_of: [printer, drawer]}}
""",
)

REFERENCE_CODES = (
    UNKNOWN_CALENDAR,
    UNKNOWN_SERVICE,
    UNKNOWN_SUBJECT,
    PRIORITY_WITHOUT_LIMIT,
    LIMIT_WITHOUT_PRIORITY,
    RESERVED_NAME,
    UNKNOWN_HOLIDAYS,
    CONTRADICTORY_CALENDAR,
    NEVER_OPEN,
    COMPONENT_TWICE,
    ONE_PARTY,
    AMBIGUOUS_NAME,
)
