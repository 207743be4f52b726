"""Exit: how the parties part, for convenience or for cause, and what each owes the other then."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from makegood.engine.agreement.grammar import ListOf, clause
from makegood.engine.agreement.shapes import SPAN, TEXT, TITLE
from makegood.engine.vocabulary.duration import Days, Duration


@dataclass(frozen=True, slots=True, kw_only=True)
class Exit:
    """How the parties part."""

    convenience: Duration | Days | None = clause(
        SPAN, "The notice with which the customer may leave without a reason; without it it may not.", default=None
    )
    cause: Duration | Days | None = clause(
        SPAN, "How long a party has to mend a material breach before the other may leave for it.", default=None
    )
    transition: Duration | Days | None = clause(
        SPAN, "How long the provider goes on and helps whoever comes next.", default=None
    )
    data_returned: Duration | Days | None = clause(
        SPAN, "How long after the end the provider returns the customer's data.", default=None
    )
    data_format: str = clause(TITLE, "In which form data is returned.", default="")
    key_people: tuple[str, ...] = clause(
        ListOf(TITLE, or_one=True, least=1), "Who stays available until everything is handed over.", default=()
    )
    duties: tuple[str, ...] = clause(
        ListOf(TEXT, or_one=True, least=1), "What else is owed on the way out.", default=()
    )

    def sentences(self) -> Iterator[str]:
        """Yield what is agreed, sentence by sentence."""
        if self.convenience is not None:
            yield f"The customer may leave without giving a reason, with notice of {self.convenience.words}."
        if self.cause is not None:
            yield (
                "A party may leave for cause if the other has not mended a material breach within"
                f" {self.cause.words} of being told."
            )
        if self.transition is not None:
            yield f"The provider goes on for {self.transition.words} and helps whoever comes next."
        if self.data_returned is not None:
            form = f" as {self.data_format}" if self.data_format else ""
            yield f"It returns the customer's data{form} within {self.data_returned.words} of the end."
        if self.key_people:
            yield f"Available until everything is handed over: {', '.join(self.key_people)}."
        yield from self.duties
