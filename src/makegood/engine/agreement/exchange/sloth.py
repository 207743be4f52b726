"""Sloth as the source of an agreement: the SLOs of its two documents become outcomes.

The format is https://github.com/slok/sloth: ``version: prometheus/v1`` with words joined by ``_``, and the Kubernetes
object ``PrometheusServiceLevel``, which has the same below ``spec`` with words in ``camelCase``. Both are read in
either spelling, as sloth's own examples mix them.
"""

from __future__ import annotations

from collections.abc import Iterator

from makegood.engine.agreement.exchange import codes
from makegood.engine.agreement.exchange.entry import Entry, LeftOut
from makegood.engine.agreement.exchange.objective import (
    GOOD,
    OF_CLUSTER,
    OF_CLUSTER_ONLY,
    Objective,
    Query,
    Stream,
    share,
)
from makegood.engine.agreement.exchange.window import Window
from makegood.engine.vocabulary.period import Every

VERSION = "prometheus/v1"
API_VERSION = "sloth.slok.dev/v1"
KIND = "PrometheusServiceLevel"

_RULES = "it steers the rules and alerts that sloth writes"
_OF_DOCUMENT = ("labels", "slo_plugins", "sloPlugins")
_OF_SLO = ("labels", "infoLabels", "alerting", "interval", "plugins", "slo_plugins", "sloPlugins")
_KINDS = ("events", "raw", "plugin")


def objectives_of(source: Entry, services: dict[str, str]) -> Iterator[Objective]:
    """Yield the SLOs of a document; one that cannot be carried over is told of, and the others go on.

    :raises LeftOut: if none of them can be
    """
    spec = _spec(source)
    service = spec.need("service")
    services.setdefault(service, service)
    spec.pass_over(*_OF_DOCUMENT, because=_RULES)
    slos = spec.items("slos")
    if not slos:
        spec.lacks("slos")
    text = "sloth is told the window when it runs (30 days if nobody does); a month of the calendar is taken"
    spec.tell(codes.NO_WINDOW, text, "choose the period that is meant")
    for node, number in slos:
        try:
            yield _objective(spec.enter(node, "slos", number), service)
        except LeftOut:
            spec.leave("slos", number)
    source.close()


def _spec(source: Entry) -> Entry:
    """Return where the SLOs stand: in the document itself, or below ``spec`` of the object."""
    if source.text("version"):
        return source
    source.taken.update(("apiVersion", "kind"))
    source.pass_over("status", because=OF_CLUSTER_ONLY)
    metadata = source.entry("metadata")
    if metadata is not None:
        metadata.pass_over("name", "namespace", "labels", "annotations", because=_RULES)
        metadata.pass_over(*OF_CLUSTER, because=OF_CLUSTER_ONLY)
    return source.inner("spec")


def _objective(slo: Entry, service: str) -> Objective:
    name = slo.need("name")
    target = slo.number("objective")
    if not target:
        slo.lacks("objective above 0")
    slo.pass_over(*_OF_SLO, because=_RULES)
    return Objective(
        source=slo,
        origin=f"sloth SLO {service}/{name}",
        name=f"{service}-{name}",
        service=service,
        title=f"{service}: {name}",
        description=slo.text("description"),
        also="",
        stream=Stream(name=f"{service}-{name}", queries=_queries(slo.inner("sli"))),
        measure={"kind": "ratio", "good": GOOD},
        target=share(slo, "objective", target, 100),
        window=Window(Every.MONTH),
    )


def _queries(sli: Entry) -> tuple[Query, ...]:
    """Return the queries of the one kind of indicator that is written.

    :raises LeftOut: if there is none, or more than one
    """
    kinds = [kind for kind in _KINDS if sli.has(kind)]
    if len(kinds) > 1:
        sli.refuse(codes.CONTRADICTION, f"{kinds[0]} and {kinds[1]} exclude each other", key=kinds[1])
    if not kinds:
        sli.lacks(*_KINDS)
    return _QUERIES[kinds[0]](sli, sli.inner(kinds[0]))


def _events(_sli: Entry, events: Entry) -> tuple[Query, ...]:
    return (
        Query("bad events (Prometheus)", events.need("error_query", "errorQuery")),
        Query("total events (Prometheus)", events.need("total_query", "totalQuery")),
    )


def _raw(sli: Entry, raw: Entry) -> tuple[Query, ...]:
    query = raw.need("error_ratio_query", "errorRatioQuery")
    hint = "bring good events and all into the evidence"
    sli.tell(codes.READY_MADE_RATIO, "the indicator is a ratio without its counts", hint, "raw")
    return (Query("share of failure (Prometheus)", query),)


def _plugin(sli: Entry, plugin: Entry) -> tuple[Query, ...]:
    name = plugin.need("id")
    sli.tell(codes.QUERY_ELSEWHERE, f"the queries come from the plugin {name}", "name their events yourself", "plugin")
    return (Query(f"plugin {name}, with options", plugin.shown("options") or "none"),)


_QUERIES = {"events": _events, "raw": _raw, "plugin": _plugin}
