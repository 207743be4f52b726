"""A change in the browser: asked for, voted on, approved by the customer, tested, released with downtime, reviewed."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from playwright.sync_api import Page, expect

from makegood.platform.evidence.changes.models import Change, Release, State
from makegood.platform.evidence.changes.operations import set_rules
from makegood.platform.evidence.intake.models import Exclusion
from makegood.platform.tenancy.viewer import Role
from tests.platform.changing import MONDAY, promised, service_manager
from tests.platform.people import NOW, days_to, house, organisation, person
from tests.platform.signing_in import sign_in

_ANSWERS = ("functions", "security", "tests", "windows", "laboratory")


def act(page: Page, name: str) -> None:
    """Open what can be done by its name, and do it."""
    form = page.locator(f"details:has(input[name=do][value={name}])")
    if form.get_attribute("open") is None:
        form.locator("summary").click()
    form.locator("button.btn-primary").click()


def opened(page: Page, name: str) -> Page:
    """Open what can be done by its name."""
    page.locator(f"details:has(input[name=do][value={name}]) summary").click()
    return page


@pytest.mark.django_db(transaction=True)
class TestAChange:
    @pytest.mark.parametrize("scripts", [True, False], ids=["with scripts", "without scripts"])
    def test_of_high_impact_goes_from_its_request_to_its_review(
        self, scripts: bool, pages: Callable[..., Page], settings: object
    ) -> None:
        settings.DAYS_SHIFTED = days_to(NOW)  # type: ignore[attr-defined]
        contract = promised()
        set_rules(
            customer=organisation("acme"),
            approves="HIGH",
            approver="SPONSOR",
            quorum=2,
            straight=True,
            checks=False,
            timezone="Europe/Berlin",
            by=service_manager(),
            now=MONDAY,
        )
        eva, sam, ada = (pages(scripts=scripts) for _ in range(3))
        sign_in(eva, person("Eva", house(), Role.ENGINEER))
        sign_in(sam, person("Sam", house(), Role.SERVICE_MANAGER))
        sign_in(ada, person("Ada", organisation("acme"), Role.SPONSOR))
        here = self.asked(eva)
        self.decided(eva, sam, ada, here)
        there = self.released(eva, sam, ada, here, settings)
        assert Exclusion.objects.get().contract == contract
        sam.goto(here)
        opened(sam, "review").fill("[name=text]", "The rack was labelled wrongly.")
        act(sam, "review")
        expect(sam.locator("main")).to_contain_text("The rack was labelled wrongly.")
        ada.goto(here.replace("console", "portal"))
        expect(ada.locator("main")).to_contain_text("reviewed")
        ada.goto(there)
        expect(ada.locator("main")).to_contain_text("approved")
        assert Change.objects.get().state == State.REVIEWED

    def asked(self, eva: Page) -> str:
        eva.goto("/console/changes/")
        eva.click("a:has-text('Ask for a change')")
        eva.click("main a:has-text('Acme')")
        eva.fill("[name=title]", "A new switch for the till")
        eva.fill("[name=service]", "desk")
        for name in ("need", "desired", "affected", "means", "continuity"):
            eva.fill(f"[name={name}]", "As we said.")
        eva.select_option("[name=impact]", "high")
        eva.click("button:has-text('Keep the draft')")
        expect(eva.locator("main")).to_contain_text("The draft was kept.")
        act(eva, "request")
        expect(eva.locator("main")).to_contain_text("The change was requested.")
        return f"/console/changes/{Change.objects.get().pk}/"

    def decided(self, eva: Page, sam: Page, ada: Page, here: str) -> None:
        sam.goto(here)
        opened(sam, "authorise")
        for name in ("Eva", "Sam"):
            sam.check(f"label:has-text('{name}') input[name=members]")
        act(sam, "authorise")
        for page in (eva, sam):
            page.goto(here)
            opened(page, "vote").select_option("details:has(input[value=vote]) [name=approve]", "yes")
            act(page, "vote")
            expect(page.locator("main")).to_contain_text("Your vote was kept.")
        expect(sam.locator("main")).to_contain_text("2 for it, 0 against it")
        ada.goto("/portal/changes/")
        ada.click("section:has-text('These wait for you') a")
        act(ada, "decide")
        expect(ada.locator("main")).to_contain_text("approved")

    def released(self, eva: Page, sam: Page, ada: Page, here: str, settings: object) -> str:
        eva.goto(here)
        opened(eva, "try")
        for name in ("tester", "what", "environment", "differences"):
            eva.fill(f"[name={name}]", "As we said.")
        eva.check("[name=passed]")
        act(eva, "try")
        eva.click("a:has-text('Plan a release with it')")
        eva.fill("[name=title]", "The switch")
        eva.select_option("[name=manager]", label="Sam")
        eva.check("[name=changes]")
        eva.fill("[name=starts_at]", "2026-03-14T20:00")
        eva.fill("[name=ends_at]", "2026-03-14T23:00")
        eva.click("button:has-text('Save')")
        there = f"/console/releases/{Release.objects.get().pk}/"
        sam.goto(there)
        opened(sam, "answer")
        for name in _ANSWERS:
            sam.fill(f"[name={name}]", "It is known.")
        act(sam, "answer")
        opened(sam, "announce")
        sam.locator("details:has(input[value=announce]) [name=starts_at]").fill("2026-03-14T21:00")
        sam.locator("details:has(input[value=announce]) [name=ends_at]").fill("2026-03-14T22:00")
        sam.fill("details:has(input[value=announce]) [name=service]", "desk")
        act(sam, "announce")
        expect(sam.locator("main")).to_contain_text("proposed as maintenance: proposed")
        act(sam, "approve")
        expect(sam.locator("main")).to_contain_text("The release was approved.")
        made = Exclusion.objects.get()
        ada.goto(f"/portal/agreements/{made.contract.slug}/exclusions/")
        ada.click("button:has-text('Approve')")
        settings.DAYS_SHIFTED += 6  # type: ignore[attr-defined]
        sam.goto(there)
        expect(sam.locator("main")).to_contain_text("proposed as maintenance: approved")
        opened(sam, "carry-out").fill("[name=at]", "2026-03-14T22:30")
        act(sam, "carry-out")
        expect(sam.locator("main")).to_contain_text("The changes are released.")
        return there.replace("console", "portal")
