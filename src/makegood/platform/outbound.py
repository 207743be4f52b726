"""The one door for HTTP to addresses that people typed in; what is inside our own walls cannot be reached through it.

A name is looked up once, every address that it stands for is looked at, and the connection goes to one of these and to
nothing else. Redirects are not followed, and proxies of the environment are not used.
"""

from __future__ import annotations

import asyncio
import socket
import ssl
from collections.abc import Mapping
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from functools import partial
from ipaddress import IPv4Address, IPv6Address, IPv6Network, ip_address, ip_network
from typing import Any, Final

import httpx
from django.conf import settings
from django.utils.translation import gettext as _

SECONDS: Final = 10
"""How long looking up, connecting, sending and reading may take together."""
MOST_BYTES: Final = 65_536
"""So much of an answer is read."""
LONGEST_ADDRESS: Final = 2_000
_OF_THE_WEB: Final = frozenset({80, 443})
_LAST_OF_OTHERS, _LAST_PORT = 1_023, 65_535
"""Ports up to the first belong to other services, such as mail."""

Address = IPv4Address | IPv6Address
_OURS: Final = "Makegood (web hooks)"
_TRANSLATED: Final = IPv6Network("64:ff9b::/96")
_NEVER: Final = (
    IPv6Network("64:ff9b:1::/48"),
    IPv6Network("::/96"),
    IPv6Network("fec0::/10"),
    IPv6Network("3fff::/20"),
)
"""Networks behind translators, old forms of private addresses, and examples, which Python calls global."""


class Unreachable(Exception):
    """Nothing was sent, or nothing came back; the text is a sentence for whoever typed the address."""


class NotAllowed(Unreachable):
    """The address is none that may be reached from here."""


@dataclass(frozen=True, slots=True)
class Answer:
    """What came back: the status, and the beginning of the body."""

    status: int
    body: bytes


def post(address: str, *, body: bytes, headers: Mapping[str, str]) -> Answer:
    """Send a body to an address and return the answer, whatever its status is.

    :raises NotAllowed: if the address may not be reached
    :raises Unreachable: if no answer came in time
    """
    url = checked(address)
    with ThreadPoolExecutor(1) as own:  # whoever calls may have a loop of its own in this thread
        return own.submit(asyncio.run, _in_time(url, body, headers)).result()


def checked(address: str) -> httpx.URL:
    """Return an address that is well formed; where it leads is only known when it is used.

    :raises NotAllowed: if it is none of HTTP, or has a name and password in it
    """
    try:
        url = httpx.URL(address.strip())
        host = url.raw_host.decode("ascii")
    except (httpx.InvalidURL, UnicodeError) as error:
        raise NotAllowed(_("This is no address; write one such as https://hooks.example.com/makegood.")) from error
    if url.scheme not in {"http", "https"} or not host or max(len(address), len(str(url))) > LONGEST_ADDRESS:
        raise NotAllowed(_("Write an address that begins with https:// and names a host."))
    if url.userinfo:
        raise NotAllowed(_("Leave name and password out of the address; what is sent is signed."))
    if url.port is not None and url.port not in _OF_THE_WEB and not _LAST_OF_OTHERS < url.port <= _LAST_PORT:
        raise NotAllowed(_("Programs listen at port 80 or 443, or at one from 1024 to 65535; name one of these."))
    literal = _literal(host)
    if literal is not None and not allowed(literal):
        raise NotAllowed(_refusal(host))
    return url


def allowed(address: Address) -> bool:
    """Tell whether an address may be reached: one of the public Internet, or of a network that the owner allowed."""
    meant = _meant(address)
    for each in settings.ALLOWED_NETWORKS:
        network = ip_network(each, strict=False)
        if any(one.version == network.version and one in network for one in (address, meant)):
            return True
    if isinstance(address, IPv6Address) and any(address in each for each in _NEVER):
        return False
    return meant.is_global and not meant.is_multicast and not meant.is_reserved


def _meant(address: Address) -> Address:
    """Return the IPv4 address that stands in an IPv6 address, or the address itself."""
    if isinstance(address, IPv4Address):
        return address
    if address in _TRANSLATED:
        return IPv4Address(address.packed[-4:])
    return address.ipv4_mapped or address.sixtofour or (address.teredo[1] if address.teredo else address)


def _literal(host: str) -> Address | None:
    try:
        return ip_address(host)
    except ValueError:
        return None


def _refusal(host: str) -> str:
    sentence = _("%s is not reachable from here: it is not on the public Internet, and the owner did not allow it.")
    return sentence % host


async def _in_time(url: httpx.URL, body: bytes, headers: Mapping[str, str]) -> Answer:
    try:
        async with asyncio.timeout(SECONDS):
            return await _exchange(url, body, headers)
    except TimeoutError as error:
        raise Unreachable(_("No answer came within %d seconds.") % SECONDS) from error


async def _exchange(url: httpx.URL, body: bytes, headers: Mapping[str, str]) -> Answer:
    addresses = await _looked_up(url)
    trouble: httpx.HTTPError | None = None
    async with httpx.AsyncClient(
        trust_env=False, follow_redirects=False, timeout=SECONDS, verify=ssl.create_default_context()
    ) as client:
        for address in addresses:
            try:
                return await _answered(client, url, address, body, headers)
            except (httpx.ConnectError, httpx.ConnectTimeout) as error:
                trouble = error
            except httpx.HTTPError as error:
                raise Unreachable(_("The connection broke: %s") % (str(error) or type(error).__name__)) from error
    raise Unreachable(_("No connection to %(host)s: %(why)s") % {"host": url.host, "why": trouble}) from trouble


async def _looked_up(url: httpx.URL) -> list[str]:
    """Return the addresses of a host, of which all must be allowed."""
    port = url.port or (443 if url.scheme == "https" else 80)
    try:
        found = await _asked_for(url.raw_host.decode("ascii"), port)
    except (OSError, UnicodeError) as error:
        raise Unreachable(_("There is no host %s.") % url.host) from error
    addresses = list(dict.fromkeys(str(each[4][0]).partition("%")[0] for each in found))
    if not addresses or not all(allowed(ip_address(each)) for each in addresses):
        raise NotAllowed(_refusal(url.host))
    return addresses


async def _asked_for(host: str, port: int) -> list[Any]:
    """Return what the servers of names say; those that take long are not waited for when the time is over."""
    own = ThreadPoolExecutor(1)
    look_up = partial(socket.getaddrinfo, host, port, type=socket.SOCK_STREAM)
    try:
        return await asyncio.get_running_loop().run_in_executor(own, look_up)
    finally:
        own.shutdown(wait=False)


async def _answered(
    client: httpx.AsyncClient, url: httpx.URL, address: str, body: bytes, headers: Mapping[str, str]
) -> Answer:
    """Send to one address; host name and certificate are those of the name that was typed."""
    request = client.build_request(
        "POST",
        url.copy_with(host=address),
        content=body,
        headers={**headers, "Host": url.netloc.decode("ascii"), "User-Agent": _OURS, "Accept-Encoding": "identity"},
        extensions={"sni_hostname": url.raw_host.decode("ascii")},
    )
    answer = await client.send(request, stream=True)
    try:
        read = b""
        async for each in answer.aiter_raw():
            read += each
            if len(read) >= MOST_BYTES:
                break
        return Answer(answer.status_code, read[:MOST_BYTES])
    finally:
        await answer.aclose()
