"""Export: the outcomes of an agreement as objectives of OpenSLO v1, and findings on what it has no words for."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field, replace
from datetime import timedelta
from typing import NoReturn

from makegood.engine.agreement.code import Code
from makegood.engine.agreement.exchange import codes
from makegood.engine.agreement.exchange.entry import quoted
from makegood.engine.agreement.exchange.naming import Names, dns_label
from makegood.engine.agreement.exchange.openslo import ORIGIN, VERSION
from makegood.engine.agreement.exchange.own import OWN, own_source
from makegood.engine.agreement.grammar import clauses_of
from makegood.engine.agreement.measures.availability import Availability
from makegood.engine.agreement.measures.ratio import RatioOf, SliceMethod, Slices, SliceWeight
from makegood.engine.agreement.measures.within import Within
from makegood.engine.agreement.places import Path, Places, dotted
from makegood.engine.agreement.readings import readings_of
from makegood.engine.agreement.shapes import Comparison, Target
from makegood.engine.agreement.terms import Agreement, Outcome, TermOfAgreement
from makegood.engine.vocabulary.finding import Finding
from makegood.engine.vocabulary.period import Every, periods
from makegood.engine.vocabulary.ratio import Ratio
from makegood.engine.vocabulary.times import zone

LONGEST_DESCRIPTION = 1050

_WINDOWS = {Every.WEEK: "1w", Every.MONTH: "1M", Every.QUARTER: "1Q", Every.YEAR: "1Y"}
_WORD = re.compile(r"(?!(?:true|false|yes|no|on|off|null|y|n)$)[A-Za-z][A-Za-z0-9_/-]*", re.IGNORECASE)
_STRICT = (Comparison.MORE_THAN, Comparison.LESS_THAN)

# What an objective says of an outcome, what changes no value, and what is money. All other terms have no word there.
_SAID = {"promise", "measure", "target", "service", "headline", "critical"}
_MONEY = {"stake"}
_READINGS_SAID = {"slices", "slices.every", "slices.method", "slices.bad_when", "priority"}
_READINGS_IMPLIED = {("slices.weight", SliceWeight.EQUAL.value)}


class _Unsayable(Exception):
    """OpenSLO has no words for an outcome; the finding is already there."""


@dataclass(frozen=True, slots=True)
class Export:
    """A file of OpenSLO, None if it has no objective; how many it has, and what there is to say about the others."""

    text: str | None
    objectives: int
    findings: tuple[Finding, ...]


def exported(agreement: Agreement, places: Places) -> Export:
    """Return the outcomes of an agreement as documents of OpenSLO v1; ``places`` are those of its document.

    Rule: an outcome becomes a Service, an SLI and an SLO. What OpenSLO cannot say is told of, term by term; an outcome
        whose value it cannot say at all is left out. Evidence is named as the metric source ``Makegood``.
    Source: docs/explanation/agreement/slo-exchange.md

    >>> from makegood.engine.agreement.catalogue import GOOD
    >>> from makegood.engine.agreement.document import LANGUAGE
    >>> from makegood.engine.agreement.reader import read_document
    >>> reading = read_document(GOOD, "shop.yaml", Agreement, LANGUAGE)
    >>> print(exported(reading.value, reading.places).text.splitlines()[-1].strip())
    - target: 0.999
    """
    exporting = _Exporting(replace(agreement, written=places.written), places)
    documents: list[Mapping[str, object]] = []
    number = 0
    for name, outcome in agreement.outcomes.items():
        try:
            documents += exporting.objects(name, outcome)
            number += 1
        except _Unsayable:
            pass  # the finding is there
    text = "---\n".join("".join(f"{line}\n" for line in _block(document)) for document in documents)
    return Export(text if documents else None, number, tuple(sorted(exporting.findings)))


@dataclass(slots=True)
class _Exporting:
    """One export in the making."""

    agreement: Agreement
    places: Places
    findings: list[Finding] = field(default_factory=list)
    services: Names = field(default_factory=lambda: Names(dns_label))
    objectives: Names = field(default_factory=lambda: Names(dns_label))
    paths: dict[str, Path] = field(default_factory=dict)
    window: Mapping[str, object] = field(default_factory=dict)

    def __post_init__(self) -> None:
        self.paths.update((dotted(written), written) for written in self.places.values)
        self.window = _window(self.agreement.term)

    def objects(self, name: str, outcome: Outcome) -> list[Mapping[str, object]]:
        """Return the objects of an outcome.

        :raises _Unsayable: if OpenSLO has no words for its value
        """
        path: Path = ("outcomes", name)
        measure = outcome.measure
        if not isinstance(measure, RatioOf | Availability | Within):
            self._cannot("OpenSLO has no such measure", *path, "measure")
        target = self._target(outcome.target, path)
        slices = measure.slices if isinstance(measure, RatioOf) else None
        method, slicing = self._slices(slices, (*path, "measure", "slices"))
        listed, total = own_source(measure)
        part = "good" if outcome.target.higher_is_better else "bad"
        self._tell_of_terms(name)
        called = self.objectives.of(name, name)
        self._tell_if_renamed(name, called, *path)
        head = {"name": called, "displayName": name}
        metric = {"counter": False, part: _source(listed), "total": _source(total)}
        service, new = self._service(outcome)
        annotations = {"makegood-agreement": self.agreement.agreement, ORIGIN: name}
        spec = {
            "description": self._description(outcome.promise, *path, "promise"),
            "service": service,
            "indicatorRef": called,
            "timeWindow": (self.window,),
            "budgetingMethod": method,
            "objectives": ({"target": target, **slicing},),
        }
        slo = _object("SLO", {**head, "annotations": annotations}, spec)
        return [*new, _object("SLI", head, {"ratioMetric": metric}), slo]

    def _target(self, target: Target, path: Path) -> Ratio:
        value = target.level.value if target.higher_is_better else 1 - target.level.value
        if not 0 <= value < 1:
            self._cannot(f"a target is at least 0 % and below 100 %, not {value.percent()}", *path, "target")
        if target.comparison in _STRICT:
            self._tell(codes.STRICT_TARGET, f"{target} becomes a bound that may be reached", *path, "target")
        return value

    def _slices(self, slices: Slices | None, path: Path) -> tuple[str, Mapping[str, object]]:
        """Return the method of budgeting, and what an objective has to say of its slices."""
        if slices is None:
            return "Occurrences", {}
        by_events = slices.weight is SliceWeight.BY_EVENTS
        if by_events and slices.method is SliceMethod.MEAN_ERROR_RATE:
            return "Occurrences", {}  # the mean by events is the ordinary share
        if by_events:
            self._cannot("slices count alike in OpenSLO, not by their events", *path, "weight")
        minutes, rest = divmod(slices.every.seconds, 60)
        if rest:
            self._cannot("a slice lasts whole minutes in OpenSLO", *path, "every")
        window = {"timeSliceWindow": f"{minutes}m"}
        if slices.method is SliceMethod.MEAN_ERROR_RATE:
            return "RatioTimeslices", window
        return "Timeslices", {"timeSliceTarget": self._slice_target(slices.bad_when, (*path, "bad_when")), **window}

    def _slice_target(self, bad_when: Target | None, path: Path) -> Ratio:
        """Return the least share of good events in a good slice."""
        if bad_when is None:
            return Ratio(1)  # any error makes it a bad one
        if bad_when.level.value >= 1:
            self._cannot("no slice is bad by what OpenSLO can say", *path)
        if bad_when.comparison is Comparison.AT_LEAST:
            self._tell(codes.STRICT_TARGET, f"a slice that is bad {bad_when} becomes bad above it", *path)
        return 1 - bad_when.level.value

    def _tell_of_terms(self, name: str) -> None:
        """Tell of every term of an outcome that was written and that OpenSLO has no word for."""
        path: Path = ("outcomes", name)
        for key in clauses_of(Outcome):
            if key not in _SAID and (*path, key) in self.places:
                money = key in _MONEY
                text = f"{key} is not in the export" if money else f"OpenSLO has no word for {key}"
                self._tell(codes.MONEY_WITHOUT_WORD if money else codes.TERM_WITHOUT_WORD, text, *path, key)
        for term, value, written in readings_of(self.agreement, name):
            if written and term not in _READINGS_SAID and (term, value) not in _READINGS_IMPLIED:
                at = self.paths[f"{dotted((*path, 'measure'))}.{term}"]
                self._tell(codes.TERM_WITHOUT_WORD, f"OpenSLO has no word for {term}: {value}", *at)

    def _service(self, outcome: Outcome) -> tuple[str, list[Mapping[str, object]]]:
        """Return the name of an outcome's service, with its object if this is the first time that it is named.

        The agreement stands for the service of an outcome that has none.
        """
        services, measure = self.agreement.services, outcome.measure
        named = outcome.service or (measure.of if isinstance(measure, Availability) else "")
        if named not in services and len(services) == 1:
            named = next(iter(services))
        thing = ("service", named) if named in services else ("agreement", self.agreement.agreement)
        known = thing in self.services.given
        name = self.services.of(thing, thing[1])
        title = services[named].title if named in services else self.agreement.title
        if not known:
            self._tell_if_renamed(thing[1], name, *(("services", named) if named in services else ("agreement",)))
        return name, [] if known else [_object("Service", {"name": name, "displayName": title}, {})]

    def _description(self, promise: str, *path: str | int) -> str:
        if len(promise) > LONGEST_DESCRIPTION:
            text = f"the promise was cut to {LONGEST_DESCRIPTION:,} characters, as OpenSLO allows"
            self._tell(codes.SHORTENED, text, *path)
        return promise[:LONGEST_DESCRIPTION]

    def _tell_if_renamed(self, name: str, called: str, *path: str | int) -> None:
        if name != called:
            self._tell(codes.RENAMED, f"{name} is called {called}", *path)

    def _tell(self, code: Code, text: str, *path: str | int) -> None:
        self.findings.append(code.at(self.places.of(*path), text))

    def _cannot(self, why: str, *path: str | int) -> NoReturn:
        self._tell(codes.CANNOT_BE_SAID, f"{path[1]} is not in the export: {why}", *path)
        raise _Unsayable


def _window(term: TermOfAgreement) -> Mapping[str, object]:
    """Return the period as a calendar-aligned window, which starts with the first whole one."""
    every, starts_on = term.period.every, term.period.starts_on
    end = term.from_ + timedelta(days=400)
    found = periods(start=term.from_, end=end, every=every, starts_on=starts_on, zone=term.timezone)
    days = (period.whole.start.astimezone(zone(term.timezone)).date() for period in found)
    start = next(day for day in days if starts_on == (day.isoweekday() if every is Every.WEEK else day.day))
    calendar = {"startTime": f"{start.isoformat()} 00:00:00", "timeZone": term.timezone}
    return {"duration": _WINDOWS[every], "isRolling": False, "calendar": calendar}


def _object(kind: str, metadata: Mapping[str, object], spec: Mapping[str, object]) -> Mapping[str, object]:
    return {"apiVersion": VERSION, "kind": kind, "metadata": metadata, "spec": spec}


def _source(spec: Mapping[str, object]) -> Mapping[str, object]:
    return {"metricSource": {"type": OWN, "spec": spec}}


def _block(value: object, indent: str = "") -> Iterator[str]:
    """Yield a tree as lines of YAML; a text that another program could take for something else comes in quotes."""
    if isinstance(value, tuple):
        for item in value:
            first, *others = _block(item, indent + "  ")
            yield f"{indent}- {first.lstrip()}"
            yield from others
    elif isinstance(value, Mapping):
        for key, inside in value.items():
            if isinstance(inside, Mapping | tuple) and inside:
                yield f"{indent}{_scalar(key)}:"
                yield from _block(inside, f"{indent}  ")
            else:
                yield f"{indent}{_scalar(key)}: {_scalar(inside)}"
    else:
        yield f"{indent}{_scalar(value)}"


def _scalar(value: object) -> str:
    match value:
        case bool():
            return str(value).lower()
        case Ratio():
            return str(value)
        case Mapping():
            return "{}"
        case _:
            return str(value) if _WORD.fullmatch(str(value)) else quoted(str(value))
