"""What a step sends, to whom and how: mails through the outbox, web hooks by the worker."""

from __future__ import annotations

import json
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Final

from django.conf import settings
from django.db import transaction
from django.db.models import Q
from django.urls import reverse

from makegood.platform import outbound
from makegood.platform.evidence.on_call.models import ChannelKind, Notification, Page, PageState, Rota, Skill, Whom
from makegood.platform.evidence.on_call.queries import on_call_now, presence_of, reached, token_of
from makegood.platform.jobs import enqueue
from makegood.platform.tenancy.access.models import Person
from makegood.platform.tenancy.access.queries import people_with
from makegood.platform.tenancy.messages.operations import write_from_template
from makegood.platform.tenancy.parties.models import Contact
from makegood.platform.tenancy.viewer import STAFF, Role

SEND_PAGE: Final = "send page"
"""The work that posts a notification to a web hook."""
_LONGEST_TROUBLE: Final = 500
_LANGUAGE: Final = settings.LANGUAGE_CODE


class NotPosted(Exception):
    """A paging tool did not take a notification; it is tried again."""


@dataclass(frozen=True, slots=True)
class Somebody:
    """Whom a step reaches: a person of ours, or a contact; and the address of mails to them."""

    name: str
    email: str
    language: str
    person: Person | None = None


def notify(page: Page, now: datetime) -> bool:
    """Take a step of a page: write what goes to whom, each once; tell whether there was anybody."""
    step = page.steps[page.step]
    found = list(_reached_by(page, step, now))
    for each in found:
        ways = reached(person=each.person, kinds=step["channels"]) if each.person is not None else ()
        for kind, address in [(way.kind, way.address) for way in ways] or [(ChannelKind.MAIL, each.email)]:
            _send(page, each, kind, address, now)
    if not found:
        _row(page, now, trouble="nobody")
    return bool(found)


def post_notification(*, notification: int, now: datetime) -> None:
    """Post a notification to a paging tool, unless it was posted, or nobody is needed any more.

    A tool knows by ``webhook-id`` what it has had before: when a worker dies just after posting, it is posted again.

    :raises NotPosted: if the tool did not take it; it is tried again
    """
    with transaction.atomic():
        found = Notification.objects.select_for_update(of=("self",)).select_related("page").get(pk=notification)
        if found.sent_at is not None or found.page.state == PageState.RESOLVED:
            return
        found.tries += 1
        found.trouble = _posted(found, now)[:_LONGEST_TROUBLE]
        found.sent_at = None if found.trouble else now
        found.save(update_fields=["tries", "trouble", "sent_at"])
    if found.trouble:
        raise NotPosted(found.trouble)


def tell_planners(page: Page, now: datetime) -> None:
    """Write to those who plan that nobody acknowledged a page."""
    for each in people_with(organisation=page.policy.organisation, roles=[Role.OWNER, Role.SERVICE_MANAGER]):
        write_from_template(
            kind="page_exhausted",
            to=each.email,
            language=each.language,
            now=now,
            name=each.name,
            subject=page.subject,
            link=f"{settings.BASE_URL}{reverse('console:page', args=[page.pk])}",
        )


def _reached_by(page: Page, step: dict[str, Any], now: datetime) -> Iterator[Somebody]:
    match step["whom"]:
        case Whom.ROTA:
            rota = Rota.objects.select_related("organisation").get(pk=step["rota"])
            person = on_call_now(rota=rota, now=now)
            if person is not None:
                yield _one_of_us(person)
        case Whom.PERSON:
            yield from map(_one_of_us, _active(page, [step["person"]]))
        case Whom.CONTACT:
            contacts = Contact.objects.filter(organisation=page.policy.organisation, role=step["contact"])
            for each in contacts.order_by("escalation", "pk")[:1]:
                yield Somebody(each.name, each.email, _LANGUAGE)
        case _:
            able = Skill.objects.filter(name__iexact=step["skill"]).filter(
                Q(expires_on=None) | Q(expires_on__gte=now.date())
            )
            people = _active(page, able.values_list("person", flat=True))
            said = presence_of(people=[each.pk for each in people], now=now)
            yield from (_one_of_us(each) for each in people if each.pk not in said or said[each.pk].available)


def _active(page: Page, people: Any) -> list[Person]:
    wanted = set(people)
    roles = STAFF if page.policy.organisation.is_house else [Role.AFFILIATE]
    return [each for each in people_with(organisation=page.policy.organisation, roles=roles) if each.pk in wanted]


def _one_of_us(person: Person) -> Somebody:
    return Somebody(person.name, person.email, person.language, person)


def _row(page: Page, now: datetime, **said: Any) -> tuple[Notification, bool]:
    """Keep what a step sends by a channel, which it does once."""
    where = {"kind": said.pop("kind", ""), "address": said.pop("address", "")}
    return Notification.objects.get_or_create(
        page=page,
        round=page.round,
        step=page.step,
        **where,
        defaults={"due_at": page.next_at or now, "made_at": now, **said},
    )


def _send(page: Page, to: Somebody, kind: ChannelKind, address: str, now: datetime) -> None:
    row, new = _row(page, now, kind=kind, address=address, person=to.person, name=to.name)
    if not new:
        return
    if kind is ChannelKind.HOOK:
        enqueue(SEND_PAGE, lock=f"page {row.pk}", notification=row.pk)
        return
    row.message = write_from_template(
        kind="page" if kind is ChannelKind.MAIL else "page_short",
        to=address,
        language=to.language,
        now=now,
        secret=True,
        name=to.name,
        page=page,
        more=_link(page.url),
        link=f"{settings.BASE_URL}{reverse('take-page', args=[token_of(notification=row)])}",
    )
    row.save(update_fields=["message"])


def _link(url: str) -> str:
    return f"{settings.BASE_URL}{url}" if url.startswith("/") else url


def _posted(found: Notification, now: datetime) -> str:
    """Return what was wrong with posting, if anything was."""
    page = found.page
    body = {
        "key": page.key,
        "subject": page.subject,
        "text": page.text,
        "link": _link(page.url),
        "person": found.name,
        "acknowledge": f"{settings.BASE_URL}{reverse('take-page', args=[token_of(notification=found)])}",
        "asked_at": f"{page.opened_at:%Y-%m-%dT%H:%M:%SZ}",
    }
    headers = {
        "Content-Type": "application/json",
        "webhook-id": f"page_{found.pk}",
        "webhook-timestamp": str(int(now.timestamp())),
    }
    try:
        answer = outbound.post(found.address, body=json.dumps(body, ensure_ascii=False).encode(), headers=headers)
    except outbound.Unreachable as refusal:
        return str(refusal)
    return "" if 200 <= answer.status < 300 else f"status {answer.status}"
