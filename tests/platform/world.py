"""One of everything: a house, two customers and two affiliates, and what they have between them."""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta

from makegood.platform.agreement.contracts import operations as contracting
from makegood.platform.agreement.contracts.models import Contract, Source
from makegood.platform.evidence.intake.operations import make_receiver, propose_exclusion, raise_dispute, remark
from makegood.platform.evidence.on_call import operations
from makegood.platform.evidence.on_call.models import Rota
from makegood.platform.evidence.on_call.operations import StepAsked
from makegood.platform.judging.periods.models import Period
from makegood.platform.judging.verdicts.models import Verdict
from makegood.platform.judging.verdicts.operations import judge_open
from makegood.platform.money.settlement.operations import close_due, write_action
from makegood.platform.review.governance.operations import (
    agree_action,
    call_meeting,
    grant_access,
    keep_component,
    keep_cost,
    keep_expected_value,
    keep_measurement,
    keep_policy,
    plan_entry,
    propose_change,
    show_assurance,
)
from makegood.platform.review.reports.operations import make_reports_due, recommend
from makegood.platform.tenancy.access.models import Client, Invitation, Membership, Scope
from makegood.platform.tenancy.access.operations import invite_person, make_key
from makegood.platform.tenancy.branding.models import Brand
from makegood.platform.tenancy.hooks.models import Delivery, Event
from makegood.platform.tenancy.hooks.operations import make_hook, send_test
from makegood.platform.tenancy.parties.models import Contact, Organisation, Site
from makegood.platform.tenancy.viewer import Role, Viewer
from tests.platform.agreements import TEXT, active, amendment, owner, service_manager, sponsor
from tests.platform.changes_world import change_values
from tests.platform.desk_world import desk_values
from tests.platform.evidence import member, sent, staff, state, up
from tests.platform.mail_world import mailed
from tests.platform.on_duty import engineer, paged, policy, turning
from tests.platform.people import NOW, house, organisation

EXCLUDING = TEXT.replace("count: {", "excluded: {maintenance: {}}, count: {")
BOUGHT = (
    EXCLUDING.replace("agreement: acme-shop", "agreement: hosting")
    .replace("The web shop of Acme", "Hosting of the shop")
    .replace("provider: northwind-it, customer: acme", "provider: hosting-gmbh, customer: northwind-it")
)


@dataclass(frozen=True, slots=True)
class World:
    """The objects that addresses of one contract and of one organisation beside the house name."""

    contract: Contract
    values: dict[str, object]

    def of(self, route: str) -> dict[str, object]:
        """Return which objects stand for the parameters of a route."""
        found = dict(self.values)
        if "organisation" in route:
            found["slug"] = self.values["organisation"]
        if "/export/" in route and "agreements/" not in route:
            found["what"] = "people" if "organisation" in route else "agreements"
        if "on-call/hours" in route:
            found["what"] = "2026-03"
        if "/work/" in route:
            found["case"] = self.values["our case"]  # where it was referred to, others do the work
        if "burn.svg" in route:
            found["verdict"] = self.values["running verdict"]
        if "/edit/" in route:
            found["version"] = self.values["draft"]
        before = re.search(r"(\w+)/<int:pk>", route)
        if before is not None:
            found["pk"] = self.values[f"{before[1]} pk"]
        return found


def world() -> tuple[World, World]:
    """Make everything, and return what a customer and what an affiliate has with the house."""
    house()
    Brand.objects.create(organisation=house(), name="Northwind IT")
    for slug in ("globex", "backup-ag"):
        organisation(slug)
    sold, bought = active(EXCLUDING), _active_bought()
    made = (
        _filled(sold, member(Role.SPONSOR), member(Role.SPONSOR)),
        _filled(bought, member(Role.AFFILIATE, "hosting-gmbh"), member(Role.AFFILIATE, "hosting-gmbh")),
    )
    make_reports_due(now=NOW)
    called = _on_call()
    for each in made:
        each.values.update(called)
        operations.assign_rota(
            rota=Rota.objects.get(pk=int(str(called["rota"]))), contract=each.contract, by=staff(Role.OWNER), now=NOW
        )
    for each, cases in zip(made, desk_values(sold, bought), strict=True):
        each.values.update(cases)
    for each, changes in zip(made, change_values(sold.customer), strict=True):
        each.values.update(changes)
    for each in made:
        report = _first("reports.Report", period__contract=each.contract)
        each.values["report"] = report
    return made


def _on_call() -> dict[str, object]:
    """Return a rota with turns, an override and leave, a policy and a page, and what is the owner's of it."""
    anna, by = engineer("Anna"), owner()
    made = turning(anna, engineer("Ben"))
    days = [NOW + timedelta(days=each) for each in (1, 2, 30, 31)]
    override = operations.keep_override(rota=made, person=anna, starts_at=days[0], ends_at=days[1], by=by, now=NOW)
    leave = operations.take_leave(person=anna, starts_at=days[2], ends_at=days[3], by=by, now=NOW)
    operations.set_pay(rota=made, since=date(2026, 1, 1), currency="EUR", standby=500, called=4000, by=by, now=NOW)
    usual = policy(StepAsked(0, rota=made), StepAsked(10, person=anna))
    channel = operations.keep_channel(kind="PHONE", address="+49 228 1", by=by, now=NOW)
    feed, _secret = operations.make_feed(rota=made, by=by, now=NOW)
    skill = operations.keep_skill(person=anna, name="Linux", level=2, by=by, now=NOW)
    return {
        "rota": made.pk,
        "layer": made.layers.get().pk,
        "override": override.pk,
        "leave": leave.pk,
        "paging": usual.pk,
        "page": paged(usual).pk,
        "channel": channel.pk,
        "feed": feed.pk,
        "skill": skill.pk,
    }


def _active_bought() -> Contract:
    manager = service_manager()
    organisation("hosting-gmbh", "Hosting GmbH")
    contract = contracting.draft_contract(text=BOUGHT, by=manager, now=NOW)
    version = contract.versions.get()
    Contact.objects.create(
        organisation=contract.provider, name="Heinz", email="heinz@hosting-gmbh.example", role="SPONSOR"
    )
    contracting.offer_version(version=version, by=manager, now=NOW)
    contracting.sign_version(version=version, name="H. Heinz", by=member(Role.AFFILIATE, "hosting-gmbh"), now=NOW)
    contracting.sign_version(version=version, name="Sam Smith", by=manager, now=NOW)
    contracting.declare_source(contract=contract, name="Probes", reports=["shop"], by=manager, now=NOW)
    contracting.activate_contract(contract=contract, by=manager, now=NOW)
    contract.refresh_from_db()
    return contract


def _filled(contract: Contract, speaker: object, signer: object) -> World:
    """Give a contract evidence, verdicts, a closed month, a dispute and all the rest."""
    del signer
    other = contract.customer if contract.provider.is_house else contract.provider
    sent(contract, up("2025-12-31T23:00:00Z", "2026-03-10T09:00:00Z"), by=staff(Role.ENGINEER))
    sent(contract, [state("till", "down", "2026-02-06T10:00:00Z", "2026-02-06T12:00:00Z", incident="INC-0")])
    judge_open(contract=contract, now=NOW)
    close_due(contract=contract, by=staff(Role.OWNER), now=NOW, without_actions="a world for tests")
    exclusion = propose_exclusion(
        contract=contract,
        cause="maintenance",
        starts_at=datetime(2026, 3, 20, tzinfo=UTC),
        ends_at=datetime(2026, 3, 21, tzinfo=UTC),
        reason="A new database.",
        by=staff(Role.OWNER),
        now=NOW,
    )
    verdict = Verdict.objects.filter(period__contract=contract).order_by("-pk")[0]
    dispute = raise_dispute(
        contract=contract,
        period="2026-02",
        outcome="open",
        record_id="probes#till-2026-02-06T10:00:00Z-down",
        reason="It was up.",
        by=speaker,  # type: ignore[arg-type]
        now=NOW,
    )
    remark(dispute=dispute, text="We look into it.", by=staff(Role.OWNER), now=NOW)
    action = write_action(
        period=Period.objects.get(contract=contract, label="2026-03"),
        outcome="open",
        cause="A disk was full.",
        action="A larger disk.",
        due_date=date(2026, 4, 1),
        by=staff(Role.OWNER),
        now=NOW,
    )
    recommendation = recommend(
        contract=contract, text="A second till.", cost="", due_date=None, by=staff(Role.OWNER), now=NOW
    )
    text = contract.versions.get(number=1)
    draft = contracting.amend_contract(
        contract=contract, text=amendment(text.text, digest=text.digest), by=service_manager(), now=NOW
    )
    role = Role.USER if contract.provider.is_house else Role.AFFILIATE
    invite_person(organisation=other, email=f"new@{other.slug}.example", role=role, by=owner(), now=NOW)
    key = _key(contract)
    delivery = _delivery(contract)
    receiver, _secret = make_receiver(
        contract=contract, name="robot", scheme="STANDARD", mapping="", rows="", by=owner(), now=NOW
    )
    site = Site.objects.create(organisation=other, name="Head office")
    return World(
        contract,
        {
            "slug": contract.slug,
            "organisation": other.slug,
            "label": "2026-02",
            **_governed(contract),
            **_related(other),
            **mailed(),
            "verdict": verdict.pk,
            "running verdict": Verdict.objects.filter(period__contract=contract, period__state="OPEN").latest("pk").pk,
            "exclusion": exclusion.pk,
            "dispute": dispute.pk,
            "action": action.pk,
            "recommendation": recommendation.pk,
            "run": 1,
            "version": text.pk,
            "draft": draft.pk,
            "source": Source.objects.filter(contract=contract)[0].pk,
            "kind": "levels",
            "what": "verdicts",
            "ending": "csv",
            "claim": 0,
            "mails pk": 0,
            "sites pk": site.pk,
            "contacts pk": Contact.objects.filter(organisation=other)[0].pk,
            "invitations pk": Invitation.objects.filter(organisation=other)[0].pk,
            "people pk": Membership.objects.filter(organisation=other)[0].pk,
            "keys pk": key.pk,
            "hooks pk": delivery.hook_id,
            "delivery": delivery.pk,
            "receiver": receiver.pk,
        },
    )


def _other(contract: Contract) -> tuple[Viewer, Organisation]:
    """Return who keeps the keys of the party that is not the house, and that party."""
    if contract.provider.is_house:
        return sponsor(contract.customer), contract.customer
    return member(Role.AFFILIATE, contract.provider.slug), contract.provider


def _delivery(contract: Contract) -> Delivery:
    by, about = _other(contract)
    hook, _secret = make_hook(
        organisation=about, address="https://hooks.example/acme", events=[Event.DISPUTE_RAISED], by=by, now=NOW
    )
    return send_test(hook=hook, by=by, now=NOW)


def _governed(contract: Contract) -> dict[str, object]:
    """Return a meeting, an action and a scope change."""
    by, side = staff(Role.OWNER), contract.provider_id
    meeting = call_meeting(contract=contract, kind="REVIEW", day=date(2026, 3, 12), by=by, now=NOW)
    said = {"text": "A larger disk.", "owner": "Sam", "side": side, "due_date": date(2026, 4, 1)}
    agreed = agree_action(meeting=meeting, **said, by=by, now=NOW)  # type: ignore[arg-type]
    change = propose_change(contract=contract, text="A second till.", amount=5000, by=by, now=NOW)
    grant = grant_access(
        contract=contract, who="Sam", what="The shop", way="VPN", until=date(2026, 12, 31), by=by, now=NOW
    )
    insured = {"title": "Liability", "insurer": "", "amount": 100, "currency": "EUR", "until": date(2026, 12, 31)}
    policy = keep_policy(organisation=contract.provider, **insured, by=by, now=NOW)  # type: ignore[arg-type]
    shown = show_assurance(kind="TEST", title="Restore", words="", day=date(2026, 1, 1), until=None, by=by, now=NOW)
    return {
        "meeting_key": meeting.key,
        "agreed": agreed.pk,
        "change": change.pk,
        "stage": 1,
        "domain": "security",
        "grant": grant.pk,
        "policy": policy.pk,
        "assurance": shown.pk,
    }


def _related(customer: Organisation) -> dict[str, object]:
    """Return what the house keeps of its relationship with a party."""
    said = {"customer": customer, "by": staff(Role.OWNER), "now": NOW}
    money = {"amount": 120_000, "currency": "EUR"}
    measured = {"value": "97.5%", "measured_on": date(2025, 12, 1), "source": "Logs"}
    words = {"words": "", "agreed_with": "Ada"}
    planned = {"year": 2026, "quarter": 3, "state": "PLANNED", "why": "The old one ends."}
    built = {"standard": "Two of them", "version": "9", "deviation": ""}
    return {
        "cost": keep_cost(title="Licences", **money, **said).pk,  # type: ignore[arg-type]
        "value": keep_expected_value(outcome="No lost sales", **money, **words, **said).pk,  # type: ignore[arg-type]
        "measurement": keep_measurement(title="Open", **measured, **said).pk,  # type: ignore[arg-type]
        "entry": plan_entry(title="A new till", **planned, **said).pk,  # type: ignore[arg-type]
        "component": keep_component(title="Firewall", **built, **said).pk,  # type: ignore[arg-type]
    }


def _key(contract: Contract) -> Client:
    now = NOW
    by, about = _other(contract)
    return make_key(
        organisation=about,
        name="robot",
        scopes=[Scope.READ_VERDICTS],
        expires_at=now + timedelta(days=9),
        by=by,
        now=now,
    )[0]


def _first(label: str, **wanted: object) -> object:
    from django.apps import apps

    return apps.get_model(label).objects.filter(**wanted)[0].pk
