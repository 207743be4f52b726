"""What cannot be claimed."""

from __future__ import annotations

from makegood.platform.tenancy.trail.operations import Unable


class UnableToClaim(Unable):
    """Nothing was found, claimed or answered."""
