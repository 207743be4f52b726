"""Secrets that we must be able to read again, kept so that the database alone does not give them away.

They are sealed with the first secret key; what earlier keys sealed can still be opened as long as these are believed.
"""

from __future__ import annotations

import hashlib
from base64 import urlsafe_b64encode

from cryptography.fernet import Fernet, InvalidToken, MultiFernet
from django.conf import settings


class Unopenable(Exception):
    """The key that sealed this is forgotten."""

    def __init__(self) -> None:
        super().__init__(
            "the key that this secret was sealed with is not known here;"
            " restart serve and worker, and if that does not help make a new secret"
        )


def sealed(secret: str) -> bytes:
    """Return a secret as it is kept."""
    return _keys().encrypt(secret.encode())


def opened(kept: bytes | memoryview[int]) -> str:
    """Return a secret that was kept.

    :raises Unopenable: if none of our keys sealed it
    """
    try:
        return _keys().decrypt(bytes(kept)).decode()
    except InvalidToken as error:
        raise Unopenable from error


def sealed_anew(kept: bytes | memoryview[int]) -> bytes | None:
    """Return a secret sealed with the first key; none if it cannot be opened any more."""
    try:
        return sealed(opened(kept))
    except Unopenable:
        return None


def _keys() -> MultiFernet:
    return MultiFernet([Fernet(_derived(each)) for each in (settings.SECRET_KEY, *settings.SECRET_KEY_FALLBACKS)])


def _derived(key: str) -> bytes:
    return urlsafe_b64encode(hashlib.sha256(b"makegood sealing\0" + key.encode()).digest())
