from __future__ import annotations

from datetime import UTC, datetime
from pathlib import Path

import pytest
from django.utils import translation

from makegood.engine.evidence.records import State, Status
from makegood.platform.agreement.contracts import operations, queries
from makegood.platform.agreement.contracts.documents.content import Paper, entries
from makegood.platform.agreement.contracts.documents.papers import documents_of, paper
from makegood.platform.agreement.contracts.documents.pdf import Letterhead, pdf
from makegood.platform.agreement.contracts.library.outcomes import KINDS, with_outcome
from makegood.platform.agreement.contracts.library.templates import Template, begun, template, templates
from makegood.platform.agreement.contracts.models import Contract, Version
from makegood.platform.tenancy.parties.models import Site
from makegood.vault.vault import Vault
from tests.platform.agreements import TEXT, active, amendment, drafted, owner
from tests.platform.people import NOW, organisation

pytestmark = pytest.mark.django_db
PAPER = Letterhead("Northwind IT", "#0b5cad")


def version_of(contract: Contract) -> Version:
    return contract.versions.select_related("contract__provider", "contract__customer").order_by("-pk")[0]


def written(contract: Contract, kind: str) -> Paper:
    found = paper(version_of(contract), kind)
    assert found is not None
    return found


def amended(contract: Contract, text: str) -> Version:
    text = amendment(text, digest=version_of(contract).digest)
    return operations.amend_contract(contract=contract, text=text, by=owner(), now=NOW)


class TestAStatementOfWork:
    def test_has_the_thirteen_parts_of_the_trade(self) -> None:
        assert [each.title for each in written(drafted(), "work").parts] == [
            "Needs",
            "Assessment methods",
            "Design",
            "Migration plan",
            "Pilot plan",
            "Full deployment",
            "Testing plan",
            "Acceptance criteria",
            "Implementation plan",
            "Recommendations and reporting",
            "Timeline",
            "Costs",
            "Service level requirements",
            "Signatures",
        ]

    def test_takes_figures_from_the_terms(self) -> None:
        parts = {each.title: each.table for each in written(drafted(), "work").parts}
        assert parts["Needs"][1] == ("open", "The shop is open day and night.")
        assert parts["Design"][1] == ("The shop (shop)", "yes", "front, till: down when any of them is down")
        assert parts["Acceptance criteria"][1] == ("open", ">= 99.9 %")
        assert parts["Costs"][1:] == (
            ("The shop", "1,000.00 EUR a month"),
            ("Of it at risk for missed outcomes", "10 % in each period"),
        )
        assert parts["Timeline"][1] == ("First day of the term", "2026-01-01")
        assert parts["Timeline"][-1] == ("Last day of the term", "2026-12-31")


class TestAServiceLevelAgreement:
    def test_says_every_word_that_is_judged_by(self) -> None:
        from makegood.engine.agreement.prose import service_level_text

        contract = drafted()
        parts = {each.title: each for each in written(contract, "levels").parts}
        terms = queries.readable(TEXT).agreement
        assert terms is not None
        for section in service_level_text(terms):
            assert (parts[section.title].paragraphs, parts[section.title].table) == (section.paragraphs, section.table)

    def test_says_where_whom_to_ask_and_what_is_covered(self) -> None:
        contract = active()
        Site.objects.create(
            organisation=contract.customer, name="Mill", address="Mill Lane 1\nBerlin", timezone="Europe/Berlin"
        )
        parts = {each.title: each.table for each in written(contract, "levels").parts}
        assert parts["Where"][1] == ("Acme", "Mill", "Mill Lane 1 Berlin", "Europe/Berlin")
        assert parts["Escalation"][1] == (
            "Northwind IT",
            "1",
            "Erika",
            "executive sponsor",
            "erika@northwind-it.example",
        )
        assert parts["What is covered"][1] == ("The shop", "front, till")
        topics = {row[0]: row[1] for row in parts["In scope and out of scope"]}
        assert topics["Web hosting and names"] == "open"
        assert topics["Backup"] == "not in scope"

    def test_shows_the_signatures_as_they_are_kept(self) -> None:
        contract = active()
        rows = written(contract, "levels").parts[-1].table[1:]
        digest = version_of(contract).digest[:16]
        assert rows == (
            ("Ada Lovelace", "Acme", "2026-03-10 09:00 UTC", "192.0.2.1", digest),
            ("Sam Smith", "Northwind IT", "2026-03-10 09:00 UTC", "192.0.2.1", digest),
        )


class TestAMasterAgreement:
    def test_marks_every_clause_for_legal_review(self) -> None:
        *clauses, signatures = written(drafted(), "master").parts
        assert len(clauses) == 20
        assert all(each.review for each in clauses)
        assert not signatures.review
        text = " ".join(paragraph for each in clauses for paragraph in each.paragraphs)
        assert "northwind-it and acme agree on general terms" in text
        assert "$" not in text

    def test_with_an_affiliate_says_what_such_agreements_say(self) -> None:
        text = TEXT.replace("provider: northwind-it, customer: acme", "provider: hosting-gmbh, customer: northwind-it")
        contract = drafted(text)
        assert dict(documents_of(version_of(contract)))["master"] == "Affiliate agreement"
        titles = [each.title for each in written(contract, "master").parts]
        for title in (
            "Effective dates",
            "Total cost",
            "Rights to resell and to host",
            "Limits and permissions on both sides",
            "Commission",
            "Service levels",
            "Cancellation",
        ):
            assert title in titles


class TestAnAddendum:
    def test_lists_what_changes(self) -> None:
        contract = active()
        amended(contract, TEXT.replace("1000.00", "1200.00"))
        found = written(contract, "addendum")
        assert found.title == "Addendum 1"
        changed = {each.title: each for each in found.parts}
        assert changed["Terms that change"].table[1] == ("services.shop.fee.monthly", "1,000", "1,200")
        assert changed["Effect"].paragraphs[0] == "Effective day: 2026-07-01."

    def test_there_is_none_of_a_first_version(self) -> None:
        contract = active()
        assert paper(version_of(contract), "addendum") is None
        assert "addendum" not in dict(documents_of(version_of(contract)))


class TestDocuments:
    def test_are_in_english_whoever_reads_them(self) -> None:
        contract = active()
        with translation.override("de"):
            german = written(contract, "levels")
        assert german == written(contract, "levels")

    def test_are_the_same_bytes_each_time_they_are_printed(self) -> None:
        found = written(drafted(), "work")
        assert pdf(found, PAPER, NOW) == pdf(found, PAPER, NOW)

    def test_print_what_people_typed_as_they_typed_it(self) -> None:
        title = "#pagebreak() $x$ *Acme* \\n _shop_ <label> @ref"
        contract = drafted(TEXT.replace("title: The web shop of Acme", f"title: '{title}'"))
        assert contract.title == title
        for kind, _title in documents_of(version_of(contract)):
            assert pdf(written(contract, kind), PAPER, NOW).startswith(b"%PDF-1.7")

    def test_there_are_none_of_a_text_with_errors(self) -> None:
        contract = drafted()
        operations.rewrite_draft(version=version_of(contract), text="makegood: agreement/1", by=owner(), now=NOW)
        assert documents_of(version_of(contract)) == []
        assert paper(version_of(contract), "work") is None

    @pytest.mark.parametrize(
        "library", ["master-agreement", "affiliate-agreement", "statement-of-work", "service-levels", "addendum"]
    )
    def test_have_clauses_of_a_title_and_a_text(self, library: str) -> None:
        for each in entries(library):
            assert each.keys() == {"id", "title", "text"}


class TestTemplates:
    def test_make_documents_that_are_printed(self) -> None:
        organisation("acme", "Acme AG")
        start = template("managed-backup")
        assert start is not None
        values = {"agreement": "b", "provider": "northwind-it", "customer": "acme", "customer_name": "Acme AG"}
        contract = drafted(begun(start, values))
        for kind, _title in documents_of(version_of(contract)):
            assert pdf(written(contract, kind), PAPER, NOW).startswith(b"%PDF-")

    @pytest.mark.parametrize("start", templates(), ids=lambda each: each.name)
    def test_read_without_errors_and_take_parties_and_outcomes(self, start: Template) -> None:
        text = begun(
            start, {"agreement": "x", "title": "A: b", "term.from": "2027-02-01", "provider": "us", "customer": "them"}
        )
        for kind in KINDS:
            text = with_outcome(text, kind)
        terms = queries.readable(text).agreement
        assert terms is not None
        assert (terms.agreement, terms.title, terms.parties.provider.id, terms.parties.customer.id) == (
            "x",
            "A: b",
            "us",
            "them",
        )
        assert set(KINDS) <= {name.rpartition("-")[0] for name in terms.outcomes}


class TestTheDifference:
    def test_says_in_money_what_the_same_evidence_comes_to(self, data_folder: Path) -> None:
        contract = active()
        folder = queries.vault_folder(contract)
        folder.parent.mkdir(parents=True)
        vault = Vault.create(folder)
        start, hour = datetime(2025, 12, 31, tzinfo=UTC), datetime(2026, 1, 10, tzinfo=UTC)
        parts = [
            State(source="probe", source_id=name, subject=name, status=Status.UP, start=start)
            for name in ("front", "till")
        ]
        down = State(
            source="probe", source_id="d", subject="front", status=Status.DOWN, start=hour, end=hour.replace(hour=8)
        )
        up = State(source="probe", source_id="u", subject="front", status=Status.UP, start=hour.replace(hour=8))
        with vault.writer(now=NOW) as writer:
            writer.append([*parts, down, up])
        version = amended(contract, TEXT.replace("1000.00", "1200.00").replace("credit: 50%", "credit: 60%"))
        found = queries.difference_of(version=version, now=NOW)
        assert found is not None
        assert [(each.label, *map(str, each.credits)) for each in found.periods] == [
            ("2026-01", "50.00 EUR", "72.00 EUR"),
            ("2026-02", "0.00 EUR", "0.00 EUR"),
        ]
        assert list(map(str, found.sums)) == ["50.00 EUR", "72.00 EUR", "22.00 EUR"]
        assert [each.term for each in found.changes] == [
            "services.shop.fee.monthly",
            "outcomes.open.stake.tiers[1].credit",
            "amendment",
        ]

    def test_is_in_words_alone_as_long_as_there_is_no_evidence(self) -> None:
        contract = active()
        found = queries.difference_of(version=amended(contract, TEXT.replace("1000.00", "1200.00")), now=NOW)
        assert found is not None
        assert found.periods == ()
        assert found.rewordings[1].new == (
            "The shop (shop) | 1,200.00 EUR a month | yes | front, till: down when any of them is down",
        )

    def test_there_is_none_of_a_first_version(self) -> None:
        assert queries.difference_of(version=version_of(active()), now=NOW) is None
