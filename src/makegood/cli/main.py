"""``makegood``: the door for people at a terminal and for scripts.

It is thin, so that what is wrong with an installation is a sentence as well: everything else comes in behind it.
"""

from __future__ import annotations

import sys

_REFUSED, _INTERRUPTED = 3, 130


def main() -> None:
    """Run the command line; every way out has its exit code."""
    try:
        from makegood.cli.commands import run  # noqa: PLC0415 - a package that is missing shows here
    except ModuleNotFoundError as missing:
        package = (missing.name or "").partition(".")[0]
        if package in ("", "makegood"):
            raise
        sys.stderr.write(
            f"makegood: the package {package} is not installed.\n"
            "Install makegood with what its command line needs: pip install 'makegood[vault,report]'\n"
        )
        sys.exit(_REFUSED)
    except KeyboardInterrupt:
        sys.exit(_INTERRUPTED)
    run()
