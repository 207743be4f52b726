"""What became of one outcome, period by period."""

from __future__ import annotations

from makegood.engine.agreement.schedule import periods_of
from makegood.engine.judging.verdict import Ruling
from makegood.engine.money.context import Context, Past
from makegood.engine.money.line import Line
from makegood.engine.money.sequences.history import Entry, concerned, history
from makegood.engine.money.sums import Sums
from makegood.engine.vocabulary.amount import Amount
from makegood.engine.vocabulary.ratio import Ratio
from tests.engine.money.scene import judged, outcome
from tests.engine.money.sequences.scene import BACKUP, RESOLUTION, TWO_YEARS, Values, course, year

COUNTED = outcome("complaints", "<= 5", "", "critical: true")
HUNDRED, NOTHING = Amount(10000, "EUR"), Amount(0, "EUR")


class TestHistory:
    def test_is_of_verdicts_and_what_was_credited_in_each_contract_year(self) -> None:
        terms = year(BACKUP, COUNTED, term=TWO_YEARS)
        values: dict[str, Values] = {"backup": ["98%", *["199/200"] * 12, None], "complaints": ["6"] * 14}
        judgements = tuple(
            judged(terms, month, **{name: given[month] for name, given in values.items()}) for month in range(14)
        )
        past = Past(judgements[:-1], course(terms, **{name: given[:-1] for name, given in values.items()}))
        context = Context(terms, judgements[-1], Sums.of(terms, periods_of(terms)[13]), past)
        lines = (Line("backup", HUNDRED, HUNDRED, ()),)
        found = history(context, "backup", lines)
        assert (found[0], found[11], found[12], found[13]) == (
            Entry("2025-01", 0, Ruling.MISSED, Ratio(49, 50), HUNDRED, good=49, total=50),
            Entry("2025-12", 0, Ruling.MET, Ratio(199, 200), NOTHING, good=199, total=200),
            Entry("2026-01", 1, Ruling.MET, Ratio(199, 200), NOTHING, good=199, total=200),
            Entry("2026-02", 1, Ruling.UNDECIDED, None, HUNDRED),
        )
        assert {entry.credit for entry in history(context, "complaints", lines)} == {NOTHING}

    def test_concerns_what_is_named_or_all_or_all_with_a_stake(self) -> None:
        terms = year(BACKUP, RESOLUTION, COUNTED)
        assert list(concerned(terms, ("complaints", "backup"), staked=True)) == ["backup", "complaints"]
        assert list(concerned(terms, (), staked=False)) == ["backup", "resolution", "complaints"]
        assert list(concerned(terms, (), staked=True)) == ["backup", "resolution"]
