"""Verification: every byte, every verdict and every cent of a bundle, from nothing but the bundle."""

from __future__ import annotations

import filecmp
from collections.abc import Callable, Collection, Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

from makegood.engine.agreement.chain import Chain, chain_of, trouble_with_closed
from makegood.engine.agreement.document import read
from makegood.engine.agreement.schedule import closes_at, periods_of
from makegood.engine.agreement.terms import Agreement
from makegood.engine.agreement.versions import newest, number_of
from makegood.engine.evidence.body import Evidence
from makegood.engine.judging.asked import Asked
from makegood.engine.judging.judge import judge_periods
from makegood.engine.judging.verdict import Judgement
from makegood.engine.money.account import account_credits
from makegood.engine.money.closing import Account, close_periods
from makegood.engine.money.finality import Standing
from makegood.engine.money.settlement import Posting
from makegood.engine.vocabulary.amount import Amount
from makegood.engine.vocabulary.finding import Severity
from makegood.vault.book import Book
from makegood.vault.bundle import (
    AGREEMENT,
    MANIFEST,
    VAULT,
    VERSIONS,
    DamagedBundle,
    Manifest,
    UnableToUnpack,
    computed_files,
    file_hash,
    named_files,
    pack,
    software,
    temporary_folder,
    unpacked,
)
from makegood.vault.refusals import UnableToUseVault
from makegood.vault.run import Run
from makegood.vault.settling import void_disputes
from makegood.vault.vault import Vault


@dataclass(frozen=True, slots=True)
class Check:
    """One thing that was checked: what, whether it holds, and what was found."""

    what: str
    holds: bool
    found: str


@dataclass(frozen=True, slots=True)
class Verification:
    """The result: a bundle is verified when every check holds."""

    checks: tuple[Check, ...]
    seal: str = ""
    notes: tuple[str, ...] = ()

    @property
    def holds(self) -> bool:
        return all(check.holds for check in self.checks)


def verify(path: Path, *, seal: str = "", tell: Callable[[Check], None] = lambda _check: None) -> Verification:
    """Check a bundle as far as it goes: the first check that fails ends it, since what follows would stand on it.

    :raises UnableToUnpack: if this machine has no room for it; then nothing is known about the bundle
    """
    checks: list[Check] = []
    notes: list[str] = []
    told_seal = ""
    try:
        with unpacked(path) as folder:
            manifest = Manifest.from_bytes((folder / MANIFEST).read_bytes() if (folder / MANIFEST).exists() else b"")
            told_seal = manifest.seal
            notes = [
                f"It was made with {name} {theirs}, this machine has {ours}."
                for name, ours in software().items()
                if (theirs := manifest.software.get(name, "no version")) != ours
            ]
            for check in _checks(path, folder, manifest, seal):
                checks.append(check)
                tell(check)
                if not check.holds:
                    break
    except UnableToUnpack:
        raise
    except (DamagedBundle, UnableToUseVault) as damage:
        checks.append(Check("The bundle can be read", holds=False, found=str(damage)))
        tell(checks[-1])
    except Exception as error:  # noqa: BLE001 - a forger may write anything under right hashes; it is never verified
        found = f"it holds what no bundle holds ({type(error).__name__}: {error})"
        checks.append(Check("The bundle can be read", holds=False, found=found))
        tell(checks[-1])
    return Verification(tuple(checks), told_seal, tuple(notes))


def _checks(path: Path, folder: Path, manifest: Manifest, seal: str) -> Iterator[Check]:
    if seal:
        yield Check(
            "The seal is the one you were told",
            holds=manifest.seal.startswith(seal.lower()) and len(seal) >= 16,
            found=f"its seal is {manifest.seal[:16]}…",
        )
    yield _contents(folder, manifest)
    yield _container(path, folder, manifest)
    vault = Vault.open(folder / VAULT)
    damage = [str(finding) for finding in vault.check()[:3]]
    if not damage and vault.head != manifest.snapshot:
        damage = [f"the chain ends with entry {vault.head}, the figures are said to follow from {manifest.snapshot}"]
    found = "; ".join(damage) or _held(vault)
    yield Check("The evidence is as it was sealed", holds=not damage, found=found)
    chain = _chain(folder)
    if chain.agreement is None:
        errors = [each for each in chain.findings if each.severity is Severity.ERROR]
        raise DamagedBundle(f"the agreement cannot be read: {errors[0]}")
    yield from _figures(folder, manifest, chain, chain.agreement, vault)


def _held(vault: Vault) -> str:
    """Return what the evidence is, and how much of it is missing; of what is missing nobody can tell what it said."""
    held = f"{vault.head} {'entry' if vault.head == 1 else 'entries'}, one chain"
    manifest = vault.contents().manifest
    reasons = "; ".join(change.reason for change in manifest.changes if change.lost)
    return f"{held}; rows that retention removed: {sum(manifest.lost.values()):,} ({reasons})" if reasons else held


def _chain(folder: Path) -> Chain:
    """Return the agreement of a bundle with the versions before it; texts that are none of them are refused."""
    others = [read(file.read_bytes(), f"{VERSIONS}/{file.name}") for file in sorted((folder / VERSIONS).glob("*"))]
    chain = chain_of(read((folder / AGREEMENT).read_bytes(), AGREEMENT), others)
    if len(chain.documents) != len(others) + 1 and chain.agreement is not None:
        raise DamagedBundle(f"it holds a text in {VERSIONS} that is no version of the agreement")
    return chain


def _figures(folder: Path, manifest: Manifest, chain: Chain, agreement: Agreement, vault: Vault) -> Iterator[Check]:
    book = Book.open(vault, agreement.agreement)
    digests = [document.digest for document in chain.documents]
    strangers = [run for run in book.runs if run.digest not in digests or run.agreement != agreement.agreement]
    versions = f", version {len(digests)}" if len(digests) > 1 else ""
    yield Check(
        "The agreement is the one that was settled",
        holds=manifest.agreement == agreement.agreement and not strangers,
        found=f"{agreement.agreement}{versions}, digest {digests[-1][:16]}",
    )
    recomputed = _Recomputed(chain, agreement, vault)
    yield _replay(recomputed, book)
    final = recomputed.account(agreement, manifest.snapshot, set(book.closed), book.standing())
    for name, content in computed_files(final).items():
        same = (folder / name).read_bytes() == content
        yield Check(
            f"{name} follows from the evidence",
            holds=same,
            found=f"{len(final.judgements)} periods recomputed" if same else "recomputing gives other figures",
        )


class _Recomputed:
    """Verdicts and credits as they followed from the text, the evidence and the book of any time."""

    def __init__(self, chain: Chain, agreement: Agreement, vault: Vault) -> None:
        self.agreement = agreement
        self._chain = chain
        self._vault = vault
        self._evidence: dict[tuple[int, int, frozenset[str]], Evidence] = {}
        self._judged: dict[tuple[int, int, str], Judgement] = {}

    def terms(self, run: Run) -> Agreement:
        """Return the agreement as it was when a run was settled."""
        return self._chain.until(run.digest) or self.agreement

    def account(self, agreement: Agreement, snapshot: int, labels: Collection[str], standing: Standing) -> Account:
        """Return the account of the periods with these labels, as seen from a snapshot; each is judged once."""
        evidence = self._known(agreement, snapshot, standing)
        wanted = [period for period in periods_of(agreement) if period.label in labels]
        keys = {each.label: (id(evidence), number_of(newest(agreement)), each.label) for each in wanted}
        missing = [period for period in wanted if keys[period.label] not in self._judged]
        for judgement in judge_periods(agreement, missing, evidence):
            self._judged[keys[judgement.period.label]] = judgement
        judgements = tuple(self._judged[keys[period.label]] for period in wanted)
        return Account(judgements, account_credits(agreement, judgements, standing))

    def _known(self, agreement: Agreement, snapshot: int, standing: Standing) -> Evidence:
        """Return the evidence that counted between the parties at a snapshot."""
        void = void_disputes(agreement, self._vault, standing.closed_at, snapshot)
        key = (number_of(newest(agreement)), snapshot, void)
        if key not in self._evidence:
            self._evidence[key] = self._vault.evidence(snapshot, without=void, asked=Asked.of(agreement), anew=True)
        return self._evidence[key]

    def out_of_turn(self, run: Run, closed: Sequence[str], before: Run | None) -> str:
        """Return what is wrong with the place of a run behind those that ``closed``; nothing if it is right."""
        terms = self.terms(run)
        periods = {period.label: period for period in periods_of(terms)}
        if [*run.closed] != [*periods][len(closed) : len(closed) + len(run.closed)]:
            return f"{', '.join(run.closed)} was closed, and a period before it was not"
        early = [each for each in run.closed if closes_at(terms, periods[each]) > run.settled_at]
        if early:
            return f"{early[0]} was closed before its time"
        if before is None:
            return ""
        if number_of(newest(terms)) < number_of(newest(self.terms(before))):
            return "it was settled by an earlier text than the statement before it"
        if run.snapshot < before.snapshot:
            return "it was settled on less evidence than the statement before it"
        return trouble_with_closed(self.terms(before), terms, closed)


def _contents(folder: Path, manifest: Manifest) -> Check:
    """Every file is there, none is strange, and each has its hash."""
    there = named_files(folder)
    wrong = [f"{name} is missing" for name in manifest.files if name not in there]
    wrong += [f"{name} is not in the manifest" for name in there if name != MANIFEST and name not in manifest.files]
    wrong += [
        f"{name} was changed"
        for name, digest in manifest.files.items()
        if name in there and file_hash(there[name]) != digest
    ]
    if (folder / MANIFEST).read_bytes() != manifest.as_bytes():
        wrong.append(f"{MANIFEST} was changed")
    return Check("Every file has its hash", holds=not wrong, found="; ".join(wrong) or f"{len(there)} files")


def _container(path: Path, folder: Path, manifest: Manifest) -> Check:
    """The archive is, byte for byte, the one that these files make."""
    files = {name: file for name, file in named_files(folder).items() if name != MANIFEST}
    with temporary_folder() as place:
        again = place / path.name
        try:
            with again.open("wb") as target:
                pack(target, {MANIFEST: manifest.as_bytes()}, files)
        except OSError as error:
            raise UnableToUnpack(error) from None
        same = filecmp.cmp(path, again, shallow=False)
    return Check(
        "The archive holds nothing else",
        holds=same,
        found=f"{path.stat().st_size:,} bytes" if same else "bytes between the files were changed",
    )


def _replay(recomputed: _Recomputed, book: Book) -> Check:
    """Settle every statement of the book again, each from the snapshot that it was settled on."""
    booked: list[Posting] = []
    closed: list[str] = []
    before: Run | None = None
    for run in book.runs:
        trouble = recomputed.out_of_turn(run, closed, before)
        if trouble:
            return Check("Every statement can be settled again", holds=False, found=f"{run.in_period}: {trouble}")
        terms = recomputed.terms(run)
        again = close_periods(
            agreement=terms,
            seen=recomputed.account(terms, run.snapshot, {*closed, *run.closed}, book.standing_before(run)),
            booked=booked,
            closed=closed,
            snapshot=run.snapshot,
        )
        postings = tuple(posting for closing in again for posting in closing.postings)
        if postings != run.postings:
            what = f"{run.in_period}: recomputing gives other lines"
            return Check("Every statement can be settled again", holds=False, found=what)
        booked += run.postings
        closed += run.closed
        before = run
    total = Amount.total((posting.amount for posting in booked), recomputed.agreement.money.currency)
    found = f"{len(book.runs)} statements, {len(booked)} lines, {total} credited"
    if before is None or book.vault.head > before.snapshot:
        found += f"; evidence up to entry {book.vault.head} came later and is not settled yet"
    return Check("Every statement can be settled again", holds=True, found=found)
