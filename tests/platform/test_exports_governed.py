"""The lists of governance, web hooks and receivers as files: what is in them, and for whom they are not there."""

from __future__ import annotations

from datetime import date

import pytest
from django.test import Client

from makegood.platform.agreement.contracts.models import Contract
from makegood.platform.evidence.intake.models import Reception
from makegood.platform.evidence.intake.operations import make_receiver
from makegood.platform.review.governance.operations import (
    agree_action,
    decide_change,
    grant_access,
    keep_policy,
    mark_duty,
    propose_change,
    show_assurance,
    write_minutes,
)
from makegood.platform.review.governance.queries import meeting
from makegood.platform.tenancy.hooks.models import Event
from makegood.platform.tenancy.hooks.operations import make_hook, send_test
from makegood.platform.tenancy.viewer import Role
from tests.platform.agreements import owner, sponsor
from tests.platform.evidence import sent, up
from tests.platform.governing import governed
from tests.platform.people import NOW, days_to, house, organisation
from tests.platform.test_exports import signed_in, table

pytestmark = pytest.mark.django_db
HERE = "agreements/acme-shop/export/"


@pytest.fixture
def contract(settings: object) -> Contract:
    settings.DAYS_SHIFTED = days_to(NOW)  # type: ignore[attr-defined]
    return governed()


def manager() -> Client:
    return signed_in("Sam", "northwind-it", Role.SERVICE_MANAGER)


def customer(role: Role = Role.SPONSOR) -> Client:
    return signed_in(f"Ada {role.value}", "acme", role)


def governing(contract: Contract) -> None:
    """Hold a meeting, agree an action, and let a change and an access be there."""
    held = meeting(viewer=owner(), contract=contract, key="review-2026-02-13")
    assert held is not None
    said = {"text": "We buy a disk.", "attendees": "Ada, Sam", "agenda": []}
    write_minutes(meeting=held, **said, by=owner(), now=NOW)  # type: ignore[arg-type]
    asked = {"text": "Buy a disk.", "owner": "Ada", "side": contract.customer_id, "due_date": date(2026, 4, 1)}
    agree_action(meeting=held, **asked, by=owner(), now=NOW)  # type: ignore[arg-type]
    change = propose_change(contract=contract, text="A second till.", amount=-5000, by=owner(), now=NOW)
    decide_change(change=change, approve=True, by=sponsor(), now=NOW)
    told = {"who": "Sam", "what": "The shop", "way": "VPN", "until": date(2026, 4, 1)}
    grant_access(contract=contract, **told, by=owner(), now=NOW)  # type: ignore[arg-type]
    mark_duty(
        contract=contract, duty="power", standing="UNMET", since=date(2026, 3, 1), note="It fails.", by=owner(), now=NOW
    )


class TestTheListsOfGovernance:
    def test_are_the_same_for_both_sides(self, contract: Contract) -> None:
        governing(contract)
        for who, site in ((manager(), "console"), (customer(), "portal"), (customer(Role.MANAGER), "portal")):
            heads, *rows = table(who, f"/{site}/{HERE}meetings.csv")
            assert heads == ["meeting", "kind", "due_date", "day", "first_day", "last_day", "held"]
            assert [row[0] for row in rows if row[-1] == "True"] == ["review-2026-02-13"]
            assert len(rows) > 6
            assert table(who, f"/{site}/{HERE}agreed-actions.csv")[1][:4] == [
                "acme",
                "review-2026-02-13",
                "Buy a disk.",
                "Ada",
            ]
            assert table(who, f"/{site}/{HERE}accesses.csv")[1][:5] == [
                "acme-shop",
                "Sam",
                "The shop",
                "VPN",
                "2026-04-01",
            ]
            assert table(who, f"/{site}/{HERE}unresolved.csv")[1][:2] == ["Duty not met", "Power is there."]

    def test_say_of_duties_what_was_said_last(self, contract: Contract) -> None:
        governing(contract)
        heads, contact, power = table(customer(), f"/portal/{HERE}duties.csv")
        assert heads[:5] == ["duty", "text", "outcomes", "due", "evidence"]
        assert contact == [
            "contact",
            "Somebody can be reached at any hour.",
            "open",
            "",
            "The list of contacts",
            *([""] * 4),
            "False",
        ]
        assert power[5:] == ["UNMET", "2026-03-01", "It fails.", "Olga", "False"]

    def test_have_prices_of_changes_for_those_who_see_money(self, contract: Contract) -> None:
        governing(contract)
        heads, row = table(customer(), f"/portal/{HERE}scope-changes.csv")
        assert heads[-3:] == ["version", "amount", "currency"]
        assert (row[:4], row[-3:]) == (["A second till.", "APPROVED", "northwind-it", "Olga"], ["", "-5000", "EUR"])
        heads, row = table(signed_in("Edith", "northwind-it", Role.ENGINEER), f"/console/{HERE}scope-changes.csv")
        assert (heads[-1], row[-1]) == ("version", "")

    def test_are_not_there_for_users_and_strangers(self, contract: Contract) -> None:
        strangers = (customer(Role.USER), signed_in("Gus", "globex", Role.SPONSOR))
        for what in ("unresolved", "meetings", "duties", "agreed-actions", "scope-changes", "accesses"):
            for who in strangers:
                assert who.get(f"/portal/{HERE}{what}.csv").status_code == 404
        assert strangers[0].get("/portal/export/accesses.csv").status_code == 404
        assert table(strangers[1], "/portal/export/accesses.csv")[1:] == []

    def test_are_offered_where_they_are_shown(self, contract: Contract) -> None:
        governing(contract)
        for page, what in (
            ("", "unresolved"),
            ("", "meetings"),
            ("", "agreed-actions"),
            ("duties/", "duties"),
            ("changes/", "scope-changes"),
            ("access/", "accesses"),
        ):
            for who, site in ((manager(), "console"), (customer(), "portal")):
                shown = who.get(f"/{site}/agreements/acme-shop/governance/{page}").content.decode()
                assert f'href="/{site}/{HERE}{what}.xlsx"' in shown


class TestWhatTheHouseKeeps:
    def test_is_a_file_for_those_who_keep_it(self, contract: Contract) -> None:
        said = {"title": "Liability", "insurer": "Allianz", "amount": 100_000_000, "currency": "EUR"}
        keep_policy(organisation=house(), **said, until=date(2026, 5, 1), by=owner(), now=NOW)  # type: ignore[arg-type]
        show_assurance(
            kind="TEST", title="Restore", words="An hour.", day=date(2026, 1, 1), until=None, by=owner(), now=NOW
        )
        assert table(manager(), "/console/export/insurances.csv")[1][:5] == [
            "northwind-it",
            "Liability",
            "Allianz",
            "100000000",
            "EUR",
        ]
        assert table(manager(), "/console/export/expiring.csv")[1] == [
            "Insurance",
            "Liability (Northwind IT)",
            "2026-05-01",
            "52",
        ]
        for who, site in ((manager(), "console"), (customer(Role.USER), "portal")):
            assert table(who, f"/{site}/export/assurances.csv")[1] == ["TEST", "Restore", "An hour.", "2026-01-01", ""]
        shown = manager().get("/console/assurance/").content.decode()
        for what in ("insurances", "assurances", "expiring"):
            assert f'href="/console/export/{what}.parquet"' in shown
        assert 'href="/portal/export/assurances.csv"' in customer().get("/portal/trust/").content.decode()

    def test_is_not_there_for_others(self, contract: Contract) -> None:
        engineer = signed_in("Edith", "northwind-it", Role.ENGINEER)
        for what in ("insurances", "assurances", "expiring"):
            assert engineer.get(f"/console/export/{what}.csv").status_code == 404
        for what in ("insurances", "expiring"):
            assert customer().get(f"/portal/export/{what}.csv").status_code == 404


class TestWebHooks:
    def made(self) -> tuple[int, str]:
        address = "https://hooks.example/a-secret-path"
        hook, secret = make_hook(
            organisation=organisation("acme"), address=address, events=[Event.DISPUTE_RAISED], by=sponsor(), now=NOW
        )
        send_test(hook=hook, by=sponsor(), now=NOW)
        return hook.pk, secret

    def test_are_listed_by_their_hosts_and_without_secrets(self, contract: Contract) -> None:
        number, secret = self.made()
        here = "organisation/acme/"
        ada = signed_in("Ada", "acme", Role.SPONSOR)
        heads, row = table(ada, f"/portal/{here}export/hooks.csv")
        assert (heads[0], row[:5]) == ("hook", [str(number), "hooks.example", "dispute.raised", "ACTIVE", "Ada"])
        assert table(signed_in("Olga", "northwind-it", Role.OWNER), "/console/organisations/acme/export/hooks.csv") == [
            heads,
            row,
        ]
        heads, row = table(ada, f"/portal/{here}hooks/{number}/deliveries.csv")
        assert heads == ["number", "event", "state", "tries", "status", "trouble", "made_at", "tried_at"]
        assert row[1:4] == ["hook.test", "WAITING", "0"]
        files = ("export/hooks.{}", f"hooks/{number}/deliveries.{{}}")
        for ending in ("csv", "xlsx", "parquet"):
            for file in files:
                content = ada.get(f"/portal/{here}{file.format(ending)}").content
                assert secret.encode() not in content
                assert b"a-secret-path" not in content
        shown = ada.get(f"/portal/{here}hooks/{number}/").content.decode()
        assert f'href="/portal/{here}hooks/{number}/deliveries.csv"' in shown
        assert f'href="/portal/{here}export/hooks.csv"' in ada.get(f"/portal/{here}hooks/").content.decode()

    def test_are_not_there_for_others(self, contract: Contract) -> None:
        number, _secret = self.made()
        here = "portal/organisation/acme/"
        gus = signed_in("Gus", "globex", Role.SPONSOR)
        for who, status in ((customer(Role.MANAGER), 404), (gus, 404)):
            for file in ("export/hooks.csv", f"hooks/{number}/deliveries.csv"):
                assert who.get(f"/{here}{file}").status_code == status
        assert gus.get(f"/portal/organisation/globex/hooks/{number}/deliveries.csv").status_code == 404
        ada = signed_in("Ada", "acme", Role.SPONSOR)
        assert ada.get(f"/{here}hooks/{number}/deliveries.exe").status_code == 404
        assert manager().get("/console/organisations/acme/export/hooks.csv").status_code == 404


class TestReceivers:
    def test_are_listed_with_what_came_and_without_secrets(self, contract: Contract) -> None:
        made, secret = make_receiver(
            contract=contract, name="watch", scheme="STANDARD", mapping="", rows="", by=owner(), now=NOW
        )
        batch = sent(contract, up("2026-03-10T09:00:00Z", "2026-03-10T10:00:00Z"))
        Reception.objects.create(receiver=made, at=NOW, size=10, refused="It is not signed.")
        Reception.objects.create(receiver=made, at=NOW, size=20, batch=batch)
        receivers = f"/console/{HERE}receivers"
        receptions = f"/console/agreements/acme-shop/receivers/{made.pk}/receptions"
        assert table(manager(), f"{receivers}.csv")[1][:3] == ["Olga", "watch", "STANDARD"]
        heads, taken, refused = table(manager(), f"{receptions}.csv")
        assert heads == ["at", "size", "batch", "records", "refused_rows", "refused"]
        assert taken[1:] == ["20", str(batch.pk), "2", "0", ""]
        assert refused[1:] == ["10", "", "", "", "It is not signed."]
        for file in (receivers, receptions):
            for ending in ("csv", "xlsx", "parquet"):
                content = manager().get(f"{file}.{ending}").content
                assert secret.encode() not in content
                assert made.token.encode() not in content
        page = manager().get(f"/console/agreements/acme-shop/receivers/{made.pk}/").content.decode()
        assert f'href="{receptions}.csv"' in page
        page = manager().get("/console/agreements/acme-shop/receivers/").content.decode()
        assert f'href="{receivers}.csv"' in page

    def test_are_not_there_for_others(self, contract: Contract) -> None:
        made, _secret = make_receiver(
            contract=contract, name="watch", scheme="STANDARD", mapping="", rows="", by=owner(), now=NOW
        )
        assert customer().get(f"/portal/{HERE}receivers.csv").status_code == 404
        engineer = signed_in("Edith", "northwind-it", Role.ENGINEER)
        for address in (f"{HERE}receivers.csv", f"agreements/acme-shop/receivers/{made.pk}/receptions.csv"):
            assert engineer.get(f"/console/{address}").status_code == 404
