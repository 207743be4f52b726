"""``makegood vault``: check, sign, repair, count, seal, compact, thin out, measure and export the memory."""

from __future__ import annotations

import stat
from collections.abc import Iterable
from datetime import date, datetime
from pathlib import Path
from typing import Annotated

import typer
from rich.table import Table

from makegood.cli import clock, vault_export, vault_measure
from makegood.cli.output import Json, counted, err, findings_form, out, print_findings, print_json, table_of
from makegood.cli.refusal import Exit, Refusal
from makegood.cli.workspace import DEFAULT_VAULT, VaultFolder
from makegood.engine.vocabulary.finding import Finding, Severity
from makegood.engine.vocabulary.times import show_instant
from makegood.vault.keys import public_key
from makegood.vault.signing import Signature, Signed, not_signed_by
from makegood.vault.stats import KindStats, VaultStats
from makegood.vault.vault import Vault

app = typer.Typer(
    no_args_is_help=True,
    rich_markup_mode=None,
    help="Look after a vault: check, sign, count, seal and thin it out, mend it, measure it, export it.",
)


@app.command()
def check(
    vault: VaultFolder = DEFAULT_VAULT,
    signed_by: Annotated[
        Path | None,
        typer.Option("--signed-by", metavar="PUBLIC-KEY", help="PEM file of the key that the newest signature is by."),
    ] = None,
    json: Json = False,
) -> None:
    """Read everything that a vault holds, and compare it with what was accepted, sealed, booked and signed."""
    opened = Vault.open(vault)
    key = public_key(_content(signed_by)) if signed_by else ""
    findings, signed = opened.check(), None
    if key and not _has_errors(findings):
        signed = opened.signed()
        findings += not_signed_by(signed, key)
    wrong = _has_errors(findings)
    if json:
        form = {"signed": _signed_form(signed) if signed and not wrong else None} if key else {}
        print_json({"intact": not wrong, "findings": findings_form(findings)} | form)
    else:
        print_findings(findings)
        if not wrong:
            out.print(f"Nothing is wrong: {counted(opened.head, 'entry', 'entries')}, one chain.")
            if signed:
                out.print(_signed_text(signed))
    if wrong:
        raise typer.Exit(Exit.FINDINGS)


@app.command()
def sign(
    key: Annotated[Path, typer.Option("--key", metavar="FILE", help="The private Ed25519 key, in PEM.")],
    vault: VaultFolder = DEFAULT_VAULT,
    json: Json = False,
) -> None:
    """Sign everything that a vault holds, so that nobody without the key can write it anew unnoticed."""
    opened = Vault.open(vault)
    signature = opened.sign(_content(key), now=clock.now())
    if key.stat().st_mode & (stat.S_IRGRP | stat.S_IROTH):
        err.print(f"Others can read {key}, and sign with it: chmod 600 {key}", style="yellow")
    if json:
        print_json(_signature_form(signature))
    else:
        reach = f"entry {signature.entry} and line {signature.change} of the manifest"
        out.print(f"Signed up to {reach}, by the key {signature.key}.")


@app.command()
def repair(vault: VaultFolder = DEFAULT_VAULT, json: Json = False) -> None:
    """Set aside, under set-aside/ in the vault, what is damaged at the end of the log or named by nothing."""
    opened = Vault.open(vault)
    done = opened.repair(now=clock.now())
    if json:
        print_json({"set_aside": list(done), "entries": opened.head})
        return
    for sentence in done:
        out.print(f"{sentence}.")
    out.print(
        f"The vault goes on behind entry {opened.head}." if done else "There is nothing to set aside.",
        style="yellow" if done else None,
    )


@app.command()
def stats(vault: VaultFolder = DEFAULT_VAULT, json: Json = False) -> None:
    """Say what a vault holds: of each kind how much, in how many segments, and from when to when it speaks."""
    found = Vault.open(vault).stats()
    if json:
        print_json(_form(found))
        return
    out.print(_table(vault, found))
    waiting = found.entries - found.sealed
    if waiting:
        out.print(f"{counted(waiting, 'entry', 'entries')} in the log, {found.log_bytes:,} bytes; `seal` moves them.")
    if found.removed:
        out.print(f"{counted(found.removed, 'row')} removed by retention.")


@app.command()
def seal(vault: VaultFolder = DEFAULT_VAULT, json: Json = False) -> None:
    """Move everything from the log into segments."""
    opened = Vault.open(vault)
    before = opened.contents().manifest.last
    opened.seal(now=clock.now())
    moved = opened.head - before
    if json:
        print_json({"sealed": moved, "entries": opened.head})
    else:
        out.print(f"{counted(moved, 'entry', 'entries')} sealed." if moved else "Nothing to seal.")


@app.command()
def compact(vault: VaultFolder = DEFAULT_VAULT, json: Json = False) -> None:
    """Merge the segments of each month or day into one."""
    opened = Vault.open(vault)
    before = len(opened.segments())
    opened.compact(now=clock.now())
    after = len(opened.segments())
    if json:
        print_json({"before": before, "after": after})
    else:
        out.print(f"{counted(before, 'segment')} before, {after:,} now." if after < before else "Nothing to compact.")


@app.command()
def retain(
    before: Annotated[str, typer.Option("--before", metavar="DATE", help="What ended before this day goes.")],
    kind: Annotated[list[str], typer.Option("--kind", help="A kind of records, probes, or runs; repeatable.")],
    reason: Annotated[str, typer.Option("--reason", help="Why; it stays in the manifest for ever.")],
    vault: VaultFolder = DEFAULT_VAULT,
    json: Json = False,
) -> None:
    """Remove whole months of records and days of probes; the manifest keeps how much of which entry went, and why."""
    opened = Vault.open(vault)
    day = _day(before)
    try:
        gone = opened.retain(before=day, kinds=set(kind), reason=reason, now=clock.now())
    except ValueError as error:
        raise Refusal(str(error), "Nothing was removed.", Exit.USAGE) from None
    rows = sum(segment.rows for segment in gone)
    if json:
        print_json({"removed": [segment.as_json() for segment in gone]})
    else:
        out.print(
            f"{counted(rows, 'row')} in {counted(len(gone), 'segment')} removed." if gone else "Nothing is that old."
        )


app.command()(vault_measure.measure)
app.command()(vault_export.export)


def _has_errors(findings: Iterable[Finding]) -> bool:
    return any(finding.severity is Severity.ERROR for finding in findings)


def _content(key: Path) -> bytes:
    try:
        return key.read_bytes()
    except OSError as error:
        raise Refusal(f"the key {key} cannot be read ({error.strerror})", "Name the file of the key.") from None


def _signature_form(signature: Signature) -> dict[str, object]:
    return {
        "number": signature.number,
        "at": show_instant(signature.at),
        "entry": signature.entry,
        "line": signature.change,
        "key": signature.key,
    }


def _signed_form(signed: Signed) -> dict[str, object]:
    after = {"entries": signed.entries, "lines": signed.changes, "removed": signed.removed}
    return {**_signature_form(signed.newest), "after": after}


def _signed_text(signed: Signed) -> str:
    """Say how far a vault is signed, and what nobody has signed yet."""
    newest = signed.newest
    reach = f"up to entry {newest.entry} and line {newest.change} of the manifest"
    after = [counted(signed.entries, "entry", "entries")] if signed.entries else []
    after += [counted(signed.changes, "line") + " of the manifest"] if signed.changes else []
    removed = f", by which {counted(signed.removed, 'row')} went" if signed.removed else ""
    came = f"Not signed yet: {' and '.join(after)}{removed}." if after else "Nothing came after it."
    return f"Signed by this key {reach}, at {show_instant(newest.at)}. {came}"


def _day(text: str) -> date:
    try:
        return date.fromisoformat(text)
    except ValueError:
        raise Refusal(f"{text} is not a day", "Write it like 2026-03-02.", Exit.USAGE) from None


def _table(vault: Path, found: VaultStats) -> Table:
    table = table_of(f"{vault}: {counted(found.entries, 'entry', 'entries')}")
    for name in ("kind", "rows", "in the log", "segments", "bytes", "from", "to"):
        table.add_column(name, justify="left" if name in ("kind", "from", "to") else "right")
    for each in found.kinds:
        figures = (each.rows, each.in_log, each.segments, each.bytes)
        table.add_row(each.kind, *(f"{figure:,}" for figure in figures), _shown(each.first_at), _shown(each.last_at))
    return table


def _shown(moment: datetime | None) -> str:
    return show_instant(moment) if moment else ""


def _form(found: VaultStats) -> dict[str, object]:
    return {
        "entries": found.entries,
        "sealed": found.sealed,
        "log_bytes": found.log_bytes,
        "removed": found.removed,
        "kinds": [_kind_form(each) for each in found.kinds],
    }


def _kind_form(kind: KindStats) -> dict[str, object]:
    return {
        "kind": kind.kind,
        "rows": kind.rows,
        "in_log": kind.in_log,
        "segments": kind.segments,
        "bytes": kind.bytes,
        "first_at": _shown(kind.first_at) or None,
        "last_at": _shown(kind.last_at) or None,
    }
