"""``makegood lint``: everything that ``check`` says, and what wants a second thought before it is signed."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Annotated

import typer

from makegood.cli import clock
from makegood.cli.findings import Underpinning, checked, tell_findings
from makegood.cli.judge import begun_periods
from makegood.cli.output import Json
from makegood.cli.refusal import Exit, Refusal
from makegood.engine.agreement.advice.advise import advise, sound
from makegood.engine.agreement.document import Document
from makegood.engine.agreement.draft import Draft
from makegood.engine.evidence.mapping import EvidenceMapping
from makegood.engine.judging.judge import judge_periods
from makegood.engine.review.lint.past import past
from makegood.engine.review.lint.sources import sources
from makegood.engine.vocabulary.finding import Finding
from makegood.vault.intake import read_mapping_file
from makegood.vault.layout import FORMAT_FILE
from makegood.vault.vault import Vault


def lint(
    agreements: Annotated[list[Path], typer.Argument(metavar="AGREEMENT...", help="Agreement documents (YAML).")],
    evidence: Annotated[
        list[Path] | None,
        typer.Option(
            "--evidence", metavar="PATH", help="A mapping document, or the folder of a vault; repeatable for mappings."
        ),
    ] = None,
    with_: Underpinning = None,
    strict: Annotated[bool, typer.Option("--strict", help="Let warnings count as errors.")] = False,
    json: Json = False,
) -> None:
    """Say what is wrong with agreements, and what to think over: cliffs, dead zones, promises nobody can measure."""
    mappings, vault = _evidence(evidence or [])
    documents, findings = checked(agreements, with_)
    for name in map(str, agreements):
        advice = _advice(name, documents[name], mappings, vault)
        findings[name] = tuple(sorted({*findings[name], *advice}))
    tell_findings(documents, findings, strict=strict, json=json)


def _advice(file: str, document: Document, mappings: list[EvidenceMapping], vault: Vault | None) -> Iterator[Finding]:
    yield from advise(document.text, file)
    draft = sound(document.text, file)
    if draft is not None and mappings:
        yield from sources(draft, mappings)
    if draft is not None and vault is not None:
        yield from _by_the_past(draft, vault)


def _by_the_past(draft: Draft, vault: Vault) -> Iterator[Finding]:
    evidence = vault.evidence()
    chosen = begun_periods(draft.agreement, now=clock.now(), labels=[])
    whole = [period for period in chosen if period.interval == period.whole]
    yield from past(draft, evidence, judge_periods(draft.agreement, whole, evidence))


def _evidence(paths: list[Path]) -> tuple[list[EvidenceMapping], Vault | None]:
    """Open what ``--evidence`` names: mappings, and at most one vault.

    :raises Refusal: if a path is neither, or there are two vaults
    """
    vaults = [path for path in paths if (path / FORMAT_FILE).exists()]
    if len(vaults) > 1:
        raise Refusal("two vaults were named", "Name one; the past of an agreement is in one vault.", Exit.USAGE)
    for path in paths:
        if path not in vaults and not path.is_file():
            raise Refusal(f"{path} is neither a mapping nor a vault", "Check the name.", Exit.USAGE)
    mappings = [read_mapping_file(path) for path in paths if path not in vaults]
    return mappings, Vault.open(vaults[0]) if vaults else None
