"""A month in the browser: evidence, a verdict that turns, a dispute, the closing, the report, and the bundle."""

from __future__ import annotations

import json
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

import pytest
from playwright.sync_api import Page, expect

from makegood.platform.agreement.contracts.models import Contract
from makegood.platform.money.settlement.models import Statement
from makegood.platform.tenancy.viewer import Role
from tests.platform.agreements import active
from tests.platform.evidence import state, up
from tests.platform.people import NOW, days_to, house, organisation, person
from tests.platform.signing_in import sign_in

FIRST = state("till", "down", "2026-02-10T10:00:00Z", "2026-02-10T16:00:00Z", number="first", incident="INC-1")
SECOND = state("till", "down", "2026-02-20T10:00:00Z", "2026-02-20T13:00:00Z", number="second", incident="INC-2")


@pytest.mark.django_db(transaction=True)
class TestAMonth:
    @pytest.mark.parametrize("scripts", [True, False], ids=["with scripts", "without scripts"])
    def test_is_run_in_the_browser_and_verified_with_the_command_line(
        self, scripts: bool, pages: Callable[..., Page], settings: object, tmp_path: Path
    ) -> None:
        settings.DAYS_SHIFTED = days_to(NOW)  # type: ignore[attr-defined]
        contract = active()
        engineer, manager, sponsor = (pages(scripts=scripts) for _ in range(3))
        sign_in(engineer, person("Edith", house(), Role.ENGINEER))
        sign_in(manager, person("Sam", house(), Role.SERVICE_MANAGER))
        sign_in(sponsor, person("Ada", organisation("acme"), Role.SPONSOR))

        send(engineer, contract, up("2025-12-31T23:00:00Z", "2026-03-10T09:00:00Z"), "all-up", tmp_path)
        assert ruling_in_february(sponsor, contract) == "met"
        send(engineer, contract, [FIRST, SECOND], "two-outages", tmp_path)
        assert ruling_in_february(sponsor, contract) == "missed"
        expect(sponsor.locator("main")).to_contain_text("50.00 EUR")

        manager.goto(f"/console/agreements/{contract.slug}/periods/2026-02/")
        manager.click("main a:has-text('open')")
        manager.click("tr:has-text('probes#second') a:has-text('Dispute')")
        assert manager.input_value("[name=record_id]") == "probes#second"
        manager.fill("[name=reason]", "The line of the probe was cut, the till was not.")
        manager.click("button:has-text('Raise the dispute')")
        expect(manager.locator("main")).to_contain_text("The dispute was raised; the other side answers.")

        sponsor.goto("/portal/")
        sponsor.click("a:has-text('open, 2026-02')")
        sponsor.fill("[name=text]", "Our till keeps a log; let us look.")
        sponsor.click("button:has-text('Add the remark')")
        sponsor.fill("[name=decision]", "The log shows sales in these hours.")
        sponsor.click("button:has-text('Accept: correct the evidence')")
        expect(sponsor.locator("main")).to_contain_text("The log shows sales in these hours.")
        judge(engineer, contract)
        assert ruling_in_february(sponsor, contract) == "missed"
        expect(sponsor.locator("main")).to_contain_text("10.00 EUR")

        manager.goto(f"/console/agreements/{contract.slug}/money/")
        manager.click("a:has-text('open, 2026-02')")
        manager.fill("[name=cause]", "The disk was full.")
        manager.fill("[name=action]", "The disk is watched.")
        manager.fill("[name=due_date]", "2026-04-01")
        manager.click("button:has-text('Write it down')")
        manager.goto(f"/console/agreements/{contract.slug}/money/")
        manager.click("button:has-text('Close what is due')")
        expect(manager.locator("main")).to_contain_text("What was due was closed and booked.")
        manager.goto(f"/console/agreements/{contract.slug}/reports/")
        manager.select_option("[name=period]", "2026-02")
        manager.click("button:has-text('Make the report and send it')")

        sponsor.goto(f"/portal/agreements/{contract.slug}/reports/")
        sponsor.click("main a:has-text('2026-02')")
        expect(sponsor.locator("main")).to_contain_text("10.00 EUR")
        expect(sponsor.locator("main")).to_contain_text("The disk is watched.")
        with sponsor.expect_download() as paper:
            sponsor.click("a:has-text('PDF')")
        assert Path(paper.value.path()).read_bytes().startswith(b"%PDF-")

        sponsor.goto(f"/portal/agreements/{contract.slug}/money/")
        expect(sponsor.locator("tr:has-text('closing'):has-text('2026-02')")).to_contain_text("10.00 EUR")
        sponsor.click("tr:has-text('closing'):has-text('2026-02') a")
        with sponsor.expect_download() as bundle:
            sponsor.click("a:has-text('Download the bundle')")
        assert replayed(Path(bundle.value.path()), tmp_path) == "2 statements, 2 lines, 10.00 EUR credited"
        assert sum(Statement.objects.values_list("total", flat=True)) == 1_000


def send(page: Page, contract: Contract, lines: list[str], name: str, folder: Path) -> None:
    file = folder / f"{name}.jsonl"
    file.write_text("\n".join(lines) + "\n")
    page.goto(f"/console/agreements/{contract.slug}/evidence/")
    page.set_input_files("[name=file]", str(file))
    page.click("button:has-text('Send')")
    expect(page.locator("main")).to_contain_text(f"{len(lines)} records are new")
    judge(page, contract)


def judge(page: Page, contract: Contract) -> None:
    page.goto(f"/console/agreements/{contract.slug}/periods/")
    page.click("button:has-text('Judge by all evidence now')")
    expect(page.locator("main")).to_contain_text("The open periods were judged.")


def ruling_in_february(page: Page, contract: Contract) -> str:
    """Open the verdict of February as its customer does, and return its ruling."""
    page.goto(f"/portal/agreements/{contract.slug}/periods/2026-02/")
    page.click("main a:has-text('open')")
    return page.inner_text("main .mg-ruling >> nth=0").strip()


def replayed(bundle: Path, folder: Path) -> str:
    """Return what the command line found as it settled the statements of a bundle again."""
    file = folder / "acme-shop.bundle"
    file.write_bytes(bundle.read_bytes())
    command = [str(Path(sys.executable).parent / "makegood"), "verify", str(file), "--json"]
    said = json.loads(subprocess.run(command, check=True, capture_output=True).stdout)  # our own command
    assert said["verified"] is True
    found: str = next(each for each in said["checks"] if each["what"] == "Every statement can be settled again")[
        "found"
    ]
    return found
