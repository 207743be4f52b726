"""Keys of signatures: Ed25519 by the package cryptography, an extra that only who signs and who verifies needs."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from typing import TYPE_CHECKING

from makegood.vault.refusals import UnableToUseVault

if TYPE_CHECKING:
    from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey

_SEED_BYTES = 32


class SigningNotInstalled(UnableToUseVault):
    def __init__(self) -> None:
        super().__init__("signatures need a package of their own; install: pip install 'makegood[vault,signed]'")


class UnusableKey(UnableToUseVault):
    """What should be an Ed25519 key is none; ``why`` never shows any of it."""

    def __init__(self, why: str, remedy: str) -> None:
        super().__init__(f"the key cannot be used: {why}; {remedy}")
        self.why = why


def private_key(content: bytes) -> Ed25519PrivateKey:
    """Return the key that signs, of a seed of 32 bytes or of a private key as PEM without a passphrase.

    :raises UnusableKey: if it is neither
    :raises SigningNotInstalled: if the package that signs is missing
    """
    with _extra():
        from cryptography.exceptions import UnsupportedAlgorithm  # noqa: PLC0415  # an extra
        from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey  # noqa: PLC0415
        from cryptography.hazmat.primitives.serialization import load_pem_private_key  # noqa: PLC0415
    if len(content) == _SEED_BYTES:
        return Ed25519PrivateKey.from_private_bytes(content)
    remedy = "make one: openssl genpkey -algorithm ed25519"
    try:
        key = load_pem_private_key(content, password=None)
    except TypeError:
        raise UnusableKey("it wants a passphrase", "take that off with openssl pkey, or make another one") from None
    except (ValueError, UnsupportedAlgorithm):
        raise UnusableKey("it is no private key in PEM", remedy) from None
    if not isinstance(key, Ed25519PrivateKey):
        raise UnusableKey("it is a private key of another kind than Ed25519", remedy)
    return key


def public_key(content: bytes) -> str:
    """Return a public key, given as PEM, in hexadecimal as signatures name it.

    :raises UnusableKey: if it is no such key
    :raises SigningNotInstalled: if the package that verifies is missing
    """
    with _extra():
        from cryptography.exceptions import UnsupportedAlgorithm  # noqa: PLC0415  # an extra
        from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PublicKey  # noqa: PLC0415
        from cryptography.hazmat.primitives.serialization import load_pem_public_key  # noqa: PLC0415
    remedy = "name the public key of who signed, as made by openssl pkey -pubout"
    try:
        key = load_pem_public_key(content)
    except (ValueError, UnsupportedAlgorithm):
        raise UnusableKey("it is no public key in PEM", remedy) from None
    if not isinstance(key, Ed25519PublicKey):
        raise UnusableKey("it is a public key of another kind than Ed25519", remedy)
    return key.public_bytes_raw().hex()


def is_signature(signature: str, content: bytes, *, key: str) -> bool:
    """Tell whether a signature over some bytes is by a public key, both in hexadecimal.

    :raises SigningNotInstalled: if the package that verifies is missing
    """
    with _extra():
        from cryptography.exceptions import InvalidSignature  # noqa: PLC0415  # an extra
        from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PublicKey  # noqa: PLC0415
    try:
        Ed25519PublicKey.from_public_bytes(bytes.fromhex(key)).verify(bytes.fromhex(signature), content)
    except InvalidSignature:
        return False
    return True


@contextmanager
def _extra() -> Iterator[None]:
    try:
        yield
    except ImportError:
        raise SigningNotInstalled from None
