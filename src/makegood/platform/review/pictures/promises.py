"""Charts of promises: what is drawn, the words for those who do not see it, and the figures behind it."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import datetime, timedelta
from typing import Any, Final

from babel.dates import format_skeleton
from django.utils.translation import gettext as _

from makegood.drawing.burn import WHOLE, burn_chart
from makegood.drawing.values import Mark, values_chart
from makegood.engine.agreement.shapes import TARGET, Unit
from makegood.engine.vocabulary.ratio import Ratio
from makegood.platform.agreement.contracts.models import Contract
from makegood.platform.judging.verdicts.models import Verdict
from makegood.platform.judging.verdicts.queries import (
    Burn,
    burn_and_forecast,
    earlier_verdicts,
    verdicts_over_time,
)
from makegood.platform.review.pictures.picture import MOST, Picture, locale, marks
from makegood.platform.tenancy.viewer import Viewer

_FULL: Final = Ratio(1)
_WHOLE: Final = {True: "MET", False: "UNDECIDED"}
"""The marks of periods that evidence covers, and of those of which something is not known."""
_SECOND: Final = timedelta(seconds=1)


def history_of(*, viewer: Viewer, verdict: Verdict) -> list[dict[str, Any]]:
    """Return how an outcome was found by period up to that of a verdict, as JSON-ready facts."""
    found = verdicts_over_time(
        viewer=viewer, contract=verdict.period.contract, outcome=verdict.outcome, until=verdict.period
    )
    return [
        {
            "period": each.period.label,
            "ruling": each.ruling,
            "value": each.form["value"],
            "shown": each.shown,
            "target": each.form["target"],
            "target_shown": signs(each.target),
        }
        for each in found[-MOST:]
    ]


def values_picture(*, outcome: str, history: Sequence[Mapping[str, Any]]) -> Picture | None:
    """Return the values of an outcome by period against its target; times of a clock are not drawn."""
    aims = [aim for aim in (_aim(each["target"]) for each in history) if aim is not None]
    if len(history) < 2 or len(aims) < len(history):
        return None
    shares = all(is_share for _level, is_share in aims)
    names = marks([each["period"] for each in history])
    drawn = [_mark(each, name, shares=shares) for each, name in zip(history, names, strict=True)]
    words = _("target")
    targets = {level: f"{words}\n{each['target_shown']}" for each, (level, _is) in zip(history, aims, strict=True)}
    return Picture(
        outcome,
        _("%(outcome)s by period, against its target of %(target)s")
        % {"outcome": outcome, "target": history[-1]["target_shown"]},
        lambda narrow: values_chart(drawn, targets, shares=shares, absence=_("no value"), narrow=narrow),
        (_("Period"), _("Found"), _("Target"), _("Ruling")),
        tuple(
            (each["period"], each["shown"], each["target_shown"], str(Verdict.Ruling(each["ruling"]).label))
            for each in history
        ),
    )


def burn_picture(*, viewer: Viewer, verdict: Verdict, now: datetime) -> Picture | None:
    """Return how what may go wrong in the period of a verdict is used up, and where that is heading."""
    burn = burn_and_forecast(verdict=verdict, now=now)
    starts, ends = verdict.period.starts_at, verdict.period.ends_at
    if burn is None or burn.used is None or ends is None or not starts < now < ends:
        return None
    seen = min(now, verdict.judged_at)
    points = [*_before(viewer, verdict, burn, seen), (seen, burn.used)]
    drawn = [
        (percent(Ratio((at - starts) // _SECOND, (ends - starts) // _SECOND)), percent(used)) for at, used in points
    ]
    words = {"used": burn.used.percent(0), "forecast": (burn.used / burn.elapsed).percent(0)}
    return Picture(
        f"{verdict.outcome}-{verdict.period.label}-burn",
        _("Now %(used)s of what may go wrong is used; at this pace it is %(forecast)s at the end") % words,
        lambda _narrow: burn_chart(
            drawn,
            now=_("now %(used)s") % words,
            forecast=words["forecast"],
            limit=_("allowed"),
            ends=(_day(starts), _day(ends)),
            meets=burn.will_meet,
        ),
        (_("Day"), _("Used of what may go wrong")),
        (*((_day(at), used.percent(1)) for at, used in points), (_("forecast: %s") % _day(ends), words["forecast"])),
    )


def coverage_picture(*, viewer: Viewer, contract: Contract) -> Picture | None:
    """Return how much of each period evidence covers: that of the outcome of which least is known."""
    least: dict[str, tuple[Ratio, Verdict]] = {}
    for each in verdicts_over_time(viewer=viewer, contract=contract):
        if each.coverage:
            share = Ratio.parse(each.coverage.removesuffix(" %").replace(",", "")) / 100
            if each.period.label not in least or share < least[each.period.label][0]:
                least[each.period.label] = share, each
    found = list(least.items())[-MOST:]
    if len(found) < 2:
        return None
    names = marks([label for label, _least in found])
    drawn = [
        Mark(name, percent(share), each.coverage.removesuffix(" %"), _WHOLE[share >= _FULL], below=True)
        for name, (_label, (share, each)) in zip(names, found, strict=True)
    ]
    return Picture(
        f"{contract.slug}-coverage",
        _("How much of each period the evidence covers, for the outcome of which least is known"),
        lambda narrow: values_chart(drawn, {WHOLE: "100 %"}, shares=True, absence=_("no value"), narrow=narrow),
        (_("Period"), _("Covered by evidence"), _("Outcome")),
        tuple((label, each.coverage, each.outcome) for label, (_share, each) in found),
    )


def percent(share: Ratio) -> float:
    """Return where a share stands on an axis of percents."""
    return round(float(share.fraction * 100), 4)


def signs(target: str) -> str:
    """Return a target with the signs that people write."""
    return target.replace(">=", "≥").replace("<=", "≤")


def _before(viewer: Viewer, verdict: Verdict, burn: Burn, seen: datetime) -> list[tuple[datetime, Ratio]]:
    """Return when in the period how much was used of what may go wrong, as it was found then."""
    told = []
    for each in reversed(earlier_verdicts(viewer=viewer, verdict=verdict)[:MOST]):
        found = burn_and_forecast(verdict=each, now=each.judged_at)
        if found is not None and verdict.period.starts_at < each.judged_at < seen:
            told.append((each.judged_at, found.missed / burn.allowed))
    return told


def _mark(fact: Mapping[str, Any], period: str, *, shares: bool) -> Mark:
    value = None if fact["value"] is None else Ratio.parse(fact["value"])
    at = None if value is None else percent(value) if shares else round(float(value.fraction), 4)
    below = fact["target_shown"].startswith(("≥", ">"))
    return Mark(period, at, fact["shown"].removesuffix(" %"), fact["ruling"], below=below)


def _aim(written: str) -> tuple[float, bool] | None:
    """Return where a target stands and whether it is a share, if it can be drawn."""
    try:
        level = TARGET.read(written).level
    except ValueError:
        return None
    if level.unit is Unit.SHARE:
        return percent(level.value), True
    return round(float(level.value.fraction), 4), False


def _day(moment: datetime) -> str:
    return str(format_skeleton("MMMd", moment, locale=locale()))
