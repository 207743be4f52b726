"""Making reports, and what is recommended in them."""

from __future__ import annotations

import hashlib
import logging
from datetime import date, datetime

from django.db import transaction
from django.utils import translation
from django.utils.translation import gettext as _
from typst import TypstError

from makegood.platform.agreement.contracts.models import Contract
from makegood.platform.agreement.contracts.queries import contracts
from makegood.platform.judging.periods.models import Period
from makegood.platform.judging.periods.queries import periods
from makegood.platform.review.reports.contents import contents
from makegood.platform.review.reports.models import Recommendation, Report
from makegood.platform.review.reports.pdf import pdf
from makegood.platform.tenancy.access.queries import people_with
from makegood.platform.tenancy.branding.queries import brand_towards, home_of, house_brand
from makegood.platform.tenancy.messages.operations import write
from makegood.platform.tenancy.parties.queries import house
from makegood.platform.tenancy.trail.operations import Unable, operation, record
from makegood.platform.tenancy.viewer import Role, Site, Viewer

_log = logging.getLogger(__name__)
_READERS = (Role.SPONSOR, Role.MANAGER)


MOST_CHARACTERS = 200


class UnableToReport(Unable):
    """No report was made."""


@operation("make report", about="period")
def make_report(*, period: Period, by: Viewer, now: datetime, language: str = "en") -> Report:
    """Make the report of a period, keep it as it is, and send it to the sponsors and managers of the customer.

    What was reported before stays; a later report of the same period has the next number.
    """
    seen = contracts(viewer=by).filter(pk=period.contract_id).exists()
    if not seen or by.site is not Site.CONSOLE or not by.has(Role.OWNER, Role.SERVICE_MANAGER):
        raise UnableToReport("reports are made by owners and service managers of the provider")
    contract = period.contract
    last = Report.objects.select_for_update().filter(period=period).order_by("-number").first()
    with translation.override(language):
        form = contents(period=period, viewer=by, now=now)
        paper = pdf(form=form, brand=house_brand(), at=now)
        made = Report.objects.create(
            period=period,
            number=last.number + 1 if last is not None else 1,
            form=form,
            pdf=paper,
            sha256=hashlib.sha256(paper).hexdigest(),
            made_at=now,
        )
        _send(made, contract, now)
    record(
        by=by,
        did="make report",
        about=str(contract),
        now=now,
        organisation=contract.customer_id,
        period=period.label,
        report=made.pk,
    )
    return made


@operation("recommend", about="contract")
def recommend(
    *, contract: Contract, text: str, cost: str, due_date: date | None, by: Viewer, now: datetime
) -> Recommendation:
    """Recommend something to a customer; it stands in every report from now on."""
    if by.site is not Site.CONSOLE or not by.has(Role.OWNER, Role.SERVICE_MANAGER, Role.ENGINEER):
        raise UnableToReport("recommendations come from the provider")
    if not text.strip():
        raise UnableToReport("say what you recommend")
    if len(cost) > MOST_CHARACTERS:
        raise UnableToReport(f"say what it costs in {MOST_CHARACTERS} characters at most")
    made = Recommendation.objects.create(
        contract=contract, text=text.strip(), cost=cost.strip(), due_date=due_date, written_at=now
    )
    record(by=by, did="recommend", about=str(contract), now=now, organisation=contract.customer_id, number=made.pk)
    return made


@operation("decide recommendation", about="recommendation")
def decide(*, recommendation: Recommendation, decision: str, by: Viewer, now: datetime) -> Recommendation:
    """Keep what the customer decided about a recommendation."""
    contract = recommendation.contract
    if by.site is not Site.PORTAL or not by.has(*_READERS, organisation=contract.customer_id):
        raise UnableToReport("the customer decides about a recommendation")
    if recommendation.decision:
        raise UnableToReport("this was decided before")
    if not 0 < len(decision.strip()) <= MOST_CHARACTERS:
        raise UnableToReport(f"write what you decided, in {MOST_CHARACTERS} characters at most")
    recommendation.decision = decision.strip()
    recommendation.save(update_fields=["decision"])
    record(
        by=by,
        did="decide recommendation",
        about=str(contract),
        now=now,
        organisation=contract.customer_id,
        number=recommendation.pk,
        decision=recommendation.decision,
    )
    return recommendation


def make_reports_due(*, now: datetime) -> int:
    """Make the first report of every period that was closed and has none, and return how many were made."""
    by = Viewer("the schedule", house().pk, roles={house().pk: frozenset({Role.OWNER})}, site=Site.CONSOLE)
    reported = Report.objects.values("period")
    due = periods(viewer=by).filter(state="CLOSED", ends_at__isnull=False).exclude(pk__in=reported)
    made = 0
    for period in due:
        try:
            make_report(period=period, by=by, now=now)
        except (Unable, TypstError):
            _log.exception("no report of period %s could be made", period.pk)
        else:
            made += 1
    return made


@transaction.atomic
def _send(report: Report, contract: Contract, now: datetime) -> None:
    if contract.provider_id != house().pk:
        return
    brand = brand_towards(organisation=contract.customer)
    address = f"{home_of(brand=brand)}/portal/agreements/{contract.slug}/reports/{report.pk}/"
    text = "\n".join(report.form["summary"]) + f"\n\n{address}\n"
    for person in people_with(organisation=contract.customer, roles=_READERS):
        write(
            kind="report",
            to=person.email,
            subject=_("%(title)s: report of %(period)s") % {"title": contract.title, "period": report.form["period"]},
            text=text,
            now=now,
            brand=brand,
            attachment=bytes(report.pdf),
            attachment_name=f"{contract.slug}-{report.form['period']}.pdf",
        )
