"""Storage: where the segments of a vault lie. A folder, or whatever fsspec reads, as ``s3://bucket/vault/segments``."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, cast

from makegood.vault.layout import sha256
from makegood.vault.manifest import Segment
from makegood.vault.refusals import UnableToUseVault


class StorageNotInstalled(UnableToUseVault):
    def __init__(self, location: str) -> None:
        super().__init__(f"{location} is shared storage; to read it install: pip install 'makegood[vault,remote]'")
        self.location = location


class SegmentUnusable(UnableToUseVault):
    """A segment is not there, or does not hold the bytes that were sealed."""

    def __init__(self, location: str, file: str, why: str) -> None:
        super().__init__(f"{file} in {location} cannot be used: {why}; copy it there again from the vault")
        self.location = location
        self.file = file
        self.why = why

    def __reduce__(self) -> tuple[Any, ...]:
        # It crosses from one process to another.
        return type(self), (self.location, self.file, self.why)


@dataclass(frozen=True, slots=True)
class Storage:
    """A place where segments lie under their names, which any process can be told of.

    ``options`` are what fsspec is given for a location that is a URL, as ``{"endpoint_url": …}``. They travel with
    every task, so secrets do not belong there: each machine finds its own, in its environment or its role.
    """

    location: str
    options: Mapping[str, Any] = field(default_factory=dict)

    def read(self, segment: Segment) -> bytes:
        """Return the bytes of a segment, which are those that the manifest says; nothing else is asked for.

        :raises SegmentUnusable: if they are not, or cannot be read
        :raises StorageNotInstalled: if the location is a URL, and what reads it is missing
        """
        try:
            content = self._content(segment.file)
        except FileNotFoundError:
            raise SegmentUnusable(self.location, segment.file, "it is not there") from None
        except OSError as error:
            raise SegmentUnusable(self.location, segment.file, error.strerror or str(error)) from None
        if sha256(content) != segment.sha256:
            raise SegmentUnusable(self.location, segment.file, "it does not hold the bytes that were sealed")
        return content

    def _content(self, file: str) -> bytes:
        if "://" not in self.location:
            return (Path(self.location) / file).read_bytes()
        try:
            from fsspec.core import url_to_fs  # noqa: PLC0415  # an extra

            system, folder = url_to_fs(self.location, **self.options)
        except ImportError:
            raise StorageNotInstalled(self.location) from None
        return cast("bytes", system.cat_file(f"{folder}/{file}"))
