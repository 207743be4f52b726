"""What people do with a case: each act with its form, who may do it where, and when it is offered."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Final

from django.utils.functional import Promise as Lazy
from django.utils.translation import gettext_lazy as _

from makegood.platform.evidence.service_desk.models import Case, Coverage, State
from makegood.platform.tenancy.viewer import Role, Site, Viewer
from makegood.platform.web.parts import desk_asked as asked
from makegood.platform.web.parts import desk_forms as forms
from makegood.platform.web.parts.desk_asked import STAFF, Does, Makes

WORKING: Final = {Site.CONSOLE: STAFF, Site.PARTNER: (Role.AFFILIATE,)}
"""Who works on cases at which site."""
ASKING: Final = {Site.CONSOLE: STAFF, Site.PORTAL: (Role.SPONSOR, Role.MANAGER, Role.USER)}
"""Who has cases; the house has those that it referred to affiliates."""
_HOUSE: Final = {Site.CONSOLE: STAFF}
_ASKED: Final = {Site.PORTAL: (Role.SPONSOR, Role.MANAGER, Role.USER)}
_PAYING: Final = {Site.PORTAL: (Role.SPONSOR, Role.MANAGER)}


@dataclass(frozen=True, slots=True, eq=False)
class Act:
    """Something that is done with a case: ``does`` it with what its ``form`` was given, if it ``fits`` the case.

    ``who`` may do it for its ``side``: the provider of the case, its customer, or both.
    """

    name: str
    title: str | Lazy
    icon: str
    done: str | Lazy
    form: Makes
    does: Does
    fits: Callable[[Case], bool]
    who: Mapping[Site, tuple[Role, ...]]
    side: str = "provider"
    only: Callable[[Viewer, Case], bool] = lambda _viewer, _case: True

    def is_for(self, viewer: Viewer, case: Case) -> bool:
        """Tell whether a viewer, who sees a case, may do this with it."""
        parties = {"provider": [case.provider_id], "customer": [case.customer_id]}
        among = parties.get(self.side, [case.provider_id, case.customer_id])
        roles = self.who.get(viewer.site, ()) if viewer.site is not None else ()
        return any(viewer.has(*roles, organisation=each) for each in among) and self.only(viewer, case)


ACTS: Final = (
    Act(
        "message",
        _("Write"),
        "message-circle",
        _("It was written."),
        asked.with_file(forms.Say),
        asked.said,
        lambda _: True,
        WORKING,
    ),
    Act(
        "respond",
        _("Respond"),
        "check",
        _("It was kept that somebody responded."),
        asked.plain(forms.When),
        asked.says("respond"),
        lambda case: case.is_open and case.responded_at is None,
        WORKING,
    ),
    Act(
        "move",
        _("Move"),
        "arrow-right",
        _("The state was changed."),
        asked.plain(forms.Move),
        asked.says("move_case"),
        asked.is_open,
        WORKING,
    ),
    Act(
        "resolve",
        _("Resolve"),
        "circle-check",
        _("It is resolved; the customer is asked to confirm it."),
        asked.plain(forms.Resolve),
        asked.says("resolve"),
        asked.is_open,
        WORKING,
    ),
    Act(
        "close",
        _("Close for the customer"),
        "lock",
        _("It is closed."),
        asked.plain(forms.Close),
        asked.says("close_for_customer"),
        asked.waits,
        WORKING,
    ),
    Act(
        "step",
        _("Take a promised step"),
        "list-check",
        _("The step was kept."),
        asked.step,
        asked.says("take_step"),
        lambda _: False,
        WORKING,
    ),
    Act(
        "transfer",
        _("Hand over"),
        "users",
        _("It has another owner."),
        asked.hand_over,
        asked.handed_over,
        lambda case: case.is_open,
        WORKING,
    ),
    Act(
        "refer",
        _("Refer to an affiliate"),
        "affiliate",
        _("It was referred."),
        asked.refer,
        asked.referred,
        asked.is_open,
        _HOUSE,
    ),
    Act(
        "prioritise",
        _("Change the priority"),
        "chart-line",
        _("The priority was set anew."),
        asked.prioritise,
        asked.says("prioritise"),
        asked.is_open,
        WORKING,
    ),
    Act(
        "kind",
        _("Change the kind"),
        "pencil",
        _("It is of another kind now, from its beginning."),
        asked.reclassify,
        asked.says("reclassify"),
        lambda case: case.is_open,
        WORKING,
    ),
    Act(
        "relate",
        _("Join to another case"),
        "history",
        _("They belong together."),
        asked.plain(forms.Relate),
        asked.related,
        asked.is_open,
        WORKING,
    ),
    Act(
        "major",
        _("Make it a major incident"),
        "alert-triangle",
        _("It is a major incident."),
        asked.plain(forms.Nothing),
        asked.says("make_major"),
        lambda case: case.is_open and case.major_since is None,
        WORKING,
    ),
    Act(
        "cause",
        _("Say what caused it"),
        "search",
        _("The cause was kept."),
        asked.find_cause,
        asked.found_cause,
        lambda _: True,
        _HOUSE,
    ),
    Act(
        "permission",
        _("Ask for permission"),
        "coin",
        _("The customer is asked."),
        asked.ask_permission,
        asked.asked_permission,
        lambda case: case.is_open and case.coverage == Coverage.NEEDS_PERMISSION and not asked.asked_to_pay(case),
        WORKING,
    ),
    Act(
        "hand-back",
        _("Hand it back"),
        "upload",
        _("It was handed back to the customer."),
        asked.plain(forms.HandBack),
        asked.says("hand_back"),
        lambda case: case.is_open and case.coverage in {Coverage.NEEDS_PERMISSION, Coverage.OUT_OF_COVER},
        WORKING,
    ),
    Act(
        "time",
        _("Enter time"),
        "clock",
        _("The time was kept."),
        asked.plain(forms.EnterTime),
        asked.entered_time,
        lambda _: True,
        WORKING,
    ),
    Act(
        "tell",
        _("Write"),
        "message-circle",
        _("It was sent."),
        asked.with_file(forms.Tell),
        asked.said,
        lambda _: True,
        ASKING,
        "customer",
    ),
    Act(
        "confirm",
        _("It is done"),
        "circle-check",
        _("Thank you. It is closed."),
        asked.plain(forms.Nothing),
        asked.says("confirm"),
        asked.waits,
        ASKING,
        "customer",
    ),
    Act(
        "reject",
        _("It is not done"),
        "circle-x",
        _("It is open again."),
        asked.plain(forms.Why),
        asked.says("reject"),
        asked.waits,
        ASKING,
        "customer",
    ),
    Act(
        "reopen",
        _("Open it again"),
        "history",
        _("It is open again."),
        asked.plain(forms.Why),
        asked.says("reopen"),
        lambda case: case.state == State.CLOSED,
        {**WORKING, **ASKING},
        "both",
    ),
    Act(
        "withdraw",
        _("It is not needed any more"),
        "x",
        _("It is closed."),
        asked.plain(forms.Withdraw),
        asked.says("withdraw"),
        asked.is_open,
        {**WORKING, **ASKING},
        "both",
    ),
    Act(
        "opinion",
        _("Say how it was"),
        "message-circle",
        _("Thank you for your opinion."),
        asked.plain(forms.GiveOpinion),
        asked.says("give_opinion"),
        asked.asked_opinion,
        _ASKED,
        "customer",
        asked.is_mine,
    ),
    Act(
        "permit",
        _("Yes, do it"),
        "check",
        _("It was permitted."),
        asked.plain(forms.Nothing),
        asked.decided(given=True),
        asked.asked_to_pay,
        _PAYING,
        "customer",
    ),
    Act(
        "forbid",
        _("No, do not"),
        "x",
        _("It was not permitted."),
        asked.plain(forms.Nothing),
        asked.decided(given=False),
        asked.asked_to_pay,
        _PAYING,
        "customer",
    ),
)


def offered(viewer: Viewer, case: Case) -> list[Act]:
    """Return what a viewer may do with a case as it is now."""
    return [each for each in ACTS if each.is_for(viewer, case) and each.fits(case)]
