"""Opening pages as somebody who has signed in."""

from __future__ import annotations

from collections.abc import Callable
from datetime import UTC, datetime

from django.conf import settings
from django.db import connection
from django.test import Client

from benchmarks.world.agreed import OWNER, sponsor_of
from makegood.platform.agreement.contracts.models import Contract
from makegood.platform.judging.verdicts.models import Latest
from makegood.platform.tenancy.access.models import Person


def page(who: str, address: str, now: datetime) -> Callable[[], bytes]:
    """Return what opens the page of the last agreement at an address, as the owner or as its sponsor."""
    settings.DAYS_SHIFTED = (now - datetime.now(UTC)).days
    contract = Contract.objects.order_by("pk")[Contract.objects.count() - 1]
    latest = Latest.objects.filter(period__contract=contract).order_by("period__starts_at", "outcome")[36]
    client = Client(HTTP_HOST="localhost")
    client.force_login(Person.objects.get(email=OWNER if who == "owner" else sponsor_of(contract.customer)))
    filled = address.format(slug=contract.slug, verdict=latest.verdict_id)

    def opened() -> bytes:
        answer = client.get(filled)
        assert answer.status_code == 200, f"{filled}: {answer.status_code}"
        return answer.content

    return opened


def server_process() -> int:
    """Return the process of the database server that serves this connection."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_backend_pid()")
        found: int = cursor.fetchone()[0]
    return found
