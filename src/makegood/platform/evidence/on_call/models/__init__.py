"""Rotas and who is on them, how people are reached, and pages."""

from __future__ import annotations

from makegood.platform.evidence.on_call.models.paging import (
    Acknowledgement,
    Notification,
    Page,
    PageState,
    Policy,
    Step,
    Whom,
)
from makegood.platform.evidence.on_call.models.people import Channel, ChannelKind, Feed, Presence, Skill
from makegood.platform.evidence.on_call.models.rotas import Cover, Layer, Leave, Override, PayRate, Rota, Turn

__all__ = [
    "Acknowledgement",
    "Channel",
    "ChannelKind",
    "Cover",
    "Feed",
    "Layer",
    "Leave",
    "Notification",
    "Override",
    "Page",
    "PageState",
    "PayRate",
    "Policy",
    "Presence",
    "Rota",
    "Skill",
    "Step",
    "Turn",
    "Whom",
]
