from __future__ import annotations

import json
from contextlib import ExitStack
from dataclasses import replace
from datetime import timedelta
from pathlib import Path
from threading import Timer

import pytest
from procrastinate.contrib.django.models import ProcrastinateJob

from makegood.platform.agreement.contracts.models import Contract
from makegood.platform.evidence.intake.models import Batch
from makegood.platform.evidence.intake.operations import (
    KeyUsedOtherwise,
    NothingAccepted,
    UnableToTakeEvidence,
    decide_dispute,
    raise_dispute,
    receive_file,
    state_value,
)
from makegood.platform.evidence.intake.queries import batches, coverage_board, open_vault, vault_folder
from makegood.platform.tenancy.trail.models import Entry
from makegood.platform.tenancy.viewer import Role, Viewer
from tests.platform.agreements import active, owner
from tests.platform.evidence import engineer, member, sent, staff, state, up
from tests.platform.people import NOW

pytestmark = pytest.mark.django_db

MARCH = ("2026-03-01T00:00:00Z", "2026-03-05T00:00:00Z")
MAPPING = """\
makegood: mapping/1
mapping: checks
source: checks
records:
  - kind: state
    id: "{id}"
    subject: "{what}"
    status: "{status}"
    start: "{from}"
    end: "{to}"
"""
CSV = """\
id,what,status,from,to
1,front,up,2026-03-01T00:00:00Z,2026-03-02T00:00:00Z
2,front,broken,2026-03-02T00:00:00Z,2026-03-03T00:00:00Z
3,till,up,2026-03-01T00:00:00Z,2026-03-03T00:00:00Z
"""


@pytest.fixture
def contract() -> Contract:
    return active()


def records(contract: Contract) -> int:
    vault = open_vault(contract=contract)
    return 0 if vault is None else sum(1 for _ in vault.records())


def put(contract: Contract, tmp_path: Path, text: str = CSV, *, name: str = "checks.csv", key: str = "k1") -> Batch:
    file = tmp_path / "upload.csv"
    file.write_text(text)
    return receive_file(contract=contract, file=file, name=name, mapping=MAPPING, key=key, by=engineer(), now=NOW)


class TestAFile:
    def test_comes_in_by_a_mapping_and_names_what_it_could_not_take(self, contract: Contract, tmp_path: Path) -> None:
        batch = put(contract, tmp_path)
        assert (batch.records, batch.known, batch.refused, batch.source) == (2, 0, 1, "checks")
        (finding,) = batch.findings
        assert finding["place"] == {"file": "checks.csv", "line": 3, "column": 1, "path": ""}
        assert finding["text"] == "status: 'broken' is none of up, degraded, down, unknown"
        assert records(contract) == 2

    def test_has_judging_done_once_however_often_something_comes(self, contract: Contract, tmp_path: Path) -> None:
        put(contract, tmp_path)
        sent(contract, up(*MARCH), key="k2")
        jobs = ProcrastinateJob.objects.filter(task_name="evidence arrived")
        assert [each.args for each in jobs] == [{"contract": contract.pk}]

    def test_is_refused_with_the_findings_of_its_mapping(self, contract: Contract, tmp_path: Path) -> None:
        file = tmp_path / "upload.csv"
        file.write_text(CSV)
        with pytest.raises(NothingAccepted) as refusal:
            receive_file(
                contract=contract, file=file, name="a", mapping="makegood: mapping/1", key="", by=engineer(), now=NOW
            )
        assert {each.code for each in refusal.value.findings} == {"MG109"}
        assert not Batch.objects.exists()

    def test_is_refused_if_nothing_of_it_is_evidence(self, contract: Contract, tmp_path: Path) -> None:
        with pytest.raises(NothingAccepted) as refusal:
            put(contract, tmp_path, "id,what,status,from,to\n1,front,broken,2026-03-01T00:00:00Z,\n")
        assert [each.place.line for each in refusal.value.findings if each.place] == [2]
        assert not Batch.objects.exists()


class TestAKey:
    def test_takes_the_same_bytes_once(self, contract: Contract, tmp_path: Path) -> None:
        first = put(contract, tmp_path)
        assert put(contract, tmp_path) == first
        assert Batch.objects.count() == 1

    def test_is_refused_for_other_bytes(self, contract: Contract, tmp_path: Path) -> None:
        put(contract, tmp_path)
        with pytest.raises(KeyUsedOtherwise, match="the key k1 was used for other content"):
            put(contract, tmp_path, CSV + "4,till,up,2026-03-03T00:00:00Z,2026-03-04T00:00:00Z\n")
        assert records(contract) == 2
        assert Entry.objects.filter(did="receive evidence").exclude(refused="").count() == 1

    def test_is_the_digest_where_none_is_given(self, contract: Contract, tmp_path: Path) -> None:
        assert put(contract, tmp_path, key="").key == put(contract, tmp_path, key="").sha256


class TestACrash:
    def test_between_vault_and_database_is_healed_by_sending_again(
        self, contract: Contract, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        with monkeypatch.context() as patch:
            patch.setattr(Batch.objects, "create", lambda **_: 1 / 0)
            with pytest.raises(ZeroDivisionError):
                put(contract, tmp_path)
        assert (records(contract), Batch.objects.count()) == (2, 0)
        batch = put(contract, tmp_path)
        assert (batch.records, batch.known, batch.refused) == (2, 2, 1)
        assert records(contract) == 2


class TestASender:
    @pytest.mark.parametrize("role", [Role.SPONSOR, Role.MANAGER, Role.USER])
    def test_is_no_person_of_the_customer(self, contract: Contract, role: Role) -> None:
        with pytest.raises(UnableToTakeEvidence, match="your role does not include this"):
            sent(contract, up(*MARCH), by=member(role))
        assert records(contract) == 0

    def test_is_no_auditor(self, contract: Contract) -> None:
        with pytest.raises(UnableToTakeEvidence, match="your role does not include this"):
            sent(contract, up(*MARCH), by=staff(Role.AUDITOR))

    def test_speaks_for_no_decision_that_is_made_here(self, contract: Contract) -> None:
        forged = state("front", "up", *MARCH).replace("probes", "makegood")
        with pytest.raises(NothingAccepted, match="line 1: the source makegood is kept for what is decided here"):
            sent(contract, [forged])
        assert records(contract) == 0


class TestAProgram:
    def program(self, *scopes: str) -> Viewer:
        return replace(member(Role.SPONSOR), person=None, scopes=frozenset(scopes))

    def test_of_a_customer_sends_what_was_measured(self, contract: Contract) -> None:
        batch = sent(contract, up(*MARCH), by=self.program("evidence:write"))
        assert batch.records == 2

    def test_does_not_send_without_the_scope(self, contract: Contract) -> None:
        with pytest.raises(UnableToTakeEvidence, match="this key does not have the scope evidence:write"):
            sent(contract, up(*MARCH), by=self.program("evidence:read"))

    def test_does_not_send_the_word_of_people(self, contract: Contract) -> None:
        word = {
            "kind": "exclusion",
            "source": "us",
            "source_id": "1",
            "cause": "rain",
            "start": MARCH[0],
            "end": MARCH[1],
        }
        with pytest.raises(NothingAccepted, match="line 3: a file of yours has no exclusion"):
            sent(contract, [*up(*MARCH), json.dumps(word)], by=self.program("evidence:write"))
        assert records(contract) == 0

    def test_gives_no_word_itself(self, contract: Contract) -> None:
        with pytest.raises(UnableToTakeEvidence, match="a program cannot say this; it takes a person"):
            state_value(
                contract=contract,
                subject="shop",
                of="mood",
                value="5",
                unit="",
                at=NOW,
                by=self.program("evidence:write"),
                now=NOW,
            )


class TestTheVault:
    def test_is_waited_for_while_another_program_writes(self, contract: Contract) -> None:
        sent(contract, up(*MARCH), key="first")
        vault = open_vault(contract=contract)
        assert vault is not None
        held = ExitStack()
        held.enter_context(vault.writer(now=NOW))
        Timer(1, held.close).start()
        later = sent(contract, up("2026-03-05T00:00:00Z", "2026-03-06T00:00:00Z"), key="second")
        assert (later.records, later.entry) == (2, 2)

    def test_that_is_damaged_takes_nothing_and_tells_who_runs_it(
        self, contract: Contract, caplog: pytest.LogCaptureFixture
    ) -> None:
        sent(contract, up(*MARCH))
        (vault_folder(contract) / "vault.json").write_text("{}")
        with pytest.raises(UnableToTakeEvidence, match="tell whoever runs this installation"):
            sent(contract, up(*MARCH), key="later")
        assert f"the vault of contract {contract.pk} cannot be used" in caplog.text


class TestTheCoverageBoard:
    def test_says_what_came_and_since_when_something_is_missing(self, contract: Contract) -> None:
        sent(contract, [state("front", "up", MARCH[0]), state("front", "up", "2026-03-10T08:30:00Z", number="9")])
        front, till = coverage_board(viewer=engineer(), contract=contract, now=NOW)
        assert (front.what, front.outcomes, front.source, front.records) == ("front", ("open",), "probes", 2)
        assert (front.last_at, front.missing_since) == (NOW - timedelta(minutes=30), None)
        assert (till.what, till.source, till.records, till.last_at) == ("till", "", 0, None)
        assert till.missing_since is not None
        assert f"{till.missing_since:%Y-%m-%d %H:%M}" == "2025-12-31 23:00"

    def test_never_calls_our_own_decisions_silent(self, contract: Contract) -> None:
        sent(contract, [state("front", "up", MARCH[0], "2026-03-02T00:00:00Z", number="1")])
        dispute = raise_dispute(
            contract=contract,
            period="2026-03",
            outcome="open",
            record_id="probes#1",
            reason="It was up for a day longer.",
            instead={"kind": "state", "subject": "front", "status": "up", "start": MARCH[0], "end": MARCH[1]},
            by=member(Role.SPONSOR),
            now=NOW,
        )
        decide_dispute(dispute=dispute, accept=True, decision="So it was.", by=owner(), now=NOW)
        board = coverage_board(viewer=engineer(), contract=contract, now=NOW)
        assert [(row.source, row.missing_since) for row in board if row.what == "front"] == [("makegood", None)]

    def test_and_batches_are_not_there_for_another_customer(self, contract: Contract) -> None:
        sent(contract, up(*MARCH))
        stranger = member(Role.SPONSOR, "globex")
        assert coverage_board(viewer=stranger, contract=contract, now=NOW) == ()
        assert list(batches(viewer=stranger, contract=contract)) == []
        assert len(batches(viewer=member(Role.USER), contract=contract)) == 1
