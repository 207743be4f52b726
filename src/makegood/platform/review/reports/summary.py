"""What a period was like, in plain sentences that are written from its figures."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from decimal import Decimal
from typing import Any

from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from makegood.platform.amounts import shown

Form = Mapping[str, Any]


def sentences(form: Form) -> list[str]:
    """Return the summary of a report's figures, in the language that is active."""
    return [
        *_promises(form["outcomes"]),
        *_money(form),
        *_before(form["trend"]),
        *_evidence(form["outcomes"]),
        *_work(form),
    ]


def _promises(outcomes: Sequence[Form]) -> Iterator[str]:
    every = len(outcomes)
    kept = sum(each["ruling"] == "MET" for each in outcomes)
    missed = [each for each in outcomes if each["ruling"] == "MISSED"]
    unknown = [each for each in outcomes if each["ruling"] == "UNDECIDED"]
    if not every:
        yield _("No promise was judged in this period.")
        return
    if kept == every:
        yield ngettext("The one promise was kept.", "All %(every)d promises were kept.", every) % {"every": every}
    elif every > 1:
        yield _("Of %(every)d promises %(kept)d were kept.") % {"every": every, "kept": kept}
    for each in missed:
        yield _("Missed: %(promise)s It came to %(value)s; agreed was %(target)s.") % _words(each)
    for each in unknown:
        yield _("Undecided for want of evidence: %(promise)s") % _words(each)


def _money(form: Form) -> Iterator[str]:
    if form["credit"] < 0:
        yield _("%(credit)s more were earned back or taken back than were credited.") % {
            "credit": shown(-form["credit"], form["currency"])
        }
    elif form["credit"]:
        yield _("%(credit)s are credited, of a fee of %(fee)s.") % {
            "credit": form["shown"]["credit"],
            "fee": form["shown"]["fee"],
        }
    elif form["at_risk"]:
        yield _("Nothing is credited; %(at_risk)s were at risk.") % {"at_risk": form["shown"]["at_risk"]}
    if form["adjustments"]:
        yield ngettext(
            "%(number)d line adjusts an earlier period.",
            "%(number)d lines adjust earlier periods.",
            form["adjustments"],
        ) % {"number": form["adjustments"]}


def _before(trend: Sequence[Form]) -> Iterator[str]:
    if len(trend) < 2:
        return
    before, now = trend[-2], trend[-1]
    if now["missed"] < before["missed"]:
        yield _("That is better than in %(period)s, when %(missed)d were missed.") % before
    elif now["missed"] > before["missed"]:
        yield _("That is worse than in %(period)s, when %(missed)d were missed.") % before
    else:
        yield _("As many were missed in %(period)s.") % before


def _evidence(outcomes: Sequence[Form]) -> Iterator[str]:
    covered = [each for each in outcomes if each["coverage"]]
    if covered:
        least = min(covered, key=lambda each: Decimal(each["coverage"].rstrip(" %").replace(",", "")))
        yield _("Evidence covers at least %(coverage)s of the time or cases of each promise.") % {
            "coverage": least["coverage"]
        }


def _work(form: Form) -> Iterator[str]:
    pending = sum(not each["done"] for each in form["actions"])
    if pending:
        yield ngettext(
            "%(number)d corrective action is under way.", "%(number)d corrective actions are under way.", pending
        ) % {"number": pending}
    if form["disputes"]:
        yield ngettext(
            "%(number)d verdict was disputed.", "%(number)d verdicts were disputed.", len(form["disputes"])
        ) % {"number": len(form["disputes"])}


def _words(outcome: Form) -> dict[str, str]:
    promise = outcome["promise"] or outcome["outcome"]
    return {
        "promise": promise if promise.endswith(".") else f"{promise}.",
        "value": outcome["value"],
        "target": outcome["target"],
    }
