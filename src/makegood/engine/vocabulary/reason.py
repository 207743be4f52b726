"""Why a figure is what it is: a tree of sentences that ends in evidence."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Self, TypeVar

Kind = TypeVar("Kind")


@dataclass(frozen=True, slots=True)
class Reason:
    r"""One step of an explanation: a sentence, its figure, the steps below it, evidence ids and the rule applied.

    >>> because = Reason("downtime", "2 h", evidence=("ticket-7",))
    >>> print(*Reason("availability", "98 %", (because,), rule="availability").lines(), sep="\n")
    availability: 98 % [availability]
      downtime: 2 h (evidence: ticket-7)
    """

    text: str
    value: str = ""
    children: tuple["Reason", ...] = ()
    evidence: tuple[str, ...] = ()
    rule: str = ""

    def walk(self) -> Iterator["Reason"]:
        """Yield this reason and every one below it, in reading order."""
        yield self
        for child in self.children:
            yield from child.walk()

    def lines(self, indent: int = 0) -> Iterator[str]:
        """Yield the tree as plain text, two spaces deeper per level."""
        value = f": {self.value}" if self.value else ""
        evidence = f" (evidence: {', '.join(self.evidence)})" if self.evidence else ""
        rule = f" [{self.rule}]" if self.rule else ""
        yield f"{'  ' * indent}{self.text}{value}{evidence}{rule}"
        for child in self.children:
            yield from child.lines(indent + 1)

    def as_json(self) -> dict[str, object]:
        """Return the tree for machines; every key is always there."""
        return {
            "text": self.text,
            "value": self.value,
            "children": [child.as_json() for child in self.children],
            "evidence": list(self.evidence),
            "rule": self.rule,
        }

    @classmethod
    def from_json(cls, data: Mapping[str, object]) -> Self:
        """Return the tree that ``as_json`` gave; a missing key is empty, a wrong one is refused."""
        return cls(
            text=_held(str, data.get("text")),
            value=_held(str, data.get("value", "")),
            children=tuple(cls.from_json(_held(dict, child)) for child in _held(list, data.get("children", []))),
            evidence=tuple(_held(str, item) for item in _held(list, data.get("evidence", []))),
            rule=_held(str, data.get("rule", "")),
        )


def _held(kind: type[Kind], value: object) -> Kind:
    """Return the value if a reason holds this kind of thing there."""
    if isinstance(value, kind):
        return value
    raise ValueError(f"a reason holds a {kind.__name__} here, not {value!r}")
