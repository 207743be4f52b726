"""Who stands on one side of an agreement."""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True, order=True)
class Party:
    """An organisation by its short id; provider in one agreement, customer or affiliate in another."""

    id: str
    name: str = ""

    def __post_init__(self) -> None:
        if not self.id.strip():
            raise ValueError("a party needs an id")

    @property
    def shown(self) -> str:
        """The name people know, or the id if no name was given."""
        return self.name or self.id
