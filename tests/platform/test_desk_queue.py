"""The queue: what the agreement puts at stake next comes first."""

from __future__ import annotations

from datetime import timedelta

import pytest

from makegood.platform.agreement.contracts.models import Contract
from makegood.platform.evidence.service_desk.models import Case, Clock, HeldFor, Instruction, QueuePlace, Stake, State
from makegood.platform.evidence.service_desk.operations import (
    UnableToServe,
    close_for_customer,
    keep_instruction,
    make_major,
    move_case,
    refer_case,
    renew_places,
    resolve,
    respond,
    set_stakes,
    transfer,
)
from makegood.platform.evidence.service_desk.queries import (
    MOST_COUNTED,
    Askable,
    Wanted,
    askable,
    cases,
    instructions,
    loads,
    queue,
    sizes,
)
from makegood.platform.evidence.service_desk.tasks import renew_queue
from makegood.platform.judging.verdicts.operations import judge_open
from makegood.platform.tenancy.viewer import Role, Site, Viewer
from makegood.platform.web.parts.templatetags.desk import counted
from tests.platform.agreements import active
from tests.platform.desk import DESK, MONDAY, after, clock, desk, engineer, opened, sponsor, user
from tests.platform.people import house, organisation, person, viewer
from tests.platform.world import _active_bought

pytestmark = pytest.mark.django_db
STAKES = {"response": 10_000, "resolution": 40_000}


def manager() -> Viewer:
    return viewer(person("Sam", house(), Role.SERVICE_MANAGER), Site.CONSOLE)


def bought() -> Contract:
    """Return an agreement with an affiliate; somebody has to have sold something before."""
    return _active_bought()


def limited() -> Viewer:
    """Return an engineer who sees Globex alone."""
    somebody = person("Lim", house(), Role.ENGINEER)
    somebody.memberships.get().customers.set([organisation("globex")])
    return viewer(somebody, Site.CONSOLE)


def numbers(by: Viewer, *, at: float = 0, **wanted: object) -> list[int]:
    return [each.pk for each in queue(viewer=by, wanted=Wanted(**wanted), now=after(hours=at))]  # type: ignore[arg-type]


def place(case: Case) -> tuple[int, int, timedelta | None]:
    found = QueuePlace.objects.get(case=case)
    return found.part, found.per_hour, found.due_at - MONDAY if found.due_at is not None else None


class TestTheQueue:
    def test_divides_what_a_miss_costs_by_the_hours_that_are_left(self) -> None:
        set_stakes(contract=desk(), stakes=STAKES, now=MONDAY)
        case = opened()
        assert place(case) == (QueuePlace.Part.AT_STAKE, 10_000 // 1 + 40_000 // 4, timedelta(hours=1))
        respond(case=case, by=engineer(), now=after(minutes=30))
        assert place(case) == (QueuePlace.Part.AT_STAKE, round(40_000 / 3.5), timedelta(hours=4))

    def test_counts_a_quarter_of_an_hour_at_least(self) -> None:
        set_stakes(contract=desk(), stakes=STAKES, now=MONDAY)
        case = respond(case=opened(), by=engineer(), now=after(hours=3, minutes=59))
        assert place(case) == (QueuePlace.Part.AT_STAKE, 160_000, timedelta(hours=4))

    def test_has_most_at_stake_first_then_what_is_due_then_what_presses(self) -> None:
        set_stakes(contract=desk(), stakes={"resolution": 40_000}, now=MONDAY)
        low, critical, high = opened(impact="low", urgency="low"), opened(), opened(urgency="medium")
        asked, other = opened(kind="request", impact="low", urgency="low"), opened(kind="request")
        assert numbers(engineer()) == [critical.pk, high.pk, low.pk, other.pk, asked.pk]

    def test_begins_with_major_incidents_and_ends_with_what_waits(self) -> None:
        desk()
        waits, over, first, major = opened(), opened(), opened(urgency="low"), opened(impact="low", urgency="low")
        move_case(case=waits, to=State.HELD, held_for=HeldFor.INFORMATION, by=engineer(), now=after(minutes=1))
        make_major(case=major, by=engineer(), now=after(minutes=1))
        respond(case=over, by=engineer(), now=after(minutes=2))
        assert renew_places(now=after(hours=4)) == 3
        assert numbers(engineer(), at=4) == [major.pk, first.pk, over.pk, waits.pk]
        assert place(over) == (QueuePlace.Part.OVER, 0, timedelta(hours=4))

    def test_moves_as_time_goes_by(self) -> None:
        set_stakes(contract=desk(), stakes=STAKES, now=MONDAY)
        case = opened()
        assert renew_places(now=after(minutes=2)) == 0
        assert renew_places(now=after(minutes=3)) == 1
        assert place(case)[1] == round(10_000 / 0.95 + 40_000 / 3.95)
        renew_queue()
        assert place(case)[0] == QueuePlace.Part.OVER

    def test_forgets_what_is_closed_and_knows_what_is_opened_again(self) -> None:
        desk()
        case = resolve(case=opened(), resolution="A cable.", by=engineer(), now=after(minutes=5))
        assert place(case)[0] == QueuePlace.Part.WAITING
        close_for_customer(case=case, told_by="Uma", by=engineer(), now=after(minutes=6))
        assert not QueuePlace.objects.exists()
        assert numbers(engineer(), closed=True) == [case.pk]

    def test_is_ordered_anew_when_a_miss_costs_more(self) -> None:
        contract = desk()
        one, other = opened(), opened(kind="request")
        assert place(one)[1] == 0
        set_stakes(contract=contract, stakes=STAKES, now=MONDAY)
        set_stakes(contract=contract, stakes=STAKES, now=after(hours=1))
        assert (place(one)[1], place(other)[1]) == (20_000, 0)
        assert {each.as_of for each in Stake.objects.all()} == {MONDAY}
        set_stakes(contract=contract, stakes={"response": 5_000}, now=MONDAY)
        assert (place(one)[1], clock(one, "resolution").stake) == (5_000, None)
        assert Clock.objects.get(case=one, outcome="response").stake == 5_000


class TestJudging:
    def test_says_what_one_more_late_case_would_cost(self) -> None:
        contract = desk()
        judge_open(contract=contract, now=MONDAY)
        assert not Stake.objects.exists()
        case = opened()
        judge_open(contract=contract, now=after(minutes=1))
        assert dict(Stake.objects.values_list("outcome", "amount")) == {"resolution": 5_000, "response": 0}
        assert place(case)[1] == round(5_000 / (4 - 1 / 60))

    def test_says_nothing_of_a_period_that_is_over(self) -> None:
        contract = desk()
        opened()
        judge_open(contract=contract, now=after(days=400))
        assert not Stake.objects.exists()


class TestLooking:
    def test_finds_by_owner_customer_priority_state_and_words(self) -> None:
        desk()
        till, mail = opened(), opened(by=engineer("Ed"), title="No mail since noon", urgency="low")
        organisation("globex")
        assert numbers(engineer(), owner=engineer("Ed").person) == [mail.pk]
        assert numbers(engineer(), customer=organisation("globex").pk) == []
        assert numbers(engineer(), customer=organisation("acme").pk) == [till.pk, mail.pk]
        assert numbers(engineer(), priority="critical", state="NEW") == [till.pk]
        assert numbers(engineer(), words="noon MAI") == [mail.pk]
        assert numbers(engineer(), words=f"#{till.pk}") == [till.pk]
        assert numbers(engineer(), words="& |") == [till.pk, mail.pk]
        assert numbers(engineer(), service="desk") == []

    def test_finds_what_is_due_soon(self) -> None:
        desk()
        till = opened()
        opened(urgency="low")
        assert numbers(engineer(), soon=True) == [till.pk]
        assert numbers(engineer(), at=0.5, closed=True, customer=organisation("acme").pk)[-1] == till.pk

    def test_counts(self) -> None:
        desk()
        opened()
        opened(by=engineer("Ed"), urgency="low")
        assert sizes(viewer=engineer(), now=MONDAY) == {"open": 2, "over": 0, "soon": 1, "mine": 1}
        assert loads(viewer=engineer(), now=MONDAY) == {
            engineer().person: {"open": 1, "over": 0, "soon": 1, "waiting": 0},
            engineer("Ed").person: {"open": 1, "over": 0, "soon": 0, "waiting": 0},
        }

    def test_shows_each_side_its_own(self) -> None:
        desk()
        bought()
        case = opened()
        made = refer_case(case=case, affiliate=organisation("hosting-gmbh"), why="Look.", by=engineer(), now=MONDAY)
        hans = viewer(person("Hans", organisation("hosting-gmbh"), Role.AFFILIATE), Site.PARTNER)
        assert (numbers(engineer()), numbers(hans)) == ([case.pk], [made.pk])
        assert (numbers(limited()), numbers(user()), numbers(sponsor())) == ([], [], [])
        assert sizes(viewer=user(), now=MONDAY) == {"open": 0, "over": 0, "soon": 0, "mine": 0}
        assert sizes(viewer=Viewer(name="-", house=house().pk, site=Site.CONSOLE), now=MONDAY)["open"] == 0
        assert set(numbers(engineer())) <= {each.pk for each in cases(viewer=engineer())}

    def test_follows_an_owner(self) -> None:
        desk()
        case = opened()
        transfer(case=case, to=person("Ed", house(), Role.ENGINEER), reason="SHIFT", by=engineer(), now=MONDAY)
        assert numbers(engineer(), owner=engineer("Ed").person) == [case.pk]


class TestInstructions:
    def test_are_written_by_service_managers_and_the_last_counts(self) -> None:
        house()
        acme = organisation("acme")
        for text in ("Call Ada first.", "Call Uma first."):
            keep_instruction(customer=acme, text=text, by=manager(), now=MONDAY)
        keep_instruction(customer=acme, service="desk", text="Never reboot.", by=manager(), now=MONDAY)
        found = instructions(viewer=engineer(), customer=acme)
        assert [(each.service, each.text) for each in found] == [("", "Call Uma first."), ("desk", "Never reboot.")]
        assert instructions(viewer=limited(), customer=acme) == instructions(viewer=sponsor(), customer=acme) == []
        keep_instruction(customer=acme, text="", by=manager(), now=MONDAY)
        assert [each.service for each in instructions(viewer=engineer(), customer=acme)] == ["desk"]

    @pytest.mark.parametrize("who", [engineer, sponsor])
    def test_are_written_by_nobody_else(self, who: object) -> None:
        house()
        acme = organisation("acme")
        with pytest.raises(UnableToServe, match="owners and service managers"):
            keep_instruction(customer=acme, text="No.", by=who(), now=MONDAY)  # type: ignore[operator]
        assert not Instruction.objects.exists()


class TestWhatCanBeAskedFor:
    def test_follows_from_the_agreements_in_force(self) -> None:
        active(DESK.replace("billable: request", "billable: training, out_of_cover: hardware"))
        house()
        acme = organisation("acme")
        assert askable(customer=acme, at=MONDAY) == Askable(
            ("incident", "request", "outage", "training", "hardware"), {"desk": "Service desk"}
        )
        assert askable(customer=acme, at=after(days=800)) == Askable()
        assert opened(kind="hardware").coverage == "OUT_OF_COVER"


class TestHowManyThereAre:
    def test_is_counted_up_to_a_bound(self) -> None:
        assert [counted(each) for each in (0, 4_999, MOST_COUNTED)] == ["0", "4,999", "5,000+"]
