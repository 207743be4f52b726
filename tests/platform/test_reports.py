from __future__ import annotations

import pytest
from django.test import Client

from makegood.platform.agreement.contracts.models import Contract
from makegood.platform.judging.periods.models import Period
from makegood.platform.judging.verdicts.operations import judge_open
from makegood.platform.money.settlement.operations import close_due
from makegood.platform.review.reports.models import Report
from makegood.platform.review.reports.operations import UnableToReport, make_report, make_reports_due, recommend
from makegood.platform.review.reports.summary import sentences
from makegood.platform.tenancy.messages.models import Message
from makegood.platform.tenancy.viewer import Role
from tests.platform.agreements import active
from tests.platform.evidence import engineer, member, sent, staff, state, up
from tests.platform.people import NOW, days_to, organisation, person

pytestmark = pytest.mark.django_db


@pytest.fixture
def contract(settings: object) -> Contract:
    """A contract with two closed months, in the first of which two hours were missed."""
    settings.DAYS_SHIFTED = days_to(NOW)  # type: ignore[attr-defined]
    made = active()
    person("Ada", organisation("acme"), Role.SPONSOR)
    person("Ute", organisation("acme"), Role.USER)
    sent(made, up("2025-12-31T23:00:00Z", "2026-03-10T09:00:00Z"))
    sent(made, [state("till", "down", "2026-01-06T10:00:00Z", "2026-01-06T12:00:00Z", incident="INC-0")])
    judge_open(contract=made, now=NOW)
    close_due(contract=made, by=staff(Role.OWNER), now=NOW, without_actions="a test of reports")
    return made


class TestAReport:
    def test_says_in_plain_words_what_the_period_was_like(self, contract: Contract) -> None:
        period = Period.objects.get(contract=contract, label="2026-01")
        made = make_report(period=period, by=staff(Role.OWNER), now=NOW)
        assert made.form["summary"] == [
            "Missed: The shop is open day and night. It came to 99.7312 %; agreed was ≥ 99.9 %.",
            "10.00 EUR are credited, of a fee of 1,000.00 EUR.",
            "Evidence covers at least 100.00 % of the time or cases of each promise.",
        ]
        assert made.pdf[:5] == b"%PDF-"

    def test_says_that_more_was_earned_back_than_credited(self, contract: Contract) -> None:
        form = make_report(
            period=Period.objects.get(contract=contract, label="2026-02"), by=staff(Role.OWNER), now=NOW
        ).form
        assert (
            sentences({**form, "credit": -12_000})[1]
            == "120.00 EUR more were earned back or taken back than were credited."
        )

    def test_is_in_german_for_who_wants_it(self, contract: Contract) -> None:
        period = Period.objects.get(contract=contract, label="2026-02")
        made = make_report(period=period, by=staff(Role.OWNER), now=NOW, language="de")
        assert made.form["shown"]["fee"] == "1.000,00 EUR"

    def test_is_made_once_for_each_closed_period_and_sent_to_those_who_may_see_money(self, contract: Contract) -> None:
        assert (make_reports_due(now=NOW), make_reports_due(now=NOW)) == (2, 0)
        mails = Message.objects.filter(kind="report")
        assert sorted((each.to, each.attachment_name) for each in mails) == [
            ("ada@acme.example", f"{contract.slug}-2026-01.pdf"),
            ("ada@acme.example", f"{contract.slug}-2026-02.pdf"),
        ]

    def test_stays_when_another_is_made(self, contract: Contract) -> None:
        period = Period.objects.get(contract=contract, label="2026-01")
        first = make_report(period=period, by=staff(Role.OWNER), now=NOW)
        recommend(contract=contract, text="A second line.", cost="200 EUR", due_date=None, by=engineer(), now=NOW)
        second = make_report(period=period, by=staff(Role.OWNER), now=NOW)
        assert (first.number, second.number) == (1, 2)
        assert Report.objects.get(pk=first.pk).form["recommendations"] == []
        assert [each["text"] for each in second.form["recommendations"]] == ["A second line."]

    def test_is_made_by_those_who_may(self, contract: Contract) -> None:
        period = Period.objects.get(contract=contract, label="2026-01")
        for viewer in (engineer(), member(Role.SPONSOR)):
            with pytest.raises(UnableToReport):
                make_report(period=period, by=viewer, now=NOW)
        assert not Report.objects.exists()

    def test_is_found_in_the_portal(self, client: Client, contract: Contract) -> None:
        make_reports_due(now=NOW)
        report = Report.objects.get(period__label="2026-01")
        base = f"/portal/agreements/{contract.slug}/reports/"
        client.force_login(person("Ada", organisation("acme"), Role.SPONSOR))
        assert "2026-01" in client.get(base).content.decode()
        assert "99.7312 %" in client.get(f"{base}{report.pk}/").content.decode()
        paper = client.get(f"{base}{report.pk}/pdf/")
        assert (paper.headers["content-type"], paper.content) == ("application/pdf", bytes(report.pdf))
        client.force_login(person("Ute", organisation("acme"), Role.USER))
        assert client.get(base).status_code == 404
        client.force_login(person("Zoe", organisation("globex"), Role.SPONSOR))
        assert client.get(f"{base}{report.pk}/pdf/").status_code == 404
