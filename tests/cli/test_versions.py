"""An agreement that is amended, from the first text to the verified bundle."""

from __future__ import annotations

import hashlib
import json
import zipfile
from datetime import UTC, datetime
from pathlib import Path
from typing import ClassVar

import pytest

from makegood.engine.agreement.document import read
from makegood.vault.book import Book
from makegood.vault.settling import settle_due
from makegood.vault.vault import Vault
from tests.cli.door import AGREEMENT, DOWN, UP, Answer, Shop, makegood

SECOND_OUTAGE = {
    **DOWN,
    "source_id": "3",
    "start": "2026-03-20T17:00:00+01:00",
    "end": "2026-03-20T18:00:00+01:00",
    "incident": "INC-8",
}


def digest(text: str) -> str:
    return hashlib.sha256(text.encode()).hexdigest()


def amended(text: str, effective: str, *, version: int = 2, more: str = "") -> str:
    """Return a version in which a bad month costs twice as much, and the fee is higher."""
    head = f"amendment: {{version: {version}, effective: {effective}, amends: {digest(text)[:16]}{more}}}\n"
    changed = text.replace("credit: 5%", "credit: 10%").replace("monthly: 1200.00", "monthly: 1550.00")
    return head + changed.replace("credit: 25%", f"credit: {20 + 10 * version}%")


@pytest.fixture
def shop(tmp_path: Path) -> Shop:
    shop = Shop(tmp_path)
    shop.agreement.write_text(AGREEMENT, encoding="utf-8")
    assert shop.bring(UP, DOWN, SECOND_OUTAGE).code == 0
    return shop


def with_amendment(shop: Shop, text: str, name: str = "second.yaml") -> Path:
    path = shop.folder / name
    path.write_text(text, encoding="utf-8")
    return path


def run(shop: Shop, word: str, agreement: Path, *more: str | Path) -> Answer:
    return makegood(word, agreement, "--vault", shop.vault, *more)


class TestAnAmendment:
    def test_goes_on_with_the_book_and_cuts_the_month_in_which_it_comes_into_force(self, shop: Shop) -> None:
        assert shop("settle", "--as-of", "2026-03-10").code == 0
        second = with_amendment(shop, amended(AGREEMENT, "2026-03-15"))
        answer = run(shop, "settle", second, "--as-of", "2026-04-20", "--json")
        assert answer.code == 0, answer.err
        lines = [
            (posting["id"], posting["amount"]) for each in answer.json["statements"] for posting in each["postings"]
        ]
        # One hour of 100 is exactly 99 %: 5 % of 14/31 of 1,200.00. One hour of 120: 10 % of 17/31 of 1,550.00.
        assert lines == [
            ("2026-03.v1/till-availability", "27.10 EUR"),
            ("2026-03.v2/till-availability", "85.00 EUR"),
        ]

    def test_is_explained_by_the_text_of_its_time(self, shop: Shop) -> None:
        second = with_amendment(
            shop, amended(AGREEMENT, "2026-03-15").replace("can be used whenever", "works whenever")
        )
        assert run(shop, "settle", second, "--as-of", "2026-04-20").code == 0
        first = run(shop, "explain", Path("2026-03.v1/till-availability"), second)
        assert "can be used whenever" in first.out
        later = run(shop, "explain", Path("2026-03.v2/till-availability"), second)
        assert "works whenever" in later.out
        assert "in which this version is in force on 17 of 31 days" in later.out

    def test_is_verified_with_every_version_in_the_bundle(self, shop: Shop) -> None:
        assert shop("settle", "--as-of", "2026-03-10").code == 0
        second = with_amendment(shop, amended(AGREEMENT, "2026-03-15"))
        assert run(shop, "settle", second, "--as-of", "2026-04-20").code == 0
        bundle = shop.folder / "till.bundle"
        assert run(shop, "bundle", second, "--to", bundle).code == 0
        answer = makegood("verify", bundle)
        assert answer.code == 0, answer.out
        assert "bakery-till, version 2" in answer.out
        assert "versions/1.yaml" in zipfile.ZipFile(bundle).namelist()
        assert makegood("judge", bundle, "--period", "2026-03.v2").code == 0

    def test_is_reported_with_outcomes_that_it_took_away(self, shop: Shop) -> None:
        text = amended(AGREEMENT, "2026-03-15").replace("till-availability:", "till-uptime:")
        second = with_amendment(shop, text)
        assert run(shop, "settle", second, "--as-of", "2026-04-20").code == 0
        answer = run(shop, "report", second, "--to", shop.folder / "report")
        assert answer.code == 0, answer.err
        page = next((shop.folder / "report").glob("*.html")).read_text(encoding="utf-8")
        assert "till-uptime" in page
        assert "till-availability" in page

    def test_is_found_by_its_folder(self, shop: Shop) -> None:
        with_amendment(shop, amended(AGREEMENT, "2026-03-15"))
        answer = run(shop, "settle", shop.folder, "--as-of", "2026-04-20", "--dry-run", "--json")
        assert answer.json["statements"][-1]["in_period"] == "2026-03.v2"

    @pytest.mark.parametrize("line", ['"makegood": agreement/1', "makegood:  'agreement/1'"])
    def test_is_found_however_its_first_line_is_quoted(self, shop: Shop, line: str) -> None:
        first = AGREEMENT.replace("makegood: agreement/1", line)
        shop.agreement.write_text(first, encoding="utf-8")
        second = with_amendment(shop, amended(first, "2026-03-15"))
        assert run(shop, "settle", second, "--as-of", "2026-04-20").code == 0

    def test_may_be_amended_again(self, shop: Shop) -> None:
        second = amended(AGREEMENT, "2026-03-15")
        with_amendment(shop, second)
        third = amended(second.split("\n", 1)[1], "2026-03-20", version=3).replace(
            digest(second.split("\n", 1)[1])[:16], digest(second)[:16]
        )
        path = with_amendment(shop, third, "third.yaml")
        answer = run(shop, "judge", path, "--as-of", "2026-05-01", "--json")
        assert [each["period"]["label"] for each in answer.json["judgements"]] == [
            *("2026-01", "2026-02", "2026-03.v1", "2026-03.v2", "2026-03.v3", "2026-04"),
        ]


class TestWhatReachesBack:
    def test_is_refused(self, shop: Shop) -> None:
        assert shop("settle", "--as-of", "2026-04-20").code == 0
        second = with_amendment(shop, amended(AGREEMENT, "2026-03-01"))
        answer = run(shop, "settle", second, "--as-of", "2026-04-21")
        assert answer.code == 3
        assert "2026-03 was closed under version 1, and version 2 would govern it" in answer.err

    def test_restates_closed_periods_if_that_is_agreed(self, shop: Shop) -> None:
        assert shop("settle", "--as-of", "2026-04-20").code == 0
        second = with_amendment(shop, amended(AGREEMENT, "2026-03-01", more=", retroactive: true"))
        answer = run(shop, "settle", second, "--as-of", "2026-04-21", "--json")
        assert [(each["id"], each["amount"]) for each in answer.json["statements"][0]["postings"]] == [
            ("2026-03/till-availability/2", "95.00 EUR")
        ]
        bundle = shop.folder / "till.bundle"
        assert run(shop, "bundle", second, "--to", bundle).code == 0
        assert makegood("verify", bundle).code == 0

    def test_cuts_no_statement_in_two(self, shop: Shop) -> None:
        assert shop("settle", "--as-of", "2026-04-20").code == 0
        second = with_amendment(shop, amended(AGREEMENT, "2026-03-15", more=", retroactive: true"))
        answer = run(shop, "settle", second, "--as-of", "2026-04-21")
        assert answer.code == 3
        assert "2026-03 is closed, and version 2 would cut it in two or leave it out" in answer.err


class TestAChainThatDoesNotHold:
    def test_lacks_a_text(self, shop: Shop) -> None:
        second = with_amendment(shop, amended(AGREEMENT + "# signed\n", "2026-03-15"))
        answer = run(shop, "judge", second)
        assert answer.code == 1
        assert "MG710" in answer.out

    def test_is_left_by_the_earlier_text_alone(self, shop: Shop) -> None:
        second = with_amendment(shop, amended(AGREEMENT, "2026-03-15"))
        assert run(shop, "settle", second, "--as-of", "2026-04-20").code == 0
        answer = shop("settle", "--as-of", "2026-05-20")
        assert answer.code == 3
        assert "is not the text that was settled" in answer.err

    def test_changes_what_never_changes(self, shop: Shop) -> None:
        text = amended(AGREEMENT, "2026-03-15").replace("currency: EUR", "currency: CHF")
        answer = run(shop, "judge", with_amendment(shop, text))
        assert answer.code == 1
        assert "MG712 error: the currency was EUR and would become CHF" in answer.out

    def test_has_two_ends(self, shop: Shop) -> None:
        with_amendment(shop, amended(AGREEMENT, "2026-03-15"))
        with_amendment(shop, amended(AGREEMENT, "2026-04-15"), "other.yaml")
        answer = run(shop, "judge", shop.folder)
        assert answer.code == 2
        assert "MG713" in answer.out

    def test_is_none_in_a_folder_without_agreements(self, shop: Shop, tmp_path: Path) -> None:
        empty = tmp_path / "empty"
        empty.mkdir()
        (empty / "notes.yaml").write_text("notes: none\n", encoding="utf-8")
        answer = run(shop, "judge", empty)
        assert answer.code == 2
        assert "it has none" in answer.err


class TestDiff:
    def test_says_what_changed_in_words_and_in_money(self, shop: Shop) -> None:
        second = with_amendment(shop, amended(AGREEMENT, "2026-03-15"))
        answer = makegood("diff", shop.agreement, second, "--vault", shop.vault, "--as-of", "2026-05-01")
        assert answer.code == 0, answer.err
        assert "services.till.fee.monthly: 1,200 becomes 1,550" in answer.out
        assert "+ below 99 % | 40 % of the base" in answer.out
        form = makegood(
            *("diff", shop.agreement, second, "--vault", shop.vault, "--as-of", "2026-05-01", "--json")
        ).json
        assert [(each["period"], each["difference"]) for each in form["periods"]] == [
            *(("2026-01", "0.00 EUR"), ("2026-02", "0.00 EUR"), ("2026-03", "95.00 EUR"), ("2026-04", "0.00 EUR")),
        ]

    def test_of_a_text_with_itself_is_nothing(self, shop: Shop) -> None:
        assert makegood("diff", shop.agreement, shop.agreement).out == "No term differs.\n"

    def test_compares_no_money_of_periods_to_come(self, shop: Shop) -> None:
        answer = makegood("diff", shop.agreement, shop.agreement, "--vault", shop.vault, "--as-of", "2026-01-02")
        assert "nothing to compare in money" in answer.out


UNDERPINNING = """\
makegood: agreement/1
agreement: hosting-2026
title: Hosting of the till
kind: underpinning
parties: {provider: hosting, customer: till-care}
term: {from: 2026-01-01, months: 6, timezone: Europe/Berlin}
money: {currency: EUR}
services: {till: {title: The host of the till, critical: true}}
outcomes:
  till-availability:
    promise: The host is up.
    measure: {kind: availability, of: till}
    target: ">= 99.5%"
    stake: {of: 30.00 EUR}
"""
CAUSES = [
    {
        "kind": "attribution",
        "source": "review",
        "source_id": "1",
        "incident": "INC-7",
        "party": "hosting",
        "share": "3/4",
    },
    {
        "kind": "attribution",
        "source": "review",
        "source_id": "2",
        "incident": "INC-7",
        "party": "till-care",
        "share": "1/4",
    },
]


class TestClaims:
    def test_are_the_smaller_of_what_was_caused_and_what_is_owed(self, shop: Shop) -> None:
        assert shop.bring(*CAUSES).code == 0
        hosting = with_amendment(shop, UNDERPINNING, "hosting.yaml")
        words = ("claims", shop.agreement, hosting, "--vault", shop.vault, "--as-of", "2026-04-20")
        (found,) = makegood(*words, "--json").json["recoveries"]
        assert found["customer_credit"] == "60.00 EUR"
        assert found["attributed"] == {"hosting": "22.50 EUR", "till-care": "7.50 EUR", "unattributed": "30.00 EUR"}
        assert [(each["claim"], each["own_credit"], each["deadline"]) for each in found["claims"]] == [
            ("0.00 EUR", "0.00 EUR", "2026-05-07T22:00:00Z")
        ]
        assert found["leakage"] == "60.00 EUR"

    def test_are_no_more_than_what_was_caused(self, shop: Shop) -> None:
        assert shop.bring(*CAUSES).code == 0
        hosting = with_amendment(shop, UNDERPINNING.replace("99.5%", "99.9%"), "hosting.yaml")
        words = ("claims", shop.agreement, hosting, "--vault", shop.vault, "--as-of", "2026-05-20")
        (found,) = makegood(*words, "--json").json["recoveries"]
        assert [(each["claim"], each["own_credit"]) for each in found["claims"]] == [("22.50 EUR", "30.00 EUR")]
        answer = makegood(*words)
        assert "Of 60.00 EUR credited, 22.50 EUR can be claimed; 37.50 EUR stays with the provider." in answer.out
        assert "Deadlines that have passed: 1." in answer.out

    def test_come_with_what_is_loose_between_the_agreements(self, shop: Shop) -> None:
        hosting = with_amendment(shop, UNDERPINNING, "hosting.yaml")
        answer = makegood("claims", shop.agreement, hosting, "--vault", shop.vault, "--as-of", "2026-04-20")
        assert answer.code == 0
        assert "MG724 warning: >= 99.5 % carries till-availability, which was sold with >= 99.9 %" in answer.out
        assert "Of 60.00 EUR credited, 0.00 EUR can be claimed; 60.00 EUR stays with the provider." in answer.out

    def test_are_none_before_a_period_is_closed(self, shop: Shop) -> None:
        hosting = with_amendment(shop, UNDERPINNING, "hosting.yaml")
        answer = makegood("claims", shop.agreement, hosting, "--vault", shop.vault, "--as-of", "2026-03-01")
        assert answer.out.endswith("Nothing to claim: no period that may be closed has a credit.\n")

    def test_are_refused_between_two_currencies(self, shop: Shop) -> None:
        text = UNDERPINNING.replace("EUR", "CHF")
        answer = makegood(
            *("claims", shop.agreement, with_amendment(shop, text, "hosting.yaml"), "--vault", shop.vault)
        )
        assert answer.code == 1
        assert "MG730" in answer.out

    def test_are_checked_beforehand(self, shop: Shop) -> None:
        hosting = with_amendment(shop, UNDERPINNING, "hosting.yaml")
        answer = makegood("check", shop.agreement, "--with", hosting)
        assert answer.code == 0
        assert "MG724" in answer.out
        assert "2 documents: 0 errors, 1 warning, 0 notes." in answer.out


class TestShares:
    SHARES = """\
value_shares:
  network:
    of: 10.00 EUR
    decided_by: the board
    allocations: [{from: 2026-01-01, shares: {north: 2, south: 1}}]
"""

    def test_are_stated_for_each_member(self, shop: Shop) -> None:
        shop.agreement.write_text(AGREEMENT + self.SHARES, encoding="utf-8")
        answer = makegood("shares", shop.agreement, "--period", "2026-02", "--json")
        assert [(each["member"], each["amount"]) for each in answer.json["shares"]] == [
            ("north", "6.67 EUR"),
            ("south", "3.33 EUR"),
        ]

    def test_say_who_decided(self, shop: Shop) -> None:
        shop.agreement.write_text(AGREEMENT + self.SHARES, encoding="utf-8")
        answer = makegood("shares", shop.agreement, "--period", "2026-02", "--member", "north", "--why")
        assert "as the board decided from 2026-01-01 on" in answer.out
        assert "south" not in answer.out

    @pytest.mark.parametrize("words", [(), ("--member", "west")])
    def test_are_refused_where_nothing_is_shared(self, words: tuple[str, ...], shop: Shop) -> None:
        answer = makegood("shares", shop.agreement, *words)
        assert answer.code == 2
        assert "shares no value" in answer.err


class TestADispute:
    OUT_OF_HOURS: ClassVar = {
        "kind": "correction",
        "source": "disputes",
        "source_id": "1",
        "of": "probe",
        "corrects": "2",
        "reason": "The probe was broken.",
        "by": "till-care",
    }

    def test_that_comes_too_late_changes_nothing_unless_it_is_agreed(self, shop: Shop) -> None:
        """March was closed in April; records are recorded now, long after the last day on which it could be disputed."""
        document = read(shop.agreement.read_bytes())
        assert document.agreement is not None
        vault = Vault.open(shop.vault)
        april = datetime(2026, 4, 20, tzinfo=UTC)
        settle_due(
            document=document,
            agreement=document.agreement,
            vault=vault,
            book=Book.open(vault, "bakery-till"),
            due_at=april,
            now=april,
        )
        assert shop.bring(self.OUT_OF_HOURS).code == 0
        late = shop("judge", "--period", "2026-03", "--json").json["judgements"][0]["verdicts"][0]
        assert len(late["misses"]) == 2
        told = shop("settle", "--as-of", "2026-04-20").out
        assert "The dispute disputes#1 came too late and nobody agreed to it; it does not count." in told
        agreed = {**self.OUT_OF_HOURS, "source_id": "2", "agreed_by": "M. Baker"}
        assert shop.bring(agreed).code == 0
        found = shop("judge", "--period", "2026-03", "--json").json["judgements"][0]["verdicts"][0]
        assert len(found["misses"]) == 1

    def test_is_no_dispute_if_nobody_of_the_parties_says_so(self, shop: Shop) -> None:
        assert shop.bring({**self.OUT_OF_HOURS, "by": "probe-tool"}).code == 0
        found = shop("judge", "--period", "2026-03", "--json").json["judgements"][0]["verdicts"][0]
        assert len(found["misses"]) == 1
        assert json.dumps(found["misses"]).count("INC-8") == 1
