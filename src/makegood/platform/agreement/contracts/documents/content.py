"""What a document consists of, whatever it is printed on."""

from __future__ import annotations

from dataclasses import asdict, dataclass
from datetime import timedelta
from functools import cache
from pathlib import Path
from string import Template
from typing import Any, Final

from ruamel.yaml import YAML

from makegood.engine.agreement.prose import Section
from makegood.engine.agreement.schedule import end_of_term
from makegood.engine.agreement.terms import Agreement
from makegood.platform.agreement.contracts.models import Version

_CLAUSES: Final = Path(__file__).parents[1] / "clauses"


@dataclass(frozen=True, slots=True)
class Part:
    """A numbered part: paragraphs and a table, whose first row is its heading.

    ``review`` says that it has wording of the clause library, which a lawyer has to read.
    """

    title: str
    paragraphs: tuple[str, ...] = ()
    table: tuple[tuple[str, ...], ...] = ()
    review: bool = False


@dataclass(frozen=True, slots=True)
class Paper:
    """A document: what it is, what it is about, and its parts in order."""

    kind: str
    title: str
    subject: str
    facts: tuple[tuple[str, str], ...]
    parts: tuple[Part, ...]

    def plain(self) -> dict[str, Any]:
        """Return the document as plain values."""
        return asdict(self)


def clauses(library: str, version: Version, terms: Agreement) -> dict[str, Part]:
    """Return the clauses of a part of the library by their identifiers, about the parties of an agreement."""
    known = {
        "provider": terms.parties.provider.shown,
        "customer": terms.parties.customer.shown,
        "title": version.contract.title,
        "first_day": terms.term.from_.isoformat(),
        "last_day": last_day(terms),
        "zone": terms.term.timezone,
    }
    return {
        each["id"]: Part(each["title"], (Template(" ".join(each["text"].split())).substitute(known),), review=True)
        for each in entries(library)
    }


@cache
def entries(library: str) -> list[dict[str, Any]]:
    """Return a part of the library as it is written."""
    found: list[dict[str, Any]] = YAML(typ="safe", pure=True).load(_CLAUSES / f"{library}.yaml")
    return found


def facts_of(version: Version, terms: Agreement) -> tuple[tuple[str, str], ...]:
    """Return what stands at the head of each document."""
    return (
        ("Provider", terms.parties.provider.shown),
        ("Customer", terms.parties.customer.shown),
        ("Agreement", f"{terms.agreement}, version {version.number} ({version.get_state_display()})"),
        ("Term", f"{terms.term.from_.isoformat()} to {last_day(terms)}, by the clocks of {terms.term.timezone}"),
        ("SHA-256 of the text", version.digest),
    )


def signatures_of(version: Version) -> Part:
    """Return who signed, as it is kept."""
    rows = tuple(
        (
            each.name,
            each.organisation.name,
            f"{each.signed_at:%Y-%m-%d %H:%M} UTC",
            each.address or "",
            each.digest[:16],
        )
        for each in version.signatures.all()
    )
    if not rows:
        return Part("Signatures", ("Nobody has signed this version yet.",))
    return Part("Signatures", (), (("Name", "For", "When", "From", "SHA-256 begins with"), *rows))


def part_of(section: Section) -> Part:
    """Return a section of the terms in words as a part."""
    return Part(section.title, section.paragraphs, section.table)


def last_day(terms: Agreement) -> str:
    """Return the last day of the term."""
    return (end_of_term(terms.term) - timedelta(days=1)).isoformat()
