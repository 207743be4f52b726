"""What each indicator says, word by word: one month in which as much as possible happens, and one without a value."""

from __future__ import annotations

from datetime import timedelta
from pathlib import Path

import pytest

from makegood.engine.evidence.records import AnyRecord, Exclusion, Status, Transition
from makegood.engine.judging.verdict import Measurement
from makegood.engine.vocabulary.reason import Reason
from tests.engine.judging.scene import (
    agreement,
    at,
    case,
    down,
    excluded,
    gauge,
    measured,
    state,
    statement,
    tally,
    told,
    up,
    verdict,
)
from tests.kept import compare

KEPT = Path(__file__).parent / "words"
TWO_CLAUSES = "excluded: {maintenance: {notice: 1 day}, storm: {effect: up}}"
SHRINKING = "excluded: {maintenance: {notice: 1 day}, storm: {}}"
SHOP = (
    "{s: {title: Shop, made_of: {all_of: [web, db]}},"
    " web: {title: Web, made_of: {any_of: [w1, w2], at_least: 1}}, db: {title: Database}}"
)
OFFICE = "{office: {days: {mon-fri: ['08:00-18:00']}}}"


def said(name: str, *found: Measurement | Reason) -> None:
    """Compare measurements and explanations with what is kept of them."""
    lines = [told(each) if isinstance(each, Measurement) else "\n".join([*each.lines(), ""]) for each in found]
    compare(KEPT / f"{name}.txt", "\n".join(lines).splitlines())


def storm(when: str, subject: str = "", *, name: str, case: str = "") -> Exclusion:
    return excluded(when, subject, cause="storm", case=case, name=name)


def late(when: str, subject: str = "", *, case: str = "", name: str = "announced too late") -> Exclusion:
    """Return maintenance that was announced at the beginning of its day, and a day of notice is agreed."""
    return excluded(when, subject, announced=f"{when[:5]} 00:00", case=case, name=name)


def edges(subject: str = "") -> list[AnyRecord]:
    """Return exclusions that end when April begins, and begin when it ends: neither is of April."""
    before, after = "03-31 23:00 .. 04-01 00:00", "05-01 00:00 .. 05-01 01:00"
    return [each(when, subject, name=when) for each in (storm, late) for when in (before, after)]


def step(of: str, name: str, state: str, when: str, *, priority: str = "", **labels: str) -> Transition:
    return Transition(
        source="tool",
        source_id=f"{name}/{state}/{when}",
        case=name,
        of=of,
        state=state,
        at=at(when),
        priority=priority,
        labels=tuple(labels.items()),
    )


class TestTheWords:
    def test_of_an_availability(self) -> None:
        terms = agreement(f"{{kind: availability, of: s, by: site, {TWO_CLAUSES}, count: {{ignore_shorter_than: 5m}}}}")
        records = [
            up("04-01 00:00 .. 04-30 23:00"),
            state(Status.DOWN, "04-10 10:00 .. 04-10 11:00", incident="I-1", labels=(("site", "north"),), name="1"),
            state(Status.DOWN, "04-11 10:00 .. 04-11 10:20", labels=(("site", "north"),), name="2"),
            down("04-12 10:00 .. 04-12 10:03", name="3"),
            down("04-13 10:00 .. 04-13 11:00", name="4"),
            excluded("04-10 10:30 .. 04-10 11:00", "s", announced="04-01 00:00", name="in time"),
            late("04-11 10:00 .. 04-11 10:10", "s"),
            storm("04-13 10:50 .. 04-13 11:00", "s", name="storm"),
            *edges("s"),
        ]
        said("availability", measured(terms, "2025-04", *records), measured(terms, "2025-04"))

    def test_of_an_availability_by_users(self) -> None:
        terms = agreement("{kind: availability, of: s, users: {total: 100}}")
        touched = state(Status.DOWN, "04-10 10:00 .. 04-10 11:00", labels=(("users", "30"),), name="1")
        said("users", measured(terms, "2025-04", up("04-01 00:00 .. 05-01 00:00"), touched))

    def test_of_an_allowance(self) -> None:
        clause = "excluded: {maintenance: {allowance: 1h per period}}"
        plans = [
            excluded("04-10 10:00 .. 04-10 10:40", "s", name="1"),
            excluded("04-11 10:00 .. 04-11 10:30", "s", name="2"),
            excluded("04-12 10:00 .. 04-12 10:30", "s", name="3"),
        ]
        outages = [up("04-01 00:00 .. 05-01 00:00"), down("04-11 10:00 .. 04-11 10:30", name="down")]
        usable = agreement(f"{{kind: availability, of: s, {clause}}}")
        tree = agreement(f"{{kind: composite, of: s, {clause}}}")
        slow = agreement(f"{{kind: average, of: latency, unit: time, {clause}}}", target="<= 300ms")
        samples = [gauge(f"04-{day} 10:25", value, name=day) for day, value in (("10", "1"), ("11", "2"), ("12", "3"))]
        found = [measured(terms, "2025-04", *plans, *outages) for terms in (usable, tree)]
        said("allowance", *found, measured(slow, "2025-04", *plans, *samples))

    def test_of_a_composite(self) -> None:
        terms = agreement(f"{{kind: composite, of: s, {TWO_CLAUSES}, unknown: {{as: down}}}}", services=SHOP)
        records = [
            *(up("04-01 00:00 .. 04-30 23:00", part) for part in ("w1", "w2", "db")),
            down("04-10 10:00 .. 04-10 11:00", "db", incident="I-1", name="1"),
            down("04-12 10:00 .. 04-12 11:00", "db", name="2"),
            down("04-13 10:00 .. 04-13 11:00", "w1", name="3"),
            excluded("04-10 10:30 .. 04-10 11:00", "db", announced="04-01 00:00", name="in time"),
            late("04-12 10:00 .. 04-12 10:10", "db"),
            storm("04-12 10:50 .. 04-12 11:00", "db", name="storm"),
            storm("04-12 10:20 .. 04-12 10:30", "db", case="C-1", name="of a case"),
            storm("04-12 10:20 .. 04-12 10:30", "elsewhere", name="elsewhere"),
            *edges("db"),
        ]
        said("composite", measured(terms, "2025-04", *records), measured(terms, "2025-04"))

    def test_of_a_count(self) -> None:
        terms = agreement(f"{{kind: count, of: alarms, counting: [false, late], {SHRINKING}}}", target="<= 3")
        records = [
            tally("04-10 10:00", "false", 2, of="alarms", incident="I-1", name="1"),
            tally("04-11 10:00", "late", 1, of="alarms", name="2"),
            tally("04-12 10:00", "late", 4, of="alarms", name="3"),
            tally("04-13 10:00", "right", 90, of="alarms", name="4"),
            storm("04-12 00:00 .. 04-13 00:00", name="storm"),
            late("04-11 00:00 .. 04-12 00:00"),
            *edges(),
        ]
        said("count", measured(terms, "2025-04", *records), measured(terms, "2025-04"))

    def test_of_a_coverage(self) -> None:
        records: list[AnyRecord] = [
            step("patch", "in time", "released", "04-07 09:00", priority="critical"),
            step("patch", "in time", "installed", "04-08 09:00"),
            step("patch", "late", "released", "04-07 09:00", priority="critical"),
            step("patch", "out", "released", "04-07 09:00", priority="critical"),
            storm("04-30 00:00 .. 05-01 00:00", "out", name="storm"),
            storm("04-30 00:00 .. 05-01 00:00", "other", name="elsewhere"),
            late("04-30 00:00 .. 05-01 00:00", "late"),
            *edges("late"),
        ]
        rule = "{cases: patch, from: released, to: installed, limits: {critical: 3 days}}"
        ends, always = (
            agreement(f"{{kind: coverage, by_deadline: {rule}, items: 4, seen: {seen}, {SHRINKING}}}")
            for seen in ("end_of_period", "throughout")
        )
        found = [measured(terms, "2025-04", *records) for terms in (ends, always)]
        said("coverage", *found, measured(ends, "2025-04"), measured(always, "2025-04"))

    def test_of_a_kept(self) -> None:
        others = "".join(
            f"\n  {name}: {{promise: P., measure: {{kind: ratio, of: {name}, good: ok}}, target: '>= 50%'}}"
            for name in ("orders", "desk", "backup")
        )
        terms = agreement("{kind: kept, weights: {orders: 50%, desk: 30%, backup: 20%}}", more=others)
        results = [tally("04-10 10:00", "ok", of="orders"), tally("04-10 10:00", "bad", of="desk")]
        whole = [*results, tally("04-10 10:00", "ok", of="backup")]
        said("kept", measured(terms, "2025-04", *whole), measured(terms, "2025-04", *results[:1]))

    def test_of_a_late_report(self) -> None:
        orders = "{kind: ratio, of: orders, good: ok}"
        terms = agreement(orders, more="report: {due: 24h, undelivered: missed}")
        good = tally("04-10 10:00", "ok", 1000, name="1")
        late = step("report", "2025-04", "delivered", "05-03 09:30")
        said("late-report", *(verdict(terms, "2025-04", good, *more).reason for more in ([], [late])))

    def test_of_a_milestone(self) -> None:
        due = "of: go-live, due: 2025-06-30T12:00:00Z"
        terms = agreement(f"{{kind: milestone, {due}, {SHRINKING}}}", target="<= 0s")
        records: list[AnyRecord] = [
            storm("06-01 00:00 .. 06-02 00:00", case="go-live", name="storm"),
            late("06-03 00:00 .. 06-04 00:00", case="go-live"),
            step("milestone", "go-live", "reached", "07-02 12:00"),
        ]
        labels = ["2025-05", "2025-06", "2025-07", "2025-08"]
        days, silent = (
            agreement(f"{{kind: milestone, {due}, count_in: 24h{more}}}", target="<= 0")
            for more in ("", ", unrecorded: undecided")
        )
        found = [measured(terms, label, *records) for label in labels]
        said("milestone", *found, *(measured(each, label) for each in (days, silent) for label in labels[1:]))

    def test_of_a_precision(self) -> None:
        terms = agreement("{kind: ratio, of: orders, good: ok}", more="precision: {decimals: 1}")
        records = [tally("04-10 10:00", "ok", 9987, name="ok"), tally("04-10 10:00", "lost", 13, name="lost")]
        said("precision", verdict(terms, "2025-04", *records).reason)

    def test_of_a_quantile(self) -> None:
        measure = f"kind: quantile, of: latency, unit: time, quantile: 95%, {SHRINKING}"
        pooled = agreement(f"{{{measure}}}", target="<= 300ms")
        worst = agreement(f"{{{measure}, subjects: worst}}", target="<= 300ms")
        sliced = agreement(f"{{{measure}, slices: {{every: 1h, good_when: '<= 100ms'}}}}", target=">= 99%")
        rounded = agreement(f"{{{measure}, significant_digits: 2}}", target="<= 300ms")
        records = [
            *(gauge(f"04-10 10:{minute:02}", str(minute + 1), "a", name=f"a{minute:02}") for minute in range(25)),
            *(gauge(f"04-10 11:{minute:02}", str(4 * minute + 1), "b", name=f"b{minute:02}") for minute in range(30)),
            storm("04-10 11:05 .. 04-10 11:28", name="storm"),
            storm("04-10 11:28 .. 04-10 11:29", "elsewhere", name="elsewhere"),
            late("04-10 10:00 .. 04-10 10:10", "a"),
            *edges(),
        ]
        found = [measured(terms, "2025-04", *records) for terms in (pooled, worst, sliced, rounded)]
        said("quantile", *found, *(measured(terms, "2025-04") for terms in (pooled, worst, sliced)))

    def test_of_an_average(self) -> None:
        measure = f"kind: average, of: latency, unit: time, weight: time, after: 1h, {SHRINKING}"
        terms = agreement(f"{{{measure}}}", target="<= 300ms")
        records = [
            gauge("04-10 10:00", "100", name="1"),
            gauge("04-10 10:30", "200", name="2"),
            gauge("03-31 23:30", "50", name="0"),
            gauge("05-02 00:00", "999", name="3"),
            storm("04-10 10:45 .. 04-10 11:00", "s", name="storm"),
            *edges("s"),
        ]
        said("average", measured(terms, "2025-04", *records), measured(terms, "2025-04"))

    def test_of_a_ratio(self) -> None:
        terms = agreement(f"{{kind: ratio, of: orders, good: ok, by: site, {SHRINKING}}}")
        ceiling = agreement("{kind: ratio, of: orders, good: [lost, late]}", target="<= 1%")
        sliced = agreement("{kind: ratio, of: orders, good: ok, slices: {every: 1h, method: mean_error_rate}}")
        north, south = ((("site", name),) for name in ("north", "south"))
        records = [
            *(tally(f"04-10 10:{minute:02}", "ok", 10, labels=north, name=f"{minute:02}") for minute in range(25)),
            tally("04-10 10:30", "lost", 3, labels=north, incident="I-1", name="lost"),
            tally("04-10 10:31", "lost", 1, labels=north, name="and one more"),
            tally("04-11 11:00", "late", 2, labels=south, name="late"),
            tally("04-12 11:00", "lost", 5, labels=south, name="in the storm"),
            tally("04-13 11:00", "ok", 7, name="nowhere"),
            storm("04-12 00:00 .. 04-13 00:00", name="storm"),
            late("04-11 00:00 .. 04-12 00:00"),
            *edges(),
        ]
        every = (terms, ceiling, sliced)
        said("ratio", *(measured(each, "2025-04", *found) for found in (records, []) for each in every))

    def test_of_a_recovery(self) -> None:
        between, restore, point = (
            agreement(f"{{kind: recovery, of: s, as: {figure}}}", target=target)
            for figure, target in (
                (f"mean_time_between_failures, {SHRINKING}", ">= 4h"),
                (f"mean_time_to_restore, {SHRINKING}", "<= 4h"),
                ("recovery_point, backups: {cases: backup, done: done}", "<= 24h"),
            )
        )
        outages = [
            up("01-01 00:00 .. 12-31 00:00"),
            down("03-31 20:00 .. 04-01 01:00", name="1"),
            down("04-10 10:00 .. 04-10 11:00", incident="I-1", name="2"),
            down("04-30 22:00 .. 05-01 04:00", name="3"),
        ]
        records = [
            *outages,
            storm("04-10 10:00 .. 04-10 10:30", name="storm"),
            storm("04-10 11:00 .. 04-10 11:30", name="right after"),
            storm("04-10 09:00 .. 04-10 10:00", name="right before"),
            late("04-10 10:30 .. 04-10 11:00"),
            *edges(),
        ]
        backup = step("backup", "b1", "done", "04-10 09:00")
        said(
            "recovery",
            *(measured(terms, label, *records) for terms in (between, restore) for label in ("2025-04", "2025-06")),
            measured(restore, "2025-04"),
            measured(point, "2025-04", *outages, backup),
            measured(point, "2025-04", *outages),
        )

    def test_of_a_recovery_of_cases(self) -> None:
        terms = agreement(f"{{kind: recovery, cases: incident, as: mean_time_to_restore, {SHRINKING}}}", target="<= 4h")
        records: list[AnyRecord] = [
            *case("C-1", "new 04-02 08:00", "opened 04-02 09:00", "resolved 04-02 12:00", incident="I-1"),
            *case("C-2", "opened 04-03 09:00", "resolved 04-03 10:00", "opened 04-03 11:00", "resolved 04-03 13:00"),
            *case("C-3", "opened 04-04 09:00", "resolved 04-04 10:00"),
            *case("C-4", "opened 04-30 09:00"),
            *case("C-5", "opened 04-30 10:00", "resolved 04-30 11:00", "opened 04-30 12:00"),
            *case("C-6", "new 04-05 09:00"),
            storm("04-04 00:00 .. 04-04 01:00", case="C-3", name="storm"),
            storm("04-05 00:00 .. 04-05 01:00", case="C-9", name="of another"),
        ]
        said("recovery-of-cases", measured(terms, "2025-04", *records), measured(terms, "2025-04"))

    def test_of_a_score(self) -> None:
        measure = "kind: score, of: survey, scale: {from: 1, to: 5}, no_answer: bounced"
        points = agreement(f"{{{measure}, as: net_promoter, top: 5, bottom: 2}}", target=">= 40")
        records: list[AnyRecord] = [
            *(tally(f"04-10 10:{minute:02}", "5", 2, of="survey", name=f"{minute:02}") for minute in range(25)),
            tally("04-11 10:00", "2", 5, of="survey", name="two"),
            tally("04-12 10:00", "bounced", 40, of="survey", name="bounced"),
            statement("04-13 10:00", "4", of="survey", name="four"),
            statement("04-13 11:00", "4", of="survey", name="four again"),
        ]
        percent = statement("04-14 10:00", "4", of="survey", unit="percent", name="percent")
        few = agreement(f"{{{measure}, as: mean, minimum_answers: 3}}", target=">= 4")
        answers = [statement("04-13 12:00", number, of="survey", name=number) for number in ("2", "3", "5")]
        said(
            "score",
            measured(points, "2025-04", *records),
            measured(points, "2025-04", *records, percent),
            *(measured(few, "2025-04", *answers[:number]) for number in range(4)),
        )

    def test_of_a_stated(self) -> None:
        terms = agreement(
            "{kind: stated, of: satisfaction, unit: number, take: mean, signed_by: [Erika], minimum: 1, maximum: 5}",
            target=">= 4",
        )
        records = [
            statement("04-10 10:00", "5", name="1"),
            statement("04-11 10:00", "1", name="2"),
            statement("04-12 10:00", "3", by="Max", name="3"),
            statement("05-12 10:00", "3", name="4"),
        ]
        contrary = statement("04-10 10:00", "4", name="5")
        said(
            "stated",
            measured(terms, "2025-04", *records),
            *(measured(terms, "2025-04", *more) for more in ([*records, contrary], [])),
        )

    def test_of_steps(self) -> None:
        terms = agreement(
            "{kind: steps, cases: outage, item: item, excluded: {maintenance: {notice: 1 day}, storm: {effect: up},"
            " customer: {}}, steps: {told: {state: told, within: 15m},"
            " plan: {state: plan-sent, within: 1h, needs: [ticket, dispatch]}}}",
            target=">= 100%",
        )
        records: list[AnyRecord] = [
            step("outage", "7", "occurred", "04-03 02:00", item="modem-7"),
            step("outage", "7", "detected", "04-03 02:10"),
            step("outage", "7", "told", "04-03 02:20"),
            step("outage", "7", "plan-sent", "04-03 02:50", ticket="4711", dispatch="today"),
            step("outage", "8", "occurred", "04-03 02:00"),
            step("outage", "9", "occurred", "04-03 02:00"),
            step("outage", "10", "told", "04-03 02:00"),
            step("outage", "11", "told", "04-03 01:00"),
            step("outage", "11", "occurred", "04-03 02:00"),
            step("outage", "11", "plan-sent", "04-03 02:10", ticket=""),
            step("outage", "11", "closed", "04-03 02:10", reason="done"),
            excluded("04-03 00:00 .. 04-04 00:00", cause="customer", case="8", name="customer"),
            storm("04-03 00:00 .. 04-04 00:00", case="9", name="storm"),
            late("04-03 00:00 .. 04-04 00:00", case="11"),
        ]
        said("steps", measured(terms, "2025-04", *records), measured(terms, "2025-04"))

    def test_of_time_beyond(self) -> None:
        measure = f"kind: time_beyond, of: temperature, as: time, beyond: '> 27', by: site, {TWO_CLAUSES}"
        terms = agreement(f"{{{measure}, ignore_shorter_than: 5m}}", target="<= 1h")
        south = (("site", "south"),)
        samples = (
            ("04-01 00:00", "20"),
            ("04-10 10:00", "28"),
            ("04-10 11:00", "20"),
            ("04-11 10:00", "29"),
            ("04-11 10:20", "20"),
            ("04-12 10:00", "29"),
            ("04-12 10:03", "20"),
            ("05-01 00:00", "40"),
        )
        records = [
            *(gauge(when, value, of="temperature", unit="", labels=south, name=when) for when, value in samples),
            storm("04-10 10:30 .. 04-10 11:00", "s", name="storm"),
            late("04-11 10:00 .. 04-11 10:10", "s"),
            *edges("s"),
        ]
        said("time-beyond", measured(terms, "2025-04", *records), measured(terms, "2025-04"))

    def test_of_a_within(self) -> None:
        terms = agreement(
            "{kind: within, cases: incident, limits: {P1: 4h, P2: 2 business days}, priority: [P1, P2],"
            " clock: {from: opened, to: resolved, on: office, pause: waiting}, rest_within: 3 days,"
            " excluded: {maintenance: {notice: 1 day}, storm: {}, strike: {effect: up}}}",
            calendars=OFFICE,
            target=">= 95%",
        )
        records: list[AnyRecord] = [
            *case(
                "C-1",
                "opened 04-02 08:00",
                "waiting 04-02 09:00",
                "opened 04-02 10:00",
                "resolved 04-02 12:00",
                priority="P1",
            ),
            *case("C-2", "opened 04-03 08:00", "resolved 04-03 17:00", priority="P1", incident="I-2"),
            *case("C-3", "opened 04-03 08:00", "resolved 04-25 17:00", priority="P2"),
            *case("C-4", "opened 04-30 17:00", priority="P1"),
            *case("C-5", "opened 04-28 09:00", priority="P1"),
            *case("C-6", "opened 04-14 09:00", "resolved 04-14 17:00", priority="P1"),
            *case("C-7", "opened 04-14 09:00", "resolved 04-14 17:00", priority="P3"),
            *case("C-8", "opened 04-15 09:00", "resolved 04-15 17:00", priority="P1"),
            storm("04-14 00:00 .. 04-15 00:00", case="C-6", name="storm"),
            excluded("04-15 00:00 .. 04-16 00:00", cause="strike", case="C-8", name="strike"),
            late("04-03 00:00 .. 04-04 00:00", case="C-2"),
        ]
        said("within", measured(terms, "2025-04", *records), measured(terms, "2025-04"))


def many(number: int = 1001) -> list[str]:
    """Return so many minutes of April, and after each of them one that is not among them."""
    start = at("04-01 00:00")
    return [f"{start + timedelta(minutes=2 * place):%m-%d %H:%M}" for place in range(number)]


def refused() -> list[AnyRecord]:
    """Return as much maintenance that was announced too late, each for a minute."""
    return [late(f"{when}:00 .. {when}:59", "s", name=when) for when in many()]


class TestOfVeryMany:
    """The first thousand stand one by one; the last line says how many more there are."""

    STEPS = "kind: steps, cases: outage, steps: {told: {state: told, within: 15m}}"

    @pytest.mark.parametrize(
        ("measure", "target"),
        [
            ("kind: count, of: orders", "<= 3"),
            ("kind: availability, of: s", ">= 99%"),
            ("kind: ratio, of: orders, good: ok", ">= 99%"),
        ],
    )
    def test_exclusions_that_do_not_count(self, measure: str, target: str) -> None:
        terms = agreement(f"{{{measure}, {SHRINKING}}}", target=target)
        found = measured(terms, "2025-04", tally("04-10 10:00", "ok", subject="s"), *refused())
        assert "  1 exclusion more, which is not listed" in "\n".join(found.reason.lines())

    def test_exclusions_that_count(self) -> None:
        terms = agreement(f"{{kind: availability, of: s, {SHRINKING}}}")
        records = [storm(f"{when}:00 .. {when}:59", "s", name=when) for when in many()]
        found = measured(terms, "2025-04", up("04-01 00:00 .. 05-01 00:00"), *records)
        assert "    1 exclusion more, which is not listed" in found.reason.lines()

    def test_exclusions_of_events(self) -> None:
        clause = "excluded: {maintenance: {notice: 1 day}}"
        terms = agreement(f"{{{self.STEPS}, {clause}}}", target=">= 100%")
        records = [late(f"{when}:00 .. {when}:59", case="x", name=when) for when in many()]
        assert list(measured(terms, "2025-04", *records).reason.lines())[-1] == (
            "  1 exclusion more, which is not listed"
        )

    def test_exclusions_of_a_milestone(self) -> None:
        measure = f"kind: milestone, of: x, due: 2025-04-30, {SHRINKING}"
        records = [late(f"{when}:00 .. {when}:59", case="x", name=when) for when in many()]
        lines = list(measured(agreement(f"{{{measure}}}", target="<= 0s"), "2025-04", *records).reason.lines())
        assert lines[-2:] == ["  1 exclusion more, which is not listed", "  not due in the period"]

    @pytest.mark.parametrize("promised", ["kept", "missed"])
    def test_steps(self, promised: str) -> None:
        terms = agreement(f"{{{self.STEPS}}}", target=">= 100%")
        done = "told" if promised == "kept" else "closed"
        records = [step("outage", when, state, when) for when in many() for state in ("occurred", done)]
        found = measured(terms, "2025-04", *records)
        assert list(found.reason.lines())[-1] == "    1 step more, which is not listed"
        assert [bool(miss.evidence) for miss in found.misses] == [True] * 1000 * (promised == "missed") + [False] * (
            promised == "missed"
        )

    def test_items(self) -> None:
        rule = "{cases: patch, from: released, to: installed, limit: 1h}"
        terms = agreement(f"{{kind: coverage, by_deadline: {rule}}}")
        found = measured(terms, "2025-04", *(step("patch", when, "released", when) for when in many()))
        assert list(found.reason.lines())[-1] == "    1 item more, which is not listed"
        assert [bool(miss.evidence) for miss in found.misses] == [True] * 1000 + [False]

    def test_failures(self) -> None:
        terms = agreement("{kind: recovery, of: s, as: mean_time_to_restore}", target="<= 4h")
        records = [down(f"{when}:00 .. {when}:59", name=when) for when in many()]
        found = measured(terms, "2025-04", up("04-01 00:00 .. 05-01 00:00"), *records)
        assert list(found.reason.lines())[-1] == "  1 failure more, which is not listed"

    def test_outages_of_a_tree(self) -> None:
        terms = agreement("{kind: composite, of: s}", services="{s: {title: S, made_of: {all_of: [a, b]}}}")
        records = [down(f"{when}:00 .. {when}:59", "a", name=when) for when in many()]
        found = measured(terms, "2025-04", *(up("04-01 00:00 .. 05-01 00:00", each) for each in "ab"), *records)
        assert list(found.reason.lines())[-1] == "    1 outage more, which is not listed"

    def test_statements(self) -> None:
        terms = agreement("{kind: stated, of: x, unit: number, take: mean}", target=">= 4")
        found = measured(terms, "2025-04", *(statement(when, "4", of="x", name=when) for when in many()))
        assert list(found.reason.lines())[-1] == "  1 statement more, which is not listed"

    def test_stretches(self) -> None:
        terms = agreement("{kind: time_beyond, of: heat, as: time, beyond: '> 27'}", target="<= 1h")
        records = [
            gauge(f"{when}:{second}", value, of="heat", unit="", name=f"{when}:{second}")
            for when in many()
            for second, value in (("00", "30"), ("30", "20"))
        ]
        assert "1 stretch more, which is not listed" in "\n".join(measured(terms, "2025-04", *records).reason.lines())
