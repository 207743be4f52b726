"""Average as a measure: the mean of the samples of a gauge."""

from __future__ import annotations

from dataclasses import dataclass
from typing import ClassVar

from makegood.engine.agreement.measures.gauges import GaugeMeasure


@dataclass(frozen=True, slots=True, kw_only=True)
class Average(GaugeMeasure):
    """The mean of the samples of a gauge."""

    kind: ClassVar[str] = "average"
    title: ClassVar[str] = "the mean of the samples of a gauge"

    @property
    def meaning(self) -> str:
        return f"Its value is the mean of {self.of}."
