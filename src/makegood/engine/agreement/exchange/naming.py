"""Names on the other side: what may stand there, each only once, the same names for the same input."""

from __future__ import annotations

import re
from collections.abc import Callable, Hashable
from dataclasses import dataclass, field


def identifier(text: str) -> str:
    """Return a name as an identifier of an agreement, with room for a number behind it.

    >>> identifier("Search latency/p99"), identifier("…")
    ('Search-latency-p99', 'unnamed')
    """
    return re.sub(r"[^A-Za-z0-9_.:-]+", "-", text).lstrip("-_.:")[:72].rstrip("-_.:") or "unnamed"


def dns_label(text: str) -> str:
    """Return a name as OpenSLO asks for it (RFC 1123), with room for a number behind it.

    >>> dns_label("Web_Shop: P1"), dns_label("_")
    ('web-shop-p1', 'unnamed')
    """
    return re.sub(r"[^a-z0-9]+", "-", text.lower()).strip("-")[:56].rstrip("-") or "unnamed"


@dataclass(slots=True)
class Names:
    """The names given so far: the same thing gets the same one, another thing never does."""

    allowed: Callable[[str], str]
    given: dict[Hashable, str] = field(default_factory=dict)
    used: dict[str, int] = field(default_factory=dict)

    def of(self, thing: Hashable, wished: str) -> str:
        """Return the name of a thing; if it has none yet, the one it wished for, with a number if that is taken."""
        if thing not in self.given:
            name = found = self.allowed(wished)
            while found in self.used:
                self.used[name] += 1
                found = f"{name}-{self.used[name]}"
            self.given[thing], self.used[found] = found, 1
        return self.given[thing]
