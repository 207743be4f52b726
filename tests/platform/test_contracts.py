from __future__ import annotations

import hashlib
from datetime import date

import pytest
from django.db import DatabaseError, IntegrityError, connection, transaction

from makegood.platform.agreement.contracts import operations, queries
from makegood.platform.agreement.contracts.models import Contract, Signature, Version
from makegood.platform.agreement.contracts.operations import GatesClosed, TextHasErrors, UnableToContract
from makegood.platform.tenancy.messages.models import Message
from makegood.platform.tenancy.trail.models import Entry
from makegood.platform.tenancy.viewer import Role, Site
from tests.platform.agreements import (
    TEXT,
    active,
    amendment,
    drafted,
    offered,
    owner,
    service_manager,
    sponsor,
    sponsored,
)
from tests.platform.people import NOW, house, organisation, person, viewer

pytestmark = pytest.mark.django_db


def ranges(contract: Contract) -> list[tuple[date, date] | None]:
    found = contract.versions.filter(state="ACTIVE").order_by("number").values_list("in_force", flat=True)
    return [None if each is None or each.isempty else (each.lower, each.upper) for each in found]


class TestADraft:
    def test_takes_identifier_title_and_parties_from_its_text(self) -> None:
        contract = drafted()
        assert (contract.slug, contract.title) == ("acme-shop", "The web shop of Acme")
        assert (contract.provider.slug, contract.customer.slug) == ("northwind-it", "acme")
        version = contract.versions.get()
        assert (version.number, version.state) == (1, "DRAFT")
        assert version.digest == hashlib.sha256(TEXT.encode()).hexdigest()
        assert Entry.objects.get(did="draft contract").about == "acme-shop"

    @pytest.mark.parametrize(("_case", "before", "after", "sentence"), [
        ("the house is no party", "provider: northwind-it", "provider: hosting-gmbh", "We are neither provider nor customer of this agreement."),
        ("nobody knows the customer", "customer: acme", "customer: acmee", "There is no organisation acmee; add it first, or correct its identifier."),
        ("it amends another", "money:", "amendment: {version: 2, effective: 2026-03-01, amends: 0123456789abcdef}\nmoney:", "This text amends another; open the agreement that it amends and amend it there."),
    ])  # fmt: skip
    def test_is_refused_and_leaves_nothing(self, _case: str, before: str, after: str, sentence: str) -> None:
        by = service_manager()
        organisation("acme"), organisation("hosting-gmbh")
        with pytest.raises(UnableToContract) as refusal:
            operations.draft_contract(text=TEXT.replace(before, after), by=by, now=NOW)
        assert str(refusal.value) == sentence
        assert Contract.objects.count() == Version.objects.count() == 0
        assert Entry.objects.get(did="draft contract").refused == sentence

    def test_is_refused_under_an_identifier_that_is_taken(self) -> None:
        drafted()
        with pytest.raises(UnableToContract, match="There is an agreement with the identifier acme-shop already"):
            drafted()
        assert Contract.objects.count() == 1

    def test_is_refused_with_every_error_of_its_text(self) -> None:
        text = TEXT.replace('">= 99.9%"', '"99.9%"').replace("currency: EUR", "currency: EURO")
        with pytest.raises(TextHasErrors) as refusal:
            drafted(text)
        assert [each.code for each in refusal.value.findings if each.severity == "error"] == ["MG111", "MG111"]
        assert str(refusal.value).startswith("2 errors are in the text; the first one: line 7: ")

    def test_can_be_rewritten_also_by_what_is_not_ready(self) -> None:
        contract = drafted()
        version = contract.versions.get()
        kept = operations.rewrite_draft(version=version, text="makegood: agreement/1\r\n", by=owner(), now=NOW)
        assert kept.text == "makegood: agreement/1\n"
        assert Contract.objects.get().title == "The web shop of Acme"
        operations.rewrite_draft(version=version, text=TEXT.replace("shop of Acme", "store"), by=owner(), now=NOW)
        assert Contract.objects.get().title == "The web store"

    def test_is_written_by_owner_and_service_managers_only(self) -> None:
        contract = drafted()
        version = contract.versions.get()
        for by in (viewer(person("Eve", house(), Role.ENGINEER), Site.CONSOLE), sponsor()):
            with pytest.raises(UnableToContract, match="Only the owner and service managers write agreements"):
                operations.rewrite_draft(version=version, text="", by=by, now=NOW)
        assert Version.objects.get().text == TEXT

    def test_is_no_business_of_staff_for_other_customers(self) -> None:
        contract = drafted()
        limited = person("Lee", house(), Role.SERVICE_MANAGER)
        limited.memberships.get().customers.set([organisation("beta")])
        by = viewer(limited, Site.CONSOLE)
        with pytest.raises(UnableToContract, match="There is no such agreement for you"):
            operations.withdraw_version(version=contract.versions.get(), by=by, now=NOW)
        with pytest.raises(UnableToContract, match="There is no organisation acme"):
            operations.draft_contract(text=TEXT.replace("acme-shop", "acme-two"), by=by, now=NOW)


class TestAnOffer:
    def test_stays_as_it_is(self) -> None:
        contract = offered()
        with pytest.raises(UnableToContract, match="what was offered stays as it is"):
            operations.rewrite_draft(version=contract.versions.get(), text="", by=owner(), now=NOW)
        with pytest.raises(DatabaseError), transaction.atomic(), connection.cursor() as cursor:
            cursor.execute("UPDATE contracts_version SET text = 'other'")
        with pytest.raises(DatabaseError), transaction.atomic(), connection.cursor() as cursor:
            cursor.execute("DELETE FROM contracts_version")
        with pytest.raises(DatabaseError), transaction.atomic(), connection.cursor() as cursor:
            cursor.execute("UPDATE contracts_version SET state = 'DRAFT'")
        assert Version.objects.get().text == TEXT

    def test_is_not_made_of_a_text_with_errors(self) -> None:
        version = drafted().versions.get()
        operations.rewrite_draft(version=version, text="makegood: agreement/1", by=owner(), now=NOW)
        with pytest.raises(TextHasErrors):
            operations.offer_version(version=version, by=owner(), now=NOW)
        assert Version.objects.get().state == "DRAFT"

    def test_keeps_affiliates_behind_the_house(self) -> None:
        text = TEXT.replace("customer: acme}", "customer: acme, relies_on: [{affiliate: hosting-gmbh}]}")
        contract = drafted(text)
        with pytest.raises(UnableToContract, match="The text names affiliates, which Acme does not see"):
            operations.offer_version(version=contract.versions.get(), by=owner(), now=NOW)
        contract.customer.shows_affiliates = True
        contract.customer.save()
        assert operations.offer_version(version=contract.versions.get(), by=owner(), now=NOW).state == "OFFERED"

    def test_is_seen_by_its_customer_only(self) -> None:
        contract = drafted()
        other = sponsor(organisation("beta"))
        assert list(queries.contracts(viewer=sponsor())) == []
        operations.offer_version(version=contract.versions.get(), by=owner(), now=NOW)
        assert list(queries.contracts(viewer=sponsor())) == [contract]
        assert list(queries.contracts(viewer=other)) == []
        assert list(queries.versions(viewer=other, contract=contract)) == []

    def test_that_was_withdrawn_is_nobodys_and_can_be_written_anew(self) -> None:
        contract = offered()
        version = contract.versions.get()
        operations.withdraw_version(version=version, by=owner(), now=NOW, reason="a wrong price")
        assert list(queries.contracts(viewer=sponsor())) == []
        with pytest.raises(UnableToContract, match="Only a text that is offered can be signed"):
            operations.sign_version(version=version, name="Ada", by=sponsor(), now=NOW)
        again = operations.amend_contract(contract=contract, text=TEXT, by=owner(), now=NOW)
        assert (again.number, again.state) == (1, "DRAFT")


class TestASignature:
    def test_keeps_name_time_address_and_digest(self) -> None:
        version = offered().versions.get()
        made = operations.sign_version(version=version, name="  Ada   Lovelace ", by=sponsor(), now=NOW)
        assert (made.name, made.organisation.slug, made.signed_at, made.address, made.digest) == (
            "Ada Lovelace",
            "acme",
            NOW,
            "192.0.2.1",
            hashlib.sha256(TEXT.encode()).hexdigest(),
        )
        with pytest.raises(DatabaseError), transaction.atomic(), connection.cursor() as cursor:
            cursor.execute("UPDATE contracts_signature SET name = 'Eve'")
        with pytest.raises(UnableToContract, match="Acme has signed this text already"):
            operations.sign_version(version=version, name="Ada", by=sponsor(), now=NOW)

    def test_is_not_for_everybody_to_give(self) -> None:
        version = offered().versions.get()
        others = (
            sponsor(organisation("beta")),
            viewer(person("Max", organisation("acme"), Role.MANAGER), Site.PORTAL),
            viewer(person("Eve", house(), Role.ENGINEER), Site.CONSOLE),
            viewer(person("Hans", organisation("hosting-gmbh"), Role.AFFILIATE), Site.PARTNER),
        )
        for by in others:
            with pytest.raises(UnableToContract, match="It is not for you to sign this agreement"):
                operations.sign_version(version=version, name="Somebody", by=by, now=NOW)
        with pytest.raises(UnableToContract, match="Type your full name"):
            operations.sign_version(version=version, name=" ", by=sponsor(), now=NOW)
        assert Signature.objects.count() == 0

    def test_of_an_affiliate_is_given_for_what_the_house_buys(self) -> None:
        text = TEXT.replace("provider: northwind-it, customer: acme", "provider: hosting-gmbh, customer: northwind-it")
        version = offered(text).versions.get()
        hans = viewer(person("Hans", organisation("hosting-gmbh"), Role.AFFILIATE), Site.PARTNER)
        assert (
            operations.sign_version(version=version, name="Hans", by=hans, now=NOW).organisation.slug == "hosting-gmbh"
        )


class TestActivating:
    def test_needs_all_gates_open(self) -> None:
        contract = offered()
        with pytest.raises(GatesClosed) as refusal:
            operations.activate_contract(contract=contract, by=owner(), now=NOW)
        assert refusal.value.missing == (
            "Add an executive sponsor to the contacts of Northwind IT.",
            "Add an executive sponsor to the contacts of Acme.",
            "Have Northwind IT sign.",
            "Have Acme sign.",
            "Say which source reports “shop”.",
        )
        sponsored(house(), organisation("acme"))
        operations.declare_source(contract=contract, name="Probes", reports=["shop"], by=owner(), now=NOW)
        version = contract.versions.get()
        operations.sign_version(version=version, name="Ada", by=sponsor(), now=NOW)
        with pytest.raises(GatesClosed, match=r"^Have Northwind IT sign\.$"):
            operations.activate_contract(contract=contract, by=owner(), now=NOW)
        operations.sign_version(version=version, name="Olga", by=owner(), now=NOW)
        assert operations.activate_contract(contract=contract, by=owner(), now=NOW).state == "ACTIVE"
        contract.refresh_from_db()
        assert (contract.state, contract.activated_at) == ("ACTIVE", NOW)

    def test_puts_the_version_in_force_for_the_term(self) -> None:
        contract = active()
        assert ranges(contract) == [(date(2026, 1, 1), date(2027, 1, 1))]
        document, terms = queries.terms_of(contract=contract)
        assert (document.text, terms.agreement) == (TEXT, "acme-shop")
        assert list(queries.active_contracts()) == [contract]

    def test_is_what_terms_wait_for(self) -> None:
        with pytest.raises(queries.NotInForce, match="The web shop of Acme is not active"):
            queries.terms_of(contract=offered())


class TestAnAmendment:
    def agreed(self, contract: Contract, text: str, closed: tuple[str, ...] = ()) -> Version:
        version = operations.amend_contract(contract=contract, text=text, by=owner(), now=NOW)
        operations.offer_version(version=version, by=owner(), now=NOW)
        operations.sign_version(version=version, name="Ada", by=sponsor(), now=NOW)
        operations.sign_version(version=version, name="Olga", by=owner(), now=NOW)
        return operations.activate_contract(contract=contract, by=owner(), now=NOW, closed=closed)

    def test_is_in_force_from_its_day_on(self) -> None:
        contract = active()
        first = contract.versions.get()
        text = amendment(TEXT.replace("1000.00", "1200.00"), digest=first.digest)
        second = self.agreed(contract, text)
        assert ranges(contract) == [(date(2026, 1, 1), date(2026, 7, 1)), (date(2026, 7, 1), date(2027, 1, 1))]
        document, terms = queries.terms_of(contract=contract)
        assert (document.digest, len(terms.versions)) == (second.digest, 2)

    def test_that_begins_earlier_leaves_no_day_to_the_one_between(self) -> None:
        contract = active()
        first = contract.versions.get()
        second = self.agreed(contract, amendment(TEXT, digest=first.digest))
        self.agreed(contract, amendment(TEXT, digest=second.digest, number=3, effective="2026-05-01"))
        assert ranges(contract) == [(date(2026, 1, 1), date(2026, 5, 1)), None, (date(2026, 5, 1), date(2027, 1, 1))]

    def test_has_to_follow_from_the_text_in_force(self) -> None:
        contract = active()
        with pytest.raises(UnableToContract, match="Say what the text amends"):
            operations.amend_contract(contract=contract, text=TEXT, by=owner(), now=NOW)
        with pytest.raises(TextHasErrors, match="there is no text with the digest 0000"):
            operations.amend_contract(contract=contract, text=amendment(TEXT, digest="0" * 16), by=owner(), now=NOW)
        digest = contract.versions.get().digest
        text = amendment(TEXT.replace("EUR", "USD"), digest=digest)
        with pytest.raises(TextHasErrors, match="the currency was EUR and would become USD"):
            operations.amend_contract(contract=contract, text=text, by=owner(), now=NOW)
        assert contract.versions.count() == 1

    def test_does_not_reach_into_what_was_settled(self) -> None:
        contract = active()
        text = amendment(TEXT, digest=contract.versions.get().digest, effective="2026-02-01")
        with pytest.raises(UnableToContract, match="The text reaches into what was settled: 2026-02 was closed"):
            self.agreed(contract, text, closed=("2026-01", "2026-02"))
        assert ranges(contract) == [(date(2026, 1, 1), date(2027, 1, 1))]

    def test_is_written_one_at_a_time(self) -> None:
        contract = active()
        text = amendment(TEXT, digest=contract.versions.get().digest)
        operations.amend_contract(contract=contract, text=text, by=owner(), now=NOW)
        with pytest.raises(UnableToContract, match="Another version is open"):
            operations.amend_contract(contract=contract, text=text, by=owner(), now=NOW)

    def test_cannot_overlap_another_in_the_database(self) -> None:
        contract = active()
        with pytest.raises(IntegrityError, match="versions_do_not_overlap"), transaction.atomic():
            contract.versions.create(
                number=2,
                text="",
                digest="",
                state="ACTIVE",
                in_force=(date(2026, 5, 1), date(2026, 6, 1)),
                written_at=NOW,
            )


class TestEnding:
    def test_needs_a_reason_and_withdraws_what_is_open(self) -> None:
        contract = offered()
        with pytest.raises(UnableToContract, match="Say why the agreement ends"):
            operations.end_contract(contract=contract, reason=" ", by=owner(), now=NOW)
        ended = operations.end_contract(contract=contract, reason="never agreed", by=owner(), now=NOW)
        assert (ended.state, ended.ended_at, contract.versions.get().state) == ("ENDED", NOW, "WITHDRAWN")
        assert Entry.objects.get(did="end contract", refused="").details == {"reason": "never agreed"}
        with pytest.raises(UnableToContract, match="has ended"):
            operations.end_contract(contract=contract, reason="again", by=owner(), now=NOW)


class TestASource:
    def test_is_declared_once_and_dropped(self) -> None:
        contract = drafted()
        for _ in range(2):
            operations.declare_source(contract=contract, name=" Probes ", reports=["shop", "shop"], by=owner(), now=NOW)
        source = contract.sources.get()
        assert (source.name, source.reports) == ("Probes", "shop")
        assert list(queries.sources(viewer=sponsor(), contract=contract)) == []
        operations.drop_source(source=source, by=owner(), now=NOW)
        assert contract.sources.count() == 0
        with pytest.raises(UnableToContract, match="Name the source, and say what it reports"):
            operations.declare_source(contract=contract, name="x", reports=[], by=owner(), now=NOW)


class TestTellingTheOtherSide:
    def test_writes_to_its_executive_sponsors(self) -> None:
        sponsored(house(), organisation("acme"))
        version = offered().versions.get()
        mail = Message.objects.get()
        assert (mail.to, mail.subject) == ("erika@acme.example", "Northwind IT offers: The web shop of Acme")
        assert "http://localhost:8000/portal/agreements/acme-shop/terms/" in mail.text
        assert version.digest in mail.text

    def test_writes_nothing_when_the_offer_is_refused(self) -> None:
        sponsored(organisation("acme"))
        version = drafted().versions.get()
        operations.rewrite_draft(version=version, text="makegood: agreement/1", by=owner(), now=NOW)
        with pytest.raises(TextHasErrors):
            operations.offer_version(version=version, by=owner(), now=NOW)
        assert Message.objects.count() == 0
