from pathlib import Path

import pytest

from makegood.engine.agreement.catalogue import CODES
from makegood.engine.agreement.grammar import clauses_of
from makegood.engine.agreement.measures.availability import Availability
from makegood.engine.agreement.measures.count import CountOf
from makegood.engine.agreement.measures.ratio import RatioOf
from makegood.engine.agreement.measures.within import Within
from makegood.engine.agreement.reference import findings_page, language_page
from makegood.engine.agreement.stakes import Stake
from makegood.engine.agreement.terms import Agreement

ROOT = Path(__file__).resolve().parents[3]


class TestTheLanguagePage:
    def test_is_committed_as_it_is_now(self) -> None:
        assert (ROOT / "docs" / "reference" / "language.md").read_text("utf-8") == language_page()

    @pytest.mark.parametrize("form", [Agreement, Availability, RatioOf, Within, CountOf, Stake])
    def test_lists_every_key_with_what_it_decides(self, form: type) -> None:
        page = language_page()
        missing = [
            key
            for key, (_, declared) in clauses_of(form).items()
            if f"| `{key}` | " not in page or declared.doc not in page
        ]
        assert missing == []

    def test_says_which_keys_exclude_each_other(self) -> None:
        page = language_page()
        assert "Exactly one of `until`, `months`." in page
        assert "At most one of `tiers`, `table`, `per_unit`, `linear`, `per_event`, `windows`" in page

    def test_describes_each_form_once(self) -> None:
        headings = [line for line in language_page().splitlines() if line.startswith("## ")]
        assert len(headings) == len(set(headings))

    def test_has_a_row_for_a_whole_key(self) -> None:
        row = "| `of` | identifier | required | The events, by the name that their evidence carries. |"
        assert row in language_page().splitlines()


class TestTheFindingsPage:
    def test_has_a_section_for_every_code(self) -> None:
        page = findings_page()
        assert [code.code for code in CODES if f"## {code.code} {code.title}\n" not in page] == []

    def test_shows_what_the_example_gets(self) -> None:
        line = "agreement.yaml:1:1: MG107 error: 'per_incidents' is not a key of a document of this language"
        assert line in findings_page()

    def test_cuts_what_is_too_long_to_show(self) -> None:
        assert max(map(len, findings_page().splitlines())) < 400
