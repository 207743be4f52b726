"""Sources: whether mappings make the records that an agreement's measures read.

A mapping says a field either with words of its own or with a column of somebody's file. What comes from a column may be
anything, unless the mapping translates the words of that column; so silence here never means that all is well.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from makegood.engine.agreement.code import Code
from makegood.engine.agreement.draft import Draft
from makegood.engine.agreement.measures.availability import Availability
from makegood.engine.agreement.measures.count import CountOf
from makegood.engine.agreement.measures.ratio import RatioOf
from makegood.engine.agreement.measures.within import Within
from makegood.engine.agreement.terms import Outcome
from makegood.engine.evidence.mapping import (
    Entry,
    EvidenceMapping,
    ExclusionEntry,
    ProbeEntry,
    StateEntry,
    TallyEntry,
    Text,
    TransitionEntry,
)
from makegood.engine.evidence.template import Template
from makegood.engine.review.lint import codes
from makegood.engine.vocabulary.finding import Finding


@dataclass(frozen=True, slots=True)
class Said:
    """What a field can say: these words, and with ``more`` anything else."""

    words: frozenset[str]
    more: bool = False

    def can_be(self, word: str) -> bool:
        return self.more or word in self.words

    def __or__(self, other: Said) -> Said:
        return Said(self.words | other.words, self.more or other.more)


NOTHING = Said(frozenset())
_ENTRIES: dict[type, tuple[type[Entry], ...]] = {
    Availability: (StateEntry, ProbeEntry),
    RatioOf: (TallyEntry,),
    CountOf: (TallyEntry,),
    Within: (TransitionEntry,),
}


def sources(draft: Draft, mappings: Sequence[EvidenceMapping]) -> Iterator[Finding]:
    """Yield what measures read and no mapping makes."""
    for name, outcome in draft.outcomes.items():
        wanted = _ENTRIES.get(type(outcome.measure))
        if wanted is None:
            continue
        fitting = [
            (mapping, entry)
            for mapping in mappings
            for entry in mapping.records
            if isinstance(entry, wanted) and _is_of(mapping, entry, _names(draft, outcome))
        ]
        if not fitting:
            text = f"no mapping makes the {wanted[0].form.kind} records of {' or '.join(_names(draft, outcome))}"
            yield codes.NO_SOURCE.at(draft.at("outcomes", name, "measure"), text, "add an entry")
            continue
        yield from _words(draft, name, outcome, fitting)
        yield from _causes(draft, name, outcome, mappings)


def _names(draft: Draft, outcome: Outcome) -> tuple[str, ...]:
    """Return the names under which evidence of an outcome may come: those of the parts of a service."""
    service = draft.agreement.services.get(outcome.measure.what)
    if not isinstance(outcome.measure, Availability) or service is None or service.made_of is None:
        return (outcome.measure.what,)
    made_of = service.made_of
    return tuple(part.id for part in (*made_of.all_of, *made_of.any_of, *made_of.each)) or (outcome.measure.what,)


def _is_of(mapping: EvidenceMapping, entry: Entry, names: tuple[str, ...]) -> bool:
    field = entry.subject if isinstance(entry, StateEntry | ProbeEntry) else getattr(entry, "of", None)
    said = _said(mapping, field)
    return any(said.can_be(name) for name in names)


def _words(
    draft: Draft, name: str, outcome: Outcome, fitting: Sequence[tuple[EvidenceMapping, Entry]]
) -> Iterator[Finding]:
    """Yield the results, states and priorities that nothing gives."""
    for code, field, path, word in _wanted(outcome):
        given = _together(fitting, field)
        if not given.can_be(word):
            place = draft.at("outcomes", name, "measure", *path)
            yield code.at(place, _never(word, given), "correct the word here, or in the mapping")


def _wanted(outcome: Outcome) -> Iterator[tuple[Code, str, tuple[str, ...], str]]:
    """Yield the words that a measure waits for: the finding, the field of the record, where it is written, the word."""
    measure = outcome.measure
    if isinstance(measure, RatioOf):
        yield from ((codes.NO_SUCH_RESULT, "result", ("good",), word) for word in measure.good)
    elif isinstance(measure, CountOf):
        yield from ((codes.NO_SUCH_RESULT, "result", ("counting",), word) for word in measure.counting)
    elif isinstance(measure, Within):
        clock = measure.clock
        for key, word in (("from", clock.from_), ("to", clock.to), *(("pause", each) for each in clock.pause)):
            yield codes.NO_SUCH_STATE, "state", ("clock", key), word
        yield from ((codes.NO_SUCH_PRIORITY, "priority", ("limits", word), word) for word in measure.limits)
        yield from ((codes.NO_SUCH_PRIORITY, "priority", ("priority",), word) for word in measure.priority)


def _causes(draft: Draft, name: str, outcome: Outcome, mappings: Sequence[EvidenceMapping]) -> Iterator[Finding]:
    entries = [(each, entry) for each in mappings for entry in each.records if isinstance(entry, ExclusionEntry)]
    given = _together(entries, "cause")
    for cause in outcome.measure.exclusions:
        if not given.can_be(cause):
            place = draft.at("outcomes", name, "measure", "excluded", cause)
            yield codes.NO_SUCH_CAUSE.at(place, _never(cause, given), "say who records it")


def _together(fitting: Sequence[tuple[EvidenceMapping, Entry]], field: str) -> Said:
    found = NOTHING
    for mapping, entry in fitting:
        found |= _said(mapping, getattr(entry, field))
    return found


def _never(word: str, given: Said) -> str:
    return f"the mappings never give {word}, only {', '.join(sorted(given.words)) or 'nothing'}"


def _said(mapping: EvidenceMapping, field: Text | None) -> Said:
    """Return what a field of an entry can say."""
    if field is None:
        return NOTHING
    found = NOTHING
    for template in [field] if isinstance(field, Template) else [case.is_ for case in field]:
        found |= _of_template(mapping, template)
    return found


def _of_template(mapping: EvidenceMapping, template: Template) -> Said:
    if template.constant is not None:
        return Said(frozenset({template.constant}))
    if template.pattern == "{}" and template.columns[0] in mapping.words:
        return Said(frozenset(mapping.words[template.columns[0]].values()))
    return Said(frozenset(), more=True)
