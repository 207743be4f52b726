from __future__ import annotations

import pytest

from makegood.engine.agreement.difference import changes
from makegood.engine.agreement.hours import FlexHours, Hours, SupportHours
from makegood.engine.vocabulary.duration import Duration
from tests.engine.agreement.test_desk import agreement, findings, text

TITLE = "Hours that the fee includes"


class TestHours:
    def test_have_the_steps_and_the_cap_of_the_house(self) -> None:
        assert agreement("hours: {support: {each_period: 1h}, flex: {each_period: 90m}}\n").hours == Hours(
            support=SupportHours(each_period=Duration(3600), step=Duration(900)),
            flex=FlexHours(each_period=Duration(5400), block=Duration(4 * 3600), cap=Duration(160 * 3600)),
        )

    @pytest.mark.parametrize(
        ("hours", "found"),
        [
            ("{support: {each_period: 1h, step: 6m}, flex: {each_period: 1h, block: 2h, cap: 2h}}", []),
            ("{}", []),
            ("{support: {each_period: 1 day}}", [("MG112", "hours.support.each_period")]),
            ("{support: {each_period: 1 business day}}", [("MG112", "hours.support.each_period")]),
            ("{flex: {each_period: 1}}", [("MG112", "hours.flex.each_period")]),
            ("{flex: {cap: 10h}}", [("MG109", "hours.flex.each_period")]),
            ("{support: {each_period: 1h, step: 0s}}", [("MG760", "hours.support.step")]),
            ("{flex: {each_period: 1h, block: 0h}}", [("MG760", "hours.flex.block")]),
            ("{flex: {each_period: 1h, cap: 239m}}", [("MG761", "hours.flex.cap")]),
            ("{flex: {each_period: 1h, block: 161h}}", [("MG761", "hours.flex.cap")]),
        ],
    )
    def test_are_fixed_times_that_can_be_used(self, hours: str, found: list[tuple[str, str]]) -> None:
        assert findings(f"hours: {hours}\n") == found

    def test_are_told_in_sentences(self) -> None:
        assert text("hours: {support: {each_period: 1h}, flex: {each_period: 1h, cap: 80h}}\n")[TITLE].paragraphs == (
            "Each period includes 1 hour of support. What is not used is lost with the period.",
            "Support is counted in steps of 15 minutes, begun ones as whole (house default).",
            "Each period adds 1 hour of flex time for work that is planned. It is saved up to at most 80 hours"
            " (as agreed), and ends with the calendar year.",
            "Flex time is used where both agreed to, in blocks of 4 hours, begun ones as whole (house default).",
            "Work beyond these hours is charged.",
        )

    @pytest.mark.parametrize(
        ("hours", "last"),
        [
            ("{support: {each_period: 1h, step: 6m}}", "Work beyond these hours is charged."),
            ("{flex: {each_period: 1h, block: 2h}}", "Work beyond these hours is charged."),
            ("{}", "Work beyond the services is charged."),
        ],
    )
    def test_may_be_of_one_kind_or_none(self, hours: str, last: str) -> None:
        paragraphs = text(f"hours: {hours}\n")[TITLE].paragraphs
        assert len(paragraphs) == (1 if hours == "{}" else 3)
        assert paragraphs[-1] == last

    def test_are_compared_term_by_term(self) -> None:
        before, after = (
            agreement(f"hours: {{support: {{each_period: {each}}}, flex: {{each_period: 1h}}}}\n")
            for each in ("1h", "2h")
        )
        assert [str(each) for each in changes(before, after)] == ["hours.support.each_period: 1h becomes 2h"]
