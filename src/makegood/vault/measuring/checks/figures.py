"""The figures of a check: a row of the table, in whole numbers."""

from __future__ import annotations

from dataclasses import dataclass

from makegood.engine.judging.availability import availability
from makegood.engine.vocabulary.ratio import Ratio


@dataclass(frozen=True, slots=True, kw_only=True)
class CheckFigures:
    """What one check found about its subject: one timeline, whatever its labels were.

    ``up`` to ``unknown`` are the seconds of its counting time, which they make up together; what nobody knows is
    ``unknown``, silence as well as a probe that says so. ``values`` are the names and units of what it measured.
    ``probes`` are how many found each status, in the order up, degraded, down and unknown; ``windows`` how many had
    any probe, and ``bad_windows`` those with too few good ones; ``quantile`` is in the unit of its values. What was not
    asked is None, and so is the quantile of a check without values, or with those of several names or units.
    """

    source: str
    check: str
    subject: str
    values: tuple[tuple[str, str], ...]
    up: int
    degraded: int
    down: int
    unknown: int
    probes: tuple[int, ...] | None = None
    windows: int | None = None
    bad_windows: int | None = None
    quantile: Ratio | None = None

    @property
    def origin(self) -> str:
        """The source and its check, as its records name them."""
        return f"{self.source}/{self.check}" if self.check else self.source

    @property
    def counted(self) -> int:
        """The seconds that count."""
        return self.up + self.degraded + self.down + self.unknown

    @property
    def is_known(self) -> bool:
        """Whether anything is known of its counting time."""
        return self.unknown < self.counted

    @property
    def availability(self) -> Ratio | None:
        """The share of counting time in which the subject was known to be usable; None if nothing is known.

        It is what an agreement gets that says nothing else: degraded counts as up, and time without evidence as down.
        """
        return availability(agreed=self.counted, down=self.down + self.unknown) if self.is_known else None

    @property
    def unit(self) -> str:
        """The unit of the quantile; empty if there is none."""
        return self.values[0][1] if len(self.values) == 1 else ""


def worst_first(rows: tuple[CheckFigures, ...]) -> tuple[CheckFigures, ...]:
    """Return rows by their availability, those that had the most downtime first; what nobody knows comes last."""
    return tuple(
        sorted(
            rows,
            key=lambda each: (
                each.availability is None,
                each.availability or Ratio(0),
                -each.down,
                each.subject,
                each.origin,
            ),
        )
    )
