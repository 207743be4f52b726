"""Telling what happened and what waits, and choosing which mails one wants."""

from __future__ import annotations

from makegood.platform.review.notices.operations.choosing import UnableToChoose, choose_mails
from makegood.platform.review.notices.operations.once import forget_told
from makegood.platform.review.notices.operations.reminding import remind
from makegood.platform.review.notices.operations.telling import tell_of_entry, tell_of_verdicts

__all__ = ["UnableToChoose", "choose_mails", "forget_told", "remind", "tell_of_entry", "tell_of_verdicts"]
