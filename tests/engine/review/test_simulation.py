from __future__ import annotations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from makegood.engine.judging.verdict import Judgement
from makegood.engine.review.simulation import Draw, Risk, chances, simulate
from makegood.engine.review.unrelated import settles_each_period_alone
from makegood.engine.vocabulary.amount import Amount
from makegood.engine.vocabulary.ratio import Ratio
from tests.engine.money.scene import agreement, judged, outcome
from tests.engine.review.risks import PAST, TERM, terms, year

REPEAT = "sequences: {again: {kind: repeat, of: availability, multiplies: [1, 2]}}"
CHRONIC = "sequences: {bad: {kind: chronic, of: availability, missed: 2 consecutive, gives: termination right}}"
CAP = "caps: [{per: period, at: 20% of monthly_fee}]"


def drawn(
    years: int = 100, block: int | None = None, seed: int = 1, more: str = "", past: tuple[str | None, ...] = PAST
) -> Risk:
    here = terms(more=more)
    judgements = year(here, past)
    return simulate(here, judgements, Draw.of(len(judgements), years=years, block=block, seed=seed))


class TestSimulate:
    def test_gives_the_past_itself_if_a_block_is_a_year(self) -> None:
        risk = drawn(block=12)
        assert {str(each.total) for each in risk.years} == {"1,104.00 EUR"}
        assert (str(risk.fee), str(risk.year.deviation), risk.limited) == ("33,120.00 EUR", "0.00 EUR", Ratio(0))

    def test_is_the_same_every_time_and_everywhere(self) -> None:
        risk = drawn()
        assert (risk.draw, str(risk.year.expected), str(risk.year.deviation)) == (
            Draw(100, 2, 1),
            "1,052.94 EUR",
            "549.11 EUR",
        )
        assert risk.digest == "1090f95363e050ae35806ff94311d173de061f237ec1db921f0bb8abe5785374"
        assert risk == drawn()
        assert risk.digest != drawn(seed=2).digest

    def test_expects_what_the_periods_did_on_average(self) -> None:
        """92.00 EUR a month, so 1,104.00 EUR a year: 4,000 years miss it by less than a thirtieth of their deviation."""
        year_ = drawn(4000).year
        assert abs(year_.mean - 110_400) * 30 < Ratio(year_.deviation.minor)

    def test_lets_what_happened_in_a_row_happen_in_a_row(self) -> None:
        """Two misses in a row: the second one pays double. Drawn one by one they seldom meet."""
        past = ("99.97%",) * 10 + ("99.85%",) * 2
        together, apart = (drawn(block=block, more=REPEAT, past=past) for block in (12, 1))
        assert str(together.year.worst) == "414.00 EUR"
        assert {str(each.total) for each in together.years} == {"414.00 EUR", "276.00 EUR"}
        assert len({each.total for each in apart.years}) > 2

    def test_begins_every_year_without_a_past(self) -> None:
        """A rotation that begins between two misses in a row does not know of the first."""
        past = ("99.97%",) * 10 + ("99.85%",) * 2
        risk = drawn(block=12, more=REPEAT, past=past)
        assert sum(str(each.total) == "276.00 EUR" for each in risk.years) == 100 - sum(
            str(each.total) == "414.00 EUR" for each in risk.years
        )

    def test_keeps_outcomes_together(self) -> None:
        """Both promises were missed in the same months, so in every year they cost the same."""
        here = agreement(
            outcome("availability", ">= 99.9%", "{of: 1000.00 EUR}"),
            outcome("backup", ">= 99%", "{of: 1000.00 EUR}"),
            term=TERM,
        )
        judgements = [
            judged(here, number, availability=value, backup=value)
            for number, value in enumerate(("98%", "100%", "100%", "98%", "100%"))
        ]
        risk = simulate(here, judgements, Draw.of(5, years=50))
        assert all(each.lines["availability"] == each.lines["backup"] for each in risk.years)
        assert risk.lines["backup"].mean * 2 == risk.year.mean

    def test_counts_how_often_a_cap_was_reached(self) -> None:
        """Only December reaches 20 %; in blocks of twelve it comes once a year."""
        risk = drawn(block=12, more=CAP)
        assert (str(risk.year.worst), risk.limited, risk.limited_periods) == ("966.00 EUR", Ratio(1), Ratio(1, 12))
        assert drawn(block=12, more=CAP, past=(*PAST[:11], "100%")).limited == 0

    def test_counts_a_cap_on_twelve_months(self) -> None:
        risk = drawn(block=12, more="caps: [{per: 12 months, at: 2% of fees}]")
        assert risk.limited == 1
        assert risk.year.worst < Amount.parse("1,104.00 EUR")

    def test_counts_the_rights_that_arise(self) -> None:
        """Two misses in a row in every rotation but the one that begins between them."""
        past = ("99.97%",) * 10 + ("99.85%",) * 2
        risk = drawn(block=12, more=CHRONIC, past=past)
        split = sum(each.rights == () for each in risk.years)
        assert 0 < split < 30
        assert risk.rights == {"termination right": Ratio(100 - split, 100)}
        assert drawn(more=CHRONIC, past=("100%",)).rights == {}

    def test_reports_its_progress(self) -> None:
        here, steps = terms(), []
        simulate(here, year(here), Draw.of(12, years=3), lambda done, total: steps.append((done, total)))
        assert steps == [(1, 3), (2, 3), (3, 3)]

    @settings(max_examples=15, deadline=None)
    @given(
        past=st.lists(st.sampled_from(["100%", "99.85%", "99.4%", "98%", None]), min_size=1, max_size=8),
        seed=st.integers(0, 2**32),
        caps=st.sampled_from(["", "{per: period, at: 20% of monthly_fee}"]),
        more=st.sampled_from(["", "minimum_credit: {more_than: 138.00 EUR}"]),
    )
    def test_settles_each_period_once_where_none_looks_at_another(
        self, past: list[str | None], seed: int, caps: str, more: str
    ) -> None:
        """A cap that is never reached changes nothing, but its contract remembers: then every year is settled whole."""
        quick = drawn(5, seed=seed, more=f"caps: [{caps}]\n{more}", past=tuple(past))
        never = ", ".join(filter(None, (caps, "{per: contract, at: 9000000.00 EUR}")))
        assert drawn(5, seed=seed, more=f"caps: [{never}]\n{more}", past=tuple(past)) == quick

    @settings(max_examples=15, deadline=None)
    @given(
        past=st.lists(st.sampled_from(["100%", "99.85%", "99.4%", "98%", None]), min_size=1, max_size=8),
        shares=st.lists(st.integers(1, 100), min_size=2),
        more=st.sampled_from(["", REPEAT, CAP]),
    )
    def test_has_lines_that_add_up_and_quantiles_that_never_fall(
        self, past: list[str | None], shares: list[int], more: str
    ) -> None:
        risk = drawn(10, more=more, past=tuple(past))
        assert all(Amount.total(each.lines.values(), "EUR") == each.total for each in risk.years)
        found = [risk.year.at(Ratio(share, 100)) for share in sorted(shares)]
        assert found == sorted(found)
        assert found[-1] <= risk.year.worst


class TestPeriodsThatAreSettledAlone:
    @pytest.mark.parametrize(
        ("more", "alone"),
        [
            ("", True),
            (CAP, True),
            ("minimum_credit: {more_than: 1.00 EUR}", True),
            ("caps: [{per: 12 months, at: 2% of fees}]", False),
            (REPEAT, False),
        ],
    )
    def test_have_no_term_that_remembers(self, more: str, alone: bool) -> None:
        assert settles_each_period_alone(terms(more=more)) is alone

    def test_may_have_outcomes_without_a_stake(self) -> None:
        assert settles_each_period_alone(agreement(outcome("backup", ">= 99%")))


class TestChances:
    def test_leave_out_what_is_undecided(self) -> None:
        here = terms()
        past = (*PAST[:10], None, None)
        found = chances(year(here, past))["availability"]
        assert (found.happened, found.of, found.share) == (2, 10, Ratio(1, 5))

    def test_are_those_of_each_outcome(self) -> None:
        here = agreement(outcome("availability", ">= 99.9%"), outcome("backup", ">= 99%"), term=TERM)
        judgements: list[Judgement] = [judged(here, number, availability="98%", backup="100%") for number in range(3)]
        assert {name: each.happened for name, each in chances(judgements).items()} == {"availability": 3, "backup": 0}
