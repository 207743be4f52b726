"""A backup holds everything, and an empty installation becomes the same from it."""

from __future__ import annotations

import gzip
import json
import tarfile
from datetime import UTC, datetime, timedelta
from io import BytesIO
from pathlib import Path
from typing import Any

import pytest
from django.conf import settings as configured
from django.core.management import call_command
from django.db import DatabaseError, connection, transaction

from makegood.platform.agreement.contracts.models import Contract
from makegood.platform.judging.periods.models import Period
from makegood.platform.judging.verdicts.models import Verdict
from makegood.platform.money.ledger.models import Account, Entry, Posting
from makegood.platform.money.settlement.models import Statement
from makegood.platform.running.backup import back_up
from makegood.platform.running.house import UnableToRun
from makegood.platform.running.restoring import restore
from makegood.platform.secret_key import make_key
from makegood.platform.tenancy.access.models import Role
from makegood.platform.tenancy.trail.models import Entry as Trail
from makegood.platform.tenancy.trail.operations import record
from makegood.platform.tenancy.viewer import Viewer
from makegood.vault.vault import Vault
from tests.platform.people import NOW, house, organisation, person
from tests.vault.samples import filled

pytestmark = pytest.mark.django_db(transaction=True)


def closed_month() -> Contract:
    """Return a contract with a closed month: a verdict, a statement, a balanced entry and evidence."""
    provider, customer = house(), organisation("acme")
    person("Ada", customer, Role.SPONSOR)
    contract = Contract.objects.create(
        slug="acme-erp", title="ERP – für Acme\t«A»", provider=provider, customer=customer, created_at=NOW
    )
    start = datetime(2026, 2, 1, tzinfo=UTC)
    period = Period.objects.create(
        contract=contract, label="2026-02", starts_at=start, ends_at=start + timedelta(28), closes_at=NOW
    )
    Verdict.objects.create(
        period=period, outcome="orders", stage="CLOSED", ruling="MISSED", shown="99.1 %", target=">= 99.5 %",
        credit=10_000, currency="EUR", form={"steps": ["a", "ü"]}, digest="d" * 64, text_digest="t" * 64, snapshot=1,
        judged_at=NOW,
    )  # fmt: skip
    Statement.objects.create(
        contract=contract, period=period, run=1, closes=True, total=10_000, currency="EUR", lines=[{"minor": 10_000}],
        text_digest="t" * 64, snapshot=1, digest="s" * 64, issued_at=NOW,
    )  # fmt: skip
    with transaction.atomic():
        entry = Entry.objects.create(period=period, key="run-1", text="Credit\nof February", booked_at=NOW)
        for kind, amount in (("CREDITS", 10_000), ("DUE_TO_CUSTOMER", -10_000)):
            account = Account.objects.create(contract=contract, kind=kind, unit="EUR")
            Posting.objects.create(entry=entry, account=account, amount=amount)
    Period.objects.filter(pk=period.pk).update(state="CLOSED", closed_at=NOW)
    record(by=Viewer(name="Ada", house=provider.pk), did="close period", about="2026-02", now=NOW)
    return contract


def kept() -> dict[str, Any]:
    """Return what must be the same afterwards."""
    return {
        "verdicts": list(Verdict.objects.values("pk", "digest", "form")),
        "statements": list(Statement.objects.values("pk", "digest", "lines")),
        "postings": list(Posting.objects.values("pk", "entry__text", "account__kind", "amount")),
        "periods": list(Period.objects.values("pk", "state", "closed_at")),
        "trail": list(Trail.objects.values("pk", "who", "did", "at")),
        "titles": list(Contract.objects.values_list("title", flat=True)),
        "key": (configured.DATA / "secret-key").read_text("utf-8"),
    }


def emptied(settings: Any, folder: Path) -> None:
    """Make the installation a new machine: an empty database and an empty data folder."""
    call_command("flush", verbosity=0, interactive=False)
    settings.DATA, settings.VAULTS = folder, folder / "vaults"


class TestABackup:
    def test_becomes_the_same_house_on_a_new_machine(self, settings: Any, tmp_path: Path) -> None:
        contract = closed_month()
        make_key(settings.DATA)
        vault = filled(settings.VAULTS / str(contract.pk))
        entries, before = vault.entries(), kept()

        made = back_up(tmp_path / "backup.tar", now=NOW)
        assert (tmp_path / "backup.tar").stat().st_mode & 0o777 == 0o600
        emptied(settings, tmp_path / "new")
        assert Verdict.objects.count() == 0
        found = restore(tmp_path / "backup.tar")

        assert found == json.loads(json.dumps(made))
        assert kept() == before
        restored = Vault.open(settings.VAULTS / str(contract.pk))
        assert (restored.entries(), [each for each in restored.check() if each.severity == "error"]) == (entries, [])
        assert sorted(each.name for each in settings.DATA.iterdir()) == ["secret-key", "vaults"]

    def test_leaves_the_walls_of_the_database_standing(self, settings: Any, tmp_path: Path) -> None:
        closed_month()
        back_up(tmp_path / "backup.tar", now=NOW)
        emptied(settings, tmp_path / "new")
        restore(tmp_path / "backup.tar")
        for statement in (
            "UPDATE verdicts_verdict SET credit = 0",
            "DELETE FROM settlement_statement",
            "UPDATE periods_period SET state = 'OPEN', closed_at = NULL",
            "INSERT INTO ledger_entry (period_id, key, text, cause, booked_at)"
            " SELECT id, 'late', '', '{}', now() FROM periods_period",
        ):
            with pytest.raises(DatabaseError), connection.cursor() as cursor:
                cursor.execute(statement)
        assert organisation("later").pk > max(house().pk, organisation("acme").pk), "counters go on"

    def test_is_not_written_over_another(self, tmp_path: Path) -> None:
        (tmp_path / "backup.tar").write_text("something")
        with pytest.raises(UnableToRun, match="there is a file"):
            back_up(tmp_path / "backup.tar", now=NOW)
        assert (tmp_path / "backup.tar").read_text() == "something"

    def test_is_refused_where_something_would_be_overwritten(self, tmp_path: Path) -> None:
        back_up(tmp_path / "backup.tar", now=NOW)
        house()
        with pytest.raises(UnableToRun, match=r"this installation is not empty: the table .* has rows"):
            restore(tmp_path / "backup.tar")

    def test_is_refused_beside_other_vaults(self, settings: Any, tmp_path: Path) -> None:
        back_up(tmp_path / "backup.tar", now=NOW)
        filled(settings.VAULTS / "7")
        with pytest.raises(UnableToRun, match="this installation is not empty: there are vaults in"):
            restore(tmp_path / "backup.tar")

    @pytest.mark.parametrize(
        ("_case", "member", "sentence"),
        [
            ("a file of a vault", "vaults/1/vault.json", "vaults/1/.* is not what was backed up"),
            ("a table", "database/parties_organisation.copy.gz", "parties_organisation is not what was backed up"),
        ],
    )
    def test_that_was_altered_leaves_nothing_behind(
        self, settings: Any, tmp_path: Path, _case: str, member: str, sentence: str
    ) -> None:
        house()
        filled(settings.VAULTS / "1")
        back_up(tmp_path / "backup.tar", now=NOW)
        altered(tmp_path / "backup.tar", tmp_path / "altered.tar", member)
        emptied(settings, tmp_path / "new")
        with pytest.raises(UnableToRun, match=sentence):
            restore(tmp_path / "altered.tar")
        assert not settings.VAULTS.exists()
        with connection.cursor() as cursor:
            cursor.execute("SELECT count(*) FROM parties_organisation")
            assert cursor.fetchone() == (0,)

    def test_of_a_newer_version_is_refused(self, tmp_path: Path) -> None:
        back_up(tmp_path / "backup.tar", now=NOW)
        changed(tmp_path / "backup.tar", tmp_path / "newer.tar")
        with pytest.raises(UnableToRun, match=r"which is newer than this one \(it knows parties.9999_beyond\)"):
            restore(tmp_path / "newer.tar")

    @pytest.mark.parametrize(("_case", "content"), [("not an archive", b"nothing"), ("cut off", b"\0" * 10_240)])
    def test_is_recognised(self, tmp_path: Path, _case: str, content: bytes) -> None:
        (tmp_path / "file").write_bytes(content)
        with pytest.raises(UnableToRun, match="is not a whole backup"):
            restore(tmp_path / "file")


def altered(backup: Path, to: Path, member: str) -> None:
    """Copy a backup with other content in one member."""
    other = gzip.compress(b"") if member.endswith(".gz") else b"{}"
    _copied(backup, to, {member: other})


def changed(backup: Path, to: Path) -> None:
    """Copy a backup that says that it knows a migration of the future."""
    with tarfile.open(backup) as archive:
        found = archive.extractfile("contents.json")
        assert found is not None
        contents = json.load(found)
    contents["migrations"].append("parties.9999_beyond")
    _copied(backup, to, {"contents.json": json.dumps(contents).encode()})


def _copied(backup: Path, to: Path, instead: dict[str, bytes]) -> None:
    with tarfile.open(backup) as archive, tarfile.open(to, "w") as copy:
        for member in archive:
            found = archive.extractfile(member)
            assert found is not None
            content = instead.get(member.name, found.read())
            member.size = len(content)
            copy.addfile(member, BytesIO(content))
