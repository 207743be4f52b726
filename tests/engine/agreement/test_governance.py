from __future__ import annotations

from datetime import date

import pytest

from makegood.engine.agreement import governance_prose, liability
from makegood.engine.agreement.catalogue import completed
from makegood.engine.agreement.code import bad_outcome
from makegood.engine.agreement.difference import changes
from makegood.engine.agreement.document import read
from makegood.engine.agreement.governance import ESCALATION, Governance, Rhythm
from makegood.engine.agreement.meetings import meeting_days
from makegood.engine.agreement.prose import Section, as_markdown, service_level_text
from makegood.engine.agreement.roles import Duty, Roles
from makegood.engine.agreement.terms import Agreement

HOSTING = "parties: {provider: a, customer: b, relies_on: [{affiliate: hosting-gmbh}]}\n"


def agreement(piece: str = "") -> Agreement:
    found = read(completed(piece)).agreement
    assert found is not None
    return found


def findings(piece: str) -> list[tuple[str, str]]:
    return [(each.code, each.place.path) for each in read(completed(piece)).findings if each.place]


def text(piece: str = "") -> dict[str, Section]:
    return {section.title: section for section in service_level_text(agreement(piece))}


class TestRoles:
    def test_leave_the_work_to_who_is_accountable_unless_somebody_is_named(self) -> None:
        assert Roles(accountable="provider").doing == ("provider",)
        assert Roles(accountable="provider", responsible=("affiliate", "customer")).doing == ("affiliate", "customer")

    @pytest.mark.parametrize(
        ("_case", "roles", "found"),
        [
            ("words of the language", "{accountable: provider, responsible: affiliate, informed: [customer]}", []),
            ("an affiliate that is named", "{accountable: customer, responsible: hosting-gmbh}", []),
            ("nobody accountable", "{responsible: provider}", [("MG109", "outcomes.open.roles.accountable")]),
            ("two accountable", "{accountable: [provider, customer]}", [("MG110", "outcomes.open.roles.accountable")]),
            ("somebody else", "{accountable: provider, consulted: bank}", [("MG740", "outcomes.open.roles.consulted")]),
            ("an affiliate", "{accountable: hosting-gmbh}", [("MG741", "outcomes.open.roles.accountable")]),
        ],
    )
    def test_are_held_by_parties_and_one_answers(self, _case: str, roles: str, found: list[tuple[str, str]]) -> None:
        assert findings(HOSTING + bad_outcome(more=f"    roles: {roles}\n")) == found

    def test_are_read_without_the_name_of_an_affiliate(self) -> None:
        more = "    roles: {accountable: provider, responsible: [hosting-gmbh, affiliate], informed: customer}\n"
        shown = text(HOSTING + bad_outcome(more=more))
        assert shown["Who does what for open"].table == (
            ("Role", "Who"),
            ("Accountable: answers for the result", "the provider"),
            ("Responsible: does the work", "an affiliate of the provider"),
            ("Consulted: is asked before", "nobody"),
            ("Informed: is told after", "the customer"),
        )
        assert "hosting" not in as_markdown(shown.values())

    def test_are_compared_term_by_term(self) -> None:
        before, after = (
            agreement(bad_outcome(more=f"    roles: {{accountable: provider, informed: {who}}}\n"))
            for who in ("customer", "[customer, affiliate]")
        )
        assert [str(each) for each in changes(before, after)] == [
            "outcomes.open.roles.informed: customer becomes customer, affiliate"
        ]


class TestMilestones:
    def test_are_told_in_the_order_of_their_days(self) -> None:
        more = "    milestones: {live: 2026-06-01, pilot: 2026-03-01}\n"
        assert text(bad_outcome(more=more))["Milestones of open"].table == (
            ("Milestone", "Until"),
            ("pilot", "2026-03-01"),
            ("live", "2026-06-01"),
        )

    def test_lie_in_the_term(self) -> None:
        more = "    milestones: {pilot: 2026-01-01, live: 2026-12-31, late: 2027-01-01, early: 2025-12-31}\n"
        assert findings(bad_outcome(more=more)) == [
            ("MG743", "outcomes.open.milestones.late"),
            ("MG743", "outcomes.open.milestones.early"),
        ]


class TestDutiesOfTheCustomer:
    def test_carry_the_outcomes_they_name_or_all(self) -> None:
        assert Duty(text="T", of=("open",)).carries("open")
        assert not Duty(text="T", of=("open",)).carries("close")
        assert Duty(text="T").carries("close")

    def test_name_outcomes_that_there_are(self) -> None:
        assert findings("duties: {a: {text: T, of: open}, b: {text: T}, c: {text: T, of: [open, shut]}}\n") == [
            ("MG742", "duties.c.of")
        ]

    def test_may_name_an_outcome_that_cannot_be_read(self) -> None:
        piece = "duties: {a: {text: T, of: open}}\n" + bad_outcome(target="much")
        assert [code for code, _ in findings(piece)] == ["MG111"]

    def test_are_due_in_the_term(self) -> None:
        assert findings("duties: {a: {text: T, due: 2027-02-01}}\n") == [("MG743", "duties.a.due")]

    def test_are_listed_with_what_depends_on_them(self) -> None:
        piece = (
            "duties:\n  contact: {text: Somebody is reached., of: open, due: 2026-02-01, evidence: List of contacts}\n"
            "  power: {text: Power is there.}\n"
        )
        assert text(piece)["Duties of the customer"] == Section(
            "Duties of the customer",
            ("The customer does the following, without which the outcomes named cannot be owed.",),
            (
                ("Duty", "What the customer does", "Outcomes that depend on it", "Until", "Shown by"),
                ("contact", "Somebody is reached.", "open", "2026-02-01", "List of contacts"),
                ("power", "Power is there.", "all", "always", "—"),
            ),
        )


class TestBoundaries:
    @pytest.mark.parametrize(
        ("scope", "found"),
        [
            ("{in: Servers, out: [Printers], when: always}", []),
            ("{in: [Servers], out: [Printers, Servers]}", [("MG746", "scope.out[1]")]),
            ("{when: office}", [("MG201", "scope.when")]),
        ],
    )
    def test_do_not_contradict_themselves(self, scope: str, found: list[tuple[str, str]]) -> None:
        assert findings(f"scope: {scope}\n") == found

    def test_may_be_kept_on_a_calendar(self) -> None:
        piece = "calendars: {office: {days: {mon-fri: '08:00-18:00'}}}\nscope: {when: office}\n"
        assert findings(piece) == []

    def test_are_told_line_by_line_and_answer_where_when_and_how(self) -> None:
        shown = text("scope: {in: Servers, out: Printers, where: [Bonn, Graz], when: always, how: telephone}\n")
        assert shown["Boundaries"].table == (
            ("Function or service", "Scope"),
            ("Servers", "in scope"),
            ("Printers", "out of scope"),
        )
        assert shown["Where, when and how"].table == (
            ("Question", "Answer"),
            ("Where", "Bonn, Graz"),
            ("When", "by the calendar always"),
            ("How", "telephone"),
        )

    def test_are_left_out_where_nothing_is_agreed(self) -> None:
        assert "Where, when and how" not in text("scope: {out: Printers}\n")
        assert "Boundaries" not in text("scope: {how: telephone}\n")
        assert not {"Boundaries", "Where, when and how"} & set(text())


class TestGovernance:
    def test_has_the_escalation_of_the_house_unless_agreed(self) -> None:
        assert Governance().steps == ESCALATION
        assert [each.after.words for each in ESCALATION] == ["14 days", "30 days", "60 days"]
        piece = "governance: {terms_reviewed: half_year, escalation: [{after: 5 business days, to: the owner}]}\n"
        governance = agreement(piece).governance
        assert governance is not None
        assert [(each.after.words, each.to) for each in governance.steps] == [("5 business days", "the owner")]
        assert text(piece)["Meetings and escalation"] == Section(
            "Meetings and escalation",
            (
                "The parties ask every half year whether the terms still fit (as agreed). What is changed becomes a new"
                " version.",
                "What stays unresolved goes on, step by step (as agreed): after 5 business days to the owner.",
            ),
        )

    @pytest.mark.parametrize(
        ("steps", "found"),
        [
            ("{after: 47h, to: a}, {after: 2 days, to: b}", []),
            ("{after: 48h, to: a}, {after: 2 days, to: b}", [("MG745", "governance.escalation[1].after")]),
            ("{after: 5 business days, to: a}, {after: 8 days, to: b}", []),
            ("{after: 5 business days, to: a}, {after: 7 days, to: b}", [("MG745", "governance.escalation[1].after")]),
        ],
    )
    def test_escalates_step_after_step(self, steps: str, found: list[tuple[str, str]]) -> None:
        assert findings(f"governance: {{escalation: [{steps}]}}\n") == found

    def test_tells_meetings_as_a_table(self) -> None:
        piece = (
            "governance: {meetings: {review: {every: month}, planning: {every: half_year, business_day: 3,"
            " attended_by: [sponsors, owner], agenda: budget}}}\n"
        )
        assert text(piece)["Meetings and escalation"].table == (
            ("Meeting", "How often", "Held", "Who attends", "What is always spoken of"),
            ("review", "every month", "business day 10 after the stretch (house default)", "—", "—"),
            (
                "planning",
                "every half year",
                "business day 3 after the stretch (as agreed)",
                "sponsors, owner",
                "budget",
            ),
        )

    def test_knows_three_kinds_of_meeting(self) -> None:
        assert findings("governance: {meetings: {lunch: {every: month}}}\n") == [("MG111", "governance.meetings.lunch")]

    def test_is_compared_meeting_by_meeting(self) -> None:
        before, after = (
            agreement(f"governance: {{meetings: {each}}}\n")
            for each in ("{review: {every: month}}", "{review: {every: quarter}, planning: {every: year}}")
        )
        assert [str(each) for each in changes(before, after)] == [
            "governance.meetings.review.every: month becomes quarter",
            "governance.meetings.planning is new: every year",
        ]

    def test_has_words_for_every_choice(self) -> None:
        for table in (governance_prose.MEETINGS, liability.LIABLE_PER):
            assert [each for each in type(next(iter(table))) if each not in table] == []
        assert [each.months for each in Rhythm] == [1, 3, 6, 12]


class TestMeetingDays:
    def test_are_none_unless_agreed(self) -> None:
        assert meeting_days(agreement()) == ()
        assert meeting_days(agreement("governance: {}\n")) == ()

    def test_follow_the_stretches_of_the_term_on_business_days(self) -> None:
        piece = (
            "term: {from: 2026-01-31, until: 2026-05-01, timezone: UTC}\n"
            "governance: {meetings: {review: {every: month, business_day: 1}, planning: {every: year}}}\n"
        )
        found = meeting_days(agreement(piece))
        assert [(str(each.day), each.kind.value, str(each.first_day), str(each.last_day)) for each in found] == [
            ("2026-03-02", "review", "2026-01-31", "2026-02-27"),
            ("2026-03-31", "review", "2026-02-28", "2026-03-30"),
            ("2026-04-30", "review", "2026-03-31", "2026-04-29"),
            ("2026-05-01", "review", "2026-04-30", "2026-04-30"),
            ("2026-05-14", "planning", "2026-01-31", "2026-04-30"),
        ]
        assert found[0].day == date(2026, 3, 2)


class TestWhatMayBeOpenedAgain:
    def test_is_told_with_its_day_and_notice(self) -> None:
        piece = "levers: {fees: {text: Fees., on: 2026-07-01, notice: 90 days}, scale: {text: 10% fewer seats.}}\n"
        assert text(piece)["What may be opened again"].table == (
            ("What", "When", "Notice"),
            ("Fees.", "2026-07-01", "90 days"),
            ("10% fewer seats.", "at any time", "none"),
        )

    def test_is_told_with_the_bands_in_which_numbers_may_change(self) -> None:
        band = "{unit: seat, agreed: 1000, least: 800, most: 1200, each: 25.00 EUR}"
        piece = f"levers: {{seats: {{text: Seats may change., volume: {band}}}}}\n"
        found = text(piece)["Volume bands"]
        assert found.paragraphs == (
            "Within a band the monthly fee follows the number, up and down; below and above it the fee is agreed anew.",
        )
        assert found.table == (
            ("What is counted", "Agreed", "At least", "At most", "Each one more or fewer, a month"),
            ("seat", "1,000", "800", "1,200", "25.00 EUR"),
        )

    def test_says_how_a_band_has_changed(self) -> None:
        band = "{unit: seat, agreed: 1000, least: 800, most: 1200, each: 25.00 EUR}"
        piece = f"levers: {{seats: {{text: Seats may change., volume: {band}}}}}\n"
        before = read(completed(piece)).agreement
        after = read(completed(piece.replace("1200", "1500").replace("25.00", "24.00"))).agreement
        assert before is not None
        assert after is not None
        assert [str(each) for each in changes(before, after)] == [
            "levers.seats.volume.most: 1200 becomes 1500",
            "levers.seats.volume.each: 25.00 EUR becomes 24.00 EUR",
        ]

    @pytest.mark.parametrize(
        ("agreed", "least", "most", "fits"),
        [(80, 80, 120, True), (120, 80, 120, True), (79, 80, 120, False), (121, 80, 120, False), (80, 80, 80, False)],
    )
    def test_leaves_room_around_what_is_agreed(self, agreed: int, least: int, most: int, fits: bool) -> None:
        band = f"{{unit: seat, agreed: {agreed}, least: {least}, most: {most}, each: 25.00 EUR}}"
        found = read(completed(f"levers: {{seats: {{text: Seats may change., volume: {band}}}}}\n")).findings
        assert [each.code for each in found if each.code == "MG747"] == ([] if fits else ["MG747"])


class TestExit:
    def test_is_told_in_sentences(self) -> None:
        piece = (
            "exit: {convenience: 90 days, cause: 30 days, transition: 60 days, data_returned: 10 business days,"
            " data_format: CSV, key_people: [the architect], duties: [Keys are handed over.]}\n"
        )
        assert text(piece)["Exit"].paragraphs == (
            "The customer may leave without giving a reason, with notice of 90 days.",
            "A party may leave for cause if the other has not mended a material breach within 30 days of being told.",
            "The provider goes on for 60 days and helps whoever comes next.",
            "It returns the customer's data as CSV within 10 business days of the end.",
            "Available until everything is handed over: the architect.",
            "Keys are handed over.",
        )

    def test_says_if_nothing_is_agreed(self) -> None:
        assert text("exit: {}\n")["Exit"].paragraphs == ("Nothing is agreed beyond the law.",)
        assert text("exit: {data_returned: 30 days}\n")["Exit"].paragraphs == (
            "It returns the customer's data within 30 days of the end.",
        )


class TestLiabilityAndInsurance:
    def test_are_told_together(self) -> None:
        piece = (
            "liability: {cap: 100% of fees, per: contract, unlimited: [intent]}\n"
            "insurance: {professional: {covers: 1000000.00 EUR, until: 2027-06-30, insurer: Allianz},"
            " cyber: {covers: 5.00 EUR, held_by: affiliate}}\n"
        )
        assert text(piece)["Liability and insurance"] == Section(
            "Liability and insurance",
            (
                "Besides credits the provider is liable for at most 100 % of fees in the whole term.",
                "Without limit it is liable for: intent.",
            ),
            (
                ("Insurance", "Kept by", "Sum insured", "Until", "With"),
                ("professional", "the provider", "1,000,000.00 EUR", "2027-06-30", "Allianz"),
                ("cyber", "an affiliate of the provider", "5.00 EUR", "—", "—"),
            ),
        )

    def test_may_stand_alone(self) -> None:
        section = text("liability: {cap: 500.00 EUR}\n")["Liability and insurance"]
        assert section.paragraphs == (
            "Besides credits the provider is liable for at most 500.00 EUR in one contract year.",
        )
        assert section.table == ()
        assert "Liability and insurance" not in text()

    @pytest.mark.parametrize(
        ("insurance", "found"),
        [
            ("{covers: 1.00 EUR, until: 2026-12-31}", []),
            ("{covers: 1.00 EUR, until: 2026-12-30}", [("MG744", "insurance.a.until")]),
            ("{covers: 1.00 EUR, held_by: bank}", [("MG740", "insurance.a.held_by")]),
        ],
    )
    def test_are_kept_by_a_party_throughout_the_term(self, insurance: str, found: list[tuple[str, str]]) -> None:
        assert findings(f"insurance: {{a: {insurance}}}\n") == found
