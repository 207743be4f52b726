"""What holds for every test: no timed assertion, and no way out to the network."""

import socket
from collections.abc import Iterator

import pytest
from hypothesis import settings

settings.register_profile("makegood", deadline=None, print_blob=True)
settings.load_profile("makegood")


@pytest.fixture(autouse=True, scope="session")
def _closed_sockets() -> Iterator[None]:
    def refuse(_socket: socket.socket, address: object) -> None:
        raise AssertionError(f"a test tried to connect to {address!r}")

    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(socket.socket, "connect", refuse)
        patch.setattr(socket.socket, "connect_ex", refuse)
        yield
