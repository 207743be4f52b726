"""What cannot be reached through the one door for HTTP, tried against a server that is really there."""

from __future__ import annotations

import gzip
import socket
from collections.abc import Iterator
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from threading import Event, Thread
from typing import Any

import pytest

from makegood.platform import outbound
from makegood.platform.outbound import Answer, NotAllowed, Unreachable, checked, post


class Inside(ThreadingHTTPServer):
    """A server inside our walls, which remembers what it was asked."""

    def __init__(self) -> None:
        super().__init__(("127.0.0.1", 0), Handler)
        self.asked: list[tuple[str, str, bytes]] = []

    def handle_error(self, *_: object) -> None:
        """Let those leave who have heard enough."""

    @property
    def port(self) -> int:
        return int(self.server_address[1])


class Handler(BaseHTTPRequestHandler):
    server: Inside

    def do_POST(self) -> None:
        body = self.rfile.read(int(self.headers["content-length"]))
        self.server.asked.append((self.path, self.headers["host"], body))
        if self.path == "/elsewhere":
            self.send_response(302)
            self.send_header("location", f"http://127.0.0.1:{self.server.port}/secret")
        elif self.path == "/endless":
            self.send_response(200)
        else:
            self.send_response(201)
            self.send_header("content-length", "2")
        self.end_headers()
        for _ in range(200 if self.path == "/endless" else 0):
            self.wfile.write(b"x" * 65_536)
        if self.path == "/ok":
            self.wfile.write(b"ok")

    def log_message(self, *_: object) -> None:
        pass


@pytest.fixture
def inside(monkeypatch: pytest.MonkeyPatch) -> Iterator[Inside]:
    """A server that may be connected to as far as tests are concerned."""
    for way in ("connect", "connect_ex"):
        monkeypatch.delattr(socket.socket, way)
    server = Inside()
    thread = Thread(target=server.serve_forever, kwargs={"poll_interval": 0.01})
    thread.start()
    yield server
    server.shutdown()
    thread.join(60)
    server.server_close()


def looks_up(monkeypatch: pytest.MonkeyPatch, *answers: list[str]) -> list[str]:
    """Let names stand for addresses, one answer after the other; the last one for ever after."""
    asked: list[str] = []
    given = list(answers)

    def getaddrinfo(host: str, port: int, *_: object, **__: object) -> list[Any]:
        asked.append(host)
        addresses = given.pop(0) if len(given) > 1 else given[0]
        return [
            (socket.AF_INET6 if ":" in each else socket.AF_INET, socket.SOCK_STREAM, 6, "", (each, port))
            for each in addresses
        ]

    monkeypatch.setattr(socket, "getaddrinfo", getaddrinfo)
    return asked


class TestTheDoorOut:
    @pytest.mark.parametrize(
        "host",
        [
            "127.0.0.1",
            "127.1",
            "2130706433",
            "0x7f000001",
            "0177.0.0.1",
            "0.0.0.0",  # noqa: S104  # nothing is bound to it
            "0",
            "localhost",
            "[::1]",
            "[::]",
            "[::ffff:127.0.0.1]",
            "[::127.0.0.1]",
            "[64:ff9b::7f00:1]",
            "[64:ff9b:1::7f00:1]",
            "[2002:7f00:1::]",
            "[fe80::1]",
            "[fec0::1]",
            "[fd00:ec2::254]",
            "[ff02::1]",
            "[::ffff:0:7f00:1]",
            "[3fff::1]",
            "127。0。0。1",
            "169.254.169.254",
            "10.0.0.1",
            "172.16.0.1",
            "192.168.0.1",
            "100.64.0.1",
            "192.0.0.170",
            "198.18.0.1",
            "224.0.0.1",
            "240.0.0.1",
            "255.255.255.255",
        ],
    )
    def test_leads_nowhere_inside(self, inside: Inside, host: str) -> None:
        with pytest.raises(NotAllowed):
            post(f"http://{host}:{inside.port}/ok", body=b"x", headers={})
        assert inside.asked == []

    @pytest.mark.parametrize(
        ("_case", "addresses"),
        [
            ("to one inside", ["127.0.0.1"]),
            ("to one outside and one inside", ["93.184.216.34", "127.0.0.1"]),
            ("to a mapped one", ["::ffff:127.0.0.1"]),
            ("to the metadata of a cloud", ["169.254.169.254"]),
            ("to an interface", ["fe80::1%eth0"]),
        ],
    )
    def test_looks_at_every_address_that_a_name_leads(
        self, inside: Inside, monkeypatch: pytest.MonkeyPatch, _case: str, addresses: list[str]
    ) -> None:
        looks_up(monkeypatch, addresses)
        with pytest.raises(NotAllowed, match=r"hooks\.example is not reachable from here"):
            post(f"http://hooks.example:{inside.port}/ok", body=b"x", headers={})
        assert inside.asked == []

    def test_asks_for_a_name_once_and_goes_where_it_was_told(
        self, inside: Inside, monkeypatch: pytest.MonkeyPatch, settings: Any
    ) -> None:
        settings.ALLOWED_NETWORKS = ["127.0.0.1/32"]
        asked = looks_up(monkeypatch, ["127.0.0.1"], ["127.0.0.2"])
        assert post(f"http://hooks.example:{inside.port}/ok", body=b"x", headers={}) == Answer(201, b"ok")
        assert asked == ["hooks.example"]
        assert inside.asked == [("/ok", f"hooks.example:{inside.port}", b"x")]

    def test_follows_no_redirect(self, inside: Inside, settings: Any) -> None:
        settings.ALLOWED_NETWORKS = ["127.0.0.0/8"]
        assert post(f"http://127.0.0.1:{inside.port}/elsewhere", body=b"x", headers={}).status == 302
        assert [path for path, *_ in inside.asked] == ["/elsewhere"]

    def test_reads_no_more_than_it_needs(self, inside: Inside, settings: Any) -> None:
        settings.ALLOWED_NETWORKS = ["127.0.0.0/8"]
        assert len(post(f"http://127.0.0.1:{inside.port}/endless", body=b"x", headers={}).body) == outbound.MOST_BYTES

    def test_uses_no_proxy_of_the_environment(
        self, inside: Inside, monkeypatch: pytest.MonkeyPatch, settings: Any
    ) -> None:
        settings.ALLOWED_NETWORKS = ["127.0.0.0/8"]
        monkeypatch.setenv("HTTP_PROXY", "http://127.0.0.1:9")
        monkeypatch.setenv("ALL_PROXY", "http://127.0.0.1:9")
        assert post(f"http://127.0.0.1:{inside.port}/ok", body=b"x", headers={}).status == 201

    def test_opens_to_what_the_owner_allowed_and_no_wider(self, inside: Inside, settings: Any) -> None:
        settings.ALLOWED_NETWORKS = ["127.0.0.1/32", "fd00::/8"]
        assert post(f"http://localhost:{inside.port}/ok", body=b"x", headers={}).status == 201
        assert post(f"http://[::ffff:127.0.0.1]:{inside.port}/ok", body=b"x", headers={}).status == 201
        with pytest.raises(NotAllowed):
            post(f"http://127.0.0.2:{inside.port}/ok", body=b"x", headers={})

    def test_says_that_nobody_is_there(self, inside: Inside, settings: Any) -> None:
        settings.ALLOWED_NETWORKS = ["127.0.0.0/8"]
        with socket.socket() as free:
            free.bind(("127.0.0.1", 0))
            port = free.getsockname()[1]
        with pytest.raises(Unreachable, match=r"No connection to 127\.0\.0\.1"):
            post(f"http://127.0.0.1:{port}/ok", body=b"x", headers={})

    def test_waits_only_so_long_however_an_answer_trickles(
        self, inside: Inside, monkeypatch: pytest.MonkeyPatch, settings: Any
    ) -> None:
        settings.ALLOWED_NETWORKS = ["127.0.0.0/8"]
        monkeypatch.setattr(outbound, "SECONDS", 1)
        with socket.create_server(("127.0.0.1", 0)) as silent, pytest.raises(Unreachable, match="within 1 seconds"):
            post(f"http://127.0.0.1:{silent.getsockname()[1]}/", body=b"x", headers={})

    def test_does_not_wait_for_a_slow_server_of_names(self, monkeypatch: pytest.MonkeyPatch, inside: Inside) -> None:
        told = Event()

        def getaddrinfo(*_: object, **__: object) -> list[Any]:
            told.wait(20)
            raise OSError

        monkeypatch.setattr(socket, "getaddrinfo", getaddrinfo)
        monkeypatch.setattr(outbound, "SECONDS", 0.2)
        with pytest.raises(Unreachable, match="No answer came"):
            post("http://slow.example/", body=b"x", headers={})
        assert not told.is_set()
        told.set()

    @pytest.mark.parametrize(
        ("_case", "said"),
        [
            ("nonsense", b"\x00\xff\x00 nonsense\r\n\r\n"),
            ("no end of its headers", b"HTTP/1.1 200 OK\r\nA: " + b"x" * 200_000),
            ("a body that breaks off", b"HTTP/1.1 200 OK\r\nContent-Length: 10\r\n\r\nx"),
            ("two lengths", b"HTTP/1.1 200 OK\r\nContent-Length: 1\r\nContent-Length: 2\r\n\r\nx"),
        ],
    )
    def test_takes_no_harm_from_an_answer(self, inside: Inside, settings: Any, _case: str, said: bytes) -> None:
        settings.ALLOWED_NETWORKS = ["127.0.0.0/8"]
        with socket.create_server(("127.0.0.1", 0)) as server:

            def answer() -> None:
                connection, _ = server.accept()
                with connection:
                    connection.recv(65_536)
                    connection.sendall(said)

            thread = Thread(target=answer)
            thread.start()
            with pytest.raises(Unreachable, match="The connection broke"):
                post(f"http://127.0.0.1:{server.getsockname()[1]}/", body=b"x", headers={})
            thread.join(60)

    def test_unpacks_nothing(self, inside: Inside, settings: Any) -> None:
        settings.ALLOWED_NETWORKS = ["127.0.0.0/8"]
        packed = gzip.compress(b"\x00" * 50_000_000)
        with socket.create_server(("127.0.0.1", 0)) as server:

            def answer() -> None:
                connection, _ = server.accept()
                with connection:
                    connection.recv(65_536)
                    head = f"HTTP/1.1 200 OK\r\nContent-Encoding: gzip\r\nContent-Length: {len(packed)}\r\n\r\n"
                    connection.sendall(head.encode() + packed)

            thread = Thread(target=answer)
            thread.start()
            given = post(f"http://127.0.0.1:{server.getsockname()[1]}/", body=b"x", headers={})
            thread.join(60)
        assert given.body == packed[: outbound.MOST_BYTES]

    @pytest.mark.parametrize(
        ("address", "sentence"),
        [
            ("file:///etc/passwd", "begins with https"),
            ("gopher://hooks.example/", "begins with https"),
            ("ftp://hooks.example/", "begins with https"),
            ("//hooks.example/", "begins with https"),
            ("https://", "begins with https"),
            ("", "begins with https"),
            ("https://ada:secret@hooks.example/", "name and password"),
            ("https://[::1", "no address"),
            ("https://hooks.example/" + "a" * 2_000, "begins with https"),
            ("https://10.0.0.1/", "not reachable from here"),
            ("https://hooks.example/" + "ü" * 1_900, "begins with https"),
            ("https://@hooks.example\\@127.0.0.1/", "name and password"),
            *((f"https://hooks.example:{port}/", "80 or 443") for port in (-1, 0, 22, 25, 587, 65_536, 99_999)),
        ],
    )
    def test_refuses_what_is_no_address_of_the_web(self, address: str, sentence: str) -> None:
        with pytest.raises(NotAllowed, match=sentence):
            checked(address)
