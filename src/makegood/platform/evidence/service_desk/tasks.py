"""What is done in the background."""

from __future__ import annotations

from makegood.platform import clock
from makegood.platform.agreement.contracts.queries import ever_active_contracts
from makegood.platform.evidence.service_desk.events import MAILBOX_DUE, OPINIONS_GIVEN, STEPS_WRITTEN
from makegood.platform.evidence.service_desk.models import Mailbox
from makegood.platform.evidence.service_desk.operations import (
    close_all_unanswered,
    escalate,
    fetch_mailbox,
    fetch_soon,
    open_recurring,
    remind_of_announcements,
    renew_places,
    send_opinions,
    send_steps,
)
from makegood.platform.jobs import every, task
from makegood.platform.tenancy.parties.queries import house
from makegood.platform.tenancy.viewer import Viewer


@task(STEPS_WRITTEN)
def send_steps_of(contract: int) -> None:
    """Put the steps of a contract into its vault."""
    send_steps(contract=ever_active_contracts().get(pk=contract), now=clock.now())


@every("*/5 * * * *", "close cases that nobody rejected")
def close_cases() -> None:
    """Close resolved cases that nobody rejected in time."""
    close_all_unanswered(by=Viewer(name="the schedule", house=house().pk), now=clock.now())


@every("* * * * *", "renew the queue")
def renew_queue() -> None:
    """Order the queue anew where time has changed what is at stake."""
    renew_places(now=clock.now())


@every("* * * * *", "fetch mails")
def fetch_mails() -> None:
    """Have each mailbox fetched, those at the same time that lie at different servers."""
    for each in Mailbox.objects.filter(ended_at=None).exclude(host=""):
        fetch_soon(mailbox=each)


@task(MAILBOX_DUE)
def fetch(mailbox: int) -> None:
    """Take what came into a mailbox, unless it ended meanwhile."""
    for each in Mailbox.objects.filter(pk=mailbox, ended_at=None):
        fetch_mailbox(mailbox=each, now=clock.now())


@every("* * * * *", "tell people of limits")
def tell_of_limits() -> None:
    """Tell people which limits come near, and who is to say how a major incident stands."""
    escalate(now=clock.now())
    remind_of_announcements(now=clock.now())


@every("* * * * *", "open recurring cases")
def open_recurring_cases() -> None:
    """Open the cases that come again, once for each time."""
    open_recurring(now=clock.now())


@task(OPINIONS_GIVEN)
def send_opinions_of(contract: int) -> None:
    """Put what people think of the work on cases of a contract into its vault."""
    send_opinions(contract=ever_active_contracts().get(pk=contract), now=clock.now())
