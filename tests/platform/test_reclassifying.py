"""Cases that were taken for something else: the figures are those of cases opened as what they are."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from django.db import DatabaseError, transaction

from makegood.engine.agreement.document import read
from makegood.engine.agreement.schedule import periods_of
from makegood.engine.evidence.body import Evidence
from makegood.engine.evidence.records import AnyRecord, Correction, Transition
from makegood.engine.judging.judge import judge_periods
from makegood.engine.money.credits import period_credits
from makegood.platform.agreement.contracts.models import Contract
from makegood.platform.evidence.intake.models import Dispute
from makegood.platform.evidence.intake.queries import vault_folder
from makegood.platform.evidence.service_desk.models import (
    Case,
    Clock,
    Coverage,
    HeldFor,
    Permission,
    QueuePlace,
    Reclassification,
    State,
    Step,
    Unsent,
)
from makegood.platform.evidence.service_desk.operations import (
    UnableToServe,
    ask_permission,
    close_for_customer,
    decide_permission,
    move_case,
    prioritise,
    reclassify,
    refer_case,
    reject,
    reopen,
    resolve,
    respond,
    send_steps,
    take_step,
)
from makegood.platform.evidence.service_desk.queries import backlog_at, clocks_of, reclassifications, steps
from makegood.platform.tenancy.trail.models import Entry
from makegood.platform.tenancy.viewer import Role, Site
from makegood.vault.vault import Vault
from tests.platform.agreements import active
from tests.platform.desk import DESK, after, desk, engineer, opened, sponsor, user
from tests.platform.people import days_to, organisation, person, viewer
from tests.platform.test_api_cases import CASES, Program
from tests.platform.test_desk_messages import bought
from tests.platform.test_desk_pages import eva, sent, text, uma

pytestmark = pytest.mark.django_db

BOTH = (
    DESK.replace("weight: 100%", "weight: 60%")
    .replace(
        "desk: {updates",
        """\
  delivery:
    promise: Requests are done in time.
    measure:
      {kind: within, cases: request, limits: {critical: 90m, high: 3h, normal: 8h, low: 20h}, reopened: ignore,
       clock: {from: opened, to: resolved, on: office}}
    target: ">= 99%"
    stake: {weight: 40%, tiers: [{below: 99%, credit: 100%}]}
  heard:
    promise: You hear how it stands.
    headline: false
    measure: {kind: within, cases: update, limits: {critical: 1h}, clock: {from: opened, to: resolved}}
    target: ">= 90%"
  rails:
    promise: An outage of the tills is repaired.
    headline: false
    measure:
      {kind: steps, cases: outage, from: detected, detected: opened, where: {service: tills},
       steps: {repaired: {state: repaired, within: 2h}, planned: {state: plan-sent, within: 1h, needs: ticket}}}
    target: ">= 100%"
desk: {updates""",
    )
    .replace("  desk: {title", "  tills: {title: Tills, fee: {monthly: 500.00}}\n  desk: {title")
)
Happening = Callable[[Case], Case]
"""Something that is done with a case."""


def life() -> list[Happening]:
    """Return what happens to a case one after the other, from its opening to its second resolution."""
    by = engineer()
    said: dict[str, Any] = {"by": by, "why": "So."}
    return [
        lambda case: respond(case=case, by=by, now=after(minutes=10)),
        lambda case: move_case(case=case, to=State.HELD, held_for=HeldFor.INFORMATION, now=after(minutes=30), **said),
        lambda case: move_case(case=case, to=State.OPEN, now=after(hours=1), **said),
        lambda case: prioritise(case=case, impact="high", urgency="medium", now=after(hours=2), **said),
        lambda case: resolve(case=case, resolution="Done.", by=by, now=after(hours=3)),
        lambda case: reject(case=case, why="No.", by=sponsor(), now=after(hours=4)),
        lambda case: resolve(case=case, resolution="Done.", by=by, now=after(days=2)),
    ]


def unchanged(case: Case) -> Case:
    return case


def outage(word: str, **more: Any) -> Happening:
    return lambda case: take_step(case=case, word=word, by=engineer(), now=after(minutes=50), **more)


def lived(
    case: Case, happenings: Sequence[Happening], *, at: int = -1, becomes: dict[str, str] | None = None, sent: str = ""
) -> Case:
    """Let things happen to a case; before the one ``at`` it becomes something else.

    Its steps are sent ``before`` that, ``after`` it, ``each`` time or only at the end.
    """
    for place, each in enumerate([*happenings, unchanged]):
        if place == at:
            now = max(case.steps.values_list("at", flat=True))
            if case.contract is not None and sent in ("before", "each"):
                send_steps(contract=case.contract, now=now)
            case = reclassify(case=case, why="It is.", by=engineer(), now=now, **becomes or {})
            if case.contract is not None and sent in ("after", "each"):
                send_steps(contract=case.contract, now=now)
        case = each(case)
    return case


def records_of(contract: Contract, case: Case) -> list[AnyRecord]:
    """Return what the vault has of a case, under a name that all cases share."""
    found = Vault.open(vault_folder(contract)).records()
    mine = [each for each in found if each.source_id.startswith(f"{case.pk}-")]
    return [
        replace(each, case=each.case.replace(case.name, "the-case")) if isinstance(each, Transition) else each
        for each in mine
    ]


def figures(records: Sequence[AnyRecord]) -> list[tuple[object, ...]]:
    """Return what each outcome comes to in each month by some records, and the credits."""
    terms = read(BOTH).agreement
    assert terms is not None
    return [
        (
            judgement.period.label,
            str(period_credits(terms, judgement).total),
            *(
                (each.outcome, each.ruling.value, measured.value, measured.good, measured.total, misses(measured))
                for each in judgement.verdicts
                for measured in [each.measurement]
            ),
        )
        for judgement in judge_periods(terms, periods_of(terms), Evidence.of(records))
    ]


def misses(measured: Any) -> tuple[tuple[object, ...], ...]:
    return tuple((each.what, each.size, each.step, each.item) for each in measured.misses)


def stands(case: Case) -> tuple[object, ...]:
    """Return how a case stands: its limits as the engine has them and as they are kept, its place, and who pays."""
    case.refresh_from_db()
    kept = Clock.objects.filter(case=case).values("outcome", "step", "limit", "state", "elapsed", "due_at", "done_at")
    place = QueuePlace.objects.filter(case=case).values("part", "per_hour", "due_at", "rank").first()
    told = [(each.word, each.at, each.labels, each.state) for each in steps(viewer=engineer(), case=case)]
    facts = (case.kind, case.priority, case.state, case.coverage, case.reopened, case.update_due_at, case.close_by)
    return (*facts, clocks_of(case=case, now=after(days=3)), list(kept), place, told)


def compared() -> Iterator[tuple[int, str]]:
    """Yield before which happening a case becomes something else, and when its steps are sent."""
    ways = ("", "before", "after", "each")
    return ((place, ways[place % len(ways)]) for place in range(8))


class TestACaseThatWasTakenForSomethingElse:
    @pytest.mark.parametrize(("taken_for", "is_really"), [("incident", "request"), ("request", "incident")])
    def test_comes_to_what_it_would_have_come_to(self, taken_for: str, is_really: str) -> None:
        contract = active(BOTH.replace("billable: request, ", ""))
        right, wrong = lived(opened(kind=is_really), life()), lived(opened(kind=taken_for), life())
        changed = [
            lived(opened(kind=taken_for), life(), at=place, becomes={"kind": is_really}, sent=sent)
            for place, sent in compared()
        ]
        send_steps(contract=contract, now=after(days=2))
        theirs = figures(records_of(contract, right))
        assert theirs != figures(records_of(contract, wrong))
        for case in changed:
            assert figures(records_of(contract, case)) == theirs
            assert stands(case) == stands(right)

    def test_comes_to_it_as_an_outage_of_another_service(self) -> None:
        contract = active(BOTH)
        worked = [*life()[:2], outage("plan-sent", labels={"ticket": "T-7", "service": "the line"}), life()[3]]
        other: dict[str, Any] = {"kind": "outage", "service": "tills"}
        right = lived(opened(**other), worked)
        changed = [
            lived(opened(kind="outage", service="desk"), worked, at=place, becomes=other, sent=sent)
            for place, sent in compared()
            if place <= len(worked)
        ]
        send_steps(contract=contract, now=after(days=2))
        theirs = figures(records_of(contract, right))
        assert next(each for each in theirs[2] if each[0] == "rails")[3:5] == (1, 2)  # type: ignore[index]
        for case in changed:
            assert figures(records_of(contract, case)) == theirs
            assert stands(case) == stands(right)

    def test_comes_to_it_however_often_it_changes(self) -> None:
        contract = active(BOTH)
        case, same = lived(opened(), life()), lived(opened(), life())
        for place, kind in enumerate(("request", "outage", "incident")):
            case = reclassify(case=case, kind=kind, why="It is.", by=engineer(), now=after(days=2, minutes=place))
            send_steps(contract=contract, now=after(days=3))
        assert figures(records_of(contract, case)) == figures(records_of(contract, same))
        assert [(each.was, each.is_now) for each in reclassifications(viewer=user(), case=case)] == []
        assert [(each.was, each.is_now) for each in reclassifications(viewer=sponsor(), case=case)] == [
            ("incident", "request"),
            ("request", "outage"),
            ("outage", "incident"),
        ]


class TestItsEvidence:
    def test_is_withdrawn_and_never_changed(self) -> None:
        contract = desk()
        case = respond(case=opened(), by=engineer(), now=after(minutes=5))
        send_steps(contract=contract, now=after(minutes=5))
        reclassify(case=case, kind="request", why="A wish.", by=engineer(), now=after(minutes=9))
        assert send_steps(contract=contract, now=after(minutes=9)) == 4
        found = [each for each in records_of(contract, case) if getattr(each, "of", "") != "update"]
        told = [(each.source_id, each.of, each.state, each.at) for each in found if isinstance(each, Transition)]
        assert told == [
            (f"{case.pk}-000001", "incident", "opened", after()),
            (f"{case.pk}-000002", "incident", "responded", after(minutes=5)),
            (f"{case.pk}-000003", "request", "opened", after()),
            (f"{case.pk}-000004", "request", "responded", after(minutes=5)),
        ]
        gone = [each for each in found if isinstance(each, Correction)]
        assert [(each.corrects, each.reason, each.by, each.at) for each in gone] == [
            (f"{case.pk}-000001", "request instead of incident", "", after(minutes=9)),
            (f"{case.pk}-000002", "request instead of incident", "", after(minutes=9)),
        ]

    def test_is_there_once_whoever_dies_on_the_way(self) -> None:
        contract = desk()
        case = reclassify(case=opened(), kind="request", why="A wish.", by=engineer(), now=after(minutes=9))
        waited = list(Unsent.objects.all())
        send_steps(contract=contract, now=after(minutes=9))
        once = records_of(contract, case)
        Unsent.objects.bulk_create(
            Unsent(step_id=each.step_id, contract_id=each.contract_id, withdrawn_by_id=each.withdrawn_by_id)
            for each in waited
        )
        assert send_steps(contract=contract, now=after(minutes=10)) == 3
        assert (records_of(contract, case), len(once)) == (once, 4)

    def test_keeps_who_did_what_and_when_it_was_told(self) -> None:
        desk()
        case = resolve(case=opened(), resolution="Done.", by=engineer("Max"), now=after(hours=2), at=after(hours=1))
        case = reclassify(case=case, kind="request", why="A wish.", by=engineer(), now=after(hours=3))
        found = [
            (each.number, each.kind, each.who, each.at, each.written_at) for each in Step.objects.filter(case=case)
        ]
        assert [each[2:] for each in found[:3]] == [each[2:] for each in found[3:]]
        assert [each[:2] for each in found] == [
            *((number, "incident") for number in (1, 2, 3)),
            *((number, "request") for number in (4, 5, 6)),
        ]
        assert (case.steps_written, case.steps_replaced, found[-1][2:]) == (
            6,
            3,
            ("Max", after(hours=1), after(hours=2)),
        )
        with pytest.raises(DatabaseError, match="Cannot update"), transaction.atomic():
            Reclassification.objects.update(why="otherwise")

    def test_of_a_case_without_an_agreement_goes_nowhere(self) -> None:
        organisation("acme")
        case = reclassify(case=opened(), kind="request", why="A wish.", by=engineer(), now=after(minutes=9))
        assert (case.kind, case.coverage, Unsent.objects.count()) == ("request", Coverage.NEEDS_PERMISSION, 0)
        with pytest.raises(UnableToServe, match="no service “tills”"):
            reclassify(case=case, kind="request", service="tills", why="It is.", by=engineer(), now=after(minutes=9))

    def test_counts_once_in_the_backlog(self) -> None:
        desk()
        case = resolve(case=opened(), resolution="Done.", by=engineer(), now=after(hours=1))
        close_for_customer(case=case, told_by="Uma", by=engineer(), now=after(hours=2))
        case = reopen(case=case, why="Again.", by=sponsor(), now=after(hours=4))
        reclassify(case=case, kind="request", why="A wish.", by=engineer(), now=after(hours=5))
        found = [backlog_at(found=Case.objects.all(), at=after(hours=hour)) for hour in (1, 3, 5)]
        assert found == [1, 0, 1]


class TestAnotherKind:
    def test_is_kept_with_its_reason(self) -> None:
        desk()
        case = opened()
        reclassify(case=case, kind="request", why=" A wish. ", by=engineer(), now=after(minutes=9))
        made = Reclassification.objects.get()
        assert (made.why, made.who, made.at, made.case) == ("A wish.", "Eva", after(minutes=9), case)
        entry = Entry.objects.get(did="reclassify case")
        assert {name: entry.details[name] for name in ("kind", "before", "service")} == {
            "kind": "request",
            "before": "incident",
            "service": "",
        }

    @pytest.mark.parametrize(
        ("more", "sentence"),
        [
            ({"kind": "incident"}, "of this kind already"),
            ({"kind": "incident", "service": ""}, "of this kind already"),
            ({"kind": "party"}, "no case of the kind “party”"),
            ({"service": "garden"}, "no service “garden”"),
            ({"service": "x" * 101}, "too long"),
            ({"why": " "}, "Say why"),
        ],
    )
    def test_is_refused_where_it_makes_no_sense(self, more: dict[str, str], sentence: str) -> None:
        desk()
        case = opened()
        said = {"kind": "request", "why": "A wish.", **more}
        with pytest.raises(UnableToServe, match=sentence):
            reclassify(case=case, by=engineer(), now=after(minutes=9), **said)
        assert not Reclassification.objects.exists()

    def test_is_refused_to_a_closed_case_and_to_its_customer(self) -> None:
        desk()
        case = resolve(case=opened(), resolution="Done.", by=engineer(), now=after(hours=1))
        with pytest.raises(UnableToServe, match="Your role"):
            reclassify(case=case, kind="request", why="A wish.", by=sponsor(), now=after(hours=1))
        close_for_customer(case=case, told_by="Uma", by=engineer(), now=after(hours=2))
        with pytest.raises(UnableToServe, match="closed"):
            reclassify(case=case, kind="request", why="A wish.", by=engineer(), now=after(hours=3))

    def test_is_said_by_an_affiliate_of_what_was_referred_to_it(self) -> None:
        desk()
        bought()
        fixer = viewer(person("Fred", organisation("fixers"), Role.AFFILIATE), Site.PARTNER)
        made = refer_case(case=opened(), affiliate=organisation("fixers"), why="A cable.", by=engineer(), now=after())
        with pytest.raises(UnableToServe, match="Your role"):
            reclassify(case=made, kind="request", why="A wish.", by=engineer(), now=after(minutes=9))
        assert reclassify(case=made, kind="request", why="A wish.", by=fixer, now=after(minutes=9)).kind == "request"

    @pytest.mark.parametrize("state", [Dispute.State.OPEN, Dispute.State.ACCEPTED, Dispute.State.REJECTED])
    def test_waits_for_the_end_of_a_dispute_that_is_rejected(self, state: str) -> None:
        contract = desk()
        case = respond(case=opened(), by=engineer(), now=after(minutes=5))
        by = person("Ada", organisation("acme"), Role.SPONSOR)
        said = {"raised_by": by, "raised_for": organisation("acme"), "raised_at": after(), "answer_by": after(days=9)}
        for number in (case.pk, case.pk * 10):
            Dispute.objects.create(
                contract=contract,
                period="2026-03",
                outcome="response",
                record=f"makegood-desk#{number}-000002",
                reason="Nobody called.",
                state=state if number == case.pk else Dispute.State.OPEN,
                **said,
            )
        if state == Dispute.State.REJECTED:
            reclassify(case=case, kind="request", why="A wish.", by=engineer(), now=after(minutes=9))
            return
        with pytest.raises(UnableToServe, match="is disputed, or was corrected"):
            reclassify(case=case, kind="request", why="A wish.", by=engineer(), now=after(minutes=9))

    def test_is_said_while_the_month_of_its_opening_can_be_disputed(self) -> None:
        desk()
        case, late = opened(), opened()
        reclassify(case=case, kind="request", why="A wish.", by=engineer(), now=datetime(2026, 4, 20, tzinfo=UTC))
        with pytest.raises(UnableToServe, match="time for disputes"):
            reclassify(case=late, kind="request", why="A wish.", by=engineer(), now=datetime(2026, 7, 1, tzinfo=UTC))


class TestWhoPays:
    def test_is_decided_anew(self) -> None:
        active(DESK.replace("billable: request", "billable: request, out_of_cover: party"))
        case = opened()
        found = []
        for place, kind in enumerate(("request", "party", "outage", "party", "incident")):
            case = reclassify(case=case, kind=kind, why="It is.", by=engineer(), now=after(minutes=place))
            found.append(case.coverage)
        assert found == [
            Coverage.NEEDS_PERMISSION,
            Coverage.OUT_OF_COVER,
            Coverage.COVERED,
            Coverage.OUT_OF_COVER,
            Coverage.COVERED,
        ]

    def test_work_that_was_permitted_stays_so_where_it_is_not_covered(self) -> None:
        active(DESK.replace("billable: request", "billable: [request, move]"))
        case = opened(kind="request")
        asked = ask_permission(case=case, text="A till.", by=engineer(), now=after(minutes=1))
        moved = reclassify(case=case, kind="move", why="It is.", by=engineer(), now=after(minutes=2))
        assert moved.coverage == Coverage.NEEDS_PERMISSION
        decide_permission(permission=asked, given=True, by=sponsor(), now=after(minutes=3))
        assert [
            reclassify(case=case, kind=kind, why="It is.", by=engineer(), now=after(minutes=4)).coverage
            for kind in ("request", "incident", "request")
        ] == [Coverage.BILLABLE, Coverage.COVERED, Coverage.NEEDS_PERMISSION]

    def test_nobody_is_asked_any_more_for_what_the_fee_covers(self) -> None:
        desk()
        case = opened(kind="request")
        asked = ask_permission(case=case, text="A till.", by=engineer(), now=after(minutes=1))
        reclassify(case=case, kind="incident", why="It is.", by=engineer(), now=after(minutes=2))
        asked = Permission.objects.get(pk=asked.pk)
        assert (asked.given, asked.decided_by, asked.decided_at) == (False, None, after(minutes=2))
        with pytest.raises(UnableToServe, match="decided already"):
            decide_permission(permission=asked, given=True, by=sponsor(), now=after(minutes=3))
        case.refresh_from_db()
        assert case.coverage == Coverage.COVERED

    def test_of_another_service_alone_stays_as_it_is(self) -> None:
        active(BOTH)
        case = opened(kind="request")
        permitted = ask_permission(case=case, text="A till.", by=engineer(), now=after(minutes=1))
        decide_permission(permission=permitted, given=True, by=sponsor(), now=after(minutes=2))
        mine: dict[str, Any] = {"why": "It is.", "by": engineer(), "now": after(minutes=3)}
        case = reclassify(case=case, kind="request", service="tills", **mine)
        assert (case.service, case.coverage) == ("tills", Coverage.BILLABLE)
        assert [each.labels for each in steps(viewer=engineer(), case=case)] == [{"service": "tills"}]
        case = reclassify(case=case, kind="request", service="", **mine)
        assert [each.labels for each in steps(viewer=engineer(), case=case)] == [{}]


class TestItsPage:
    @pytest.fixture(autouse=True)
    def then(self, settings: Any) -> None:
        """Let it be half an hour after cases are opened in the small world."""
        settings.DAYS_SHIFTED = days_to(after(minutes=30))

    def test_offers_what_the_agreement_knows_and_tells_what_it_was(self) -> None:
        active(BOTH)
        case = opened(by=user(), requester=person("Uma", organisation("acme")))
        here = f"/console/desk/{case.pk}/"
        page = text(eva(), here)
        for each in ('value="incident" selected', 'value="request"', 'value="outage"', 'value="tills"'):
            assert each in page
        assert sent(eva(), f"{here}kind/", kind="request", service="tills", why="A second till.")[0] == 200
        inside, outside = text(eva(), here), text(uma(), f"/portal/requests/{case.pk}/")
        assert "Its kind is request (tills) now; it was incident" in inside
        assert "Its kind is request (tills) now; it was incident" in outside
        assert ("A second till." in inside, "A second till." in outside) == (True, False)
        assert "Requests are done in time." in inside
        assert inside.count("<strong>Opened</strong>") == 1

    def test_says_what_cannot_be(self) -> None:
        desk()
        here = f"/console/desk/{opened().pk}/"
        status, page = sent(eva(), f"{here}kind/", kind="incident", why="It is.")
        assert (status, "of this kind already" in page) == (422, True)
        assert sent(eva(), f"{here}kind/", kind="party", why="It is.")[0] == 422
        assert sent(eva(), f"{here}kind/", kind="request", why=" ")[0] == 422

    def test_keeps_a_service_that_no_agreement_names(self) -> None:
        organisation("acme")
        case = opened(service="garden")
        here = f"/console/desk/{case.pk}/"
        assert 'value="garden" selected' in text(eva(), here)
        assert sent(eva(), f"{here}kind/", kind="request", service="garden", why="It is.")[0] == 200
        case.refresh_from_db()
        assert (case.kind, case.service) == ("request", "garden")

    def test_is_there_for_programs(self) -> None:
        active(BOTH)
        case, ours = opened(service="desk"), Program()
        here = f"{CASES}/{case.pk}"
        made = ours.put(f"{here}/kind", kind="request", why="A wish.")
        assert (made["kind"], made["service"], made["coverage"]) == ("request", "desk", "NEEDS_PERMISSION")
        assert ours.put(f"{here}/kind", kind="request", service="", why="All of it.")["service"] == ""
        assert [each["number"] for each in ours.get(f"{here}/steps")["items"]] == [3]
        assert [each["outcome"] for each in ours.get(f"{here}/clocks")] == ["delivery"]
        assert "of this kind already" in str(ours.put(f"{here}/kind", 422, kind="request", why="A wish."))


def test_lives_are_of_three_days() -> None:
    assert after(days=3) - after() == timedelta(days=3)
