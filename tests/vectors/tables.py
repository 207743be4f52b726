"""Vectors about tables of tiers: what a reader finds wrong with them before anything is measured."""

from __future__ import annotations

from makegood.engine.agreement.document import read
from makegood.engine.agreement.table_codes import TABLE_CODES
from tests.vectors.levels import APRIL
from tests.vectors.terms import document, rows
from tests.vectors.trial import CannotSay, Given, Trial

# The title of each code begins with the name that the field gives it.
NAMES = {code.code: code.title.split(":")[0] for code in TABLE_CODES}


def lint(given: Given) -> Trial:
    """A published table, its target, and which values are better."""
    domain = given.get("domain") or {}
    ends = [(word, domain[key]) for key, word in (("min", "least"), ("max", "most")) if domain.get(key) is not None]
    text = document(
        given,
        term=APRIL.term,
        measure="{kind: stated, of: measured, unit: number"
        + "".join(f", {word}: {value}" for (_, value), word in zip(ends, _minimum_and_maximum(ends), strict=True))
        + "}",
        stake=f"{{of: 1000.00 EUR, table: {{better: {given['better']}, "
        + "".join(f"{word}: {value}, " for word, value in ends)
        + f"rows: [{rows(given, 'EUR', '')}]}}}}",
        unit="",
    )
    findings = read(text, "vector.yaml").findings
    unread = [str(each) for each in findings if each.code < "MG200"]
    if unread:
        raise CannotSay("; ".join(unread))
    found = {NAMES[each.code] for each in findings if each.code in NAMES}
    return Trial(text, (), {"codes": sorted(name for name in found if " " not in name)})


def _minimum_and_maximum(ends: list[tuple[str, str]]) -> list[str]:
    return [{"least": "minimum", "most": "maximum"}[word] for word, _ in ends]
