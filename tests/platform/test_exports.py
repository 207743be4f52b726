from __future__ import annotations

import csv
import io
from datetime import UTC, datetime

import pyarrow.parquet as pq
import pytest
from django.test import Client
from openpyxl import load_workbook

from makegood.platform.evidence.intake.operations import propose_exclusion
from makegood.platform.tenancy.viewer import Role
from tests.platform.agreements import active, drafted
from tests.platform.evidence import closed, missed, staff
from tests.platform.people import NOW, house, organisation, person
from tests.platform.world import EXCLUDING


def signed_in(name: str, slug: str, *roles: Role) -> Client:
    client = Client()
    client.force_login(person(name, house() if slug == "northwind-it" else organisation(slug), *roles))
    return client


def table(client: Client, address: str) -> list[list[str]]:
    answer = client.get(address)
    assert answer.status_code == 200, address
    assert answer["Content-Disposition"].startswith("attachment; ")
    return list(csv.reader(io.StringIO(answer.content.decode("utf-8-sig"))))


@pytest.mark.django_db
class TestAList:
    def test_is_the_same_in_every_kind_of_file(self) -> None:
        contract = missed()
        closed(contract)
        sponsor = signed_in("Ada", "acme", Role.SPONSOR)
        address = f"/portal/agreements/{contract.slug}/export/statements"
        heads, *rows = table(sponsor, f"{address}.csv")
        assert heads == ["statement", "issued_at", "in_period", "for_period", "line", "cause", "minor", "currency"]
        assert [(row[3], row[4], row[6], row[7]) for row in rows] == [
            ("2026-01", "open", "1000", "EUR"),
            ("2026-02", "open", "0", "EUR"),
        ]
        sheet = load_workbook(io.BytesIO(sponsor.get(f"{address}.xlsx").content)).active
        assert [[str(cell) if cell is not None else "" for cell in row] for row in sheet.values] == [heads, *rows]
        kept = pq.read_table(io.BytesIO(sponsor.get(f"{address}.parquet").content))
        assert kept.column_names == heads
        assert kept["minor"].to_pylist() == [int(row[6]) for row in rows]

    def test_that_is_empty_has_its_heads(self) -> None:
        contract = drafted()
        owner = signed_in("Olga", "northwind-it", Role.OWNER)
        address = f"/console/agreements/{contract.slug}/export/disputes"
        assert table(owner, f"{address}.csv")[0][:3] == ["raised_at", "period", "outcome"]
        kept = pq.read_table(io.BytesIO(owner.get(f"{address}.parquet").content))
        assert (kept.num_rows, kept.column_names[:2]) == (0, ["raised_at", "period"])

    def test_holds_no_formula(self) -> None:
        contract = active(EXCLUDING)
        propose_exclusion(
            contract=contract,
            cause="maintenance",
            starts_at=datetime(2026, 3, 20, tzinfo=UTC),
            ends_at=datetime(2026, 3, 21, tzinfo=UTC),
            reason='=HYPERLINK("https://evil.example")',
            by=staff(Role.OWNER),
            now=NOW,
        )
        owner = signed_in("Olga", "northwind-it", Role.OWNER)
        heads, row = table(owner, f"/console/agreements/{contract.slug}/export/exclusions.csv")
        assert row[heads.index("reason")] == '\'=HYPERLINK("https://evil.example")'

    def test_of_people_names_those_of_one_organisation(self) -> None:
        house()
        sponsor = signed_in("Ada", "acme", Role.SPONSOR)
        person("Bob", organisation("globex"), Role.SPONSOR)
        heads, *rows = table(sponsor, "/portal/organisation/acme/export/people.csv")
        assert heads == ["name", "email", "role", "since"]
        assert [row[:3] for row in rows] == [["Ada", "ada@acme.example", "SPONSOR"]]
        assert sponsor.get("/portal/organisation/globex/export/people.csv").status_code == 404

    def test_of_the_house_holds_what_exists_for_the_viewer(self) -> None:
        drafted()
        organisation("globex")
        owner = signed_in("Olga", "northwind-it", Role.OWNER)
        slugs = [row[0] for row in table(owner, "/console/export/organisations.csv")[1:]]
        assert slugs == ["acme", "globex", "hosting-gmbh", "northwind-it"]
        assert [row[0] for row in table(owner, "/console/export/agreements.csv")[1:]] == ["acme-shop"]
        bob = signed_in("Bob", "globex", Role.SPONSOR)
        assert table(bob, "/portal/export/agreements.csv")[1:] == []
        assert [row[0] for row in table(bob, "/portal/export/organisations.csv")[1:]] == ["globex"]

    @pytest.mark.parametrize("what", ["mails.csv", "claims.csv", "agreements.exe", "secrets.csv"])
    def test_is_not_there_for_who_may_not_see_it(self, what: str) -> None:
        drafted()
        assert signed_in("Ada", "acme", Role.SPONSOR).get(f"/portal/export/{what}").status_code == 404
