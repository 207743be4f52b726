"""Signatures: what a vault held is said by who has the key, and nobody else can say it of another history."""

from __future__ import annotations

import json
import shutil
import subprocess
import sys
from collections.abc import Callable
from dataclasses import replace
from datetime import date, timedelta
from pathlib import Path
from typing import Any

import pytest
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from cryptography.hazmat.primitives.asymmetric.x25519 import X25519PrivateKey
from cryptography.hazmat.primitives.serialization import (
    BestAvailableEncryption,
    Encoding,
    NoEncryption,
    PrivateFormat,
    PublicFormat,
)

from makegood.vault.keys import SigningNotInstalled, UnusableKey, is_signature, private_key, public_key
from makegood.vault.lines import canonical_line, hashed_line
from makegood.vault.refusals import UnableToWrite, VaultDamaged, VaultInUse
from makegood.vault.signing import Signature, Signed, not_signed_by
from makegood.vault.vault import Vault
from tests.vault.samples import NOW, filled, full_disk, mixed, one_of_each, sealed, tally

SEED = bytes(range(32))
KEY = "03a107bff3ce10be1d70dd18e74bc09967e4d6309ba50d5f1ddc8664125531b8"
OTHER = bytes(range(1, 33))
LATER = NOW + timedelta(days=1)


def pem(key: Ed25519PrivateKey | X25519PrivateKey, passphrase: bytes = b"") -> bytes:
    encryption = BestAvailableEncryption(passphrase) if passphrase else NoEncryption()
    return key.private_bytes(Encoding.PEM, PrivateFormat.PKCS8, encryption)


def public_pem(key: Ed25519PrivateKey | X25519PrivateKey) -> bytes:
    return key.public_key().public_bytes(Encoding.PEM, PublicFormat.SubjectPublicKeyInfo)


def signed(folder: Path, make: Callable[[Path], Vault] = mixed) -> Vault:
    """Return a vault that was signed twice."""
    vault = make(folder)
    vault.sign(SEED, now=NOW)
    vault.sign(SEED, now=LATER)
    return vault


def found(vault: Vault) -> list[str]:
    return [str(finding) for finding in vault.check()]


def file(vault: Vault) -> Path:
    return vault.path / "signatures.jsonl"


def write(vault: Vault, **values: Any) -> None:
    """Write the first signature anew with other values, under the right hash."""
    line = json.loads(file(vault).read_bytes().splitlines()[0]) | values
    del line["hash"]
    file(vault).write_bytes(hashed_line(line))


def rewritten(vault: Vault, **values: Any) -> None:
    """Sign other values than those that the vault holds, as the holder of the key could."""
    signer = private_key(SEED)
    other = replace(vault.signatures()[0], signature="", **values)
    file(vault).write_bytes(replace(other, signature=signer.sign(other.statement).hex()).line(""))


class TestSign:
    def test_says_what_the_vault_holds(self, tmp_path: Path) -> None:
        vault = mixed(tmp_path / "vault")
        contents = vault.contents()
        signature = vault.sign(SEED, now=NOW)
        assert signature == Signature(
            number=1,
            at=NOW,
            entry=7,
            entry_hash=vault.entries()[-1].hash,
            change=2,
            change_hash=contents.manifest.previous,
            key=KEY,
            signature=signature.signature,
            previous="",
        )
        assert vault.signatures() == (signature,)
        assert vault.check() == ()

    def test_is_over_the_line_without_the_signature(self, tmp_path: Path) -> None:
        vault = signed(tmp_path / "vault")
        line = json.loads(file(vault).read_bytes().splitlines()[1])
        signature = line.pop("signature")
        del line["hash"]
        assert line["makegood"] == "signature/1"
        assert is_signature(signature, canonical_line(line), key=KEY)

    def test_follows_from_the_signature_before(self, tmp_path: Path) -> None:
        first, second = signed(tmp_path / "vault").signatures()
        assert (first.number, second.number, second.at) == (1, 2, LATER)
        assert second.line(first.previous) != second.line(second.previous)

    def test_holds_before_anything_was_accepted(self, tmp_path: Path) -> None:
        vault = signed(tmp_path / "vault", Vault.create)
        assert [(each.entry, each.change, each.change_hash) for each in vault.signatures()] == [(0, 0, "")] * 2
        with vault.writer(now=NOW) as writer:
            writer.append([tally(1)])
            writer.seal()
        assert vault.check() == ()

    def test_holds_whatever_is_moved_and_removed_afterwards(self, tmp_path: Path) -> None:
        vault = mixed(tmp_path / "vault")
        first = vault.sign(SEED, now=NOW)
        assert vault.signed() == Signed(first, entries=0, changes=0, removed=0)
        with vault.writer(now=NOW) as writer:
            writer.append([tally(100)])
            writer.seal()
            writer.compact()
            writer.retain(before=date(2026, 3, 7), kinds={"probes"}, reason="old")
        assert {each.code for each in vault.check()} == {"MG504"}  # what was compacted stays until the next writer
        assert vault.signed() == Signed(first, entries=1, changes=5, removed=150)
        second = vault.sign(SEED, now=LATER)
        assert vault.signed() == Signed(second, entries=0, changes=0, removed=0)

    def test_takes_whole_seconds(self, tmp_path: Path) -> None:
        vault = filled(tmp_path / "vault")
        assert vault.sign(SEED, now=NOW + timedelta(microseconds=7)).at == NOW
        assert vault.check() == ()

    def test_cuts_off_what_was_torn(self, tmp_path: Path) -> None:
        vault = signed(tmp_path / "vault")
        whole = file(vault).read_bytes()
        file(vault).write_bytes(whole[:-20])
        assert vault.check() == ()
        assert vault.sign(SEED, now=LATER).number == 2
        assert file(vault).read_bytes() == whole

    def test_refuses_while_somebody_writes(self, tmp_path: Path) -> None:
        vault = filled(tmp_path / "vault")
        with vault.writer(now=NOW), pytest.raises(VaultInUse):
            vault.sign(SEED, now=NOW)
        assert not file(vault).exists()

    def test_refuses_a_damaged_vault(self, tmp_path: Path) -> None:
        vault = sealed(tmp_path / "vault")
        (vault.path / "manifest.jsonl").write_text("{}\n", encoding="utf-8")
        with pytest.raises(VaultDamaged, match="line 1 of the manifest"):
            vault.sign(SEED, now=NOW)
        assert not file(vault).exists()

    def test_refuses_to_follow_a_damaged_signature(self, tmp_path: Path) -> None:
        vault = signed(tmp_path / "vault")
        file(vault).write_text("{}\n", encoding="utf-8")
        with pytest.raises(VaultDamaged, match="line 1 of the signatures is not what was written: it has no hash"):
            vault.sign(SEED, now=NOW)
        assert file(vault).read_text(encoding="utf-8") == "{}\n"

    def test_says_when_the_disk_is_full(self, tmp_path: Path) -> None:
        vault = signed(tmp_path / "vault")
        before = file(vault).read_bytes()
        with full_disk(after=len(before) + 100), pytest.raises(UnableToWrite):
            vault.sign(SEED, now=LATER)
        assert file(vault).read_bytes() == before
        assert vault.check() == ()


class TestCheck:
    def test_finds_a_flipped_byte_wherever_it_is(self, tmp_path: Path) -> None:
        vault = signed(tmp_path / "vault", filled)
        whole = file(vault).read_bytes()
        for position in {*range(0, len(whole), 29), len(whole) - 2, len(whole) - 1}:
            file(vault).write_bytes(whole[:position] + bytes([whole[position] ^ 1]) + whole[position + 1 :])
            assert [each.code for each in vault.check()] == ["MG510"], position

    @pytest.mark.parametrize(
        ("values", "trouble"),
        [
            ({"number": 2}, "it is number 2"),
            ({"number": True}, "its numbers are no whole numbers"),
            ({"entry": "3"}, "its numbers are no whole numbers"),
            ({"change": 0.0}, "its numbers are no whole numbers"),
            ({"key": KEY[1:]}, "its key or its signature is not written as such are"),
            ({"signature": "0" * 127}, "its key or its signature is not written as such are"),
            ({"previous": KEY}, "it does not follow from the line before it"),
            ({"makegood": "signature/2"}, "it does not follow from the line before it"),
            ({"more": 1}, "it does not follow from the line before it"),
        ],
    )
    def test_finds_a_line_that_is_none(self, values: dict[str, Any], trouble: str, tmp_path: Path) -> None:
        vault = signed(tmp_path / "vault", filled)
        write(vault, **values)
        assert [each.partition(" (")[0] for each in found(vault)] == [
            f"signatures.jsonl:1:1: MG510 error: line 1 of the signatures is not what was written: {trouble}"
        ]

    @pytest.mark.parametrize(
        "values",
        [
            {"at": "2026-11-22T11:00:00Z"},
            {"signature": ""},
            {"signature": "0" * 128},
            {"key": public_key(public_pem(private_key(OTHER)))},
        ],
    )
    def test_finds_what_the_key_did_not_sign(self, values: dict[str, Any], tmp_path: Path) -> None:
        vault = signed(tmp_path / "vault", filled)
        write(vault, **values)
        key = values.get("key", KEY)
        assert [(each.code, each.text) for each in vault.check()] == [
            ("MG510", f"signature 1 is not by the key {key} that it names")
        ]
        with pytest.raises(VaultDamaged, match="signature 1 is not by the key"):
            vault.signatures()

    def test_finds_a_history_that_was_written_anew(self, tmp_path: Path) -> None:
        vault = signed(tmp_path / "vault", sealed)
        other = Vault.create(tmp_path / "other")
        with other.writer(now=NOW) as writer:
            for batch in ([*one_of_each()[:2], tally(1)], [tally(2)], [tally(3)]):
                writer.append(batch)
                writer.seal()
        assert other.check() == ()
        shutil.copy(file(vault), file(other))
        assert [(str(each.place), each.code, each.text) for each in other.check()] == [
            (
                f"signatures.jsonl:{number}:1",
                "MG511",
                text,
            )
            for number, at in ((1, "2026-11-22"), (2, "2026-11-23"))
            for text in (
                f"entry 3, signed at {at}T12:00:00Z, does not stand in the chain any more",
                f"line 3 of the manifest, signed at {at}T12:00:00Z, is not there any more",
            )
        ]
        with pytest.raises(VaultDamaged, match="entry 3, signed at"):
            other.sign(SEED, now=LATER)

    def test_finds_that_the_end_was_cut_off(self, tmp_path: Path) -> None:
        vault = signed(tmp_path / "vault", filled)
        log = vault.path / "log" / "000000000001.log"
        log.write_bytes(log.read_bytes()[: vault.contents().frames[0][1].end])
        assert [(each.code, each.text) for each in vault.check()] == [
            ("MG511", f"entry 3, signed at {at}T12:00:00Z, does not stand in the chain any more")
            for at in ("2026-11-22", "2026-11-23")
        ]

    @pytest.mark.parametrize("change", [-1, 3])
    def test_finds_a_line_of_the_manifest_that_there_is_not(self, change: int, tmp_path: Path) -> None:
        vault = signed(tmp_path / "vault")
        rewritten(vault, change=change)
        assert [each.text for each in vault.check()] == [
            f"line {change} of the manifest, signed at 2026-11-22T12:00:00Z, is not there any more"
        ]

    def test_says_once_what_is_wrong_with_the_chain(self, tmp_path: Path) -> None:
        vault = signed(tmp_path / "vault", sealed)
        (vault.path / "manifest.jsonl").write_text("{}\n", encoding="utf-8")
        assert [each.code for each in vault.check()] == ["MG501"]

    def test_says_once_what_is_wrong_with_the_headers(self, tmp_path: Path) -> None:
        vault = signed(tmp_path / "vault", sealed)
        next((vault.path / "segments").glob("entries-*")).unlink()
        assert [each.code for each in vault.check()] == ["MG503"]


class TestNotSignedBy:
    def test_wants_the_newest_signature_to_be_by_the_key(self, tmp_path: Path) -> None:
        vault = filled(tmp_path / "vault")
        assert vault.signed() is None
        assert [str(each.place) for each in not_signed_by(None, KEY)] == ["signatures.jsonl:1:1"]
        vault.sign(SEED, now=NOW)
        assert not_signed_by(vault.signed(), KEY) == ()
        other = vault.sign(OTHER, now=LATER)
        (finding,) = not_signed_by(vault.signed(), KEY)
        assert (str(finding.place), finding.code) == ("signatures.jsonl:2:1", "MG512")
        assert finding.text == f"the newest signature is by the key {other.key}, not by {KEY}"


class TestCopies:
    def test_are_not_signed(self, tmp_path: Path) -> None:
        copy = signed(tmp_path / "vault").copy(tmp_path / "copy")
        assert copy.signatures() == ()
        assert copy.check() == ()


class TestKeys:
    def test_are_a_seed_or_a_text(self) -> None:
        key = private_key(SEED)
        assert key.public_key().public_bytes_raw().hex() == KEY
        assert private_key(pem(key)).private_bytes_raw() == SEED
        assert public_key(public_pem(key)) == KEY

    def test_are_those_that_openssl_makes(self, tmp_path: Path) -> None:
        made = subprocess.run(["openssl", "genpkey", "-algorithm", "ed25519"], check=True, capture_output=True).stdout
        public = subprocess.run(["openssl", "pkey", "-pubout"], input=made, check=True, capture_output=True).stdout
        assert public_key(public) == filled(tmp_path / "vault").sign(made, now=NOW).key

    @pytest.mark.parametrize(
        ("content", "sentence"),
        [
            (b"", "it is no private key in PEM; make one: openssl genpkey -algorithm ed25519"),
            (SEED[1:], "it is no private key in PEM; make one: openssl genpkey -algorithm ed25519"),
            (
                pem(X25519PrivateKey.generate()),
                "it is a private key of another kind than Ed25519; make one: openssl genpkey -algorithm ed25519",
            ),
            (
                pem(Ed25519PrivateKey.generate(), b"secret"),
                "it wants a passphrase; take that off with openssl pkey, or make another one",
            ),
        ],
    )
    def test_that_cannot_sign_are_refused(self, content: bytes, sentence: str, tmp_path: Path) -> None:
        vault = filled(tmp_path / "vault")
        with pytest.raises(UnusableKey) as refusal:
            vault.sign(content, now=NOW)
        assert str(refusal.value) == f"the key cannot be used: {sentence}"
        assert not file(vault).exists()

    @pytest.mark.parametrize(
        ("content", "why"),
        [
            (pem(Ed25519PrivateKey.generate()), "it is no public key in PEM"),
            (public_pem(X25519PrivateKey.generate()), "it is a public key of another kind than Ed25519"),
        ],
    )
    def test_that_verify_nothing_are_refused(self, content: bytes, why: str) -> None:
        with pytest.raises(UnusableKey, match=why):
            public_key(content)

    def test_need_what_is_installed_as_an_extra(self, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
        vault = signed(tmp_path / "vault", filled)
        bare = filled(tmp_path / "bare")
        public = public_pem(private_key(SEED))
        monkeypatch.setitem(sys.modules, "cryptography.exceptions", None)
        for refused in (lambda: bare.sign(SEED, now=NOW), lambda: public_key(public), vault.check):
            with pytest.raises(SigningNotInstalled) as refusal:
                refused()
            assert str(refusal.value) == (
                "signatures need a package of their own; install: pip install 'makegood[vault,signed]'"
            )
        assert bare.check() == ()
        assert bare.signed() is None
