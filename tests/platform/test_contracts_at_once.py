from __future__ import annotations

from collections.abc import Callable
from threading import Barrier, Thread

import pytest
from django.db import connection

from makegood.platform.agreement.contracts import operations
from makegood.platform.agreement.contracts.models import Signature, Version
from makegood.platform.agreement.contracts.operations import UnableToContract
from makegood.platform.tenancy.trail.models import Entry
from tests.platform.agreements import offered, owner, service_manager, sponsor, sponsored
from tests.platform.people import NOW


def at_once(*works: Callable[[], object]) -> list[str]:
    """Do things at the same time, each on a connection of its own, and return what became of them."""
    ready, found = Barrier(len(works), timeout=60), []

    def done(work: Callable[[], object]) -> None:
        ready.wait()
        try:
            work()
            found.append("done")
        except UnableToContract as refusal:
            found.append(str(refusal))
        finally:
            connection.close()

    threads = [Thread(target=done, args=(work,)) for work in works]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(60)
    return sorted(found)


@pytest.mark.django_db(transaction=True)
class TestTwoAtOnce:
    def test_activate_a_contract_once(self) -> None:
        contract = offered()
        version = contract.versions.get()
        sponsored(contract.provider, contract.customer)
        operations.declare_source(contract=contract, name="Probes", reports=["shop"], by=owner(), now=NOW)
        operations.sign_version(version=version, name="Ada", by=sponsor(), now=NOW)
        operations.sign_version(version=version, name="Olga", by=owner(), now=NOW)
        first, second = owner(), service_manager()
        outcome = at_once(
            lambda: operations.activate_contract(contract=contract, by=first, now=NOW),
            lambda: operations.activate_contract(contract=contract, by=second, now=NOW),
        )
        assert outcome == ["No version is offered; offer one first.", "done"]
        assert Version.objects.get().state == "ACTIVE"
        assert Entry.objects.filter(did="activate contract", refused="").count() == 1

    def test_sign_for_a_party_once(self) -> None:
        version = offered().versions.get()
        first, second = owner(), service_manager()
        outcome = at_once(
            lambda: operations.sign_version(version=version, name="Olga", by=first, now=NOW),
            lambda: operations.sign_version(version=version, name="Sam", by=second, now=NOW),
        )
        assert outcome == ["Northwind IT has signed this text already.", "done"]
        assert Signature.objects.count() == 1
