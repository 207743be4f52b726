"""Places: where in a file each key and value of a document was written."""

from __future__ import annotations

import re
from dataclasses import dataclass, field

from makegood.engine.vocabulary.finding import Place

Path = tuple[str | int, ...]
Mark = tuple[int, int]

_PLAIN_KEY = re.compile(r"[^.\[\]\s\"]+")


@dataclass(frozen=True, slots=True)
class Places:
    """Line and column of every key and value that was read, by its path of keys."""

    file: str
    keys: dict[Path, Mark] = field(default_factory=dict)
    values: dict[Path, Mark] = field(default_factory=dict)

    def __contains__(self, path: Path) -> bool:
        """Tell whether the document wrote this."""
        return path in self.values

    def of(self, *path: str | int) -> Place:
        """Return where the value at a path stands; for one that was not written, where it would belong."""
        around = path
        while around not in self.values and around:
            around = around[:-1]
        if around == path or around not in self.keys:
            return self.at(self.values.get(around, (1, 1)), path)
        return self.at(self.keys[around], path)

    def key(self, *path: str | int) -> Place:
        """Return where the key at the end of a path stands."""
        return self.at(self.keys[path], path) if path in self.keys else self.of(*path)

    def at(self, mark: Mark, path: Path) -> Place:
        """Return the place of a mark in this file."""
        return Place(self.file, *mark, dotted(path))

    @property
    def written(self) -> frozenset[str]:
        """The dotted paths of everything that the document wrote."""
        return frozenset(dotted(path) for path in self.values)


def dotted(path: Path) -> str:
    """Return a path as people read it; two different paths never look alike.

    >>> dotted(("outcomes", "orders", "stake", "tiers", 0, "below")), dotted(("limits", "p.1"))
    ('outcomes.orders.stake.tiers[0].below', 'limits."p.1"')
    """
    shown = ""
    for step in path:
        if isinstance(step, int):
            shown += f"[{step}]"
        else:
            shown += ("." if shown else "") + (
                step if _PLAIN_KEY.fullmatch(step) else '"' + step.replace('"', '""') + '"'
            )
    return shown
