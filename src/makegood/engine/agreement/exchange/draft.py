"""The draft: objectives of other languages written as an agreement that can be checked, and then made one's own."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date

from makegood.engine.agreement.exchange import codes
from makegood.engine.agreement.exchange.entry import quoted
from makegood.engine.agreement.exchange.naming import Names, identifier
from makegood.engine.agreement.exchange.objective import Objective, Query, percentage
from makegood.engine.agreement.exchange.window import Window
from makegood.engine.agreement.shapes import LONGEST_TEXT, LONGEST_TITLE
from makegood.engine.agreement.stake_checks import MOST_HEADLINES
from makegood.engine.vocabulary.finding import Finding, Severity
from makegood.engine.vocabulary.period import Every

UTC = "UTC"

_PLAIN = re.compile(r"[A-Za-z][A-Za-z0-9_-]*|[1-9][0-9]*[hms]")
_LINE_ENDS = re.compile("\r\n|\r|\n")


@dataclass(frozen=True, kw_only=True)
class Frame:
    """What objectives do not say and an agreement needs; without ``every`` and ``zone``, what most of them imply."""

    start: date
    months: int = 12
    agreement: str = "imported-objectives"
    title: str = "Imported objectives"
    provider: str = "provider"
    customer: str = "customer"
    currency: str = "EUR"
    zone: str = ""
    every: Every | None = None


@dataclass(slots=True)
class Drafting:
    """One draft in the making; names are given in the order of the objectives."""

    frame: Frame
    titles: Mapping[str, str]
    objectives: Sequence[Objective]
    outcomes: Names = field(default_factory=lambda: Names(identifier))
    subjects: Names = field(default_factory=lambda: Names(identifier))
    streams: Names = field(default_factory=lambda: Names(identifier))

    def lines(self) -> list[str]:
        """Return the agreement line by line; it can be written once, since names and periods are told of meanwhile."""
        services = {each.service: self._service(each) for each in self.objectives}
        period = self._period()
        outcomes = [line for each in self.objectives for line in self._outcome(each, services[each.service])]
        parts = self._parts(services)
        lines = [*self._head(period), "services:"]
        for raw, service in services.items():
            made_of = f", made_of: {{all_of: [{', '.join(map(plain, parts[raw]))}]}}" if parts[raw] else ""
            title = quoted(self.titles[raw][:LONGEST_TITLE])
            lines.append(f"  {plain(service)}: {{title: {title}{made_of}}}")
        return [*lines, "outcomes:", *outcomes]

    def _service(self, each: Objective) -> str:
        """Return the name of an objective's service, and say so if it is a new one."""
        known = ("service", each.service) in self.subjects.given
        name = self.subjects.of(("service", each.service), each.service)
        if not known:
            self._tell_if_renamed(each, "the service", each.service, name)
            if len(self.titles[each.service]) > LONGEST_TITLE:
                each.source.tell(codes.SHORTENED, f"the title of the service was cut to {LONGEST_TITLE} characters")
        return name

    def _head(self, period: Window) -> Iterator[str]:
        frame = self.frame
        starts_on = f", starts_on: {period.starts_on}" if period.starts_on != 1 else ""
        yield "makegood: agreement/1"
        yield f"agreement: {plain(frame.agreement)}  # placeholder"
        yield f"title: {quoted(frame.title)}  # placeholder"
        yield f"parties: {{provider: {plain(frame.provider)}, customer: {plain(frame.customer)}}}  # placeholders"
        yield "term:"
        yield f"  from: {frame.start.isoformat()}  # placeholder"
        yield f"  months: {frame.months}  # placeholder"
        yield f"  timezone: {period.zone}{'  # placeholder' if period.zone == UTC else ''}"
        yield f"  period: {{every: {period.every}{starts_on}}}"
        yield f"money: {{currency: {plain(frame.currency)}}}  # placeholder"

    def _period(self) -> Window:
        """Return the period of most objectives, the first such if there are several, and tell of the others."""
        windows = [each.window for each in self.objectives if each.window is not None]
        counted = Counter((window.every, window.starts_on) for window in windows).most_common(1)
        every, starts_on = counted[0][0] if counted else (Every.MONTH, 1)
        if self.frame.every is not None:
            every, starts_on = self.frame.every, 1
        zones = [each.zone for each in windows if each.zone and (each.every, each.starts_on) == (every, starts_on)]
        common = Window(every, starts_on, self.frame.zone or next(iter(zones), UTC))
        for each in self.objectives:
            mine = each.window
            if mine is not None and (
                (mine.every, mine.starts_on) != (common.every, common.starts_on) or mine.zone not in {"", common.zone}
            ):
                text = f"its period would be a {mine}; the draft has a {common}"
                each.source.tell(codes.OTHER_PERIOD, text, "import it into an agreement of its own if it matters")
        return common

    def _outcome(self, each: Objective, service: str) -> Iterator[str]:
        name = self.outcomes.of(id(each), each.name)
        self._tell_if_renamed(each, "the objective", each.name, name)
        evidence = self._evidence(each)
        yield f"  {plain(name)}:"
        for line in _LINE_ENDS.split(f"From {each.source.log.file}, {each.origin}. {self._records(each, evidence)}"):
            yield f"    # {line}"
        for query in each.stream.queries:
            yield from _query(query)
        yield f"    promise: {quoted(self._promise(each))}"
        measure = {"kind": each.measure["kind"], each.stream.key: evidence, **each.measure}
        yield f"    measure: {flow(measure)}"
        yield f'    target: "{"<=" if each.ceiling else ">="} {percentage(each.target)}"'
        yield f"    service: {plain(service)}"
        if len(self.objectives) > MOST_HEADLINES:
            yield "    headline: false"

    def _evidence(self, each: Objective) -> str:
        """Return the name that the records of an objective carry."""
        if each.is_availability and each.stream.name == each.service:
            return self.subjects.of(("service", each.service), each.service)
        names, what = (self.subjects, "part") if each.is_availability else (self.streams, "stream")
        name = names.of((what, each.service if each.is_availability else "", each.stream), each.stream.name)
        self._tell_if_renamed(each, "its evidence", each.stream.name, name)
        return name

    def _records(self, each: Objective, evidence: str) -> str:
        if each.is_availability:
            return f"Evidence: states of {evidence}."
        if each.stream.is_case:
            return f"Evidence: transitions of {evidence}."
        words = " or ".join(_words(each.measure["good"]))
        return f"Evidence: tallies of {evidence} with the result {words}, and with any other."

    def _promise(self, each: Objective) -> str:
        bound = "at most" if each.ceiling else "at least"
        words = each.description or f"{each.title}: {bound} {percentage(each.target)} as measured."
        also = f" {each.also}" if each.also else ""
        longest = LONGEST_TEXT - len(also)
        if len(words) > longest:
            each.source.tell(codes.SHORTENED, f"the description of {each.name} was cut to {longest:,} characters")
        return words[:longest] + also

    def _parts(self, services: Mapping[str, str]) -> dict[str, dict[str, None]]:
        """Return the components of each service: what its objectives of availability are about."""
        parts: dict[str, dict[str, None]] = {raw: {} for raw in services}
        for each in self.objectives:
            name = self._evidence(each) if each.is_availability else ""
            if name and name != services[each.service]:
                parts[each.service][name] = None
        return parts

    def _tell_if_renamed(self, each: Objective, what: str, wished: str, name: str) -> None:
        if wished != name:
            each.source.tell(codes.RENAMED, f"{what} {quoted(wished)[:80]} is called {name}")


def plain(text: str) -> str:
    """Return a word as YAML reads it back, with quotes only if they are needed."""
    return text if _PLAIN.fullmatch(text) and text != "null" else quoted(text)


def flow(value: object) -> str:
    """Return terms on one line."""
    if isinstance(value, Mapping):
        return "{" + ", ".join(f"{plain(key)}: {flow(inside)}" for key, inside in value.items()) + "}"
    if isinstance(value, tuple):
        return "[" + ", ".join(map(flow, value)) + "]"
    return plain(str(value))


def _words(value: object) -> tuple[str, ...]:
    return tuple(map(str, value)) if isinstance(value, tuple) else (str(value),)


def _query(query: Query) -> Iterator[str]:
    yield f"    # {query.gives}:"
    yield from (f"    #   {line}" for line in _LINE_ENDS.split(query.text))


def commented(lines: Sequence[str], findings: Sequence[Finding]) -> str:
    """Return the text of a draft, with what was not carried over as it was above it."""
    told = [finding for finding in findings if finding.severity is not Severity.NOTE]
    comments = [
        "# Drafted from objectives of other tools. Names of the parties, term and currency are placeholders:",
        "# write what is true, add fees and stakes, and delete what was not meant to be promised.",
        *(["#", "# What could not be carried over as it was:"] if told else []),
        *(f"#   {line}" for finding in told for line in _LINE_ENDS.split(str(finding))),
    ]
    return "\n".join([*comments, *lines]) + "\n"
