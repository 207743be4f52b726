import pytest
from hypothesis import given
from hypothesis import strategies as st

from makegood.engine.vocabulary.duration import Days, Duration, parse_span


class TestADuration:
    @pytest.mark.parametrize(
        ("text", "seconds"),
        [
            ("15m", 900),
            ("4h", 14400),
            ("60s", 60),
            ("1h 30m", 5400),
            ("1h30m", 5400),
            ("90m", 5400),
            ("1h 1m 1s", 3661),
            ("2h 5s", 7205),
            (" 0m ", 0),
            ("4 h", 14400),
        ],
    )
    def test_is_read(self, text: str, seconds: int) -> None:
        assert Duration.parse(text) == Duration(seconds)

    @pytest.mark.parametrize(
        "text", ["", " ", "15", "m", "2d", "30m 1h", "1h 1h", "-5m", "1.5h", "1e3s", "9999999999s"]
    )
    def test_is_refused_in_any_other_form(self, text: str) -> None:
        with pytest.raises(ValueError, match="is not a duration; write it like 15m, 4h, 60s or 1h 30m"):
            Duration.parse(text)

    @pytest.mark.parametrize(
        ("seconds", "text", "words"),
        [
            (900, "15m", "15 minutes"),
            (60, "1m", "1 minute"),
            (5400, "1h 30m", "1 hour 30 minutes"),
            (3661, "1h 1m 1s", "1 hour 1 minute 1 second"),
            (360000, "100h", "100 hours"),
            (0, "0s", "0 seconds"),
        ],
    )
    def test_is_shown(self, seconds: int, text: str, words: str) -> None:
        assert (str(Duration(seconds)), Duration(seconds).words) == (text, words)

    def test_is_ordered_by_length(self) -> None:
        assert Duration.parse("90m") > Duration.parse("1h") >= Duration.parse("60m")

    def test_is_not_negative(self) -> None:
        with pytest.raises(ValueError, match="a duration is not negative: -1 seconds"):
            Duration(-1)

    @pytest.mark.parametrize("seconds", [1.0, True, "1"])
    def test_is_a_whole_number(self, seconds: object) -> None:
        with pytest.raises(TypeError, match="a whole number of seconds, not"):
            Duration(seconds)  # type: ignore[arg-type]

    @given(st.builds(Duration, st.integers(0, 10**9)))
    def test_gives_back_what_was_shown(self, duration: Duration) -> None:
        assert Duration.parse(str(duration)) == duration


class TestDays:
    @pytest.mark.parametrize(
        ("days", "words"),
        [
            (Days(1, business=False), "1 day"),
            (Days(5, business=False), "5 days"),
            (Days(1, business=True), "1 business day"),
            (Days(2, business=True), "2 business days"),
            (Days(0, business=True), "0 business days"),
        ],
    )
    def test_are_written_in_words(self, days: Days, words: str) -> None:
        assert (str(days), days.words, parse_span(words)) == (words, words, days)

    def test_are_not_negative(self) -> None:
        with pytest.raises(ValueError, match="a number of days is not negative: -1"):
            Days(-1, business=False)

    @pytest.mark.parametrize("number", [1.0, True, "1"])
    def test_are_a_whole_number(self, number: object) -> None:
        with pytest.raises(TypeError, match="days are a whole number, not"):
            Days(number, business=False)  # type: ignore[arg-type]


class TestASpan:
    def test_is_a_duration_or_days(self) -> None:
        assert (parse_span("4h"), parse_span(" 5 days ")) == (Duration(14400), Days(5, business=False))

    @pytest.mark.parametrize("text", ["2d", "five days", "2 businessdays", "1 week", "", "-1 days"])
    def test_is_refused_with_the_forms_that_are_allowed(self, text: str) -> None:
        with pytest.raises(
            ValueError,
            match=f"^'{text}' is not a length of time; write it like 15m, 4h, 1h 30m, 5 days or 2 business days$",
        ):
            parse_span(text)
