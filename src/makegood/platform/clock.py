"""The one place that reads the time."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

from django.conf import settings


def now() -> datetime:
    """Return this instant, in whole seconds and UTC; a demonstration may live on another day."""
    return unshifted() + timedelta(days=settings.DAYS_SHIFTED)


def unshifted() -> datetime:
    """Return this instant as programs of others have it, whatever day a demonstration lives on."""
    return datetime.now(UTC).replace(microsecond=0)
