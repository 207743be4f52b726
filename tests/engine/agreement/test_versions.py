from __future__ import annotations

from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from makegood.engine.agreement.catalogue import GOOD, completed
from makegood.engine.agreement.chain import Chain, chain_of, newest_of, trouble_with_closed
from makegood.engine.agreement.document import Document, read
from makegood.engine.agreement.prose import as_markdown, service_level_text
from makegood.engine.agreement.schedule import closes_at, disputable_until, periods_of
from makegood.engine.agreement.terms import Agreement
from makegood.engine.agreement.versions import in_force, number_of, outcomes_of, version_for
from makegood.engine.evidence.body import Evidence
from makegood.engine.judging.judge import judge_periods
from makegood.engine.money.account import account_credits
from makegood.engine.money.fee import months_charged
from makegood.engine.money.sums import Sums
from makegood.engine.vocabulary.amount import Amount
from makegood.engine.vocabulary.ratio import Ratio
from makegood.engine.vocabulary.times import show_instant


def amended(
    text: str, effective: str, *changes: tuple[str, str], version: int = 2, more: str = "", of: str = ""
) -> str:
    head = f"amendment: {{version: {version}, effective: {effective}, amends: {of or read(text).digest}{more}}}\n"
    body = text.split("\n", 1)[1] if text.startswith("amendment") else text
    for old, new in changes:
        assert old in body
        body = body.replace(old, new)
    return head + body


def chained(*texts: str) -> Chain:
    documents = [read(text, f"v{number}.yaml") for number, text in enumerate(texts, start=1)]
    return chain_of(documents[-1], documents[:-1])


def agreed(*texts: str) -> Agreement:
    chain = chained(*texts)
    assert chain.agreement is not None, chain.findings
    return chain.agreement


DEARER = ("monthly: 1000.00", "monthly: 2000.00")
SECOND = amended(GOOD, "2026-03-15", DEARER)


class TestVersions:
    def test_cut_the_period_in_which_one_comes_into_force(self) -> None:
        found = periods_of(agreed(GOOD, SECOND))
        assert [each.label for each in found[:5]] == ["2026-01", "2026-02", "2026-03.v1", "2026-03.v2", "2026-04"]
        first, second = found[2:4]
        assert (first.first_day, first.last_day, second.first_day) == (
            *(date(2026, 3, 1), date(2026, 3, 14), date(2026, 3, 15)),
        )
        assert first.interval.end == second.interval.start
        assert (first.days, second.days, second.cut_from and second.cut_from.label) == (14, 17, "2026-03")

    def test_cut_nothing_on_the_first_day_of_a_period(self) -> None:
        found = periods_of(agreed(GOOD, amended(GOOD, "2026-03-01", DEARER)))
        assert [each.label for each in found] == [each.label for each in periods_of(agreed(GOOD))]

    def test_close_their_parts_together_by_the_terms_of_the_last(self) -> None:
        terms = agreed(
            GOOD,
            amended(GOOD + "closing: {after: 1 day, dispute_within: 2 days}\n", "2026-03-15", of=read(GOOD).digest),
        )
        first, second = periods_of(terms)[2:4]
        assert {show_instant(closes_at(terms, each)) for each in (first, second)} == {"2026-04-01T22:00:00Z"}
        assert {show_instant(disputable_until(terms, each)) for each in (first, second)} == {"2026-04-03T22:00:00Z"}

    def test_let_the_latest_that_is_effective_by_then_govern_a_day(self) -> None:
        third = amended(SECOND, "2026-02-10", ("monthly: 2000.00", "monthly: 3000.00"), version=3)
        terms = agreed(GOOD, SECOND, third)
        assert [number_of(in_force(terms, date(2026, month, 20))) for month in (1, 2, 3, 4)] == [1, 3, 3, 3]
        assert [each.label for each in periods_of(terms)[:4]] == ["2026-01", "2026-02.v1", "2026-02.v3", "2026-03"]

    def test_know_of_each_other(self) -> None:
        terms = agreed(GOOD, SECOND)
        march = periods_of(terms)[2]
        assert periods_of(version_for(terms, march)) == periods_of(terms)
        assert number_of(in_force(terms, date(2020, 1, 1))) == 1
        assert outcomes_of(terms).keys() == {"open"}

    def test_may_make_the_term_longer(self) -> None:
        terms = agreed(GOOD, amended(GOOD, "2026-03-01", ("months: 12", "months: 18")))
        assert periods_of(terms)[-1].label == "2027-06"

    def test_are_told_in_the_text(self) -> None:
        text = amended(GOOD, "2026-03-15", DEARER, more=", reason: More work., retroactive: true")
        told = as_markdown(service_level_text(agreed(GOOD, text)))
        assert "This is version 2. From 2026-03-15 on it replaces the text with the digest" in told
        assert "Reason: More work." in told
        assert "It also governs periods that were closed before; the differences are booked (as agreed)." in told
        assert "It governs no period that was closed" in as_markdown(service_level_text(agreed(GOOD, SECOND)))

    def test_keep_the_outcomes_that_one_took_away(self) -> None:
        terms = agreed(GOOD, amended(GOOD, "2026-03-15", ("  open:", "  wide-open:")))
        assert list(outcomes_of(terms)) == ["wide-open", "open"]
        judged = judge_periods(terms, periods_of(terms)[:4], Evidence())
        assert [[verdict.outcome for verdict in each.verdicts] for each in judged] == [
            *(["open"], ["open"], ["open"], ["wide-open"]),
        ]
        assert [len(each.credits) for each in account_credits(terms, judged)] == [1, 1, 1, 1]


class TestTheFeeOfParts:
    @given(
        st.integers(1, 10**6),
        st.sampled_from(["actual_days", "actual_seconds", "thirty", "full"]),
        st.lists(st.integers(2, 30), min_size=1, max_size=3, unique=True).map(sorted),
        st.sampled_from([1, 10, 29]),
    )
    def test_adds_up_to_the_fee_of_the_whole(self, cents: int, partial: str, days: list[int], first: int) -> None:
        base = (
            GOOD.replace("monthly: 1000.00", f"monthly: {cents // 100}.{cents % 100:02}")
            .replace("currency: EUR", f"currency: EUR, partial_period: {partial}")
            .replace("from: 2026-01-01", f"from: 2026-03-{first:02}")
        )
        texts = [base]
        for day in days:
            effective = f"2026-03-{day:02}" if day > first else f"2026-04-{day:02}"
            texts.append(amended(texts[-1], effective, version=len(texts) + 1))
        terms, alone = agreed(*texts), agreed(base)
        for whole in periods_of(alone)[:3]:
            parts = [each for each in periods_of(terms) if (each.cut_from or each).label == whole.label]
            fees = [Sums.of(version_for(terms, each), each).fee for each in parts]
            assert Amount.total(fees, "EUR") == Sums.of(alone, whole).fee
            assert all(fee.minor >= 0 for fee in fees)
            every, how = alone.term.period.every, alone.money.partial_period
            months = sum((months_charged(each, every, how) for each in parts), Ratio(0))
            assert months == months_charged(whole, every, how)

    def test_are_those_of_the_page(self) -> None:
        first, second = periods_of(agreed(GOOD, SECOND))[2:4]
        terms = agreed(GOOD)
        assert [str(Sums.of(terms, each).fee) for each in (first, second)] == ["451.61 EUR", "548.39 EUR"]


class TestAChain:
    def test_leads_from_the_newest_text_to_the_first(self) -> None:
        third = amended(SECOND, "2026-05-01", version=3)
        documents = [read(text) for text in (SECOND, GOOD, GOOD + "# another\n")]
        chain = chain_of(read(third), documents)
        assert [number_of(each.agreement) for each in chain.documents if each.agreement] == [1, 2, 3]
        until = chain.until(read(SECOND).digest)
        assert until is not None
        assert (number_of(until), len(until.versions)) == (2, 2)
        first = chain.until(read(GOOD).digest)
        assert first is not None
        assert first.versions == ()
        assert chain.until("0" * 64) is None

    @pytest.mark.parametrize(
        ("_case", "text", "code", "line"),
        [
            ("a text that is not there", amended(GOOD, "2026-03-15", of="0" * 16), "MG710", 1),
            ("a number left out", amended(GOOD, "2026-03-15", version=3), "MG711", 1),
            ("another currency", amended(GOOD, "2026-03-15", ("currency: EUR", "currency: CHF")), "MG712", 7),
            ("another customer", amended(GOOD, "2026-03-15", ("customer: acme", "customer: emca")), "MG712", 5),
            ("another first day", amended(GOOD, "2026-03-15", ("from: 2026-01-01", "from: 2026-02-01")), "MG712", 6),
            ("another name", amended(GOOD, "2026-03-15", ("agreement: acme-web-shop", "agreement: shop")), "MG712", 3),
        ],
    )
    def test_is_refused_with_its_place(self, _case: str, text: str, code: str, line: int) -> None:
        chain = chained(GOOD, text)
        assert chain.agreement is None
        assert [
            (each.code, each.place and each.place.line, each.place and each.place.file) for each in chain.findings
        ] == [(code, line, "v2.yaml")]
        assert chain.until(chain.documents[-1].digest) is None

    def test_is_broken_by_an_error_in_an_earlier_text(self) -> None:
        bad = GOOD.replace("title: The web shop of Acme\n", "")
        chain = chained(bad, amended(GOOD, "2026-03-15", of=read(bad).digest))
        assert (chain.agreement, [each.code for each in chain.findings]) == (None, ["MG109"])

    def test_is_broken_by_an_error_in_the_newest_text(self) -> None:
        assert chained("makegood: agreement/1\n").agreement is None

    def test_of_texts_in_no_order_has_one_end(self) -> None:
        documents = [read(SECOND), read(GOOD), read("makegood: agreement/1\n")]
        assert newest_of(documents[:2]) == (documents[0], ())
        other = read(amended(GOOD, "2026-04-15"))
        found, findings = newest_of([*documents[:2], other])
        assert (found, [each.code for each in findings]) == (None, ["MG713"])
        assert newest_of([]) == (None, ())


class TestClosedPeriods:
    @pytest.mark.parametrize(
        ("_case", "text", "trouble"),
        [
            ("what comes later", amended(GOOD, "2026-03-15"), ""),
            (
                "a closed month",
                amended(GOOD, "2026-02-01"),
                "2026-02 was closed under version 1, and version 2 would govern it",
            ),
            ("a closed month, agreed", amended(GOOD, "2026-02-01", more=", retroactive: true"), ""),
            (
                "half of a closed month, agreed",
                amended(GOOD, "2026-02-10", more=", retroactive: true"),
                "2026-02 is closed, and version 2 would cut it in two or leave it out",
            ),
        ],
    )
    def test_are_left_alone_unless_that_is_agreed(self, _case: str, text: str, trouble: str) -> None:
        assert trouble_with_closed(agreed(GOOD), agreed(GOOD, text), ["2026-01", "2026-02"]) == trouble


class TestADocument:
    def test_has_the_places_of_its_terms(self) -> None:
        document: Document = read(SECOND, "second.yaml")
        assert str(document.places.of("amendment", "effective")) == "second.yaml:1:36"

    def test_names_the_text_that_it_amends_by_its_digest(self) -> None:
        findings = read(amended(GOOD, "2026-03-15", of="version-1")).findings
        assert [(each.code, each.text) for each in findings] == [
            ("MG111", "amendment.amends: 'version-1' is not a digest")
        ]


class TestOtherTermsInTheText:
    def test_say_what_is_final_and_who_shares(self) -> None:
        more = (
            "closing: {final: {for: both, after: 90 days}}\n"
            "value_shares: {net: {of: 5.00 EUR, units: 3, decided_by: the board, allocations: "
            "[{from: 2026-01-01, shares: {a: 1, b: 2}}, {from: 2026-05-01, shares: {a: 3}, decided_by: all}]}}\n"
        )
        told = as_markdown(service_level_text(agreed(GOOD + more)))
        assert "Once credits are final, the sum of a period is changed in neither direction (as agreed)." in told
        assert "final so long after its statement was booked: 90 days (as agreed)." in told
        assert "The members share 5.00 EUR of each period in 3 units" in told
        assert "| 2026-05-01 | a 3 | all |" in told
        unlimited = as_markdown(service_level_text(agreed(GOOD + more.replace("units: 3, ", ""))))
        assert "The members share 5.00 EUR of each period, by days" in unlimited


class TestFinality:
    @pytest.mark.parametrize(
        ("after", "found"),
        [
            ("48h", ["MG705"]),
            ("720h", []),
            ("20 business days", ["MG705"]),
            ("22 business days", []),
            ("29 days", ["MG705"]),
        ],
    )
    def test_comes_no_earlier_than_disputes_end(self, after: str, found: list[str]) -> None:
        closing = f"closing: {{dispute_within: 30 days, final: {{after: {after}}}}}\n"
        assert [each.code for each in read(completed(closing)).findings] == found
