"""Pyrra as the source of an agreement: each of its objects is one objective.

The format is https://github.com/pyrra-dev/pyrra, ``pyrra.dev/v1alpha1``: a target in percent, a rolling window and one
indicator: a ratio of errors, a latency (of a classic or a native histogram), or a gauge that is 1 or 0.
"""

from __future__ import annotations

import re
from dataclasses import dataclass

from makegood.engine.agreement.exchange import codes
from makegood.engine.agreement.exchange.entry import Entry
from makegood.engine.agreement.exchange.objective import (
    GOOD,
    OF_CLUSTER,
    OF_CLUSTER_ONLY,
    Objective,
    Query,
    Stream,
    Terms,
    share,
)
from makegood.engine.agreement.exchange.window import prometheus_seconds, rolling

API_VERSION = "pyrra.dev/v1alpha1"
KIND = "ServiceLevelObjective"

_RULES = "it steers the rules and alerts that Pyrra writes"
_KINDS = ("ratio", "latency", "latencyNative", "bool_gauge", "boolGauge")
_LIMIT = re.compile(r'[{,]\s*le\s*=\s*"([^"]{1,20})"')
_LABEL = re.compile(r"[A-Za-z][A-Za-z0-9_]{0,79}")


@dataclass(frozen=True, slots=True)
class _Indicator:
    """What an indicator is in our language."""

    measure: Terms
    queries: tuple[Query, ...]
    also: str = ""


def objective_of(source: Entry, services: dict[str, str]) -> Objective:
    """Return the objective of an object.

    :raises LeftOut: if it cannot be carried over
    """
    source.taken.update(("apiVersion", "kind"))
    source.pass_over("status", because=OF_CLUSTER_ONLY)
    metadata, spec = source.inner("metadata"), source.inner("spec")
    name, service = metadata.need("name"), metadata.text("namespace") or "default"
    services.setdefault(service, service)
    metadata.pass_over("labels", "annotations", because=_RULES)
    metadata.pass_over(*OF_CLUSTER, because=OF_CLUSTER_ONLY)
    target = spec.number("target")
    if target is None:
        spec.lacks("target")
    window = rolling(spec, "window", prometheus_seconds(spec, "window"))
    spec.pass_over("alerting", "partial_response_strategy", "performance_over_accuracy", because=_RULES)
    indicator = _indicator(spec)
    objective = Objective(
        source=spec,
        origin=f"Pyrra {KIND} {service}/{name}",
        name=name,
        service=service,
        title=name,
        description=spec.text("description"),
        also=indicator.also,
        stream=Stream(name=name, queries=indicator.queries),
        measure=indicator.measure,
        target=share(spec, "target", target, 100),
        window=window,
    )
    source.close()
    return objective


def _indicator(spec: Entry) -> _Indicator:
    indicator = spec.inner("indicator")
    kinds = [kind for kind in _KINDS if indicator.has(kind)]
    if len(kinds) > 1:
        indicator.refuse(codes.CONTRADICTION, f"{kinds[0]} and {kinds[1]} exclude each other", key=kinds[1])
    if not kinds:
        indicator.lacks(*_KINDS[:4])
    return _READ[kinds[0]](indicator.inner(kinds[0]))


def _ratio(ratio: Entry) -> _Indicator:
    queries = (_metric(ratio, "errors", "bad events"), _metric(ratio, "total", "total events"))
    return _Indicator({"kind": "ratio", "good": GOOD, **_by(ratio)}, queries)


def _latency(latency: Entry) -> _Indicator:
    queries = (_metric(latency, "success", "good events"), _metric(latency, "total", "total events"))
    limit = _LIMIT.search(queries[0].text)
    if limit is None:
        text = "the query of the fast events does not say how fast they are"
        latency.tell(codes.LIMIT_UNSAID, text, "write the limit into the promise", "success")
    also = f"An event is good if it takes at most {limit[1]} s." if limit else ""
    return _Indicator({"kind": "ratio", "good": GOOD, **_by(latency)}, queries, also)


def _native(latency: Entry) -> _Indicator:
    limit = latency.need("latency")
    prometheus_seconds(latency, "latency")
    queries = (_metric(latency, "total", f"events, good below {limit}"),)
    return _Indicator(
        {"kind": "ratio", "good": GOOD, **_by(latency)}, queries, f"An event is good if it takes at most {limit}."
    )


def _gauge(gauge: Entry) -> _Indicator:
    query = Query("1 when up, 0 when down (Prometheus)", gauge.need("metric"))
    text = "samples of a gauge become the time in which one component is up"
    gauge.tell(codes.SAMPLES_BECOME_TIME, text, "list a component for each series, if there are several", "metric")
    return _Indicator({"kind": "availability", "unknown": {"as": "excluded"}, **_by(gauge)}, (query,))


def _metric(indicator: Entry, key: str, gives: str) -> Query:
    return Query(f"{gives} (Prometheus)", indicator.inner(key).need("metric"))


def _by(indicator: Entry) -> Terms:
    """Return the label by which the value is broken down, if there is one that can be named."""
    labels = indicator.words("grouping")
    if not labels:
        return {}
    listed = ", ".join(labels)[:60]
    text = f"each {listed} has an objective of its own there; here one value is judged over all of them"
    indicator.tell(codes.GROUPED, text, "write an outcome for each that is promised for itself", "grouping")
    return {"by": labels[0]} if _LABEL.fullmatch(labels[0]) else {}


_READ = {"ratio": _ratio, "latency": _latency, "latencyNative": _native, "bool_gauge": _gauge, "boolGauge": _gauge}
