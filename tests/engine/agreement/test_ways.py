"""What the catalogue's examples do not show about ways to pay, incentives, claims and damages."""

from __future__ import annotations

import pytest

from makegood.engine.agreement.catalogue import completed
from makegood.engine.agreement.code import bad_outcome
from makegood.engine.agreement.document import read
from makegood.engine.agreement.incentives import BonusTier, Incentive
from makegood.engine.agreement.prose import service_level_text
from makegood.engine.agreement.rates import RATE
from makegood.engine.agreement.readings import readings_of_money
from makegood.engine.agreement.terms import Agreement

COUNT = "{kind: count, of: orders, counting: refused}"
RATIO = "{kind: ratio, of: orders, good: accepted}"
BY_DEVICE = "{kind: ratio, of: patches, good: done, by: device}"


def codes(piece: str) -> list[str]:
    return [finding.code for finding in read(completed(piece)).findings]


def agreed(piece: str) -> Agreement:
    document = read(completed(piece))
    assert document.agreement is not None, document.findings
    return document.agreement


def paragraphs(piece: str, title: str) -> tuple[str, ...]:
    (found,) = (section for section in service_level_text(agreed(piece)) if section.title == title)
    return found.paragraphs


def rows(piece: str, title: str) -> tuple[tuple[str, ...], ...]:
    (found,) = (section for section in service_level_text(agreed(piece)) if section.title == title)
    return found.table


class TestWays:
    @pytest.mark.parametrize(
        ("_case", "piece", "found"),
        [
            ("in proportion", bad_outcome(stake="{weight: 100%, linear: {times: 10}}"), []),
            (
                "prorated by time",
                bad_outcome(stake="{weight: 100%, per_unit: {unit: 1m, counted: exact, credit: 10x prorated}}"),
                [],
            ),
            (
                "prorated by points",
                bad_outcome(stake="{weight: 100%, per_unit: {unit: 1%, counted: exact, credit: 10x prorated}}"),
                ["MG547"],
            ),
            (
                "a share of nothing, in proportion",
                "money: {currency: EUR}\n" + bad_outcome(stake="{linear: {times: 10}}"),
                ["MG347"],
            ),
            (
                "a price, which needs no base",
                "money: {currency: EUR}\n"
                + bad_outcome(target=">= 100%", stake="{windows: {every: 1h, below: 90%, price: 0.0960}}"),
                [],
            ),
            (
                "a price that is limited to a share of nothing",
                "money: {currency: EUR}\n"
                + bad_outcome(target=">= 100%", stake="{at_most: 10%, windows: {every: 1h, below: 90%, price: 1}}"),
                ["MG347"],
            ),
            (
                "windows below a number",
                bad_outcome(target=">= 100%", stake="{weight: 100%, windows: {every: 1h, below: 90, price: 1}}"),
                ["MG548"],
            ),
            (
                "windows of no length",
                bad_outcome(target=">= 100%", stake="{weight: 100%, windows: {every: 0s, below: 90%, price: 1}}"),
                ["MG549"],
            ),
            (
                "minutes of a day",
                "term: {from: 2026-01-01, until: 2026-01-02, timezone: UTC, period: {every: term}}\n"
                + bad_outcome(target=">= 100%", stake="{weight: 100%, windows: {every: 1m, below: 90%, price: 1}}"),
                [],
            ),
            (
                "an exclusion without allowance beside windows",
                bad_outcome(
                    measure="{kind: availability, of: shop, excluded: {maintenance: {notice: 5 days}}}",
                    target=">= 100%",
                    stake="{weight: 100%, windows: {every: 1h, below: 90%, price: 1}}",
                ),
                [],
            ),
            ("items", bad_outcome(measure=BY_DEVICE, stake="{weight: 100%, money_back: {price: 8}}"), []),
            (
                "items of a number",
                bad_outcome(
                    measure="{kind: count, of: orders, by: device}",
                    target="<= 5",
                    stake="{weight: 100%, money_back: {price: 8}}",
                ),
                ["MG552"],
            ),
            ("a minimum", bad_outcome(stake="{weight: 100%, minimum: {level: 99%, credit: 100%}}"), []),
            (
                "a minimum of a ceiling",
                bad_outcome(measure=COUNT, target="<= 5", stake="{weight: 100%, minimum: {level: 9, credit: 100%}}"),
                [],
            ),
            (
                "a minimum within a ceiling",
                bad_outcome(measure=COUNT, target="<= 5", stake="{weight: 100%, minimum: {level: 4, credit: 100%}}"),
                ["MG553"],
            ),
            (
                "a minimum in another unit",
                bad_outcome(stake="{weight: 100%, minimum: {level: 9, credit: 100%}}"),
                ["MG553"],
            ),
            (
                "a minimum that is added",
                bad_outcome(
                    stake="{weight: 100%, tiers: [{below: 99.9%, credit: 25%}],"
                    " minimum: {level: 99%, credit: 10%, added: true}}"
                ),
                [],
            ),
            (
                "a minimum that pays less than a row",
                bad_outcome(
                    stake="{weight: 100%, table: {rows: [{below: 99.9%, credit: 25%}]},"
                    " minimum: {level: 99%, credit: 10%}}"
                ),
                ["MG554"],
            ),
            (
                "a minimum that pays less than the whole",
                bad_outcome(stake="{weight: 100%, minimum: {level: 99%, credit: 10%}}"),
                ["MG554"],
            ),
            (
                "a minimum that pays less than what was lost",
                bad_outcome(stake="{weight: 100%, linear: {times: 10}, minimum: {level: 99%, credit: 9%}}"),
                ["MG554"],
            ),
            (
                "a minimum that pays less than what was lost beyond the target",
                bad_outcome(
                    stake="{weight: 100%, linear: {times: 10, beyond: target}, minimum: {level: 99%, credit: 8%}}"
                ),
                ["MG554"],
            ),
            (
                "a minimum that pays as much as was lost",
                bad_outcome(stake="{weight: 100%, linear: {times: 10}, minimum: {level: 99%, credit: 10%}}"),
                [],
            ),
            (
                "a minimum of what went wrong in proportion",
                bad_outcome(
                    measure="{kind: ratio, of: orders, good: refused}",
                    target="<= 1%",
                    stake="{weight: 100%, linear: {times: 10}, minimum: {level: 2%, credit: 19%}}",
                ),
                ["MG554"],
            ),
            ("a multiple", bad_outcome(stake="{weight: 100%, tiers: [{below: 99.9%, credit: 2x}]}"), []),
            (
                "a multiple of nothing",
                bad_outcome(stake="{weight: 100%, tiers: [{below: 99.9%, credit: 0x}]}"),
                ["MG337"],
            ),
            ("whole euros", "money: {currency: EUR, decimals: 0, at_risk: {percent: 10%}}\n", []),
            (
                "a cap below days of service",
                "caps: [{per: period, at: 9.99 EUR}]\n"
                + bad_outcome(stake="{weight: 100%, tiers: [{below: 99.9%, credit: 3 days}]}"),
                ["MG364"],
            ),
            (
                "a cap below an amount and a minimum",
                "caps: [{per: period, at: 70.00 EUR}]\n"
                + bad_outcome(
                    stake="{of: 100.00 EUR, tiers: [{below: 99.9%, credit: 30.00 EUR}],"
                    " minimum: {level: 99%, credit: 50%, added: true}}",
                    more="",
                )
                + "money: {currency: EUR}\n",
                ["MG364"],
            ),
            (
                "a cap above the dearer of two",
                "caps: [{per: period, at: 70.00 EUR}]\n"
                + bad_outcome(
                    stake="{of: 100.00 EUR, tiers: [{below: 99.9%, credit: 30.00 EUR}],"
                    " minimum: {level: 99%, credit: 50%}}"
                )
                + "money: {currency: EUR}\n",
                [],
            ),
        ],
    )
    def test_fit_their_measure_and_one_another(self, _case: str, piece: str, found: list[str]) -> None:
        assert codes(piece) == found

    @pytest.mark.parametrize(
        ("stake", "measure", "sentence"),
        [
            (
                "{weight: 100%, linear: {times: 25}}",
                RATIO,
                "A miss pays the base times 25 times the share that was lost: all of it, also what the target allows.",
            ),
            (
                "{weight: 100%, linear: {beyond: target}}",
                RATIO,
                "A miss pays the base times the share that was lost: only what goes beyond the target.",
            ),
            (
                "{weight: 100%, windows: {every: 1h, below: 90%, price: 0.0960}}",
                "{kind: availability, of: shop}",
                "A missed period is cut into windows of 1 hour from its beginning on. For each window whose own value is"
                " below 90 %, its price of 0.096 is given back; only the sum is rounded.",
            ),
            (
                "{weight: 100%, money_back: {price: 8.00}}",
                BY_DEVICE,
                "A miss gives back the price of 8 of each item that misses the target on its own. Credits of other"
                " outcomes for the same incidents are taken off it.",
            ),
            (
                "{weight: 100%, money_back: {price: 8.00, worse_than: 95%, scope: all, nets: false}}",
                BY_DEVICE,
                "A miss gives back the price of 8 of all items, as soon as there is one that is worse than 95 %. Credits"
                " of other outcomes for the same incidents are paid besides.",
            ),
            (
                "{weight: 100%, minimum: {level: 99%, credit: 2x}}",
                RATIO,
                "A value worse than the minimum level of 99 % pays 2x the base instead.",
            ),
            (
                "{weight: 100%, minimum: {level: 99%, credit: 3 days, added: true}}",
                RATIO,
                "A value worse than the minimum level of 99 % pays 3 days of service besides.",
            ),
        ],
    )
    def test_are_told_in_a_sentence(self, stake: str, measure: str, sentence: str) -> None:
        piece = bad_outcome(measure=measure, target=">= 100%", stake=stake)
        assert paragraphs(piece, "What open pays")[-1] == sentence

    def test_of_a_table_are_told_row_by_row(self) -> None:
        piece = bad_outcome(stake="{weight: 100%, table: {rows: [{up_to: 99%, credit: 25%}, {credit: 1 day}]}}")
        assert paragraphs(piece, "What open pays")[-1] == (
            "A miss pays by the first row of the table that covers its value, read literally, and nothing if no row does."
        )
        assert rows(piece, "What open pays")[1:] == (
            ("up to 99 %", "25 % of the base"),
            ("any value", "1 day of service"),
        )

    def test_list_their_readings(self) -> None:
        piece = bad_outcome(stake="{weight: 100%, linear: {beyond: target}, minimum: {level: 99%, credit: 2x}}")
        listed = {term: (value, written) for term, value, written in readings_of_money(agreed(piece))}
        assert listed["outcomes.open.stake.linear.beyond"] == ("target", True)
        assert listed["outcomes.open.stake.minimum.added"] == ("False", False)

    def test_know_at_which_levels_the_credit_changes(self) -> None:
        piece = bad_outcome(
            stake="{weight: 100%, table: {rows: [{at_least: 99%, below: 99.9%, credit: 1%}]},"
            " minimum: {level: 98%, credit: 2x}}"
        )
        stake = agreed(piece).outcomes["open"].stake
        assert stake is not None
        assert [str(level) for level in stake.bounds] == ["99 %", "99.9 %", "98 %"]

    def test_say_to_how_many_decimals_credits_are_rounded(self) -> None:
        money = "money: {currency: EUR, decimals: 0, at_risk: {percent: 10%}}\n"
        assert any("credits to 0 decimals" in each for each in paragraphs(money, "Credits"))


GAIN = "{kind: gain_share, of: open, baseline: 99%, unit: 1%, worth: 100.00, share: 20%}"
BETTER = "{kind: improvement, of: open, baseline: 99%, unit: 1%, pays: 100.00 EUR}"
FEE = "{kind: outcome_fee, fee: 100.00 EUR, paid_when: open}"


def bonus(text: str, **terms: str) -> str:
    return bad_outcome(more=f"    bonus: {text}\n", **terms)


class TestIncentives:
    @pytest.mark.parametrize(
        ("_case", "piece", "found"),
        [
            ("a shared gain", f"incentives: {{a: {GAIN}}}\n", []),
            ("an improvement", f"incentives: {{a: {BETTER}}}\n", []),
            ("a fee", f"incentives: {{a: {FEE}}}\n", []),
            ("a share without its unit", f"incentives: {{a: {GAIN.replace('unit: 1%, ', '')}}}\n", ["MG560"]),
            ("a unit of nothing", f"incentives: {{a: {GAIN.replace('unit: 1%', 'unit: 0%')}}}\n", ["MG560"]),
            ("a number without a unit", "incentives: {a: {kind: gain_share, of: open, baseline: 9, share: 20%}}\n"
             + bad_outcome(measure=COUNT, target="<= 5", stake="{weight: 100%}"), []),
            ("a condition that there is not", f"incentives: {{a: {GAIN[:-1]}, only_if: [csat]}}}}\n", ["MG556"]),
            ("a fee for what there is not", f"incentives: {{a: {FEE.replace('open', 'x')}}}\n", ["MG556"]),
            ("a bonus that depends on what there is not", bonus("{only_if: x, tiers: [{at_least: 100%, pays: 1%}]}"), ["MG556"]),
            ("the name of a bonus", f"incentives: {{open.bonus: {GAIN}}}\n" + bonus("{tiers: [{at_least: 100%, pays: 1%}]}"), ["MG557"]),
            (
                "an outcome with the name of a bonus",
                bonus("{tiers: [{at_least: 100%, pays: 1%}]}")
                + f"  open.bonus: {{promise: p, critical: true, measure: {COUNT}, target: '<= 5'}}\n",
                ["MG557"],
            ),
            ("a bonus from the target on", bonus("{tiers: [{at_least: 99.9%, pays: 1%}]}"), []),
            ("a bonus in another unit", bonus("{tiers: [{at_least: 100, pays: 1%}]}"), ["MG558"]),
            ("a bonus for less", bonus("{tiers: [{at_most: 100%, pays: 1%}]}"), ["MG558"]),
            (
                "a bonus under a ceiling",
                bonus("{tiers: [{at_most: 5, pays: 1%}, {at_most: 2, pays: 2%}]}", measure=COUNT, target="<= 5", stake="{weight: 100%}"),
                [],
            ),
            (
                "a bonus under a ceiling that pays less for better",
                bonus("{tiers: [{at_most: 5, pays: 2%}, {at_most: 2, pays: 1%}]}", measure=COUNT, target="<= 5", stake="{weight: 100%}"),
                ["MG559"],
            ),
            (
                "a bonus under a ceiling for more than it",
                bonus("{tiers: [{at_most: 6, pays: 1%}]}", measure=COUNT, target="<= 5", stake="{weight: 100%}"),
                ["MG558"],
            ),
            ("units", bonus("{per_unit: {unit: 0.01%, pays: 1%, counted: exact}}"), []),
            ("units beyond a level", bonus("{per_unit: {unit: 0.01%, pays: 1%, counted: exact, beyond: 99.95%}}"), []),
            ("units below the target", bonus("{per_unit: {unit: 0.01%, pays: 1%, counted: exact, beyond: 99%}}"), ["MG558"]),
            ("units of something else", bonus("{per_unit: {unit: 1, pays: 1%, counted: exact}}"), ["MG560"]),
            ("units of nothing", bonus("{per_unit: {unit: 0%, pays: 1%, counted: exact}}"), ["MG560"]),
            (
                "a bonus of an amount",
                "money: {currency: EUR}\nservices: {shop: {title: S, critical: true}}\n"
                + bad_outcome(stake="{of: 1.00 EUR}", more="    bonus: {of: 9.00 EUR, tiers: [{at_least: 100%, pays: 1%}]}\n"),
                [],
            ),
            (
                "a bonus of the fee of a service that has none",
                "services:\n  shop: {title: S, fee: {monthly: 9.00}, critical: true}\n  b: {title: B, critical: true}\n"
                + bonus("{tiers: [{at_least: 100%, pays: 1%}]}").replace("    bonus", "    service: b\n    bonus"),
                ["MG561"],
            ),
            (
                "a bonus of the fee of a service that has one",
                "services:\n  shop: {title: S, fee: {monthly: 9.00}, critical: true}\n  b: {title: B, critical: true}\n"
                + bonus("{of: 10% of service_fee, tiers: [{at_least: 100%, pays: 1%}]}").replace("    bonus", "    service: shop\n    bonus"),
                [],
            ),
            ("a bonus of the fees of a stretch", bonus("{of: 10% of fees, tiers: [{at_least: 100%, pays: 1%}]}"), ["MG561"]),
            ("a bonus of all fees", bonus("{of: 10% of monthly_fee, tiers: [{at_least: 100%, pays: 1%}]}"), []),
            ("a bonus whose limit is a share of nothing", bonus("{of: 10% of fees, at_most: 5%, tiers: [{at_least: 100%, pays: 9.00 EUR}]}"), ["MG561"]),
            ("a bonus of amounts", bonus("{of: 10% of fees, tiers: [{at_least: 100%, pays: 9.00 EUR}]}"), []),
            (
                "a bonus of an amount at risk",
                bonus("{of: 10% of at_risk, tiers: [{at_least: 100%, pays: 1%}]}"),
                [],
            ),
            (
                "a bonus of no amount at risk",
                "money: {currency: EUR}\n"
                + bad_outcome(stake="{of: 1.00 EUR}", more="    bonus: {of: 10% of at_risk, per_unit: {unit: 1%, pays: 1%, counted: exact}}\n"),
                ["MG561"],
            ),
        ],
    )  # fmt: skip
    def test_can_be_earned(self, _case: str, piece: str, found: list[str]) -> None:
        assert codes(piece) == found

    def test_are_told_in_sentences(self) -> None:
        piece = (
            "incentives:\n"
            "  better: {kind: improvement, of: open, mean_of_first: 3, unit: 1%, pays: 100.00 EUR, rises: false, most: 2%,"
            " carry_over: 1%, only_if: open}\n"
            "  year: {kind: improvement, of: open, year_before: true, unit: 1%, pays: 100.00 EUR, counted: exact}\n"
            "  base: {kind: improvement, of: open, baseline: 99%, unit: 1%, pays: 100.00 EUR, counted: started}\n"
            "  gain: {kind: gain_share, of: open, baseline: 99%, unit: 1%, worth: 50, share: 20%, at_most: 10.00 EUR,"
            " loss_share: 5%, loss_at_most: 9.00 EUR, only_if: open}\n"
            "  fee: {kind: outcome_fee, fee: 10.00 EUR, paid_when: open, guarantee: {periods: 3}, only_if: open}\n"
            "  often: {kind: outcome_fee, fee: 10.00 EUR, paid_when: open, once: false}\n"
        )
        gates = "It is paid only in periods in which all of these are met: open."
        assert [row for row in rows(piece, "Incentives")[1:] if row[0] in {"better", "gain", "fee"}] == [
            ("better", "The provider earns 100.00 EUR for each full 1 % by which open is better than its baseline.", "as agreed"),
            ("better", "The baseline is the mean of the first 3 periods, which earn nothing themselves.", "as agreed"),
            ("better", "The baseline stays, so that an improvement is paid in every period in which it lasts.", "as agreed"),
            ("better", "One period is paid for 2 % at most. Of more, 1 % are kept for later periods.", "as agreed"),
            ("better", gates, "as agreed"),
            ("gain", "By what open is better than 99 %, each 1 % counted as 50, the provider earns 20 %.", "as agreed"),
            ("gain", "The provider bears 5 % of a loss, at most 9.00 EUR a period.", "as agreed"),
            ("gain", gates, "as agreed"),
            ("gain", "It pays 10.00 EUR a period at most.", "as agreed"),
            ("fee", "10.00 EUR are paid once, in the first period in which all of these are met: open.", "as agreed"),
            ("fee", gates, "as agreed"),
            ("fee", "If one of them is missed within 3 periods after that, 100 % of the fee is given back, once.", "as agreed"),
        ]  # fmt: skip
        assert [row[1] for row in rows(piece, "Incentives")[1:] if row[0] in {"year", "base", "often"}] == [
            "The provider earns 100.00 EUR for each 1 %, parts counted exactly, by which open is better than its baseline.",
            "The baseline is its value in the same period of the year before.",
            "What was improved becomes the new baseline, so that it is paid once.",
            "One period is paid for all of it. Nothing is kept for later.",
            "The provider earns 100.00 EUR for each 1 % begun by which open is better than its baseline.",
            "The baseline is 99 %.",
            "What was improved becomes the new baseline, so that it is paid once.",
            "One period is paid for all of it. Nothing is kept for later.",
            "10.00 EUR are paid in every period in which all of these are met: open.",
            "What was paid is not given back.",
        ]

    def test_of_every_kind_answer_for_themselves(self) -> None:
        with pytest.raises(NotImplementedError):
            Incentive().sentences()
        with pytest.raises(NotImplementedError):
            _ = Incentive().concerned
        assert Incentive().levels == ()

    def test_have_steps_with_one_bound(self) -> None:
        with pytest.raises(ValueError, match="a step without a bound"):
            _ = BonusTier(pays=RATE.read("1%")).bound

    def test_of_a_gain_without_more_say_so(self) -> None:
        piece = "incentives: {a: {kind: gain_share, of: open, baseline: 9, share: 20%}}\n" + bad_outcome(
            measure=COUNT, target="<= 5", stake="{weight: 100%}"
        )
        assert [row[1] for row in rows(piece, "Incentives")[1:]] == [
            "By what open is better than 9, each 1 counted as 1, the provider earns 20 %.",
            "The provider bears nothing of a loss.",
            "No cap limits it.",
        ]

    def test_of_an_outcome_are_told_as_its_bonus(self) -> None:
        steps = "{tiers: [{at_least: 99.95%, pays: 1%}, {at_least: 100%, pays: 9.00 EUR}], only_if: open, at_most: 2%}"
        assert paragraphs(bonus(steps), "What open earns") == (
            "In a period whose value is at least 99.95 %, the provider earns 1 % of the base.",
            "In a period whose value is at least 100 %, the provider earns 9.00 EUR.",
            "Of these the best step alone counts.",
            "It is paid only in periods in which all of these are met: open.",
            "A period pays 2 % of the base at most.",
        )
        assert paragraphs(bonus("{per_unit: {unit: 0.01%, pays: 1%, counted: exact}}"), "What open earns") == (
            "The provider earns 1 % of the base for each 0.01 %, parts counted exactly, by which a value is better than"
            " the target.",
        )
        assert paragraphs(
            bonus("{per_unit: {unit: 0.01%, pays: 1%, counted: started, beyond: 99.95%}}"), "What open earns"
        ) == ("The provider earns 1 % of the base for each 0.01 % begun by which a value is better than 99.95 %.",)

    def test_of_less_are_told_as_such(self) -> None:
        piece = bonus("{tiers: [{at_most: 2, pays: 2%}]}", measure=COUNT, target="<= 5", stake="{weight: 100%}")
        assert paragraphs(piece, "What open earns")[0] == (
            "In a period whose value is at most 2, the provider earns 2 % of the base."
        )


class TestClaims:
    @pytest.mark.parametrize(
        ("piece", "found"),
        [
            ("claims: {end_of_cycle: 2}\n", []),
            ("claims: {after_period: 30 days, of: open}\n", []),
            ("claims: {after_period: 30 days, of: [open, x]}\n", ["MG562"]),
            ("claims: {}\n", ["MG115"]),
            ("claims: {end_of_cycle: 2, after_period: 30 days}\n", ["MG116"]),
        ],
    )
    def test_have_a_deadline_and_something_to_claim(self, piece: str, found: list[str]) -> None:
        assert codes(piece) == found

    @pytest.mark.parametrize(
        ("terms", "sentences"),
        [
            (
                "end_of_cycle: 2",
                [
                    "Credits of every outcome are paid only if the customer claims them in time.",
                    "A claim is due by the end of billing period 2 after the one that was missed.",
                    "What comes exactly at a deadline is late.",
                ],
            ),
            (
                "of: open, after_ticket: 30 days, ticket_within: 72h, at_deadline: in_time",
                [
                    "Credits of open are paid only if the customer claims them in time.",
                    "A claim is due 30 days after the last ticket of its incidents was closed.",
                    "For each incident a ticket must have been opened within 72 hours of its beginning.",
                    "What comes exactly at a deadline is in time.",
                ],
            ),
        ],
    )
    def test_are_told_in_sentences(self, terms: str, sentences: list[str]) -> None:
        assert [row[0] for row in rows(f"claims: {{{terms}}}\n", "Claims")[1:]] == sentences


class TestDamages:
    @pytest.mark.parametrize(
        ("terms", "found"),
        [
            ("{}", []),
            ("{damages: {months: 3}}", []),
            ("{damages: {months: 3.5}}", ["MG564"]),
            ("{damages: {cap: none}}", ["MG564"]),
        ],
    )
    def test_are_no_penalty(self, terms: str, found: list[str]) -> None:
        assert codes(f"termination: {terms}\n") == found

    def test_are_told_in_sentences(self) -> None:
        terms = "{damages: {months: 1, of: trailing_average, averaged: 6}, removal_fee: 250.00 EUR}"
        assert rows(f"termination: {terms}\n", "Termination")[1:] == (
            (
                "A customer who leaves before the term ends owes 1 time the average monthly fee of the months before; who"
                " removes a service, that of the service.",
                "as agreed",
            ),
            ("The average is that of the last 6 months.", "as agreed"),
            ("They are never more than the fees of the rest of the term.", "house default"),
            ("Removing a single service costs 250.00 EUR besides.", "as agreed"),
        )

    def test_are_two_monthly_fees_if_nothing_else_is_written(self) -> None:
        assert rows("termination: {}\n", "Termination")[1:] == (
            (
                "A customer who leaves before the term ends owes 2 times the monthly fee in force on that day; who removes"
                " a service, that of the service.",
                "house default",
            ),
            ("They are never more than the fees of the rest of the term.", "house default"),
        )
