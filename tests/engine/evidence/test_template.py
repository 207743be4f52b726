from __future__ import annotations

from datetime import UTC, datetime

import pytest

from makegood.engine.agreement.shapes import Unreadable
from makegood.engine.evidence.template import (
    COLUMN,
    FILE_NAME,
    TEMPLATE,
    TIME_FORMAT,
    Template,
    parse_time,
)

WALL = datetime(2016, 2, 29, 1, 16)  # noqa: DTZ001 - wall time


class TestTemplate:
    @pytest.mark.parametrize(
        ("text", "expected"),
        [
            ("down", Template("down", ())),
            ("{number}", Template("{}", ("number",))),
            ("{carrier}{flight}/seats", Template("{}{}/seats", ("carrier", "flight"))),
            ("{a column with blanks}", Template("{}", ("a column with blanks",))),
            ("100%", Template("100%", ())),
        ],
    )
    def test_is_read_from_columns_in_braces(self, text: str, expected: Template) -> None:
        assert TEMPLATE.read(text) == expected

    def test_has_a_brace_that_is_written_twice(self) -> None:
        assert Template.parse("{{{a}}}") == Template("{{{}}}", ("a",))
        assert Template.parse("{{x}}").constant == "{x}"

    @pytest.mark.parametrize("text", ["{", "a}", "{}", "{a", "{a{b}}"])
    def test_refuses_a_brace_without_a_partner(self, text: str) -> None:
        with pytest.raises(Unreadable) as refusal:
            TEMPLATE.read(text)
        assert refusal.value.text == f"a brace has no partner in {text!r}"

    def test_knows_whether_it_is_always_the_same(self) -> None:
        assert (Template.parse("down").constant, Template.parse("{a}").constant) == ("down", None)


class TestColumn:
    def test_is_a_name_without_braces(self) -> None:
        assert COLUMN.read("Opened at") == "Opened at"

    @pytest.mark.parametrize("text", ["", " ", "{number}", "number}"])
    def test_refuses_what_is_none(self, text: str) -> None:
        with pytest.raises(Unreadable, match="is not the name of a column"):
            COLUMN.read(text)


class TestFileName:
    def test_is_one_beside_the_file(self) -> None:
        assert FILE_NAME.read("planes.csv") == "planes.csv"

    @pytest.mark.parametrize("text", ["../planes.csv", "/etc/passwd", "..", ".", "a\\b", ""])
    def test_refuses_a_way_to_elsewhere(self, text: str) -> None:
        with pytest.raises(Unreadable, match="is not the name of a file"):
            FILE_NAME.read(text)


class TestTimeFormat:
    @pytest.mark.parametrize("text", ["iso", "unix", "unix_ms", "%d/%m/%Y %H:%M", "%b %d %Y, %I %p"])
    def test_is_a_word_or_a_form(self, text: str) -> None:
        assert TIME_FORMAT.read(text) == text

    @pytest.mark.parametrize("text", ["", "dd/mm/yyyy", "%c", "%Q", "%d/%m", "%Y %", "%Y/%d/%d"])
    def test_refuses_others(self, text: str) -> None:
        with pytest.raises(Unreadable, match="is not a time format"):
            TIME_FORMAT.read(text)


class TestParseTime:
    @pytest.mark.parametrize(
        ("text", "form", "expected"),
        [
            ("2016-02-29T01:16:00Z", "iso", datetime(2016, 2, 29, 1, 16, tzinfo=UTC)),
            ("2016-02-29 01:16", "iso", WALL),
            ("2016-02-29", "iso", WALL.replace(hour=0, minute=0)),
            ("29/2/2016 01:16", "%d/%m/%Y %H:%M", WALL),
            ("29/2/2016 01:16 +0000", "%d/%m/%Y %H:%M %z", datetime(2016, 2, 29, 1, 16, tzinfo=UTC)),
            ("1456708560", "unix", datetime(2016, 2, 29, 1, 16, tzinfo=UTC)),
            ("1456708560.999", "unix", datetime(2016, 2, 29, 1, 16, tzinfo=UTC)),
            ("-1", "unix", datetime(1969, 12, 31, 23, 59, 59, tzinfo=UTC)),
            ("1456708560001", "unix_ms", datetime(2016, 2, 29, 1, 16, 0, 1000, tzinfo=UTC)),
        ],
    )
    def test_reads_what_a_cell_says(self, text: str, form: str, expected: datetime) -> None:
        assert parse_time(text, form) == expected
        assert parse_time(text, form).tzinfo == expected.tzinfo

    @pytest.mark.parametrize(
        ("text", "form"), [("yesterday", "iso"), ("2016-02-29", "%d/%m/%Y"), ("1e9", "unix"), ("", "unix_ms")]
    )
    def test_refuses_what_is_written_otherwise(self, text: str, form: str) -> None:
        with pytest.raises(ValueError):  # noqa: PT011 - its sentence is the caller's
            parse_time(text, form)
