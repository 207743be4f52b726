from __future__ import annotations

import pytest
from django.test import Client

from makegood.platform.agreement.contracts import operations
from makegood.platform.agreement.contracts.models import Contract, Version
from makegood.platform.tenancy.access.models import Person
from makegood.platform.tenancy.viewer import Role
from tests.platform.agreements import TEXT, active, amendment, drafted, offered, owner, service_manager, sponsored
from tests.platform.people import NOW, house, organisation, person

pytestmark = pytest.mark.django_db


def signed_in(who: Person) -> Client:
    client = Client()
    client.force_login(who)
    return client


def manager() -> Client:
    return signed_in(person("Sam", house(), Role.SERVICE_MANAGER))


def ada() -> Client:
    return signed_in(person("Ada", organisation("acme"), Role.SPONSOR))


def version_of(contract: Contract) -> Version:
    return contract.versions.order_by("-pk")[0]


class TestTheList:
    def test_says_state_and_next_step(self) -> None:
        page = manager().get("/console/agreements/").content.decode()
        assert "There is no agreement yet." in page
        offered()
        page = manager().get("/console/agreements/").content.decode()
        assert "The web shop of Acme" in page
        assert "Waiting for the signature of Northwind IT and Acme." in page

    def test_asks_the_database_as_often_for_many_as_for_one(self, django_assert_num_queries: object) -> None:
        client = manager()
        drafted()
        client.get("/console/agreements/")
        for number in range(5):
            text = TEXT.replace("acme-shop", f"acme-{number}")
            operations.draft_contract(text=text, by=service_manager(), now=NOW)
        from django.db import connection
        from django.test.utils import CaptureQueriesContext

        with CaptureQueriesContext(connection) as asked:
            client.get("/console/agreements/")
        assert len([each for each in asked if "contracts_" in each["sql"]]) == 4


class TestWriting:
    def test_begins_from_a_template_with_the_parties_filled_in(self) -> None:
        organisation("acme", "Acme AG")
        client = manager()
        assert "Managed backup and recovery" in client.get("/console/new-agreement/").content.decode()
        begin = {"template": "managed-backup", "other": "acme", "side": "provider", "title": "Backup for Acme"}
        answer = client.post(
            "/console/new-agreement/", begin | {"identifier": "acme-backup", "first_day": "2026-05-01"}
        )
        assert answer.status_code == 200
        text = answer.context["text"]
        assert "agreement: acme-backup\n" in text
        assert "customer: {id: acme, name: Acme AG}" in text
        assert "term: {from: 2026-05-01, months: 24" in text
        assert Contract.objects.count() == 0
        kept = client.post("/console/new-agreement/", {"text": text, "action": "save"})
        assert kept.headers["location"] == "/console/agreements/acme-backup/terms/"
        assert Contract.objects.get().customer.name == "Acme AG"

    def test_wants_what_is_missing_to_begin(self) -> None:
        organisation("acme")
        answer = manager().post("/console/new-agreement/", {"template": "managed-backup", "other": "nobody"})
        assert answer.status_code == 422
        assert "This field is required." in answer.content.decode()

    def test_of_everything_that_is_no_text_at_all_is_survived(self) -> None:
        client = manager()
        for text in ("", "a: [", "- 1\n- 2", "[" * 500, "makegood: agreement/1\nterm: &a [*a]"):
            answer = client.post("/console/agreement-findings/", {"text": text})
            assert answer.status_code == 200
            assert "keep" in answer.content.decode()
            assert client.post("/console/new-agreement/", {"text": text, "action": "save"}).status_code == 422

    def test_shows_findings_with_place_hint_and_line(self) -> None:
        text = TEXT.replace('">= 99.9%"', '"99.9%"')
        page = manager().post("/console/agreement-findings/", {"text": text}).content.decode()
        assert "line 14, column 13" in page
        assert "<code>target: &quot;99.9%&quot;</code>" in page
        assert "1 error keeps it from being offered." in page

    def test_takes_over_what_changed_in_the_form_and_leaves_the_rest_as_typed(self) -> None:
        contract = drafted()
        client, version = manager(), version_of(contract)
        address = f"/console/agreements/acme-shop/versions/{version.pk}/edit/"
        page = client.get(address).content.decode()
        assert 'name="set-outcomes.open.stake.tiers[0].credit" value="10%"' in page
        sent = {
            "text": TEXT + "# a note\n",
            "action": "save",
            "was-outcomes.open.stake.tiers[0].credit": "10%",
            "set-outcomes.open.stake.tiers[0].credit": "20%",
            "was-title": "The web shop of Acme",
            "set-title": "The web shop of Acme",
        }
        assert client.post(address, sent).status_code == 302
        version.refresh_from_db()
        assert version.text == TEXT.replace("credit: 10%", "credit: 20%") + "# a note\n"

    def test_says_which_value_the_form_cannot_change(self) -> None:
        version = version_of(drafted())
        address = f"/console/agreements/acme-shop/versions/{version.pk}/edit/"
        answer = manager().post(address, {"text": TEXT, "set-term.until": "2027-01-01", "action": "apply"})
        assert answer.status_code == 422
        assert "“term.until” cannot be changed in the form; change it in the text." in answer.content.decode()

    def test_adds_an_outcome_to_the_text(self) -> None:
        version = version_of(drafted())
        address = f"/console/agreements/acme-shop/versions/{version.pk}/edit/"
        answer = manager().post(address, {"text": TEXT, "outcome": "within", "action": "apply"})
        assert "  within-1:\n    promise: Urgent trouble" in answer.context["text"]
        assert answer.context["errors"] == 0
        version.refresh_from_db()
        assert version.text == TEXT

    def test_keeps_a_text_with_errors_but_does_not_offer_it(self) -> None:
        version = version_of(drafted())
        client, broken = manager(), TEXT.replace("EUR", "EURO")
        address = f"/console/agreements/acme-shop/versions/{version.pk}/"
        assert client.post(f"{address}edit/", {"text": broken, "action": "save"}).status_code == 302
        answer = client.post(f"{address}offer/")
        assert answer.status_code == 422
        assert "There is an error in the text: line 7" in answer.content.decode()
        version.refresh_from_db()
        assert (version.state, version.text) == ("DRAFT", broken)


class TestTheTerms:
    def test_lead_from_the_draft_to_an_active_agreement_without_scripts(self) -> None:
        contract = drafted()
        client, sponsor, version = manager(), ada(), version_of(contract)
        address = "/console/agreements/acme-shop/"
        assert client.post(f"{address}versions/{version.pk}/offer/").status_code == 302
        page = client.get(f"{address}terms/").content.decode()
        assert "Add an executive sponsor to the contacts of Acme." in page
        refused = client.post(f"{address}activate/")
        assert refused.status_code == 422
        assert "Have Acme sign." in refused.content.decode()
        sponsored(house(), organisation("acme"))
        assert client.post(f"{address}sources/", {"name": "Probes", "reports": ["shop"]}).status_code == 302
        read = sponsor.get(f"/portal/agreements/acme-shop/versions/{version.pk}/").content.decode()
        assert "The shop is open day and night." in read
        assert version.digest in read
        sign = f"agreements/acme-shop/versions/{version.pk}/sign/"
        assert sponsor.post(f"/portal/{sign}", {"name": "Ada Lovelace"}).status_code == 422
        assert sponsor.post(f"/portal/{sign}", {"name": "Ada Lovelace", "consent": "on"}).status_code == 302
        assert client.post(f"/console/{sign}", {"name": "Sam Smith", "consent": "on"}).status_code == 302
        assert "Signed by both sides: activate it." in client.get(f"{address}terms/").content.decode()
        assert client.post(f"{address}activate/").status_code == 302
        contract.refresh_from_db()
        assert contract.state == "ACTIVE"
        evidence = sponsor.get(f"/portal/agreements/acme-shop/versions/{version.pk}/").content.decode()
        assert "Ada Lovelace" in evidence
        assert "Sam Smith" in evidence

    def test_show_sources_which_can_be_dropped(self) -> None:
        contract = active()
        client, source = manager(), contract.sources.get()
        assert "Probes" in client.get("/console/agreements/acme-shop/terms/").content.decode()
        assert client.post(f"/console/agreements/acme-shop/sources/{source.pk}/drop/").status_code == 302
        assert contract.sources.count() == 0

    def test_end_with_a_reason(self) -> None:
        contract = active()
        assert manager().post("/console/agreements/acme-shop/end/", {"reason": " "}).status_code == 422
        assert manager().post("/console/agreements/acme-shop/end/", {"reason": "moved in-house"}).status_code == 302
        contract.refresh_from_db()
        assert contract.state == "ENDED"

    def test_are_amended_from_the_text_in_force(self) -> None:
        contract = active()
        client = manager()
        text = client.get("/console/agreements/acme-shop/amend/").context["text"]
        digest = version_of(contract).digest
        assert text.startswith(TEXT)
        assert f"amends: {digest}" in text
        new = text.replace("1000.00", "1200.00")
        assert client.post("/console/agreements/acme-shop/amend/", {"text": new, "action": "save"}).status_code == 302
        assert [each.number for each in contract.versions.all()] == [1, 2]
        page = client.get(
            f"/console/agreements/acme-shop/versions/{version_of(contract).pk}/difference/"
        ).content.decode()
        assert "<code>services.shop.fee.monthly</code>" in page
        assert "1,200" in page


class TestStrangers:
    def test_find_nothing_and_change_nothing(self) -> None:
        version = version_of(drafted())
        others = (
            ada(),
            signed_in(person("Bob", organisation("beta"), Role.SPONSOR)),
            signed_in(person("Hans", organisation("hosting-gmbh"), Role.AFFILIATE)),
        )
        for client in others:
            for site in ("console", "portal", "partner"):
                for page in (
                    "terms/",
                    f"versions/{version.pk}/",
                    f"versions/{version.pk}/sign/",
                    f"versions/{version.pk}/work.pdf",
                ):
                    assert client.get(f"/{site}/agreements/acme-shop/{page}").status_code == 404

    def test_who_only_read_do_not_write(self) -> None:
        version = version_of(offered())
        for client in (
            signed_in(person("Eve", house(), Role.ENGINEER)),
            signed_in(person("Max", organisation("acme"), Role.USER)),
        ):
            for page in (f"versions/{version.pk}/withdraw/", "activate/", "end/", f"versions/{version.pk}/sign/"):
                for site in ("console", "portal"):
                    assert (
                        client.post(f"/{site}/agreements/acme-shop/{page}", {"name": "x", "consent": "on"}).status_code
                        == 404
                    )
        version.refresh_from_db()
        assert version.state == "OFFERED"
        assert version.signatures.count() == 0

    def test_reach_no_version_through_another_agreement(self) -> None:
        version = version_of(offered())
        operations.draft_contract(text=TEXT.replace("acme-shop", "other"), by=owner(), now=NOW)
        assert manager().get(f"/console/agreements/other/versions/{version.pk}/").status_code == 404


class TestDocuments:
    @pytest.mark.parametrize(
        ("kind", "title"),
        [("master", "Master agreement"), ("work", "Statement of work"), ("levels", "Service level agreement")],
    )
    def test_are_pages_and_pdf_for_both_sides(self, kind: str, title: str) -> None:
        version = version_of(active())
        for client, site in ((manager(), "console"), (ada(), "portal")):
            address = f"/{site}/agreements/acme-shop/versions/{version.pk}/"
            assert (
                f"<h1>{title}: The web shop of Acme</h1>" in client.get(f"{address}documents/{kind}/").content.decode()
            )
            answer = client.get(f"{address}{kind}.pdf")
            assert answer.headers["content-type"] == "application/pdf"
            assert answer.headers["content-disposition"] == f'attachment; filename="acme-shop-1-{kind}.pdf"'
            assert answer.content.startswith(b"%PDF-")

    def test_have_an_addendum_for_later_versions_only(self) -> None:
        contract = active()
        first = version_of(contract)
        address = "/console/agreements/acme-shop/versions/"
        assert manager().get(f"{address}{first.pk}/documents/addendum/").status_code == 404
        text = amendment(TEXT.replace("1000.00", "1200.00"), digest=first.digest)
        second = operations.amend_contract(contract=contract, text=text, by=owner(), now=NOW)
        page = manager().get(f"{address}{second.pk}/documents/addendum/").content.decode()
        assert "Addendum 1: The web shop of Acme" in page
        assert manager().get(f"{address}{second.pk}/addendum.pdf").content.startswith(b"%PDF-")
        assert manager().get(f"{address}{second.pk}/unknown.pdf").status_code == 404


class TestPageCost:
    def test_of_terms_does_not_grow_with_versions(self) -> None:
        from django.db import connection
        from django.test.utils import CaptureQueriesContext

        contract = active()
        client = manager()
        client.get("/console/agreements/acme-shop/terms/")
        with CaptureQueriesContext(connection) as one:
            client.get("/console/agreements/acme-shop/terms/")
        text = amendment(TEXT, digest=version_of(contract).digest)
        for _ in range(3):
            version = operations.amend_contract(contract=contract, text=text, by=owner(), now=NOW)
            operations.withdraw_version(version=version, by=owner(), now=NOW)
        with CaptureQueriesContext(connection) as four:
            client.get("/console/agreements/acme-shop/terms/")
        assert len(four) == len(one)
