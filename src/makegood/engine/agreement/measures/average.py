"""Average as a measure: the mean of the samples of a gauge."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import ClassVar

from makegood.engine.agreement.measures.gauges import GaugeMeasure


@dataclass(frozen=True, slots=True, kw_only=True)
class Average(GaugeMeasure):
    """The mean of the samples of a gauge."""

    kind: ClassVar[str] = "average"
    title: ClassVar[str] = "the mean of the samples of a gauge"

    def described(self, titles: Mapping[str, str]) -> str:  # noqa: ARG002  # gauges are named as they are
        return f"Its value is the mean of {self.of}."
