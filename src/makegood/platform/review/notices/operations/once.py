"""What was told already is not told again."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Final

from makegood.platform.review.notices.models import Told

_KEPT: Final = timedelta(days=400)
"""By then every deadline that somebody was told of is long over."""


def first_time(key: str, now: datetime) -> bool:
    """Tell whether something is told for the first time; from now on it is not any more."""
    return Told.objects.get_or_create(key=key, defaults={"at": now})[1]


def forget_told(*, now: datetime) -> int:
    """Forget what was told long ago; return how much that was."""
    return Told.objects.filter(at__lt=now - _KEPT).delete()[0]
