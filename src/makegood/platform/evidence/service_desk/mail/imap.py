"""A folder at a server of mail, reached only at addresses that may be reached from here."""

from __future__ import annotations

import imaplib
import re
import socket
import ssl
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field
from ipaddress import IPv4Address, IPv6Address, ip_address
from typing import Any, Final

from django.utils.translation import gettext as _

from makegood.platform.evidence.service_desk.mail.reading import MOST_BYTES
from makegood.platform.evidence.service_desk.models.mail import Security
from makegood.platform.outbound import allowed

SECONDS: Final = 20
PORTS: Final = frozenset({143, 993})
"""Ports of such servers; others are from 1024 on."""
_SIZE: Final = re.compile(rb"RFC822\.SIZE (\d+)")


class NotFetched(Exception):
    """A server of mail was not reached, or did not answer as it should; the text is a sentence for the owner."""


@dataclass(frozen=True, slots=True)
class Server:
    """Where mails are fetched, and as whom."""

    host: str
    port: int
    security: str
    user: str
    password: str = field(repr=False)
    folder: str = "INBOX"


class Folder:
    """A folder that is open; its mails are named by numbers that stay while ``validity`` does."""

    def __init__(self, connected: imaplib.IMAP4, folder: str) -> None:
        self._imap = connected
        name = folder.replace("\\", "\\\\").replace('"', '\\"')
        self._asked(connected.select(f'"{name}"'))
        self.validity = int(self._told("UIDVALIDITY"))
        self.next = int(self._told("UIDNEXT"))

    def new(self, after: int) -> list[int]:
        """Return the mails that nobody read, and those that came after a number."""
        unread = self._asked(self._imap.uid("SEARCH", "UNSEEN"))
        later = self._asked(self._imap.uid("SEARCH", "UID", f"{after + 1}:*"))
        found = {int(each) for each in unread.split()} | {int(each) for each in later.split() if int(each) > after}
        return sorted(found)

    def mail(self, uid: int) -> tuple[bytes, int] | None:
        """Return a mail and its size, of one that is too large its beginning; none if it is gone."""
        found = _SIZE.search(self._asked(self._imap.uid("FETCH", str(uid), "(RFC822.SIZE)")))
        if found is None:
            return None
        size = int(found[1])
        part = "BODY.PEEK[]" if size <= MOST_BYTES else "BODY.PEEK[HEADER]"
        raw = self._asked(self._imap.uid("FETCH", str(uid), f"({part})"), literal=True)
        return raw, size

    def mark(self, uid: int) -> None:
        """Say that a mail was read."""
        self._asked(self._imap.uid("STORE", str(uid), "+FLAGS", "(\\Seen)"))

    def _told(self, name: str) -> bytes:
        found = self._imap.response(name)[1][0]
        if not isinstance(found, bytes):
            raise NotFetched(_("The server does not number its mails."))
        return found

    @staticmethod
    def _asked(answer: tuple[str, list[Any]], *, literal: bool = False) -> bytes:
        kind, data = answer
        if kind != "OK":
            raise NotFetched(_("The server refused: %s") % _words(data))
        for each in data:
            if isinstance(each, tuple):
                return bytes(each[1] if literal else each[0])
            if isinstance(each, bytes) and not literal:
                return each
        return b""


@contextmanager
def folder_of(server: Server) -> Iterator[Folder]:
    """Open a folder, and close it afterwards.

    :raises NotFetched: if it cannot be reached, or breaks off
    """
    try:
        connected = _connected(server)
        try:
            connected.login(server.user, server.password)
            yield Folder(connected, server.folder)
        finally:
            with suppress(imaplib.IMAP4.error, OSError):
                connected.logout()
    except (imaplib.IMAP4.error, OSError, ValueError) as error:
        raise NotFetched(_("The server of mail: %s") % _words(error.args or [type(error).__name__])) from error


class _Pinned(imaplib.IMAP4):
    """A connection to an address that was looked at, whose certificate is that of the name."""

    def __init__(self, server: Server, address: str, context: ssl.SSLContext | None) -> None:
        self._address, self._context = address, context
        super().__init__(server.host, server.port, timeout=SECONDS)

    def _create_socket(self, timeout: float | None) -> socket.socket:
        made = socket.create_connection((self._address, self.port), timeout)
        return made if self._context is None else self._context.wrap_socket(made, server_hostname=self.host)


def _connected(server: Server) -> imaplib.IMAP4:
    address = _looked_up(server)
    context = ssl.create_default_context()
    connected = _Pinned(server, str(address), context if server.security == Security.TLS else None)
    if server.security == Security.STARTTLS:
        connected.starttls(context)
    return connected


def _looked_up(server: Server) -> IPv4Address | IPv6Address:
    """Return the address of a server, which must be allowed, and inside our own walls if nothing is protected."""
    if server.port not in PORTS and server.port < 1024:
        raise NotFetched(_("Servers of mail listen at port 993 or 143, or at one from 1024 on."))
    found = socket.getaddrinfo(server.host, server.port, type=socket.SOCK_STREAM)
    addresses = [ip_address(str(each[4][0]).partition("%")[0]) for each in found]
    if not addresses or not all(allowed(each) for each in addresses):
        raise NotFetched(
            _("%s is not reachable from here: it is not on the public Internet, and the owner did not allow it.")
            % server.host
        )
    if server.security == Security.NONE and any(each.is_global for each in addresses):
        raise NotFetched(_("Nothing would protect the password on its way; choose TLS."))
    return addresses[0]


def _words(data: object) -> str:
    words = [each.decode("utf-8", "replace") if isinstance(each, bytes) else str(each) for each in data]  # type: ignore[attr-defined]
    return " ".join(words)[:300]
