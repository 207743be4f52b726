"""What the past says about a promise: ``simulate``, ``price`` and ``incentive``."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from tests.cli.door import AGREEMENT, DOWN, Answer, Shop, makegood, opened_shop

HALF_A_YEAR = ("--as-of", "2026-07-01")
FEW = "till-availability was missed once in 6: the chance of a miss in a month lies between 1.9 % and 55.8 %"


@pytest.fixture
def shop(tmp_path: Path) -> Shop:
    return opened_shop(tmp_path)


def changed(shop: Shop, old: str, new: str) -> None:
    text = shop.agreement.read_text(encoding="utf-8")
    assert old in text
    shop.agreement.write_text(text.replace(old, new), encoding="utf-8")


def squeezed(answer: Answer) -> str:
    """What was printed, without the distances between columns."""
    return " ".join(answer.out.split())


class TestSimulate:
    def test_replays_and_draws_years(self, shop: Shop) -> None:
        """One of six months cost 60.00 EUR: 10.00 a month, and 22.36 is the root of (3,600 / 6 - 100)."""
        answer = shop("simulate", *HALF_A_YEAR)
        assert answer.code == 0, answer.err
        told = squeezed(answer)
        for sentence in (
            "The till of the bakery, as if in force from 2026-01-01 to 2026-06-30",
            "2026-02 met 1,200.00 EUR 0.00 EUR 2026-03 60.00 EUR 1,200.00 EUR 60.00 EUR",
            "In these 6 months the agreement would have credited 60.00 EUR of 7,200.00 EUR in fees (0.83 %).",
            "expected 10.00 EUR",
            "standard deviation 22.36 EUR",
            "till-availability 1 of 6 16.67 %",
            "1,000 years drawn from 6 months in blocks of 2, seed 1; digest ",
            FEW,
        ):
            assert sentence in told
        assert "cap" not in told
        assert not (shop.vault / "book" / "bakery-till.jsonl").exists()

    def test_gives_the_same_to_machines_and_again(self, shop: Shop) -> None:
        first = shop("simulate", *HALF_A_YEAR, "--years", "50", "--block", "6", "--json").json
        assert first == shop("simulate", *HALF_A_YEAR, "--years", "50", "--block", "6", "--json").json
        assert (first["replay"]["credit"], first["replay"]["periods"][2]["rulings"]) == (
            "60.00 EUR",
            {"till-availability": "MISSED"},
        )
        risk = first["risk"]
        assert (risk["fee_of_a_year"], risk["observed_periods"], risk["limited_years"]) == ("14,400.00 EUR", 6, "0")
        assert risk["year"] == {
            "expected": "120.00 EUR",
            "deviation": "0.00 EUR",
            "at_95": "120.00 EUR",
            "at_99": "120.00 EUR",
            "worst": "120.00 EUR",
        }
        assert first["risk"]["digest"] != shop("simulate", *HALF_A_YEAR, "--seed", "2", "--json").json["risk"]["digest"]

    def test_moves_the_term(self, shop: Shop) -> None:
        answer = shop("simulate", *HALF_A_YEAR, "--from", "2026-03-05", "--until", "2026-04-01", "--json").json
        assert [each["period"] for each in answer["replay"]["periods"]] == ["2026-03"]
        assert (answer["replay"]["periods"][0]["partial"], answer["risk"]) == (True, None)
        told = squeezed(shop("simulate", *HALF_A_YEAR, "--from", "2026-03-05", "--until", "2026-04-01"))
        assert "2026-03 in part" in told
        assert "No year can be drawn: no whole period of the replay was measured." in told

    def test_draws_no_years_from_a_term_that_is_one_period(self, shop: Shop) -> None:
        changed(shop, "timezone: Europe/Berlin", "timezone: Europe/Berlin, period: {every: term}")
        told = squeezed(shop("simulate", *HALF_A_YEAR))
        assert "In these 1 term" not in told
        assert "In this term the agreement would have credited" in told
        assert "No year can be drawn: the whole term is one period." in told

    def test_tries_another_text_than_the_one_that_was_settled(self, shop: Shop) -> None:
        shop("settle", "--as-of", "2026-04-20")
        changed(shop, "credit: 5%", "credit: 10%")
        assert shop("simulate", *HALF_A_YEAR, "--json").json["replay"]["credit"] == "120.00 EUR"

    def test_comes_to_what_was_settled(self, shop: Shop) -> None:
        settled = shop("settle", "--as-of", "2026-07-20", "--dry-run", "--json").json["statements"]
        booked = [posting["amount"] for each in settled for posting in each["postings"]]
        replayed = shop("simulate", "--as-of", "2026-07-20", "--json").json["replay"]["periods"]
        assert [each["credit"] for each in replayed] == booked

    def test_says_how_often_a_cap_was_reached(self, shop: Shop) -> None:
        changed(shop, "outcomes:", "caps: [{per: period, at: 3% of monthly_fee}]\noutcomes:")
        answer = shop("simulate", *HALF_A_YEAR, "--block", "6")
        assert "A cap or the amount at risk reduced credits in 100.00 % of the years and in 16.67 %" in squeezed(answer)

    def test_says_what_it_cannot_know(self, shop: Shop) -> None:
        shop.bring(
            {
                **DOWN,
                "source_id": "3",
                "status": "unknown",
                "start": "2026-05-04T00:00:00+02:00",
                "end": "2026-05-30T00:00:00+02:00",
            }
        )
        changed(shop, "excluded: {customer", "unknown: {minimum_coverage: 90%}, excluded: {customer")
        told = squeezed(shop("simulate", *HALF_A_YEAR))
        assert "1 verdict is undecided and credited nothing" in told
        assert "till-availability 1 of 5" in told

    def test_says_how_little_is_known_of_what_never_happened(self, shop: Shop) -> None:
        told = squeezed(shop("simulate", "--as-of", "2026-03-01"))
        assert (
            "till-availability was never missed in 2: the chance of a miss in a month is at most 66.7 %, and what it"
            " would cost is not in the drawn years."
        ) in told

    def test_says_that_evidence_ends_before_the_replay(self, shop: Shop) -> None:
        told = squeezed(shop("simulate", *HALF_A_YEAR, "--from", "2025-11-01"))
        assert (
            "Evidence tells about 2026-01-01 to 2026-07-01 only; the rest of the replay was judged without any." in told
        )

    def test_reads_a_bundle(self, shop: Shop) -> None:
        shop("settle", "--as-of", "2026-07-20")
        bundle = shop.folder / "till.bundle"
        assert shop("bundle", "--to", bundle).code == 0
        assert makegood("simulate", bundle, *HALF_A_YEAR, "--json").json["replay"]["credit"] == "60.00 EUR"

    def test_shows_lines_that_are_no_outcomes_and_outcomes_that_have_no_stake(self, shop: Shop) -> None:
        """February gives back half of what January cost, on a line of its own."""
        shop.bring({**DOWN, "source_id": "4", "start": "2026-01-07T17:00:00+01:00", "end": "2026-01-07T19:00:00+01:00"})
        more = 'sequences: {return: {kind: earn_back, steps: [{after: 1, returns: 50%}]}}\noutcomes:\n  calls: {promise: Calls., measure: {kind: count, of: calls}, target: "<= 3"}'
        changed(shop, "outcomes:", more)
        told = squeezed(shop("simulate", *HALF_A_YEAR))
        assert "calls 0 of 0 unknown unknown no stake" in told
        assert "return -" in told

    def test_says_how_often_a_right_arises(self, shop: Shop) -> None:
        changed(
            shop, "outcomes:", "sequences: {bad: {kind: chronic, missed: 1 of 3, gives: right to leave}}\noutcomes:"
        )
        words = ("simulate", *HALF_A_YEAR, "--block", "6", "--years", "20")
        assert "The customer gains a right in 100.00 % of the years: right to leave." in squeezed(shop(*words))
        assert shop(*words, "--json").json["risk"]["rights"] == {"right to leave": "1"}

    def test_takes_the_newest_text_of_a_folder(self, shop: Shop) -> None:
        texts = shop.folder / "texts"
        texts.mkdir()
        (texts / "till.yaml").write_text(shop.agreement.read_text(encoding="utf-8"), encoding="utf-8")
        answer = makegood("simulate", texts, "--vault", shop.vault, *HALF_A_YEAR, "--json")
        assert answer.json["replay"]["credit"] == "60.00 EUR"


class TestPrice:
    def test_says_what_the_promise_costs(self, shop: Shop) -> None:
        told = squeezed(shop("price", *HALF_A_YEAR, "--block", "6"))
        for row in ("fee a month 1,200.00 EUR", "expected credits 120.00 EUR", "standard deviation 0.00 EUR", FEW):
            assert row in told
        assert "cost a year" not in told

    def test_finds_the_fee(self, shop: Shop) -> None:
        """A month costs 5 % / 6 of the fee: 900.00 / (0.75 - 0.008333…) = 1,213.49 EUR, rounded up to the cent."""
        words = ("price", *HALF_A_YEAR, "--block", "6", "--cost", "900", "--margin", "25%")
        answer = shop(*words)
        assert (
            "A fee of 1,213.49 EUR a month is the lowest that leaves 25 % after expected credits and a cost of 900.00 EUR"
            " a month."
        ) in squeezed(answer)
        form = shop(*words, "--json").json
        assert form["found"]["monthly_fee"] == "1,213.49 EUR"
        assert form["found"]["margin"] == "0.250005"
        assert form["agreed"]["cost_of_a_year"] == "10,800.00 EUR"

    def test_charges_for_the_risk(self, shop: Shop) -> None:
        words = ("price", *HALF_A_YEAR, "--block", "1", "--years", "200", "--cost", "900 EUR")
        fees = [shop(*words, "--load", load, "--json").json["found"]["monthly_fee"] for load in ("0%", "50%")]
        assert fees == sorted(fees)
        assert fees[0] != fees[1]
        assert "credits and a load of 50 % of the standard deviation and a cost" in squeezed(
            shop(*words, "--load", "50%")
        )

    def test_says_that_no_fee_will_do(self, shop: Shop) -> None:
        changed(shop, "tiers: [{below: 99.9%, credit: 5%}, {below: 99.0%, credit: 25%}]", "at_most: 100%")
        answer = shop("price", *HALF_A_YEAR, "--from", "2026-03-01", "--until", "2026-04-01", "--cost", "1.00")
        assert "No fee leaves 0 %: the credits grow with the fee" in squeezed(answer)
        words = ("price", *HALF_A_YEAR, "--from", "2026-03-01", "--until", "2026-04-01", "--cost", "1.00", "--json")
        assert shop(*words).json["found"] is None

    def test_needs_no_cost_at_all(self, shop: Shop) -> None:
        told = squeezed(shop("price", *HALF_A_YEAR, "--cost", "0"))
        assert "no fee" in told


class TestIncentive:
    def test_shows_cliffs_and_where_it_goes_dead(self, shop: Shop) -> None:
        """January has 22 open days: 792,000 seconds, of which 792 are allowed."""
        told = squeezed(makegood("incentive", shop.agreement, "--vault", shop.vault, *HALF_A_YEAR))
        for sentence in (
            "till-availability, promised >= 99.9 %",
            "below 99.9 % 13 minutes 13 seconds 60.00 EUR 60.00 EUR",
            "below 99 % 2 hours 12 minutes 1 second 300.00 EUR 240.00 EUR",
            "The largest cliff is 240.00 EUR at once, below 99 % (2 hours 12 minutes 1 second).",
            "It is dead at 300.00 EUR: below 99 % (2 hours 12 minutes 1 second) what gets worse costs nothing more, because"
            " its own stake goes no further.",
            "At the worst a month loses 300.00 EUR, 25.00 % of the fee, and at the best it gains 0.00 EUR.",
            "All stick, no carrot",
        ):
            assert sentence in told

    def test_needs_no_vault(self, shop: Shop, monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
        (tmp_path / "empty").mkdir()
        monkeypatch.chdir(tmp_path / "empty")
        words = ("--prevents", "till-availability", "--prevention", "12.00", "--chance", "12%", "--remaining", "2%")
        form = makegood("incentive", shop.agreement, *words, "--loss", "80.00", "--json").json
        assert form["prevention"] == {
            "cost": "12.00 EUR",
            "chance": "0.12",
            "remaining": "0.02",
            "penalty": "60.00 EUR",
            "saves": "6.00 EUR",
            "pays": False,
            "required_penalty": "120.00 EUR",
            "loss": "80.00 EUR",
            "cover": "0.75",
            "worth_it": False,
        }
        assert form["balance"]["stick"] == "1"
        assert [step["wrong"] for step in form["outcomes"]["till-availability"]["steps"]] == [0, 793, 7921]

    def test_takes_the_chance_of_a_miss_from_evidence(self, shop: Shop) -> None:
        words = ("incentive", *HALF_A_YEAR, "--prevents", "till-availability", "--prevention")
        told = squeezed(shop(*words, "10.00"))
        assert (
            "Preventing misses of till-availability costs 10.00 EUR a month. It lowers the chance of a miss from 16.67 % to"
            " 0.00 %; a miss costs 60.00 EUR, so it saves 10.00 EUR a month. It pays"
        ) in told
        told = squeezed(shop(*words, "10.01", "--loss", "100"))
        assert "It does not pay: a miss would have to cost 60.06 EUR before the provider gains by it." in told
        assert "of which the penalty covers 60.00 %; to both together prevention is worth its price." in told

    def test_says_that_a_prevention_without_effect_does_not_pay(self, shop: Shop) -> None:
        words = ("--prevents", "till-availability", "--prevention", "10.00", "--chance", "5%", "--remaining", "5%")
        told = squeezed(shop("incentive", *HALF_A_YEAR, *words, "--loss", "0"))
        assert "It does not pay: it prevents nothing." in told
        assert "A miss costs the customer 0.00 EUR; to both together prevention is not worth its price." in told

    def test_says_where_the_first_miss_is_free_and_a_limit_ends_it(self, shop: Shop) -> None:
        limits = "minimum_credit: {more_than: 60.00 EUR}\ncaps: [{per: period, at: 100.00 EUR}]\noutcomes:"
        changed(shop, "outcomes:", limits)
        told = squeezed(shop("incentive", *HALF_A_YEAR))
        assert "The first miss of till-availability costs nothing." in told
        assert "because a limit on all credits together stops it." in told
        assert "The stakes would come to 300.00 EUR; limits on all credits together take off 200.00 EUR." in told

    def test_says_that_something_never_goes_dead_and_counts_cases(self, shop: Shop) -> None:
        changed(
            shop,
            "outcomes:\n",
            "outcomes:\n  calls:\n    promise: Calls are answered.\n    measure: {kind: ratio, of: calls, good: answered}\n"
            '    target: ">= 90%"\n    stake: {per_event: {credit: 1.00 EUR}}\n'
            "  complaints:\n    promise: Nobody complains.\n    measure: {kind: count, of: complaints}\n"
            '    target: "<= 2"\n    stake: {of: 5.00 EUR}\n',
        )
        tally = {"kind": "tally", "source": "pbx", "subject": "", "of": "calls", "start": "2026-02-02T12:00:00Z"}
        shop.bring(
            {**tally, "source_id": "1", "result": "answered", "count": 19, "end": "2026-02-02T12:00:00Z"},
            {**tally, "source_id": "2", "result": "lost", "count": 1, "end": "2026-02-02T12:00:00Z"},
        )
        told = squeezed(shop("incentive", *HALF_A_YEAR))
        assert "below 90 % 3 of 20 3.00 EUR" in told
        assert "calls never goes dead: every worse value costs more." in told
        assert "above 2 5.00 EUR 5.00 EUR" in told
        assert "It is dead at 5.00 EUR: above 2 what gets worse" in told

    @pytest.mark.parametrize(("pays", "stick", "longer"), [("5%", "85.7 %", True), ("50%", "37.5 %", False)])
    def test_weighs_the_stick_against_the_carrot(self, pays: str, stick: str, longer: bool, shop: Shop) -> None:
        bonus = f"    bonus: {{of: 1000.00 EUR, tiers: [{{at_least: 99.99%, pays: {pays}}}]}}\n"
        changed(shop, "    stake:\n", bonus + "    stake:\n")
        told = squeezed(shop("incentive", *HALF_A_YEAR))
        assert f"Of all that is at stake {stick} can be lost, and the rest gained." in told
        assert ("The stick is longer than the carrot" in told) is longer

    def test_says_where_the_value_alone_pays_nothing(self, shop: Shop) -> None:
        changed(shop, "outcomes:", "minimum_credit: {more_than: 9999.00 EUR}\noutcomes:")
        told = squeezed(shop("incentive", *HALF_A_YEAR))
        assert "A worse value of till-availability costs nothing by itself" in told

    def test_says_how_many_cases_it_takes_where_nothing_is_known(
        self, shop: Shop, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
    ) -> None:
        (tmp_path / "empty").mkdir()
        monkeypatch.chdir(tmp_path / "empty")
        told = "No evidence was used: a month is taken to have 1,000 cases or events of each kind."
        assert told not in squeezed(makegood("incentive", shop.agreement))
        changed(
            shop,
            "{kind: availability, of: till, on: shop, excluded: {customer_caused: {effect: up}}}",
            "{kind: ratio, of: sales, good: booked}",
        )
        assert told in squeezed(makegood("incentive", shop.agreement))

    def test_has_nothing_to_say_without_a_stake(self, shop: Shop) -> None:
        text = AGREEMENT[: AGREEMENT.index("    stake:")]
        shop.agreement.write_text(text, encoding="utf-8")
        told = squeezed(shop("incentive", *HALF_A_YEAR))
        assert (
            told
            == "At the worst a month loses 0.00 EUR, 0.00 % of the fee, and at the best it gains 0.00 EUR. Nothing is at stake."
        )


class TestRefusals:
    @pytest.mark.parametrize(
        ("_case", "words", "code", "sentence"),
        [
            ("no such day", ("simulate", "--from", "soon"), 2, "--from: 'soon' is not a day"),
            ("a day out of time", ("simulate", "--until", "3026-01-01"), 2, "--until: '3026-01-01' is not a day"),
            ("a day to come", ("simulate", "--until", "2026-08-01"), 2, "until 2026-08-01: that day has not come"),
            ("no day at all", ("simulate", "--from", "2026-04-01", "--until", "2026-04-01"), 2, "has no day"),
            ("no whole month", ("simulate", "--as-of", "2026-01-20"), 3, "from 2026-01-01 to 2026-01-20 and covers no whole month"),
            ("no evidence yet", ("simulate", "--as-of", "2025-01-20"), 3, "there is no evidence to replay"),
            ("too long a block", ("simulate", "--block", "7"), 2, "a block of 7 cannot be drawn from 6 whole periods"),
            ("no number", ("price", "--margin", "much"), 2, "--margin: 'much' is not a number"),
            ("all of the fee", ("price", "--margin", "100%"), 2, "--margin: 100% has to be 0 % or more and below 100 %"),
            ("less than nothing", ("price", "--load", "-5%"), 2, "--load: -5% has to be 0 % or more."),
            ("another currency", ("price", "--cost", "5.00 USD"), 2, "is in USD, expected EUR"),
            ("a negative cost", ("price", "--cost", "-5.00"), 2, "--cost: -5.00 EUR is less than nothing"),
            ("no whole period", ("price", "--from", "2026-03-05", "--until", "2026-03-20"), 3, "No year can be drawn"),
            ("half a prevention", ("incentive", "--prevents", "till-availability"), 2, "needs what it prevents and what it costs"),
            ("a loss of nothing", ("incentive", "--loss", "5.00"), 2, "needs what it prevents and what it costs"),
            ("no such outcome", ("incentive", "--prevents", "oven", "--prevention", "5.00"), 2, "no money is on an outcome oven"),
            ("it makes things worse", ("incentive", "--prevents", "till-availability", "--prevention", "5.00", "--remaining", "50%"), 2, "from 16.67 % to 50.00 % it does not"),
            ("never missed", ("incentive", "--as-of", "2026-03-01", "--prevents", "till-availability", "--prevention", "5"), 2, "was never missed in 2 periods"),
        ],
    )  # fmt: skip
    def test_are_sentences(self, _case: str, words: tuple[str, ...], code: int, sentence: str, shop: Shop) -> None:
        answer = shop(words[0], *HALF_A_YEAR, *words[1:])
        assert (answer.code, sentence in answer.err) == (code, True), answer.err

    def test_price_nothing_without_a_fee(self, shop: Shop) -> None:
        changed(shop, ", fee: {monthly: 1200.00}", "")
        changed(shop, "of: 100% of service_fee", "of: 100.00 EUR")
        answer = shop("price", *HALF_A_YEAR)
        assert (answer.code, "has no monthly fee" in answer.err) == (3, True)

    def test_ask_for_the_chance_where_nothing_is_known(
        self, shop: Shop, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
    ) -> None:
        (tmp_path / "empty").mkdir()
        monkeypatch.chdir(tmp_path / "empty")
        answer = makegood("incentive", shop.agreement, "--prevents", "till-availability", "--prevention", "5.00")
        assert (answer.code, "was never decided" in answer.err) == (2, True)

    def test_are_json_for_who_asked_for_it(self, shop: Shop) -> None:
        answer = shop("price", "--margin", "much", "--json")
        assert json.loads(answer.out)["remedy"] == "Write --margin 25%."
