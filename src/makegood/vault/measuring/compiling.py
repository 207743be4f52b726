"""Compiling loops over rows with Numba, which is an extra."""

from __future__ import annotations

from collections.abc import Callable
from contextlib import suppress
from typing import Any

Loop = Callable[..., Any]


def compiled(function: Loop, *, inner: tuple[Loop, ...] = ()) -> Loop:
    """Return a loop compiled, and with it the functions that it calls; other threads run on while it does.

    What is compiled is kept beside the source or, where nobody may write, in the folder of the user; if that is not
    possible either, it is compiled anew in each process.

    :raises ImportError: if Numba is not installed
    """
    from numba import njit  # noqa: PLC0415  # takes half a second to import
    from numba.extending import register_jitable  # noqa: PLC0415

    for each in inner:
        register_jitable(each)
    with suppress(RuntimeError):
        return njit(nogil=True, cache=True)(function)
    return njit(nogil=True)(function)
