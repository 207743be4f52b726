"""Chains: the versions of an agreement, found by the digests of their texts, and whether they follow one another."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, replace

from makegood.engine.agreement import amendment_codes as codes
from makegood.engine.agreement.document import Document
from makegood.engine.agreement.places import Path
from makegood.engine.agreement.schedule import periods_of
from makegood.engine.agreement.terms import Agreement
from makegood.engine.agreement.versions import newest, number_of, version_for
from makegood.engine.vocabulary.finding import Finding


@dataclass(frozen=True, slots=True)
class Chain:
    """The texts of an agreement, the first one first; without ``agreement`` as long as there is an error."""

    agreement: Agreement | None
    documents: tuple[Document, ...]
    findings: tuple[Finding, ...]

    def until(self, digest: str) -> Agreement | None:
        """Return the agreement as it was when the text with this digest was its newest; None if it never was."""
        digests = [each.digest for each in self.documents]
        if self.agreement is None or digest not in digests:
            return None
        return _joined(self.documents[: digests.index(digest) + 1])


def chain_of(newest: Document, others: Sequence[Document]) -> Chain:
    """Return the versions that lead to the newest text; earlier ones are found among ``others`` by their digest.

    >>> from makegood.engine.agreement.catalogue import GOOD
    >>> from makegood.engine.agreement.document import read
    >>> len(chain_of(read(GOOD), ()).documents)
    1
    """
    found, findings = [newest], list(newest.findings)
    while (terms := found[0].agreement) is not None and terms.amendment is not None:
        earlier = _amended(terms.amendment.amends, [each for each in others if each not in found])
        if earlier is None:
            text = f"there is no text with the digest {terms.amendment.amends[:16]}"
            place = found[0].places.of("amendment", "amends")
            findings.append(codes.TEXT_MISSING.at(place, text, "put version 1 and all later ones into the same folder"))
            break
        findings += earlier.findings
        if earlier.agreement is not None:
            findings += _misfits(earlier.agreement, terms, found[0])
        found.insert(0, earlier)
    broken = found[0].agreement is None or any(each.severity == "error" for each in findings)
    return Chain(None if broken else _joined(found), tuple(found), tuple(findings))


def trouble_with_closed(before: Agreement, now: Agreement, closed: Sequence[str]) -> str:
    """Return why an agreement cannot go on with periods that were closed ``before`` it was amended; mostly nothing.

    A version governs no period that was closed before it was agreed, unless it says that it is retroactive; and no
    closed period is cut in two, or left out.
    """
    periods = {each.label: each for each in periods_of(now)}
    was = {each.label: number_of(version_for(before, each)) for each in periods_of(before)}
    for label in closed:
        if label not in periods:
            return f"{label} is closed, and version {number_of(newest(now))} would cut it in two or leave it out"
        governing = version_for(now, periods[label])
        retroactive = governing.amendment is not None and governing.amendment.retroactive
        if number_of(governing) != was[label] and not retroactive:
            return f"{label} was closed under version {was[label]}, and version {number_of(governing)} would govern it"
    return ""


def newest_of(documents: Sequence[Document]) -> tuple[Document | None, tuple[Finding, ...]]:
    """Return the one text that no other one amends, if there is one, and what stands in the way."""
    amended = {
        each.digest: [other for other in documents if _amends(other, each)] for each in documents if each.agreement
    }
    findings = tuple(
        codes.AMENDED_TWICE.at(other.places.of("amendment", "amends"), f"{digest[:16]} is amended twice", "keep one")
        for digest, later in amended.items()
        for other in later[1:]
    )
    last = [each for each in documents if not amended.get(each.digest)]
    return (last[0] if len(last) == 1 and not findings else None), findings


def _amends(later: Document, earlier: Document) -> bool:
    amendment = later.agreement.amendment if later.agreement is not None else None
    return amendment is not None and earlier.digest.startswith(amendment.amends)


def _amended(digest: str, others: Sequence[Document]) -> Document | None:
    return next((each for each in others if each.digest.startswith(digest)), None)


def _joined(documents: Sequence[Document]) -> Agreement | None:
    """Return the newest agreement that knows its earlier versions."""
    versions = tuple(each.agreement for each in documents if each.agreement is not None)
    return replace(versions[-1], versions=versions if len(versions) > 1 else ())


# What stays through all versions: what it is called, how to get it, and where it stands.
_FIXED: tuple[tuple[str, Callable[[Agreement], object], Path], ...] = (
    ("identifier", lambda terms: terms.agreement, ("agreement",)),
    ("provider", lambda terms: terms.parties.provider.id, ("parties", "provider")),
    ("customer", lambda terms: terms.parties.customer.id, ("parties", "customer")),
    ("currency", lambda terms: terms.money.currency, ("money", "currency")),
    ("time zone", lambda terms: terms.term.timezone, ("term", "timezone")),
    ("first day", lambda terms: terms.term.from_, ("term", "from")),
    ("time of the first day", lambda terms: terms.term.starts_at, ("term", "starts_at")),
    ("length of a period", lambda terms: terms.term.period.every.value, ("term", "period", "every")),
    ("first day of a period", lambda terms: terms.term.period.starts_on, ("term", "period", "starts_on")),
)


def _misfits(earlier: Agreement, later: Agreement, document: Document) -> Iterator[Finding]:
    """Yield why a version cannot follow an earlier one."""
    if number_of(later) != number_of(earlier) + 1:
        text = f"this is version {number_of(later)}, and it amends version {number_of(earlier)}"
        place = document.places.of("amendment", "version")
        yield codes.WRONG_VERSION.at(place, text, f"write {number_of(earlier) + 1}")
    for name, value, path in _FIXED:
        was, is_ = value(earlier), value(later)
        if was != is_:
            text = f"the {name} was {was} and would become {is_}"
            yield codes.NEVER_CHANGES.at(document.places.of(*path), text, f"write {was}")
