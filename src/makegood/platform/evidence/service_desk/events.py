"""What the desk tells others: names of work that follows."""

from __future__ import annotations

from typing import Final

STEPS_WRITTEN: Final = "steps were written"
"""Cases of a ``contract`` went on; their steps are to be put into its vault."""

MAILBOX_DUE: Final = "mailbox is due"
"""What came into a ``mailbox`` is to be fetched."""

OPINIONS_GIVEN: Final = "opinions were given"
"""People said how the work on cases of a ``contract`` was; that is to be put into its vault."""
