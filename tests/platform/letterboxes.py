"""A real server of mail to fetch from: Dovecot as a process, with one folder on disk."""

from __future__ import annotations

import os
import pwd
import shutil
import socket
import subprocess
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest

from tests.platform.processes import free_port

_SETTINGS = """\
base_dir = {folder}/run
log_path = {folder}/log
protocols = imap
ssl = {ssl}
{certificate}
disable_plaintext_auth = no
mail_location = maildir:{folder}/mail
first_valid_uid = 1
passdb {{
  driver = static
  args = password=secret
}}
userdb {{
  driver = static
  args = uid=mail gid=mail home={folder}
}}
service imap-login {{
  inet_listener imap {{
    address = 127.0.0.1
    port = {port}
  }}
  inet_listener imaps {{
    address = 127.0.0.1
    port = {tls_port}
  }}
}}
"""


class Letterbox:
    """A folder of mails, and the ports at which it is read."""

    def __init__(self, folder: Path) -> None:
        self.folder, self.port, self.tls_port = folder, free_port(), free_port()
        self.certificate = folder / "certificate.pem"
        self._number = 0

    def put(self, raw: bytes, *, is_read: bool = False) -> Path:
        """Put a mail into the folder."""
        self._number += 1
        where = self.folder / "mail" / ("cur" if is_read else "new")
        file = where / f"{time.time_ns()}.{self._number}.here{':2,S' if is_read else ''}"
        file.write_bytes(raw)
        shutil.chown(file, "mail", "mail")
        return file

    def unread(self) -> int:
        """Return how many mails nobody read."""
        seen = [each for each in (self.folder / "mail" / "cur").iterdir() if "S" not in each.name.rpartition(",")[2]]
        return len(seen) + len(list((self.folder / "mail" / "new").iterdir()))


@contextmanager
def letterbox(*, tls: bool = False) -> Iterator[Letterbox]:
    """Run a server as long as this lasts; its user is ``help`` and the password ``secret``."""
    program = shutil.which("dovecot")
    if program is None or os.geteuid() != 0:
        pytest.skip("there is no Dovecot here, or not for us; ./run test --with-clients installs it")
    with tempfile.TemporaryDirectory(prefix="makegood-") as temporary:
        box = Letterbox(Path(temporary))
        box.folder.chmod(0o755)
        for each in ("mail", "mail/cur", "mail/new", "mail/tmp"):
            (box.folder / each).mkdir()
            shutil.chown(box.folder / each, pwd.getpwnam("mail").pw_uid)
        key = box.folder / "key.pem"
        if tls:
            _certify(box.certificate, key)
        said = f"ssl_cert = <{box.certificate}\nssl_key = <{key}" if tls else ""
        configured = box.folder / "dovecot.conf"
        configured.write_text(
            _SETTINGS.format(
                folder=box.folder, port=box.port, tls_port=box.tls_port if tls else 0, ssl="yes" if tls else "no",
                certificate=said,
            )
        )  # fmt: skip
        with subprocess.Popen([program, "-F", "-c", str(configured)]) as process:
            try:
                _wait(box.port)
                yield box
            finally:
                process.terminate()
                try:
                    process.wait(30)
                except subprocess.TimeoutExpired:
                    process.kill()


def _certify(certificate: Path, key: Path) -> None:
    subprocess.run(
        [
            "openssl", "req", "-x509", "-newkey", "rsa:2048", "-nodes", "-days", "2", "-subj", "/CN=localhost",
            "-addext", "subjectAltName=DNS:localhost,IP:127.0.0.1", "-keyout", str(key), "-out", str(certificate),
        ],
        check=True, capture_output=True,
    )  # fmt: skip


def _wait(port: int) -> None:
    until = time.monotonic() + 30
    while time.monotonic() < until:
        with socket.socket() as tried:
            if tried.connect_ex(("127.0.0.1", port)) == 0:
                return
        time.sleep(0.1)
    raise TimeoutError("Dovecot does not answer")
