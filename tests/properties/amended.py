"""Agreements with every measure whose evidence can be reduced, amended in any way."""

from __future__ import annotations

from dataclasses import replace
from datetime import date

from hypothesis import strategies as st

from makegood.engine.agreement.amendment import Amendment
from makegood.engine.agreement.document import read
from makegood.engine.agreement.terms import Agreement

TEXT = """\
makegood: agreement/1
agreement: everything
title: Whatever can be reduced
parties: {provider: provider, customer: customer}
term: {from: 2025-03-24, until: 2025-04-07, timezone: Europe/Berlin, period: {every: week}}
money: {currency: EUR}
calendars:
  office: {days: {mon-fri: ["08:00-12:00", "13:00-18:00"]}}
services:
  line: {title: The line, fee: {monthly: 1234.56}, made_of: {any_of: [line-a, line-b]}, critical: true}
outcomes:
  uptime:
    promise: The line is up.
    measure:
      kind: availability
      of: line
      count: {ignore_shorter_than: 20m}
      excluded: {maintenance: {effect: up, allowance: 4h per period}}
      unknown: {as: down, after: 30m}
    target: ">= 99.5%"
    stake: {of: 30% of monthly_fee, tiers: [{below: 99.5%, credit: 10%}, {below: 90%, credit: 100%}]}
  uptime-2:
    promise: The line is up.
    measure: {kind: availability, of: line, degraded: down, unknown: {as: up, after: 10m}}
    target: ">= 99%"
    stake: {of: 20% of monthly_fee, linear: {times: 5}}
  hours:
    promise: The line is up in every window.
    measure: {kind: availability, of: line-b, unknown: {as: up, after: 30m}}
    target: ">= 100%"
    stake: {windows: {every: 20h, below: 90%, price: 0.50}}
  hours-2:
    promise: The line is up in the hours of the office.
    measure: {kind: availability, of: line-b, on: office, count: {from: reported}, unknown: {as: excluded}}
    target: ">= 100%"
    stake: {windows: {every: 20h, below: 95%, price: 0.70}}
  tree:
    promise: The tree stands.
    measure: {kind: composite, of: line, unknown: {as: up, after: 1h}, degraded: down}
    target: ">= 99%"
  tree-2:
    promise: The tree stands.
    measure: {kind: composite, of: line, unknown: {as: down}}
    target: ">= 98%"
  long:
    promise: A part is up.
    measure: {kind: availability, of: line-a, by: site}
    target: ">= 99%"
    stake: {money_back: {price: 3.00, worse_than: 98%}}
  long-2:
    promise: A part is up for those who use it.
    measure: {kind: availability, of: line-a, count: {granularity: touched_minutes}, by: site, unknown: {as: up, after: 45m}}
    target: ">= 99.5%"
  restored:
    promise: The line is back soon.
    measure: {kind: recovery, of: line-a, as: mean_time_to_restore, empty: met}
    target: "<= 1h"
  orders:
    promise: Orders are accepted.
    measure: {kind: ratio, of: orders, good: accepted, by: site, excluded: {maintenance: {effect: shrink}}}
    target: ">= 95%"
    stake: {of: 30% of monthly_fee, per_unit: {unit: 1%, credit: 7%, counted: started}, at_most: 100%}
  orders-2:
    promise: Few orders are refused.
    measure: {kind: ratio, of: orders, good: refused, by: site, excluded: {maintenance: {effect: up}}}
    target: "<= 3%"
    stake: {of: 30% of monthly_fee, per_unit: {unit: 1%, credit: 9%, counted: started}, at_most: 100%}
  slices:
    promise: Few slices are bad.
    measure: {kind: ratio, of: requests, good: ok, slices: {every: 2h, method: mean_error_rate, empty: skipped}}
    target: ">= 95%"
    stake: {of: 10% of monthly_fee, tiers: [{below: 95%, credit: 40%}]}
  slices-2:
    promise: Few slices are bad.
    measure: {kind: ratio, of: requests, good: ok, slices: {every: 5h, method: mean_error_rate, empty: skipped}}
    target: ">= 90%"
    stake: {of: 10% of monthly_fee, tiers: [{below: 90%, credit: 40%}]}
  spam:
    promise: Little is refused.
    measure: {kind: ratio, of: mails, good: refused}
    target: "<= 5%"
  spam-2:
    promise: Much is delivered.
    measure: {kind: ratio, of: mails, good: delivered}
    target: ">= 95%"
  few:
    promise: Few calls are lost.
    measure: {kind: count, of: calls, counting: lost}
    target: "<= 3"
    stake: {per_event: {credit: 1.10 EUR}}
  few-2:
    promise: Few calls are lost.
    measure: {kind: count, of: calls, counting: [lost, taken], excluded: {maintenance: {effect: shrink}}}
    target: "<= 5"
    stake: {per_event: {credit: 0.70 EUR}}
  all:
    promise: Few calls in all.
    measure: {kind: count, of: rings}
    target: "<= 3"
  marks:
    promise: People are content.
    measure: {kind: score, of: rings, as: mean, scale: {from: 1, to: 5}, no_answer: heard}
    target: ">= 4"
  fast:
    promise: Answers are fast.
    measure: {kind: quantile, of: latency, unit: time, quantile: 95%, on: office, excluded: {maintenance: {effect: shrink}}}
    target: "<= 500 ms"
    stake: {of: 10% of monthly_fee, tiers: [{above: 500 ms, credit: 40%}]}
  fast-2:
    promise: Answers are fast at all times.
    measure: {kind: quantile, of: latency, unit: time, quantile: 90%, minimum_samples: 3}
    target: "<= 400 ms"
    stake: {of: 10% of monthly_fee, tiers: [{above: 400 ms, credit: 30%}]}
  between:
    promise: Half of the answers are fast.
    measure: {kind: quantile, of: latency, unit: time, quantile: 40%, method: linear, minimum_samples: 2}
    target: "<= 300 ms"
  between-2:
    promise: Answers of one machine are fast.
    measure: {kind: average, of: latency, unit: time, subject: web-1}
    target: "<= 300 ms"
  worst:
    promise: Every place is warm.
    measure: {kind: average, of: warmth, unit: number, subjects: worst}
    target: ">= 20"
  worst-2:
    promise: Every place is warm for long.
    measure: {kind: average, of: warmth, unit: number, subjects: worst, weight: time, after: 2h}
    target: ">= 20"
  minutes:
    promise: Most slices are fast.
    measure: {kind: quantile, of: latency, unit: time, quantile: 50%, slices: {every: 3h, good_when: "<= 300 ms"}}
    target: ">= 90%"
    stake: {of: 10% of monthly_fee, tiers: [{below: 90%, credit: 35%}]}
  minutes-2:
    promise: Most slices are fast.
    measure: {kind: quantile, of: latency, unit: time, quantile: 50%, slices: {every: 7h, good_when: "<= 300 ms"}}
    target: ">= 80%"
    stake: {of: 10% of monthly_fee, tiers: [{below: 80%, credit: 35%}]}
  steady:
    promise: The load is low.
    measure: {kind: time_beyond, of: load, as: share, beyond: "> 2", unknown: {after: 1h}}
    target: "<= 5%"
  steady-2:
    promise: The load is low on most machines.
    measure: {kind: coverage, current: {of: load, good_when: "<= 2", after: 3h}}
    target: ">= 50%"
  answered:
    promise: Incidents are answered.
    measure: {kind: within, cases: incident, limits: {P1: 1h, P2: 4h, P3: 8h}, clock: {to: answered}, reopened: ignore}
    target: ">= 80%"
    stake: {of: 10% of monthly_fee, per_unit: {unit: 10%, credit: 10%, counted: started}, at_most: 100%}
  answered-2:
    promise: Incidents are answered.
    measure: {kind: within, cases: incident, limits: {P1: 30m, P2: 6h}, clock: {to: answered}, population: opened_in_period}
    target: ">= 70%"
    stake: {of: 10% of monthly_fee, per_unit: {unit: 10%, credit: 12%, counted: started}, at_most: 100%}
  resolved:
    promise: Incidents are resolved.
    measure:
      kind: within
      cases: incident
      limit: 20h
      clock: {to: resolved, on: office, pause: [waiting]}
      excluded: {customer_caused: {}}
    target: ">= 50%"
    stake: {of: 10% of monthly_fee, tiers: [{below: 50%, credit: 30%}]}
  resolved-2:
    promise: Incidents are resolved.
    measure: {kind: within, cases: incident, limit: 5h, clock: {to: resolved, on: office}, population: resolved_in_period}
    target: ">= 50%"
    stake: {of: 10% of monthly_fee, tiers: [{below: 50%, credit: 40%}]}
  after-answer:
    promise: What was answered is resolved.
    measure: {kind: within, cases: incident, limit: 10h, clock: {from: answered, to: resolved}}
    target: ">= 90%"
  changes:
    promise: Changes are done.
    measure: {kind: within, cases: change, limit: 3h, priority: [P1, P2]}
    target: ">= 50%"
  changes-2:
    promise: A change is repaired soon.
    measure: {kind: recovery, cases: change, as: mean_time_to_restore, failed: opened, restored: resolved}
    target: "<= 4h"
  broad:
    promise: The line is broad.
    measure: {kind: quantile, of: rate, unit: number, quantile: 20%, empty: met}
    target: ">= 3"
  broad-2:
    promise: The line is broad.
    measure: {kind: quantile, of: rate, unit: number, quantile: 60%, significant_digits: 1, empty: met}
    target: ">= 3"
sequences:
  better: {kind: ratchet, of: [resolved, answered, orders, uptime, broad], every: 1}
"""
_DAYS = [date(2025, 3, day) for day in (25, 27, 28, 30, 31)] + [date(2025, 4, 2)]
_MADE_OF = ("any_of: [line-a, line-b]", "all_of: [line-a, line-b]", "each: [line-b, line-a]")
_HOURS = ('["08:00-12:00", "13:00-18:00"]', '["00:00-09:00"]')


def _agreement(text: str = TEXT) -> Agreement:
    document = read(text)
    assert document.agreement is not None, [str(finding) for finding in document.findings]
    return document.agreement


_WRITTEN = _agreement()
_WAYS = {
    name: [_WRITTEN.outcomes[each] for each in (name, f"{name}-2") if each in _WRITTEN.outcomes]
    for name in _WRITTEN.outcomes
    if not name.endswith("-2")
}
_SERVICES = [_agreement(TEXT.replace(_MADE_OF[0], each)).services for each in _MADE_OF]
_CALENDARS = [_agreement(TEXT.replace(_HOURS[0], each)).calendars for each in _HOURS]
AGREEMENT = replace(_WRITTEN, outcomes={name: ways[0] for name, ways in _WAYS.items()})


@st.composite
def agreements(draw: st.DrawFn) -> Agreement:
    """An agreement in one to three versions: outcomes change, are added and dropped, and so are parts and hours."""
    number = draw(st.integers(1, 3))
    dropped = draw(st.sets(st.sampled_from(sorted(_WAYS)), max_size=3))
    outcomes = {name: outcome for name, outcome in AGREEMENT.outcomes.items() if name not in dropped}
    versions = [replace(AGREEMENT, outcomes=outcomes)]
    for version in range(2, number + 1):
        changes = draw(st.dictionaries(st.sampled_from(sorted(_WAYS)), st.integers(0, 2), max_size=6))
        for name, way in changes.items():
            outcomes = {key: each for key, each in outcomes.items() if key != name}
            if way < len(_WAYS[name]):
                outcomes[name] = _WAYS[name][way]
        amendment = Amendment(version=version, effective=draw(st.sampled_from(_DAYS)), amends="0" * 16)
        services = draw(st.sampled_from([versions[-1].services, *_SERVICES]))
        calendars = draw(st.sampled_from([versions[-1].calendars, *_CALENDARS]))
        versions.append(
            replace(AGREEMENT, outcomes=outcomes, amendment=amendment, services=services, calendars=calendars)
        )
    return replace(versions[-1], versions=tuple(versions) if number > 1 else ())
