"""Findings of series MG60 to MG63: what an objective of another language says that ours does not, and the reverse."""

from __future__ import annotations

from makegood.engine.agreement.code import Code
from makegood.engine.vocabulary.finding import Severity

UNKNOWN_FORMAT = Code(
    "MG600",
    Severity.ERROR,
    "no document of objectives",
    "The document is none of the kinds that can be imported: OpenSLO v1, sloth's `prometheus/v1` and"
    " `PrometheusServiceLevel`, Pyrra's `ServiceLevelObjective`.",
    "Check the file and its `apiVersion`; other versions have to be converted by their own tools first.",
    "{apiVersion: openslo/v1alpha, kind: SLO, metadata: {name: web}, spec: {}}",
)
LACKS = Code(
    "MG601",
    Severity.ERROR,
    "objective without what it needs",
    "A key is missing without which the objective says nothing. The objective is left out; the others are imported.",
    "Write the key as its format asks, and import the file again.",
    "{version: prometheus/v1, service: shop, slos: [{name: open, sli: {events: {error_query: a, total_query: b}}}]}",
)
NOT_UNDERSTOOD = Code(
    "MG602",
    Severity.ERROR,
    "value that its format does not have",
    "A value has not the form that its format gives it, so nobody can know what was meant. The objective is left out.",
    "Correct the value as the hint shows, and import the file again.",
    "{version: prometheus/v1, service: shop, slos: [{name: open, objective: high,"
    " sli: {events: {error_query: a, total_query: b}}}]}",
)
NO_SUCH_INDICATOR = Code(
    "MG603",
    Severity.ERROR,
    "indicator that is not there",
    "An `indicatorRef` names an SLI that none of the files has. The objective is left out.",
    "Name the file with the SLI as well, or correct the name.",
    "{apiVersion: openslo/v1, kind: SLO, metadata: {name: open}, spec: {service: shop, indicatorRef: none,"
    " budgetingMethod: Occurrences, objectives: [{target: 0.99}]}}",
)
CONTRADICTION = Code(
    "MG604",
    Severity.ERROR,
    "keys that exclude each other",
    "Two keys are written of which the format allows one only. Which of them holds is not for a program to choose.",
    "Delete the one that is not meant.",
    "{apiVersion: openslo/v1, kind: SLO, metadata: {name: open}, spec: {service: shop, indicatorRef: none,"
    " indicator: {}, budgetingMethod: Occurrences, objectives: [{target: 0.99}]}}",
)
NAME_TWICE = Code(
    "MG605",
    Severity.ERROR,
    "two objects of one name",
    "Two SLIs or two services have the same name, so that a reference to it would lead to both. The first is used.",
    "Give one of them another name.",
    "{apiVersion: openslo/v1, kind: Service, metadata: {name: shop}, spec: {}}",
)
NOTHING_THERE = Code(
    "MG606",
    Severity.ERROR,
    "nothing to import",
    "None of the files has an objective that could be imported, so there is no agreement to draft.",
    "Mend the findings above, or name the files that hold the objectives.",
    "{apiVersion: openslo/v1, kind: Service, metadata: {name: shop}, spec: {}}",
)
TOO_MUCH = Code(
    "MG607",
    Severity.ERROR,
    "more than one agreement holds",
    "All the objectives together make a document that is larger than an agreement may be.",
    "Import the files one by one: an agreement is about one relationship.",
    "thousands of objectives",
)
ROLLING_WINDOW = Code(
    "MG610",
    Severity.WARNING,
    "rolling window becomes a calendar period",
    "A rolling window has no end that a settlement could wait for. Agreements judge periods of the calendar; the one"
    " whose length comes nearest was taken. The share of misses that the target allows stays the same.",
    "Check that both parties want to be judged by this period.",
    "window: 4w",
)
WINDOW_WITHOUT_PERIOD = Code(
    "MG611",
    Severity.WARNING,
    "calendar window that is no period",
    "Periods are weeks, months, quarters and years that start at midnight. The window has another length or start;"
    " the nearest period was taken.",
    "Check that both parties want to be judged by this period.",
    "{duration: 2w, calendar: {startTime: '2026-01-05 12:30:00', timeZone: UTC}}",
)
OTHER_PERIOD = Code(
    "MG612",
    Severity.WARNING,
    "objective with a period of its own",
    "All outcomes of an agreement are judged by one period in one time zone. This objective has another one than most.",
    "Import it into an agreement of its own, or agree on the common period.",
    "window: 7d",
)
NO_WINDOW = Code(
    "MG613",
    Severity.NOTE,
    "no window in the document",
    "The document does not say over which time the objective holds, so the period of the draft is an assumption.",
    "Write the period that is meant under `term.period`, or choose it with `--period`.",
    "{version: prometheus/v1, service: shop, slos: []}",
)
COMPOSITE = Code(
    "MG614",
    Severity.WARNING,
    "weight in a composite objective",
    "An objective made of several indicators becomes an outcome for each of them. How much each one weighs in the whole"
    " is not carried over.",
    "Where the weight is about money, write it as the `weight` of the stakes.",
    "compositeWeight: 3",
)
READY_MADE_RATIO = Code(
    "MG615",
    Severity.WARNING,
    "ratio without its counts",
    "The indicator is a ratio that was computed beforehand. A verdict with proof needs what it was computed from: the"
    " numbers of good events and of all.",
    "Bring the counts into the evidence; the query says where they come from.",
    "raw: {error_ratio_query: job:errors:ratio}",
)
SAMPLES_BECOME_TIME = Code(
    "MG616",
    Severity.WARNING,
    "samples become time",
    "Pyrra counts the samples of a gauge that is 1 or 0, and those of all series alike. Here the time is counted in"
    " which one component is up; time without a sample is left out, as there.",
    "If the query has several series, list a component for each under `made_of`.",
    "bool_gauge: {metric: up}",
)
GROUPED = Code(
    "MG617",
    Severity.WARNING,
    "objective for each group",
    "With `grouping` there is an objective for each value of a label. Here one value is judged over all of them, and"
    " the explanation is broken down by the first label.",
    "Where each group is promised for itself, write an outcome for each.",
    "grouping: [handler]",
)
QUERY_ELSEWHERE = Code(
    "MG618",
    Severity.WARNING,
    "query that is not in the document",
    "The indicator comes from a plugin, which makes its queries elsewhere. The draft keeps its name and options only.",
    "Say in the mapping of the evidence where the events come from.",
    "plugin: {id: sloth-common/http/availability}",
)
LIMIT_UNSAID = Code(
    "MG619",
    Severity.WARNING,
    "latency without its limit",
    "The query of the fast events has no label `le`, so that the draft cannot say how fast they have to be.",
    "Write the limit into the promise.",
    "latency: {success: {metric: requests_bucket}, total: {metric: requests_count}}",
)
NOT_CARRIED = Code(
    "MG620",
    Severity.NOTE,
    "not carried over",
    "What is written here steers alerts, dashboards or connections. It changes no promise and is not in the draft.",
    "Keep the original file for the tools that need it.",
    "alerting: {name: ShopDown}",
)
UNKNOWN_KEY = Code(
    "MG621",
    Severity.WARNING,
    "unknown key",
    "The format has no such key as far as this program knows, and it was not carried over. It may be misspelt.",
    "Check the spelling, and whether the promise needs it.",
    "objektive: 99.9",
)
SECRET = Code(
    "MG622",
    Severity.WARNING,
    "what looks like a secret",
    "The value is named like a password or key. An agreement is signed, sent and kept, so it was left out.",
    "Keep secrets where the collector of the evidence finds them, and change one that was in a shared file.",
    "spec: {query: up, secretAccessKey: abc}",
)
RENAMED = Code(
    "MG623",
    Severity.NOTE,
    "another name",
    "The name cannot stand as it is on the other side, or is taken there. The finding says which one was given.",
    "Use the new name in mappings and references.",
    "name: Search latency/p99",
)
LEFT_OPEN = Code(
    "MG624",
    Severity.NOTE,
    "reading that was left open",
    "The format does not say what a slice without any event counts as. The draft writes the house default out.",
    "Agree on it: `empty: good` or `empty: skipped`.",
    "budgetingMethod: Timeslices",
)
WITHOUT_EFFECT = Code(
    "MG625",
    Severity.WARNING,
    "key without effect",
    "The key is known to the format, but has no meaning beside the others, and was not carried over.",
    "Delete it, or correct the method or metric that it belongs to.",
    "{budgetingMethod: Occurrences, timeSliceTarget: 0.9}",
)
SHORTENED = Code(
    "MG626",
    Severity.WARNING,
    "text that is too long",
    "The text is longer than its place in the other language allows, and was cut.",
    "Shorten it yourself.",
    "description: a text of more than two thousand characters",
)
CANNOT_BE_SAID = Code(
    "MG630",
    Severity.WARNING,
    "outcome that OpenSLO cannot say",
    "OpenSLO knows shares of good events and of good slices, with a target below 100 %. This outcome is something else"
    " and was not exported.",
    "Nothing has to be done; the agreement is where it holds.",
    "measure: {kind: count, of: complaints}",
)
TERM_WITHOUT_WORD = Code(
    "MG631",
    Severity.WARNING,
    "term that OpenSLO has no word for",
    "The term changes the value or the ruling, and OpenSLO has no key for it. A tool that computes the objective from"
    " the export may come to another value.",
    "Compute with the agreement where money depends on it.",
    "excluded: {maintenance: {notice: 5 days}}",
)
MONEY_WITHOUT_WORD = Code(
    "MG632",
    Severity.NOTE,
    "money stays in the agreement",
    "OpenSLO has objectives and no consequences; stakes were not exported.",
    "Nothing has to be done.",
    "stake: {weight: 100%}",
)
STRICT_TARGET = Code(
    "MG633",
    Severity.WARNING,
    "strict bound becomes an inclusive one",
    "An objective of OpenSLO is met by a value that is exactly its target. The agreement asks for more than that.",
    "Raise the target by the least step that matters, if the difference does.",
    'target: "> 99.9%"',
)

EXCHANGE_CODES = (
    UNKNOWN_FORMAT,
    LACKS,
    NOT_UNDERSTOOD,
    NO_SUCH_INDICATOR,
    CONTRADICTION,
    NAME_TWICE,
    NOTHING_THERE,
    TOO_MUCH,
    ROLLING_WINDOW,
    WINDOW_WITHOUT_PERIOD,
    OTHER_PERIOD,
    NO_WINDOW,
    COMPOSITE,
    READY_MADE_RATIO,
    SAMPLES_BECOME_TIME,
    GROUPED,
    QUERY_ELSEWHERE,
    LIMIT_UNSAID,
    NOT_CARRIED,
    UNKNOWN_KEY,
    SECRET,
    RENAMED,
    LEFT_OPEN,
    WITHOUT_EFFECT,
    SHORTENED,
    CANNOT_BE_SAID,
    TERM_WITHOUT_WORD,
    MONEY_WITHOUT_WORD,
    STRICT_TARGET,
)
