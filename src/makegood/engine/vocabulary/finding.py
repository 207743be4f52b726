"""What is wrong, doubtful or worth knowing in a document, and exactly where."""

from dataclasses import dataclass
from enum import StrEnum


class Severity(StrEnum):
    """``ERROR`` stops the document from being used; ``WARNING`` and ``NOTE`` do not."""

    ERROR = "error"
    WARNING = "warning"
    NOTE = "note"


@dataclass(frozen=True, slots=True, order=True)
class Place:
    """A spot in a file, counted from 1, and the path of keys that leads to it (``outcomes.orders.target``)."""

    file: str
    line: int
    column: int
    path: str = ""

    def __str__(self) -> str:
        return f"{self.file}:{self.line}:{self.column}"


@dataclass(frozen=True, slots=True)
class Finding:
    """One thing to tell the author; findings come in lists, all at once, sorted by place and then code.

    >>> print(Finding("MG101", Severity.ERROR, Place("acme.yaml", 3, 9), "the target has no number", "write >= 99.5%"))
    acme.yaml:3:9: MG101 error: the target has no number (write >= 99.5%)
    """

    code: str
    severity: Severity
    place: Place | None
    text: str
    hint: str = ""

    def __lt__(self, other: "Finding") -> bool:
        return self._order() < other._order()

    def __str__(self) -> str:
        where = f"{self.place}: " if self.place else ""
        hint = f" ({self.hint})" if self.hint else ""
        return f"{where}{self.code} {self.severity}: {self.text}{hint}"

    def as_json(self) -> dict[str, object]:
        """Return the finding for machines: plain values under the names of the fields."""
        place = self.place and {
            "file": self.place.file,
            "line": self.place.line,
            "column": self.place.column,
            "path": self.place.path,
        }
        return {
            "code": self.code,
            "severity": self.severity.value,
            "place": place,
            "text": self.text,
            "hint": self.hint,
        }

    def _order(self) -> tuple[bool, Place, str, str, str]:
        """Return what sorting looks at; a finding about the whole document comes first."""
        return self.place is not None, self.place or Place("", 0, 0), self.code, self.text, self.hint
