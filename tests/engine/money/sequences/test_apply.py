"""How the sequences of one kind become one remedy."""

from __future__ import annotations

from makegood.engine.agreement.schedule import periods_of
from makegood.engine.agreement.sequences.misses import Chronic, Repeat
from makegood.engine.agreement.sequences.parts import Sequence
from makegood.engine.money.context import Context
from makegood.engine.money.credit import Right
from makegood.engine.money.line import Line, Remedied
from makegood.engine.money.sequences.apply import each
from makegood.engine.money.sums import Sums
from makegood.engine.vocabulary.amount import Amount
from makegood.engine.vocabulary.reason import Reason
from tests.engine.money.scene import judged
from tests.engine.money.sequences.scene import year

RULES = (
    "a: {kind: repeat, multiplies: [2]}, exit: {kind: chronic, missed: 2 consecutive, gives: to leave},"
    " b: {kind: repeat, multiplies: [1.5]}"
)
BACKUP = Line("backup", Amount(100, "EUR"), Amount(100, "EUR"), ())


def told(name: str, term: Sequence, context: Context, lines: tuple[Line, ...]) -> Remedied:
    """Tell who acted in which period on how many lines, and add a line."""
    reason = Reason(f"{name} {term.title} {context.judgement.period.label} {len(lines)}")
    added = Line(name, BACKUP.raw, BACKUP.amount, (reason,))
    return Remedied((*lines, added), reason, (Right(name, name, "", reason),))


def remedied(kind: type[Sequence], rules: str) -> Remedied | None:
    terms = year(sequences=rules)
    context = Context(terms, judged(terms, backup="98%"), Sums.of(terms, periods_of(terms)[0]))
    return each(kind, told)(context, (BACKUP,))


def names(found: Remedied) -> tuple[list[str], list[str]]:
    """Return the lines and the rights by their names."""
    return [line.outcome for line in found.lines], [right.gives for right in found.rights]


class TestSequencesOfOneKind:
    def test_act_one_after_the_other_in_the_order_of_the_agreement(self) -> None:
        found = remedied(Repeat, RULES)
        assert found is not None
        assert names(found) == (["backup", "a", "b"], ["a", "b"])
        assert list(found.reason.lines()) == [
            "what consecutive misses cost [sequences]",
            "  a what consecutive misses cost 2025-01 1",
            "  b what consecutive misses cost 2025-01 2",
        ]

    def test_that_are_only_one_tell_for_themselves(self) -> None:
        found = remedied(Chronic, RULES)
        assert found is not None
        assert names(found) == (["backup", "exit"], ["exit"])
        assert found.reason == Reason(f"exit {Chronic.title} 2025-01 1")

    def test_that_are_not_agreed_are_no_remedy(self) -> None:
        assert remedied(Repeat, "exit: {kind: chronic, missed: 2 consecutive, gives: to leave}") is None
