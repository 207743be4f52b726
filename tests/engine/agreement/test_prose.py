from collections.abc import Iterator
from pathlib import Path

import pytest

from makegood.engine.agreement import money_prose, stake_prose
from makegood.engine.agreement.catalogue import completed
from makegood.engine.agreement.code import bad_outcome
from makegood.engine.agreement.document import read
from makegood.engine.agreement.measure_prose import readings_in_words
from makegood.engine.agreement.measures import (
    availability,
    count,
    coverage,
    gauges,
    kept,
    milestone,
    parts,
    quantile,
    ratio,
    recovery,
    stated,
    steps,
    time_beyond,
    within,
)
from makegood.engine.agreement.prose import Section, as_markdown, service_level_text
from makegood.engine.agreement.readings import readings_of
from makegood.engine.agreement.terms import Agreement

ROOT = Path(__file__).resolve().parents[3]

COUNT = "{kind: count, of: orders, counting: [refused, lost]}"
VALUES = {
    "{kind: stated, of: satisfaction, unit: number}": ">= 4",
    "{kind: stated, of: saving, unit: share, signed_by: [A, B], subject: s, maximum: 150%}": ">= 110%",
    "{kind: quantile, of: latency, unit: time, quantile: 95%}": "<= 300ms",
    "{kind: quantile, of: latency, unit: time, quantile: 95%, subject: a, slices: {every: 1h, good_when: '<= 1s'}}": ">= 9%",
    "{kind: quantile, of: latency, unit: time, quantile: 5%, significant_digits: 3}": "<= 1s",
    "{kind: average, of: load, unit: number, weight: time, after: 5m, minimum_coverage: 9%, minimum_samples: 9}": "<= 5",
    "{kind: time_beyond, of: heat, beyond: '> 27', as: time}": "<= 1h",
    "{kind: time_beyond, of: heat, beyond: '> 27', as: share, subject: [a, b], ignore_shorter_than: 1m,"
    " unknown: {after: 5m, minimum_coverage: 9%}}": "<= 1%",
    "{kind: score, of: survey, as: mean, scale: {from: 1, to: 5}}": ">= 4",
    "{kind: score, of: survey, as: top_box, top: 4, scale: {from: 1, to: 5}, no_answer: [x], minimum_answers: 5}": ">= 9%",
    "{kind: score, of: survey, as: net_promoter, top: 9, bottom: 6, scale: {from: 0, to: 10}}": ">= -10",
    "{kind: recovery, as: mean_time_to_restore, of: shop}": "<= 4h",
    "{kind: recovery, as: mean_time_between_failures, of: front}": ">= 400h",
    "{kind: recovery, as: recovery_point, cases: outage, priority: P1, ignore_shorter_than: 1m,"
    " backups: {cases: backup}}": "<= 24h",
    "{kind: coverage, by_deadline: {cases: patch, limits: {critical: 3 business days, low: 3 months}}}": ">= 95%",
    "{kind: coverage, by_deadline: {cases: patch, limit: 9 days, item: pc}}": ">= 95%",
    "{kind: coverage, fresh: {cases: backup, done: done, within: 24h, item: server}, items: 7, retired: gone}": ">= 95%",
    "{kind: coverage, current: {of: age, good_when: '<= 24h', after: 1h}, listed: [a], seen: throughout}": ">= 95%",
}
STEPS = "steps: {told: {state: told, within: 15m}, fixed: {state: fixed, within: 1 day, needs: [ticket, note]}}"
DELAY = "{kind: milestone, of: go-live, due: "
CASES = {
    "{kind: availability, of: shop, users: {total: 100, together: highest}}": ">= 99%",
    "{kind: composite, of: shop}": ">= 99%",
    "{kind: composite, of: shop, unknown: {after: 10m, minimum_coverage: 9%}, excluded: {m: {}}}": ">= 99%",
    f"{DELAY}2026-06-30}}": "<= 0s",
    f"{DELAY}2026-06-30T12:00:00Z, count_in: 1 day, parts: completed, undone: refused, long_stop: 30 days}}": "<= 0",
    f"{DELAY}2026-06-30, count_in: 24h, long_stop_units: 30, on: always}}": "<= 0",
    f"{{kind: steps, cases: outage, {STEPS}}}": ">= 100%",
    f"{{kind: steps, cases: outage, where: {{class: link, site: x}}, priority: P1, {STEPS}}}": ">= 100%",
    "{kind: within, cases: o, limit: 4h, rest_within: 1 day, leave_out: parent, clock: {on_priority: {P1: always}}}": (
        ">= 99%"
    ),
    "{kind: within, cases: o, limits: {P1: 2 days}, rest_limits: {P1: 3 days}}": ">= 99%",
}
MEASURES = [
    "{kind: availability, of: shop}",
    "{kind: availability, of: front, count: {ignore_up_to: 5m}, unknown: {after: 10m, minimum_coverage: 9%}}",
    "{kind: availability, of: shop, excluded: {m: {notice: 5 days, allowance: 4h per period}, c: {effect: up}}}",
    "{kind: ratio, of: orders, good: [a, b]}",
    "{kind: ratio, of: orders, good: a, slices: {every: 5m, method: share_of_bad_slices, bad_when: '> 5%'}}",
    "{kind: ratio, of: o, good: a, slices: {every: 5m, method: mean_error_rate, empty: skipped, weight: by_events}}",
    "{kind: within, cases: order, limit: 4h}",
    "{kind: within, cases: order, limits: {P1: 4h}, priority: P1, closed: [], clock: {pause: [a, b]}}",
    COUNT,
    "{kind: count, of: orders}",
    *VALUES,
    *CASES,
]


def agreement(piece: str = "") -> Agreement:
    found = read(completed(piece)).agreement
    assert found is not None
    return found


def of(measure: str) -> Agreement:
    target = {**VALUES, **CASES}.get(measure, "<= 5" if "count, of" in measure else ">= 99%")
    return agreement(bad_outcome(measure=measure, target=target, stake="{weight: 100%}"))


def text(piece: str = "") -> dict[str, Section]:
    return {section.title: section for section in service_level_text(agreement(piece))}


def pays(stake: str, *, measure: str = "{kind: availability, of: shop}", target: str = ">= 99%") -> Section:
    return text(bad_outcome(measure=measure, target=target, stake=stake))["What open pays"]


def words() -> Iterator[tuple[str, object]]:
    for module in (
        availability,
        count,
        kept,
        milestone,
        steps,
        coverage,
        gauges,
        parts,
        quantile,
        ratio,
        recovery,
        stated,
        time_beyond,
        within,
        money_prose,
        stake_prose,
    ):
        for name, table in vars(module).items():
            if isinstance(table, dict) and name.isupper():
                yield name, table


class TestReadingsInWords:
    @pytest.mark.parametrize("measure", MEASURES)
    def test_leave_out_none(self, measure: str) -> None:
        found = of(measure)
        said = [term for terms, _ in found.outcomes["open"].measure.sentences() for term in terms]
        assert sorted(said) == sorted(term for term, _, _ in readings_of(found, "open"))

    @pytest.mark.parametrize("measure", MEASURES)
    def test_say_truly_who_wrote_them(self, measure: str) -> None:
        found = of(measure)
        written = {term for term, _, was in readings_of(found, "open") if was}
        expected = [bool(set(terms) & written) for terms, _ in found.outcomes["open"].measure.sentences()]
        assert [was for _, was in readings_in_words(found, "open")] == expected

    def test_have_words_for_every_choice(self) -> None:
        wordless = [
            (name, choice)
            for name, table in words()
            if isinstance(table, dict)
            for choice in type(next(iter(table)))
            if choice not in table
        ]
        assert wordless == []

    def test_are_sentences(self) -> None:
        said = [sentence for measure in MEASURES for sentence, _ in readings_in_words(of(measure), "open")]
        assert [each for each in said if not (each[0].isupper() and each.endswith("."))] == []


class TestTheText:
    def test_of_an_example_is_the_one_that_was_read_and_approved(self) -> None:
        found = read((ROOT / "examples" / "managed-erp.yaml").read_text("utf-8")).agreement
        assert found is not None
        approved = Path(__file__).with_name("managed-erp.md").read_text("utf-8")
        assert as_markdown(service_level_text(found)) == approved

    def test_keeps_affiliates_behind_the_provider(self) -> None:
        piece = "parties: {provider: a, customer: b, relies_on: [{affiliate: hosting-gmbh, agreement: h-1}]}\n"
        shown = as_markdown(service_level_text(agreement(piece)))
        assert "hosting" not in shown
        assert "The provider relies on others, and answers for their work as for its own." in shown

    def test_says_by_which_periods_it_is_judged(self) -> None:
        term = "term: {from: 2026-01-01, until: 2026-03-01, timezone: UTC, period: {every: week, starts_on: 3}}\n"
        assert text(term)["Term"].paragraphs == (
            "It runs from 1 January 2026 up to and including 28 February 2026. Days begin and end by the clocks of UTC.",
            "Outcomes are judged, and credits are settled, by weeks that start on day 3 of the week (as agreed).",
        )

    def test_lists_calendars_if_there_are_any(self) -> None:
        piece = (
            "calendars:\n"
            "  office: {days: {mon-fri: ['08:00-12:00', '13:00-18:00'], sat: []}, timezone: Asia/Tokyo,"
            " holidays: {country: JP}, extra_open: {2026-01-04: '10:00-12:00'}}\n"
            "  desk: {days: {mon: '08:00-18:00'}}\n"
        )
        assert "Calendars" not in text()
        assert text(piece)["Calendars"].table == (
            ("Calendar", "Open", "Except"),
            (
                "office",
                "mon-fri 08:00-12:00, 13:00-18:00; sat closed (Asia/Tokyo)",
                "closed on the public holidays of JP; also open on 4 January 2026: 10:00-12:00",
            ),
            ("desk", "mon 08:00-18:00", "no exceptions"),
        )

    def test_tells_what_services_are_made_of(self) -> None:
        piece = (
            "services:\n"
            "  shop: {title: Shop, fee: {monthly: 5}, critical: true,"
            " made_of: {any_of: [a, {id: b, since: 2026-02-01}]}}\n"
            "  park: {title: Park, made_of: {each: [c, d]}}\n"
            "  tool: {title: Tool}\n"
        )
        assert text(piece)["Services and fees"].table[1:] == (
            (
                "Shop (shop)",
                "5.00 EUR a month",
                "yes",
                "a, b (from 1 February 2026): down only when all of them are down",
            ),
            ("Park (park)", "none of its own", "no", "c, d: each counted by itself"),
            ("Tool (tool)", "none of its own", "no", "itself"),
        )

    @pytest.mark.parametrize(
        ("low_volume", "sentence"),
        [
            ("{below: 1000, gives: met}", "1,000 orders a percentage says little; then the outcome is met."),
            (
                "{below: 10, allowed_misses: 1}",
                "10 orders a percentage says little; then the outcome is met with at most 1 miss, and missed with more.",
            ),
            (
                "{below: 10, allowed_misses: 2}",
                "10 orders a percentage says little; then the outcome is met with at most 2 misses, and missed with more.",
            ),
        ],
    )
    def test_says_what_a_thin_period_yields(self, low_volume: str, sentence: str) -> None:
        measure = "{kind: ratio, of: orders, good: a}"
        piece = bad_outcome(measure=measure, more=f"    low_volume: {low_volume}\n    headline: false\n")
        outcome = text(piece)["Outcome: open"].paragraphs
        assert outcome[1].startswith("A supporting outcome. Its value is the share of orders that were a.")
        assert outcome[2] == f"In a period with fewer than {sentence}"


class TestMarkdown:
    def test_lets_no_promise_look_like_a_section_or_a_table(self) -> None:
        outcome = text("outcomes:\n  o:\n    promise: |\n      # Free\n\n      ## Credits\n\n      None.\n"
            "    measure: {kind: ratio, of: a, good: b}\n    target: '>= 9%'\nmoney: {currency: EUR}\n")["Outcome: o"]  # fmt: skip
        assert as_markdown([outcome]).splitlines()[2] == "\\# Free ## Credits None."
        assert as_markdown([Section("T", (), (("a|b", "c"),))]).splitlines()[2] == "| a\\|b | c |"


class TestWhatAMissPays:
    def test_is_a_table_of_tiers(self) -> None:
        section = pays("{weight: 100%, tiers: [{below: 99%, credit: 10%}, {below: 98%, credit: 25%}]}")
        assert section == Section(
            "What open pays",
            (
                "The base is 100 % of the amount at risk.",
                "A miss pays by the worst tier that its value is in, and nothing if it is in none.",
            ),
            (
                ("If the value is", "the credit is"),
                ("below 99 %, but at least 98 %", "10 % of the base"),
                ("below 98 %", "25 % of the base"),
            ),
        )

    def test_goes_up_where_less_is_better(self) -> None:
        tiers = "{weight: 100%, tiers: [{above: 5000, credit: 1.00 EUR}, {above: 9000.5, credit: 2.00 EUR}]}"
        section = pays(tiers, measure=COUNT, target="<= 5000")
        assert section.table[1:] == (("above 5,000, but at most 9,000.5", "1.00 EUR"), ("above 9,000.5", "2.00 EUR"))

    @pytest.mark.parametrize(
        ("stake", "sentences"),
        [
            ("{weight: 100%}", ("The base is 100 % of the amount at risk.", "A miss pays the whole base.")),
            (
                "{weight: 100%, at_most: 5.00 EUR, per_event: {credit: 1.00 EUR, events: beyond_target}}",
                (
                    "The base is 100 % of the amount at risk.",
                    "A miss pays 1.00 EUR for every event that went wrong beyond what the target allows.",
                    "In one period this outcome pays 5.00 EUR at most.",
                ),
            ),
            (
                "{weight: 100%, per_unit: {unit: 30m, credit: 1%, counted: completed, allowance: 1h}}",
                (
                    "The base is 100 % of the amount at risk.",
                    "A miss pays 1 % of the base for each completed 30 minutes of outage by which it goes beyond 1 hour.",
                ),
            ),
            (
                "{weight: 100%, per_unit: {unit: 1%, credit: 1%, counted: exact}}",
                (
                    "The base is 100 % of the amount at risk.",
                    "A miss pays 1 % of the base for each 1 percentage point, parts counted exactly, by which it goes"
                    " beyond what the target allows.",
                ),
            ),
            (
                "{weight: 100%, per_unit: {unit: 2.5%, credit: 1%, counted: started}}",
                (
                    "The base is 100 % of the amount at risk.",
                    "A miss pays 1 % of the base for each started 2.5 percentage points by which it goes beyond what the"
                    " target allows.",
                ),
            ),
        ],
    )
    def test_is_said_in_sentences(self, stake: str, sentences: tuple[str, ...]) -> None:
        assert pays(stake).paragraphs == sentences

    def test_may_be_nothing(self) -> None:
        outcome = "{promise: P, measure: {kind: ratio, of: a, good: b}, target: '>= 9%'}"
        piece = f"money: {{currency: EUR}}\noutcomes: {{o: {outcome}}}\n"
        assert text(piece)["What o pays"] == Section("What o pays", ("No money depends on this outcome.",))

    def test_has_its_own_base(self) -> None:
        piece = "money: {currency: EUR}\n" + bad_outcome(stake="{of: 20% of service_fee}")
        assert text(piece)["What open pays"].paragraphs[0] == (
            "The base is 20 % of the fee of all services for the period."
        )

    def test_may_be_of_the_fee_of_one_service(self) -> None:
        more = "    service: shop\n"
        measure = "{kind: ratio, of: orders, good: accepted}"
        stake = "{of: 20% of service_fee}"
        sections = text("money: {currency: EUR}\n" + bad_outcome(measure=measure, stake=stake, more=more))
        assert (
            sections["Outcome: open"].paragraphs[1].startswith("A headline outcome of the service The shop (shop). Its")
        )
        assert sections["What open pays"].paragraphs[0] == "The base is 20 % of the fee of its service for the period."

    @pytest.mark.parametrize(
        ("stake", "pays_then"),
        [
            ("tiers: [{below: 99%, credit: 10%}]", "by the mildest tier"),
            ("per_unit: {unit: 1%, credit: 1%, counted: exact}", "nothing"),
            ("per_event: {credit: 1.00 EUR}", "nothing"),
            ("at_most: 5.00 EUR", "the base"),
        ],
    )
    def test_is_also_said_of_a_miss_without_a_value(self, stake: str, pays_then: str) -> None:
        measure = "{kind: ratio, of: orders, good: a, empty: missed}"
        paragraphs = pays(f"{{weight: 100%, {stake}}}", measure=measure).paragraphs
        assert f"A miss because there was nothing to measure pays {pays_then}." in paragraphs


class TestCreditsTogether:
    def test_are_not_limited_unless_agreed(self) -> None:
        piece = "money: {currency: EUR}\n" + bad_outcome(stake="{of: 20.00 EUR}")
        assert text(piece)["Credits"].paragraphs == (
            "A missed outcome pays what is said under its name. Met and undecided outcomes pay nothing.",
            "If one incident made several outcomes miss, only the highest of their credits is paid. (house default)",
            "No cap limits the credits of a period.",
            "Credits are paid however small they are.",
            "Amounts are in EUR, and rounded to its smallest unit to the nearest, halves away from zero (house default).",
            "The fee of a period that lies only partly in the term is reduced to the share of its days inside the term"
            " (house default).",
        )

    @pytest.mark.parametrize(
        ("every", "fee"),
        [
            (
                "week",
                "The fee of a week is, for each of its days, twelve monthly fees divided by the days of the year.",
            ),
            ("quarter", "The fee of a quarter is three monthly fees."),
            ("year", "The fee of a year is twelve monthly fees."),
        ],
    )
    def test_say_what_the_fee_of_a_period_is(self, every: str, fee: str) -> None:
        term = f"term: {{from: 2026-01-01, months: 12, timezone: UTC, period: {{every: {every}}}}}\n"
        assert text(term)["Credits"].paragraphs[-2] == fee

    def test_may_be_capped_and_have_a_minimum(self) -> None:
        piece = "caps: [{per: period, at: 600.00 EUR}]\nminimum_credit: {more_than: 1.00 EUR}\n"
        assert text(piece)["Credits"].paragraphs[3:5] == (
            "All credits of one period together are at most 600.00 EUR; beyond that, each is reduced in proportion.",
            "The credits of a period are paid only if together they are more than 1.00 EUR.",
        )

    def test_are_final_by_the_calendar_of_closing(self) -> None:
        assert text()["Closing, late evidence and disputes"].paragraphs[:2] == (
            "A period is closed 5 business days after its end (house default).",
            "Business days are those of Monday to Friday (house default).",
        )


class TestServicesAndTerms:
    def made_of(self, parts: str) -> str:
        piece = f"services:\n  shop: {{title: The shop, fee: {{monthly: 1000.00}}, critical: true, made_of: {parts}}}\n"
        piece += bad_outcome(measure="{kind: composite, of: shop}")
        return text(piece)["Services and fees"].table[1][3]

    def test_say_how_a_service_is_made_of_its_parts(self) -> None:
        assert self.made_of("{weights: {a: 60%, b: 40%}}") == "a 60 %, b 40 %: each carries its share"
        assert self.made_of("{any_of: [a, b, c], at_least: 2}") == "a, b, c: down when fewer than 2 of them are up"
        assert self.made_of("{each: [{id: a, since: 2026-07-18T10:30:00Z}, {id: b, since: 2026-07-18}]}") == (
            "a (from 2026-07-18T10:30:00Z), b (from 18 July 2026): each counted by itself"
        )

    def test_say_when_a_term_begins_and_ends_that_is_one_period(self) -> None:
        term = "term: {from: 2026-07-18, until: 2026-07-19, timezone: UTC, period: {every: term}"
        said = text(term + ', starts_at: "10:00", ends_at: "13:00:30"}\n')
        assert said["Term"].paragraphs == (
            (
                "It runs from 18 July 2026 up to and including 18 July 2026, beginning at 10:00:00, ending at 13:00:30."
                " Days begin and end by the clocks of UTC."
            ),
            "Outcomes are judged, and credits are settled, by the whole term (as agreed).",
        )
        assert any("the monthly fee divided by the days of its month" in each for each in said["Credits"].paragraphs)

    def test_say_what_each_step_pays(self) -> None:
        measure = f"{{kind: steps, cases: outage, {STEPS}}}"
        stake = "{of: 100.00 EUR, per_step: {refunds: {told: 5%, fixed: 1.00 EUR}, of: base, together: highest}}"
        assert pays(stake, measure=measure, target=">= 100%").paragraphs[1] == (
            "Each step that was not kept is refunded: 5 % for told, 1.00 EUR for fixed. Percentages are of the base. Of"
            " the steps of one event only the highest pays. An item gets back at most 100 % of that in a period."
        )
