"""What the law has written, with the signs of the reader's language."""

from __future__ import annotations

import pytest
from django.utils import translation

from makegood.platform.web.parts.templatetags.makegood import figure, target


class TestFigures:
    @pytest.mark.parametrize(
        ("written", "in_english", "in_german"),
        [
            ("99.9191 %", "99.9191 %", "99,9191 %"),
            ("1,234.5 h", "1,234.5 h", "1.234,5 h"),
            ("68,913", "68,913", "68.913"),
            ("2013-12", "2013-12", "2013-12"),
            (None, "", ""),
        ],
    )
    def test_are_written_as_the_reader_writes_them(self, written: str | None, in_english: str, in_german: str) -> None:
        with translation.override("en"):
            assert figure(written) == in_english
        with translation.override("de"):
            assert figure(written) == in_german

    def test_of_a_target_have_its_sign(self) -> None:
        with translation.override("de"):
            assert target("<= 60,000") == "≤ 60.000"
