"""Bonuses, incentives, claims and leaving early, as a person meets them on the command line."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.cli.door import Shop, makegood, opened_shop

BONUS = "    bonus: {tiers: [{at_least: 100%, pays: 1%}]}\n"
MORE = (
    "incentives:\n"
    "  first-good-month: {kind: outcome_fee, fee: 100.00 EUR, paid_when: till-availability}\n"
    "termination: {removal_fee: 50.00 EUR}\n"
)
CLAIM = {
    "kind": "transition",
    "source": "desk",
    "source_id": "7",
    "case": "2026-03/till-availability",
    "of": "claim",
    "state": "received",
    "at": "2026-04-02T10:00:00+02:00",
}


@pytest.fixture
def shop(tmp_path: Path) -> Shop:
    opened = opened_shop(tmp_path)
    opened.agreement.write_text(opened.agreement.read_text("utf-8") + BONUS + MORE, encoding="utf-8")
    return opened


class TestEarning:
    def test_is_booked_told_and_verified(self, shop: Shop) -> None:
        """A perfect January and February earn 12.00 EUR each; the fee comes once; March credits 60.00 EUR."""
        assert shop("settle", "--as-of", "2026-04-20").code == 0
        told = makegood("explain", "2026-01/till-availability.bonus", shop.agreement, "--vault", shop.vault)
        assert told.code == 0, told.err
        assert "Till Care earns this from The Bakery, by the term till-availability.bonus" in told.out
        assert "100.0000 % reaches 100 %: 1 % of the base" in told.out
        fee = makegood("explain", "2026-01/first-good-month", shop.agreement, "--vault", shop.vault, "--json").json
        assert (fee["amount"], fee["verdict"]) == ("-100.00 EUR", None)
        later = makegood("explain", "2026-03/till-availability", shop.agreement, "--vault", shop.vault, "--json").json
        assert later["amount"] == "60.00 EUR"
        bundle = shop.folder / "till.bundle"
        packed = shop("bundle", "--to", bundle)
        assert packed.code == 0, packed.err
        verified = makegood("verify", bundle)
        assert verified.code == 0, verified.out + verified.err

    def test_stands_in_the_report(self, shop: Shop) -> None:
        shop("settle", "--as-of", "2026-04-20")
        answer = shop("report", "--to", shop.folder / "report", "--json")
        assert answer.code == 0, answer.err
        page = next((shop.folder / "report").glob("*.html")).read_text("utf-8")
        assert "till-availability.bonus" in page

    def test_stands_in_the_text_that_people_sign(self, shop: Shop) -> None:
        told = makegood("text", shop.agreement).out
        assert "In a period whose value is at least 100 %, the provider earns 1 % of the base." in told
        assert "100.00 EUR are paid once, in the first period in which all of these are met: till-availability." in told


class TestClaiming:
    def test_brings_a_credit_that_was_not_paid_unasked(self, shop: Shop) -> None:
        shop.agreement.write_text(shop.agreement.read_text("utf-8") + "claims: {end_of_cycle: 2}\n", encoding="utf-8")
        shop("settle", "--as-of", "2026-04-10")
        told = makegood("explain", "2026-03/till-availability", shop.agreement, "--vault", shop.vault)
        assert "till-availability was not claimed; the deadline is 2026-05-31T22:00:00Z" in " ".join(told.out.split())
        shop.bring(CLAIM)
        shop("settle", "--as-of", "2026-04-11")
        words = ("explain", "2026-03/till-availability/2", shop.agreement, "--vault", shop.vault, "--json")
        assert [each["amount"] for each in makegood(*words).json["booked"]] == ["0.00 EUR", "60.00 EUR"]


class TestLeaving:
    def test_is_told_with_its_steps(self, shop: Shop) -> None:
        answer = makegood("terminate", shop.agreement, "--on", "2026-05-01")
        assert (answer.code, answer.out.splitlines()) == (
            0,
            [
                "Leaving on 2026-05-01 costs: 2,400.00 EUR [termination]",
                "  The monthly fee in force: 1,200.00 EUR; 2 months are left [fee]",
                "  2 months of the monthly fee in force: 2400 [termination]",
            ],
        )

    def test_of_one_service_is_told_to_machines(self, shop: Shop) -> None:
        found = makegood("terminate", shop.agreement, "--on", "2026-06-01", "--service", "till", "--json").json
        assert (found["amount"], found["currency"], found["service"]) == ("1250.00", "EUR", "till")

    def test_refuses_a_service_that_there_is_not(self, shop: Shop) -> None:
        answer = makegood("terminate", shop.agreement, "--on", "2026-06-01", "--service", "bread")
        assert (answer.code, answer.out) == (2, "")
        assert "There is no service bread." in answer.err
