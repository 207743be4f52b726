"""People hear that limits come near: by mail, and by a page where somebody wants one."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from decimal import Decimal
from typing import Final

from django.conf import settings
from django.urls import reverse
from django.utils.translation import gettext as _

from makegood.platform.evidence.on_call.operations import UnableToPage, page
from makegood.platform.evidence.service_desk.models import Alarm, Case, Escalation
from makegood.platform.evidence.service_desk.operations.owning import may_own
from makegood.platform.evidence.service_desk.queries import terms_of_case
from makegood.platform.tenancy.access.models import Person
from makegood.platform.tenancy.access.queries import people_with
from makegood.platform.tenancy.branding.models import Brand
from makegood.platform.tenancy.branding.queries import brand_towards, home_of
from makegood.platform.tenancy.messages.operations import write_from_template
from makegood.platform.tenancy.parties.models import Contact, ContactRole, Organisation
from makegood.platform.tenancy.parties.queries import house
from makegood.platform.tenancy.viewer import Role, Site, Viewer

_EXECUTIVES: Final = "executives of both sides"
_OWNER: Final = "owner of the case"
_ROLES: Final = {
    "owner of the provider": (Role.OWNER,),
    "service manager of the provider": (Role.SERVICE_MANAGER,),
    "engineers of the provider": (Role.ENGINEER,),
    "sponsor of the customer": (Role.SPONSOR,),
    "service manager of the customer": (Role.MANAGER,),
}
_CONTACTS: Final = {
    "executive sponsor": ContactRole.SPONSOR,
    "technical contact": ContactRole.TECHNICAL,
    "billing contact": ContactRole.BILLING,
}
_SEPARATOR: Final = " of the "


@dataclass(frozen=True, slots=True)
class Reached:
    """That a part of a limit of a case was used up, for whoever is to be told."""

    escalation: Escalation
    case: Case
    to: str


@dataclass(frozen=True, slots=True)
class Reader:
    """Somebody who is told, in their language; at a site they find the case, and elsewhere they only hear of it."""

    name: str
    email: str
    language: str
    site: Site | None = None


@dataclass(frozen=True, slots=True)
class Line:
    """What one reader hears of one limit; the link is empty for whoever does not sign in."""

    case: Case
    promise: str
    percent: str
    limit: str
    due_at: datetime | None
    link: str


@dataclass(slots=True)
class Post:
    """The mails of one sweep: one for each reader and brand, however many limits it is about."""

    now: datetime
    house: Organisation
    lines: dict[tuple[Reader, int], list[Line]] = field(default_factory=dict)
    known: dict[tuple[object, ...], list[Reader]] = field(default_factory=dict)
    brands: dict[int, Brand] = field(default_factory=dict)

    def add(self, reached: Reached) -> None:
        """Put what was reached into the mails of those who hear of it, and keep who they are."""
        case, made = reached.case, reached.escalation
        key = (reached.to, case.provider_id, case.customer_id, case.owner_id if reached.to == _OWNER else None)
        if key not in self.known:
            self.known[key] = list(readers(case, reached.to))
        found = self.known[key]
        names = ", ".join(each.name for each in found)
        made.told = f"{reached.to}: {names}" if names else reached.to
        for each in found:
            towards = case.customer if each.site is not Site.CONSOLE else self.house
            link = _link(each, case, self._brand(towards))
            line = Line(case, _promise(case, made), made.percent, made.limit, made.due_at, link)
            self.lines.setdefault((each, towards.pk), []).append(line)

    def send(self) -> None:
        """Write the mails; they go when what they are about is kept, or not at all."""
        for (reader, towards), lines in self.lines.items():
            write_from_template(
                kind="case_escalated",
                to=reader.email,
                language=reader.language,
                now=self.now,
                brand=self.brands[towards],
                name=reader.name,
                lines=lines,
                first=lines[0],
            )

    def _brand(self, towards: Organisation) -> Brand:
        if towards.pk not in self.brands:
            self.brands[towards.pk] = brand_towards(organisation=towards)
        return self.brands[towards.pk]


def tell_of(found: Sequence[Reached], *, now: datetime) -> None:
    """Write to those who are to hear of limits, page those whom alarms are for, and say on each escalation who it was.

    Within the transaction in which the escalations are kept: they are told once, or not at all.
    """
    post = Post(now, house())
    for each in found:
        post.add(each)
    post.send()
    _page_for(found, now)


def readers(case: Case, to: str) -> Iterator[Reader]:
    """Yield whom the words of a ladder mean, each once.

    Words that nobody knows, or that mean nobody, mean service managers and owners of the provider.
    """
    seen: set[str] = set()
    meant = list(_meant(case, " ".join(to.lower().split())))
    for each in meant or _signed_in(staff_of(case, Role.SERVICE_MANAGER, Role.OWNER), _inside(case)):
        if each.email not in seen:
            seen.add(each.email)
            yield each


def staff_of(case: Case, *roles: Role) -> list[Person]:
    """Return the people of the provider of a case with some roles who see its customer."""
    among = roles if case.provider.is_house else (Role.AFFILIATE,)
    return [each for each in people_with(organisation=case.provider, roles=among) if may_own(case, each)]


def _meant(case: Case, to: str) -> Iterator[Reader]:
    role, _between, side = to.partition(_SEPARATOR)
    if to == _OWNER:
        yield from _signed_in([case.owner], Site.CONSOLE if _is_of_house(case) else Site.PARTNER)
    elif to == _EXECUTIVES:
        yield from _signed_in(staff_of(case, Role.OWNER), _inside(case))
        yield from _of_customer(case, Role.SPONSOR)
        yield from _contacts([case.provider, case.customer], ContactRole.SPONSOR)
    elif to in _ROLES and side == "customer":
        yield from _of_customer(case, *_ROLES[to])
    elif to in _ROLES:
        yield from _signed_in(staff_of(case, *_ROLES[to]), _inside(case))
    elif role in _CONTACTS:
        yield from _contacts([case.provider if side == "provider" else case.customer], _CONTACTS[role])


def _of_customer(case: Case, *roles: Role) -> Iterator[Reader]:
    """Yield people of the customer of a case; of a referral that is the house, whose owner stands for the sponsor."""
    if case.customer.is_house:
        yield from _signed_in(people_with(organisation=case.customer, roles=[Role.OWNER]), Site.CONSOLE)
    else:
        yield from _signed_in(people_with(organisation=case.customer, roles=roles), Site.PORTAL)


def _signed_in(people: Sequence[Person], site: Site) -> Iterator[Reader]:
    return (Reader(each.name, each.email, each.language, site) for each in people if each.is_active)


def _contacts(parties: Sequence[Organisation], role: str) -> Iterator[Reader]:
    for each in Contact.objects.filter(organisation__in=parties, role=role):
        yield Reader(each.name, each.email, settings.LANGUAGE_CODE)


def _is_of_house(case: Case) -> bool:
    """Tell whether the owner of a case finds it in the console: of referrals too, since somebody of the house asked."""
    return case.provider.is_house or case.refers_id is not None


def _inside(case: Case) -> Site:
    return Site.CONSOLE if case.provider.is_house else Site.PARTNER


def _promise(case: Case, made: Escalation) -> str:
    terms = terms_of_case(case)
    outcome = terms.outcomes.get(made.outcome) if terms is not None else None
    return outcome.promise if outcome is not None else made.outcome


def _link(reader: Reader, case: Case, brand: Brand) -> str:
    if reader.site is None:
        return ""
    home = home_of(brand=brand) if reader.site is Site.PORTAL else settings.BASE_URL
    return home + reverse(f"{reader.site}:case", args=[case.pk])


def _page_for(found: Sequence[Reached], now: datetime) -> None:
    """Page by the alarms that something reached is for; one alarm pages once for each limit."""
    alarms = list(Alarm.objects.filter(ended_at=None, policy__ended_at=None).select_related("policy"))
    if not alarms:
        return
    ours = house().pk
    by = Viewer(name="the schedule", house=ours, roles={ours: frozenset({Role.OWNER})}, site=Site.CONSOLE)
    for each in found:
        for alarm in alarms:
            if each.case.provider_id == ours and _is_for(alarm, each):
                _page(alarm, each, by, now)


def _is_for(alarm: Alarm, reached: Reached) -> bool:
    case = reached.case
    percent = Decimal(reached.escalation.percent.partition(" ")[0].replace(",", ""))
    return (
        percent >= alarm.percent
        and alarm.customer_id in (None, case.customer_id)
        and alarm.priority in ("", case.priority)
    )


def _page(alarm: Alarm, reached: Reached, by: Viewer, now: datetime) -> None:
    case, made = reached.case, reached.escalation
    try:
        page(
            key=f"case {case.pk} {made.outcome} {made.step} {made.limit} {made.reopened} alarm {alarm.pk}"[:200],
            subject=f"#{case.pk} {case.title}"[:150],
            text=_("%(percent)s of %(limit)s are used up: %(promise)s")
            % {"percent": made.percent, "limit": made.limit, "promise": _promise(case, made)},
            url=settings.BASE_URL + reverse("console:case", args=[case.pk]),
            policy=alarm.policy,
            about=case.customer,
            by=by,
            now=now,
        )
    except UnableToPage:  # the refusal stays in the trail, and mails went all the same
        return
