"""A document: an agreement as it was written, as it was understood, and what there is to say about it."""

from __future__ import annotations

import hashlib
from dataclasses import dataclass, field, replace

from makegood.engine.agreement import form_codes as codes
from makegood.engine.agreement.checks import findings_on
from makegood.engine.agreement.places import Places
from makegood.engine.agreement.reader import read_document
from makegood.engine.agreement.terms import Agreement
from makegood.engine.vocabulary.finding import Finding, Severity

LANGUAGE = "agreement/1"


@dataclass(frozen=True, slots=True)
class Document:
    """A read agreement; ``agreement`` is None as long as there is an error among the findings."""

    agreement: Agreement | None
    findings: tuple[Finding, ...]
    text: str
    digest: str
    places: Places = field(default_factory=lambda: Places(""), compare=False, repr=False)


def read(text: str | bytes, file: str = "agreement.yaml") -> Document:
    """Read an agreement; all findings come at once, sorted by their place.

    >>> document = read("makegood: agreement/1")
    >>> document.agreement, str(document.findings[0])
    (None, 'agreement.yaml:1:1: MG109 error: agreement is missing (its identifier)')
    """
    content = text if isinstance(text, bytes) else text.encode("utf-8", "surrogatepass")
    digest = hashlib.sha256(content).hexdigest()
    try:
        written = content.decode("utf-8")
    except UnicodeDecodeError as error:
        return Document(None, (_not_utf8(content[: error.start], file),), content.decode("utf-8", "replace"), digest)
    reading = read_document(written, file, Agreement, LANGUAGE)
    agreement = reading.value
    if agreement is not None:
        agreement = replace(agreement, written=reading.places.written)
    findings = tuple(sorted([*reading.findings, *findings_on(reading)]))
    if any(finding.severity is Severity.ERROR for finding in findings):
        agreement = None
    return Document(agreement, findings, written, digest, reading.places)


def _not_utf8(before: bytes, file: str) -> Finding:
    lines = before.decode("utf-8").split("\n")
    place = Places(file).at((len(lines), len(lines[-1]) + 1), ())
    return codes.NOT_TEXT.at(place, "here stands a byte that is not UTF-8", "save the file as UTF-8")
