"""Whatever a page shows or does, a program can have and do; what only a person does is named here, with the reason."""

from __future__ import annotations

import ast
import re
from collections.abc import Iterator
from pathlib import Path

import makegood.platform
from makegood.platform.web.console import urls as console
from makegood.platform.web.partner import urls as partner
from makegood.platform.web.portal import urls as portal
from tests.platform.api_doors import operations

PLATFORM = Path(makegood.platform.__file__).parent

PEOPLE_ONLY = {
    "accept_invitation": "whoever was invited accepts, with a password of their own",
    "enrol_person": "done on the command line by whoever sets an installation up",
    "choose_mails": "a person chooses which mails to get",
    "make_key": "a program makes no other, so that none outlives its own key",
    "sign_version": "a signature is given by a person",
    "state_value": "a person attests it with their name",
}

ON_CALL = "how somebody is reached, and whether they are there, they say themselves"
PEOPLE_ONLY |= dict.fromkeys(
    ("keep_channel", "drop_channel", "say_presence", "make_feed", "end_feed"),
    ON_CALL,
)
PEOPLE_ONLY["acknowledge_by_link"] = "whoever gets the mail opens its link"
HOOKS = "a web hook has a secret that is shown to a person once, like a key"
PEOPLE_ONLY |= dict.fromkeys(
    (
        "make_hook",
        "change_hook",
        "rotate_secret",
        "pause_hook",
        "resume_hook",
        "end_hook",
        "send_test",
        "deliver_again",
        "make_receiver",
        "change_receiver",
        "rotate_receiver",
        "end_receiver",
    ),
    HOOKS,
)
MAILBOXES = "a mailbox has a password or a secret that a person types or sees once"
HELD = "whose a mail of a stranger is a person decides, who reads it"
PEOPLE_ONLY |= dict.fromkeys(("make_mailbox", "change_mailbox", "rotate_mailbox", "end_mailbox"), MAILBOXES)
PEOPLE_ONLY |= dict.fromkeys(("accept_mail", "discard_mail"), HELD)
A = "/api/v1/agreements/{identifier}"
P = "/api/v1/organisations/{identifier}"
M = f"{A}/meetings/{{key}}"
V = f"{A}/versions/{{number}}"
ON = "/api/v1/on-call"
R = f"{ON}/rotas/{{rota}}"
OVERVIEW = tuple(
    f"GET /api/v1/overview/{each}" for each in ("periods", "verdicts", "disputes", "exclusions", "actions")
)
C = "/api/v1/cases/{number}"
CT = "/api/v1/case-templates/{number}"
RFC = "/api/v1/rfcs/{number}"
L = "/api/v1/releases/{number}"
B = "/api/v1/problems/{number}"
PAGES: dict[str, tuple[str, ...]] = {
    "rfcs": ("GET /api/v1/rfcs",),
    "new-rfc": ("POST /api/v1/rfcs", "GET /api/v1/change-templates"),
    "rfc": (f"GET {RFC}", f"GET {RFC}/record"),
    "edit-rfc": (f"PUT {RFC}",),
    "rfc-file": (f"GET {RFC}/record",),
    "act-on-rfc": (
        *(f"POST {RFC}/{each}" for each in ("request", "withdrawal", "resubmission", "return", "authorisation")),
        *(f"POST {RFC}/{each}" for each in ("rejection", "votes", "votes/end", "decision", "tests", "release")),
        *(f"POST {RFC}/{each}" for each in ("review", "archive", "caused")),
        *(f"PUT {RFC}/{each}" for each in ("priority", "manager", "plan")),
    ),
    "change-calendar": ("GET /api/v1/rfcs", "GET /api/v1/releases", "GET /api/v1/freezes", f"GET {P}/windows"),
    "releases": ("GET /api/v1/releases",),
    "new-release": ("POST /api/v1/releases",),
    "release": (f"GET {L}",),
    "act-on-release": (
        *(f"POST {L}/{each}" for each in ("downtime", "check", "approval", "carried-out", "cancellation")),
        f"PUT {L}/readiness",
    ),
    "problems": ("GET /api/v1/problems",),
    "new-problem": ("POST /api/v1/problems",),
    "problem": (f"GET {B}", f"GET {B}/rates"),
    "act-on-problem": (
        *(f"POST {B}/{each}" for each in ("cases", "referral", "resolution", "reopening", "closing")),
        *(f"PUT {B}/{each}" for each in ("root-cause", "workaround", "owner")),
    ),
    "suggestions": ("GET /api/v1/suggestions",),
    "decide-suggestion": (
        "POST /api/v1/suggestions/{number}/problem",
        "POST /api/v1/suggestions/{number}/dismissal",
    ),
    "change-rules": ("GET /api/v1/freezes", "GET /api/v1/change-templates", "GET /api/v1/change-managers"),
    "act-on-change-rules": (
        "POST /api/v1/freezes",
        "DELETE /api/v1/freezes/{number}",
        "POST /api/v1/change-templates",
        "DELETE /api/v1/change-templates/{number}",
        "PUT /api/v1/change-managers",
    ),
    "change-rules-of": (f"GET {P}/change-rules", f"GET {P}/windows"),
    "act-on-change-rules-of": (
        f"PUT {P}/change-rules",
        f"POST {P}/windows",
        f"DELETE {P}/windows/{{number}}",
    ),
    "home": OVERVIEW,
    "search": ("GET /api/v1/search",),
    "agreements": ("GET /api/v1/agreements",),
    "agreement": (f"GET {A}", f"GET {A}/verdicts", f"GET {A}/versions"),
    "new_agreement": (
        "GET /api/v1/texts/templates",
        "GET /api/v1/texts/templates/{name}",
        "POST /api/v1/texts/templates/{name}/begin",
        "POST /api/v1/agreements",
    ),
    "agreement_findings": ("POST /api/v1/texts/check",),
    "terms": (f"GET {A}/versions", f"GET {V}/gates", f"GET {A}/sources"),
    "amend_agreement": (f"GET {A}/next-text", f"POST {A}/versions"),
    "activate_agreement": (f"POST {A}/activate",),
    "end_agreement": (f"POST {A}/end",),
    "declare_source": (f"POST {A}/sources",),
    "drop_source": (f"DELETE {A}/sources/{{number}}",),
    "edit_version": (f"PUT {V}",),
    "offer_version": (f"POST {V}/offer",),
    "withdraw_version": (f"POST {V}/withdraw",),
    "agreement_version": (f"GET {V}", f"GET {V}/terms"),
    "difference": (f"GET {V}/difference",),
    "document": (f"GET {V}/documents", f"GET {V}/documents/{{kind}}"),
    "document_pdf": (f"GET {V}/documents/{{kind}}/pdf",),
    "periods": (f"GET {A}/periods", f"GET {A}/verdicts"),
    "period": (f"GET {A}/periods/{{label}}", f"GET {A}/verdicts", f"GET {A}/disputes"),
    "verdict": (f"GET {A}/verdicts/{{number}}",),
    "judge": (f"POST {A}/judge",),
    "evidence": (f"GET {A}/evidence", f"GET {A}/coverage"),
    "upload": (f"POST {A}/evidence", f"POST {A}/evidence/file"),
    "causes": (f"GET {A}/evidence", f"POST {A}/attributions"),
    "exclusions": (f"GET {A}/exclusions", f"POST {A}/exclusions"),
    "exclusion": (f"POST {A}/exclusions/{{number}}/decision",),
    "disputes": (f"GET {A}/disputes", f"POST {A}/disputes"),
    "dispute": (f"GET {A}/disputes/{{number}}",),
    "remark": (f"POST {A}/disputes/{{number}}/remarks",),
    "dispute-decision": (f"POST {A}/disputes/{{number}}/decision",),
    "statements": (f"GET {A}/statements", f"GET {A}/balances", f"GET {A}/entries", f"GET {A}/actions/lacking"),
    "statement": (f"GET {A}/statements/{{run}}",),
    "value-shares": (f"GET {A}/value-shares",),
    "bundle": (f"GET {A}/bundle",),
    "actions": (f"GET {A}/actions", f"GET {A}/actions/lacking"),
    "close": (f"POST {A}/close",),
    "new-action": (f"POST {A}/actions",),
    "action-done": (f"POST {A}/actions/{{number}}/done",),
    "claims": ("GET /api/v1/claims",),
    "make-claim": ("POST /api/v1/claims/{number}/make",),
    "answer-claim": ("POST /api/v1/claims/{number}/answer",),
    "claim-credit": (f"POST {A}/verdicts/{{number}}/claim",),
    "impact": (f"GET {A}/impacts", f"POST {A}/verdicts/{{number}}/impact"),
    "confirm-impact": (f"POST {A}/verdicts/{{number}}/impact/confirm",),
    "exclude-unmet": (f"GET {A}/duties", f"POST {A}/exclusions"),
    "governance": (f"GET {A}/unresolved", f"GET {A}/quiet-outcomes", f"GET {A}/meetings", f"GET {A}/agreed"),
    "duties": (f"GET {A}/duties",),
    "mark-duty": (f"POST {A}/duties",),
    "call-meeting": (f"POST {A}/meetings",),
    "meeting": (f"GET {M}",),
    "move-meeting": (f"PUT {M}",),
    "minutes": (f"POST {M}/minutes",),
    "agree-action": (f"POST {M}/actions",),
    "complete-action": (f"POST {A}/agreed/{{number}}/done",),
    "changes": (f"GET {A}/changes",),
    "propose-change": (f"POST {A}/changes",),
    "change": (f"POST {A}/changes/{{number}}/decision",),
    "put-change": (f"PUT {A}/changes/{{number}}/version",),
    "start": (f"GET {A}/stages", f"GET {A}/baselines"),
    "stage": (f"PUT {A}/stages/{{stage}}",),
    "assess": (f"POST {A}/baselines",),
    "access": (f"GET {A}/grants",),
    "new-access": (f"POST {A}/grants",),
    "end-access": (f"DELETE {A}/grants/{{number}}",),
    "relationship": (
        f"GET {P}/relationship",
        f"GET {P}/costs",
        f"GET {P}/expected-values",
        f"GET {P}/measurements",
    ),
    "new-cost": (f"POST {P}/costs",),
    "end-cost": (f"DELETE {P}/costs/{{number}}",),
    "new-expected-value": (f"POST {P}/expected-values",),
    "end-expected-value": (f"DELETE {P}/expected-values/{{number}}",),
    "new-measurement": (f"POST {P}/measurements",),
    "compare-measurement": (f"PUT {P}/measurements/{{number}}",),
    "roadmap": (f"GET {P}/roadmap", f"GET {P}/components", f"GET {P}/support-plans"),
    "new-entry": (f"POST {P}/roadmap",),
    "entry": (f"PUT {P}/roadmap/{{number}}",),
    "new-component": (f"POST {P}/components",),
    "end-component": (f"DELETE {P}/components/{{number}}",),
    "trust": ("GET /api/v1/assurances",),
    "assurance": ("GET /api/v1/assurances", "GET /api/v1/policies"),
    "new-assurance": ("POST /api/v1/assurances",),
    "end-assurance": ("DELETE /api/v1/assurances/{number}",),
    "new-policy": ("POST /api/v1/policies",),
    "end-policy": ("DELETE /api/v1/policies/{number}",),
    "meetings-ics": (f"GET {A}/meetings",),
    "meeting-ics": (f"GET {M}",),
    "burn-chart": (f"GET {A}/verdicts/{{number}}",),
    "values-chart": (f"GET {A}/verdicts",),
    "coverage-chart": (f"GET {A}/coverage",),
    "money-chart": (f"GET {A}/statements",),
    "credits-chart": ("GET /api/v1/overview/periods",),
    "report-money-chart": (f"GET {A}/reports/{{number}}",),
    "report-values-chart": (f"GET {A}/reports/{{number}}",),
    "export-of": (f"GET {P}/people",),
    "export-all": ("GET /api/v1/agreements", "GET /api/v1/organisations", "GET /api/v1/claims", "GET /api/v1/mails"),
    "reports": (f"GET {A}/reports", f"GET {A}/recommendations"),
    "report": (f"GET {A}/reports/{{number}}",),
    "report-pdf": (f"GET {A}/reports/{{number}}/pdf",),
    "new-report": (f"POST {A}/reports",),
    "recommend": (f"POST {A}/recommendations",),
    "recommendation": (f"POST {A}/recommendations/{{number}}/decision",),
    "export": (f"GET {A}/periods", f"GET {A}/verdicts", f"GET {A}/statements", f"GET {A}/evidence", f"GET {A}/actions"),
    "organisations": ("GET /api/v1/organisations",),
    "own": ("GET /api/v1/organisations",),
    "organisation": (f"GET {P}", f"GET {P}/sites", f"GET {P}/contacts"),
    "new_organisation": ("POST /api/v1/organisations",),
    "change_organisation": (f"PUT {P}",),
    "new_site": (f"POST {P}/sites",),
    "change_site": (f"PUT {P}/sites/{{number}}",),
    "remove_site": (f"DELETE {P}/sites/{{number}}",),
    "new_contact": (f"POST {P}/contacts",),
    "change_contact": (f"PUT {P}/contacts/{{number}}",),
    "remove_contact": (f"DELETE {P}/contacts/{{number}}",),
    "people": (f"GET {P}/people", f"GET {P}/roles", f"GET {P}/invitations"),
    "invite": (f"POST {P}/invitations",),
    "resend": (f"POST {P}/invitations/{{number}}/resend",),
    "withdraw": (f"DELETE {P}/invitations/{{number}}",),
    "end_role": (f"DELETE {P}/people/{{number}}",),
    "limit": (f"PUT {P}/people/{{number}}/limit",),
    "keys": (f"GET {P}/keys",),
    "end_key": (f"DELETE {P}/keys/{{number}}",),
    "brand": (f"GET {P}/brand", f"PUT {P}/brand"),
    "mails": ("GET /api/v1/mails",),
    "resend_mail": ("POST /api/v1/mails/{number}/resend",),
    "on-call": (f"GET {ON}/now",),
    "rotas": (f"GET {ON}/rotas",),
    "new-rota": (f"POST {ON}/rotas",),
    "rota": (f"GET {R}/timeline", f"GET {R}/layers", f"GET {R}/overrides"),
    "change-rota": (f"PUT {ON}/rotas/{{number}}",),
    "end-rota": (f"DELETE {ON}/rotas/{{number}}",),
    "new-layer": (f"POST {R}/layers",),
    "layer": (f"POST {R}/layers",),
    "end-layer": (f"DELETE {R}/layers/{{number}}",),
    "new-override": (f"POST {R}/overrides",),
    "withdraw-override": (f"DELETE {R}/overrides/{{number}}",),
    "set-pay": (f"POST {R}/rates",),
    "assign-rota": (f"PUT {R}/agreements/{{identifier}}",),
    "release-rota": (f"DELETE {R}/agreements/{{identifier}}",),
    "leave": (f"GET {ON}/leaves", f"POST {ON}/leaves"),
    "withdraw-leave": (f"DELETE {ON}/leaves/{{number}}",),
    "paging-policies": (f"GET {ON}/paging_policies", f"POST {ON}/paging_policies"),
    "paging-policy": (f"PUT {ON}/paging_policies/{{number}}",),
    "end-paging-policy": (f"DELETE {ON}/paging_policies/{{number}}",),
    "pages": (f"GET {ON}/pages",),
    "new-page": (f"POST {ON}/pages",),
    "page": (f"GET {ON}/pages/{{number}}",),
    "acknowledge-page": (f"POST {ON}/pages/{{number}}/acknowledge",),
    "resolve-page": (f"POST {ON}/pages/{{number}}/resolve",),
    "skills": (f"GET {ON}/skills",),
    "new-skill": (f"POST {ON}/skills",),
    "drop-skill": (f"DELETE {ON}/skills/{{number}}",),
    "on-call-hours": (f"GET {ON}/hours",),
    "on-call-hours-file": (f"GET {ON}/hours",),
    "trail": ("GET /api/v1/trail",),
    "trail_csv": ("GET /api/v1/trail",),
    "desk": ("GET /api/v1/queue", "GET /api/v1/cases", "GET /api/v1/desk/sizes"),
    "export-cases": ("GET /api/v1/queue",),
    "dispatch": ("GET /api/v1/desk/loads", "GET /api/v1/queue", f"POST {C}/transfer"),
    "desk-reports": ("GET /api/v1/desk/figures", "GET /api/v1/opinions"),
    "export-desk-reports": ("GET /api/v1/desk/figures",),
    "case-templates": ("GET /api/v1/case-templates",),
    "new-case-template": ("POST /api/v1/case-templates",),
    "case-template": (f"GET {CT}", f"PUT {CT}"),
    "open-case-template": (f"POST {CT}/cases",),
    "end-case-template": (f"DELETE {CT}",),
    "alarms": ("GET /api/v1/alarms", "POST /api/v1/alarms"),
    "end-alarm": ("DELETE /api/v1/alarms/{number}",),
    "case-work": tuple(f"GET {C}/{each}" for each in ("checklist", "communication", "times", "suggestions")),
    "tick": (f"POST {C}/checklist/{{item}}/tick",),
    "plan-communication": (f"PUT {C}/communication",),
    "announce": (f"POST {C}/communication/{{plan}}/announcements",),
    "take-back-time": (f"POST {C}/times/{{time}}/take-back",),
    "knowledge": ("GET /api/v1/articles",),
    "suggested": ("GET /api/v1/articles", f"GET {C}/suggestions"),
    "article": ("GET /api/v1/articles/{number}",),
    "new-article": ("POST /api/v1/articles",),
    "edit-article": ("PUT /api/v1/articles/{number}",),
    "end-article": ("DELETE /api/v1/articles/{number}",),
    "case-opinion": (f"POST {C}/opinion",),
    "requests": ("GET /api/v1/cases",),
    "cases": ("GET /api/v1/queue",),
    "new-case": ("POST /api/v1/cases",),
    "case": (f"GET {C}", f"GET {C}/messages", f"GET {C}/steps", f"GET {C}/clocks"),
    "case-file": (f"GET {C}/files/{{attachment}}",),
    "case-message": (f"POST {C}/messages",),
    "case-tell": (f"POST {C}/messages",),
    "instructions": (f"GET {P}/instructions", f"PUT {P}/instructions"),
    "case-respond": (f"POST {C}/respond",),
    "case-move": (f"POST {C}/move",),
    "case-resolve": (f"POST {C}/resolve",),
    "case-close": (f"POST {C}/close",),
    "case-step": (f"POST {C}/steps",),
    "case-transfer": (f"POST {C}/transfer",),
    "case-refer": (f"POST {C}/refer",),
    "case-prioritise": (f"POST {C}/priority",),
    "case-kind": (f"PUT {C}/kind",),
    "case-relate": (f"POST {C}/relation",),
    "case-major": (f"POST {C}/major",),
    "case-cause": (f"POST {C}/cause",),
    "case-confirm": (f"POST {C}/confirm",),
    "case-reject": (f"POST {C}/reject",),
    "case-permission": (f"GET {C}/permissions", f"POST {C}/permissions"),
    "case-permit": (f"POST {C}/permissions/decision",),
    "case-forbid": (f"POST {C}/permissions/decision",),
    "case-hand-back": (f"POST {C}/hand-back",),
    "case-time": (f"GET {C}/times", f"POST {C}/times"),
    "case-withdraw": (f"POST {C}/withdraw",),
    "case-reopen": (f"POST {C}/reopen",),
}
"""By the name of a page, what of the API shows or does the same."""
PAGES_OF_PEOPLE = {
    "sign_version": PEOPLE_ONLY["sign_version"],
    "values": PEOPLE_ONLY["state_value"],
    "make_key": PEOPLE_ONLY["make_key"],
    "my_mails": PEOPLE_ONLY["choose_mails"],
    **dict.fromkeys(("my-on-call", "say-presence", "new-channel", "drop-channel", "new-feed", "end-feed"), ON_CALL),
    **dict.fromkeys(("hooks", "hook", "make_hook", "change_hook", "rotate_hook", "act_on_hook"), HOOKS),
    **dict.fromkeys(("deliver_again", "receivers", "receiver", "make_receiver", "change_receiver"), HOOKS),
    **dict.fromkeys(("rotate_receiver", "end_receiver", "export-deliveries", "export-receptions"), HOOKS),
    **dict.fromkeys(("mailboxes", "mailbox", "make-mailbox", "change-mailbox", "rotate-mailbox"), MAILBOXES),
    **dict.fromkeys(("fetch-mailbox", "end-mailbox"), MAILBOXES),
    **dict.fromkeys(("held-mails", "held-mail", "accept-mail", "discard-mail"), HELD),
}


def names_of_pages() -> set[str]:
    """Return the names of the addresses of all sites."""
    return {each.name for site in (console, portal, partner) for each in site.urlpatterns}


def decorated() -> Iterator[str]:
    """Yield the names by which operations are called: a private one goes by that of the function that calls it."""
    for path in sorted(PLATFORM.rglob("*.py")):
        if "operations" in path.stem or "operations" in path.parts:
            functions = [each for each in ast.parse(path.read_text()).body if isinstance(each, ast.FunctionDef)]
            for each in functions:
                if any("operation(" in f"{ast.unparse(mark)}" for mark in each.decorator_list):
                    yield from _public(each.name, functions)


def _public(name: str, functions: list[ast.FunctionDef]) -> Iterator[str]:
    if not name.startswith("_"):
        yield name
        return
    for each in functions:
        if not each.name.startswith("_") and f"{name}(" in ast.unparse(each):
            yield each.name


def called_by_the_api() -> set[str]:
    """Return the names that the API calls, itself or by what it shares with pages."""
    files = [*(PLATFORM / "web" / "api").glob("*.py"), PLATFORM / "web" / "parts" / "activating.py"]
    return {name for file in files for name in re.findall(r"(\w+)\(", file.read_text())}


class TestTheApi:
    def test_does_every_operation_that_is_not_for_people_alone(self) -> None:
        assert sorted(set(decorated()) - called_by_the_api() - set(PEOPLE_ONLY)) == []

    def test_does_none_that_is_for_people_alone(self) -> None:
        assert sorted(set(PEOPLE_ONLY) & called_by_the_api()) == []
        assert sorted(set(PEOPLE_ONLY) - set(decorated())) == []

    def test_shows_what_every_page_shows(self) -> None:
        assert sorted(names_of_pages() ^ (set(PAGES) | set(PAGES_OF_PEOPLE))) == []

    def test_has_nothing_that_no_page_has(self) -> None:
        there = {str(each) for each in operations()}
        named = {each for found in PAGES.values() for each in found}
        assert sorted(named - there) == []
        assert sorted(there - named) == []


class TestTheDocument:
    def test_means_one_thing_by_each_name(self) -> None:
        names: dict[str, set[str]] = {}
        for file in sorted((PLATFORM / "web" / "api").glob("*.py")):
            for each in ast.walk(ast.parse(file.read_text())):
                if isinstance(each, ast.ClassDef):
                    names.setdefault(each.name, set()).add(file.name)
        assert {name: sorted(files) for name, files in names.items() if len(files) > 1} == {}
