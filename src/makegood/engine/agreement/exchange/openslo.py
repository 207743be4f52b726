"""OpenSLO v1 as the source of an agreement: its SLOs become outcomes.

The format is https://github.com/OpenSLO/OpenSLO. An SLO names a service and an indicator, a way to count (occurrences,
slices, or the mean of slices), one window and one or more targets.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field

from makegood.engine.agreement.exchange import codes
from makegood.engine.agreement.exchange.entry import Entry, LeftOut
from makegood.engine.agreement.exchange.indicator import LABELS, Indicator, indicator_of
from makegood.engine.agreement.exchange.objective import Objective, Terms, percentage, share
from makegood.engine.agreement.exchange.window import DAY, Window, calendar_window, rolling, shorthand
from makegood.engine.vocabulary.duration import Duration
from makegood.engine.vocabulary.ratio import Ratio

VERSION = "openslo/v1"
ORIGIN = "makegood-outcome"

_ALERTS = "alerts are no promise"
_OTHER_KINDS = {
    "DataSource": "connections and their secrets belong to the collector of evidence",
    "AlertPolicy": _ALERTS,
    "AlertCondition": _ALERTS,
    "AlertNotificationTarget": _ALERTS,
}
_SLICES = {"Timeslices": "share_of_bad_slices", "RatioTimeslices": "mean_error_rate"}
_METHODS = ("Occurrences", *_SLICES)
_LONGEST_SLICE = 31 * DAY


@dataclass(slots=True)
class Catalogue:
    """What SLOs refer to by name, from all files; ``used`` are the indicators that one did refer to."""

    indicators: dict[str, Indicator] = field(default_factory=dict)
    broken: set[str] = field(default_factory=set)
    services: dict[str, str] = field(default_factory=dict)
    sources: dict[str, Entry] = field(default_factory=dict)
    used: set[str] = field(default_factory=set)

    def add(self, source: Entry) -> bool:
        """Take an object that others refer to; tell whether it was one.

        :raises LeftOut: if it cannot be read
        """
        kind = source.text("kind")
        if kind not in {"SLI", "Service", *_OTHER_KINDS}:
            return False
        if kind in _OTHER_KINDS:
            source.tell(codes.NOT_CARRIED, f"{kind}: not carried over, since {_OTHER_KINDS[kind]}")
            return True
        metadata = source.inner("metadata")
        name = metadata.need("name")
        if name in (self.indicators.keys() | self.broken if kind == "SLI" else self.services):
            source.tell(codes.NAME_TWICE, f"there is another {kind} named {name}; the first one is used")
        elif kind == "SLI":
            self._add_indicator(source, name)
        else:
            self._add_service(source, metadata, name)
        return True

    def tell_unused(self) -> None:
        """Say of each indicator that no objective refers to it."""
        for name, source in self.sources.items():
            if name not in self.used:
                source.tell(codes.NOT_CARRIED, f"the SLI {name} is not carried over, since no objective refers to it")

    def _add_indicator(self, source: Entry, name: str) -> None:
        self.broken.add(name)
        self.indicators[name] = indicator_of(source, name)
        self.sources[name] = source
        self.broken.remove(name)
        source.text("apiVersion")
        source.close()

    def _add_service(self, source: Entry, metadata: Entry, name: str) -> None:
        self.services[name] = metadata.text("displayName") or name
        metadata.pass_over("labels", "annotations", because=LABELS)
        spec = source.entry("spec")
        if spec is not None:
            spec.pass_over("description", because="a service has a title, and its outcomes have promises")
        source.text("apiVersion")
        source.close()


@dataclass(frozen=True, slots=True)
class _Head:
    """What all objectives of an SLO share."""

    name: str
    title: str
    description: str
    service: str
    method: str
    window: Window | None

    @property
    def called(self) -> str:
        return self.name if self.title == self.name else f"{self.name} ({self.title})"


def objectives_of(source: Entry, catalogue: Catalogue) -> Iterator[Objective]:
    """Yield the objectives of an SLO; one that cannot be carried over is told of, and the others go on.

    :raises LeftOut: if none of them can be
    """
    source.text("apiVersion")
    spec = source.inner("spec")
    head = _head(source, spec, catalogue)
    shared = _indicator(spec, head.name, catalogue)
    objectives = spec.items("objectives")
    if not objectives:
        spec.lacks("objectives")
    entries = [spec.enter(node, "objectives", number) for node, number in objectives]
    weights = sum((entry.number("compositeWeight") or Ratio(0) for entry in entries), Ratio(0))
    for number, entry in enumerate(entries, 1):
        try:
            yield _objective(entry, head, shared, catalogue, number if len(entries) > 1 else 0)
            _tell_weight(entry, weights)
        except LeftOut:
            spec.leave("objectives", number - 1)
    source.close()


def _head(source: Entry, spec: Entry, catalogue: Catalogue) -> _Head:
    metadata = source.inner("metadata")
    name = metadata.need("name")
    annotations = metadata.entry("annotations")
    title = metadata.text("displayName") or name
    if annotations is not None and annotations.has(ORIGIN):
        name = annotations.text(ORIGIN)
        annotations.taken.update(annotations.values)
    else:
        metadata.pass_over("annotations", because=LABELS)
        metadata.leave("annotations")
    metadata.pass_over("labels", because=LABELS)
    spec.pass_over("alertPolicies", because=_ALERTS)
    method = spec.need("budgetingMethod")
    if method not in _METHODS:
        text = f"budgetingMethod: {method[:30]!r} is none"
        spec.refuse(codes.NOT_UNDERSTOOD, text, f"write one of {', '.join(_METHODS)}", "budgetingMethod")
    service = spec.need("service")
    catalogue.services.setdefault(service, service)
    return _Head(name, title, spec.text("description"), service, method, _window(spec))


def _window(spec: Entry) -> Window | None:
    windows = spec.items("timeWindow")
    if not windows:
        spec.tell(codes.NO_WINDOW, "the objective names no window", "choose the period that is meant")
        return None
    if len(windows) > 1:
        spec.refuse(codes.CONTRADICTION, "timeWindow has several entries, and takes one", key="timeWindow")
    window = spec.enter(windows[0][0], "timeWindow", 0)
    span, calendar = shorthand(window, "duration"), window.entry("calendar")
    rolls = window.text("isRolling") or ("false" if calendar is not None else "true")
    if rolls not in {"true", "false"}:
        window.refuse(codes.NOT_UNDERSTOOD, f"isRolling: {rolls[:20]!r} is neither true nor false", key="isRolling")
    if rolls == "true" and calendar is not None:
        window.refuse(codes.CONTRADICTION, "a rolling window has no calendar", "delete one of them", "calendar")
    if rolls == "true":
        return rolling(window, "duration", span.seconds)
    return calendar_window(window, span, calendar or window.lacks("calendar"))


def _indicator(source: Entry, name: str, catalogue: Catalogue) -> Indicator | None:
    """Return the indicator that stands in an SLO or objective, or that it refers to; None if it has neither."""
    inside, reference = source.entry("indicator"), source.text("indicatorRef")
    if inside is not None and reference:
        source.refuse(codes.CONTRADICTION, "indicator and indicatorRef exclude each other", key="indicatorRef")
    if inside is not None:
        return indicator_of(inside, name)
    if not reference:
        return None
    catalogue.used.add(reference)
    if reference not in catalogue.indicators:
        why = "could not be read" if reference in catalogue.broken else "is in none of the files"
        source.refuse(codes.NO_SUCH_INDICATOR, f"the SLI {reference[:60]} {why}", key="indicatorRef")
    return catalogue.indicators[reference]


def _objective(entry: Entry, head: _Head, shared: Indicator | None, catalogue: Catalogue, number: int) -> Objective:
    called = entry.text("displayName")
    name = f"{head.name}-{called or number}" if number else head.name
    indicator = _indicator(entry, name, catalogue) or shared
    if indicator is None:
        entry.lacks("indicator", "indicatorRef")
    stream, also = indicator.of(entry)
    slices = _slices(entry, head.method)
    target = _target(entry)
    return Objective(
        source=entry,
        origin=f"OpenSLO SLO {head.called}"
        + (f", objective {number}" if number else "")
        + f", SLI {indicator.title.rstrip('.')}",
        name=name,
        service=head.service,
        title=called if number and called else head.title,
        description=head.description,
        also=also,
        stream=stream,
        measure={**indicator.measure, **slices},
        target=1 - target if indicator.ceiling else target,
        ceiling=indicator.ceiling,
        window=head.window,
    )


def _target(entry: Entry) -> Ratio:
    target, percent = entry.number("target"), entry.number("targetPercent")
    if target is not None and percent is not None:
        entry.refuse(codes.CONTRADICTION, "target and targetPercent exclude each other", key="targetPercent")
    if target is not None:
        return share(entry, "target", target, 1)
    if percent is None:
        entry.lacks("target", "targetPercent")
    return share(entry, "targetPercent", percent, 100)


def _slices(entry: Entry, method: str) -> Terms:
    """Return the terms of slices; none for occurrences."""
    if method not in _SLICES:
        because = "occurrences have no slices"
        entry.pass_over("timeSliceTarget", "timeSliceWindow", code=codes.WITHOUT_EFFECT, because=because)
        return {}
    slices: dict[str, object] = {"every": str(_slice_length(entry)), "method": _SLICES[method]}
    if method == "Timeslices":
        least = entry.number("timeSliceTarget")
        if not least:
            entry.lacks("timeSliceTarget above 0")
        slices["bad_when"] = f"> {percentage(1 - share(entry, 'timeSliceTarget', least, 1))}"
    else:
        because = "the mean of all slices has no bad ones"
        entry.pass_over("timeSliceTarget", code=codes.WITHOUT_EFFECT, because=because)
    entry.tell(codes.LEFT_OPEN, "a slice without any event counts as good", "write empty: skipped if it should not")
    return {"slices": slices | {"empty": "good"}}


def _slice_length(entry: Entry) -> Duration:
    """Take the length of a slice; a number without a unit is in minutes."""
    text = entry.need("timeSliceWindow")
    seconds = int(text) * 60 if text.isdecimal() and len(text) < 7 else shorthand(entry, "timeSliceWindow").seconds
    if not 0 < seconds <= _LONGEST_SLICE:
        text = f"timeSliceWindow: a slice of {text} cannot be counted with"
        entry.refuse(codes.NOT_UNDERSTOOD, text, "write it like 1m or 1h", "timeSliceWindow")
    return Duration(seconds)


def _tell_weight(entry: Entry, weights: Ratio) -> None:
    weight = entry.number("compositeWeight")
    if weight:
        text = f"the weight {weight}, {(weight / weights).percent(2)} of the whole, is not carried over"
        entry.tell(codes.COMPOSITE, text, "write it as the weight of a stake, if it is one", "compositeWeight")
