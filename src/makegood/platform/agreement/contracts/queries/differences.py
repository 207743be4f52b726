"""What changed between two versions, in words and in money."""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import datetime
from pathlib import Path

from django.conf import settings

from makegood.engine.agreement.difference import Change, Rewording, changes, rewordings
from makegood.engine.agreement.schedule import periods_of
from makegood.engine.agreement.terms import Agreement
from makegood.engine.judging.asked import Asked
from makegood.engine.review.comparison import Compared, compared
from makegood.engine.vocabulary.amount import Amount
from makegood.platform.agreement.contracts.models import Contract, Version, VersionState
from makegood.platform.agreement.contracts.queries.terms import readable
from makegood.vault.layout import FORMAT_FILE
from makegood.vault.vault import Vault

_MOST_PERIODS = 12


@dataclass(frozen=True, slots=True)
class Difference:
    """What a version says differently from the one before, and what both come to on the same evidence."""

    before: Version
    after: Version
    changes: tuple[Change, ...]
    rewordings: tuple[Rewording, ...]
    periods: tuple[Compared, ...]
    currency: str

    @property
    def sums(self) -> tuple[Amount, Amount, Amount]:
        """The credits of all compared periods before and after, and their difference."""
        was, is_ = (Amount.total((each.credits[side] for each in self.periods), self.currency) for side in (0, 1))
        return was, is_, is_ - was


def version_before(version: Version) -> Version | None:
    """Return the version that one amends, if there is one."""
    return (
        Version.objects.filter(contract=version.contract, state=VersionState.ACTIVE, number__lt=version.number)
        .order_by("-number")
        .first()
    )


def difference_of(*, version: Version, now: datetime) -> Difference | None:
    """Return what changed against the version before; of the first one, or of a text with errors, nothing.

    Money is compared for the last twelve periods that have ended, as if each text had always been in force.
    """
    before = version_before(version)
    was = readable(before.text).agreement if before is not None else None
    is_ = readable(version.text).agreement
    if before is None or was is None or is_ is None:
        return None
    figures = _figures(version.contract, was, is_, now)
    return Difference(before, version, changes(was, is_), rewordings(was, is_), figures, is_.money.currency)


def vault_folder(contract: Contract) -> Path:
    """Return where the evidence of a contract is kept; nothing is there before any came in."""
    return Path(settings.VAULTS) / str(contract.pk)


def _figures(contract: Contract, was: Agreement, is_: Agreement, now: datetime) -> tuple[Compared, ...]:
    folder = vault_folder(contract)
    if not (folder / FORMAT_FILE).is_file():
        return ()
    ended = [each.label for each in periods_of(is_) if each.interval.end <= now]
    both = Asked.of(replace(is_, versions=(was, is_)))
    return compared(was, is_, ended[-_MOST_PERIODS:], Vault.open(folder).evidence(asked=both))
