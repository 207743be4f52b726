"""Planning who is on call, saying how people are reached, and paging them."""

from __future__ import annotations

from makegood.platform.evidence.on_call.operations.covering import assign_rota, refresh_staffing, release_rota
from makegood.platform.evidence.on_call.operations.leaving import (
    keep_override,
    take_leave,
    withdraw_leave,
    withdraw_override,
)
from makegood.platform.evidence.on_call.operations.paging import (
    acknowledge,
    acknowledge_by_link,
    page,
    post_notification,
    resolve_page,
    sweep,
)
from makegood.platform.evidence.on_call.operations.people import (
    drop_channel,
    drop_skill,
    end_feed,
    keep_channel,
    keep_skill,
    make_feed,
    say_presence,
)
from makegood.platform.evidence.on_call.operations.policies import StepAsked, end_policy, keep_policy
from makegood.platform.evidence.on_call.operations.refusals import UnableToPage, UnableToPlan
from makegood.platform.evidence.on_call.operations.rotas import end_layer, end_rota, keep_layer, keep_rota, set_pay

__all__ = [
    "StepAsked",
    "UnableToPage",
    "UnableToPlan",
    "acknowledge",
    "acknowledge_by_link",
    "assign_rota",
    "drop_channel",
    "drop_skill",
    "end_feed",
    "end_layer",
    "end_policy",
    "end_rota",
    "keep_channel",
    "keep_layer",
    "keep_override",
    "keep_policy",
    "keep_rota",
    "keep_skill",
    "make_feed",
    "page",
    "post_notification",
    "refresh_staffing",
    "release_rota",
    "resolve_page",
    "say_presence",
    "set_pay",
    "sweep",
    "take_leave",
    "withdraw_leave",
    "withdraw_override",
]
