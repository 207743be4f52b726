"""Versions, finality and value shares in prose."""

from __future__ import annotations

from collections.abc import Iterator

from makegood.engine.agreement.amendment import FinalFor
from makegood.engine.agreement.measure_prose import agreed
from makegood.engine.agreement.terms import Agreement

Row = tuple[str, ...]

FINAL = {
    FinalFor.CUSTOMER: "nothing of the sum of a period is taken back from the customer, and more may still be given",
    FinalFor.BOTH: "the sum of a period is changed in neither direction",
    FinalFor.NOBODY: "corrections go on as before: no credit is ever final",
}


def amendment_in_words(agreement: Agreement) -> tuple[str, ...]:
    """Return what the text amends; nothing if it is the first."""
    amendment = agreement.amendment
    if amendment is None:
        return ()
    paragraphs = [
        (
            f"This is version {amendment.version}. From {amendment.effective} on it replaces the text with the digest"
            f" {amendment.amends[:16]}; what happened before that day is judged and settled by the text of that time."
        )
    ]
    if amendment.reason:
        paragraphs.append(f"Reason: {amendment.reason}")
    written = agreed("amendment.retroactive" in agreement.written)
    if amendment.retroactive:
        paragraphs.append(f"It also governs periods that were closed before; the differences are booked ({written}).")
    else:
        paragraphs.append(f"It governs no period that was closed before it was agreed ({written}).")
    return tuple(paragraphs)


def finality_in_words(agreement: Agreement) -> Iterator[str]:
    """Yield when disputes and credits are final, and against whom."""
    final, written = agreement.closing.final, agreement.written
    yield (
        "A correction by one of the parties is a dispute; one that is recorded later than that counts only if the other"
        " side agreed. Corrections by others always count."
    )
    yield f"Once credits are final, {FINAL[final.for_]} ({agreed('closing.final.for' in written)})."
    after = "as long as verdicts can be disputed" if final.after is None else final.after.words
    source = agreed("closing.final.after" in written)
    yield f"The credits of a period are final so long after its statement was booked: {after} ({source})."


def value_shares_in_words(agreement: Agreement) -> Iterator[tuple[str, tuple[str, ...], tuple[Row, ...]]]:
    """Yield the title, the paragraphs and the table of each value that members share."""
    for name, share in agreement.value_shares.items():
        units = f" in {share.units} units" if share.units is not None else ""
        text = (
            f"The members share {share.of} of each period{units}, by days and in proportion to their units."
            f" Who decides on the allocation: {share.decided_by}."
        )
        rows = tuple(
            (
                str(each.from_),
                ", ".join(f"{member} {units}" for member, units in each.shares.items()),
                each.decided_by or share.decided_by,
            )
            for each in share.allocations
        )
        yield f"Value shares: {name}", (text,), (("From", "Units", "Decided by"), *rows)
