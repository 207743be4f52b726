"""One credit per incident: what several outcomes owe that one incident made miss."""

from __future__ import annotations

from makegood.engine.agreement.terms import PerIncident
from makegood.engine.judging.verdict import Choice
from makegood.engine.money.line import Line, Remedied
from makegood.engine.vocabulary.amount import Amount
from makegood.engine.vocabulary.reason import Reason


def one_credit_per_incident(lines: tuple[Line, ...], rule: PerIncident, choices: tuple[Choice, ...] = ()) -> Remedied:
    """Return the lines after each incident has been paid for only once, if that is the rule.

    Unit: lines; a credit is kept whole or suppressed to zero.
    Rule: with ``highest`` no two kept credits share an incident, and of all such choices the one is kept that is worth
        the most; on a tie the one whose outcomes come first in the agreement. With ``sum`` all are kept. With
        ``customer_choice`` the outcome pays that the customer chose among those that owe for the incident, and none
        that shares another incident with it; where nothing was chosen the highest does.
    Source: docs/explanation/money/per-incident.md

    >>> def line(outcome, cents, *incidents):
    ...     return Line(outcome, Amount(cents, "EUR"), Amount(cents, "EUR"), (), frozenset(incidents))
    >>> lines = line("availability", 120000, "INC-7"), line("resolution", 72000, "INC-7"), line("backup", 48000)
    >>> [str(line.amount) for line in one_credit_per_incident(lines, PerIncident.HIGHEST).lines]
    ['1,200.00 EUR', '0.00 EUR', '480.00 EUR']
    """
    if rule is PerIncident.SUM:
        return Remedied(lines, Reason("An incident pays for every outcome that it made miss", rule="per-incident"))
    chosen = _not_chosen(lines, choices) if rule is PerIncident.CUSTOMER_CHOICE else {}
    suppressed = chosen | _suppressed(tuple(line for line in lines if line.outcome not in chosen))
    reasons = tuple(suppressed.values())
    which = "as the customer chose" if chosen else "the highest"
    text = f"One credit per incident, {which}: {len(reasons) or 'none'} suppressed"
    kept = tuple(
        line.becomes(Amount.zero(line.amount.currency), suppressed[line.outcome])
        if line.outcome in suppressed
        else line
        for line in lines
    )
    return Remedied(kept, Reason(text, children=reasons, rule="per-incident"))


def _not_chosen(lines: tuple[Line, ...], choices: tuple[Choice, ...]) -> dict[str, Reason]:
    """Return the outcomes that share an incident with one that the customer chose: a credit is paid whole or not."""
    found: dict[str, Reason] = {}
    owing = {line.outcome: line for line in lines if line.amount}
    for choice in choices:
        chosen = owing.get(choice.outcome)
        if chosen is None or choice.incident not in chosen.incidents or choice.outcome in found:
            continue
        for name, line in owing.items():
            if line is not chosen and name not in found and _share(line, chosen):
                found[name] = _because_of(choice, line, chosen)
    return found


def _because_of(choice: Choice, line: Line, chosen: Line) -> Reason:
    text = f"{line.outcome} credits nothing because of {choice.incident}, for which {choice.by} chose {chosen.outcome}"
    if choice.incident not in line.incidents:
        shared = min(line.incidents & chosen.incidents)
        text = (
            f"{line.outcome} credits nothing because of {shared}, for which {chosen.outcome} is paid: {choice.by} chose"
        )
        text = f"{text} it for {choice.incident}"
    nothing = str(Amount.zero(line.amount.currency))
    return Reason(text, nothing, evidence=(choice.record,), rule="per-incident")


def _suppressed(lines: tuple[Line, ...]) -> dict[str, Reason]:
    """Return the outcomes whose credit another one pays, and which and why."""
    owing = tuple(line for line in lines if line.amount)
    kept = _dearest(owing)
    found: dict[str, Reason] = {}
    for line in owing:
        if line not in kept:
            paying = next(each for each in kept if each.incidents & line.incidents)
            shared = min(paying.incidents & line.incidents)
            text = (
                f"{line.outcome} credits nothing because of {shared}, for which {paying.outcome} owes {paying.amount}"
            )
            found[line.outcome] = Reason(text, str(Amount.zero(line.amount.currency)), rule="per-incident")
    return found


def _dearest(lines: tuple[Line, ...]) -> tuple[Line, ...]:
    """Return the lines worth the most of which no two share an incident, in their order.

    Chains of lines that incidents connect are decided one by one: the work grows with the longest, not with the whole.
    """
    kept: list[Line] = []
    left = lines
    while left:
        chain = _chain(left)
        kept += _choice(chain)
        left = tuple(line for line in left if line not in chain)
    return tuple(line for line in lines if line in kept)


def _choice(chain: tuple[Line, ...]) -> tuple[Line, ...]:
    """Return the dearest choice of a chain: the line in most conflicts is kept or left, and both are tried."""
    if len(chain) == 1:
        return chain
    pivot = max(chain, key=lambda line: sum(_share(line, other) for other in chain))
    others = tuple(line for line in chain if line is not pivot)
    keeping = (pivot, *_dearest(tuple(line for line in others if not _share(line, pivot))))
    return min(keeping, _dearest(others), key=lambda kept: _rank(kept, chain))


def _rank(kept: tuple[Line, ...], chain: tuple[Line, ...]) -> tuple[int, list[int]]:
    return -sum(line.amount.minor for line in kept), sorted(chain.index(line) for line in kept)


def _chain(lines: tuple[Line, ...]) -> tuple[Line, ...]:
    """Return the first line and those that incidents connect with it, over others too."""
    reached = [lines[0]]
    for line in reached:
        reached += [other for other in lines if other not in reached and _share(line, other)]
    return tuple(line for line in lines if line in reached)


def _share(line: Line, other: Line) -> bool:
    return not line.incidents.isdisjoint(other.incidents)
