"""The published rules of OpenSLO v1 (its README), as far as an export can break them."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Any

from ruamel.yaml import YAML

KEYS = {
    "Service": {"description"},
    "SLI": {"description", "thresholdMetric", "ratioMetric"},
    "SLO": {
        "description",
        "service",
        "indicator",
        "indicatorRef",
        "timeWindow",
        "budgetingMethod",
        "objectives",
        "alertPolicies",
    },
}
OBJECTIVE = {
    "displayName",
    "op",
    "value",
    "target",
    "targetPercent",
    "timeSliceTarget",
    "timeSliceWindow",
    "compositeWeight",
    "indicator",
    "indicatorRef",
}
NAME = re.compile(r"[a-z0-9]([a-z0-9-]{0,61}[a-z0-9])?")
SHORTHAND = re.compile(r"[1-9][0-9]*[mhdwMQY]")
START = re.compile(r"[0-9]{4}-[0-9]{2}-[0-9]{2} [0-9]{2}:[0-9]{2}:[0-9]{2}")
LABEL = re.compile(r"([a-z0-9]([a-z0-9.-]*[a-z0-9])?/)?[A-Za-z0-9]([A-Za-z0-9_.-]{0,61}[A-Za-z0-9])?")


def documents(text: str) -> list[Any]:
    """Return the documents of a file as another program reads them."""
    return list(YAML(typ="safe", pure=True).load_all(text))


def broken_rules(text: str) -> list[str]:
    """Return every rule that a file of objects breaks."""
    objects = documents(text)
    found = [rule for each in objects for rule in _object(each)]
    names = [(each["kind"], each["metadata"]["name"]) for each in objects]
    if len(names) != len(set(names)):
        found.append("two objects of a kind have one name")
    for slo in (each["spec"] for each in objects if each["kind"] == "SLO"):
        if "indicatorRef" in slo and ("SLI", slo["indicatorRef"]) not in names:
            found.append("indicatorRef leads nowhere")
        if ("Service", slo["service"]) not in names:
            found.append("service leads nowhere")
    return found


def _object(each: Any) -> Iterator[str]:
    if each.keys() != {"apiVersion", "kind", "metadata", "spec"}:
        yield "an object has apiVersion, kind, metadata and spec"
    if each["apiVersion"] != "openslo/v1":
        yield "apiVersion is openslo/v1"
    metadata, spec = each["metadata"], each["spec"]
    if not metadata.keys() <= {"name", "displayName", "labels", "annotations"}:
        yield "unknown key of metadata"
    if not NAME.fullmatch(metadata["name"]):
        yield "a name is an RFC 1123 label"
    for key, value in metadata.get("annotations", {}).items():
        if not LABEL.fullmatch(key) or not isinstance(value, str):
            yield "annotations are texts under qualified names"
    if not spec.keys() <= KEYS[each["kind"]]:
        yield "unknown key of spec"
    if len(spec.get("description", "")) > 1050:
        yield "a description has at most 1050 characters"
    if each["kind"] == "SLI":
        yield from _sli(spec)
    if each["kind"] == "SLO":
        yield from _slo(spec)


def _sli(spec: Any) -> Iterator[str]:
    if len(spec.keys() & {"thresholdMetric", "ratioMetric"}) != 1:
        yield "either thresholdMetric or ratioMetric"
    ratio = spec.get("ratioMetric", {})
    if ratio and (len(ratio.keys() & {"good", "bad"}) != 1 or "total" not in ratio):
        yield "good or bad, with total"
    if not isinstance(ratio.get("counter", False), bool):
        yield "counter is true or false"
    for part in ratio.keys() - {"counter"}:
        source = ratio[part]["metricSource"]
        if not (
            isinstance(source.get("type", source.get("metricSourceRef")), str) and isinstance(source["spec"], dict)
        ):
            yield "a metric source has a type or a reference, and a spec"


def _slo(spec: Any) -> Iterator[str]:
    if ("indicator" in spec) == ("indicatorRef" in spec):
        yield "one of indicator and indicatorRef"
    method = spec["budgetingMethod"]
    if method not in {"Occurrences", "Timeslices", "RatioTimeslices"}:
        yield "budgetingMethod is one of three"
    if len(spec["timeWindow"]) != 1:
        yield "exactly one timeWindow"
    for window in spec["timeWindow"]:
        if not SHORTHAND.fullmatch(str(window["duration"])):
            yield "a duration is a number and a letter"
        if window.get("isRolling", False) == ("calendar" in window):
            yield "a window rolls or has a calendar"
        if not START.fullmatch(str(window.get("calendar", {}).get("startTime", "2026-01-01 00:00:00"))):
            yield "startTime is a date with time"
    if not spec["objectives"]:
        yield "at least one objective"
    for objective in spec["objectives"]:
        yield from _objective(objective, method)


def _objective(objective: Any, method: str) -> Iterator[str]:
    if not objective.keys() <= OBJECTIVE:
        yield "unknown key of an objective"
    if ("target" in objective) == ("targetPercent" in objective):
        yield "one of target and targetPercent"
    if not 0 <= objective.get("target", 0) < 1 or not 0 <= objective.get("targetPercent", 0) < 100:
        yield "a target is from 0 up to but not including 1"
    if method == "Timeslices" and not 0 < objective.get("timeSliceTarget", 0) <= 1:
        yield "Timeslices have a timeSliceTarget above 0 and up to 1"
    if method != "Occurrences" and not SHORTHAND.fullmatch(str(objective.get("timeSliceWindow", ""))):
        yield "slices have a timeSliceWindow"
