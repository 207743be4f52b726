"""The documents of a version, by what they are."""

from __future__ import annotations

from typing import Final

from django.utils import translation
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from makegood.platform.agreement.contracts.documents.addendum import addendum
from makegood.platform.agreement.contracts.documents.content import Paper
from makegood.platform.agreement.contracts.documents.levels import service_level_agreement
from makegood.platform.agreement.contracts.documents.master import master_agreement
from makegood.platform.agreement.contracts.documents.work import statement_of_work
from makegood.platform.agreement.contracts.models import Version
from makegood.platform.agreement.contracts.queries import readable, version_before

_ALWAYS: Final = {"master": master_agreement, "work": statement_of_work, "levels": service_level_agreement}
_TITLES: Final[dict[str, str | Promise]] = {
    "work": _("Statement of work"),
    "levels": _("Service level agreement"),
    "addendum": _("Addendum"),
}


def documents_of(version: Version) -> list[tuple[str, str]]:
    """Return the kinds of document that there are of a version, with their titles; of a text with errors none."""
    if readable(version.text).agreement is None:
        return []
    master = _("Affiliate agreement") if version.contract.customer.is_house else _("Master agreement")
    found = [("master", str(master)), *((kind, str(title)) for kind, title in _TITLES.items())]
    return found if version.number > 1 else found[:-1]


def paper(version: Version, kind: str) -> Paper | None:
    """Return a document of a version, if there is such a one."""
    terms = readable(version.text).agreement
    if terms is None:
        return None
    with translation.override("en"):  # as the terms in words are
        if kind in _ALWAYS:
            return _ALWAYS[kind](version, terms)
        before = version_before(version) if kind == "addendum" else None
        was = readable(before.text).agreement if before is not None else None
        return addendum(version, terms, before, was) if before is not None and was is not None else None
