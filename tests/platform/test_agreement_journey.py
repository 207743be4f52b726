from __future__ import annotations

import pytest
from playwright.sync_api import Browser, Page, expect
from pytest_django.live_server_helper import LiveServer

from makegood.platform.agreement.contracts.models import Contract
from makegood.platform.tenancy.viewer import Role
from tests.platform.agreements import sponsored
from tests.platform.people import house, organisation, person
from tests.platform.signing_in import sign_in


@pytest.mark.django_db(transaction=True)
class TestAServiceManager:
    def test_writes_from_a_blueprint_mends_a_finding_and_has_it_signed(
        self, page: Page, chromium: Browser, live_server: LiveServer
    ) -> None:
        acme = organisation("acme", "Acme AG")
        sponsored(house(), acme)
        sign_in(page, person("Sam", house(), Role.SERVICE_MANAGER))

        page.click("text=Agreements")
        page.click("text=New agreement")
        page.select_option("[name=template]", "managed-backup")
        page.select_option("[name=other]", "acme")
        page.fill("[name=title]", "Backup for Acme")
        page.fill("[name=identifier]", "acme-backup")
        page.fill("[name=first_day]", "2026-05-01")
        page.click("text=Begin to write")

        text = page.locator("#text")
        assert "customer: {id: acme, name: Acme AG}" in text.input_value()
        good = text.input_value()
        text.fill(good.replace('target: ">= 98%"', 'target: "about 98%"', 1))
        expect(page.locator("#findings")).to_contain_text("1 error keeps it from being offered.")
        finding = page.locator(".mg-finding-error a")
        finding.click()
        chosen = page.evaluate(
            "(() => { const t = document.getElementById('text'); return t.value.slice(t.selectionStart, t.selectionEnd) })()"
        )
        assert chosen in {'"about 98%"', 'about 98%"'}
        text.fill(good)
        expect(page.locator(".mg-finding-error")).to_have_count(0)

        page.fill("[id='f-services.watching.fee.monthly']", "950.00")
        page.press("[id='f-services.watching.fee.monthly']", "Tab")
        expect(text).to_have_value(good.replace("900.00", "950.00", 1))
        page.click("text=Keep the draft")
        expect(page.locator("h1")).to_have_text("Terms: Backup for Acme")

        page.click("button:has-text('Offer')")
        expect(page.locator("main")).to_contain_text("Waiting for the signature of Northwind IT and Acme AG.")
        page.fill("#source-name", "Backup server")
        for box in page.locator("[name=reports]").all():
            box.check()
        page.click("button:has-text('Declare')")
        expect(page.locator("main")).to_contain_text("Backup server")

        context = chromium.new_context(base_url=live_server.url.replace("127.0.0.1", "localhost"))
        other = context.new_page()
        sign_in(other, person("Ada", acme, Role.SPONSOR))
        other.goto("/portal/agreements/acme-backup/terms/")
        other.click("text=Read and sign")
        other.fill("[name=name]", "Ada Lovelace")
        other.check("[name=consent]")
        other.click("main button:has-text('Sign')")
        expect(other.locator("main")).to_contain_text("Ada Lovelace (Acme AG)")
        context.close()

        page.reload()
        page.click("text=Read and sign")
        page.fill("[name=name]", "Sam Smith")
        page.check("[name=consent]")
        page.click("main button:has-text('Sign')")
        page.click("button:has-text('Activate')")
        expect(page.locator("main")).to_contain_text("The agreement is active.")
        contract = Contract.objects.get()
        assert contract.state == "ACTIVE"
        assert sorted(contract.versions.get().signatures.values_list("name", flat=True)) == [
            "Ada Lovelace",
            "Sam Smith",
        ]
