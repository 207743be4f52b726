"""What every document has to stand: it is read, and if it is an agreement, written out, judged and paid."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import timedelta
from itertools import islice

from makegood.engine.agreement.advice.advise import advise, sound
from makegood.engine.agreement.document import Document, read
from makegood.engine.agreement.prose import as_markdown, service_level_text
from makegood.engine.agreement.readings import readings_of, readings_of_money
from makegood.engine.agreement.schedule import closes_at, periods_of
from makegood.engine.agreement.terms import Agreement
from makegood.engine.evidence.body import Evidence
from makegood.engine.evidence.document import read_mapping
from makegood.engine.evidence.records import AnyRecord, Attribution, Gauge, State, Statement, Status, Tally, Transition
from makegood.engine.money.closing import account
from makegood.engine.review.lint.past import past
from makegood.engine.vocabulary.finding import Severity
from makegood.engine.vocabulary.period import Period
from makegood.engine.vocabulary.ratio import Ratio

PERIODS = 2
PRIORITIES = ("P1", "critical", "low")
_RESULTS = ("accepted", "failed")
_STATES = ("opened", "resolved")


def endure(content: str | bytes) -> Document:
    """Send a document all the way; whatever is the matter with it, nothing breaks."""
    document = read(content)
    serious = any(each.severity is Severity.ERROR for each in document.findings)
    assert (document.agreement is None) is serious
    assert list(document.findings) == sorted(document.findings)
    assert all("\n" not in str(finding) for finding in document.findings)
    if document.agreement is not None:
        advice = advise(document.text)
        assert list(advice) == sorted(advice)
        _live_by(document.agreement, document.text)
    return document


def endure_mapping(text: str) -> None:
    """Read a mapping document; it is one, or there are findings."""
    document = read_mapping(text)
    assert (document.mapping is None) is bool(document.findings)


def _live_by(agreement: Agreement, text: str) -> None:
    """Write an agreement out, judge and settle its first periods, on nothing and on something of everything."""
    assert as_markdown(service_level_text(agreement))
    assert readings_of_money(agreement)
    periods = list(islice(periods_of(agreement), PERIODS))
    for evidence in (Evidence.of(()), Evidence.of(_something(agreement, periods))):
        seen = account(agreement=agreement, periods=periods, evidence=evidence)
        assert [each.period for each in seen.judgements] == periods
        for judgement in seen.judgements:
            assert len(judgement.verdicts) == len(agreement.outcomes)
        draft = sound(text)
        assert draft is not None
        assert all(finding.text for finding in past(draft, evidence, seen.judgements))
    for period in periods:
        assert closes_at(agreement, period) >= period.interval.end
    for name in agreement.outcomes:
        assert all(term and value for term, value, _ in readings_of(agreement, name))


def _something(agreement: Agreement, periods: list[Period]) -> Iterator[AnyRecord]:
    """Yield a little evidence of every kind, under every name that the agreement could mean."""
    subjects = sorted({*agreement.services, *_parts(agreement), *_measured(agreement)})
    for number, period in enumerate(periods):
        start = period.interval.start
        yield Transition(source="g", source_id=str(number), case=period.label, of="claim", state="received", at=start)
        yield Attribution(
            source="h",
            source_id=str(number),
            incident=f"{number}/incident",
            party=agreement.parties.provider.id,
            share=Ratio(1, 3),
        )
        for name in subjects:
            here = f"{number}/{name}"
            later = start + timedelta(hours=1)
            yield State(source="a", source_id=here, subject=name, status=Status.UP, start=start)
            yield State(
                source="b",
                source_id=here,
                subject=name,
                status=Status.DOWN,
                start=later,
                end=later + timedelta(hours=2),
            )
            for result in _RESULTS:
                yield Tally(
                    source="c",
                    source_id=f"{here}/{result}",
                    subject=name,
                    of=name,
                    result=result,
                    count=3,
                    start=later,
                    end=later,
                )
            for place, state in enumerate(_states(agreement)):
                yield Transition(
                    source="d",
                    source_id=f"{here}/{place}",
                    case=here,
                    of=name,
                    state=state,
                    at=start + timedelta(hours=place),
                    priority=PRIORITIES[place % len(PRIORITIES)],
                    incident=f"{number}/incident",
                    labels=(("computer", name), ("item", name), ("ticket", "1"), ("users", "3")),
                )
            for unit in ("s", "%", "1"):
                yield Gauge(
                    source="e",
                    source_id=f"{here}/{unit}",
                    subject=name,
                    of=name,
                    value=Ratio(1, 3),
                    unit=unit,
                    at=later,
                )
                yield Statement(
                    source="f",
                    source_id=f"{here}/{unit}",
                    subject=name,
                    of=name,
                    value=Ratio(7, 8),
                    unit=unit,
                    at=later,
                    by=agreement.parties.customer.id,
                )


def _parts(agreement: Agreement) -> Iterator[str]:
    for service in agreement.services.values():
        if service.made_of is not None:
            for part in (*service.made_of.all_of, *service.made_of.any_of, *service.made_of.each):
                yield part.id


def _measured(agreement: Agreement) -> Iterator[str]:
    for outcome in agreement.outcomes.values():
        yield outcome.measure.what


def _states(agreement: Agreement) -> tuple[str, ...]:
    clocks = [getattr(outcome.measure, "clock", None) for outcome in agreement.outcomes.values()]
    named = [state for clock in clocks if clock is not None for state in (clock.from_, *clock.pause, clock.to)]
    return tuple(dict.fromkeys([*named, *_STATES]))
