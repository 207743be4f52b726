"""Import: files of objectives in other languages become the draft of an agreement, and findings on what did not."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass, field

from makegood.engine.agreement import form_codes
from makegood.engine.agreement.document import read
from makegood.engine.agreement.exchange import codes, openslo, pyrra, sloth
from makegood.engine.agreement.exchange.draft import Drafting, Frame, commented
from makegood.engine.agreement.exchange.entry import Entry, LeftOut, Log
from makegood.engine.agreement.exchange.objective import Objective
from makegood.engine.agreement.nodes import Composition, ListNode, MapNode, Node, ScalarNode
from makegood.engine.agreement.places import Path, Places
from makegood.engine.vocabulary.finding import Finding, Severity

DRAFT = "the draft"


@dataclass(frozen=True, slots=True)
class Import:
    """A draft, None if there is none to make; how many objectives it has, and what there is to say about them."""

    text: str | None
    objectives: int
    findings: tuple[Finding, ...]


def imported(files: Mapping[str, str], frame: Frame) -> Import:
    """Return the draft of an agreement from the texts of files by their names.

    Rule: an objective that cannot be carried over is left out and told of; the others are drafted. Nothing that a file
        says is passed over in silence. The draft is an agreement without errors, or there is none.
    Source: docs/explanation/agreement/slo-exchange.md

    >>> from datetime import date
    >>> text = "{version: prometheus/v1, service: shop, slos: [{name: open, objective: 99.9, sli: {events: "
    >>> slos = {"shop.yaml": text + "{error_query: a, total_query: b}}}]}"}
    >>> imported(slos, Frame(start=date(2026, 1, 1))).text.splitlines()[-3:]
    ['    measure: {kind: ratio, of: shop-open, good: good}', '    target: ">= 99.9%"', '    service: shop']
    """
    reading = _Reading()
    for file, text in files.items():
        reading.read(Log("".join(each if each.isprintable() else "?" for each in file)), text)
    objectives = reading.objectives()
    findings = reading.findings
    if not objectives:
        nothing = codes.NOTHING_THERE
        return Import(None, 0, (*findings, Finding(nothing.code, nothing.severity, None, "there is no objective")))
    lines = Drafting(frame, reading.services, objectives).lines()
    return _checked(commented(lines, reading.findings), len(objectives), reading.findings)


def _checked(text: str, objectives: int, findings: Sequence[Finding]) -> Import:
    """Return a draft as far as it is an agreement; what is wrong with it comes from words that were handed in."""
    if len(text) > form_codes.LARGEST_DOCUMENT:
        told = f"the draft has {len(text):,} characters, {form_codes.LARGEST_DOCUMENT:,} are the most"
        too_much = Finding(codes.TOO_MUCH.code, codes.TOO_MUCH.severity, None, told, "import the files one by one")
        return Import(None, objectives, (*findings, too_much))
    errors = [each for each in read(text, DRAFT).findings if each.severity is Severity.ERROR]
    return Import(None if errors else text, objectives, (*findings, *errors))


@dataclass(slots=True)
class _Reading:
    """All files, read before anything is translated, since objects may refer to those of other files."""

    logs: list[Log] = field(default_factory=list)
    sources: list[Entry] = field(default_factory=list)
    catalogue: openslo.Catalogue = field(default_factory=openslo.Catalogue)

    @property
    def services(self) -> dict[str, str]:
        return self.catalogue.services

    @property
    def findings(self) -> list[Finding]:
        return [finding for log in self.logs for finding in sorted(log.findings)]

    def read(self, log: Log, text: str) -> None:
        """Take the documents of a file; if it has errors of form, only those are told."""
        self.logs.append(log)
        composition = Composition(Places(log.file))
        nodes = composition.compose_all(text)
        if nodes is None or composition.findings:
            log.findings += composition.findings
            return
        for node, path in _documents(nodes):
            with suppress(LeftOut):
                source = Entry.of(log, node, path)
                if not (_is_openslo(source) and self.catalogue.add(source)):
                    self.sources.append(source)

    def objectives(self) -> list[Objective]:
        """Return the objectives of all files, in their order."""
        found: list[Objective] = []
        for source in self.sources:
            with suppress(LeftOut):
                found.extend(self._objectives(source))
        self.catalogue.tell_unused()
        return found

    def _objectives(self, source: Entry) -> Iterator[Objective]:
        kind, version = source.text("kind"), source.text("apiVersion")
        if _is_openslo(source) and kind == "SLO":
            yield from openslo.objectives_of(source, self.catalogue)
        elif source.text("version") == sloth.VERSION or (version, kind) == (sloth.API_VERSION, sloth.KIND):
            yield from sloth.objectives_of(source, self.services)
        elif (version, kind) == (pyrra.API_VERSION, pyrra.KIND):
            yield pyrra.objective_of(source, self.services)
        else:
            said = f"{version or source.text('version') or 'no version'}, {kind or 'no kind'}"
            hint = "OpenSLO v1, sloth and Pyrra can be imported"
            source.refuse(codes.UNKNOWN_FORMAT, f"this is no document of objectives: {said[:80]}", hint)


def _is_openslo(source: Entry) -> bool:
    return source.text("apiVersion") == openslo.VERSION


def _documents(nodes: Sequence[Node]) -> Iterator[tuple[Node, Path]]:
    """Yield each object of a file: documents, entries of a list, and items of a Kubernetes list; nothing is skipped."""
    for node in nodes:
        items = _items(node)
        if items is not None:
            yield from ((item, ("items", number)) for number, item in enumerate(items.items))
        elif not (isinstance(node, ScalarNode) and node.is_nothing):
            yield node, ()


def _items(node: Node) -> ListNode | None:
    if isinstance(node, ListNode):
        return node
    if isinstance(node, MapNode):
        values = {key.text: value for key, value in node.pairs}
        kind, items = values.get("kind"), values.get("items")
        if isinstance(items, ListNode) and isinstance(kind, ScalarNode) and kind.text.endswith("List"):
            return items
    return None
