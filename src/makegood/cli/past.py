"""What ``simulate``, ``price`` and ``incentive`` start from: an agreement, and how it would have gone in the past."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from pathlib import Path
from typing import Annotated

import typer

from makegood.cli.output import counted, progress_bar
from makegood.cli.refusal import Exit, Refusal
from makegood.cli.workspace import instant, readable, readable_chain
from makegood.engine.agreement.terms import Agreement
from makegood.engine.agreement.versions import newest
from makegood.engine.evidence.body import Evidence
from makegood.engine.review.replay import Replay, covered_periods, moved, replay, span_of
from makegood.engine.review.simulation import Draw, Risk, simulate
from makegood.engine.review.wording import every_word
from makegood.engine.vocabulary.amount import Amount
from makegood.engine.vocabulary.interval import Interval
from makegood.engine.vocabulary.period import Every
from makegood.engine.vocabulary.ratio import Ratio
from makegood.engine.vocabulary.times import local_instant, zone
from makegood.vault.book import Book
from makegood.vault.bundle import AGREEMENT, VAULT, is_bundle, unpacked
from makegood.vault.settling import known
from makegood.vault.vault import Vault

From = Annotated[
    str,
    typer.Option("--from", metavar="DAY", help="Replay from this day on; without it, from where the evidence begins."),
]
Until = Annotated[
    str,
    typer.Option(
        "--until", metavar="DAY", help="Replay up to but not including this day; without it, to where evidence ends."
    ),
]
Years = Annotated[
    int, typer.Option("--years", min=1, max=1_000_000, help="How many years to draw; more give steadier figures.")
]
Block = Annotated[
    int,
    typer.Option(
        "--block", min=0, help="How many periods in a row to draw together; 0 is the cube root of their number."
    ),
]
Seed = Annotated[int, typer.Option("--seed", help="The number that the draws follow from; the same gives the same.")]


@dataclass(frozen=True)
class Past:
    """An agreement, what evidence tells about when, and how the agreement would have gone."""

    agreement: Agreement
    span: Interval
    replay: Replay

    @property
    def why_no_year(self) -> str:
        """A sentence that says why no year can be drawn, where none can."""
        if self.agreement.term.period.every is Every.TERM:
            return "No year can be drawn: the whole term is one period."
        return "No year can be drawn: no whole period of the replay was measured."

    @property
    def outside(self) -> str:
        """A sentence about the part of the replay that evidence tells nothing about; empty if there is none."""
        first, last = _days(self.span, self.agreement.term.timezone)
        periods = [each.period for each in self.replay.judgements]
        if first <= periods[0].first_day and last >= periods[-1].last_day:
            return ""
        return f"Evidence tells about {first} to {last} only; the rest of the replay was judged without any."


def evidence_of(source: Path, vault: Path) -> tuple[Agreement, Evidence]:
    """Read an agreement and the evidence that counts for it; a bundle brings its own, a folder means its newest text.

    It does not matter whether the text was the one that was settled: nothing is booked.
    """
    if is_bundle(source):
        with unpacked(source) as folder:
            return _opened(folder / AGREEMENT, folder / VAULT)
    return _opened(source, vault)


def text_of(source: Path) -> Agreement:
    """Read the text of an agreement alone, without the versions before it; a folder means its newest text.

    :raises Refusal: if there is no such text, or it has errors
    """
    return newest(readable_chain(source)[1]) if source.is_dir() else readable(source)[1]


def _opened(source: Path, folder: Path) -> tuple[Agreement, Evidence]:
    agreement, vault = text_of(source), Vault.open(folder)
    book = Book.open(vault, agreement.agreement)
    # A replay asks about other periods than the agreement's own.
    return agreement, known(agreement=agreement, vault=vault, book=book, whole=True)


def past_of(agreement: Agreement, evidence: Evidence, *, start: str, until: str, as_of: str) -> Past:
    """Replay an agreement on evidence, by default over the whole periods that the evidence covers.

    :raises Refusal: if the evidence covers no period and nobody says which days to replay
    """
    timezone = agreement.term.timezone
    now = instant(as_of, timezone)
    span = span_of(evidence, until=now)
    if span is None:
        raise Refusal("there is no evidence to replay the agreement on", "Bring some in with makegood import.")
    covered = covered_periods(agreement, span)
    if not covered and not (start and until):
        first, last = _days(span, timezone)
        raise Refusal(
            f"the evidence runs from {first} to {last} and covers no whole {every_word(agreement.term.period.every)}",
            "Name the days to replay with --from and --until.",
        )
    begin = _day(start, "--from") if start else covered[0].first_day
    end = _day(until, "--until") if until else covered[-1].last_day + timedelta(days=1)
    if end <= begin:
        raise Refusal(f"a replay from {begin} until {end} has no day", "--until is the day after the last.", Exit.USAGE)
    if local_instant(datetime.combine(end, time()), timezone) > now:
        raise Refusal(f"the replay cannot run until {end}: that day has not come", "Name an earlier day.", Exit.USAGE)
    return Past(agreement, span, replay(moved(agreement, start=begin, end=end), evidence))


def risk_of(past: Past, *, years: int, block: int, seed: int, quiet: bool) -> Risk | None:
    """Draw years from the replay, with a bar that moves; None if no whole period was measured.

    :raises Refusal: if a block is longer than the replay
    """
    whole = past.replay.whole
    if not whole:
        return None
    draw = draw_of(past, years=years, block=block, seed=seed)
    with progress_bar("years", shown=not quiet) as moved_to:
        return simulate(past.replay.agreement, whole, draw, moved_to)


def draw_of(past: Past, *, years: int, block: int, seed: int) -> Draw:
    """Return how to draw.

    :raises Refusal: if a block is longer than the replay
    """
    number = len(past.replay.whole)
    if block > number:
        raise Refusal(
            f"a block of {block} cannot be drawn from {counted(number, 'whole period')}",
            f"Write --block {number} or less.",
            Exit.USAGE,
        )
    return Draw.of(number, years=years, block=block or None, seed=seed)


def amount(text: str, option: str, currency: str) -> Amount:
    """Return the money that an option names; without a currency it is in the agreement's.

    :raises Refusal: if it is no amount, or less than nothing
    """
    try:
        found = Amount.parse(text, currency)
    except ValueError as error:
        raise Refusal(f"{option}: {error}", f'Write {option} "1200.00 {currency}".', Exit.USAGE) from None
    if found.minor < 0:
        raise Refusal(f"{option}: {found} is less than nothing", "Write what it costs without a sign.", Exit.USAGE)
    return found


def share(text: str, option: str, *, below: Ratio | None = None) -> Ratio:
    """Return the share that an option names.

    :raises Refusal: if it is no number, negative, or not below a bound
    """
    try:
        found = Ratio.parse(text)
    except ValueError as error:
        raise Refusal(f"{option}: {error}", f"Write {option} 25%.", Exit.USAGE) from None
    if found < 0 or (below is not None and found >= below):
        most = "" if below is None else f" and below {below.percent()}"
        raise Refusal(f"{option}: {text} has to be 0 % or more{most}", f"Write {option} 25%.", Exit.USAGE)
    return found


def _day(text: str, option: str) -> date:
    try:
        found = date.fromisoformat(text)
    except ValueError:
        found = None
    if found is None or not 1900 <= found.year < 2150:
        raise Refusal(f"{option}: {text!r} is not a day", "Write 2026-03-31.", Exit.USAGE)
    return found


def _days(span: Interval, timezone: str) -> tuple[date, date]:
    first, last = (moment.astimezone(zone(timezone)).date() for moment in (span.start, span.end))
    return first, last
