"""What tests of the import start from."""

from __future__ import annotations

from datetime import date
from pathlib import Path

from makegood.engine.agreement.document import read
from makegood.engine.agreement.exchange.draft import Frame
from makegood.engine.agreement.exchange.imports import Import, imported
from makegood.engine.agreement.terms import Agreement

HERE = Path(__file__).parent
FRAME = Frame(start=date(2026, 1, 1))


def text_of(name: str) -> str:
    return (HERE / name).read_text("utf-8")


def drafted(*texts: str, frame: Frame = FRAME) -> Import:
    """Return what comes of files called a.yaml, b.yaml and so on."""
    return imported({f"{'abcd'[number]}.yaml": text for number, text in enumerate(texts)}, frame)


def agreed(result: Import) -> Agreement:
    """Return the agreement that a draft is."""
    assert result.text is not None, result.findings
    agreement = read(result.text).agreement
    assert agreement is not None
    return agreement


def told(result: Import) -> list[str]:
    """Return the findings as lines."""
    return [str(finding) for finding in result.findings]


def codes_of(result: Import) -> list[str]:
    return [finding.code for finding in result.findings]
