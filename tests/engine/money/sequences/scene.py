"""An agreement over a year, and months whose values are given."""

from __future__ import annotations

from collections.abc import Sequence

from makegood.engine.agreement.terms import Agreement
from makegood.engine.judging.verdict import Measurement, Ruling
from makegood.engine.money.account import account_credits
from makegood.engine.money.credit import PeriodCredits
from makegood.engine.money.sequences.history import Entry
from makegood.engine.vocabulary.amount import Amount
from makegood.engine.vocabulary.ratio import Ratio
from tests.engine.money.scene import agreement, judged, outcome

YEAR = "{from: 2025-01-01, months: 12, timezone: UTC}"
TWO_YEARS = "{from: 2025-01-01, months: 24, timezone: UTC}"
TIERS = "{of: 100.00 EUR, tiers: [{below: 99%, credit: 100%}]}"
BACKUP = outcome("backup", ">= 99%", TIERS, "critical: true")
RESOLUTION = outcome("resolution", ">= 99%", TIERS, "critical: true")

Values = Sequence[Measurement | str | None]


def year(*outcomes: str, sequences: str = "", more: str = "", term: str = YEAR) -> Agreement:
    """Read an agreement of a year, by default with the backup of which 99 % is promised for 100.00 EUR."""
    rules = f"sequences: {{{sequences}}}\n" if sequences else ""
    return agreement(*(outcomes or (BACKUP,)), term=term, more=rules + more)


def course(terms: Agreement, **values: Values) -> tuple[PeriodCredits, ...]:
    """Settle as many months as there are values, one after the other."""
    months = range(max(map(len, values.values())))
    return account_credits(
        terms, [judged(terms, month, **{name: given[month] for name, given in values.items()}) for month in months]
    )


def booked(credits: Sequence[PeriodCredits], name: str) -> list[str]:
    """Return what was booked under a name, month by month."""
    return [next(each.amount.plain for each in month.credits if each.outcome == name) for month in credits]


def entries(*rulings: str, credit: int = 0, year_: int = 0) -> list[Entry]:
    """Return months of these rulings: ``+`` met, ``-`` missed, ``?`` undecided; a miss costs so many cents."""
    words = {"+": Ruling.MET, "-": Ruling.MISSED, "?": Ruling.UNDECIDED}
    return [
        Entry(f"m{number}", year_, words[each], Ratio(1), Amount(credit if each == "-" else 0, "EUR"))
        for number, each in enumerate(rulings)
    ]
