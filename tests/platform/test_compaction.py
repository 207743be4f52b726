"""Many small batches become few files by night, and nothing else changes."""

from __future__ import annotations

import logging
import os
import signal
import subprocess
import sys
from datetime import timedelta

import pytest

from makegood.platform.agreement.contracts.models import Contract
from makegood.platform.evidence.intake import tasks
from makegood.platform.evidence.intake.operations import UnableToTakeEvidence, compact_vault, raise_dispute
from makegood.platform.evidence.intake.queries import open_vault, vault_folder
from makegood.platform.money.settlement.operations import close_due, make_bundle
from makegood.platform.tenancy.viewer import Role
from makegood.vault.layout import FORMAT_FILE
from makegood.vault.vault import Vault
from tests.platform.agreements import active, owner
from tests.platform.evidence import FAILED, member, sent, state, up
from tests.platform.people import NOW

pytestmark = pytest.mark.django_db

_DIES = """
import os, signal, sys
from datetime import datetime, UTC
from pathlib import Path
import makegood.vault.compaction as compaction
from makegood.vault.vault import Vault

def dies(*given, **more):
    os.kill(os.getpid(), signal.SIGKILL)

compaction.commit = dies
Vault.open(Path(sys.argv[1])).compact(now=datetime(2026, 3, 10, 9, tzinfo=UTC))
"""


@pytest.fixture
def contract() -> Contract:
    """A contract whose evidence came in one record at a time, each sealed."""
    made = active()
    lines = [*up("2025-12-31T23:00:00Z", "2026-03-10T09:00:00Z"), FAILED]
    lines += [state("till", "up", f"2026-01-0{day}T10:00:00Z", f"2026-01-0{day}T10:05:00Z") for day in range(1, 7)]
    for line in lines:
        sent(made, [line])
    return made


def vault(contract: Contract) -> Vault:
    found = open_vault(contract=contract)
    assert found is not None
    return found


def whole(contract: Contract) -> bool:
    found = vault(contract)
    return not [each for each in found.check() if each.severity == "error"]


class TestCompacting:
    def test_merges_segments_and_leaves_the_chain_and_the_evidence(self, contract: Contract) -> None:
        before, head, entries = vault(contract).evidence(), vault(contract).head, vault(contract).entries()
        found = compact_vault(contract=contract, now=NOW)
        assert found is not None
        assert found[1] < found[0]
        assert (vault(contract).evidence(), vault(contract).head, vault(contract).entries()) == (before, head, entries)
        assert compact_vault(contract=contract, now=NOW) == (found[1], found[1])
        assert whole(contract)

    def test_changes_no_statement_and_no_bundle(self, contract: Contract, tmp_path: object) -> None:
        (january, _) = close_due(contract=contract, by=owner(), now=NOW, without_actions="For the test.")
        first = make_bundle(viewer=owner(), contract=contract, to=tmp_path / "first.bundle")  # type: ignore[operator]
        compact_vault(contract=contract, now=NOW)
        second = make_bundle(viewer=owner(), contract=contract, to=tmp_path / "second.bundle")  # type: ignore[operator]
        assert (january.total, first.seal) == (1_000, second.seal)
        assert close_due(contract=contract, by=owner(), now=NOW) == []

    def test_is_done_by_night_for_every_contract(self, contract: Contract) -> None:
        before = len(vault(contract).segments())
        tasks.compact_all_vaults()
        assert len(vault(contract).segments()) < before

    def test_goes_on_after_somebody_died_in_the_middle(self, contract: Contract) -> None:
        before = vault(contract).evidence()
        folder = str(vault_folder(contract))
        died = subprocess.run([sys.executable, "-c", _DIES, folder], check=False, env=dict(os.environ))
        assert died.returncode == -signal.SIGKILL
        assert vault(contract).evidence() == before
        assert whole(contract)
        found = compact_vault(contract=contract, now=NOW)
        assert found is not None
        assert found[1] < found[0]
        assert vault(contract).evidence() == before
        assert whole(contract)

    def test_waits_until_tomorrow_while_another_program_writes(self, contract: Contract) -> None:
        with vault(contract).writer(now=NOW):
            assert compact_vault(contract=contract, now=NOW) is None

    def test_has_nothing_to_do_without_evidence(self) -> None:
        assert compact_vault(contract=active(), now=NOW) is None

    def test_says_in_the_log_which_vault_it_could_not_read(
        self, contract: Contract, caplog: pytest.LogCaptureFixture
    ) -> None:
        (vault_folder(contract) / FORMAT_FILE).write_text("?")
        with caplog.at_level(logging.WARNING):
            tasks.compact_all_vaults()
        assert f"the vault of contract {contract.pk} was not compacted" in caplog.text


class TestADispute:
    @pytest.mark.parametrize("compacted", [False, True])
    def test_finds_its_record_wherever_it_lies(self, contract: Contract, *, compacted: bool) -> None:
        if compacted:
            compact_vault(contract=contract, now=NOW)
        for record in ("probes#no-such-record", "nobody#bad-day", "", "#"):
            with pytest.raises(UnableToTakeEvidence, match="there is no record"):
                dispute(contract, record)
        assert dispute(contract, "probes#bad-day") == "probes#bad-day"


def dispute(contract: Contract, record: str) -> str:
    return raise_dispute(
        contract=contract,
        period="2026-03",
        outcome="open",
        record_id=record,
        reason="It was up.",
        by=member(Role.SPONSOR),
        now=NOW - timedelta(hours=1),
    ).record
