"""Who is on call, when nobody is, what hours are worth, how people are reached, and what was paged."""

from __future__ import annotations

from makegood.platform.evidence.on_call.queries.board import Row, Shift, board, shifts_of, timeline
from makegood.platform.evidence.on_call.queries.paged import (
    notification_of,
    notifications,
    page_of,
    pages,
    policies,
    token_of,
    waiting,
)
from makegood.platform.evidence.on_call.queries.people import channels, feed_of, feeds, presence_of, reached, skills
from makegood.platform.evidence.on_call.queries.plans import (
    colleagues,
    covers_of,
    holes_ahead,
    layers_of,
    leaves,
    may_keep,
    on_call_now,
    overrides_of,
    plan_of,
    rotas,
    rotas_of,
)
from makegood.platform.evidence.on_call.queries.statement import Line, statement

__all__ = [
    "Line",
    "Row",
    "Shift",
    "board",
    "channels",
    "colleagues",
    "covers_of",
    "feed_of",
    "feeds",
    "holes_ahead",
    "layers_of",
    "leaves",
    "may_keep",
    "notification_of",
    "notifications",
    "on_call_now",
    "overrides_of",
    "page_of",
    "pages",
    "plan_of",
    "policies",
    "presence_of",
    "reached",
    "rotas",
    "rotas_of",
    "shifts_of",
    "skills",
    "statement",
    "timeline",
    "token_of",
    "waiting",
]
