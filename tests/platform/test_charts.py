from __future__ import annotations

import re
import xml.etree.ElementTree as ET
from datetime import timedelta
from typing import cast

import pytest
from django.http import HttpResponse
from django.test import Client

from makegood.drawing.charts import for_image, svg
from makegood.drawing.palette import TOKENS
from makegood.platform.agreement.contracts.models import Contract
from makegood.platform.judging.verdicts.models import Verdict
from makegood.platform.judging.verdicts.operations import judge_open
from makegood.platform.review.pictures.money import money_picture
from makegood.platform.review.pictures.promises import burn_picture, coverage_picture, history_of, values_picture
from makegood.platform.review.reports.models import Report
from makegood.platform.review.reports.operations import make_reports_due
from makegood.platform.tenancy.access.models import Person
from makegood.platform.tenancy.viewer import Role
from tests.platform.evidence import closed, member, missed, sent, staff, state
from tests.platform.people import NOW, days_to, house, organisation, person

pytestmark = pytest.mark.django_db
SVG = "{http://www.w3.org/2000/svg}"
HOSTILE = '"><script>alert(1)</script>'


@pytest.fixture(autouse=True)
def today(settings: object) -> None:
    settings.DAYS_SHIFTED = days_to(NOW)  # type: ignore[attr-defined]


@pytest.fixture
def contract() -> Contract:
    """Two months, of which January was missed, closed and credited, and a March that runs."""
    made = missed()
    closed(made)
    sent(made, [state("till", "down", "2026-03-02T10:00:00Z", "2026-03-02T10:10:00Z", number="short")])
    judge_open(contract=made, now=NOW)
    return made


def latest(contract: Contract) -> Verdict:
    return Verdict.objects.filter(period__contract=contract, latest__isnull=False).order_by("-period__starts_at")[0]


def got(address: str, who: Person, **headers: str) -> HttpResponse:
    client = Client()
    client.force_login(who)
    return cast("HttpResponse", client.get(address, headers=headers))


def owner() -> Person:
    return person("Drawing Owner", house(), Role.OWNER)


def texts(answer: HttpResponse) -> list[str]:
    root = ET.fromstring(answer.content)  # noqa: S314  # our own drawing
    return [each.text or "" for each in root.iter(f"{SVG}text")]


class TestTheImageOfAChart:
    def test_is_behind_walls_that_let_nothing_but_its_style_through(self, contract: Contract) -> None:
        answer = got(f"/console/agreements/acme-shop/verdicts/{latest(contract).pk}/values.svg", owner())
        assert (answer.status_code, answer["Content-Type"]) == (200, "image/svg+xml")
        assert answer["Content-Security-Policy"] == "default-src 'none'; style-src 'unsafe-inline'"
        assert answer["X-Content-Type-Options"] == "nosniff"
        assert answer["Cache-Control"] == "private, no-cache"

    def test_is_not_sent_again_while_it_shows_the_same(self, contract: Contract) -> None:
        address = f"/console/agreements/acme-shop/verdicts/{latest(contract).pk}/values.svg"
        first = got(address, owner())
        again = got(address, owner(), if_none_match=first["ETag"])
        assert (again.status_code, again.content, again["ETag"]) == (304, b"", first["ETag"])
        assert got(f"{address}?narrow=1", owner())["ETag"] != first["ETag"]

    def test_has_its_colours_for_light_and_dark_with_it(self, contract: Contract) -> None:
        drawing = got("/console/agreements/acme-shop/money.svg", owner()).content.decode()
        assert "@media (prefers-color-scheme: dark)" in drawing
        used = set(re.findall(r"var\(--([a-z0-9-]+)\)", drawing))
        assert used <= {each.name for each in TOKENS}
        assert "paper" in used

    def test_of_hostile_words_is_only_text(self) -> None:
        option = {
            "xAxis": {"type": "category", "data": [HOSTILE]},
            "yAxis": {},
            "series": [{"type": "bar", "data": [1]}],
        }
        drawing = for_image(svg(option, width=720, height=200, name="chart"), label=HOSTILE)
        root = ET.fromstring(drawing)  # noqa: S314  # our own drawing
        names = {each.tag.removeprefix(SVG) for each in root.iter()}
        assert names <= {"svg", "title", "style", "rect", "path", "text", "g", "defs", "clipPath"}
        assert root.findtext(f"{SVG}title") == HOSTILE
        assert HOSTILE not in drawing

    def test_is_there_for_those_only_who_see_what_it_shows(self, contract: Contract) -> None:
        verdict = latest(contract).pk
        engineer = person("Drawing Engineer", house(), Role.ENGINEER)
        sponsor = person("Drawing Sponsor", organisation("acme"), Role.SPONSOR)
        stranger = person("Drawing Stranger", organisation("globex"), Role.SPONSOR)
        asked = {
            "engineer, values": got(f"/console/agreements/acme-shop/verdicts/{verdict}/values.svg", engineer),
            "engineer, money": got("/console/agreements/acme-shop/money.svg", engineer),
            "engineer, credits": got("/console/credits.svg", engineer),
            "sponsor, money": got("/portal/agreements/acme-shop/money.svg", sponsor),
            "stranger, money": got("/portal/agreements/acme-shop/money.svg", stranger),
            "stranger, values": got(f"/portal/agreements/acme-shop/verdicts/{verdict}/values.svg", stranger),
            "another agreement": got(f"/console/agreements/other/verdicts/{verdict}/values.svg", owner()),
        }
        assert {name: answer.status_code for name, answer in asked.items()} == {
            "engineer, values": 200,
            "engineer, money": 404,
            "engineer, credits": 404,
            "sponsor, money": 200,
            "stranger, money": 404,
            "stranger, values": 404,
            "another agreement": 404,
        }


class TestTheChartOfValues:
    def test_shows_each_period_against_the_target(self, contract: Contract) -> None:
        verdict = latest(contract)
        picture = values_picture(outcome="open", history=history_of(viewer=staff(Role.OWNER), verdict=verdict))
        assert picture is not None
        assert picture.label == "open by period, against its target of ≥ 99.9 %"
        assert picture.rows == (
            ("2026-01", "99.1935 %", "≥ 99.9 %", "missed"),
            ("2026-02", "100.0000 %", "≥ 99.9 %", "met"),
            ("2026-03", "99.9263 %", "≥ 99.9 %", "met"),
        )
        drawn = texts(got(f"/console/agreements/acme-shop/verdicts/{verdict.pk}/values.svg", owner()))
        assert [each for each in drawn if each in {"Jan", "Feb", "Mar", "99.1935"}] == ["Jan", "Feb", "Mar", "99.1935"]

    def test_ends_with_the_period_of_the_verdict(self, contract: Contract) -> None:
        first = Verdict.objects.filter(period__contract=contract, period__label="2026-02", latest__isnull=False).get()
        assert [each["period"] for each in history_of(viewer=staff(Role.OWNER), verdict=first)] == [
            "2026-01",
            "2026-02",
        ]


class TestTheChartOfTheBurn:
    def test_goes_on_to_the_end_of_the_period(self, contract: Contract) -> None:
        picture = burn_picture(viewer=staff(Role.OWNER), verdict=latest(contract), now=NOW)
        assert picture is not None
        assert picture.rows[-2:] == (("Mar 10", "22.4 %"), ("forecast: Mar 31", "74 %"))
        drawn = texts(got(f"/console/agreements/acme-shop/verdicts/{latest(contract).pk}/burn.svg", owner()))
        assert [each for each in drawn if each in {"allowed", "now 22\u00a0%", "74\u00a0%"}] == [
            "74\u00a0%",
            "now 22\u00a0%",
            "allowed",
        ]

    def test_is_not_there_when_the_period_is_over(self, contract: Contract) -> None:
        assert burn_picture(viewer=staff(Role.OWNER), verdict=latest(contract), now=NOW + timedelta(days=40)) is None


class TestTheChartOfMoney:
    def test_shows_what_was_booked_by_period(self, contract: Contract) -> None:
        picture = money_picture(viewer=staff(Role.OWNER), contract=contract)
        assert picture is not None
        assert picture.heads == ("Period", "service credits")
        assert picture.rows == (("2026-01", "10.00 EUR"), ("2026-02", "0.00 EUR"), ("2026-03", "0.00 EUR"))

    def test_is_not_there_for_engineers(self, contract: Contract) -> None:
        engineer = person("Drawing Engineer", house(), Role.ENGINEER)
        assert "money.svg" not in got("/console/agreements/acme-shop/", engineer).content.decode()
        assert "money.svg" in got("/console/agreements/acme-shop/", owner()).content.decode()


class TestTheChartOfCoverage:
    def test_shows_the_least_of_each_period(self, contract: Contract) -> None:
        picture = coverage_picture(viewer=member(Role.SPONSOR), contract=contract)
        assert picture is not None
        assert [row[0] for row in picture.rows] == ["2026-01", "2026-02", "2026-03"]
        assert picture.rows[0] == ("2026-01", "100.00 %", "open")


class TestAReport:
    def test_has_charts_on_its_page_and_in_its_file(self, contract: Contract) -> None:
        make_reports_due(now=NOW)
        report = Report.objects.order_by("period__starts_at").last()
        assert report is not None
        base = f"/console/agreements/acme-shop/reports/{report.pk}/"
        shown = got(base, owner()).content.decode()
        assert f'src="{base}values.svg?outcome=open"' in shown
        assert got(f"{base}values.svg?outcome=open", owner()).status_code == 200
        assert got(f"{base}money.svg", owner()).status_code == 200
        assert got(f"{base}values.svg?outcome=nothing", owner()).status_code == 404
        assert bytes(report.pdf).startswith(b"%PDF-")
