"""The words of a story: every verdict and credit that it asks for, explained whole, as text that a review can read.

They are kept beside the stories in ``words``, one file a story; ``tests/kept.py`` says how they are written again.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import replace
from pathlib import Path

from makegood.engine.judging.verdict import Judgement, Miss, Reading, Verdict
from makegood.engine.money.back_to_back import Recovery
from makegood.engine.money.closing import Closing
from makegood.engine.money.credit import PeriodCredits, Right
from makegood.engine.vocabulary.ratio import Ratio
from makegood.engine.vocabulary.reason import Reason

KEPT = Path(__file__).parent / "words"
_AS_ABOVE = (Reason("… as above"),)


class Words:
    """What was explained so far, line by line; readings are told again only where they changed."""

    def __init__(self) -> None:
        self.lines: list[str] = []
        self._readings: dict[str, tuple[Reading, ...]] = {}

    def period(self, judgement: Judgement, credits: PeriodCredits) -> None:
        """Add a period: its verdicts, its credits, their sum, and the rights that arose."""
        label = credits.period.label
        for verdict in judgement.verdicts:
            self.lines += [f"{label} {_headline(verdict)}", *_indented(self._verdict(verdict))]
        for choice in judgement.choices:
            self.lines.append(
                f"{label} {choice.incident} is chosen for {choice.outcome} by {choice.by}: {choice.record}"
            )
        for claim in judgement.claims:
            self.lines += [f"{label} {claim.outcome} claimed in time: {claim.accepted}, until {claim.deadline}"]
            self.lines += claim.reason.lines(1)
        above = [verdict.reason for verdict in judgement.verdicts]
        for credit in credits.credits:
            self.lines.append(f"{label} {credit.outcome} credits {credit.amount}, of {credit.raw} by its own stake")
            self.lines += _short(credit.reason, above).lines(1)
        self.lines.append(f"{label} credits {credits.total} in all; fee {credits.fee}, at risk {credits.at_risk}")
        self.lines += credits.reason.lines(1)
        self.lines += _rights(label, credits.rights)

    def statements(self, closings: Sequence[Closing]) -> None:
        """Add what was booked, line by line, and the rights that the statements tell."""
        for closing in closings:
            self.lines.append(f"Statement of {closing.in_period}{', which closes' if closing.closes else ''}")
            for each in closing.postings:
                self.lines.append(f"  {each.id}: {each.kind} {each.amount} on snapshot {each.snapshot}: {each.cause}")
            self.lines += _indented(_rights(closing.in_period, closing.rights))

    def recoveries(self, recoveries: Sequence[Recovery]) -> None:
        """Add what can be recovered of credits: who caused them, and what suppliers owe."""
        for each in recoveries:
            self.lines.append(f"{each.period.label} {each.outcome}: of {each.credit}, {each.leakage} leak")
            self.lines += (f"  caused by {party}: {amount}" for party, amount in each.attributed.items())
            self.lines += (
                f"  tier {claim.tier}: {claim.affiliate} owes {claim.amount} of {claim.attributed} by {claim.agreement},"
                f" of {claim.own_credit} for {claim.own_outcome or 'nothing'}, until {claim.deadline}"
                for claim in each.claims
            )

    def _verdict(self, verdict: Verdict) -> Iterator[str]:
        yield from verdict.reason.lines()
        yield from _told(
            "Breakdown", (f"{each.label}: {each.good} of {each.total}" for each in verdict.measurement.parts)
        )
        yield from _told("Counted against the promise", map(_missed, verdict.measurement.misses))
        if self._readings.get(verdict.outcome) != verdict.readings:
            self._readings[verdict.outcome] = verdict.readings
            yield from _told("Readings", map(_read, verdict.readings))


def _headline(verdict: Verdict) -> str:
    measured = verdict.measurement
    parts = [
        f"{verdict.outcome} {verdict.ruling}: {verdict.shown_value} against {verdict.target}",
        f"{_exact(measured.value)} is {measured.good} of {measured.total}",
        f"coverage {_exact(measured.coverage)}",
    ]
    parts += [f"{measured.bad_windows} bad windows"] if measured.bad_windows else []
    parts += [f"{_exact(measured.earlier)} seen earlier"] if measured.earlier is not None else []
    parts += ["late report"] if verdict.late_report else []
    return "; ".join(parts)


def _exact(value: Ratio | None) -> str:
    return "none" if value is None else f"{value.numerator}/{value.denominator}"


def _missed(miss: Miss) -> str:
    named = "".join(f", {word} {name}" for word, name in (("step", miss.step), ("item", miss.item)) if name)
    spans = "".join(f", {span}" for span in miss.spans)
    return f"{miss.what}: {miss.size}{f', incident {miss.incident}' if miss.incident else ''}{named}{spans}"


def _read(reading: Reading) -> str:
    return f"{reading.term}: {reading.value}{'' if reading.written else ' (house default)'}"


def _rights(label: str, rights: Iterable[Right]) -> Iterator[str]:
    for right in rights:
        yield f"{label} gives the right {right.gives} by {right.sequence}, from {right.outcome or 'several'}"
        yield from right.reason.lines(1)


def _short(reason: Reason, above: Sequence[Reason]) -> Reason:
    """Return an explanation in which those that stand above are not told once more."""
    if reason in above:
        return replace(reason, children=_AS_ABOVE, evidence=())
    return replace(reason, children=tuple(_short(child, above) for child in reason.children))


def _told(title: str, lines: Iterable[str]) -> Iterator[str]:
    found = list(_indented(lines))
    if found:
        yield title
        yield from found


def _indented(lines: Iterable[str]) -> Iterator[str]:
    return (f"  {line}" for line in lines)
