"""What people write into the form of each door, and what has to be there before."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, Final

from django.core.files.uploadedfile import SimpleUploadedFile

from makegood.platform.evidence.intake.operations import attribute
from makegood.platform.judging.verdicts.models import Verdict
from makegood.platform.money.claims.models import Claim
from makegood.platform.money.claims.operations import find_claims, make_claim
from makegood.platform.money.settlement.operations import close_due
from makegood.platform.review.governance.models import ScopeChange
from makegood.platform.review.governance.operations import (
    call_meeting,
    decide_change,
    mark_duty,
    propose_change,
    state_impact,
)
from makegood.platform.tenancy.messages.models import Message
from makegood.platform.tenancy.viewer import Role, Site
from tests.platform.agreements import TEXT
from tests.platform.changes_world import CHANGE_BEFORE, CHANGE_FORMS, NOTHING_CHANGED
from tests.platform.desk_world import DESK_BEFORE, DESK_FORMS, NO_CHANGE
from tests.platform.evidence import FAILED, member, sent, staff, state
from tests.platform.mail_world import MAILBOX
from tests.platform.people import NOW, house, person
from tests.platform.world import World

_HERE: Final = "agreements/<slug:slug>/"
_RULES: Final = f"{_HERE}governance/"
_OURS: Final = "organisations/<slug:slug>/"
_THEIRS: Final = "organisation/<slug:slug>/"
_IMPACT: Final = {"people": "12", "minutes": "120", "amount": "900.00", "words": "Nobody could pay."}
_CONTACT: Final = {"name": "Emil", "email": "emil@acme.example", "phone": "", "role": "SPONSOR", "escalation": "2"}
_PLACE: Final = {"name": "Warehouse", "address": "Bonn", "timezone": "Europe/Berlin"}
_HOOK: Final = {"address": "https://hooks.example/other", "events": ["dispute.raised"]}
_BY_ORGANISATION: Final[dict[str, dict[str, Any]]] = {
    "brand/": {"name": "Ours", "colour": "#112233", "sender": "", "portal_host": ""},
    "hooks/make": _HOOK,
    "hooks/<int:pk>/change": _HOOK,
    "hooks/<int:pk>/rotate": {},
    "hooks/<int:pk>/do": {"do": "pause"},
    "hooks/<int:pk>/deliveries/<int:delivery>/again": {},
    "keys/make": {
        "name": "second robot",
        "scopes": ["verdicts:read"],
        "expires_on": "2026-06-01",
        "days": "30",
    },
    "keys/<int:pk>/end": {},
    "people/invite": {"email": "newer@acme.example", "role": "{role}"},
    "people/invitations/<int:pk>/resend": {},
    "people/invitations/<int:pk>/withdraw": {},
    "people/<int:pk>/end": {},
    "people/<int:pk>/limit/": {"customers": ["{party}"]},
}
_ROTA: Final = "on-call/rotas/<int:rota>/"
_TURNS: Final = {"starts_on": "2026-03-16", "hand_over": "09:00", "days": "7", "covers": "", "turn_1": "{olga}"}
_POLICY: Final = {
    "name": "Another",
    "rounds": "1",
    "round_minutes": "30",
    "resolve_minutes": "",
    "steps-TOTAL_FORMS": "1",
    "steps-INITIAL_FORMS": "0",
    "steps-0-after": "0",
    "steps-0-whom": "rota:{rota}",
    "steps-0-channels": "",
}
_WRITTEN: Final = {"action": "save", "text": TEXT.replace("day and night", "always")}

FORMS: Final[dict[str, dict[str, Any]]] = {
    f"{_HERE}judge/": {},
    f"{_HERE}close/": {"without_actions": "Nobody was hurt."},
    f"{_HERE}end/": {"reason": "They moved on."},
    f"{_HERE}amend/": _WRITTEN,
    f"{_HERE}activate/": {},
    f"{_HERE}sources/": {"name": "More probes", "reports": ["shop"]},
    f"{_HERE}sources/<int:source>/drop/": {},
    f"{_HERE}versions/<int:version>/edit/": _WRITTEN,
    f"{_HERE}versions/<int:version>/offer/": {},
    f"{_HERE}versions/<int:version>/withdraw/": {},
    f"{_HERE}versions/<int:version>/sign/": {"name": "Ada Lovelace", "agreed": "on", "accept": "yes", "read": "on"},
    f"{_HERE}actions/new/": {
        "period": "2026-03",
        "outcome": "open",
        "cause": "A switch.",
        "action": "Two switches.",
        "due_date": "2026-04-01",
    },
    f"{_HERE}actions/<int:action>/done/": {},
    f"{_HERE}disputes/": {
        "period": "2026-02",
        "outcome": "open",
        "record_id": "probes#front-2025-12-31T23:00:00Z-up",
        "reason": "It was down.",
    },
    f"{_HERE}disputes/<int:dispute>/decision/": {"decision": "Two probes agree.", "accept": "no"},
    f"{_HERE}disputes/<int:dispute>/remarks/": {"text": "Which probes?"},
    f"{_HERE}evidence/values/": {"of": "mood", "subject": "", "value": "4", "unit": "", "at": "2026-03-01T00:00"},
    f"{_HERE}evidence/causes/": {"party": "hosting-gmbh", "share": "40%", "incident": "INC-9", "start": "", "end": ""},
    f"{_HERE}exclusions/": {
        "cause": "maintenance",
        "subject": "",
        "starts_at": "2026-03-21T00:00",
        "ends_at": "2026-03-22T00:00",
        "reason": "A larger database.",
    },
    f"{_HERE}exclusions/<int:exclusion>/": {"approve": "yes"},
    f"{_HERE}evidence/new/": {},
    f"{_HERE}receivers/make/": {"name": "watch", "scheme": "STANDARD", "mapping": "", "rows": ""},
    f"{_HERE}receivers/<int:receiver>/change/": {"mapping": "", "rows": "items"},
    f"{_HERE}receivers/<int:receiver>/end/": {},
    f"{_HERE}receivers/<int:receiver>/rotate/": {},
    "mailboxes/make/": {**MAILBOX, "address": "more@northwind-it.example", "signing": "HMAC"},
    "mailboxes/<int:mailbox>/change/": {**MAILBOX, "name": "Help of ours"},
    "mailboxes/<int:mailbox>/rotate/": {},
    "mailboxes/<int:mailbox>/fetch/": {},
    "mailboxes/<int:mailbox>/end/": {},
    "held-mails/<int:mail>/accept/": {"customer": "acme"},
    "held-mails/<int:mail>/discard/": {},
    f"{_HERE}recommendations/": {"text": "A third till.", "cost": "900.00 EUR", "due_date": "2026-05-01"},
    f"{_HERE}recommendations/<int:recommendation>/": {"decision": "Yes, please."},
    f"{_HERE}reports/new/": {"period": "2026-03"},
    f"{_HERE}verdicts/<int:verdict>/impact/": _IMPACT,
    f"{_HERE}verdicts/<int:verdict>/impact/confirm/": {},
    f"{_HERE}verdicts/<int:verdict>/exclude/": {"duty": "contact"},
    f"{_HERE}verdicts/<int:verdict>/claim/": {},
    f"{_RULES}access/new/": {"who": "Sam", "what": "The till", "way": "VPN", "until": "2026-12-31"},
    f"{_RULES}access/<int:grant>/end/": {},
    f"{_RULES}actions/<int:agreed>/done/": {"result": "It is larger."},
    f"{_RULES}changes/new/": {"text": "A fourth till.", "amount": "50.00"},
    f"{_RULES}changes/<int:change>/": {"approve": "yes"},
    f"{_RULES}changes/<int:change>/version/": {"version": "{version}"},
    f"{_RULES}duties/mark/": {"duty": "power", "standing": "UNMET", "since": "2026-03-01", "note": "It is dark."},
    f"{_RULES}meetings/": {"kind": "REVIEW", "day": "2026-03-25"},
    f"{_RULES}meetings/<slug:meeting_key>/actions/": {
        "text": "A quicker disk.",
        "owner": "Sam",
        "side": "{party}",
        "due_date": "2026-04-09",
    },
    f"{_RULES}meetings/<slug:meeting_key>/move/": {"day": "2026-03-26"},
    f"{_RULES}meetings/<slug:meeting_key>/minutes/": {"attendees": "Ada, Sam", "text": "More tills."},
    f"{_RULES}start/baselines/<slug:domain>/": {"policy": "None is written.", "outcomes": ["open"]},
    f"{_RULES}start/stages/<int:stage>/": {"name": "Look", "began_on": "2026-01-01", "ended_on": ""},
    "claims/<int:claim>/make/": {},
    "claims/<int:claim>/answer/": {"accept": "yes", "answer": ""},
    "assurance/new/": {"kind": "TEST", "title": "A drill", "words": "", "day": "2026-02-01", "until": ""},
    "assurance/<int:assurance>/end/": {},
    "assurance/policies/new/": {
        "organisation": "{house}",
        "title": "Cyber",
        "insurer": "",
        "amount": "1,000.00",
        "until": "2027-01-01",
    },
    "assurance/policies/<int:policy>/end/": {},
    "on-call/rotas/new/": {"organisation": "{house}", "name": "Second line", "timezone": "UTC", "covers": ""},
    f"{_ROTA}change/": {"name": "First", "timezone": "UTC", "covers": "mon-fri 09:00-17:00"},
    f"{_ROTA}end/": {},
    f"{_ROTA}layers/": _TURNS,
    f"{_ROTA}layers/<int:layer>/": _TURNS,
    f"{_ROTA}layers/<int:layer>/end/": {},
    f"{_ROTA}overrides/": {
        "person": "{olga}",
        "instead_of": "",
        "starts_at": "2026-03-12T09:00",
        "ends_at": "2026-03-13T09:00",
        "why": "A wedding.",
    },
    f"{_ROTA}overrides/<int:override>/withdraw/": {},
    f"{_ROTA}pay/": {
        "since": "2026-03-01",
        "standby": "6.00",
        "called": "40.00",
        "currency": "EUR",
        "night": "25",
        "weekend": "50",
        "holiday": "100",
    },
    f"{_ROTA}agreements/": {"contract": "{slug}"},
    f"{_ROTA}agreements/<slug:slug>/release/": {},
    "on-call/leave/": {"person": "{olga}", "starts_at": "2026-04-12T09:00", "ends_at": "2026-04-13T09:00", "why": ""},
    "on-call/leave/<int:leave>/withdraw/": {},
    "on-call/policies/": _POLICY,
    "on-call/policies/<int:paging>/": _POLICY,
    "on-call/policies/<int:paging>/end/": {},
    "on-call/pages/new/": {"policy": "{paging}", "subject": "The till is slow", "text": ""},
    "on-call/pages/<int:page>/acknowledge/": {},
    "on-call/pages/<int:page>/resolve/": {},
    "on-call/mine/presence/": {"available": "no", "until": "", "note": "Dentist"},
    "on-call/mine/channels/": {"kind": "PHONE", "address": "+49 228 2"},
    "on-call/mine/channels/<int:channel>/drop/": {},
    "on-call/mine/feeds/": {"rota": ""},
    "on-call/mine/feeds/<int:feed>/end/": {},
    "on-call/skills/new/": {"person": "{olga}", "name": "Linux", "level": "3", "certificate": "", "expires_on": ""},
    "on-call/skills/<int:skill>/drop/": {},
    "my-mails/": {"chosen": "yes", "wanted": []},
    "mails/<int:pk>/resend": {},
    "new-agreement/": {
        "template": "empty",
        "other": "{organisation}",
        "side": "provider",
        "title": "Another",
        "identifier": "another",
        "first_day": "2026-04-01",
    },
    "organisations/new/": {"name": "Initech", "slug": "initech", "country": "DE"},
    f"{_OURS}change/": {"name": "Renamed", "country": "DE"},
    f"{_OURS}contacts/new/": _CONTACT,
    f"{_OURS}contacts/<int:pk>/": _CONTACT,
    f"{_OURS}contacts/<int:pk>/remove": {},
    f"{_OURS}relationship/costs/new/": {"title": "Lost hours", "amount": "900.00", "currency": "EUR"},
    f"{_OURS}relationship/costs/<int:cost>/end/": {},
    f"{_OURS}relationship/values/new/": {
        "outcome": "No queues",
        "amount": "900.00",
        "currency": "EUR",
        "words": "",
        "agreed_with": "Ada",
    },
    f"{_OURS}relationship/values/<int:value>/end/": {},
    f"{_OURS}relationship/measurements/new/": {
        "title": "Slow",
        "value": "4h",
        "measured_on": "2025-11-30",
        "source": "",
        "compared": "",
    },
    f"{_OURS}relationship/measurements/<int:measurement>/": {"compared": "acme-shop/open"},
    f"{_OURS}roadmap/new/": {"title": "Cameras", "year": "2027", "quarter": "1", "state": "PLANNED", "why": "Theft."},
    f"{_OURS}roadmap/<int:entry>/": {"year": "2026", "quarter": "4", "state": "UNDER_WAY", "why": "It was late."},
    f"{_OURS}roadmap/components/new/": {"title": "Mail", "standard": "Hosted", "version": "", "deviation": "None."},
    f"{_OURS}roadmap/components/<int:component>/end/": {},
    f"{_OURS}sites/new/": _PLACE,
    f"{_OURS}sites/<int:pk>/": _PLACE,
    f"{_OURS}sites/<int:pk>/remove": {},
    **{f"{where}{route}": form for where in (_OURS, _THEIRS) for route, form in _BY_ORGANISATION.items()},
    **DESK_FORMS,
    **CHANGE_FORMS,
}
"""The fields of a form by the address behind its site; words in braces are objects of the world."""
CHANGES_NOTHING: Final = {
    **NO_CHANGE,
    "console/mailboxes/<int:mailbox>/fetch/": "mails of this one are posted",
    **NOTHING_CHANGED,
    f"console/{_HERE}activate/": "it is active",
    f"console/{_HERE}amend/": "a draft is open",
    **{f"{site}/{_HERE}evidence/values/": "nothing is judged by what people state" for site in Site},
    f"console/{_HERE}exclusions/<int:exclusion>/": "the house proposed it",
    f"console/{_HERE}verdicts/<int:verdict>/claim/": "its credits are given without asking",
    f"portal/{_HERE}verdicts/<int:verdict>/claim/": "its credits are given without asking",
    **{f"{site}/{_HERE}versions/<int:version>/sign/": "it was signed" for site in Site},
    **{f"{site}/{_HERE}disputes/<int:dispute>/decision/": "they raised it" for site in (Site.PORTAL, Site.PARTNER)},
    f"partner/{_RULES}duties/mark/": "the affiliate's agreement has no duties",
    f"partner/{_HERE}verdicts/<int:verdict>/impact/confirm/": "the affiliate is not the customer",
    f"console/{_ROTA}agreements/": "the rota staffs the agreement already",
    "console/mails/<int:pk>/resend": "it was not refused",
    "console/new-agreement/": "it shows a text to go on with",
    **{
        f"console/{_OURS}{each}": "only the organisation itself keeps it"
        for each in (
            "hooks/make",
            "hooks/<int:pk>/change",
            "hooks/<int:pk>/rotate",
            "hooks/<int:pk>/do",
            "hooks/<int:pk>/deliveries/<int:delivery>/again",
            "keys/make",
            "people/<int:pk>/limit/",
        )
    },
    **{
        f"{site}/{_THEIRS}hooks/<int:pk>/deliveries/<int:delivery>/again": "it is on its way"
        for site in (Site.PORTAL, Site.PARTNER)
    },
}
"""What changes nothing in this world, and why."""
STORES_NOTHING: Final = {
    "console/agreement-findings/": "it only tells what is wrong with a text",
}


def filled(route: str, world: World) -> dict[str, Any]:
    """Return what is written into the form at an address, for the objects of a world."""
    rest = route.partition("/")[2]
    affiliate = world.contract.customer.is_house
    known = {
        **world.values,
        "house": world.contract.customer_id if affiliate else world.contract.provider_id,
        "party": world.contract.provider_id if affiliate else world.contract.customer_id,
        "role": "AFFILIATE" if affiliate else "USER",
        "olga": person("Olga", house(), Role.OWNER).pk,
    }
    found = {name: _with(value, known) for name, value in FORMS[rest].items()}
    if rest.endswith("evidence/new/"):
        line = state("till", "down", "2026-03-04T10:00:00Z", "2026-03-04T10:30:00Z")
        found["file"] = SimpleUploadedFile("more.jsonl", line.encode())
    return found


def _with(value: object, known: dict[str, object]) -> object:
    if isinstance(value, list):
        return [_with(each, known) for each in value]
    return value.format_map(known) if isinstance(value, str) and "{" in value and "\n" not in value else value


def furnished(sold: World, bought: World) -> None:
    """Add to a world what its forms speak of: an impact, an unmet duty, claims, a mail."""
    mark_duty(
        contract=sold.contract,
        duty="contact",
        standing="UNMET",
        since=NOW.date().replace(day=1, month=1),
        note="Nobody answered.",
        by=staff(Role.OWNER),
        now=NOW,
    )
    sent(sold.contract, [FAILED])
    attribute(
        contract=sold.contract, party="hosting-gmbh", share="50%", incident="INC-1", by=staff(Role.OWNER), now=NOW
    )
    close_due(contract=sold.contract, by=staff(Role.OWNER), now=NOW, without_actions="For the test.")
    find_claims(contract=sold.contract, now=NOW)
    Claim.objects.update(claim_by=None)
    for world, by in ((sold, staff(Role.OWNER)), (bought, member(Role.AFFILIATE, "hosting-gmbh"))):
        missed = Verdict.objects.filter(period__contract=world.contract, ruling="MISSED", latest__isnull=False)
        verdict = missed.order_by("pk")[0]
        said = {"people": 3, "minutes": None, "amount": None, "words": ""}
        state_impact(period=verdict.period, outcome=verdict.outcome, **said, by=by, now=NOW)  # type: ignore[arg-type]
        world.values["verdict"] = verdict.pk
        world.values["claim"] = Claim.objects.latest("pk").pk
        world.values["mails pk"] = Message.objects.latest("pk").pk


def _theirs(world: World) -> Any:
    if world.contract.provider.is_house:
        return member(Role.SPONSOR)
    return member(Role.AFFILIATE, world.contract.provider.slug)


def _proposed_by_the_other(world: World) -> None:
    change = propose_change(contract=world.contract, text="A fifth till.", amount=0, by=_theirs(world), now=NOW)
    world.values["change"] = change.pk


def _approved(world: World) -> None:
    _proposed_by_the_other(world)
    change = ScopeChange.objects.get(pk=int(str(world.values["change"])))
    decide_change(change=change, approve=True, by=staff(Role.OWNER), now=NOW)


def _met(world: World) -> None:
    by = staff(Role.OWNER)
    made = call_meeting(contract=world.contract, kind="GOVERNANCE", day=NOW.date(), by=by, now=NOW)
    world.values["meeting_key"] = made.key


def _drafted(world: World) -> None:
    world.values["version"] = world.values["draft"]


def _claimed(world: World) -> None:
    make_claim(claim=Claim.objects.get(pk=int(str(world.values["claim"]))), by=staff(Role.OWNER), now=NOW)


BEFORE: Final[dict[str, Callable[[World], None]]] = {
    **DESK_BEFORE,
    **CHANGE_BEFORE,
    f"console/{_HERE}versions/<int:version>/offer/": _drafted,
    f"console/{_HERE}versions/<int:version>/withdraw/": _drafted,
    **{f"{site}/{_RULES}meetings/<slug:meeting_key>/minutes/": _met for site in Site},
    f"console/{_RULES}changes/<int:change>/": _proposed_by_the_other,
    f"console/{_RULES}changes/<int:change>/version/": _approved,
    "partner/claims/<int:claim>/answer/": _claimed,
}
"""What has to happen before a form can be sent."""
