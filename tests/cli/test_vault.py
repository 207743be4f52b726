"""A vault from a terminal: what it holds, whether it is intact, and what can be done about it."""

from __future__ import annotations

import subprocess
from datetime import date
from pathlib import Path

import pytest

from makegood.vault.keys import public_key
from makegood.vault.vault import Vault
from tests.cli.door import Shop, makegood, opened_shop
from tests.vault.samples import NOW, filled, mixed, tally


def openssl(*words: str | Path) -> None:
    subprocess.run(["openssl", *words], check=True, capture_output=True)


def keys(folder: Path, name: str) -> tuple[Path, Path]:
    """Return the files of a private key and of its public key, which nobody else can read."""
    private, public = folder / f"{name}.pem", folder / f"{name}.pub.pem"
    openssl("genpkey", "-algorithm", "ed25519", "-out", private)
    openssl("pkey", "-in", private, "-pubout", "-out", public)
    private.chmod(0o600)
    return private, public


@pytest.fixture
def shop(tmp_path: Path) -> Shop:
    return opened_shop(tmp_path)


class TestCheck:
    def test_says_that_nothing_is_wrong(self, shop: Shop) -> None:
        answer = makegood("vault", "check", "--vault", shop.vault)
        assert (answer.code, answer.out) == (0, "Nothing is wrong: 1 entry, one chain.\n")
        assert makegood("vault", "check", "--vault", shop.vault, "--json").json == {"intact": True, "findings": []}

    def test_names_what_is_wrong(self, shop: Shop) -> None:
        (shop.vault / "manifest.jsonl").write_text("{}\n", encoding="utf-8")
        answer = makegood("vault", "check", "--vault", shop.vault)
        assert answer.code == 1
        assert answer.out.startswith(
            "manifest.jsonl:1:1: MG501 error: line 1 of the manifest is not what was written: it has no hash"
        )
        assert makegood("vault", "check", "--vault", shop.vault, "--json").json["findings"][0]["code"] == "MG501"

    def test_wants_a_vault(self, tmp_path: Path) -> None:
        answer = makegood("vault", "check", "--vault", tmp_path)
        assert answer.code == 3
        assert "is not a vault: it has no vault.json" in answer.err


class TestRepair:
    def test_says_what_was_set_aside(self, tmp_path: Path) -> None:
        vault = filled(tmp_path / "vault")
        log = vault.path / "log" / "000000000001.log"
        log.write_bytes(log.read_bytes().replace(b'"rows":2', b'"rows":3'))
        answer = makegood("vault", "repair", "--vault", vault.path)
        place = log.stat().st_size
        assert (answer.code, answer.out.splitlines()) == (
            0,
            [
                f"log/000000000001.log from byte {place:,} on was set aside as set-aside/000000000001.log.from-{place}.",
                "The vault goes on behind entry 2.",
            ],
        )
        assert makegood("vault", "repair", "--vault", vault.path).out == "There is nothing to set aside.\n"
        assert makegood("vault", "repair", "--vault", vault.path, "--json").json == {"set_aside": [], "entries": 2}


class TestStats:
    def test_shows_what_there_is_of_each_kind(self, tmp_path: Path) -> None:
        vault = mixed(tmp_path / "vault")
        answer = makegood("vault", "stats", "--vault", vault.path)
        assert answer.code == 0
        lines = [line.split() for line in answer.out.splitlines()]
        assert lines[0][-2:] == ["7", "entries"]
        assert next(line for line in lines if line[:1] == ["tally"])[:4] == ["tally", "4", "1", "3"]
        assert answer.out.splitlines()[-1] == (
            f"2 entries in the log, {(vault.path / 'log' / '000000000006.log').stat().st_size:,} bytes; `seal` moves them."
        )

    def test_are_a_document_for_machines(self, tmp_path: Path) -> None:
        vault = filled(tmp_path / "vault")
        size = (vault.path / "log" / "000000000001.log").stat().st_size
        assert makegood("vault", "stats", "--vault", vault.path, "--json").json == {
            "entries": 3,
            "sealed": 0,
            "log_bytes": size,
            "removed": 0,
            "kinds": [
                {
                    "kind": "state",
                    "rows": 2,
                    "in_log": 2,
                    "segments": 0,
                    "bytes": 0,
                    "first_at": "2026-03-06T16:00:00Z",
                    "last_at": "2026-03-06T16:00:00Z",
                },
                {
                    "kind": "tally",
                    "rows": 4,
                    "in_log": 4,
                    "segments": 0,
                    "bytes": 0,
                    "first_at": "2026-03-06T16:01:00Z",
                    "last_at": "2026-03-06T16:04:00Z",
                },
            ],
        }


class TestSeal:
    def test_moves_what_is_in_the_log(self, tmp_path: Path) -> None:
        vault = filled(tmp_path / "vault")
        assert makegood("vault", "seal", "--vault", vault.path).out == "3 entries sealed.\n"
        assert makegood("vault", "seal", "--vault", vault.path).out == "Nothing to seal.\n"
        assert makegood("vault", "seal", "--vault", vault.path, "--json").json == {"sealed": 0, "entries": 3}
        assert list((vault.path / "log").iterdir()) == []


class TestCompact:
    def test_merges_segments(self, tmp_path: Path) -> None:
        vault = mixed(tmp_path / "vault")
        assert makegood("vault", "compact", "--vault", vault.path).out == "19 segments before, 15 now.\n"
        assert makegood("vault", "compact", "--vault", vault.path).out == "Nothing to compact.\n"
        assert makegood("vault", "compact", "--vault", vault.path, "--json").json == {"before": 15, "after": 15}


class TestRetain:
    def test_removes_what_is_old(self, tmp_path: Path) -> None:
        vault = mixed(tmp_path / "vault")
        words = (
            "vault",
            "retain",
            "--vault",
            vault.path,
            "--before",
            "2026-03-07",
            "--kind",
            "probes",
            "--reason",
            "old",
        )
        assert makegood(*words).out == "140 rows in 2 segments removed.\n"
        assert makegood(*words).out == "Nothing is that old.\n"
        assert makegood(*words, "--json").json == {"removed": []}
        assert (
            makegood("vault", "stats", "--vault", vault.path).out.splitlines()[-1] == "140 rows removed by retention."
        )
        assert Vault.open(vault.path).check() == ()

    @pytest.mark.parametrize(
        ("day", "kind", "sentence"),
        [
            ("soon", "probes", "soon is not a day"),
            ("2026-03-07", "rumours", "there are no rumours; name some of state"),
        ],
    )
    def test_refuses_what_it_does_not_understand(self, day: str, kind: str, sentence: str, tmp_path: Path) -> None:
        vault = filled(tmp_path / "vault")
        vault.seal(now=NOW)
        answer = makegood("vault", "retain", "--vault", vault.path, "--before", day, "--kind", kind, "--reason", "old")
        assert answer.code == 2
        assert sentence in answer.err


class TestSign:
    def test_says_up_to_where_by_whom(self, tmp_path: Path) -> None:
        vault = mixed(tmp_path / "vault")
        private, public = keys(tmp_path, "us")
        key = public_key(public.read_bytes())
        answer = makegood("vault", "sign", "--key", private, "--vault", vault.path)
        assert (answer.code, answer.out, answer.err) == (
            0,
            f"Signed up to entry 7 and line 2 of the manifest, by the key {key}.\n",
            "",
        )
        form = makegood("vault", "sign", "--key", private, "--vault", vault.path, "--json").json
        at = form.pop("at")
        assert form == {"number": 2, "entry": 7, "line": 2, "key": key}
        assert at.endswith("Z")
        assert makegood("vault", "check", "--vault", vault.path).out == "Nothing is wrong: 7 entries, one chain.\n"

    def test_warns_when_others_can_read_the_key(self, tmp_path: Path) -> None:
        vault = filled(tmp_path / "vault")
        private, _ = keys(tmp_path, "us")
        private.chmod(0o640)
        answer = makegood("vault", "sign", "--key", private, "--vault", vault.path)
        assert (answer.code, answer.err) == (0, f"Others can read {private}, and sign with it: chmod 600 {private}\n")
        assert len(vault.signatures()) == 1

    def test_wants_a_key(self, tmp_path: Path) -> None:
        vault = filled(tmp_path / "vault")
        answer = makegood("vault", "sign", "--key", tmp_path / "none.pem", "--vault", vault.path)
        assert (answer.code, answer.err) == (
            3,
            f"makegood: the key {tmp_path / 'none.pem'} cannot be read (No such file or directory).\n"
            "Name the file of the key.\n",
        )
        _, public = keys(tmp_path, "us")
        answer = makegood("vault", "sign", "--key", public, "--vault", vault.path)
        assert (answer.code, answer.err) == (
            3,
            "makegood: the key cannot be used: it is no private key in PEM; make one: openssl genpkey -algorithm ed25519.\n",
        )
        assert vault.signatures() == ()


class TestCheckSignedBy:
    def test_says_up_to_where_and_what_came_after(self, tmp_path: Path) -> None:
        vault = mixed(tmp_path / "vault")
        private, public = keys(tmp_path, "us")
        assert makegood("vault", "sign", "--key", private, "--vault", vault.path).code == 0
        at = f"{vault.signatures()[0].at:%Y-%m-%dT%H:%M:%SZ}"
        check = ("vault", "check", "--vault", vault.path, "--signed-by", public)
        reach = f"Signed by this key up to entry 7 and line 2 of the manifest, at {at}."
        assert makegood(*check).out == f"Nothing is wrong: 7 entries, one chain.\n{reach} Nothing came after it.\n"
        with vault.writer(now=NOW) as writer:
            writer.append([tally(100)])
        assert makegood(*check).out.splitlines()[1] == f"{reach} Not signed yet: 1 entry."
        vault.seal(now=NOW)
        assert makegood(*check).out.splitlines()[1] == f"{reach} Not signed yet: 1 entry and 1 line of the manifest."
        vault.retain(before=date(2026, 3, 7), kinds={"probes"}, reason="old", now=NOW)
        answer = makegood(*check)
        after = "1 entry and 2 lines of the manifest, by which 150 rows went"
        assert (answer.code, answer.out.splitlines()[1]) == (0, f"{reach} Not signed yet: {after}.")
        assert makegood(*check, "--json").json == {
            "intact": True,
            "findings": [],
            "signed": {
                "number": 1,
                "at": at,
                "entry": 7,
                "line": 2,
                "key": public_key(public.read_bytes()),
                "after": {"entries": 1, "lines": 2, "removed": 150},
            },
        }

    def test_demands_the_key(self, tmp_path: Path) -> None:
        vault = filled(tmp_path / "vault")
        private, public = keys(tmp_path, "us")
        stranger, _ = keys(tmp_path, "stranger")
        check = ("vault", "check", "--vault", vault.path, "--signed-by", public)
        answer = makegood(*check)
        assert answer.code == 1
        assert answer.out == "signatures.jsonl:1:1: MG512 error: nothing in the vault is signed\n"
        vault.sign(private.read_bytes(), now=NOW)
        key = vault.sign(stranger.read_bytes(), now=NOW).key
        answer = makegood(*check)
        text = f"the newest signature is by the key {key}, not by {public_key(public.read_bytes())}"
        assert (answer.code, answer.out) == (1, f"signatures.jsonl:2:1: MG512 error: {text}\n")
        form = makegood(*check, "--json").json
        assert (form["intact"], form["signed"], form["findings"][0]["text"]) == (False, None, text)

    def test_names_what_is_wrong_with_the_vault_first(self, tmp_path: Path) -> None:
        vault = filled(tmp_path / "vault")
        private, public = keys(tmp_path, "us")
        vault.sign(private.read_bytes(), now=NOW)
        (vault.path / "signatures.jsonl").write_text("{}\n", encoding="utf-8")
        form = makegood("vault", "check", "--vault", vault.path, "--signed-by", public, "--json").json
        assert ([each["code"] for each in form["findings"]], form["signed"]) == (["MG510"], None)

    def test_wants_a_public_key(self, tmp_path: Path) -> None:
        vault = filled(tmp_path / "vault")
        private, _ = keys(tmp_path, "us")
        answer = makegood("vault", "check", "--vault", vault.path, "--signed-by", private)
        assert answer.code == 3
        assert "it is no public key in PEM; name the public key of who signed" in answer.err
