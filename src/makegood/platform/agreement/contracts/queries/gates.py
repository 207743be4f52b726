"""What has to be so before a version comes into force."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from django.utils.translation import gettext as _

from makegood.engine.agreement.measures.kept import Kept
from makegood.engine.agreement.terms import Agreement
from makegood.engine.vocabulary.finding import Severity
from makegood.engine.vocabulary.times import zone
from makegood.platform.agreement.contracts.models import Source, Version, VersionState
from makegood.platform.agreement.contracts.queries.staffed import first_hole, hours_promised, staffings
from makegood.platform.agreement.contracts.queries.terms import readable
from makegood.platform.tenancy.parties.models import ContactRole, Organisation
from makegood.platform.tenancy.parties.queries import contacts
from makegood.platform.tenancy.viewer import Viewer


@dataclass(frozen=True, slots=True)
class Gate:
    """Something that has to be so before a version comes into force, and what to do as long as it is not."""

    name: str
    text: str
    todo: str
    open: bool
    organisation: str = ""


def gates_of(*, version: Version, viewer: Viewer) -> tuple[Gate, ...]:
    """Return the gates of a version: a sound text, sponsors and signatures of both sides, evidence for each stake.

    Where the house promises quick answers, somebody is on call in the hours of the promise.
    """
    contract = version.contract
    sides = sorted((contract.provider, contract.customer), key=lambda each: not each.is_house)
    return (
        *_gates_of_text(version),
        *_gates_of_sides(version, sides, viewer),
        *_gates_of_stakes(version),
        *_gates_of_people(version),
    )


def streams(agreement: Agreement) -> dict[str, tuple[str, ...]]:
    """Return what has to be reported so that money can be decided on, by name, with the outcomes that need it."""
    found: dict[str, list[str]] = {}
    for name, outcome in agreement.outcomes.items():
        if outcome.stake is not None and not isinstance(outcome.measure, Kept):
            found.setdefault(outcome.measure.what, []).append(name)
    return {what: tuple(names) for what, names in found.items()}


def _gates_of_text(version: Version) -> Iterator[Gate]:
    errors = [each for each in readable(version.text).findings if each.severity is Severity.ERROR]
    yield Gate("sound", _("The text has no errors"), _("Mend the errors in the text."), not errors)
    offered = version.state != VersionState.DRAFT
    yield Gate("offered", _("It is offered"), _("Offer the version to the other side."), offered)


def _gates_of_sides(version: Version, sides: list[Organisation], viewer: Viewer) -> Iterator[Gate]:
    for side in sides:
        sponsored = contacts(viewer=viewer, organisation=side).filter(role=ContactRole.SPONSOR).exists()
        text = _("%s has an executive sponsor") % side.name
        todo = _("Add an executive sponsor to the contacts of %s.") % side.name
        yield Gate(f"sponsor-{side.slug}", text, todo, sponsored, side.slug)
    signed = {each.organisation_id for each in version.signatures.all()}
    for side in sides:
        text, todo = _("%s has signed") % side.name, _("Have %s sign.") % side.name
        yield Gate(f"signed-{side.slug}", text, todo, side.pk in signed)


def _gates_of_stakes(version: Version) -> Iterator[Gate]:
    terms = readable(version.text).agreement
    if terms is None:
        return
    declared = set(Source.objects.filter(contract=version.contract).values_list("reports", flat=True))
    for what, outcomes in streams(terms).items():
        text = _("It is known where evidence of “%(what)s” comes from (%(outcomes)s)")
        todo = _("Say which source reports “%s”.") % what
        yield Gate(f"source-{what}", text % {"what": what, "outcomes": ", ".join(outcomes)}, todo, what in declared)


def _gates_of_people(version: Version) -> Iterator[Gate]:
    """Yield whether people stand behind promises that need them; those of affiliates are for the affiliates to keep."""
    terms = readable(version.text).agreement
    if terms is None or not version.contract.provider.is_house:
        return
    promised = hours_promised(terms)
    if not promised:
        return
    outcomes = ", ".join(promised)
    text = _("Somebody is on call for what is promised within minutes (%s)") % outcomes
    if not staffings(contract=version.contract):
        yield Gate("staffed", text, _("Assign a rota that is on call for %s.") % outcomes, open=False)
        return
    hole = first_hole(contract=version.contract, promised=promised)
    if hole is None:
        yield Gate("staffed", text, "", open=True)
        return
    here = zone(terms.term.timezone)
    starts, ends = (each.astimezone(here).strftime("%Y-%m-%d %H:%M") for each in (hole.start, hole.end))
    todo = _("Nobody is on call from %(starts)s to %(ends)s (%(zone)s); add people to a rota, or assign another one.")
    yield Gate("staffed", text, todo % {"starts": starts, "ends": ends, "zone": terms.term.timezone}, open=False)
