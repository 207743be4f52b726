"""Group commit: what several threads append at the same time shares one write and one sync."""

from __future__ import annotations

import os
import threading
from contextlib import suppress
from pathlib import Path

from makegood.vault.durable import sync_folder, write_all
from makegood.vault.layout import LOG
from makegood.vault.log import FILE_BYTES, log_name
from makegood.vault.refusals import UnableToWrite


class LogEnd:
    """The end of the log, to which frames are written; what ``wait`` has returned from is on the disk.

    The first thread that waits writes for all who have put a frame by then; the others wait for it, and the next of
    them writes for the rest. So the more threads there are, the fewer syncs each entry needs.
    """

    def __init__(self, folder: Path, *, written: int, file_bytes: int = FILE_BYTES) -> None:
        self._folder = folder / LOG
        self._file_bytes = file_bytes
        self._turn = threading.Condition()
        self._put: list[tuple[int, bytes]] = []
        self._written = written
        self._writing = False
        self._failure: OSError | None = None
        self._handle: int | None = None
        self._path = self._folder
        self._size = 0

    def continue_in(self, path: Path, *, behind: int) -> None:
        """Write what comes next behind what a file of the log holds already; what is torn is cut off.

        :raises UnableToWrite: if the file cannot be written to
        """
        try:
            self._handle = os.open(path, os.O_WRONLY | os.O_APPEND)
            os.ftruncate(self._handle, behind)
        except OSError as error:
            raise UnableToWrite(path, error) from error
        self._path, self._size = path, behind

    def put(self, sequence: int, frame: bytes) -> None:
        """Line up a frame; entries are put in the order of their numbers."""
        with self._turn:
            self._put.append((sequence, frame))

    def wait(self, sequence: int) -> None:
        """Return when the entry of this number and all before it are on the disk.

        :raises UnableToWrite: if the disk does not take it; then nothing of it was stored
        """
        while True:
            with self._turn:
                while self._writing and self._written < sequence:
                    self._turn.wait()
                if self._written >= sequence:
                    return
                if self._failure is not None:
                    raise UnableToWrite(self._path, self._failure) from self._failure
                self._writing = True
                group, self._put = self._put, []
            self._lead(group)

    def roll(self) -> None:
        """Let the next entry begin a new file; nothing must be waiting."""
        if self._handle is not None:
            os.close(self._handle)
            self._handle = None

    def _lead(self, group: list[tuple[int, bytes]]) -> None:
        failure = None
        try:
            self._write(group)
        except OSError as error:
            failure = error
        with self._turn:
            if failure is None:
                self._written = group[-1][0]
            self._failure = failure
            self._writing = False
            self._turn.notify_all()

    def _write(self, group: list[tuple[int, bytes]]) -> None:
        """Write the frames and sync them; what could not be written whole is cut off again."""
        if self._size >= self._file_bytes:
            self.roll()
        is_new = self._handle is None
        if self._handle is None:
            self._path = self._folder / log_name(group[0][0])
            self._handle = os.open(self._path, os.O_WRONLY | os.O_APPEND | os.O_CREAT | os.O_EXCL, 0o666)
            self._size = 0
        content = b"".join(frame for _, frame in group)
        try:
            write_all(self._handle, content)
            os.fdatasync(self._handle)
            if is_new:
                sync_folder(self._folder)
        except OSError:
            with suppress(OSError):  # what is left is torn, and the next writer cuts it off
                os.ftruncate(self._handle, self._size)
                if is_new:
                    self._path.unlink()
            raise
        self._size += len(content)
