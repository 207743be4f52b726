"""A benchmark sets our way against a yardstick that is run beside it, so that its ratio holds on any machine."""

from collections.abc import Callable
from dataclasses import dataclass
from time import perf_counter

ROUNDS = 5


@dataclass(frozen=True, slots=True)
class Comparison:
    """Two callables that reach the same result: ours, and the one it is held against."""

    what: str
    ours: Callable[[], object]
    yardstick: Callable[[], object]
    against: str

    def ratio(self) -> float:
        """Return our time as a multiple of the yardstick's: the best of five rounds each, taken in turns."""
        pairs = [(_seconds(self.ours), _seconds(self.yardstick)) for _ in range(ROUNDS)]
        return min(ours for ours, _ in pairs) / min(yardstick for _, yardstick in pairs)


def _seconds(call: Callable[[], object]) -> float:
    began = perf_counter()
    call()
    return perf_counter() - began
