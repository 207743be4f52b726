"""What a finding is about: a stable code with its severity, its meaning and its remedy."""

from __future__ import annotations

from dataclasses import dataclass

from makegood.engine.vocabulary.finding import Finding, Place, Severity


@dataclass(frozen=True, slots=True)
class Code:
    """One kind of finding; ``bad`` is a piece of a document that shows it."""

    code: str
    severity: Severity
    title: str
    meaning: str
    remedy: str
    bad: str

    def at(self, place: Place, text: str, hint: str = "") -> Finding:
        """Return the finding of this kind at a place."""
        return Finding(self.code, self.severity, place, text, hint)


def bad_outcome(
    *,
    measure: str = "{kind: availability, of: shop}",
    target: str = ">= 99.9%",
    stake: str = "{weight: 100%, tiers: [{below: 99.9%, credit: 10%}]}",
    more: str = "",
) -> str:
    """Return the outcomes of a bad example: one that is good but for what is handed in."""
    return f"""\
outcomes:
  open:
    promise: The shop is open day and night.
    measure: {measure}
    target: "{target}"
    stake: {stake}
{more}"""
