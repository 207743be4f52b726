"""An indicator of OpenSLO: which metrics it divides or compares, and where they come from."""

from __future__ import annotations

from dataclasses import dataclass, replace

from makegood.engine.agreement.exchange import codes
from makegood.engine.agreement.exchange.entry import Entry
from makegood.engine.agreement.exchange.objective import GOOD, Query, Stream, Terms
from makegood.engine.agreement.exchange.own import OWN, own_measure

LABELS = "labels and annotations are for the tools that read them"
_OPERATORS = {"lte": "at most", "gte": "at least", "lt": "less than", "gt": "more than"}
_RATIO: Terms = {"kind": "ratio", "good": GOOD}


@dataclass(frozen=True, slots=True, kw_only=True)
class Indicator:
    """What an SLI measures; ``ceiling`` if it lists what went wrong, ``threshold`` if readings are compared."""

    title: str
    stream: Stream
    measure: Terms
    ceiling: bool = False
    threshold: bool = False

    def of(self, objective: Entry) -> tuple[Stream, str]:
        """Return the evidence of one objective, and what its promise has to say besides.

        :raises LeftOut: if the objective lacks what a threshold needs
        """
        if not self.threshold:
            objective.pass_over("op", "value", code=codes.WITHOUT_EFFECT, because="only a threshold is compared")
            return self.stream, ""
        operator, value = objective.need("op"), objective.need("value")
        if operator not in _OPERATORS:
            objective.refuse(codes.NOT_UNDERSTOOD, f"op: {operator[:20]!r} is no operator", "write lte, gte, lt or gt")
        stream = replace(self.stream, name=f"{self.stream.name}-{operator}-{value}")
        return stream, f"A reading is good if it is {_OPERATORS[operator]} {value}."


def indicator_of(source: Entry, name: str) -> Indicator:
    """Return the indicator that an object of kind SLI, or one that stands inside an SLO, describes.

    :raises LeftOut: if it has no metric that could be carried over
    """
    metadata = source.entry("metadata")
    title = ""
    if metadata is not None:
        name, title = metadata.text("name") or name, metadata.text("displayName")
        metadata.pass_over("labels", "annotations", because=LABELS)
    spec = source.inner("spec")
    title = ": ".join(filter(None, (title, spec.text("description")))) or name
    threshold, ratio = spec.entry("thresholdMetric"), spec.entry("ratioMetric")
    if threshold is not None and ratio is not None:
        spec.refuse(codes.CONTRADICTION, "thresholdMetric and ratioMetric exclude each other", key="thresholdMetric")
    if threshold is not None:
        stream = Stream(name=name, queries=(_query(threshold, "reading"),))
        return Indicator(title=title, stream=stream, measure=_RATIO, threshold=True)
    return _ratio(ratio or spec.lacks("thresholdMetric", "ratioMetric"), name, title)


def _ratio(ratio: Entry, name: str, title: str) -> Indicator:
    """Return the indicator of good or bad events of all, or of a ratio that was made beforehand."""
    counter = ratio.text("counter")
    parts = {key: part for key in ("good", "bad", "total", "raw") if (part := ratio.entry(key)) is not None}
    if "raw" in parts and len(parts) > 1:
        ratio.refuse(codes.CONTRADICTION, "raw excludes good, bad and total", "delete what is not meant", "raw")
    if "raw" in parts:
        text = "the indicator is a ratio without its counts"
        ratio.tell(codes.READY_MADE_RATIO, text, "bring good events and all into the evidence", "raw")
        query = _query(parts["raw"], f"share of {ratio.need('rawType')}")
        return Indicator(title=title, stream=Stream(name=name, queries=(query,)), measure=_RATIO)
    if "good" in parts and "bad" in parts:
        ratio.refuse(codes.CONTRADICTION, "good and bad exclude each other", "delete the one not meant", "bad")
    if "total" not in parts or len(parts) == 1:
        ratio.lacks("good or bad with its total", "raw")
    listed = "good" if "good" in parts else "bad"
    own = _own(parts[listed], parts["total"])
    if own is not None:
        return Indicator(title=title, stream=own[0], measure=own[1], ceiling=listed == "bad")
    counts = {"true": ", a counter that only grows", "false": ", a number that may fall"}.get(counter, "")
    queries = tuple(_query(part, f"{key} events{counts}") for key, part in parts.items())
    return Indicator(title=title, stream=Stream(name=name, queries=queries), measure=_RATIO)


def _own(part: Entry, total: Entry) -> tuple[Stream, Terms] | None:
    """Return what a source of our own names; None if it is somebody else's."""
    source, whole = part.entry("metricSource"), total.entry("metricSource")
    spec = None if source is None or source.text("type") != OWN else source.entry("spec")
    if spec is None:
        return None
    if whole is not None:
        whole.shown("type")
        whole.shown("spec")
    return own_measure(spec)


def _query(metric: Entry, gives: str) -> Query:
    """Return the query of a metric with the kind of tool that it is for.

    :raises LeftOut: if there is none
    """
    source = metric.inner("metricSource")
    tool = " ".join(filter(None, (source.text("type"), source.text("metricSourceRef"))))
    spec = source.inner("spec")
    text = spec.shown("query") if spec.values.keys() == {"query"} else source.shown("spec")
    spec.taken.update(spec.values)
    return Query(f"{gives} ({tool})" if tool else gives, text)
