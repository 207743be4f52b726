"""Refusals of the command line: a sentence with its remedy, and the exit code that goes with it."""

from __future__ import annotations

from collections.abc import Sequence
from enum import IntEnum

from makegood.engine.vocabulary.finding import Finding


class Exit(IntEnum):
    """What a command's exit code means; documented in docs/reference/exit-codes.md."""

    DONE = 0
    FINDINGS = 1
    USAGE = 2
    REFUSED = 3
    NOT_VERIFIED = 4
    INTERRUPTED = 130


class Refusal(Exception):
    """The command cannot be carried out; nothing was changed. ``findings`` say what is wrong, place by place."""

    def __init__(
        self, sentence: str, remedy: str = "", code: Exit = Exit.REFUSED, findings: Sequence[Finding] = ()
    ) -> None:
        super().__init__(sentence)
        self.sentence = sentence
        self.remedy = remedy
        self.code = code
        self.findings = findings
