"""What cannot be done with a contract, in a sentence for whoever asked."""

from __future__ import annotations

from collections.abc import Sequence

from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from makegood.engine.vocabulary.finding import Finding, Severity
from makegood.platform.tenancy.trail.operations import Unable


class UnableToContract(Unable):
    """Something about a contract cannot be done now; nothing was stored."""

    def __init__(self, sentence: str, *, organisation: int | None = None) -> None:
        super().__init__(sentence)
        self.organisation = organisation


class TextHasErrors(UnableToContract):
    """The text cannot be used as it is; ``findings`` are all that there is to say about it."""

    def __init__(self, findings: Sequence[Finding]) -> None:
        errors = [each for each in findings if each.severity is Severity.ERROR]
        first = errors[0] if errors else None
        where = _("line %(line)s") % {"line": first.place.line} if first is not None and first.place else _("the text")
        told = ngettext(
            "There is an error in the text: %(where)s: %(what)s",
            "%(number)s errors are in the text; the first one: %(where)s: %(what)s",
            len(errors),
        )
        told %= {"number": len(errors), "where": where, "what": first.text if first is not None else ""}
        super().__init__(told)
        self.findings = tuple(findings)


class GatesClosed(UnableToContract):
    """The contract cannot be activated yet; ``missing`` says what is to be done first."""

    def __init__(self, missing: Sequence[str], *, organisation: int) -> None:
        super().__init__(" ".join(missing), organisation=organisation)
        self.missing = tuple(missing)
