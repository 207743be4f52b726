"""Every operation of the API, as its OpenAPI document has it, with something to ask it for."""

from __future__ import annotations

import json
import re
from dataclasses import dataclass
from datetime import timedelta
from functools import cache
from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client

from makegood.platform import clock
from makegood.platform.tenancy.access.models import Scope
from makegood.platform.tenancy.access.operations import make_key
from makegood.platform.tenancy.parties.models import Organisation
from makegood.platform.tenancy.viewer import Viewer
from makegood.platform.web.api.api import Rate, api
from tests.platform.world import World

_JSON, _PARTS = "application/json", "multipart/form-data"
_NUMBERS = {
    "versions": "version",
    "sources": "source",
    "exclusions": "exclusion",
    "disputes": "dispute",
    "verdicts": "verdict",
    "actions": "action",
    "reports": "report",
    "recommendations": "recommendation",
    "claims": "claim",
    "mails": "mails pk",
    "sites": "sites pk",
    "contacts": "contacts pk",
    "invitations": "invitations pk",
    "people": "people pk",
    "keys": "keys pk",
    "changes": "change",
    "agreed": "agreed",
    "grants": "grant",
    "policies": "policy",
    "assurances": "assurance",
    "rotas": "rota",
    "layers": "layer",
    "overrides": "override",
    "leaves": "leave",
    "paging_policies": "paging",
    "pages": "page",
    "skills": "skill",
    "costs": "cost",
    "expected-values": "value",
    "measurements": "measurement",
    "roadmap": "entry",
    "components": "component",
    "cases": "case",
    "rfcs": "rfc",
    "releases": "release",
    "windows": "window",
    "freezes": "freeze",
    "change-templates": "change template",
    "case-templates": "template",
    "articles": "article",
    "alarms": "alarm",
    "problems": "problem",
    "suggestions": "suggestion",
}
"""Which object of a world stands for a number, by what comes before it in the address."""
_NOTHING = 2**40
"""The number of what a world has none of."""


@dataclass(frozen=True, slots=True)
class Asked:
    """An operation: method, address with its parameters, and the schema of its body."""

    method: str
    route: str
    kind: str = ""
    schema: dict[str, Any] | None = None

    def __str__(self) -> str:
        return f"{self.method} {self.route}"

    @property
    def names_something(self) -> bool:
        """Whether the address names an object of somebody, and not what every customer sees."""
        return "{" in self.route and not any(each in self.route for each in ("/texts/", "/assurances/"))

    def of(self, world: World) -> str:
        """Return the address of the objects of a world."""
        return self.route.format(**self.parameters(world))

    def parameters(self, world: World) -> dict[str, Any]:
        """Return what the parameters of the address are in a world."""
        owner = "organisation" if "/organisations/" in self.route else "slug"
        values = {"identifier": world.values[owner], "name": "empty", "kind": "levels", "label": "2026-02", "run": 1}
        values["stage"] = 1
        values["attachment"] = world.values["attachment"]
        values["key"] = world.values["meeting_key"]
        values |= {"rota": world.values["rota"], "item": 1, "plan": world.values["plan"]}
        values["time"] = world.values["worked"]
        numbered = re.search(r"([\w-]+)/\{number\}", self.route)
        if numbered is not None:
            values["number"] = world.values.get(_NUMBERS[numbered[1]]) or _NOTHING
        return {name: values[name] for name in re.findall(r"\{(\w+)\}", self.route)}

    def answered(self, client: Client, world: World, headers: dict[str, str]) -> Any:
        """Ask for it with a body that has the right form."""
        send = getattr(client, self.method.lower())
        if self.kind == _PARTS:
            return send(self.of(world), {"file": SimpleUploadedFile("x.jsonl", b"{}")}, headers=headers)
        if self.schema is None:
            return send(self.of(world), headers=headers)
        body = json.dumps(_sample(self.schema))
        return send(self.of(world), body, content_type=_JSON, headers=headers)


@cache
def document() -> dict[str, Any]:
    """Return the OpenAPI document."""
    return dict(api.get_openapi_schema(path_prefix="/api/v1/"))


def operations() -> list[Asked]:
    """Return every operation of the API."""
    found = []
    for route, methods in document()["paths"].items():
        for method, said in methods.items():
            content = said.get("requestBody", {}).get("content", {})
            kind = next(iter(content), "")
            found.append(Asked(method.upper(), route, kind, content[kind]["schema"] if kind else None))
    return found


def key_of(by: Viewer, organisation: Organisation, *scopes: Scope) -> dict[str, str]:
    """Return the header of a program that somebody made for an organisation, with some scopes or all."""
    now = clock.now()
    made = make_key(
        organisation=organisation,
        name="robot",
        scopes=scopes or tuple(Scope),
        expires_at=now + timedelta(days=30),
        by=by,
        now=now,
    )
    return {"authorization": f"Bearer {made[1]}"}


def _sample(schema: dict[str, Any]) -> Any:
    """Return something of the form that a schema asks for."""
    if "$ref" in schema:
        return _sample(document()["components"]["schemas"][schema["$ref"].rpartition("/")[2]])
    if "enum" in schema:
        return schema["enum"][0]
    match schema.get("type"):
        case "object":
            wanted = schema.get("required", [])
            return {name: _sample(each) for name, each in schema.get("properties", {}).items() if name in wanted}
        case "string" if schema.get("pattern") == "^[A-Z]{3}$":
            return "EUR"
        case "string" if schema.get("format") == "time":
            return "09:00:00"
        case "string":
            return {"date-time": "2026-03-01T00:00:00Z", "date": "2026-03-01"}.get(schema.get("format", ""), "x")
        case "boolean":
            return True
        case "integer":
            return 1
        case "array":
            return []
        case other:
            raise ValueError(f"nobody said what stands for {other}")


def without_a_rate(patch: pytest.MonkeyPatch) -> None:
    """Let programs ask as often as they like, so that they are answered for what they ask."""
    patch.setattr(Rate, "allow_request", lambda _self, _request: True)
