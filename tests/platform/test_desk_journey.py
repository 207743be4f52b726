"""A request from the portal to its confirmation, by people with browsers."""

from __future__ import annotations

from collections.abc import Callable
from datetime import UTC, datetime, timedelta

import pytest
from playwright.sync_api import Page, expect

from makegood.platform.evidence.service_desk.models import Case, State, Step
from makegood.platform.evidence.service_desk.operations import set_stakes
from makegood.platform.tenancy.viewer import Role
from tests.platform.desk import MONDAY, desk, opened
from tests.platform.people import house, organisation, person
from tests.platform.signing_in import sign_in
from tests.platform.test_desk_queue import STAKES

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture(autouse=True)
def then(settings: object) -> None:
    """Let it be ten in the morning of a Monday at the customer's."""
    apart = MONDAY - datetime.now(UTC).replace(microsecond=0)
    settings.DAYS_SHIFTED = apart / timedelta(days=1)  # type: ignore[attr-defined]


def does(page: Page, act: str, **fields: str) -> None:
    """Open a form of a case, fill it and send it."""
    form = page.locator(f"form[action$='/{act}/']")
    if page.locator(f"details:has(form[action$='/{act}/'])").count():
        page.locator(f"details:has(form[action$='/{act}/']) > summary").click()
    for name, value in fields.items():
        form.locator(f"[name={name}]").fill(value)
    with page.expect_navigation():
        form.locator("button").click()


class TestARequest:
    @pytest.mark.parametrize("scripts", [True, False], ids=["with scripts", "without scripts"])
    def test_is_answered_resolved_rejected_resolved_again_and_confirmed(
        self, scripts: bool, pages: Callable[..., Page]
    ) -> None:
        set_stakes(contract=desk(), stakes=STAKES, now=MONDAY)
        uma, eva = pages(scripts=scripts), pages(scripts=scripts)
        sign_in(uma, person("Uma", organisation("acme"), Role.USER))
        uma.click("nav >> text=Requests")
        uma.click("text=New request")
        uma.fill("[name=title]", "The till is silent")
        uma.fill("[name=affected]", "The till at the door")
        uma.fill("[name=symptoms]", "Nothing prints.")
        uma.select_option("[name=impact]", "high")
        uma.select_option("[name=urgency]", "high")
        uma.click("main button:has-text('Send')")
        expect(uma.locator("h1")).to_contain_text("The till is silent")
        expect(uma.locator(".mg-promises li").nth(0)).to_contain_text("0 % of 1 hour used")
        expect(uma.locator(".mg-promises li").nth(1)).to_contain_text("0 % of 4 hours used")
        case = Case.objects.get()

        sign_in(eva, person("Eva", house(), Role.ENGINEER))
        eva.click("nav >> text=Service desk")
        expect(eva.locator("#queue")).to_contain_text("min left")
        eva.click("text=The till is silent")
        expect(eva.locator(".mg-promises li").nth(1)).to_contain_text("due 9 Mar 2026, 14:00 Europe/Berlin")
        does(eva, "message", text="We look at it.")
        expect(eva.locator(".mg-promises li").nth(0)).to_contain_text("kept")
        does(eva, "resolve", resolution="A new cable.")
        expect(eva.locator(".mg-promises li").nth(1)).to_contain_text("kept")

        uma.reload()
        expect(uma.locator("main")).to_contain_text("We look at it.")
        expect(uma.locator("main")).to_contain_text("A new cable.")
        does(uma, "reject", why="It is still silent.")
        expect(uma.locator(".mg-promises li").nth(1)).to_contain_text("running")
        expect(uma.locator(".mg-promises li").nth(0)).to_contain_text("kept")

        eva.reload()
        expect(eva.locator("main")).to_contain_text("It is still silent.")
        does(eva, "resolve", resolution="A new till.")
        uma.reload()
        does(uma, "confirm")
        expect(uma.locator("main")).to_contain_text("Thank you. It is closed.")
        case.refresh_from_db()
        assert (case.state, case.reopened) == (State.CLOSED, 1)
        words = Step.objects.filter(case=case).order_by("number").values_list("word", flat=True)
        assert list(words) == ["opened", "responded", "resolved", "open", "resolved", "closed"]
        eva.goto("/console/desk/")
        expect(eva.locator("main")).to_contain_text("No case is open.")


class TestTheQueue:
    def test_is_walked_through_by_keys_and_looks_again_by_itself(self, page: Page) -> None:
        desk()
        first, second = opened(), opened(urgency="low", title="No mail")
        sign_in(page, person("Eva", house(), Role.ENGINEER))
        page.goto("/console/desk/")
        page.keyboard.press("j")
        expect(page.locator(f"#case-{first.pk}")).to_be_focused()
        page.keyboard.press("j")
        expect(page.locator(f"#case-{second.pk}")).to_be_focused()
        third = opened(title="The door is open")
        with page.expect_response(lambda each: each.request.headers.get("hx-request") == "true"):
            page.evaluate("window.htmx.trigger(document.getElementById('queue'), 'look')")
        expect(page.locator(f"#case-{third.pk}")).to_be_visible()
        expect(page.locator(f"#case-{second.pk}")).to_be_focused()
        page.keyboard.press("?")
        expect(page.locator("#keys")).to_have_attribute("open", "")
        page.keyboard.press("/")
        expect(page.locator("#id_words")).to_be_focused()
        page.keyboard.press("n")
        expect(page.locator("#id_words")).to_have_value("n")
        page.locator("#id_words").blur()
        with page.expect_navigation():
            page.keyboard.press("m")
        expect(page.locator(f"#case-{first.pk}")).to_be_visible()
        page.keyboard.press("j")
        page.keyboard.press("k")
        with page.expect_navigation():
            page.keyboard.press("Enter")
        expect(page.locator("h1")).to_contain_text("#")
        page.goto("/console/desk/")
        with page.expect_navigation():
            page.keyboard.press("n")
        expect(page.locator("h1")).to_have_text("New case")
