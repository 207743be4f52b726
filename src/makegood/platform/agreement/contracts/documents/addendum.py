"""The addendum: what a version changes, in words and term by term."""

from __future__ import annotations

from dataclasses import replace

from makegood.engine.agreement.difference import changes, rewordings
from makegood.engine.agreement.terms import Agreement
from makegood.engine.agreement.versions import effective_from
from makegood.platform.agreement.contracts.documents.content import Paper, Part, clauses, facts_of, signatures_of
from makegood.platform.agreement.contracts.models import Version


def addendum(version: Version, terms: Agreement, before: Version, was: Agreement) -> Paper:
    """Return what changes against the version before."""
    effective = effective_from(terms).isoformat()
    reason = terms.amendment.reason if terms.amendment is not None else ""
    said = clauses("addendum", version, terms)
    told = tuple((each.term, each.before or "—", each.after or "—") for each in changes(was, terms))
    words = [
        Part(each.title, (), (("No longer", "From now on"), ("\n".join(each.gone) or "—", "\n".join(each.new) or "—")))
        for each in rewordings(was, terms)
    ]
    parts = (
        Part("What is amended", tuple(filter(None, (f"Version {before.number}, SHA-256 {before.digest}.", reason)))),
        Part("Terms that change", (), (("Term", "Before", "From then on"), *told)),
        *words,
        replace(said["effect"], paragraphs=(f"Effective day: {effective}.", *said["effect"].paragraphs)),
        signatures_of(version),
    )
    title = f"Addendum {version.number - 1}"
    return Paper("addendum", title, version.contract.title, facts_of(version, terms), parts)
