from makegood.engine.agreement.catalogue import completed
from makegood.engine.agreement.code import bad_outcome
from makegood.engine.agreement.document import read
from makegood.engine.agreement.readings import readings_of, readings_of_money
from makegood.engine.agreement.terms import Agreement


def agreement(piece: str) -> Agreement:
    read_agreement = read(completed(piece)).agreement
    assert read_agreement is not None
    return read_agreement


class TestReadings:
    def test_list_every_term_of_availability_and_who_wrote_it(self) -> None:
        measure = "{kind: availability, of: shop, count: {granularity: seconds}, unknown: {as: up}, by: host}"
        assert readings_of(agreement(bad_outcome(measure=measure)), "open") == (
            ("on", "always", False),
            ("count.granularity", "seconds", True),
            ("count.ignore_shorter_than", "none", False),
            ("count.ignore_up_to", "none", False),
            ("count.from", "outage_start", False),
            ("degraded", "up", False),
            ("excluded", "none", False),
            ("unknown.as", "up", True),
            ("unknown.after", "none", False),
            ("unknown.minimum_coverage", "0 %", False),
            ("users", "none", False),
        )

    def test_show_a_map_with_its_values(self) -> None:
        clock = "clock: {on_priority: {P1: always}}, reopened: ignore"
        piece = bad_outcome(measure=f"{{kind: within, cases: order, limit: 4h, {clock}}}")
        assert ("clock.on_priority", "P1: always", True) in readings_of(agreement(piece), "open")

    def test_name_each_excluded_cause(self) -> None:
        excluded = "{a.b: {notice: 5 days}, m: {effect: up, allowance: 4h per period}}"
        measure = f"{{kind: count, of: orders, excluded: {excluded}}}"
        piece = bad_outcome(measure=measure, target="<= 5", stake="{weight: 100%}")
        assert readings_of(agreement(piece), "open") == (
            ("counting", "all", False),
            ('excluded."a.b".effect', "shrink", False),
            ('excluded."a.b".notice', "5 days", True),
            ('excluded."a.b".allowance', "none", False),
            ("excluded.m.effect", "up", True),
            ("excluded.m.notice", "none", False),
            ("excluded.m.allowance", "4 hours per period", True),
            ("empty", "undecided", False),
        )

    def test_list_those_of_slices_only_if_there_are_any(self) -> None:
        whole = bad_outcome(measure="{kind: ratio, of: o, good: g}")
        assert ("slices", "none", False) in readings_of(agreement(whole), "open")
        slices = "{every: 5m, method: share_of_bad_slices, bad_when: '> 5%'}"
        cut = bad_outcome(measure=f"{{kind: ratio, of: o, good: g, slices: {slices}}}")
        assert readings_of(agreement(cut), "open")[2:] == (
            ("slices.every", "5m", True),
            ("slices.method", "share_of_bad_slices", True),
            ("slices.bad_when", "> 5 %", True),
            ("slices.empty", "good", False),
            ("slices.weight", "equal", False),
        )

    def test_leave_out_what_is_the_promise_itself(self) -> None:
        measure = "{kind: within, cases: order, limits: {P1: 4h}, priority: [P1], clock: {pause: [a, b]}}"
        terms = [term for term, _, _ in readings_of(agreement(bad_outcome(measure=measure)), "open")]
        assert terms == [
            *(
                "rest_within",
                "rest_limits",
                "priority",
                "priority_at",
                "clock.from",
                "clock.to",
                "clock.on",
                "clock.pause",
            ),
            *(
                "clock.on_priority",
                "population",
                "carried_over",
                "leave_out",
                "missing_stop",
                "closed",
                "reopened",
                "bound",
                "excluded",
                "empty",
            ),
        ]

    def test_find_outcomes_with_a_dot_in_their_name(self) -> None:
        piece = bad_outcome(measure="{kind: availability, of: shop, degraded: down}").replace("  open:", "  o.p:")
        assert ("degraded", "down", True) in readings_of(agreement(piece), "o.p")

    def test_of_money_tell_how_a_verdict_becomes_a_credit(self) -> None:
        assert readings_of_money(
            agreement(
                "money: {currency: EUR, rounding: up}\nclosing: {calendar: always}\n"
                + bad_outcome(stake="{of: 5.00 EUR}")
            )
        ) == (
            ("money.rounding", "up", True),
            ("money.partial_period", "actual_days", False),
            ("per_incident", "highest", False),
            ("closing.after", "5 business days", False),
            ("closing.calendar", "always", True),
            ("closing.late_evidence", "adjust_next", False),
            ("closing.dispute_within", "30 days", False),
            ("closing.final.for", "customer", False),
            ("closing.final.after", "none", False),
        )
