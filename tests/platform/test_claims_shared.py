"""Two customers, one affiliate: what its own agreement credits is claimed once and booked once."""

from __future__ import annotations

import json
from collections import Counter
from datetime import timedelta

import pytest
from django.db import DatabaseError, connection, transaction
from hypothesis import given
from hypothesis import strategies as st

from makegood.engine.vocabulary.ratio import Ratio
from makegood.platform.agreement.contracts.models import Contract
from makegood.platform.evidence.intake.operations import attribute
from makegood.platform.money.claims import tasks
from makegood.platform.money.claims.models import Claim
from makegood.platform.money.claims.operations import answer_claim, find_claims, make_claim
from makegood.platform.money.claims.operations.sharing import Want, beyond_statements, shared
from makegood.platform.money.claims.queries import claims, recovered, standings
from makegood.platform.money.ledger.queries import balances, entries
from makegood.platform.money.settlement.operations import close_due
from makegood.platform.tenancy.trail.models import Entry as TrailEntry
from makegood.platform.tenancy.viewer import Role
from tests.platform.agreements import TEXT, active, owner
from tests.platform.evidence import FAILED, engineer, member, sent, staff, state, up
from tests.platform.people import NOW, organisation
from tests.platform.test_claims import bought

database = pytest.mark.django_db
EARLY, LATER = NOW - timedelta(days=5), NOW + timedelta(hours=1)
GLOBEX = TEXT.replace("acme-shop", "globex-shop").replace("customer: acme", "customer: globex")
OPENED = up("2025-12-31T23:00:00Z", "2026-03-10T09:00:00Z")
LONG = state("till", "down", "2026-01-12T10:00:00Z", "2026-01-12T20:00:00Z", number="second", incident="INC-1")


def hurt(text: str, *, share: str = "30%") -> Contract:
    """Return a contract of which January was missed and closed, a part of it caused by the affiliate: 10.00 EUR."""
    contract = active(text)
    sent(contract, [*OPENED, FAILED])
    attribute(contract=contract, party="hosting-gmbh", share=share, incident="INC-1", by=engineer(), now=NOW)
    settle(contract)
    return contract


def settle(contract: Contract) -> None:
    """Close what is due and book what changed, and do what the worker does then."""
    close_due(contract=contract, by=owner(), now=NOW, without_actions="For the test.")
    tasks.find_again(contract.pk)


def made_and_accepted() -> None:
    affiliate = member(Role.AFFILIATE, "hosting-gmbh")
    for each in Claim.objects.filter(state="OPEN"):
        make_claim(claim=each, by=owner(), now=EARLY)
        answer_claim(claim=each, accept=True, by=affiliate, now=NOW)


def booked(hosting: Contract) -> dict[str, int]:
    found = balances(viewer=owner(), contract=hosting)
    return {each.kind.value: each.amount for each in found if each.unit == "EUR"}


def amounts() -> list[tuple[str, int, str, int]]:
    found = Claim.objects.select_related("recovery__period__contract").order_by("pk")
    return [(each.recovery.period.contract.slug, each.amount, each.state, each.over) for each in found]


@pytest.fixture
def hosting(db: None) -> Contract:
    """The agreement with the affiliate, which credits 4.00 EUR for an outage of six hours."""
    organisation("globex")
    return bought()


@pytest.fixture
def both(hosting: Contract) -> tuple[Contract, Contract]:
    """Two customers with the same outage; 3.00 EUR of what each gets was caused by the affiliate."""
    return hurt(TEXT), hurt(GLOBEX)


@database
class TestTwoCustomers:
    def test_claim_no_more_than_the_affiliate_owes(self, both: tuple[Contract, Contract]) -> None:
        assert amounts() == [("acme-shop", 300, "OPEN", 0), ("globex-shop", 100, "OPEN", 0)]
        for each in reversed(both):
            find_claims(contract=each, now=NOW)
        assert amounts() == [("acme-shop", 300, "OPEN", 0), ("globex-shop", 100, "OPEN", 0)]

    def test_leave_one_another_what_was_refused(self, both: tuple[Contract, Contract]) -> None:
        first = Claim.objects.earliest("pk")
        make_claim(claim=first, by=owner(), now=EARLY)
        affiliate = member(Role.AFFILIATE, "hosting-gmbh")
        answer_claim(claim=first, accept=False, answer="It was their own switch.", by=affiliate, now=NOW)
        find_claims(contract=both[1], now=NOW)
        assert amounts() == [("acme-shop", 300, "REFUSED", 0), ("globex-shop", 300, "OPEN", 0)]

    def test_that_have_a_claim_by_accident_of_time_keep_it(self, hosting: Contract) -> None:
        second = hurt(GLOBEX)
        make_claim(claim=Claim.objects.get(), by=owner(), now=EARLY)
        hurt(TEXT)
        find_claims(contract=second, now=NOW)
        assert amounts() == [("globex-shop", 300, "MADE", 0), ("acme-shop", 100, "OPEN", 0)]

    def test_see_in_the_console_what_others_claim_and_what_came_back(
        self, both: tuple[Contract, Contract], hosting: Contract
    ) -> None:
        made_and_accepted()
        seen = claims(viewer=owner(), contract=both[1])
        stands = standings(seen=seen)
        assert [(stands[each.pk].others, stands[each.pk].received) for each in seen] == [(300, 100)]
        assert [(each.contract.slug, each.caused, each.received, each.rate) for each in recovered(viewer=owner())] == [
            ("globex-shop", 300, 100, Ratio(1, 3)),
            ("acme-shop", 300, 300, Ratio(1)),
        ]
        assert recovered(viewer=member(Role.AFFILIATE, "hosting-gmbh")) == recovered(viewer=staff(Role.ENGINEER)) == []


@database
class TestWhatTheAffiliatesOwnStatementsCredit:
    def test_is_not_paid_again_when_the_claims_came_first(
        self, both: tuple[Contract, Contract], hosting: Contract
    ) -> None:
        made_and_accepted()
        assert booked(hosting) == {"CLAIMS": 400, "DUE_TO_CUSTOMER": 400}
        sent(hosting, [*OPENED, FAILED])
        settle(hosting)
        assert booked(hosting) == {"CLAIMS": 0, "CREDITS": 400, "DUE_TO_CUSTOMER": 400}
        assert TrailEntry.objects.filter(did="book claims", who="the schedule").get().details["booked"] == [
            "open in 2026-01: claims of 4.00 EUR accepted, of which its own statements credit 4.00 EUR"
        ]
        settle(hosting)
        assert booked(hosting) == {"CLAIMS": 0, "CREDITS": 400, "DUE_TO_CUSTOMER": 400}

    def test_is_not_paid_again_when_the_closing_came_first(
        self, both: tuple[Contract, Contract], hosting: Contract
    ) -> None:
        sent(hosting, [*OPENED, FAILED])
        settle(hosting)
        assert [each.in_statements for each in standings(seen=claims(viewer=owner())).values()] == [100, 300]
        made_and_accepted()
        assert booked(hosting) == {"CREDITS": 400, "DUE_TO_CUSTOMER": 400}
        assert [each.received for each in recovered(viewer=owner())] == [100, 300]

    def test_is_topped_up_by_what_was_accepted(self, both: tuple[Contract, Contract], hosting: Contract) -> None:
        made_and_accepted()
        settle(hosting)  # on no evidence of its own
        assert booked(hosting) == {"CLAIMS": 400, "DUE_TO_CUSTOMER": 400}

    def test_follows_late_evidence_up_and_down(self, both: tuple[Contract, Contract], hosting: Contract) -> None:
        settle(hosting)
        made_and_accepted()
        sent(hosting, [*OPENED, FAILED, LONG])
        settle(hosting)
        assert booked(hosting) == {"CLAIMS": 0, "CREDITS": 2_000, "DUE_TO_CUSTOMER": 2_000}
        sent(hosting, [withdrawn("bad-day"), withdrawn("second")], by=owner())
        settle(hosting)
        assert booked(hosting) == {"CLAIMS": 400, "CREDITS": 0, "DUE_TO_CUSTOMER": 400}
        texts = [each.text for each in entries(viewer=owner(), contract=hosting) if each.key.startswith("claims/")]
        assert texts == [
            "open in 2026-01: claims of 1.00 EUR accepted, of which its own statements credit 0.00 EUR",
            "open in 2026-01: claims of 4.00 EUR accepted, of which its own statements credit 0.00 EUR",
            "open in 2026-01: claims of 4.00 EUR accepted, of which its own statements credit 4.00 EUR",
            "open in 2026-01: claims of 4.00 EUR accepted, of which its own statements credit 0.00 EUR",
        ]


def withdrawn(number: str) -> str:
    said = {"kind": "correction", "source": "review", "source_id": f"not-{number}", "of": "probes", "corrects": number}
    return json.dumps({**said, "reason": "The probe was wrong.", "by": "northwind-it", "at": "2026-03-10T08:00:00Z"})


@database
class TestARestatedCredit:
    def test_that_grew_has_another_claim_for_the_difference(self, both: tuple[Contract, Contract]) -> None:
        made_and_accepted()
        sent(both[0], [LONG])
        settle(both[0])
        assert amounts() == [
            ("acme-shop", 300, "ACCEPTED", 0),
            ("globex-shop", 100, "ACCEPTED", 0),
            ("acme-shop", 1_200, "OPEN", 0),
        ]

    def test_that_is_gone_leaves_what_was_claimed_and_says_that_it_is_too_much(
        self, both: tuple[Contract, Contract]
    ) -> None:
        make_claim(claim=Claim.objects.earliest("pk"), by=owner(), now=EARLY)
        sent(both[0], [withdrawn("bad-day")], by=owner())
        settle(both[0])
        assert amounts() == [("acme-shop", 300, "MADE", 300), ("globex-shop", 100, "OPEN", 0)]
        assert [(each.contract.slug, each.caused, each.over) for each in recovered(viewer=owner())] == [
            ("globex-shop", 300, 0),
            ("acme-shop", 0, 300),
        ]

    def test_is_looked_for_when_it_is_found_who_caused_it(self, both: tuple[Contract, Contract]) -> None:
        attribute(contract=both[0], party="northwind-it", share="70%", incident="INC-1", by=engineer(), now=NOW)
        tasks.find_caused(both[0].pk)
        assert amounts() == [("acme-shop", 300, "OPEN", 0), ("globex-shop", 100, "OPEN", 0)]


@database
class TestPostgreSQL:
    @pytest.mark.parametrize(
        ("statement", "sentence"),
        [
            ("UPDATE claims_claim SET amount = 1", "Cannot update rows from claims_claim table"),
            ("UPDATE claims_claim SET drawn = '{}'", "Cannot update rows from claims_claim table"),
            ("DELETE FROM claims_claim", "Cannot delete rows from claims_claim table"),
        ],
    )
    def test_refuses_to_change_a_claim_that_was_made(
        self, both: tuple[Contract, Contract], statement: str, sentence: str
    ) -> None:
        made_and_accepted()
        with pytest.raises(DatabaseError, match=sentence), transaction.atomic(), connection.cursor() as cursor:
            cursor.execute(statement)


_OWN = st.dictionaries(st.sampled_from(["1/a", "2/a", "1/b"]), st.integers(0, 500), max_size=3)


class TestSharing:
    @given(wants=st.lists(st.builds(Want, st.integers(0, 900), _OWN), max_size=6), taken=_OWN)
    def test_never_draws_more_than_is_wanted_or_owed(self, wants: list[Want], taken: dict[str, int]) -> None:
        found = shared(wants, taken)
        drawn: Counter[str] = Counter()
        for want, parts in zip(wants, found, strict=True):
            assert sum(parts.values()) <= want.amount
            assert all(part > 0 for part in parts.values())
            drawn.update(parts)
        for name, sum_ in drawn.items():
            assert sum_ + taken.get(name, 0) <= max(want.own.get(name, 0) for want in wants)

    @given(
        wants=st.lists(st.builds(Want, st.integers(0, 900), _OWN), max_size=6),
        accepted=st.lists(st.booleans(), min_size=6, max_size=6),
        share=st.integers(-1, 10),
    )
    def test_never_has_more_booked_than_the_affiliate_owes(
        self, wants: list[Want], accepted: list[bool], share: int
    ) -> None:
        drawn: Counter[str] = Counter()
        for parts, yes in zip(shared(wants, {}), accepted, strict=False):
            drawn.update(parts if yes else {})
        for name in {name for want in wants for name in want.own}:
            owed = max(want.own.get(name, 0) for want in wants)
            own = owed * share // 10  # what its own statements credit of it, or take back
            booked = max(own, 0) + beyond_statements(accepted=drawn[name], own=own)
            assert max(drawn[name], own, 0) == booked <= owed

    @given(wants=st.lists(st.builds(Want, st.integers(0, 900), _OWN), max_size=6))
    def test_leaves_nothing_that_somebody_still_wants(self, wants: list[Want]) -> None:
        found = shared(wants, {})
        gone: Counter[str] = Counter()
        for want, parts in zip(wants, found, strict=True):
            gone.update(parts)
            if sum(parts.values()) < want.amount:
                assert all(gone[name] >= owed for name, owed in want.own.items())

    def test_says_the_same_whatever_the_order_of_own_credits(self) -> None:
        assert shared([Want(5, {"2/a": 4, "1/a": 4})], {}) == shared([Want(5, {"1/a": 4, "2/a": 4})], {})
