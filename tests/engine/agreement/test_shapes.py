from datetime import date
from enum import StrEnum

import pytest
from hypothesis import given
from hypothesis import strategies as st
from jsonschema import Draft202012Validator

from makegood.engine.agreement.shapes import (
    ALLOWANCE,
    AMOUNT,
    CREDIT,
    DATE,
    DECIMAL,
    FLAG,
    LEVEL,
    PERCENT,
    SHARE,
    SHARE_OF,
    SLUG,
    SPAN,
    TARGET,
    TEXT,
    TIME,
    ZONE,
    Allowance,
    Base,
    Comparison,
    Level,
    Scalar,
    Share,
    ShareOf,
    Target,
    Unit,
    Unreadable,
    choice,
    whole,
)
from makegood.engine.agreement.words import COUNTRY, CURRENCY, DAYS, SUBDIVISION, WINDOW
from makegood.engine.vocabulary.amount import Amount
from makegood.engine.vocabulary.calendar import Window
from makegood.engine.vocabulary.duration import Days, Duration
from makegood.engine.vocabulary.ratio import Ratio


class Colour(StrEnum):
    RED = "red"
    BLUE = "blue"


SHAPES = {
    "text": TEXT,
    "slug": SLUG,
    "flag": FLAG,
    "decimal": DECIMAL,
    "share": SHARE,
    "percent": PERCENT,
    "span": SPAN,
    "time": TIME,
    "level": LEVEL,
    "target": TARGET,
    "amount": AMOUNT,
    "credit": CREDIT,
    "share_of": SHARE_OF,
    "allowance": ALLOWANCE,
    "date": DATE,
    "zone": ZONE,
    "window": WINDOW,
    "whole": whole(1, 36),
    "choice": choice(Colour),
    "country": COUNTRY,
    "subdivision": SUBDIVISION,
    "currency": CURRENCY,
    "days": DAYS,
}


class TestAShape:
    @pytest.mark.parametrize(
        ("shape", "text", "value"),
        [
            (TEXT, "  two words ", "two words"),
            (SLUG, "P1", "P1"),
            (SLUG, "a_b.c:d-e", "a_b.c:d-e"),
            (FLAG, "true", True),
            (FLAG, "false", False),
            (DECIMAL, "20000.00", Ratio(20000)),
            (SHARE, "99.95 %", Ratio(1999, 2000)),
            (SHARE, "150%", Ratio(3, 2)),
            (PERCENT, "12", Ratio(3, 25)),
            (PERCENT, "12.5%", Ratio(1, 8)),
            (SPAN, "1h 30m", Duration(5400)),
            (SPAN, "2 business days", Days(2, business=True)),
            (SPAN, "3660 days", Days(3660, business=False)),
            (TIME, "90s", Duration(90)),
            (LEVEL, "99%", Level(Ratio(99, 100), Unit.SHARE)),
            (LEVEL, "500", Level(Ratio(500), Unit.NUMBER)),
            (LEVEL, "4h", Level(Ratio(14400), Unit.TIME)),
            (TARGET, ">= 99.9%", Target(Comparison.AT_LEAST, Level(Ratio(999, 1000), Unit.SHARE))),
            (TARGET, "<500", Target(Comparison.LESS_THAN, Level(Ratio(500), Unit.NUMBER))),
            (AMOUNT, "1,200.00 EUR", Amount(120000, "EUR")),
            (AMOUNT, "5 JPY", Amount(5, "JPY")),
            (CREDIT, "10%", Share(Ratio(1, 10))),
            (CREDIT, "5.00 EUR", Amount(500, "EUR")),
            (SHARE_OF, "25% of monthly_fee", ShareOf(Ratio(1, 4), Base.MONTHLY_FEE)),
            (SHARE_OF, "5.00 EUR", Amount(500, "EUR")),
            (ALLOWANCE, "4h per period", Allowance(Duration(14400))),
            (DATE, "2026-02-28", date(2026, 2, 28)),
            (ZONE, "Europe/Berlin", "Europe/Berlin"),
            (WINDOW, "08:00-24:00", Window(480, 1440)),
            (SHAPES["whole"], "36", 36),
            (SHAPES["choice"], "blue", Colour.BLUE),
            (COUNTRY, "NO", "NO"),
            (SUBDIVISION, "BE", "BE"),
            (CURRENCY, "EUR", "EUR"),
            (DAYS, "sat", "sat"),
            (DAYS, "mon-fri", "mon-fri"),
        ],
    )
    def test_reads_what_people_write(self, shape: Scalar, text: str, value: object) -> None:
        assert shape.read(text) == value

    @pytest.mark.parametrize(
        ("shape", "text", "code", "sentence", "hint"),
        [
            (TEXT, "  ", "MG111", "the text is empty", "write a sentence or leave the key out"),
            (
                SLUG,
                "a b",
                "MG111",
                "'a b' is not an identifier",
                "use letters, digits, - _ . : and no spaces, at most 80 characters",
            ),
            (FLAG, "yes", "MG111", "'yes' is neither true nor false", "write true or false"),
            (DECIMAL, "1,000", "MG111", "'1,000' is not a decimal number", "write it like 1200.00"),
            (DECIMAL, "-5", "MG111", "'-5' is not a decimal number", "write it like 1200.00"),
            (DECIMAL, "1" * 41, "MG111", f"'{'1' * 41}' is not a decimal number", "write it like 1200.00"),
            (DECIMAL, "1e3", "MG113", "1e3 is not an exact decimal number", "write all digits, as in 0.5 or 1000"),
            (DECIMAL, ".inf", "MG113", ".inf is not an exact decimal number", "write all digits, as in 0.5 or 1000"),
            (SHARE, ".5%", "MG113", ".5% is not an exact decimal number", "write all digits, as in 0.5 or 1000"),
            (SHARE, "5.%", "MG113", "5.% is not an exact decimal number", "write all digits, as in 0.5 or 1000"),
            (SHARE, "50", "MG112", "50 has the wrong unit: a percentage is wanted here", "write 50%"),
            (SHARE, "half", "MG111", "'half' is not a percentage", "write it like 12.5%"),
            (PERCENT, "-1", "MG111", "'-1' is not a percentage", "write it like 12.5%"),
            (PERCENT, "12 percent", "MG111", "'12 percent' is not a percentage", "write it like 12.5%"),
            (LEVEL, "99,5%", "MG111", "'99,5%' is not a level", "write it like 99.9%, 500 or 4h"),
            (
                SHARE_OF,
                "25%",
                "MG111",
                "'25%' is not a share of a base",
                "say of what, as in 25% of monthly_fee; the bases are monthly_fee, service_fee, at_risk, fees",
            ),
            (SPAN, "15", "MG112", "15 has the wrong unit: a duration is wanted here", "write 15m, 15h or 15 days"),
            (SPAN, "2d", "MG111", "'2d' is not a length of time", "write it like 15m, 4h, 1h 30m or 2 business days"),
            (SPAN, "3661 days", "MG111", "3661 days is longer than ten years", "check the number"),
            (SPAN, "87864h", "MG111", "87864h is longer than ten years", "check the number"),
            (
                TIME,
                "2 days",
                "MG112",
                "2 days has the wrong unit: hours, minutes or seconds is wanted here",
                "days differ in length; write hours, as in 24h",
            ),
            (
                LEVEL,
                "much",
                "MG111",
                "'much' is not a level",
                "write it like 99.9%, 500 or 4h",
            ),
            (TARGET, "99%", "MG111", "'99%' is not a target", 'write it like ">= 99.9%" or "<= 500"'),
            (TARGET, "== 99%", "MG111", "'= 99%' is not a level", "write it like 99.9%, 500 or 4h"),
            (TARGET, "> 1e2", "MG113", "1e2 is not an exact decimal number", "write all digits, as in 0.5 or 1000"),
            (
                AMOUNT,
                "5.00",
                "MG112",
                "5.00 has the wrong unit: an amount with its currency is wanted here",
                "write 5.00 EUR",
            ),
            (AMOUNT, "-5.00 EUR", "MG111", "'-5.00 EUR' is not an amount of money", "write it like 1200.00 EUR"),
            (AMOUNT, "5.005 EUR", "MG111", "'5.005 EUR' has 3 decimals, EUR has 2", "write it like 1200.00 EUR"),
            (
                CREDIT,
                "10",
                "MG112",
                "10 has the wrong unit: a percentage or an amount is wanted here",
                "write 10% or 10 EUR",
            ),
            (
                SHARE_OF,
                "5% of turnover",
                "MG111",
                "turnover is not a base for a percentage",
                "use one of monthly_fee, service_fee, at_risk, fees",
            ),
            (ALLOWANCE, "4h", "MG111", "'4h' is not an allowance", "write it like 4h per period"),
            (DATE, "2026-02-29", "MG111", "'2026-02-29' is not a date", "write it like 2026-03-01"),
            (DATE, "1.3.2026", "MG111", "'1.3.2026' is not a date", "write it like 2026-03-01"),
            (DATE, "2150-01-01", "MG111", "2150-01-01 is not between 1900 and 2149", "check the year"),
            (
                ZONE,
                "Berlin",
                "MG111",
                "'Berlin' is not an IANA time zone, such as Europe/Berlin or UTC",
                "use a name like Europe/Berlin or UTC",
            ),
            (
                WINDOW,
                "18:00-08:00",
                "MG111",
                "'18:00-08:00' is not a stretch of the day",
                'write it like "08:00-18:00"; split what runs past midnight into two days',
            ),
            (
                WINDOW,
                "8-18",
                "MG111",
                "'8-18' is not a stretch of the day",
                'write it like "08:00-18:00"; split what runs past midnight into two days',
            ),
            (SHAPES["whole"], "37", "MG111", "'37' is not a whole number from 1 to 36", ""),
            (SHAPES["whole"], "1.5", "MG111", "'1.5' is not a whole number from 1 to 36", ""),
            (SHAPES["choice"], "green", "MG111", "'green' is not known here", "use one of red, blue"),
            (COUNTRY, "de", "MG111", "'de' is not the code of a country", "write it like DE"),
            (SUBDIVISION, "DE-BE", "MG111", "'DE-BE' is not the code of a part of a country", "write it like BE"),
            (CURRENCY, "EURO", "MG111", "'EURO' is not a currency", "write its code, as in EUR"),
            (DAYS, "fri-mon", "MG111", "'fri-mon' is not a day or range of days", "write it like sat or mon-fri"),
            (DAYS, "Monday", "MG111", "'Monday' is not a day or range of days", "write it like sat or mon-fri"),
        ],
    )
    def test_refuses_what_is_not_it(self, shape: Scalar, text: str, code: str, sentence: str, hint: str) -> None:
        with pytest.raises(Unreadable) as refused:
            shape.read(text)
        assert (refused.value.code.code, refused.value.text, refused.value.hint) == (code, sentence, hint)

    @given(
        st.sampled_from(sorted(SHAPES)),
        st.lists(
            st.sampled_from(
                [*"0159.,%-:<>= +ehmsd", "99.9", " per period", " of monthly_fee", " EUR", "12:00", " days", "Z"]
            ),
            max_size=8,
        ).map("".join),
    )
    def test_accepts_nothing_that_its_schema_refuses(self, name: str, text: str) -> None:
        try:
            SHAPES[name].read(text)
        except Unreadable:
            return
        number = text.isdecimal() and name in {"whole", "flag"}
        assert Draft202012Validator(SHAPES[name].schema).is_valid(int(text) if number else text)


class TestALevel:
    @pytest.mark.parametrize(
        ("text", "shown"),
        [
            ("99.90%", "99.9 %"),
            ("-5.50", "-5.5"),
            ("90m", "1 hour 30 minutes"),
            ("300 ms", "300 ms"),
            ("2000ms", "2 seconds"),
            ("1234.5ms", "1,234.5 ms"),
        ],
    )
    def test_is_shown_in_its_unit(self, text: str, shown: str) -> None:
        assert str(LEVEL.read(text)) == shown


class TestATarget:
    @pytest.mark.parametrize(
        ("comparison", "below", "exactly", "above"),
        [
            (">=", False, True, True),
            (">", False, False, True),
            ("<=", True, True, False),
            ("<", True, False, False),
            ("=", False, True, False),
        ],
    )
    def test_is_met_exactly_and_unrounded(self, comparison: str, below: bool, exactly: bool, above: bool) -> None:
        target, hair = TARGET.read(f"{comparison} 50%"), Ratio(1, 10**30)
        values = (Ratio(1, 2) - hair, Ratio(1, 2), Ratio(1, 2) + hair)
        assert tuple(target.is_met_by(value) for value in values) == (below, exactly, above)

    @pytest.mark.parametrize(
        ("text", "higher"),
        [
            (">= 5", True),
            ("> 5", True),
            ("<= 5", False),
            ("< 5", False),
            ("= 5", True),
            ("= 0", False),
            ("= 0%", False),
        ],
    )
    def test_knows_its_good_side(self, text: str, higher: bool) -> None:
        assert TARGET.read(text).higher_is_better is higher

    def test_is_shown_as_it_is_written(self) -> None:
        assert str(TARGET.read(">=99.90%")) == ">= 99.9 %"


class TestMoneyWords:
    def test_are_shown_as_they_are_written(self) -> None:
        shown = [
            str(SHARE_OF.read("25% of monthly_fee")),
            str(CREDIT.read("10%")),
            str(ALLOWANCE.read("4h per period")),
        ]
        assert shown == ["25 % of monthly fee", "10 %", "4 hours per period"]
