"""Checks of the hours that the fee includes: they can be counted, and used."""

from __future__ import annotations

from collections.abc import Iterator

from makegood.engine.agreement import hours_codes as codes
from makegood.engine.agreement.draft import Draft
from makegood.engine.vocabulary.finding import Finding


def hours(draft: Draft) -> Iterator[Finding]:
    """Steps and blocks are some time, and as much can be saved up as a block takes."""
    hours = draft.agreement.hours
    if hours is None:
        return
    spans = [("support", "step", hours.support.step)] if hours.support is not None else []
    spans += [("flex", "block", hours.flex.block)] if hours.flex is not None else []
    for kind, key, span in spans:
        if not span.seconds:
            text = f"{kind} cannot be counted in a {key} of no time"
            yield codes.NO_TIME.at(draft.at("hours", kind, key), text, "write its length")
    if hours.flex is not None and hours.flex.cap < hours.flex.block:
        text = f"at most {hours.flex.cap.words} are saved up, and a block has {hours.flex.block.words}"
        yield codes.CAP_BELOW_BLOCK.at(draft.at("hours", "flex", "cap"), text, "write a higher cap")
