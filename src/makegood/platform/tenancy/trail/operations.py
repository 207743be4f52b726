"""Writing to the trail: what was done, and what was refused."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime
from functools import wraps
from typing import Any, ParamSpec, TypeVar, cast

from django.db import transaction

from makegood.platform.jobs import enqueue
from makegood.platform.tenancy.trail.events import DONE
from makegood.platform.tenancy.trail.models import Entry
from makegood.platform.tenancy.viewer import Viewer

_P = ParamSpec("_P")
_R = TypeVar("_R")


class Unable(Exception):
    """Something cannot be done now, and nothing was stored. The text is a sentence for whoever asked.

    Every refusal of an operation is one of these. ``organisation`` is the one that it was about.
    """

    organisation: int | None = None


def record(
    *,
    by: Viewer,
    did: str,
    about: str,
    now: datetime,
    organisation: int | None = None,
    refused: str = "",
    **details: Any,
) -> None:
    """Keep who did what; ``did`` is a verb and an object such as ``sign version``.

    ``organisation`` is the one that it is about; its details must be ready for JSON. Of a program they name the key.
    """
    made = Entry.objects.create(
        at=now,
        who=by.name[:200],
        person_id=by.person,
        organisation_id=organisation,
        did=did,
        about=about[:200],
        details=details if by.client is None else {**details, "key": by.client},
        address=by.address,
        refused=refused,
    )
    if organisation is not None and not refused:
        enqueue(DONE, entry=made.pk)


def operation(did: str, *, about: str) -> Callable[[Callable[_P, _R]], Callable[_P, _R]]:
    """Make a function one transaction, whose refusal stays in the trail when all that it wrote is gone.

    The function takes ``by`` and ``now`` by keyword; ``about`` is the name of the argument that it is about. It keeps
    what it did with ``record``. Refusals are those that derive from ``Unable``.
    """

    def made(function: Callable[_P, _R]) -> Callable[_P, _R]:
        @wraps(function)
        def operated(*args: _P.args, **kwargs: _P.kwargs) -> _R:
            try:
                with transaction.atomic():
                    return function(*args, **kwargs)
            except Unable as refusal:
                record(
                    by=cast("Viewer", kwargs["by"]),
                    did=did,
                    about=str(kwargs[about]),
                    now=cast("datetime", kwargs["now"]),
                    organisation=refusal.organisation,
                    refused=str(refusal),
                )
                raise

        return operated

    return made
