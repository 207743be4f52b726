"""Reads stories: Markdown with blocks of agreement, evidence, settlement and expectation, in the order of events."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path

from makegood.engine.evidence.records import (
    AnyRecord,
    Attribution,
    Correction,
    Exclusion,
    Gauge,
    Labels,
    State,
    Statement,
    Status,
    Tally,
    Transition,
)
from makegood.engine.vocabulary.ratio import Ratio
from makegood.engine.vocabulary.times import local_instant

SOURCE = "story"
_PRIORITY = r"P\d|level-\d|critical|important|high|medium|moderate|normal|low"
_INSTANT = r"\d{4}-\d{2}-\d{2} \d{2}:\d{2}(?::\d{2})?"


@dataclass(frozen=True)
class Block:
    """One fenced block: its word (agreement, evidence, settle, expect), what follows the word, and its lines."""

    word: str
    argument: str
    text: str
    line: int

    @property
    def lines(self) -> list[str]:
        return [line.strip() for line in self.text.splitlines() if line.strip()]


def blocks(path: Path) -> Iterator[Block]:
    """Give the fenced blocks of a story, in order."""
    text = path.read_text(encoding="utf-8")
    for match in re.finditer(r"^```(\w+)(?: ([^\n]*))?\n(.*?)^```$", text, re.MULTILINE | re.DOTALL):
        yield Block(match[1], match[2] or "", match[3], text.count("\n", 0, match.start()) + 1)


def records(block: Block, zone: str) -> list[AnyRecord]:
    """Return the records of an evidence block; wall times are those of ``zone``."""
    found: list[AnyRecord] = []
    for number, line in enumerate(block.lines, block.line):
        named = re.match(r"(\w+): (?=exclusion|withdraw|down|up)", line)
        name = named[1] if named else f"line-{number}"
        found += _records(line[named.end() :] if named else line, name, zone)
    return found


def _records(line: str, name: str, zone: str) -> list[AnyRecord]:
    word = line.split(maxsplit=1)[0]
    if word in set(Status):
        return [_state(line, name, zone)]
    return {
        "tally": _tally,
        "case": _case,
        "exclusion": _exclusion,
        "withdraw": _withdrawal,
        "cause": _cause,
        "gauge": _gauge,
        "states": _statement,
    }[word](line, name, zone)


def _state(line: str, name: str, zone: str) -> State:
    pattern = rf"(\w+)\s+(\S+)\s+({_INSTANT}) \.\.(?: ({_INSTANT}))?(?:\s+incident (\S+))?(?:\s+with (\S+))?"
    match = _parse(pattern, line)
    return State(
        source=SOURCE,
        source_id=name,
        subject=match[2],
        status=Status(match[1]),
        start=_instant(match[3], zone),
        end=_instant(match[4], zone) if match[4] else None,
        incident=match[5] or "",
        labels=_labels(match[6]),
    )


def _labels(text: str | None) -> Labels:
    return tuple((name, value) for name, _, value in (each.partition("=") for each in (text or "").split("&")) if name)


def _tally(line: str, name: str, zone: str) -> list[AnyRecord]:
    match = _parse(rf"tally (\S+)\s+(\S+)\s+(\d+) at ({_INSTANT})(?: for (\S+))?", line)
    at = _instant(match[4], zone)
    return [
        Tally(
            source=SOURCE,
            source_id=name,
            subject=match[5] or "",
            of=match[1],
            result=match[2],
            count=int(match[3]),
            start=at,
            end=at,
        )
    ]


def _case(line: str, name: str, zone: str) -> list[AnyRecord]:
    match = _parse(rf"case (\S+) ([\w-]+)(?: ({_PRIORITY}))?(?: of (\S+))?: (.+)", line)
    steps = []
    for place, step in enumerate(match[5].split(", ")):
        part = _parse(rf"(\S+)(?: ({_PRIORITY}))? ({_INSTANT})(?: with (\S+))?", step)
        steps.append(
            Transition(
                source=SOURCE,
                source_id=f"{name}/{place}",
                case=match[1],
                of=match[2],
                state=part[1],
                at=_instant(part[3], zone),
                priority=part[2] or (match[3] or "" if place == 0 else ""),
                incident=match[4] or "",
                labels=_labels(part[4]),
            )
        )
    return list(steps)


def _gauge(line: str, name: str, zone: str) -> list[AnyRecord]:
    match = _parse(rf"gauge (\S+) of (\S+)\s+(-?[\d.]+) ?(\S*) at ({_INSTANT})", line)
    return [
        Gauge(
            source=SOURCE,
            source_id=name,
            of=match[1],
            subject=match[2],
            value=Ratio.parse(match[3]),
            unit=match[4],
            at=_instant(match[5], zone),
        )
    ]


def _statement(line: str, name: str, zone: str) -> list[AnyRecord]:
    match = _parse(rf'states (\S+) of (\S+)\s+(-?[\d.]+) ?(\S*) at ({_INSTANT}) by "(.+)"', line)
    return [
        Statement(
            source=SOURCE,
            source_id=name,
            of=match[1],
            subject=match[2],
            value=Ratio.parse(match[3]),
            unit=match[4],
            at=_instant(match[5], zone),
            by=match[6],
        )
    ]


def _exclusion(line: str, name: str, zone: str) -> list[AnyRecord]:
    match = _parse(
        rf"exclusion\s+(\S+)(?: (\S+))?\s+({_INSTANT}) \.\. ({_INSTANT})(?:\s+announced ({_INSTANT}))?", line
    )
    return [
        Exclusion(
            source=SOURCE,
            source_id=name,
            cause=match[1],
            subject=match[2] or "",
            start=_instant(match[3], zone),
            end=_instant(match[4], zone),
            announced_at=_instant(match[5], zone) if match[5] else None,
            approved_by="both parties",
        )
    ]


def _withdrawal(line: str, name: str, zone: str) -> list[AnyRecord]:
    match = _parse(r'withdraw\s+(\S+)\s+because "(.+)"', line)
    return [Correction(source=SOURCE, source_id=name, of=SOURCE, corrects=match[1], reason=match[2])]


def _cause(line: str, name: str, zone: str) -> list[AnyRecord]:
    match = _parse(rf"cause\s+(\S+)(?:\s+(\d+)%)?(?:\s+of (\S+))?(?:\s+({_INSTANT}) \.\. ({_INSTANT}))?", line)
    return [
        Attribution(
            source=SOURCE,
            source_id=name,
            party=match[1],
            share=Ratio(int(match[2] or 100), 100),
            incident=match[3] or "",
            start=_instant(match[4], zone) if match[4] else None,
            end=_instant(match[5], zone) if match[5] else None,
        )
    ]


def _instant(text: str, zone: str) -> datetime:
    return local_instant(datetime.fromisoformat(text), zone).astimezone(UTC)


def _parse(pattern: str, line: str) -> re.Match[str]:
    match = re.fullmatch(pattern, line)
    assert match is not None, f"a story says what it cannot say: {line}"
    return match
